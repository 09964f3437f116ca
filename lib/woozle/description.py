"""What a measure says about itself: its title, what its rows and columns hold, its limits, and whose method it is.

It is written once, beside the function: the tables of reports, `help()` and the documentation are made from it.
"""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

from woozle.errors import ParameterError, did_you_mean

Measure = TypeVar("Measure", bound=Callable[..., object])

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "document": "id of a document",
        "documents": "ids of documents",
        "path": "ids of documents along the flow",
        "field": "name of a field of the claim",
        "fields": "names of fields",
        "code": "code of a field",
        "codes": "codes of a field, one a step",
        "code of the field": "code of the field that the row is about",
        "term": "term of a vocabulary",
        "figure": "name of a headline figure",
        "words": "text",
        "list": "texts",
        "wording": "words of a source",
        "note": "words of a coder",
        "seen": "how it was seen",
        "count": "whole number",
        "number": "number",
        "share": "share, from 0 to 1",
        "hours": "hours",
        "moment": "moment, UTC",
        "yes or no": "yes or no",
        "in its unit": "number in the unit of its row",
        "unit": "the unit of the row",
        "as it is": "as it is",
    }
)


@dataclass(frozen=True)
class Column:
    """What a column holds.

    Attributes
    ----------
    kind : str
        One of `KINDS`: it decides how a reader sees the values.
    meaning : str
        What a value says, and what it says where it is empty.
    heading : str
        The column's heading for readers; if empty, its name.
    of : str
        The field or vocabulary of its codes or terms, if that has another name than the column.
    empty : str
        What readers see in place of an empty text.
    """

    kind: str
    meaning: str
    heading: str = ""
    of: str = ""
    empty: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ParameterError(f"kind: there is no kind of column '{self.kind}'.{did_you_mean(self.kind, KINDS)}")


STANDARD: Mapping[str, Column] = MappingProxyType(
    {
        "document": Column("document", "the document"),
        "parent": Column("document", "its main parent; empty where no source is known", "from"),
        "cited": Column("document", "the document that is relied on", "from"),
        "citing": Column("document", "the document that relies on it", "to"),
        "source": Column("document", "the document that it was taken from; else empty", "taken from"),
        "root": Column("document", "a document that relies on no other"),
        "basis": Column("document", "the document that shows it to be false", "false, going by"),
        "relation": Column("term", "how the one relies on the other", "how"),
        "stance": Column("code", "what it does about the claim"),
        "said_by": Column("code", "to whom it attributes the claim", "who said it"),
        "modality": Column("code", "how real the claim is said to be", "how real"),
        "certainty": Column("code", "how sure it is said to be", "how sure"),
        "accuracy": Column("code", "whether it is shown to be so"),
        "field": Column("field", "the field of the claim"),
        "from": Column("code of the field", "the code before", "was"),
        "to": Column("code of the field", "the code after", "became"),
        "from_wording": Column("wording", "the words before"),
        "to_wording": Column("wording", "the words after", "in its words"),
        "wording": Column("wording", "its words"),
        "evidence": Column("words", "what shows that the one relies on the other"),
        "kind": Column("words", "the kind"),
        "earliest": Column("moment", "not before"),
        "latest": Column("moment", "not after"),
        "seen": Column("seen", "how it was seen", "how seen"),
        "seen_in": Column("document", "the document that it was seen in; else empty", "seen in"),
        "seen_note": Column("note", "where it was seen", "note"),
        "note": Column("note", "what the coder remarks"),
        "second_hand": Column("yes or no", "its page was not seen"),
        "inferred": Column("yes or no", "it rests on a hop that is inferred"),
        "language": Column("term", "the language (BCP 47)"),
        "outlet_name": Column("words", "the outlet"),
        "moment": Column("moment", "the moment"),
        "hops": Column("count", "hops from the root"),
        "below": Column("count", "documents with the claim whose main path passes through it, itself included"),
        "changed": Column("count", "those that changed it", "changed here"),
        "of": Column("count", "out of how many"),
        "share": Column("share", "the share"),
        "share_low": Column("share", "the lower end of its exact 90 % interval", "share, at least"),
        "share_high": Column("share", "the upper end of its exact 90 % interval", "share, at most"),
        "median": Column("number", "the median of the draws"),
        "low": Column("number", "the lower end of the middle 90 % of the draws"),
        "high": Column("number", "the upper end of the middle 90 % of the draws"),
        "title": Column("wording", "the title"),
        "unit": Column("unit", "the unit"),
        "figure": Column("figure", "the figure"),
    }
)

