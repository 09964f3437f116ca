"""The documents and hops of a case as a directed acyclic graph, as of a moment."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pandas as pd

from woozle import dates, moved
from woozle.errors import DateError, ParameterError, UnknownDocumentError, did_you_mean, listed
from woozle.model.cards import cascade_card
from woozle.model.document import Document, Hop, ParentChoice, find_document, find_hop
from woozle.package.problems import quoted
from woozle.rows import records_by_id

if TYPE_CHECKING:
    import networkx as nx

    from woozle.model.case import Case

HOPS = ("carrying", "all")
# What tab completion shows: what a notebook needs.
_SHOWN = (
    "as_of", "ancestors", "carriers", "case", "children", "citations", "descendants", "document", "documents", "events",
    "hop", "hops", "leads", "main_parents", "moment", "parents", "paths", "roots", "time_zone",
)  # fmt: skip
LATEST = "latest"
KEPT = 128  # number of cascades for which other modules cache their results


def _read(default: object, meaning: str, unusual: str = "", left_out: str = "") -> Any:
    """Return a parameter of how a case is read, with its texts for notebooks, `woozle parameters` and pages.

    Parameters
    ----------
    default
        What is usual.
    meaning
        For the notebooks and for `woozle parameters`.
    unusual
        How a page goes on after "Read" if the parameter has another value than usual.
    left_out
        What is not counted if the parameter is False.
    """
    return field(default=default, metadata={"meaning": meaning, "unusual": unusual, "left_out": left_out})


@dataclass(frozen=True, eq=False)
class Cascade:
    """A case as it could be known at a moment.

    Parameters
    ----------
    case
        The case.
    as_of
        The moment of reading: a day (its end in `time_zone`), a date-time in ISO 8601, or "latest": after everything.
    hops
        What counts as relying on a source: "carrying" (only hops along which the claim passed) or "all" citations, to
        check how much depends on that choice. Main parents come from carrying hops in either case.
    time_zone
        IANA name of the zone in which a day of `as_of` ends, and in which all days and times are told. If empty, a day
        of `as_of` ends in UTC, and each document's day is told as in the place of its outlet.
    include_inferred
        Whether to count links that were inferred and not coded: through a document without a coded version, or by a
        citation that is itself inferred.
    include_second_hand
        Whether citations count that were not seen on the page of the citing document.

    Raises
    ------
    ParameterError
        A parameter has an impossible value, or nothing was published by then.

    Examples
    --------
    >>> import woozle
    >>> cascade = woozle.open("dprk_troops_2024").cascade(as_of="2024-06-22")
    >>> cascade.documents["exists"].to_dict()
    {'rok_official': 'surely', 'tvchosun': 'surely'}
    """

    case: Case
    as_of: str = _read("latest", "read the case as of a day (its end in time_zone), a date-time, or latest")
    hops: str = _read(
        "carrying",
        "count only the citations that passed the claim on (carrying), or all",
        unusual="with every citation counted as a source",
    )
    time_zone: str = _read("", "zone of the days (IANA name); empty: that of case.yaml or of the outlet")
    include_inferred: bool = _read(
        True, "also count links that we inferred", unusual="without inferred links", left_out="inferred hops"
    )
    include_second_hand: bool = _read(
        True,
        "also count citations whose page we did not see",
        unusual="without what was seen at second hand",
        left_out="citations seen at second hand",
    )

    def __post_init__(self) -> None:
        if isinstance(self.as_of, datetime.date):
            object.__setattr__(self, "as_of", self.as_of.isoformat())
        check_reading(**{name: getattr(self, name) for name in READING})
        first = self.case.documents["earliest"].min()
        if self.moment < first:
            raise ParameterError(
                f"as_of: nothing of this case was published by {self.as_of}; its first document dates from "
                f"{first:%Y-%m-%d} UTC."
            )

    @property
    def left_out(self) -> tuple[str, ...]:
        """What is not counted, in words."""
        return tuple(
            parameter.metadata["left_out"] for name, parameter in READING.items() if getattr(self, name) is False
        )

    @cached_property
    def moment(self) -> pd.Timestamp:
        """The moment of reading, in UTC; for "latest" the last moment of the last document."""
        if self.as_of == LATEST:
            return self.case.documents["latest"].max()
        return read_moment(self.as_of, self.clock)

    @property
    def clock(self) -> str:
        """The zone for moments that belong to no single place: `time_zone`, else UTC."""
        return self.time_zone or "UTC"

    def zone_of(self, document: str) -> str:
        """Return the zone in which a document's day is told; empty where its place has several, or is not known.

        `time_zone`, if given; else that of the outlet, or of its country, or the offset that its time is coded with.
        """
        return self._zones[document]

    @cached_property
    def _zones(self) -> Mapping[str, str]:
        return {document: self._zone(facts) for document, facts in self.facts.items()}

    def _zone(self, facts: Mapping[str, Any]) -> str:
        zones = (self.time_zone,) if self.time_zone else self.case.zones[facts["outlet"]]
        if len(zones) == 1:
            return zones[0]
        if offset := re.search(r"[+-]\d\d:\d\d(?=[~?]?$)", facts["published"]):
            return offset[0]
        ends = [facts[end].to_pydatetime() for end in ("earliest", "latest")]
        same = {end.astimezone(ZoneInfo(zone)).utcoffset() for zone in zones for end in ends}
        if len(same) > 1:
            return ""
        offset = ends[0].astimezone(datetime.timezone(same.pop())).strftime("%z")
        return f"{offset[:3]}:{offset[3:]}"

    @cached_property
    def facts(self) -> Mapping[str, Mapping[str, Any]]:
        """The rows of `documents` as plain values, by document; cached, because pages look them up very often."""
        return records_by_id(self._documents)

    @cached_property
    def _documents(self) -> pd.DataFrame:
        documents = self.case.documents
        documents = documents[documents["earliest"] <= self.moment].copy()
        documents["exists"] = (documents["latest"] <= self.moment).map({True: "surely", False: "perhaps"})
        leads = self.leads.reindex(documents.index)
        documents["stance"] = leads["stance"]
        documents["modality"] = leads["modality"]
        documents["carries"] = [self._carrying[name] for name in documents.index]
        documents["second_hand"] = documents["seen"] != "page"
        return documents

    @property
    def documents(self) -> pd.DataFrame:
        """The documents that exist by then, by id: the columns of `Case.documents` and more.

        `exists` (surely, perhaps), `stance` and `modality` of the lead version (missing where none is coded),
        `carries` (coded, assumed, inferred, no: whether it carries the claim), `second_hand` (the page was not seen).
        """
        return self._documents.copy(deep=False)

    @cached_property
    def visible_ids(self) -> frozenset[str]:
        """The documents that exist by then."""
        return frozenset(self._documents.index)

    @cached_property
    def spans(self) -> dict[str, dates.Interval]:
        """When each document that exists by then was published, by id."""
        ends = zip(self._documents["earliest"], self._documents["latest"], strict=True)
        return {name: dates.Interval(*pair) for name, pair in zip(self._documents.index, ends, strict=True)}

    @property
    def events(self) -> pd.DataFrame:
        """What happened in the world: the columns of `Case.events` and `known` (it had happened by then)."""
        events = self.case.events
        events["known"] = events["earliest"] <= self.moment
        return events

    @property
    def leads(self) -> pd.DataFrame:
        """The first version of each document that has one, by document: the columns of `Case.claims`."""
        return self.case.leads.copy(deep=False)

    @cached_property
    def _carrying(self) -> dict[str, str]:
        """How each document of the case carries the claim: coded, assumed, inferred, no."""
        how = {name: "coded" if carries else "no" for name, carries in self.case.coded_carriers.items()}
        sources: dict[str, list[str]] = {}
        checks = self.case.vocabularies["relation"].having("role", "check")
        for hop in self.citations_that_count:
            if hop.relation not in checks:  # who checks a claim does not carry it
                sources.setdefault(hop.citing, []).append(hop.cited)
        cited = {hop.cited for hop in self.citations_that_count}
        checking = {hop.citing for hop in self.citations_that_count if hop.relation in checks}

        def carries(name: str) -> str:
            # A document known only by name carries the claim where a document that carries it leads into it.
            if name not in how:
                leads_in = [carries(source) != "no" for source in sources.get(name, [])]
                inferred = name in cited and any(leads_in)
                assumed = self.case.uncoded_carry and (name in sources or name not in checking)
                carried = "assumed" if assumed else "inferred" if inferred else "no"
                how[name] = carried if self.include_inferred else "no"
            return how[name]

        return {name: carries(name) for name in self.case.documents.index}

    @cached_property
    def citations_that_count(self) -> tuple[ParentChoice, ...]:
        """The citations that count, whatever the moment."""
        return tuple(
            hop
            for hop in self.case.parent_choices
            if (self.include_inferred or hop.seen != "inferred") and (self.include_second_hand or hop.seen == "page")
        )

    @property
    def citations(self) -> pd.DataFrame:
        """The hops among the documents that exist by then, one a row: the columns of `citations.csv` and more.

        `carrying` (the claim passed along it), `inferred` (we only infer that one of its ends carries the claim, or the
        citation itself is inferred), `main` (from the main parent).
        """
        return self._citations.copy(deep=False)

    @cached_property
    def _citations(self) -> pd.DataFrame:
        rows = [
            hop.place
            for hop in self.citations_that_count
            if hop.citing in self.visible_ids and hop.cited in self.visible_ids
        ]
        citations = self.case.citations.iloc[rows].reset_index(drop=True)
        ends = citations[["citing", "cited"]].map(self._carrying.get)
        citations["carrying"] = (ends != "no").all(axis=1)
        through_uncoded = citations["carrying"] & (ends == "inferred").any(axis=1)
        citations["inferred"] = through_uncoded | (citations["seen"] == "inferred")
        parents = self.main_parents
        mains = set(zip(parents.index, parents["parent"], parents["relation"], strict=True))
        rows = zip(citations["citing"], citations["cited"], citations["relation"], strict=True)
        citations["main"] = [row in mains for row in rows]
        return citations

    @cached_property
    def carriers(self) -> tuple[str, ...]:
        """The documents that carry the claim, in the order of the package."""
        return tuple(self._documents.index[self._documents["carries"] != "no"])

    @cached_property
    def graph(self) -> nx.DiGraph[str]:
        """The hops that count, drawn along the flow from cited to citing; read it, do not change it.

        With hops "carrying" its nodes are the documents that carry the claim; with "all", all documents.
        """
        import networkx as nx

        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_nodes_from(self.carriers if self.hops == "carrying" else self._documents.index)
        graph.add_edges_from(
            (hop.cited, hop.citing) for hop in self.citations_that_count if hop.cited in graph and hop.citing in graph
        )
        nx.freeze(graph)  # pyright: ignore[reportUnknownMemberType]
        return graph

    def parents(self, document: str) -> tuple[str, ...]:
        """Return the documents that this one relies on, in the order of the package.

        Raises
        ------
        UnknownDocumentError
            The document is not in the graph.
        """
        return self._sorted(self.graph.predecessors(self._known(document)))

    def children(self, document: str) -> tuple[str, ...]:
        """Return the documents that rely on this one directly."""
        return self._sorted(self.graph.successors(self._known(document)))

    def ancestors(self, document: str) -> tuple[str, ...]:
        """Return all documents that this one rests on."""
        import networkx as nx

        rests_on = nx.ancestors(self.graph, self._known(document))  # pyright: ignore[reportUnknownMemberType]
        return self._sorted(rests_on)

    def descendants(self, document: str) -> tuple[str, ...]:
        """Return all documents that rest on this one."""
        import networkx as nx

        resting = nx.descendants(self.graph, self._known(document))  # pyright: ignore[reportUnknownMemberType]
        return self._sorted(resting)

    def roots(self, document: str | None = None) -> tuple[str, ...]:
        """Return the documents that rely on no other: all, or those that `document` can be traced to.

        Examples
        --------
        >>> import woozle
        >>> woozle.open("dprk_troops_2024").cascade().roots("ostro")
        ('rok_official', 'naudittt')
        """
        names = self.graph if document is None else {document, *self.ancestors(document)}
        return self._sorted(name for name in names if self.graph.in_degree(name) == 0)

    def paths(self, source: str, target: str) -> Iterator[tuple[str, ...]]:
        """Yield the paths along the flow from one document to another."""
        import networkx as nx

        yield from map(tuple, nx.all_simple_paths(self.graph, self._known(source), self._known(target)))

    @cached_property
    def main_parents(self) -> pd.DataFrame:
        """The main parent of each document that has a carrying hop into it, by document.

        Columns: `parent`, `parent_version` (the version of the parent that the lead is nearest to; 0 where it has
        none), `relation`, `changed` (number of changed codes; missing where an end has no coded version), `choices`
        (number of parents to choose among; chosen by rule where above 1), `inferred`.

        The rule: the fewest changed codes (one that is not known in the source counts as changed); then the more
        literal relation by its rank; then the earlier document.
        """
        kept = {
            citing: {
                "parent": hop.cited,
                "parent_version": hop.version,
                "relation": hop.relation,
                "changed": hop.changed if hop.version else None,
                "choices": len({option.cited for option in self.choices[citing]}),
                "inferred": self.is_inferred(hop),
            }
            for citing, hop in self.main_hops.items()
        }
        columns = ["parent", "parent_version", "relation", "changed", "choices", "inferred"]
        frame = pd.DataFrame.from_dict(kept, orient="index", columns=columns)
        return frame.astype({"changed": "Int64"}).rename_axis("document")

    @cached_property
    def main_hops(self) -> dict[str, ParentChoice]:
        """The hop from the main parent of each document that has one, by document, in the order of the package."""
        documents = self._documents
        times = dict(zip(documents.index, zip(documents["earliest"], documents["latest"], strict=True), strict=True))
        return {citing: choose(self.choices[citing], times) for citing in self._sorted(self.choices)}

    @cached_property
    def choices(self) -> dict[str, list[ParentChoice]]:
        """The carrying hops into each document that has any: the candidates for its main parent."""
        carriers = set(self.carriers)
        by_citing: dict[str, list[ParentChoice]] = {}
        for hop in self.citations_that_count:
            if hop.citing in carriers and hop.cited in carriers:
                by_citing.setdefault(hop.citing, []).append(hop)
        return by_citing

    def document(self, name: str) -> Document:
        """Return a document as it stands here: a card in a notebook.

        Raises
        ------
        UnknownDocumentError
            The case has no such document, or it was not out by then.
        """
        return find_document(self, name)

    def hop(self, cited: str, citing: str) -> Hop:
        """Return the citation of one document by another, along the flow: a card in a notebook.

        Raises
        ------
        UnknownDocumentError
            There is no such document or citation.
        """
        return find_hop(self, cited, citing)

    def carries(self, document: str) -> str:
        """Tell how a document carries the claim: coded, assumed (see `Case.uncoded_carry`), inferred, no."""
        return self._carrying[document]

    def is_inferred(self, hop: ParentChoice) -> bool:
        """Tell whether a hop counts only as inferred."""
        return "inferred" in (self._carrying[hop.cited], self._carrying[hop.citing], hop.seen)

    def _known(self, document: str) -> str:
        if document not in self.graph:
            where = f"in the cascade of '{self.case.name}' (hops: {self.hops}, as of {self.as_of})"
            raise UnknownDocumentError(
                f"There is no document '{document}' {where}.{did_you_mean(document, self.graph)}"
            )
        return document

    def _sorted(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(names, key=self._order.__getitem__))

    @cached_property
    def _order(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self._documents.index)}

    def __repr__(self) -> str:
        counts = f"{len(self._documents)} documents, {len(self.carriers)} carry the claim"
        return f"Cascade({self.case.name!r}, as of {self.as_of}: {counts})"

    def _repr_html_(self) -> str:
        return cascade_card(self).html()

    def __dir__(self) -> list[str]:
        return list(_SHOWN)

    def __getattr__(self, name: str) -> object:
        if name == "here":
            moved.tell("Cascade.here", "Cascade.visible_ids")
            return self.visible_ids
        raise AttributeError(f"A cascade has no '{name}'.{did_you_mean(name, _SHOWN)} It has: {', '.join(_SHOWN)}.")


# How a case can be read, by the name of the parameter.
READING = {parameter.name: parameter for parameter in fields(Cascade) if parameter.name != "case"}


def check_reading(**values: Any) -> None:
    """Check how a case is to be read, as far as that can be told without the case.

    Raises
    ------
    ParameterError
        A value is impossible in every case.
    """
    zone = read_zone(values.get("time_zone") or "UTC")
    if values.get("as_of", LATEST) != LATEST:
        read_moment(values["as_of"], zone)
    for name, value in values.items():
        if isinstance(READING[name].default, bool) and not isinstance(value, bool):
            raise ParameterError(f"{name}: {value!r:.60} is neither True nor False.")
    if (hops := values.get("hops", HOPS[0])) not in HOPS:
        raise ParameterError(f"hops: {quoted(str(hops))} is not one of {listed(HOPS)}.{did_you_mean(str(hops), HOPS)}")


def choose(options: Iterable[ParentChoice], times: Mapping[str, tuple[pd.Timestamp, pd.Timestamp]]) -> ParentChoice:
    """Return the main parent among the candidates, given when each document was published.

    The rule: the fewest changed codes (one that is not known in the source counts as changed); then the more
    literal relation by its rank; then the earlier document.
    """
    return min(options, key=lambda hop: (hop.changed, hop.rank, *times[hop.cited], hop.place))


def read_moment(as_of: object, time_zone: str = "UTC") -> pd.Timestamp:
    """Return the moment that `as_of` means: the end of a day (month, year), or the given minute.

    Raises
    ------
    ParameterError
        It is not a date, or it is an interval, or is marked as uncertain; or there is no such time zone.

    Examples
    --------
    >>> read_moment("2024-06-26", "Asia/Seoul")
    Timestamp('2024-06-26 14:59:59+0000', tz='UTC')
    """
    if not isinstance(as_of, str) or re.search("[~?/]", as_of):
        raise ParameterError(
            f"as_of: {quoted(str(as_of))} is not a moment. Write a day (2024-06-26), 2024-06-26T12:00+02:00 or "
            f"{LATEST}."
        )
    read_zone(time_zone)
    try:
        return pd.Timestamp(dates.parse(as_of, [time_zone]).latest)
    except DateError as error:
        reason = str(error).split(" Write ")[0]
        raise ParameterError(
            f"as_of: {reason} Write a day (2024-06-26), 2024-06-26T12:00+02:00 or {LATEST}."
        ) from error


_HERE = ("localtime", "posixrules", "Factory")


def read_zone(time_zone: str) -> str:
    """Return the name of a time zone, or raise `ParameterError`."""
    if time_zone in _HERE:
        raise ParameterError(f"time_zone: '{time_zone}' is not the same zone everywhere. Name one, as Europe/Berlin.")
    try:
        dates.parse("2024", [time_zone])
    except (DateError, TypeError) as error:
        raise ParameterError(f"time_zone: {error}") from error
    return time_zone
