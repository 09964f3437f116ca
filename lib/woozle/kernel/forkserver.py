"""A process that has imported all that notebooks need, and forks a kernel for each: run by `woozle.kernel.forks`.

It stays single-threaded and does nothing but import, wait and fork. So each kernel starts from the same state, and
nothing that one report does can reach another.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import sys
import threading

READY = b"ready\n"
_IMPORTS = (
    "ipykernel.ipkernel", "ipykernel.kernelapp", "IPython.core.completer", "pandas", "numpy", "networkx", "scipy.stats",
    "altair", "krippendorff", "PIL.Image", "yaml",
    "woozle.model.opening", "woozle.model.cascade", "woozle.chart.layout",
    "woozle.chart.alignment", "woozle.measure", "woozle.infer", "woozle.chart", "woozle.notebook.words",
    "woozle.notebook.tables", "woozle.notebook.figures", "woozle.notebook.study",
)  # fmt: skip


def serve(control: socket.socket) -> None:
    """Fork a kernel for each request (its command and folder, in JSON, with a socket) until the asker is gone."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # kernels that have ended leave nothing behind
    control.sendall(READY)
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 65536, 1)
        if not message:
            return
        request = json.loads(message)
        line = socket.socket(fileno=descriptors[0])
        pid = os.fork()
        if pid == 0:
            control.close()
            os.environ["WOOZLE_CALLED_FROM"] = request["from"]  # see woozle.locate.CALLED_FROM
            _become_kernel(request["cmd"], request["cwd"], line)
        line.sendall(f"{pid}\n".encode())
        line.close()


def _become_kernel(cmd: list[str], cwd: str, line: socket.socket) -> None:
    """Run a kernel in this process, which has just been forked, and end with it."""
    status = 1
    try:
        os.setsid()
        for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        os.chdir(cwd)
        os.environ["JPY_PARENT_PID"] = str(os.getppid())
        threading.Thread(target=_end_with, args=[line], daemon=True).start()
        from ipykernel.kernelapp import IPKernelApp

        IPKernelApp.launch_instance(cmd)
        status = 0
    except SystemExit as ending:
        status = ending.code if isinstance(ending.code, int) else 1
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def _end_with(line: socket.socket) -> None:
    """End the kernel when the process that asked for it has ended, for whatever reason."""
    with contextlib.suppress(OSError):
        line.recv(1)
    os._exit(1)


def _import_all() -> None:
    from woozle.declared import import_jsonschema

    import_jsonschema()
    for name in _IMPORTS:
        importlib.import_module(name)
    import altair as alt
    import pandas as pd

    from woozle.infer.attribution import languages, read_language

    for code in languages():
        read_language(code)
    # The first chart reads the schema of Vega-Lite; the first table sets up how tables are written.
    alt.Chart(pd.DataFrame({"a": [1.0]})).mark_point().encode(x="a:Q", tooltip=[alt.Tooltip("a:Q")]).to_dict()
    pd.DataFrame({"a": ["b"]}).to_html()
    # What is imported now stays, so no kernel needs to search it for garbage.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)


def main() -> None:
    """Import, then serve on the socket whose number is the argument."""
    with contextlib.suppress(BrokenPipeError, ConnectionResetError, KeyboardInterrupt):
        control = socket.socket(fileno=int(sys.argv[1]))
        _import_all()
        serve(control)


if __name__ == "__main__":
    main()
