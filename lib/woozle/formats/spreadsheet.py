"""Spreadsheets as people keep them: CSV, XLSX, XLS, ODS, with any names of columns, in any order."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from importlib import resources
from itertools import chain, islice
from typing import Any

from woozle import dates
from woozle.errors import did_you_mean, listed
from woozle.formats import moments
from woozle.formats.encoding import text_of
from woozle.formats.items import Format, FormatError, Head, Item, Link, ReadColumn, Source
from woozle.formats.table_files import SPREADSHEETS, TABLES, table_rows

_SAMPLE = 20_000  # rows that are read to find out what columns mean
_SHOWN = 3
_ADDRESS = re.compile(r"https?://\S+$")
_PARENTS = {"reply_to": "replies", "repost_of": "reposts", "quote_of": "quotes"}


@functools.cache
def meanings() -> Mapping[str, tuple[str, ...]]:
    """Return the names that a column may have, by what it means for a case."""
    table = tomllib.loads((resources.files("woozle.formats") / "columns.toml").read_text("utf-8"))
    return {meaning: tuple(names) for meaning, names in table.items()}


def suits(head: Head) -> bool:
    """Tell whether a file is a table in which some column is understood."""
    if head.suffix not in (*SPREADSHEETS, *TABLES) or not head.columns:
        return False
    known = {meaning for name in head.columns if (meaning := _meaning(name))}
    return bool(known & {"url", "title", "published", "text", "shares", "hashtags", "media"})


def read(source: Source) -> Iterator[Item]:
    """Yield the rows of a table as documents."""
    rows = table_rows(source)
    sample = list(islice(rows, _SAMPLE))
    if not sample:
        why = "".join(f" Row {note.row}: {note.problem}." for note in source.notes[:3])
        raise FormatError(f"{source.path.name} has no rows below its header.{why}")
    source.columns = understand(source, [cells for _, cells in sample])
    meant = {column.meaning: column.name for column in source.columns if column.meaning}
    if not {"url", "title", "text", "shares", "hashtags", "media"} & set(meant):
        raise FormatError(
            f"{source.path.name}: no column holds an address, a title or a text. Say which does: --map 'COLUMN=title'. "
            f"It has the columns {listed([column.name for column in source.columns], most=30)}."
        )
    _check_numbers(source, meant, [cells for _, cells in sample])
    dated = [text_of(cells[meant["published"]]) for _, cells in sample] if "published" in meant else []
    try:
        order = moments.order_of(dated, source.choices.dates)
    except FormatError as error:
        raise FormatError(f"{source.path.name}, column '{meant['published']}': {error}") from error
    for row, cells in chain(sample, rows):
        yield _item(source, row, {meaning: cells[name] for meaning, name in meant.items()}, order)


def _check_numbers(source: Source, meant: Mapping[str, str], sample: list[dict[str, Any]]) -> None:
    """Raise FormatError if rows cite others by number and no column numbers the rows: the links would be lost."""
    cites = meant.get("cites", "")
    if not cites or "number" in meant:
        return
    told = [text for cells in sample if (text := text_of(cells[cites]))]
    if told and all(re.fullmatch(r"[\d\s,;|]+", text) for text in told):
        raise FormatError(
            f"{source.path.name}: column '{cites}' holds numbers such as '{_short(told[0])}', but no column numbers "
            f"the rows. Say which one does: --map 'COLUMN=number'; or leave the links out: --map '{cites}='."
        )


def understand(source: Source, sample: list[dict[str, Any]]) -> list[ReadColumn]:
    """Return what each column means: as the user says, else by its name, else by what stands in it."""
    names = list(sample[0])
    told = _told(source, names)
    taken = dict.fromkeys(told.values())
    columns: dict[str, str] = dict(told)
    for name in names:
        meaning = _meaning(name)
        if meaning == "url" and meaning in taken and _plain(name) == "link":  # the post's own address stands elsewhere
            meaning = "shares"
        if name not in columns and meaning and meaning not in taken:
            columns[name], taken[meaning] = meaning, None
    for name in (name for name in names if name not in columns):
        values = [value for cells in sample[:200] if (value := cells[name]) not in ("", None)]
        meaning = _by_values(values)
        if meaning and meaning not in taken:
            columns[name], taken[meaning] = meaning, None
    examples = {
        name: tuple(islice((_short(text_of(cells[name])) for cells in sample if text_of(cells[name])), _SHOWN))
        for name in names
    }
    return [ReadColumn(name, columns.get(name, ""), examples[name]) for name in names]


def _told(source: Source, names: list[str]) -> dict[str, str]:
    """Return what the user says of columns."""
    told: dict[str, str] = {}
    for name, meaning in source.choices.meanings.items():
        if name not in names:
            raise FormatError(f"{source.path.name} has no column '{name}'.{did_you_mean(name, names)} "
                              f"It has {listed(names, most=30)}.")  # fmt: skip
        if meaning and meaning not in meanings():
            raise FormatError(
                f"A column can't mean '{meaning}'.{did_you_mean(_meaning(meaning) or meaning, meanings())} "
                f"It can mean {listed(meanings(), most=20)}; --map '{name}=' leaves the column out."
            )
        if meaning and meaning in told.values():
            raise FormatError(f"Two columns are mapped to {meaning}. One column is needed for each meaning.")
        told[name] = meaning
    return told


def _plain(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[^\w#]+", " ", "".join(letter for letter in bare if not unicodedata.combining(letter))).replace(
        "_", " "
    ).strip()  # fmt: skip


def _meaning(name: str) -> str:
    return _by_name().get(_plain(name), "")


@functools.cache
def _by_name() -> dict[str, str]:
    return {_plain(name): meaning for meaning, names in meanings().items() for name in [meaning, *names]}


def _by_values(values: list[Any]) -> str:
    """Return what a column means by its values, if its name does not tell; only addresses and dates are recognized."""
    if not values:
        return ""
    if all(isinstance(value, datetime | date) for value in values):
        return "published"
    texts = [text_of(value) for value in values]
    if all(_ADDRESS.match(text) for text in texts):
        return "url"
    if all(not text.isdigit() and moments.edtf(text, moments.DAY_FIRST) for text in texts):
        return "published"
    return ""


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def _item(source: Source, row: int, cells: Mapping[str, Any], order: str) -> Item:
    cell = {meaning: text_of(value) for meaning, value in cells.items()}
    published = _date(cells.get("published"), order)
    if cell.get("published") and not published:
        source.note(row, f"the date '{_short(cell['published'])}' can't be read; it stays empty")
    url = cell.get("url", "")
    if url and not _ADDRESS.match(url):
        told = f"https://{url}" if re.match(r"[\w-]+(\.[\w-]+)+(/\S*)?$", url) else ""
        what = f"read as {told}" if told else "not an address that begins with http; it was left out"
        source.note(
            row, f"the address '{_short(url)}' is {what}" if not told else f"the address '{_short(url)}' was {what}"
        )
        url = told
    country = _country(cell.get("country", ""))
    if cell.get("country") and not country:
        source.note(row, f"the country '{_short(cell['country'])}' is not known; it stays empty")
    return Item(
        row=row,
        key=cell.get("number", ""),
        url=url,
        title=cell.get("title", ""),
        outlet=cell.get("outlet", ""),
        published=published,
        language=language_code(cell.get("language", "")),
        kind=cell.get("kind", ""),
        author=cell.get("author", ""),
        country=country,
        text=cell.get("text", ""),
        label=cell.get("label", "")[:40],
        links=tuple(_links(cell)),
        shares=tuple(_shares(cell)),
    )


def _shares(cell: Mapping[str, str]) -> Iterator[str]:
    """Yield what a row shares; a list may be written as programs write it: ['a', 'b']."""
    for meaning, before in (("shares", ""), ("hashtags", "#"), ("media", "media:")):
        told = cell.get(meaning, "")
        if told[:1] in ("[", "("):
            told = re.sub(r"['\"]", " ", told[1:-1])
        for name in re.split(r"[\s,;|]+", told):
            if plain := name.removeprefix(before):
                yield f"{before}{plain}"


def _date(value: object, order: str) -> str:
    if isinstance(value, datetime | date):
        return moments.of_moment(value)
    text = text_of(value)
    return moments.edtf(text, order) or moments.of_serial(text)


def _links(cell: Mapping[str, str]) -> Iterator[Link]:
    """Yield what a row cites: by number, address or title, several with semicolons, commas or lines between."""
    for meaning, relation in _PARENTS.items():
        if cell.get(meaning):
            yield Link(cell[meaning], relation, cell.get("evidence", ""))
    told = cell.get("cites", "")
    if not told:
        return
    parts = re.split(r"\s*[;\n|]\s*", told)
    if len(parts) == 1 and re.fullmatch(r"[\d\s,]+|(https?://[^\s,]+[\s,]*)+", told):
        parts = re.split(r"[\s,]+", told)
    relation = cell.get("relation", "")
    for part in filter(None, parts):
        yield Link(part, relation or "cites", cell.get("evidence", ""))


@functools.lru_cache(maxsize=1000)
def _country(text: str) -> str:
    """Return the code of a country by its code or its English name."""
    if text.upper() in dates.countries():
        return text.upper()
    names = {dates.country_name(code).casefold(): code for code in dates.countries()}
    return names.get(
        text.casefold(), {"uk": "GB", "usa": "US", "united states of america": "US"}.get(text.casefold(), "")
    )


def _languages() -> dict[str, str]:
    """Return the codes of languages by the names by which exports call them."""
    return {
        "arabic": "ar", "chinese": "zh", "czech": "cs", "danish": "da", "dutch": "nl", "english": "en",
        "finnish": "fi", "french": "fr", "german": "de", "greek": "el", "hebrew": "he", "hindi": "hi",
        "hungarian": "hu", "indonesian": "id", "italian": "it", "japanese": "ja", "korean": "ko", "ngerman": "de",
        "norwegian": "no", "persian": "fa", "polish": "pl", "portuguese": "pt", "romanian": "ro", "russian": "ru",
        "spanish": "es", "swedish": "sv", "thai": "th", "turkish": "tr", "ukrainian": "uk", "vietnamese": "vi",
    }  # fmt: skip


@functools.lru_cache(maxsize=1000)
def language_code(text: str) -> str:
    """Return the code of a language, from a code such as en-GB or an English name; else nothing.

    Examples
    --------
    >>> language_code("en-GB"), language_code("German"), language_code("klingon dialect")
    ('en', 'de', '')
    """
    bare = text.replace("_", "-").split("-")[0].strip().lower()
    if re.fullmatch("[a-z]{2,3}", bare):
        return bare
    return _languages().get(text.strip().lower(), "")


FORMAT = Format(
    "spreadsheet",
    "a spreadsheet (CSV, XLSX, XLS, ODS)",
    "each row as a document, whatever its columns are called; what a row cites, by number, address or title",
    "columns that mean nothing for a case, formulas, colours, all sheets but the first that holds anything",
    suits,
    read,
    seen="named",
)
