"""Read files of any format into one set of items: what they hold, what links them, and what was dirty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from woozle.errors import WoozleError
from woozle.formats import archives, pages
from woozle.formats.encoding import read_text
from woozle.formats.fetch import Capture
from woozle.formats.items import Choices, Format, FormatError, Item, MissingExtraError, Note, ReadColumn, Source
from woozle.formats.registry import files_in, format_named, format_of

Progress = Callable[[str, int], None]
_MOST_NOTES = 100_000  # of one import; more are counted and not kept


@dataclass(frozen=True)
class Read:
    """What one file held.

    Attributes
    ----------
    path : Path
        The file or folder.
    format : Format
        What it was read as.
    items : list of Item
        Its documents.
    columns : tuple of ReadColumn
        How its columns were understood; empty where it is no table.
    """

    path: Path
    format: Format
    items: list[Item]
    columns: tuple[ReadColumn, ...] = ()


@dataclass
class Gathered:
    """What was read: one `Read` a file, and what was left out or mended."""

    files: list[Read] = field(default_factory=list[Read])
    notes: list[Note] = field(default_factory=list[Note])

    def __iter__(self) -> Iterator[tuple[Read, Item]]:
        """Yield each item with the file that it stands in."""
        for read in self.files:
            for item in read.items:
                yield read, item

    def spent(self) -> Iterator[tuple[Read, Item]]:
        """Yield each item with its file and forget it, so that very many items don't fill the memory."""
        for read in self.files:
            read.items.reverse()
            while read.items:
                yield read, read.items.pop()

    @property
    def count(self) -> int:
        """How many items were read."""
        return sum(len(read.items) for read in self.files)


def gather(
    paths: list[Path], choices: Choices | None = None, name: str = "", progress: Progress = lambda file, size: None
) -> Gathered:
    """Read files and folders.

    Parameters
    ----------
    paths
        Files, or folders whose files are read each by its format.
    choices
        What the user says of columns and dates.
    name
        The name of the format; empty: each file shows its own.
    progress
        Called with the name of a file and how many of its bytes were read since the last call.

    Raises
    ------
    FormatError
        Nothing could be read. If there are several files, those that can't be read are noted, and the others are read.
    MissingExtraError
        A file needs packages that are not installed.
    """
    gathered = Gathered()
    single = len(paths) == 1 and not paths[0].is_dir()
    for source, told in each_file(paths, choices or Choices(), name, progress):
        path = source.path
        try:
            found = format_for(source, told)
            if found is None:
                if single:
                    raise FormatError(_unknown(path))
                source.note(0, "is in no format that woozle knows; left out")
            else:
                items = list(found.read(source))
                if not items and single:
                    raise FormatError(f"{path.name} was read as {found.title}, and holds no document.")
                gathered.files.append(Read(path, found, items, tuple(source.columns)))
        except MissingExtraError:
            raise
        except (WoozleError, OSError, RecursionError, MemoryError) as error:
            if single:
                raise
            source.note(0, f"left out: {error}")
        gathered.notes += source.notes
    if not gathered.count:
        if not gathered.files and not gathered.notes:
            raise FormatError(f"There is no file in {', '.join(map(str, paths))}.")
        why = f" {gathered.notes[0].file}: {gathered.notes[0].problem}." if gathered.notes else ""
        raise FormatError(f"Nothing could be read in {', '.join(map(str, paths))}.{why}")
    return gathered


def each_file(
    paths: list[Path], choices: Choices, name: str, progress: Progress
) -> Iterator[tuple[Source, Format | None]]:
    """Yield each file that is to be read, with its format where that is known before it is opened.

    Raises
    ------
    FormatError
        There is no such file or folder, or no format of this name.
    """
    wanted = format_named(name) if name else None
    for path in paths:
        if not path.exists():
            raise FormatError(f"There is no file or folder '{path}'.")
    every = list(_all(paths, wanted))
    often = Counter(path.name for path, _ in every)
    for path, told in every:
        name = path.name if often[path.name] == 1 else path.as_posix()
        yield Source(path, choices, step=lambda size, path=path: progress(path.name, size), name=name), told


def format_for(source: Source, told: Format | None) -> Format | None:
    """Return the format of a file: the one named, else the one that its beginning shows, else None.

    If the user said what columns mean, a file of no known format counts as a spreadsheet.
    """
    meant = format_named("spreadsheet") if source.choices.meanings else None
    return told or format_of(source.path) or meant


def read_capture(folder: Path, capture: Capture, gathered: Gathered) -> None:
    """Read a page that was fetched, with the address that it was fetched from."""
    path = folder / capture.file
    source = Source(path)
    if path.suffix == ".html":
        found, items = pages.FORMAT, list(pages.of_page(source, read_text(source), capture.url, capture.fetched))
    elif path.suffix == ".pdf":
        found, items = archives.PDF, [item._replace(url=capture.url) for item in archives.PDF.read(source)]
    else:
        text = read_text(source)
        found, items = pages.FORMAT, [Item(url=capture.url, title=text.split("\n", 1)[0][:200], text=text)]
    gathered.files.append(Read(path, found, items))
    gathered.notes += source.notes


def _all(paths: list[Path], wanted: Format | None) -> Iterator[tuple[Path, Format | None]]:
    """Yield each file to be read, with its format if known; a folder that is itself in one format is yielded whole."""
    for path in paths:
        if not path.is_dir():
            yield path, wanted
            continue
        whole = wanted if wanted and wanted.name in ("pheme", "semeval") else None
        whole = whole or format_of(path)
        if whole is not None:
            yield path, whole
        else:
            yield from ((file, wanted) for file in files_in(path))


def _unknown(path: Path) -> str:
    return (
        f"{path.name} is in no format that woozle knows. If it is a table, say what its columns mean: "
        "--format spreadsheet --map 'COLUMN=title' --map 'OTHER=url'. All formats: woozle import --formats."
    )
