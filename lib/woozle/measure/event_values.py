"""What happened in the world while the claim went round, where events have figures."""

from __future__ import annotations

import pandas as pd

from woozle.description import Column, columns, described
from woozle.errors import UnknownDocumentError, did_you_mean
from woozle.model.cascade import Cascade

_MINUTE = 60.0


@described(
    "What happened in the world, in figures",
    "By event with a value, in the order of time",
    columns(
        "earliest",
        "latest",
        "unit",
        "seen",
        "seen_in",
        "seen_note",
        id=Column("words", "id of the event"),
        event=Column("words", "what happened"),
        value=Column("number", "the figure"),
        share_change=Column("share", "against the first value in the same unit; missing where that is 0", "change"),
        earliest_min=Column(
            "number", "minutes after the document (negative: before it), at least", "minutes after it, at least"
        ),
        latest_min=Column("number", "the same, at most", "at most"),
    ),
    limits="that a value changed after a document was out does not show that it changed because of it",
)
def event_values(cascade: Cascade, since: str = "") -> pd.DataFrame:
    """Return the events that have a value, in order of time, and how long before or after a document each came.

    That a value changed after a document was out does not show that it changed because of it.

    Parameters
    ----------
    cascade
        The cascade; events after its moment are left out.
    since
        The document from which minutes are counted; if not given, the minutes are missing.

    Raises
    ------
    UnknownDocumentError
        There is no such document by then.

    Examples
    --------
    At its low the share had lost more than three fifths of the last price before.

    >>> import woozle
    >>> found = event_values(woozle.open("ual_bankruptcy_2008").cascade(), "isa_summary")
    >>> round(float(found["share_change"].loc["low"]), 2)
    -0.62
    """
    events = cascade.events
    valued = events[events["known"] & events["value"].notna()]
    valued = valued.sort_values(["latest", "earliest"], kind="stable")
    first = valued.groupby("unit")["value"].transform("first")
    change = (valued["value"] / first - 1).where(first != 0)
    ends = {"earliest_min": float("nan"), "latest_min": float("nan")}
    if since:
        if since not in cascade.visible_ids:
            raise UnknownDocumentError(f"There is no document '{since}' by then.{did_you_mean(since, cascade.spans)}")
        span = cascade.spans[since]
        ends = {
            "earliest_min": (valued["earliest"] - span.latest).dt.total_seconds() / _MINUTE,
            "latest_min": (valued["latest"] - span.earliest).dt.total_seconds() / _MINUTE,
        }
    columns = ["event", "earliest", "latest", "value", "unit", "share_change", "earliest_min", "latest_min"]
    return valued.assign(share_change=change, **ends)[[*columns, "seen", "seen_in", "seen_note"]]
