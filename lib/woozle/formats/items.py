"""What a reader of another program's format yields: an `Item` for each document, with the links from it.

A format is a module of this folder with a `FORMAT`. It says what it reads and what it loses, recognizes a file by its
beginning, and yields items. What a file does not say stays empty. `woozle.formats.registry` lists all formats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from woozle.errors import WoozleError


class FormatError(WoozleError):
    """A file or folder can't be read in its format at all."""


class MissingExtraError(FormatError):
    """A format needs packages of the extra `ingest`, which are not installed."""


class Link(NamedTuple):
    """A link: a document relies on another, or leads to it.

    Attributes
    ----------
    to : str
        The other: its key, address, number in the file, or title.
    relation : str
        A term of the ready vocabulary of relations.
    words : str
        The words that show it, or nothing.
    kept : bool
        Whether to keep the link if the other document is missing: yes for a reply's parent, no for a link of a page.
    """

    to: str
    relation: str = "cites"
    words: str = ""
    kept: bool = True


class Item(NamedTuple):
    """One document as a file describes it; a field is empty where the file does not say.

    Attributes
    ----------
    row : int
        Where it stands in its file: row, line, or number of the record; 0 where the file holds one.
    key : str
        What the source calls it: the id or URI of a post, the number of a row.
    published : str
        When it was published, in EDTF.
    outlet, outlet_url, outlet_kind, country : str
        Who published it: name or account, address, kind (a term of the ready vocabulary), ISO 3166-1 code.
    text : str
        Its whole text, which never enters the package.
    shares : tuple of str
        What it shares, as the source names it: addresses, `#hashtag`, `media:` and the name of a picture or its hash,
        other objects as they are. Used only for collections of posts.
    found : str
        Where each fact was found, if that is not plain from the format: `published: Open Graph; title: <h1>`.
    """

    row: int = 0
    key: str = ""
    url: str = ""
    title: str = ""
    outlet: str = ""
    published: str = ""
    language: str = ""
    kind: str = ""
    author: str = ""
    outlet_url: str = ""
    outlet_kind: str = ""
    country: str = ""
    text: str = ""
    label: str = ""
    found: str = ""
    links: tuple[Link, ...] = ()
    shares: tuple[str, ...] = ()


class Note(NamedTuple):
    """What was left out or mended in a file, and why."""

    file: str
    row: int
    problem: str


class ReadColumn(NamedTuple):
    """How a column of a table was understood: what it means for a case, and what stands in its first rows."""

    name: str
    meaning: str
    examples: tuple[str, ...] = ()


@dataclass
class Choices:
    """What a user says of how a file is to be read.

    Attributes
    ----------
    meanings : mapping
        The meaning of columns, by name of the column; an empty one leaves the column out.
    dates : str
        `day-first` or `month-first`, for dates such as 04/05/2011; empty: as the file shows.
    """

    meanings: Mapping[str, str] = field(default_factory=dict[str, str])
    dates: str = ""


@dataclass
class Source:
    """A file or folder that is being read, and the notes made while reading it.

    Attributes
    ----------
    path : Path
        The file or folder.
    choices : Choices
        What the user said of it.
    columns : list of ReadColumn
        How its columns were understood, once it is read; empty where it has none.
    notes : list of Note
        What was left out or mended.
    name : str
        What notes call the file: its name, with its folder if another file has the same name.
    """

    path: Path
    choices: Choices = field(default_factory=Choices)
    columns: list[ReadColumn] = field(default_factory=list[ReadColumn])
    notes: list[Note] = field(default_factory=list[Note])
    step: Callable[[int], None] = lambda size: None
    name: str = ""

    def __post_init__(self) -> None:
        self.name = self.name or self.path.name

    def note(self, row: int, problem: str, file: str = "") -> None:
        """Note what was left out or mended in a row."""
        self.notes.append(Note(file or self.name, row, problem))


@dataclass(frozen=True)
class Head:
    """The beginning of a file, by which its format is recognized.

    Attributes
    ----------
    path : Path
        The file or folder.
    text : str
        What it begins with; empty where it is no text.
    columns : tuple of str
        The names in its first line, where it is a table.
    record : mapping
        Its first record, where it is JSON; the outermost object where it holds no list of records.
    keys : tuple of str
        The keys of the outermost object, where it is one.
    """

    path: Path
    text: str = ""
    columns: tuple[str, ...] = ()
    record: Mapping[str, object] = field(default_factory=dict[str, object])
    keys: tuple[str, ...] = ()

    @property
    def suffix(self) -> str:
        """The end of its name, in lower case: `.csv`."""
        name = self.path.name.lower().removesuffix(".gz")
        return Path(name).suffix

    def has(self, *columns: str) -> bool:
        """Tell whether it is a table with all these columns."""
        return set(columns) <= set(self.columns)


@dataclass(frozen=True)
class Format:
    """One foreign format: what it reads, what it loses, and how.

    Attributes
    ----------
    name, title : str
        What a user types, and what the format is called.
    reads, loses : str
        In a sentence each, for the help and the docs.
    suits : callable
        Tells by its `Head` whether a file is of this format.
    read : callable
        Yields the items of a `Source`.
    seen : str
        How a document in such a file was seen: `page` if the file holds it, `named` if the file only names it.
    is_posts : bool
        Whether its keys are ids of a platform, which are the same in every file.
    """

    name: str
    title: str
    reads: str
    loses: str
    suits: Callable[[Head], bool]
    read: Callable[[Source], Iterator[Item]]
    seen: str = "page"
    is_posts: bool = False
