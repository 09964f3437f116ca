"""Collections of posts: read from exports of any format into one table, and opened without being read whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from woozle.collection.forest import joined, without_circles
from woozle.errors import ParameterError, WoozleError, did_you_mean
from woozle.files import whole
from woozle.formats.gather import each_file, format_for
from woozle.formats.items import Choices, FormatError, Item, Note, ReadColumn, Source

pc: Any = pyarrow.compute  # its functions are made when it is loaded: no type checker sees them

OBJECTS = ("urls", "hashtags", "media", "objects", "reposts", "texts")
_LISTS = ("urls", "hashtags", "media", "objects")
SCHEMA = pa.schema(
    [
        ("key", pa.string()), ("url", pa.string()), ("account", pa.string()), ("time", pa.timestamp("s", tz="UTC")),
        ("text", pa.string()), ("language", pa.string()), *((name, pa.list_(pa.string())) for name in _LISTS),
        ("reply_to", pa.string()), ("repost_of", pa.string()), ("quote_of", pa.string()), ("format", pa.string()),
        ("source", pa.string()), ("row", pa.int64()),
    ]
)  # fmt: skip
_BATCH = 50_000
_PARENTS = {"replies": "reply_to", "reposts": "repost_of", "quotes": "quote_of"}
_ADDRESS = re.compile(r"https?://[^\s<>\"'“”]+[^\s<>\"'“”.,;:!?)\]]")
_HASHTAG = re.compile(r"(?<![\w/&#])#(\w*[^\W\d]\w*)")
_ROUNDED = re.compile(r"\d+(?:[.,]\d+)?[eE]\+?\d+|\d{16,}\.0")
_EXACT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?(Z|[+-]\d\d:\d\d)?")
_SAME = 20  # letters: that shorter texts are the same means nothing
_MOST_NOTES = 100_000


@dataclass
class Collected:
    """What was read into a table.

    Attributes
    ----------
    path : Path
        The table.
    posts, twice, undated, nameless, to_come : int
        How many posts it holds; how many stood twice and were taken once; how many have no exact time, or no account,
        or a time that is yet to come.
    columns : tuple of ReadColumn
        What the columns of a table were taken to mean; of several tables, those of the first. Empty without a table.
    notes : list of Note
        What was left out or mended, by file and row; of very many the first 100,000.
    """

    path: Path
    posts: int = 0
    twice: int = 0
    undated: int = 0
    nameless: int = 0
    to_come: int = 0
    columns: tuple[ReadColumn, ...] = ()
    notes: list[Note] = field(default_factory=list[Note])


def collect(
    paths: Sequence[Path],
    output: Path,
    choices: Choices | None = None,
    format_name: str = "",
    time_zone: str = "UTC",
    progress: Callable[[str, int], None] = lambda file, size: None,
) -> Collected:
    """Read exports of any format into one Parquet table, however many posts they hold.

    Parameters
    ----------
    paths
        Files, or folders of them.
    output
        The table; what is there is replaced once all is read.
    choices, format_name
        As for an import into a case.
    time_zone
        The zone of times that name none.
    progress
        Called with a file and how many of its bytes were read.

    Raises
    ------
    FormatError
        Nothing could be read.
    """
    done, seen, now = Collected(output), set[int](), datetime.now(UTC)
    with whole(output) as fresh, pq.ParquetWriter(fresh, SCHEMA, compression="zstd") as writer:
        rows: list[dict[str, Any]] = []
        for row in _rows(paths, choices or Choices(), format_name, ZoneInfo(time_zone), progress, done):
            # A table of shares has a row for each thing that a post shares: rows with different things are kept.
            shared = tuple(name for of in _LISTS for name in row[of])
            mark = hash((_identity(row), row["account"], shared))
            if mark in seen:
                done.twice += 1
                continue
            seen.add(mark)
            done.posts += 1
            done.undated += row["time"] is None
            done.nameless += not row["account"]
            done.to_come += row["time"] is not None and row["time"] > now
            rows.append(row)
            if len(rows) == _BATCH:
                writer.write_table(pa.Table.from_pylist(rows, SCHEMA))
                rows.clear()
        if rows:
            writer.write_table(pa.Table.from_pylist(rows, SCHEMA))
        if not done.posts:
            why = f" {done.notes[0].file}: {done.notes[0].problem.rstrip('.')}." if done.notes else ""
            if not why and not any(path.is_file() for path in paths):
                raise FormatError(f"There is no file with posts in {', '.join(map(str, paths))}.")
            raise FormatError(f"No post could be read in {', '.join(map(str, paths))}.{why}")
    return done


def _identity(row: Mapping[str, Any]) -> object:
    """Return what two rows of the same post have in common; a row without key, address and text is its own post."""
    if row["key"] or row["url"]:
        return row["key"] or row["url"]
    said = (row["time"], row["text"])
    return said if row["text"] else (row["source"], row["row"])


def _rows(
    paths: Sequence[Path], choices: Choices, format_name: str, zone: ZoneInfo,
    progress: Callable[[str, int], None], done: Collected,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """Yield the posts of all files as rows; what is wrong with a file is noted, and the next one is read."""
    for source, told in each_file(list(paths), choices, format_name, progress):
        rounded, read = 0, False
        try:
            found = format_for(source, told)
            if found is None:
                source.note(0, "is in no format that woozle knows; left out")
            for item in found.read(source) if found else ():
                if _ROUNDED.fullmatch(item.key) or any(_ROUNDED.fullmatch(link.to) for link in item.links):
                    rounded += 1
                    source.note(item.row, f"the id '{item.key}' has lost digits in a spreadsheet; left out")
                    continue
                read = True
                yield {**_row(source, item, zone), "format": found.name if found else ""}
        except Exception as error:  # whatever is wrong with one file, the others are read
            why = str(error) if isinstance(error, WoozleError | OSError) else ""
            why = why.removeprefix(source.name).lstrip(",: ") or f"it is damaged ({type(error).__name__})"
            source.note(0, f"{'the rest was' if read else 'it was'} left out: {why}")
        done.columns = done.columns or tuple(source.columns)
        done.notes += source.notes[: max(0, _MOST_NOTES - len(done.notes))]
        source.notes.clear()
        if rounded:
            done.notes.insert(0, Note(source.name, 0, f"{rounded:,} ids such as 1.23E+18 lost digits: export again"))


def _row(source: Source, item: Item, zone: ZoneInfo) -> dict[str, Any]:
    row: dict[str, Any] = {
        "key": item.key, "url": item.url, "account": item.outlet or item.author, "time": _moment(item.published, zone),
        "text": item.text, "language": item.language, "source": source.name, "row": item.row,
        "reply_to": None, "repost_of": None, "quote_of": None,
    }  # fmt: skip
    if item.published and row["time"] is None:
        source.note(item.row, f"'{item.published}' is not an exact time; the time stays empty")
    for link in item.links:
        name = _PARENTS.get(link.relation)
        if name and not row[name] and not re.search(r"\s", link.to):  # "a tweet of @bbc" names no post
            row[name] = link.to
    lists: dict[str, dict[str, None]] = {name: {} for name in _LISTS}
    for told in item.shares:
        if told.startswith(("http://", "https://")):
            lists["urls"][told] = None
        elif told.startswith("#"):
            lists["hashtags"][told[1:].casefold()] = None
        elif told.startswith("media:"):
            lists["media"][told.removeprefix("media:")] = None
        else:
            lists["objects"][told] = None
    if not lists["urls"] and "://" in item.text:
        lists["urls"] = dict.fromkeys(_ADDRESS.findall(item.text))
    if not lists["hashtags"] and "#" in item.text:
        lists["hashtags"] = dict.fromkeys(tag.casefold() for tag in _HASHTAG.findall(item.text))
    lists["urls"].pop(item.url, None)  # a post does not share its own address
    return row | {name: list(values) for name, values in lists.items()}


def _moment(published: str, zone: ZoneInfo) -> datetime | None:
    """Return an exact time; None where only a day or less is known."""
    match = _EXACT.fullmatch(published)
    if not match:
        return None
    day, clock, seconds, offset = match.groups()
    moment = datetime.fromisoformat(f"{day}T{clock}{seconds or ':00'}{(offset or '').replace('Z', '+00:00')}")
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


class Posts:
    """A collection on the disk: one or many Parquet files, of which only what is asked for is read.

    Attributes
    ----------
    path : str
        The file, or the folder of files.
    """

    def __init__(self, path: Path | str):
        self.path = str(path)
        try:
            self._data: ds.Dataset = ds.dataset(self.path, format="parquet")
        except (OSError, pa.ArrowInvalid) as error:
            raise ParameterError(
                f"{self.path} is no collection. Read exports into one: woozle collect PATH -o posts.parquet. ({error})"
            ) from error
        for name in ("key", "account", "time"):
            if name not in self._data.schema.names:
                near = did_you_mean(name, self._data.schema.names)
                raise ParameterError(f"{self.path} is no collection: the column '{name}' is missing.{near}")

    def __len__(self) -> int:
        return self._data.count_rows()

    def __repr__(self) -> str:
        return f"Posts('{self.path}': {len(self):,} posts)"

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns that it has."""
        return tuple(self._data.schema.names)

    def table(self, columns: Iterable[str] | None = None, query: str = "") -> pa.Table:
        """Return columns of all posts, or of those whose text has all words of a query, in any case and order.

        Words are found inside longer words too: `salt` finds `salty`. Quotation marks make a phrase:
        `'"salt water" radiation'`.

        Raises
        ------
        ParameterError
            There is no such column.
        """
        names = list(columns or self.columns)
        for name in names:
            if name not in self.columns:
                raise ParameterError(f"There is no column '{name}'.{did_you_mean(name, self.columns)}")
        where = None
        for phrase, word in re.findall(r'"([^"]+)"|(\S+)', query):
            has = pc.match_substring(pc.field("text"), phrase or word, ignore_case=True)
            where = has if where is None else where & has
        return self._data.to_table(columns=names, filter=where)

    def shares(self, of: str = "urls") -> pd.DataFrame:
        """Return one row a share, as `coordination` takes it: `object`, `account`, `content`, `time` (s since 1970).

        Posts without an exact time or account are left out.

        Parameters
        ----------
        of
            `urls`, `hashtags`, `media`, `objects` (as the export names them), `reposts` (which post), or `texts` (the
            same words, of twenty letters or more; addresses in them do not count).
        """
        return shares_of(self.table(["key", "account", "time", "row", "source", _column(of)]), of)

    def forest(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, pd.Index]:
        """Return parents, times and what is known, as `cascades` takes them, and the key of each place.

        The parent of a post is the one that it replies to, or else reposts, or else quotes. Posts that appear twice
        count once, those without a key not at all; the time of a post without one is NaN; a parent that is later than
        its child stays its parent. Of posts that answer each other in a circle the oldest is taken to begin it.
        """
        places, times, known, names = self.answers()
        return without_circles(places, times)[0], times, known, names

    def answers(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, pd.Index]:
        """Return what `forest` does, without opening circles of posts that answer each other."""
        posts = parents_of(self.table(["key", "time", "reply_to", "repost_of", "quote_of"]))
        posts = posts.drop_duplicates("key", ignore_index=True)
        places, known, names = joined(posts["key"], posts["parent"])
        return places, np.r_[posts["time"].to_numpy(), np.full(len(places) - len(posts), np.nan)], known, names

    def texts(self, least: int = _SAME) -> pd.DataFrame:
        """Return `id`, `text` and `time` (s) of posts with a text of `least` letters or more, as `sources` takes them.

        Reposts, and posts without a key or an exact time, are left out.
        """
        table = self.table(["key", "time", "text", "repost_of"])
        long = pc.greater_equal(pc.utf8_length(table["text"]), least)
        there = pc.and_(pc.and_(pc.is_valid(table["time"]), pc.not_equal(table["key"], "")), long)
        table = table.filter(pc.and_(there, pc.is_null(table["repost_of"])))
        seconds = table["time"].to_pandas().dt.as_unit("s").astype("int64")
        found = pd.DataFrame({"id": _plain(table["key"]), "text": _plain(table["text"]), "time": seconds})
        return found.drop_duplicates("id", ignore_index=True)


