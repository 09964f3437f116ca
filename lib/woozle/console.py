"""Where the commands print: results to standard output, all else to standard error."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)


def short(path: Path) -> Path:
    """Return a path relative to the current folder if it lies below it, else the whole path."""
    path, here = Path(path).absolute(), Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) and here != Path(here.anchor) else path
