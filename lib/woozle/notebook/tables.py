"""Tables for readers: headings, codes, times and flags in words, and all text shown as it is.

The measure that made a table says what its columns hold (`woozle.description`). A table made by hand uses the same
names for its columns, or gives a `Column` for each.
"""

from __future__ import annotations

import html
import inspect
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from woozle.description import FACTS, STANDARD, Column, Description, description_of
from woozle.measure import STATISTICS
from woozle.model.cascade import Cascade
from woozle.model.case import Case
from woozle.model.in_words import how_seen, kind_of_sight
from woozle.notebook.words import Teller, document_fact, with_labels
from woozle.pictures import ROWS, for_report
from woozle.rows import records
from woozle.text import duration, language_of, plain_number, unit_of_time, visible, when

FOLDED = 20  # tables of more rows are folded


class Table:
    """A table for readers: headings, codes, times and flags in words, and all text shown as it is.

    Parameters
    ----------
    frame
        The rows.
    cascade
        Gives the words for ids of documents, for codes and times; None for a table that is in words already.
    caption
        What the table shows, in a sentence.
    columns
        The columns (or index levels) to show, in order; a mapping gives them other headings, or says by a
        `woozle.description.Column` what they hold. A name that is no column is looked up as a fact of the document that
        `document`, or else the first column, holds.
    name
        Of its anchor and its file; if not given, from the caption.
    about
        What the measure that made the frame says of its columns.

    Examples
    --------
    >>> import woozle
    >>> cascade = woozle.open("dprk_troops_2024").cascade()
    >>> print(Table(woozle.measure.turn(cascade), cascade, "The turn.", ["parent", "document", "days"]))
    The turn.
         from                                  to    published
    TV Chosun reporter’s question at the Pentagon 25 June 2024
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        cascade: Cascade | None,
        caption: str,
        columns: Sequence[str] | Mapping[str, str | Column],
        name: str = "",
        about: Description | None = None,
    ):
        self.caption = caption = visible(caption)
        self.name = name or slug(caption)
        frame = frame.reset_index()
        key = "document" if "document" in frame else next(iter(columns))
        facts = [name for name in columns if cascade and name not in frame]
        if cascade:
            for name in facts:
                frame[name] = [document_fact(cascade, document, name) for document in frame[key]]
        held = {name: _column(cascade, name, columns, name in facts, about) for name in columns}
        titles = {name: _heading(cascade, name, columns, held[name]) for name in columns}
        rows = records(frame)
        shown = {titles[name]: [visible(_cell(cascade, held[name], name, row)) for row in rows] for name in columns}
        self.frame = pd.DataFrame(shown, columns=list(titles.values()))
        self._languages = {
            titles[name]: languages
            for name in columns
            if cascade and held[name].kind == "wording" and any(languages := _languages(cascade, name, frame, key))
        }
        self._about = titles.get(key, "") if cascade else ""
        self._seen = _seen(cascade, frame, key) if cascade and self._about else []
        self._measure = _in_words(about, titles) if about else {}
        self._ids = [f"figure-{name}" for name in frame["figure"]] if "title" in frame and "figure" in frame else []
        if self.name == "sources" and "document" in frame:
            self._ids = [f"document-{name}" for name in frame["document"]]

    @property
    def rows(self) -> dict[str, Any]:
        """What the page of a report makes its tables and CSV files from.

        `name`, `caption`, `columns`, `rows` (of texts), `languages` (for columns with texts in other languages, the
        language of each row), `seen` (for rows about a document, how its page was seen: kind and words) and `about`
        (the column that names the document), `ids` (for headline figures, the anchor of each), `measure` (what the
        measure says of itself: `counts`, `limits`, `source`, `columns`: pairs of heading and meaning; or nothing).
        """
        return {
            "name": self.name,
            "caption": self.caption,
            "columns": list(self.frame.columns),
            "rows": self.frame.to_numpy(dtype=object).tolist(),
            "languages": self._languages,
            "seen": self._seen,
            "about": self._about,
            "ids": self._ids,
            "measure": self._measure,
        }

    def __str__(self) -> str:
        return f"{self.caption}\n{self.frame.to_string(index=False)}" if len(self.frame) else ""

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        caption = html.escape(self.caption)
        rows = {ROWS: json.dumps(self.rows)} if for_report() else {}
        if self.frame.empty:  # nothing where there is nothing
            return {"text/plain": "", **rows}
        with pd.option_context("display.max_colwidth", None):
            body = self.frame.to_html(index=False, border=0, escape=True, classes="woozle", justify="left")
        # JupyterLab sets tables flush right; a page without scripts of its own needs the scope of each heading.
        body = body.replace(' style="text-align: left;"', "").replace("<td>", '<td style="text-align: left">')
        body = body.replace("<th>", '<th scope="col" style="text-align: left">')
        body = body.replace("<thead>", f"<caption>{caption}</caption>\n  <thead>", 1)
        if len(self.frame) > FOLDED:
            body = f"<details><summary>{caption} ({len(self.frame)} rows)</summary>\n{body}\n</details>"
        return {"text/html": body, "text/plain": self._as_text(), **rows}

    def _as_text(self) -> str:
        """Return the table as plain text; in a notebook, which stores the HTML, only its caption and number of rows."""
        from IPython.core.getipython import get_ipython

        if hasattr(get_ipython(), "kernel"):
            return f"{self.caption} ({len(self.frame)} row{'s' * (len(self.frame) != 1)})"
        return str(self)


def slug(words: str) -> str:
    """Return the start of a caption as a name for an anchor or a file.

    Examples
    --------
    >>> slug("The drift ledger: every code that changed along a main-parent hop.")
    'the-drift-ledger'
    >>> slug("../../etc/passwd <script>"), slug("한국")
    ('etc-passwd-script', 'table')
    """
    start = re.split(r"[:.;?!](?:\s|$)", words, maxsplit=1)[0]
    found = re.findall(r"[a-z0-9]+", start.lower())
    return "-".join(found[:7])[:60] or "table"


def table(
    tell: Teller,
    measure: Callable[..., pd.DataFrame],
    *arguments: object,
    frame: pd.DataFrame | None = None,
    caption: str = "",
    columns: Sequence[str] = (),
    every: int = 1,
    **options: object,
) -> Table:
    """Return the table of a measure as it describes itself: its caption, its columns, and what they hold.

    Parameters
    ----------
    tell
        The teller of the case.
    measure
        A measure that is `woozle.description.described`; it is called with the cascade.
    arguments, options
        What else the measure is given. If one of them is a document that was not out by the moment, or an empty text in
        place of a document, the table is empty.
    frame
        Rows that the measure has already returned; then it is not called again.
    caption
        In place of its own.
    columns
        In place of those that it shows: its own, slots of the case, or facts of a document.
    every
        Show only every so many rows, beginning with the first: 3 shows the rows 1, 4, 7, …

    Raises
    ------
    ParameterError
        The measure does not describe itself.

    Examples
    --------
    >>> import woozle
    >>> tell = Teller(woozle.open("dprk_troops_2024").cascade())
    >>> print(table(tell, woozle.measure.turn, columns=["parent", "document", "days"]))
    The turn: the earliest hop from a version that is not false to a false one.
         from                                  to    published
    TV Chosun reporter’s question at the Pentagon 25 June 2024
    """
    about, cascade = description_of(measure), tell.cascade
    given = inspect.signature(measure).bind(cascade, *arguments, **options).arguments if frame is None else {}
    known = cascade.case.documents["label"]
    documents = {
        name: value for name, value in given.items() if isinstance(value, str) and (not value or value in known)
    }
    if frame is None:
        out = all(value in cascade.visible_ids for value in documents.values())
        frame = measure(cascade, *arguments, **options) if out else pd.DataFrame(columns=list(about.columns))
    labels = {name: known.get(value, "") for name, value in documents.items()}
    told = tell.plain(
        caption or about.caption or f"{about.title}.", actor=cascade.case.actor or "the one concerned", **labels
    )
    return Table(frame.iloc[::every], cascade, told, columns or about.shown or list(about.columns), about=about)


def first_row(frame: pd.DataFrame, cascade: Cascade, about: Description | None = None) -> dict[str, Any]:
    """Return the first row of a table for a sentence: numbers as they are, all else in words; empty without a row.

    Examples
    --------
    >>> import woozle
    >>> cascade = woozle.open("dprk_troops_2024").cascade()
    >>> first_row(woozle.measure.turn(cascade), cascade)["parent"]
    'TV Chosun'
    """
    frame = frame.reset_index()
    if frame.empty:
        return dict.fromkeys(map(str, frame.columns), "")
    row = records(frame)[0]
    return {
        name: int(row[name])
        if isinstance(row[name], int | np.integer) and not isinstance(row[name], bool)
        else _cell(cascade, _column(cascade, name, (), False, about), name, row)
        for name in row
    }


def _languages(cascade: Cascade, name: str, frame: pd.DataFrame, key: str) -> list[str]:
    """Return the language of each text in a column of wordings or titles; empty where it needs no mark."""
    documents = cascade.documents
    known = (documents["language"].get(document, "") for document in frame[key])
    return [language_of(str(text), language) for text, language in zip(frame[name], known, strict=True)]


def _seen(cascade: Cascade, frame: pd.DataFrame, key: str) -> list[list[str]]:
    """Return how each row's document was seen: kind and words; nothing for rows that are citations."""
    documents = cascade.facts
    if "citing" in frame or not frame[key].isin(list(documents)).any():
        return []
    marks = []
    for row in frame.to_dict("records"):
        facts = documents.get(row[key])
        marks.append(["", ""] if facts is None else [kind_of_sight(facts["seen"]), how_seen(cascade.case, facts)])
    return marks


