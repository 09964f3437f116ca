"""What runs in the sandbox: a student's notebook, cell by cell, and what each answer came to.

It is started as a script, with the job as a file. As soon as a cell has run, it prints one line of JSON for each of
its answers, so that a later crash can't destroy them. At the end it prints what each name holds; that counts if no cell
gave an answer. The student's cells run in the same process and can print such lines too. So nothing that comes out is
trusted, and a forged line is an answer like any other.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import selectors
import signal
import site
import sys
import time
from itertools import islice
from typing import Any

MOST_TEXT = 4000  # letters of a cell's output that are handed out
MOST_ENTRIES, LONG = 500, 1000  # of a list or a table; letters of a text in an answer


class TooLong(BaseException):
    """A cell has had its time; no exception that a student's code is likely to catch."""


class Printed:
    """A stream that keeps the beginning of what is printed."""

    encoding, errors, closed = "utf-8", "replace", False

    def __init__(self):
        self.text = ""

    def __setattr__(self, name: str, value: object) -> None:
        if name != "write":  # IPython would keep all that is printed, however much
            super().__setattr__(name, value)

    def write(self, text: object) -> int:
        text = str(text)
        if len(self.text) < MOST_TEXT:
            self.text += text[: MOST_TEXT - len(self.text)]
        return len(text)

    def flush(self) -> None:
        """Nothing waits."""

    def isatty(self) -> bool:
        return False


def main(path: str) -> None:
    """Run the job in a file: `cells`, `answers` (names by number of the cell), `names`, `cell_seconds`, limits."""
    with open(path, encoding="utf-8") as file:
        job = json.load(file)
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if job["bounded"]:
        limits = {"NPROC": job["processes"], "AS": job["memory"] * 4, "FSIZE": job["disk"], "NOFILE": 512}
        for name, most in limits.items():
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))

    def tell(**facts: object) -> None:
        out.write(json.dumps(facts) + "\n")
        out.flush()

    run(job, tell)


def run(job: dict, tell) -> None:
    """Run the cells in order; errors do not stop it."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    site.sethelper()  # it is started without what gives `help`
    sys.argv, sys.path[0] = ["notebook"], ""  # a notebook imports what lies beside it
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    shell = InteractiveShell.instance(config=config)
    shell.loop_runner = _await  # pyright: ignore
    shell.set_custom_exc((TooLong,), lambda *_, **__: None)  # no traceback: it would only show this script's timer
    shell.display_formatter.active_types = ["text/plain"]  # pyright: ignore
    signal.signal(signal.SIGALRM, _stop)
    tell(started=True)
    for number, source in enumerate(job["cells"]):
        names, printed = job["answers"].get(str(number), ()), Printed()
        error = _execute(shell, source, printed, job["cell_seconds"])
        for name in names:
            tell(item=name, value=_value(shell, name), text=printed.text, error=error)
        if error and not names:
            tell(failed=number + 1, error=error)
    for name in job["names"]:
        tell(item=name, value=_value(shell, name), at_the_end=True)
    tell(done=True)
    os._exit(0)  # threads that a student left running are not waited for


class _Sleeping(selectors.BaseSelector):
    """Waits by sleeping: there are no sockets here to wait for."""

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        raise OSError("There are no sockets here.")

    unregister = register  # pyright: ignore

    def select(self, timeout: float | None = None) -> list:
        time.sleep(min(timeout if timeout is not None else 0.02, 0.02))
        return []

    def get_map(self) -> dict:
        return {}


class _Loop(asyncio.SelectorEventLoop):
    """An event loop without a pipe to itself, which the sandbox would refuse: it looks again all the time."""

    def _make_self_pipe(self) -> None:
        """Nothing wakes it."""

    def _close_self_pipe(self) -> None:
        """There is none."""

    def _write_to_self(self) -> None:
        """It wakes by itself."""


def _await(coroutine: Any) -> Any:
    """Run a cell with `await` at its top."""
    loop = _Loop(_Sleeping())
    asyncio.set_event_loop(loop)
    try:
        return loop.run_until_complete(coroutine)
    finally:
        asyncio.set_event_loop(None)
        loop.close()


_running = False  # whether a student's code has the floor: only then it is stopped


def _stop(*_: object) -> None:
    if _running:
        raise TooLong


def _let_run(seconds: float) -> None:
    """Give a student's code some seconds; who catches what stops it is stopped again each second."""
    global _running
    _running = seconds > 0
    signal.setitimer(signal.ITIMER_REAL, seconds, 1 if seconds else 0)


def _execute(shell, source: str, printed: Printed, seconds: float) -> str:
    """Run a cell and return its error in words; empty if there was none."""
    before = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = printed
    try:
        _let_run(seconds)
        done = shell.run_cell(source)
        error = done.error_before_exec or done.error_in_exec
        if isinstance(error, TooLong):
            return f"it ran for more than {seconds:g} seconds"
        return f"{type(error).__name__}: {error}"[:500] if error else ""
    except TooLong:
        return f"it ran for more than {seconds:g} seconds"
    except BaseException as error:  # whatever a cell does, the next one runs
        return type(error).__name__
    finally:
        _let_run(0)
        sys.stdout, sys.stderr = before


def _value(shell, name: str) -> object:
    """Return what a name holds as plain values; None where it holds nothing that can be told."""
    try:
        _let_run(10)
        value = shell.user_ns.get(name)
        return None if value is ... else json.loads(json.dumps(_plain(value)))
    except BaseException:  # an answer's own methods may do anything
        return None
    finally:
        _let_run(0)


def _plain(value: Any, depth: int = 0) -> Any:
    """Return texts, numbers, lists and dicts of them; of anything else its type."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return value if len(value) <= LONG else {"type": "long text"}
    if hasattr(value, "to_dict") and not hasattr(value, "columns"):
        value = value.to_list() if depth == 0 and _is_counted(value) else value.to_dict()
    if hasattr(value, "item") and getattr(value, "ndim", 1) == 0:
        return value.item()
    if isinstance(value, dict) and depth == 0:
        return {str(key): _plain(entry, 1) for key, entry in islice(value.items(), MOST_ENTRIES)}
    if depth == 0 and hasattr(value, "__iter__") and not hasattr(value, "columns"):
        entries = [_plain(entry, 1) for entry in islice(value, MOST_ENTRIES)]
        return sorted(entries, key=str) if isinstance(value, set | frozenset) else entries
    return str(value)[:LONG] if hasattr(value, "isoformat") else {"type": type(value).__name__}


def _is_counted(series: object) -> bool:
    """Tell whether a Series is a list, with no labels but numbers."""
    return type(getattr(series, "index", None)).__name__ == "RangeIndex"


if __name__ == "__main__":
    main(sys.argv[1])
