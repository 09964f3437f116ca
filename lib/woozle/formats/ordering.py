"""Choose the new citations that the dates allow: no document relies on a later one, and none in a circle."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from woozle import dates
from woozle.errors import DateError, WoozleError
from woozle.package.check import find_cycle


@dataclass(slots=True)
class DocumentRow:
    """A row of documents.csv: what an import reads of it, and its other cells."""

    id: str
    outlet: str
    label: str = ""
    kind: str = ""
    language: str = ""
    published: str = ""
    title: str = ""
    url: str = ""
    author: str = ""
    seen: str = ""
    seen_in: str = ""
    seen_note: str = ""
    others: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def of_row(cls, row: Mapping[str, str]) -> DocumentRow:
        """Return a row of the table."""
        own = {name: row[name] for name in cls.__slots__ if name in row and name != "others"}
        return cls(**own, others={name: cell for name, cell in row.items() if name not in own})

    def cell(self, name: str) -> str:
        """Return what stands in a column."""
        return getattr(self, name) if name in self.__slots__ and name != "others" else self.others.get(name, "")


class Citation(NamedTuple):
    """A new row of citations.csv, where it comes from, and how it was seen there."""

    citing: str
    cited: str
    relation: str
    words: str
    source: str
    row: str
    seen: str = "page"


class Order:
    """The order in which documents were published, as far as their dates say.

    Parameters
    ----------
    documents
        The documents of the case, with the new ones, by id.
    outlets
        Their outlets, by id: for the zones in which a day lies.
    held
        The citations that the case has already.

    Attributes
    ----------
    left_out : list of (Citation, str)
        Citations that were left out, and why.
    """

    def __init__(
        self,
        documents: Mapping[str, DocumentRow],
        outlets: Mapping[str, Mapping[str, str]],
        held: list[dict[str, str]],
    ):
        self.documents, self.outlets, self.held = documents, outlets, held
        self.left_out: list[tuple[Citation, str]] = []

    def of(self, fresh: list[Citation]) -> list[Citation]:
        """Return the new citations without those whose cited document is surely later, and without circles."""
        ordered = [self._plainly_ordered(one.cited, one.citing) for one in fresh]
        tied = [(one.cited, one.citing) for one, order in zip(fresh, ordered, strict=True) if order == "same"]
        if all(ordered) and not find_cycle(tied):
            return fresh  # exact moments in order can't contradict, and only documents of one moment can form a circle
        ends = {row[name] for row in self.held for name in ("citing", "cited")}
        spans = self._spans(ends.union(*((one.citing, one.cited) for one in fresh)))
        good: list[Citation] = []
        for one in fresh:
            citing, cited = spans.get(one.citing), spans.get(one.cited)
            if citing and cited and citing[1] < cited[0]:
                self._drop(one, "the cited document was published later")
            else:
                good.append(one)
        while True:
            good, circling = self._along_chains(good, spans)
            if not circling:
                return good
            good = self._without_circle(good, circling)

    def _plainly_ordered(self, cited: str, citing: str) -> str:
        """Return "before" or "same" for two moments that are exact to the second, in UTC, as their texts sort."""
        first, second = self.documents[cited].published, self.documents[citing].published
        exact = len(first) == len(second) == 20 and first[-1] == second[-1] == "Z"
        return "" if not exact or first > second else "before" if first < second else "same"

    def _along_chains(
        self, good: list[Citation], spans: Mapping[str, tuple[int, int]]
    ) -> tuple[list[Citation], set[str]]:
        """Leave out what contradicts dates only by way of other citations; return the rest, and documents in circles.

        Documents that rely on a circle are returned too. No document is earlier than what it relies on: this earliest
        moment is passed on along the citations.
        """
        pairs = [(row["cited"], row["citing"]) for row in self.held]
        held = len(pairs)
        pairs += [(one.cited, one.citing) for one in good]
        cited_by: dict[str, list[int]] = {}
        waits: dict[str, int] = {}
        for place, (cited, citing) in enumerate(pairs):
            cited_by.setdefault(cited, []).append(place)
            waits[citing] = waits.get(citing, 0) + 1
        earliest = {name: span[0] for name, span in spans.items()}
        dropped = set[int]()
        ready = [name for name in cited_by if name not in waits]
        while ready:
            name = ready.pop()
            for place in cited_by.get(name, ()):
                citing = pairs[place][1]
                if name in earliest and citing in earliest and earliest[name] > earliest[citing]:
                    if earliest[name] > spans[citing][1] and place >= held:
                        dropped.add(place - held)
                        self._drop(good[place - held], "by other citations, the cited document was published later")
                    else:
                        earliest[citing] = earliest[name]
                waits[citing] -= 1
                if not waits[citing]:
                    ready.append(citing)
        circling = {name for name, left in waits.items() if left}
        return [one for place, one in enumerate(good) if place not in dropped], circling

    def _without_circle(self, good: list[Citation], circling: set[str]) -> list[Citation]:
        """Leave out one new citation of a circle: the one most against the dates, or of equals the last.

        Raises
        ------
        WoozleError
            The circle has no new citation: the case itself has a circle.
        """
        pairs = [(row["cited"], row["citing"]) for row in self.held]
        pairs += [(one.cited, one.citing) for one in good]
        circle = find_cycle(pair for pair in pairs if circling.issuperset(pair))
        steps = set(zip(circle, [*circle[1:], *circle[:1]], strict=True))
        inside = [one for one in good if (one.cited, one.citing) in steps]
        if not inside:
            raise WoozleError("The citations of the case form a circle already. See woozle check.")
        # The one that runs most against the dates is left out; of equals the last.
        spans = self._spans(circle)
        late = [spans[one.cited][0] - spans[one.citing][0] if one.cited in spans and one.citing in spans else 0
                for one in inside]  # fmt: skip
        worst = max(range(len(inside)), key=lambda place: (late[place], place))
        self._drop(inside[worst], "the two would rely on each other, directly or by way of others")
        return [one for one in good if one is not inside[worst]]

    def _drop(self, one: Citation, why: str) -> None:
        self.left_out.append((one, why))

    def _spans(self, names: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Return the first and last second of each document that has a date; exact moments take a short cut."""
        spans: dict[str, tuple[int, int]] = {}
        zones: dict[str, tuple[str, ...]] = {}
        for name in names:
            row = self.documents.get(name)
            if row is None or not row.published:
                continue
            text, outlet = row.published, row.outlet
            if len(text) == 20 and text[-1] == "Z":
                second = calendar.timegm((int(text[:4]), int(text[5:7]), int(text[8:10]), int(text[11:13]),
                                          int(text[14:16]), int(text[17:19])))  # fmt: skip
                spans[name] = second, second
                continue
            try:
                if outlet not in zones:
                    of = self.outlets[outlet]
                    zones[outlet] = dates.zones_of(of.get("time_zone", ""), of.get("country", ""))
                span = dates.parse(text, zones[outlet])
            except (DateError, KeyError):
                continue
            spans[name] = int(span.earliest.timestamp()), int(span.latest.timestamp())
        return spans
