"""Kernels of this Python for papermill: forked where that can be done, started elsewhere."""

from __future__ import annotations

import atexit
import functools
import os
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from woozle.kernel.forks import CAN_FORK, PREFIX, kernel_environment, remove_left_overs, shared_server
from woozle.locate import CALLED_FROM

_LONGEST = 95  # letters: a socket may have 104 on macOS, 108 on Linux, and gets an ending
_CHEAP = ["--HistoryManager.enabled=False", "--log-level=CRITICAL"]


def _scratch() -> str:
    """Return the private folder in which this process keeps the files of its kernels."""
    return shared_server().folder if CAN_FORK else _own_folder()


@functools.cache
def _own_folder() -> str:
    remove_left_overs()
    folder = tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-")
    atexit.register(folder.cleanup)
    return folder.name


class _Provisioner(LocalProvisioner):
    """Forks a kernel where that can be done, and starts a plain one elsewhere."""

    async def launch_kernel(self, cmd: list[str], **kwargs: object) -> KernelConnectionInfo:
        folder = str(kwargs.get("cwd") or Path.cwd())
        arguments = [*cmd[cmd.index("-f") :], *_CHEAP]
        if CAN_FORK:
            self.process = shared_server().fork(arguments, folder)
        else:
            environment = kernel_environment(os.environ, _own_folder())
            environment |= {"JPY_PARENT_PID": str(os.getpid()), CALLED_FROM: os.getcwd()}
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
        self.shutdown_wait_time = 1.0
        self.connection_file = str(Path(_scratch()) / f"{uuid.uuid4().hex[:8]}.json")
        # Use sockets in a private folder, as two runs at once could pick the same port. If their path is too long for
        # a socket, use ports all the same.
        self.transport = "ipc" if len(self.connection_file) < _LONGEST else "tcp"
        self.provisioner = _Provisioner(parent=self, kernel_id=self.kernel_id, kernel_spec=self.kernel_spec)
