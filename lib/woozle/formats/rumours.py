"""The rumour data sets PHEME and SemEval-2017 task 8, whose readers stand in `pheme` and `semeval`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from woozle.formats.items import Format, Head, Item, Link, Source
from woozle.formats.pheme import read_pheme
from woozle.formats.semeval import read_semeval
from woozle.formats.threads import Threads
from woozle.rows import records


def _is_pheme(head: Head) -> bool:
    return head.path.is_dir() and any(
        path.is_dir() for name in ("source-tweets", "source-tweet") for path in head.path.rglob(name)
    )


def _is_semeval(head: Head) -> bool:
    places = (head.path, head.path / "traindev")
    return any((place / name).is_file() for place in places for name in ("structures.json",))


def _reader(read: Callable[[str | Path], Threads]) -> Callable[[Source], Iterator[Item]]:
    def items(source: Source) -> Iterator[Item]:
        threads = read(source.path)
        for problem in records(threads.problems):
            source.note(int(problem["line"]), str(problem["problem"]), str(problem["file"]))
        for row, post in enumerate(records(threads.posts), start=1):
            author, answered = str(post["author"]), str(post["answers"])
            yield Item(
                row=row,
                key=str(post["post"]),
                outlet=f"@{author}" if author else "",
                outlet_kind="social",
                published=f"{post['time']:%Y-%m-%dT%H:%M:%SZ}",
                kind="social_post",
                text=str(post["text"]),
                links=(Link(answered, "replies", "in the thread"),) if answered else (),
            )

    return items


PHEME = Format(
    "pheme",
    "PHEME (a folder)",
    "conversations: author, time, text, what each post answers",
    "annotations of rumours, counts",
    _is_pheme,
    _reader(read_pheme),
    is_posts=True,
)
SEMEVAL = Format(
    "semeval",
    "SemEval-2017 task 8 (a folder)",
    "conversations: time, text, what each post answers",
    "authors, which the set does not hold; labels",
    _is_semeval,
    _reader(read_semeval),
    is_posts=True,
)