def _in_words(about: Description, titles: Mapping[str, str]) -> dict[str, Any]:
    """Return what a measure says of itself, for those who read its table."""
    meanings = [(titles[name].strip(), column.meaning) for name, column in about.columns.items() if name in titles]
    said = {"counts": about.counts, "limits": about.limits, "source": about.source}
    return {name: words.replace("`", "") for name, words in said.items()} | {"columns": meanings}


def _column(
    cascade: Cascade | None, name: str, columns: Iterable[str], is_fact: bool, about: Description | None
) -> Column:
    """Return what a column holds: as it is given, as the measure says, by its name, or as its values are."""
    given = columns.get(name) if isinstance(columns, Mapping) else None
    if isinstance(given, Column):
        return given
    if is_fact:  # in words already
        return Column("wording" if name in ("wording", "title") else "words", "")
    if about and name in about.columns:
        return about.columns[name]
    if cascade and name in cascade.case.fields:
        return Column("code", "")
    return STANDARD[name] if name in STANDARD else Column("as it is", "")


def _heading(cascade: Cascade | None, name: str, columns: Iterable[str], column: Column) -> str:
    """Return the heading of a column; in a table of hops the document is where the hop leads."""
    if isinstance(columns, Mapping) and isinstance(columns[name], str):
        return columns[name]
    if column.heading:
        return column.heading
    if name == "document" and "parent" in columns:
        return "to"
    standard = STANDARD[name].heading if name in STANDARD else ""
    return standard or FACTS.get(name) or (cascade.case.field_title(name) if cascade else name)


