"""All foreign formats that can be read, and which of them a file is in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from woozle.errors import did_you_mean, listed
from woozle.formats import (
    archives,
    bibliography,
    bluesky,
    claimreview,
    coortweet,
    fourcat,
    graphs,
    hoaxy,
    mastodon,
    mediacloud,
    pages,
    reddit,
    rumours,
    spreadsheet,
    telegram,
    timeline,
    x,
)
from woozle.formats.heads import head_of
from woozle.formats.items import Format, FormatError

# In the order in which they are tried: formats with fields of their own before those that fit any table.
FORMATS: tuple[Format, ...] = (
    rumours.PHEME,
    rumours.SEMEVAL,
    archives.WARC,
    archives.PDF,
    pages.FORMAT,
    graphs.GRAPHML,
    graphs.GEXF,
    fourcat.FORMAT,
    claimreview.FORMAT,
    bluesky.FORMAT,
    x.FORMAT,
    mastodon.FORMAT,
    telegram.FORMAT,
    reddit.FORMAT,
    timeline.FORMAT,
    bibliography.CSL,
    bibliography.BIBTEX,
    bibliography.RIS,
    hoaxy.FORMAT,
    coortweet.FORMAT,
    mediacloud.FORMAT,
    graphs.EDGES,
    spreadsheet.FORMAT,
)
_HIDDEN = (".", "~$", "Thumbs.db", "desktop.ini", "__MACOSX")


def format_named(name: str) -> Format:
    """Return a format by its name.

    Raises
    ------
    FormatError
        There is none of this name.
    """
    by_name = {one.name: one for one in FORMATS}
    if name not in by_name:
        raise FormatError(
            f"There is no format '{name}'.{did_you_mean(name, by_name)} Known: {listed(by_name, most=40)}."
        )
    return by_name[name]


def format_of(path: Path) -> Format | None:
    """Return the format of a file or folder by what it begins with; None where none suits.

    Raises
    ------
    FormatError
        It can't be read.
    """
    head = head_of(path)
    return next((one for one in FORMATS if one.suits(head)), None)


def files_in(folder: Path) -> Iterator[Path]:
    """Yield the files in a folder and its subfolders, in order, without hidden files and what systems leave behind."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(_HIDDEN):
            continue
        if path.is_dir() and not path.name.endswith("_files"):  # what a browser saves beside a page
            yield from files_in(path)
        elif path.is_file():
            yield path
