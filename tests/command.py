"""The command `woozle` within the process of the tests, so that a test of what it says waits for no import."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from subprocess import CompletedProcess

import pytest


def woozle(*words: object, cwd: Path | str = ".", answer: str = "") -> CompletedProcess[str]:
    """Run the command in a folder that knows no other home; return what it says as `subprocess.run` does."""
    from woozle.commands.main import main

    streams = [io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2)]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(cwd)
        patch.setenv("WOOZLE_HOME", "")
        patch.setattr(sys, "argv", ["woozle", *map(str, words)])
        patch.setattr(sys, "stdin", io.StringIO(answer))
        patch.setattr(sys, "stdout", streams[0])
        patch.setattr(sys, "stderr", streams[1])
        try:
            main()
        except SystemExit as ending:
            code = ending.code
        else:
            code = 0
    said, errors = (stream.buffer.getvalue().decode("utf-8") for stream in streams)
    return CompletedProcess(words, int(code or 0), said, errors)
