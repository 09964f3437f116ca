"""What the tables of a case say by a moment, before anything is measured."""

from __future__ import annotations

import pandas as pd

from woozle import dates
from woozle.description import Column, columns, described
from woozle.model.cascade import Cascade

_VERSION = columns("document", "stance", "said_by", "modality", "certainty", "accuracy", "wording", "seen", "seen_in")
_EVENT = columns(
    "seen",
    "seen_in",
    id=Column("words", "id of the event"),
    day=Column("words", "when", "date"),
    event=Column("words", "what happened"),
)


@described(
    "What each document says",
    "By document with the claim that has a coded version, its first version",
    _VERSION,
    caption="What each document with the claim says, where that is coded.",
    shown=("document", "days", "said_by", "modality", "certainty", "accuracy", "wording", "seen"),
)
def versions(cascade: Cascade) -> pd.DataFrame:
    """Return what each document with the claim says of it, where that is coded.

    Examples
    --------
    >>> import woozle
    >>> versions(woozle.open("dprk_troops_2024").cascade())["modality"].loc["tvchosun"]
    'expected'
    """
    return cascade.leads.loc[[name for name in cascade.carriers if name in cascade.leads.index], list(_VERSION)[1:]]


@described(
    "Seen at second hand",
    "By document whose page was not seen",
    columns("document", "seen", "seen_in", "seen_note", published=Column("words", "the date as coded (EDTF)")),
    caption="Documents whose page was not seen.",
    shown=("document", "when", "coded", "seen", "seen_note"),
)
def second_hand(cascade: Cascade) -> pd.DataFrame:
    """Return the documents that are known only through others.

    Examples
    --------
    >>> import woozle
    >>> second_hand(woozle.open("dprk_troops_2024").cascade())["seen"].loc["rok_official"]
    'quoted'
    """
    return cascade.documents.query("second_hand")[["published", "seen", "seen_in", "seen_note"]]


@described(
    "Inferred hops",
    "One row a citation",
    columns("cited", "citing", "relation", "evidence", "seen", "seen_in"),
    caption="Inferred hops: that one end carries the claim is inferred, or the citation itself is.",
    shown=("cited", "citing", "relation", "evidence", "seen"),
)
def inferred_hops(cascade: Cascade) -> pd.DataFrame:
    """Return the citations that count only as inferred: they are inferred, or we infer that an end carries the claim.

    Examples
    --------
    >>> import woozle
    >>> len(inferred_hops(woozle.open("dprk_troops_2024").cascade(include_inferred=False)))
    0
    """
    return cascade.citations.query("inferred")[["cited", "citing", "relation", "evidence", "seen", "seen_in"]]


@described(
    "Events by then",
    "By event, the earliest first",
    _EVENT,
    caption="What had happened by then.",
    shown=("day", "event", "seen"),
)
def known_events(cascade: Cascade) -> pd.DataFrame:
    """Return what had happened in the world by the moment of reading.

    Examples
    --------
    >>> import woozle
    >>> known_events(woozle.open("dprk_troops_2024").cascade("2024-06-20"))["day"].iloc[-1]
    '19 June 2024'
    """
    return _events(cascade, known=True)


@described(
    "Later events",
    "By event, the earliest first",
    _EVENT,
    caption="What came later, and could not be known.",
    shown=("day", "event", "seen"),
    limits="what happened afterwards does not make a report true that was not",
)
def later_events(cascade: Cascade) -> pd.DataFrame:
    """Return what happened in the world after the moment of reading.

    Examples
    --------
    >>> import woozle
    >>> later_events(woozle.open("dprk_troops_2024").cascade("2024-06-20"))["day"].iloc[0]
    '21 June 2024'
    """
    return _events(cascade, known=False)


def _events(cascade: Cascade, known: bool) -> pd.DataFrame:
    events = cascade.events[cascade.events["known"] == known].sort_values(["earliest", "latest"], kind="stable")
    events["day"] = [dates.in_words(date) for date in events["date"]]
    return events[["day", "event", "seen", "seen_in"]]