def open_posts(path: Path | str) -> Posts:
    r"""Open a collection: one Parquet file of `woozle collect`, or a folder of many.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     path = Path(place) / "shares.csv"
    ...     head = "object_id,account_id,content_id,timestamp_share\n"
    ...     _ = path.write_text(f"{head}x,a,1,1700000000\nx,b,2,1700000005\n")
    ...     _ = collect([path], Path(place) / "posts.parquet")
    ...     posts = open_posts(Path(place) / "posts.parquet")
    ...     len(posts), len(posts.shares("objects"))
    (2, 2)
    """
    return Posts(path)


def _plain(column: pa.ChunkedArray | pa.Array) -> pd.Series:
    """Return a column of names as texts of pandas, without a copy."""
    return pd.Series(column.to_pandas(types_mapper={pa.string(): pd.StringDtype(na_value=np.nan)}.get))


def _column(of: str) -> str:
    """Return the column that holds a kind of objects."""
    if of not in OBJECTS:
        raise ParameterError(f"of='{of}' is none of {', '.join(OBJECTS)}.{did_you_mean(of, OBJECTS)}")
    return {"reposts": "repost_of", "texts": "text"}.get(of, of)


def shares_of(table: pa.Table, of: str) -> pd.DataFrame:
    """Return the shares of the posts in a table; see `Posts.shares`."""
    column = _column(of)
    table = table.filter(pc.and_(pc.is_valid(table["time"]), pc.not_equal(table["account"], "")))
    content = pc.if_else(
        pc.equal(table["key"], ""),
        pc.binary_join_element_wise(table["source"], pc.cast(table["row"], pa.string()), "#"),
        table["key"],
    )
    if of in _LISTS:
        flat = table[column].combine_chunks()
        parent = pc.list_parent_indices(flat)
        objects, content, rest = pc.list_flatten(flat), content.take(parent), table.take(parent)
    else:
        objects, rest = table[column], table
        if of == "texts":
            objects = pc.utf8_trim_whitespace(
                pc.replace_substring_regex(
                    pc.replace_substring_regex(pc.utf8_lower(objects), r"https?://\S+", ""), r"\s+", " "
                )
            )
    shares = pd.DataFrame(
        {
            "object": _plain(objects), "account": _plain(rest["account"]), "content": _plain(content),
            "time": rest["time"].to_pandas().dt.as_unit("s").astype("int64"),
        }
    )  # fmt: skip
    there = shares["object"].notna() & (shares["object"] != "")
    if of == "texts":
        there &= shares["object"].str.len() >= _SAME
    return shares[there].drop_duplicates(ignore_index=True)


def parents_of(table: pa.Table) -> pd.DataFrame:
    """Return `key`, `parent` (empty where there is none) and `time` (s, or NaN) of the posts that have a key."""
    table = table.filter(pc.not_equal(table["key"], ""))
    parent = _plain(pc.coalesce(table["reply_to"], table["repost_of"], table["quote_of"])).fillna("")
    seconds = pc.cast(pc.cast(table["time"], pa.timestamp("s", tz="UTC")), pa.int64()).to_pandas().astype(float)
    return pd.DataFrame({"key": _plain(table["key"]), "parent": parent, "time": seconds})
