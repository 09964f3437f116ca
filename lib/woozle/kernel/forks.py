"""Kernels forked from one process that has imported all they need, in an environment that is the same everywhere."""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

from woozle.errors import WoozleError
from woozle.kernel.forkserver import READY
from woozle.pictures import LATER

# What a kernel must not inherit: it would change what a notebook shows, or run code that is not the notebook's.
_DROPPED = ("PYTHONSTARTUP", "PYTHONWARNINGS", "PYTHONOPTIMIZE", "PYTHONINSPECT", "NO_COLOR", "FORCE_COLOR", "COLUMNS")
_FIXED = {
    "TZ": "UTC",
    "PYTHONTZPATH": "",  # zones of the package tzdata, also before a cell imports woozle
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
PREFIX = "woozle-"  # of scratch folders, with the number of their process
CAN_FORK = sys.platform == "linux"  # on macOS a forked process may not use the system's frameworks


def kernel_environment(around: Mapping[str, str], ipython_dir: str) -> dict[str, str]:
    """Return the environment of a kernel: that of its user, without what would change a report.

    Examples
    --------
    >>> found = kernel_environment({"TZ": "Asia/Seoul", "HOME": "home", "PYTHONSTARTUP": "x.py"}, "scratch")
    >>> found["TZ"], found["HOME"], "PYTHONSTARTUP" in found
    ('UTC', 'home', False)
    """
    kept = {name: value for name, value in around.items() if name not in _DROPPED and not name.startswith("LC_")}
    return kept | _FIXED | {"IPYTHONDIR": ipython_dir, LATER: "1"}


def remove_left_overs() -> None:
    """Remove the scratch folders of processes that were killed."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        pid = path.name.removeprefix(PREFIX).partition("-")[0]
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            shutil.rmtree(path, ignore_errors=True)
        except (ValueError, OSError):
            continue


class ForkServer:
    """The process that kernels are forked from; it starts importing as soon as this is made."""

    def __init__(self):
        remove_left_overs()
        self._folder = tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-")
        self.folder = self._folder.name
        self.environment = kernel_environment(os.environ, self.folder)
        self._control, theirs = socket.socketpair()
        self._lock, self._ready = threading.Lock(), False
        command = [sys.executable, "-m", "woozle.kernel.forkserver", str(theirs.fileno())]
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
            if not self._ready:
                raise WoozleError("woozle could not be imported to run a notebook. The error is printed above.")
            ours, theirs = socket.socketpair()
            message = json.dumps({"cmd": command, "cwd": folder, "from": os.getcwd()}).encode()
            try:
                socket.send_fds(self._control, [message], [theirs.fileno()])
            finally:
                theirs.close()
        return ForkedKernel(ours)

    def close(self) -> None:
        """End the process, and with it all its kernels."""
        self._control.close()
        if not self._ready:  # no kernel was asked for: its imports need not end first
            self._process.kill()
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
        answer = b""
        while not answer.endswith(b"\n"):
            part = line.recv(16)
            if not part:
                raise RuntimeError("the process that kernels are forked from has ended")
            answer += part
        self.pid = int(answer)

    def poll(self) -> int | None:
        """Return None while the kernel runs, and 0 once it has ended: its end closes the line."""
        if self.returncode is None and select.select([self._line], [], [], 0)[0]:
            self.returncode = 0
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait at most `timeout` seconds for its end, then close the line, which ends a kernel that still runs."""
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
    """Return the one server of this process. Call this early: the server imports in the background."""
    server = ForkServer()
    atexit.register(server.close)
    return server