# What a table can show of the document that its row is about, besides the columns of a measure.
FACTS: Mapping[str, str] = MappingProxyType(
    {"when": "published", "days": "published", "coded": "date as coded", "seen": "how seen", "seen_in": "seen in"}
)


def columns(*standard: str, **own: Column) -> dict[str, Column]:
    """Return columns by name: the `STANDARD` columns that are named, and any others as they are given.

    Examples
    --------
    >>> found = columns("document", below=Column("count", "documents below it"))
    >>> [(name, column.kind) for name, column in found.items()]
    [('document', 'document'), ('below', 'count')]
    """
    for name in standard:
        if name not in STANDARD:
            raise ParameterError(f"There is no standard column '{name}'.{did_you_mean(name, STANDARD)}")
    return {name: STANDARD[name] for name in standard} | own


@dataclass(frozen=True)
class Description:
    """What a measure says of itself; see `described`."""

    title: str
    rows: str
    columns: Mapping[str, Column]
    caption: str = ""
    shown: Sequence[str] = ()
    limits: str = ""
    source: str = ""
    counts: str = field(default="", compare=False)


_DESCRIPTIONS: dict[Callable[..., object], Description] = {}


def described(
    title: str,
    rows: str,
    columns: Mapping[str, Column],
    caption: str = "",
    shown: Sequence[str] = (),
    limits: str = "",
    source: str = "",
) -> Callable[[Measure], Measure]:
    """Say of a measure what it is; the section “Returns” of its docstring is written from this.

    Parameters
    ----------
    title
        How people call it.
    rows
        What a row is, and how rows are ordered: “One row a hop, the earliest first”.
    columns
        Every column that it returns, index levels included; see `columns`.
    caption
        The sentence above its table, filled as `Teller` fills sentences. `{actor}` is the actor of the case; a
        parameter of the measure that names a document stands for that document.
    shown
        The columns that readers see, in order: its own, or facts of the document that a row is about (`days`, …).
        Empty: all.
    limits
        What it does not say.
    source
        The publication whose method it follows.

    Examples
    --------
    >>> @described("Words", "By document", columns("document", words=Column("count", "words of its wording")))
    ... def words(cascade):
    ...     '''Return how many words the wording of each document has.'''
    ...     return cascade.leads["wording"].str.split().str.len().rename("words").to_frame()
    >>> description_of(words).counts
    'how many words the wording of each document has'
    """

    def describe(measure: Measure) -> Measure:
        text = inspect.cleandoc(measure.__doc__ or "")
        counts = re.sub(r"\s+", " ", text.split("\n\n")[0]).removeprefix("Return ").rstrip(".")
        description = Description(
            title, rows, MappingProxyType(dict(columns)), caption, tuple(shown), limits, source, counts
        )
        _DESCRIPTIONS[measure] = description
        measure.__doc__ = _docstring(text, description)
        return measure

    return describe


def is_described(measure: object) -> bool:
    """Tell whether a measure describes itself."""
    return measure in _DESCRIPTIONS


def description_of(measure: Callable[..., object]) -> Description:
    """Return what a measure says of itself.

    Raises
    ------
    ParameterError
        It says nothing of itself.
    """
    if measure not in _DESCRIPTIONS:
        name = getattr(measure, "__name__", str(measure))
        raise ParameterError(f"'{name}' does not say what its columns hold: put woozle.description.described above it.")
    return _DESCRIPTIONS[measure]


def _docstring(text: str, description: Description) -> str:
    """Return a docstring with the sections from the description: Returns after the parameters, Notes after Raises."""
    rows = description.rows.rstrip(".")
    lines = [f"{rows}. Columns:", ""]
    for name, column in description.columns.items():
        lines.append(textwrap.fill(f"- `{name}` ({KINDS[column.kind]}): {column.meaning}", 110, subsequent_indent="  "))
    returns = "Returns\n-------\nDataFrame\n" + textwrap.indent("\n".join(lines), "    ")
    notes = [f"Limits: {description.limits}."] * bool(description.limits) + [f"After {description.source}."] * bool(
        description.source
    )
    after = "Notes\n-----\n" + "\n\n".join(textwrap.fill(note, 114) for note in notes) if notes else ""
    before, *rest = re.split(r"(?m)^(?=(?:Raises|Examples)\n-+$)", text)
    examples = [part for part in rest if part.startswith("Examples")]
    others = [part for part in rest if not part.startswith("Examples")]
    parts = [before, returns, *others, after, *examples]
    return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"
