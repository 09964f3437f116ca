"""Kernels for notebooks that must give the same bytes everywhere, forked from one process where that can be done."""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from woozle.pictures import LATER
from woozle.report.forkserver import READY

# What a kernel must not inherit: it would change what a notebook shows, or run code that is not the notebook's.
_DROPPED = ("PYTHONSTARTUP", "PYTHONWARNINGS", "PYTHONOPTIMIZE", "PYTHONINSPECT", "NO_COLOR", "FORCE_COLOR", "COLUMNS")
_FIXED = {
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "LANG": "C.UTF-8",
    "PYTHONHASHSEED": "0",
    "PYTHONNOUSERSITE": "1",
    "PYTHONIOENCODING": "utf-8",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    # One thread: sums come out the same, and a process with threads can't be forked.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
}
CAN_FORK = sys.platform == "linux"  # on macOS a forked process may not use the system's frameworks
_CHEAP = ["--HistoryManager.enabled=False", "--log-level=CRITICAL"]


def kernel_environment(around: Mapping[str, str], ipython_dir: str) -> dict[str, str]:
    """Return the environment of a kernel: that of its user, without what would change a report.

    Examples
    --------
    >>> found = kernel_environment({"TZ": "Asia/Seoul", "HOME": "/home/x", "PYTHONSTARTUP": "x.py"}, "/tmp/x")
    >>> found["TZ"], found["HOME"], "PYTHONSTARTUP" in found
    ('UTC', '/home/x', False)
    """
    kept = {name: value for name, value in around.items() if name not in _DROPPED and not name.startswith("LC_")}
    return kept | _FIXED | {"IPYTHONDIR": ipython_dir, LATER: "1"}


class ForkServer:
    """The process that kernels are forked from; it starts importing as soon as this is made."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="woozle-ipython-")
        self.environment = kernel_environment(os.environ, self._folder.name)
        self._control, theirs = socket.socketpair()
        self._lock, self._ready = threading.Lock(), False
        command = [sys.executable, "-m", "woozle.report.forkserver", str(theirs.fileno())]
        self._process = subprocess.Popen(
            command,
            env=self.environment,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches it through us alone
        )
        theirs.close()

    def fork(self, command: list[str], folder: str) -> ForkedKernel:
        """Start a kernel in a folder; `command` holds the arguments of ipykernel."""
        with self._lock:
            if not self._ready:
                self._ready = self._control.recv(len(READY)) == READY
            ours, theirs = socket.socketpair()
            message = json.dumps({"cmd": command, "cwd": folder}).encode()
            try:
                socket.send_fds(self._control, [message], [theirs.fileno()])
            finally:
                theirs.close()
        return ForkedKernel(ours)

    def close(self) -> None:
        """End the process, and with it all its kernels."""
        self._control.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()


class ForkedKernel:
    """A forked kernel, with as much of `subprocess.Popen` as a provisioner asks for."""

    stdin = stdout = stderr = None

    def __init__(self, line: socket.socket):
        self._line, self.returncode = line, None
        told = b""
        while not told.endswith(b"\n"):
            part = line.recv(16)
            if not part:
                raise RuntimeError("the process that kernels are forked from has ended")
            told += part
        self.pid = int(told)

    def poll(self) -> int | None:
        """Return None while it runs; its end closes the line to it."""
        if self.returncode is None and select.select([self._line], [], [], 0)[0]:
            self.returncode = 0
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end."""
        select.select([self._line], [], [], timeout)
        self._line.close()
        self.returncode = 0
        return 0

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


@functools.cache
def shared_server() -> ForkServer:
    """Return the one server of this process; call it early, for it imports while others do."""
    server = ForkServer()
    atexit.register(server.close)
    return server


@functools.cache
def _own_ipython_dir() -> str:
    folder = tempfile.TemporaryDirectory(prefix="woozle-ipython-")
    atexit.register(folder.cleanup)
    return folder.name


class _Provisioner(LocalProvisioner):
    """Forks a kernel where that can be done, and starts a plain one elsewhere."""

    async def launch_kernel(self, cmd: list[str], **kwargs: object) -> dict:
        folder = str(kwargs.get("cwd") or Path.cwd())
        arguments = [*cmd[cmd.index("-f") :], *_CHEAP]
        if CAN_FORK:
            self.process = shared_server().fork(arguments, folder)
        else:
            environment = kernel_environment(os.environ, _own_ipython_dir())
            environment["JPY_PARENT_PID"] = str(os.getpid())
            command = [sys.executable, "-m", "ipykernel_launcher", *arguments]
            self.process = subprocess.Popen(
                command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, start_new_session=True
            )
        self.pid = self.pgid = self.process.pid
        self.cwd = folder
        return self.connection_info


class _OwnKernel(KernelSpecManager):
    """Knows one kernel, that of this Python, whatever kernels the user has installed under its name."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="Python 3 (ipykernel)", language="python")


class Manager(AsyncKernelManager):
    """Manages kernels of this Python that are forked, or started, in a fixed environment."""

    def __init__(self, **traits: object):
        traits["kernel_name"] = NATIVE_KERNEL_NAME
        super().__init__(**traits, kernel_spec_manager=_OwnKernel())
        self.transport = "tcp"
        self.shutdown_wait_time = 1.0
        self.provisioner = _Provisioner(parent=self, kernel_id=self.kernel_id, kernel_spec=self.kernel_spec)
