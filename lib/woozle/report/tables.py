"""Tables for readers: headings, codes, times and flags in words, and all text shown as it is."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from woozle.cascade import Cascade
from woozle.case import Case
from woozle.measure import FIGURES
from woozle.pictures import ROWS
from woozle.report.words import document_fact, with_labels
from woozle.text import duration, how_seen, kind_of_sight, language_of, plain_number, visible, when

FOLDED = 20  # tables of more rows are folded
HEADINGS = {
    "parent": "from",
    "citing": "to",
    "relation": "how",
    "when": "published",
    "days": "published",
    "day": "date",
    "coded": "date as coded",
    "said_by": "who said it",
    "modality": "how real",
    "certainty": "how sure",
    "seen": "how seen",
    "seen_in": "seen in",
    "seen_note": "note",
    "others": "others resting on it",
    "what": "what changed",
    "from": "was",
    "to": "became",
    "to_wording": "in its words",
    "lead": "its lead",
    "other": "further down",
    "dominated": "others that cannot do without it",
    "dominator": "itself rests on",
    "surely_before": "carriers surely before",
    "perhaps_before": "at most before",
    "repost": "repeats another",
    "basis": "false, going by",
    "made_by": "made by",
    "before": "on the way there",
    "may_be_first": "may be the first",
    "non_confirmations": "non-confirmations",
    "surely_after": "surely after it",
    "perhaps_after": "at most after it",
    "speaks": "speaks for itself",
    "first_hand": "seen as it published it",
    "source": "taken from",
    "may_rest_on": "may rest on",
    "differs": "codes that differ",
    "roots_then": "roots then",
    "path_first": "one way",
    "path_second": "the other way",
    "cut_off": "others cut off",
    "exact": "all sets tried",
    "at_least": "at least",
    "at_most": "at most",
    "beyond": "says more",
    "elsewhere": "relies on another too",
    "max_breadth": "greatest breadth",
    "structural_virality": "structural virality",
    "by_rule": "by the rule",
    "coded_only": "without inferred hops",
    "seen_only": "only citations seen on the page",
    "cited": "from",
    "fault": "what is wrong",
    "changed": "changed here",
    "share_low": "share, at least",
    "share_high": "share, at most",
    "lag_low_h": "to a correction, at least",
    "lag_high_h": "at most",
    "own_when": "in its language",
    "own_low_h": "to one in it, at least",
    "own_high_h": "at most ",
}


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
        The columns (or index levels) to show, in order; a mapping gives them other headings than `HEADINGS`. A name
        that is no column is looked up as a fact of the document that `document`, or else the first column, holds.

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
        columns: Sequence[str] | Mapping[str, str],
        name: str = "",
    ):
        self.caption = caption = visible(caption)
        self.name = name or slug(caption)
        frame = frame.reset_index()
        key = "document" if "document" in frame else next(iter(columns))
        for name in columns:
            if cascade and name not in frame:
                frame[name] = [document_fact(cascade, document, name) for document in frame[key]]
        titles = (
            columns if isinstance(columns, Mapping) else {name: _heading(cascade, name, columns) for name in columns}
        )
        records = frame.to_dict("records")
        shown = {title: [visible(_cell(cascade, name, row)) for row in records] for name, title in titles.items()}
        self.frame = pd.DataFrame(shown, columns=list(titles.values()))
        self._languages = {
            titles[name]: found for name in titles if cascade and any(found := _languages(cascade, name, frame, key))
        }
        self._about = titles.get(key, "") if cascade else ""
        self._seen = _seen(cascade, frame, key) if self._about else []
        self._ids = [f"figure-{name}" for name in frame["figure"]] if "title" in frame and "figure" in frame else []
        if self.name == "sources" and "document" in frame:
            self._ids = [f"document-{name}" for name in frame["document"]]

    @property
    def rows(self) -> dict[str, object]:
        """What the page of a report makes its tables and CSV files from.

        `name`, `caption`, `columns`, `rows` (of texts), `languages` (for columns with texts in other languages, the
        language of each row), `seen` (for rows about a document, how its page was seen: kind and words) and `about`
        (the column that names the document), `ids` (for headline figures, the anchor of each).
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
        }

    def __str__(self) -> str:
        return f"{self.caption}\n{self.frame.to_string(index=False)}" if len(self.frame) else ""

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        caption = html.escape(self.caption)
        if self.frame.empty:  # nothing where there is nothing
            return {"text/plain": "", ROWS: json.dumps(self.rows)}
        with pd.option_context("display.max_colwidth", None):
            body = self.frame.to_html(index=False, border=0, escape=True, classes="woozle", justify="left")
        # JupyterLab sets tables flush right; a page without scripts of its own needs the scope of each heading.
        body = body.replace(' style="text-align: left;"', "").replace("<td>", '<td style="text-align: left">')
        body = body.replace("<th>", '<th scope="col" style="text-align: left">')
        body = body.replace("<thead>", f"<caption>{caption}</caption>\n  <thead>", 1)
        if len(self.frame) > FOLDED:
            body = f"<details><summary>{caption} ({len(self.frame)} rows)</summary>\n{body}\n</details>"
        return {"text/html": body, "text/plain": str(self), ROWS: json.dumps(self.rows)}


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