def _cell(cascade: Cascade | None, column: Column, name: str, row: Mapping[str, Any]) -> str:
    value: Any = row[name]
    kind = column.kind
    if isinstance(value, tuple):
        between = " → " if kind in ("path", "codes") else ", "
        one = {"documents": "document", "path": "document", "codes": "code", "fields": "field"}.get(kind, "words")
        held = Column(one, "", of=column.of or name)
        return between.join(_cell(cascade, held, name, {**row, name: part}) for part in value)
    if value is None or pd.isna(value):
        return "not coded" if kind == "code" else "–"
    if value == "" and column.empty:
        return column.empty
    if kind in _OF_CASES and cascade is not None:
        return _OF_CASES[kind](cascade, column.of or name, value, row)
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if kind == "share":
        return f"{100 * value:.0f} %"
    if kind == "hours":
        return duration(float(value))
    if kind == "figure":
        return next((figure.title for figure in STATISTICS if figure.name == value), value)
    if kind in ("in its unit", "unit"):
        return _in_its_unit(kind, value, row)
    return plain_number(value) if isinstance(value, float) else str(value)


def _in_its_unit(kind: str, value: float | str, row: Mapping[str, Any]) -> str:
    """Return a number, or the unit of a row, so that hours become the unit that people would take."""
    unit, size = str(row["unit"]), 1.0
    ends = [abs(float(row[name])) for name in ("low", "median", "high") if pd.notna(row.get(name))]
    if unit == "hours" and ends:
        unit, size = unit_of_time(max(ends))
    return unit if kind == "unit" else plain_number(float(value) / size)


def _document(cascade: Cascade, _: str, value: str, row: Mapping[str, Any]) -> str:
    return cascade.case.documents["label"].get(value, value)


def _code(cascade: Cascade, name: str, value: str, row: Mapping[str, Any]) -> str:
    if not value and name in cascade.case.fields:
        return "not stated" if _own_words(cascade.case, row) else "not known"
    return cascade.case.term_title(name, value)


def _moment(cascade: Cascade, _: str, value: pd.Timestamp, row: Mapping[str, Any]) -> str:
    return when(value, value, cascade.clock)


# Values that only the case can put into words: functions of the cascade, the column's name, the value and the row.
_OF_CASES: Mapping[str, Callable[[Cascade, str, Any, Mapping[str, Any]], str]] = {
    "document": _document,
    "code": _code,
    "code of the field": lambda cascade, _, value, row: cascade.case.term_title(row["field"], value) or "not stated",
    "term": lambda cascade, name, value, row: cascade.case.term_title(name, value),
    "field": lambda cascade, _, value, row: cascade.case.field_title(value),
    "note": lambda cascade, _, value, row: with_labels(cascade.case, value),
    "seen": lambda cascade, _, value, row: how_seen(cascade.case, row),
    "moment": _moment,
}


def _own_words(case: Case, row: Mapping[str, Any]) -> bool:
    """Tell whether the words of a row's version were seen; if not, an empty code means not known, not unstated."""
    codes = case.codes.get(str(row.get("document", "")), {})
    return None not in codes.get(int(row.get("version", 1)), codes.get(1, ()))
