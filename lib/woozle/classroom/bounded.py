"""Read what students send in a process of its own, under limits of time and memory."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SECONDS, MEMORY = 120, 1_500_000_000  # of the reading of one student's work, and of the list of all


def bounded(job: Mapping[str, Any], scratch: Path) -> Any:
    """Do a job in a process of its own; return what it found, or in words why it found nothing."""
    (scratch / "job.json").write_text(json.dumps(job), "utf-8")
    command = [sys.executable, "-m", "woozle.classroom.submissions", str(scratch)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, cwd=scratch, env=_environment())
    except subprocess.TimeoutExpired:
        return f"it took more than {SECONDS} seconds"
    try:
        return json.loads((scratch / "found.json").read_text("utf-8"))
    except (OSError, ValueError):
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        return (
            f"it took more than {MEMORY // 1_000_000:,} MB of memory, or more time than it may" if not last else last[0]
        )


def _environment() -> dict[str, str]:
    """Return the variables of the process: the package is found there as it is here."""
    import woozle

    own = str(Path(woozle.__file__).parents[1])
    return os.environ | {"PYTHONPATH": os.pathsep.join([own, *filter(None, [os.environ.get("PYTHONPATH", "")])])}


def natural(name: str) -> list[tuple[int, str]]:
    """Return a key that sorts names as people do: ada_2.zip before ada_10.zip."""
    parts = re.split(r"([0-9]+)", re.sub(r"\.zip$", "", name, flags=re.I))
    return [(int(part[:18]), "") if part[:1].isascii() and part.isdigit() else (0, part.casefold()) for part in parts]
