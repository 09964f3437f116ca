"""Read the rumour threads of SemEval-2017 task 8 as `posts.json` and `structures.json`.

Derczynski and others (SemEval 2017). `posts.json` maps ids of posts to `time` (seconds since 1970) and `text`;
`structures.json` maps threads to nested trees of ids. Authors are not known.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from woozle.formats.items import FormatError
from woozle.formats.threads import COLUMNS, Faults, Threads, as_threads


def read_semeval(folder: str | Path) -> Threads:
    """Return the threads in a folder.

    Three kinds of posts are left out and noted with their line: ids in a tree without a text, posts without a usable
    time, and posts in no tree. A post that answers one of them keeps its id in `answers`.

    Raises
    ------
    FormatError
        One of the two files is missing, or is no JSON object.
    """
    folder = Path(folder)
    if not (folder / "posts.json").exists() and (folder / "traindev").is_dir():
        folder = folder / "traindev"  # the folder of the whole set was named
    faults = Faults(folder)
    texts = {name: _read(folder / name) for name in ("posts.json", "structures.json")}
    posts, trees = (_parse(folder / name, text) for name, text in texts.items())
    lines = {name: _Lines(text) for name, text in texts.items()}
    good = {}
    for post, facts in posts.items():
        time, text = (facts.get(key) if isinstance(facts, dict) else None for key in ("time", "text"))
        if isinstance(time, int | float) and not isinstance(time, bool) and isinstance(text, str) and 0 < time < 1e11:
            good[post] = (pd.Timestamp(time, unit="s", tz="UTC"), text)
        else:
            faults.note(folder / "posts.json", lines["posts.json"].of(post), f"post {post} has no usable time and text")
    rows, met = [], set()
    for thread, tree in trees.items():
        if not isinstance(tree, dict):
            line = lines["structures.json"].of(thread)
            faults.note(folder / "structures.json", line, f"thread {thread} is not a tree of posts")
        for post, parent in _walk(tree):
            met.add(post)
            if post in good:
                time, text = good[post]
                rows.append(dict(zip(COLUMNS, (thread, post, time, "", text, parent), strict=True)))
            else:
                line = lines["structures.json"].of(post)
                faults.note(folder / "structures.json", line, f"post {post} of {thread} has no usable time and text")
    for post in good.keys() - met:
        faults.note(folder / "posts.json", lines["posts.json"].of(post), f"post {post} belongs to no thread")
    return as_threads(rows, faults)


def _walk(tree: object) -> Iterator[tuple[str, str]]:
    """Yield each post of a tree with the one that it answers."""
    left = [(tree, "")]
    while left:
        branch, parent = left.pop()
        for post, below in branch.items() if isinstance(branch, dict) else ():
            yield post, parent
            left.append((below, post))


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(f"{file} can't be read: {error}") from error


def _parse(file: Path, text: str) -> dict:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{file} is not JSON: {error}") from error
    if not isinstance(record, dict):
        raise FormatError(f"{file} is not a JSON object.")
    return record


class _Lines:
    """Finds the line of an id in a file."""

    def __init__(self, text: str):
        self._text = text

    def of(self, key: str) -> int:
        place = self._text.find(f'"{key}"')
        return self._text.count("\n", 0, place) + 1 if place >= 0 else 0
