"""Show the reports in a browser on this machine, and build them again when a case or its notebook changes.

To see a change of woozle itself, start the command again: a process keeps the code with which it began.
"""

from __future__ import annotations

import functools
import http.server
import os
import threading
import time
import urllib.parse
from collections.abc import Sequence
from pathlib import Path

from rich.markup import escape

from woozle.console import err, out
from woozle.errors import WoozleError
from woozle.locate import shared_notebooks, study_folder
from woozle.report.batch import build_all
from woozle.report.front import write_front_if_changed
from woozle.report.run import EVIDENCE, Request
from woozle.report.store import HIDDEN

_SECONDS = 1.0  # between checks for changes


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder of reports, never the versions behind them, and asks browsers to look for newer ones."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def send_head(self):
        """Serve files of the reports, only by the address of this machine; no hidden folder, no list of files."""
        parts = urllib.parse.unquote(self.path).split("?")[0].split("/")
        host = (self.headers.get("Host") or "").rpartition(":")[0]
        if any(part.startswith(".") for part in parts) or host not in ("127.0.0.1", "localhost"):
            self.send_error(404)
            return None
        if not Path(self.translate_path(self.path)).resolve().is_relative_to(Path(self.directory).resolve()):
            self.send_error(404)
            return None
        return super().send_head()

    def list_directory(self, path):
        """Show no list of files."""
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        """Print nothing about requests."""


class Server(http.server.ThreadingHTTPServer):
    """Goes on when a browser leaves in the middle of a page."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Print nothing about a request that failed."""


def serve(subjects: Sequence[Path], port: int, watch: bool) -> None:
    """Build, show and, with `watch`, build again on change, until interrupted."""
    if not subjects:
        raise WoozleError("No case has a notebook yet, so there is nothing to show.")
    reports = Request(subjects[0]).reports
    _build(subjects)
    try:
        server = Server(("127.0.0.1", port), functools.partial(Handler, directory=str(reports)))
    except OSError as error:
        raise WoozleError(f"Port {port} can't be opened: {error.strerror}. Name another: --port 8001.") from error
    with server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        out.print(f"http://127.0.0.1:{server.server_address[1]}/ shows {escape(str(reports))}; stop with Ctrl-C")
        try:
            _watch(subjects, watch)
        except KeyboardInterrupt:
            out.print()
        finally:
            server.shutdown()


def _watch(subjects: Sequence[Path], watch: bool) -> None:
    before = _stamps(subjects)
    while True:
        time.sleep(_SECONDS)
        now = _stamps(subjects) if watch else before
        if now != before:
            before = now
            out.print("something changed; building")
            _build(subjects)


def _stamps(subjects: Sequence[Path]) -> dict[str, int]:
    """Return when each file of the cases and their studies, and the shared evidence, last changed (ns since 1970)."""
    places = {*(case for subject in subjects for case in Request(subject).cases), *map(study_folder, subjects)}
    stamps = {}
    for place in places:
        for root, folders, names in os.walk(place):
            folders[:] = [name for name in folders if not name.startswith((".", HIDDEN))]
            for name in names:
                if not name.startswith("."):
                    path = Path(root) / name
                    try:
                        stamps[str(path)] = path.stat().st_mtime_ns
                    except OSError:
                        continue
    return stamps | {str(path): path.stat().st_mtime_ns for path in shared_notebooks(EVIDENCE)}


def _build(subjects: Sequence[Path]) -> None:
    requests = [Request(subject) for subject in subjects]
    for outcome in build_all(requests):
        if outcome.error:
            err.print(f"[red]woozle:[/red] {escape(outcome.request.subject.name)}: {escape(str(outcome.error))}")
        elif outcome.built:
            out.print(f"built {escape(outcome.request.subject.name)}")
    if requests[0].reports.is_dir():
        write_front_if_changed(requests[0].reports)
