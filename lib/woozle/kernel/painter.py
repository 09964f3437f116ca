"""A process that draws the pictures of charts: drawing keeps Python's lock, and would hold up the cells that run.

It reads specifications from its standard input, one a line, and answers each with a line. It ends when the process
that asks ends.
"""

from __future__ import annotations

import atexit
import base64
import contextlib
import functools
import json
import subprocess
import sys
import threading
from typing import IO

from woozle.errors import NotebookError
from woozle.pictures import PNG_SCALE, keep, png_to_webp, svg_to_png, to_svg


class Painter:
    """The process; it starts importing as soon as this is made."""

    def __init__(self):
        self._lock = threading.Lock()
        self._process = self._start()

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "woozle.kernel.painter"],  # -P: no module of the folder that we are in
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C reaches it through us alone
        )

    def draw(self, spec: dict, scale: float = PNG_SCALE) -> bytes:
        """Return the picture of a Vega-Lite specification as PNG; what else is drawn from it is kept for the page.

        `scale` is how many pixels of the picture each pixel of the chart gets.

        Raises
        ------
        ValueError
            The chart can't be drawn.
        NotebookError
            The process has ended.
        """
        question = json.dumps({"spec": spec, "scale": scale})
        with self._lock:
            answer = self._ask(question) or self._ask(question)  # if the process was killed, ask a new one
        if answer is None:
            raise NotebookError("The process that draws the charts has ended. Is there enough memory?")
        if "error" in answer:
            raise ValueError(answer["error"])
        png, webp = (base64.b64decode(answer[name]) for name in ("png", "webp"))
        if scale == PNG_SCALE:
            keep(spec, answer["svg"], png, webp)
        return png

    def _ask(self, question: str) -> dict[str, str] | None:
        if self._process.poll() is not None:
            self._process = self._start()
        try:
            asking, answering = self._pipes()
            asking.write(f"{question}\n")
            asking.flush()
            line = answering.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            self.close()
            return None
        return json.loads(line)

    def _pipes(self) -> tuple[IO[str], IO[str]]:
        assert self._process.stdin is not None  # it is started with both
        assert self._process.stdout is not None
        return self._process.stdin, self._process.stdout

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for pipe in self._pipes():
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


@functools.cache
def shared_painter() -> Painter:
    """Return the one painter of this process. Call this early: the painter imports in the background."""
    painter = Painter()
    atexit.register(painter.close)
    return painter


def serve(asked: IO[str], answers: IO[str]) -> None:
    """Answer each line of `asked`, `spec` and `scale`, with a line: `svg`, `png` and `webp`, or `error`."""
    to_svg({"mark": "point", "data": {"values": []}})  # the first takes longest
    for line in asked:
        try:
            given = json.loads(line)
            svg = to_svg(given["spec"])
            png = svg_to_png(svg, scale=given["scale"])
            pictures = {"png": png, "webp": png_to_webp(png)}
            answer = {"svg": svg} | {name: base64.b64encode(data).decode() for name, data in pictures.items()}
        except ValueError as error:
            answer = {"error": str(error)}
        answers.write(f"{json.dumps(answer)}\n")
        answers.flush()


if __name__ == "__main__":
    serve(sys.stdin, sys.stdout)
