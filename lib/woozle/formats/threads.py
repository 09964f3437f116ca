"""Conversations as tables: what the readers of rumour data sets return."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

COLUMNS = ("thread", "post", "time", "author", "text", "answers")


@dataclass
class Threads:
    """Conversations, and what was wrong with their files.

    Attributes
    ----------
    posts : DataFrame
        One row a post, by thread and time: `thread`, `post` (their ids), `time` (UTC), `author` (user name; empty where
        not known), `text`, `answers` (id of the post that it answers; empty where it begins the thread).
    problems : DataFrame
        What was wrong, one row for each fault: `file`, `line`, `problem`.
    """

    posts: pd.DataFrame
    problems: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["file", "line", "problem"]))

    def __iter__(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """Yield the id of each thread with its posts, which are indexed by post."""
        for thread, posts in self.posts.groupby("thread", sort=False):
            yield str(thread), posts.set_index("post")


class Faults:
    """The faults that a reader meets; it notes them and goes on."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._rows: list[tuple[str, int, str]] = []

    def note(self, file: Path, line: int, problem: str) -> None:
        """Note one fault."""
        self._rows.append((file.relative_to(self.folder).as_posix(), line, problem))

    def frame(self) -> pd.DataFrame:
        """Return all faults, by file and line."""
        return pd.DataFrame(sorted(set(self._rows)), columns=["file", "line", "problem"])


def as_threads(rows: list[dict], faults: Faults) -> Threads:
    """Return posts in order of threads and times, each post of a thread once."""
    posts = pd.DataFrame(rows, columns=list(COLUMNS))
    posts["time"] = pd.to_datetime(posts["time"], utc=True)
    for row in rows:
        if row["answers"] == row["post"] and "file" in row:
            faults.note(row["file"], 1, f"post {row['post']} says that it answers itself")
    for number in posts.index[posts.duplicated(["thread", "post"])]:
        row = rows[number]
        if "file" in row:
            faults.note(row["file"], 1, f"post {row['post']} is in another file of the thread already")
    order = posts.sort_values(["thread", "time", "post"], kind="stable")
    return Threads(order.drop_duplicates(["thread", "post"]).reset_index(drop=True), faults.frame())