def first_row(frame: pd.DataFrame, cascade: Cascade) -> dict[str, object]:
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
        return dict.fromkeys(frame.columns, "")
    row = frame.iloc[0].to_dict()
    return {name: int(row[name]) if isinstance(row[name], np.integer) else _cell(cascade, name, row) for name in frame}


_WORDINGS = {"wording", "title", "to_wording"}


def _languages(cascade: Cascade, name: str, frame: pd.DataFrame, key: str) -> list[str]:
    """Return the language of each text in a column of wordings or titles; empty where it needs no mark."""
    if name not in _WORDINGS:
        return []
    documents = cascade.documents
    known = (documents["language"].get(document, "") for document in frame[key])
    return [language_of(str(text), language) for text, language in zip(frame[name], known, strict=True)]


def _seen(cascade: Cascade, frame: pd.DataFrame, key: str) -> list[list[str]]:
    """Return how each row's document was seen: kind and words; nothing for rows that are citations."""
    documents = cascade.facts
    if "citing" in frame or not frame[key].isin(list(documents)).any():
        return []
    found = []
    for row in frame.to_dict("records"):
        facts = documents.get(row[key])
        found.append(["", ""] if facts is None else [kind_of_sight(facts["seen"]), how_seen(cascade.case, facts)])
    return found


def _heading(cascade: Cascade | None, name: str, columns: Iterable[str]) -> str:
    """Return the heading of a column; in a table of hops the document is where the hop leads."""
    if name == "document" and "parent" in columns:
        return "to"
    return HEADINGS.get(name) or (cascade.case.field_title(name) if cascade else name)


def _cell(cascade: Cascade | None, name: str, row: Mapping[str, object]) -> str:
    value = row[name]
    if cascade is None:
        return _plain(name, value)
    if isinstance(value, tuple):
        return _listed(cascade, name, value)
    if value is None or pd.isna(value):
        return "not coded" if name in (*cascade.case.fields, "stance", "accuracy") else "–"
    if isinstance(value, str):
        return _words(cascade, name, value, row)
    if isinstance(value, pd.Timestamp):
        return when(value, value, cascade.clock)
    return _plain(name, value)


def _plain(name: str, value: object) -> str:
    """Return a value of a table that is in words already."""
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if value is None or pd.isna(value):
        return "–"
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if name.startswith("share"):
        return f"{100 * value:.0f} %"
    if name == "hours" or name.endswith("_h"):
        return duration(value)
    return plain_number(value) if isinstance(value, float) else str(value)


def _listed(cascade: Cascade, name: str, values: tuple) -> str:
    """Return several values of one cell: fields, steps of a path, documents or words."""
    if name == "changed":
        return ", ".join(cascade.case.field_title(value) for value in values)
    between = " → " if name.startswith("path") or name == "said_by" else ", "
    column = "said_by" if name == "said_by" else "document"
    return between.join(_cell(cascade, column, {column: value}) for value in values)


def _own_words(case: Case, row: Mapping[str, object]) -> bool:
    """Tell whether the words of the version that a row is about were seen; only then is what it lacks not stated."""
    codes = case.codes.get(str(row.get("document", "")), {})
    return None not in codes.get(int(row.get("version", 1)), codes.get(1, ()))


def _words(cascade: Cascade, name: str, value: str, row: Mapping[str, object]) -> str:
    case = cascade.case
    if name == "seen" and "seen_in" in row:
        return how_seen(case, row)
    if name == "field":
        return case.field_title(value)
    if name == "figure":
        return next((figure.title for figure in FIGURES if figure.name == value), value)
    if name in ("note", "seen_note"):
        return with_labels(case, value)
    if name in ("from", "to", "lead", "other"):
        return case.term_title(row["field"], value) or "not stated"
    if value in case.documents.index and name not in case.fields:
        return case.documents.loc[value, "label"]
    if not value and name in case.fields:
        return "not stated" if _own_words(case, row) else "not known"
    return case.term_title(name, value)
