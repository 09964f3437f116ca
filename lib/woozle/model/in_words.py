"""When a document was published and how it was seen, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from woozle import dates
from woozle.text import days, when

if TYPE_CHECKING:
    from woozle.model.cascade import Cascade
    from woozle.model.case import Case


def when_published(cascade: Cascade, document: str) -> str:
    """Return when a document was published, in words, as in the place of its outlet.

    If only the day is coded, it is given without a time. If the time zone is not known, the text says UTC.

    Examples
    --------
    >>> import woozle
    >>> cascade = woozle.open("dprk_troops_2024").cascade()
    >>> when_published(cascade, "tvchosun"), when_published(cascade, "euromaidan")
    ('21 June 2024, 21:02 (Seoul time)', '26 June 2024')
    """
    facts = cascade.facts[document]
    if _is_day(facts["published"]) and not cascade.time_zone:
        return dates.in_words(facts["published"])
    return when(facts["earliest"], facts["latest"], cascade.zone_of(document) or "UTC")


def days_published(cascade: Cascade, document: str) -> str:
    """Return the day on which a document was published, or the days between, as in the place of its outlet.

    Examples
    --------
    The agency's story went out on the 25th by London time, when it was already the 26th in Kyiv.

    >>> import woozle
    >>> days_published(woozle.open("dprk_troops_2024").cascade(), "unn_pentagon")
    '26 June 2024'
    """
    facts = cascade.facts[document]
    untouched = (facts["earliest"], facts["latest"]) == (facts["coded_earliest"], facts["coded_latest"])
    coded = facts["published"]
    if not cascade.time_zone and (_is_day(coded) or (untouched and not set("T/") & set(coded))):
        return dates.in_words(coded)
    zone = cascade.zone_of(document)
    words = days(facts["earliest"], facts["latest"], zone or "UTC")
    return words if zone else f"{words} (UTC)"


def _is_day(coded: str) -> bool:
    """Tell whether a date is coded as one day in the outlet's place, so that no time zone can turn it into another."""
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", coded))


def how_seen(case: Case, facts: Mapping[str, Any] | pd.Series[Any]) -> str:
    """Return in words how a fact was seen: the term, and the document that it was seen in."""
    where = f" ({case.documents.loc[facts['seen_in'], 'label']})" if facts["seen_in"] else ""
    return case.vocabularies["seen"].title(facts["seen"]) + where


def kind_of_sight(seen: str) -> str:
    """Return how to mark a fact with this code of `seen`: as "page", "second" (hand) or "inferred".

    Examples
    --------
    >>> kind_of_sight("page"), kind_of_sight("quoted"), kind_of_sight("inferred")
    ('page', 'second', 'inferred')
    """
    return seen if seen in ("page", "inferred") else "second"
