"""Count the headline figures of a case in any state that it may have been in.

A state says which documents were out, which hops hold and when each document was published. The figures of the coded
state, of each draw of a Monte Carlo and of each moment of reading are counted here, by the same code.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from woozle.measure.attribution_errors import borrowings, phantom_credits
from woozle.measure.correction import publishes
from woozle.measure.counterfactual import most_cut_off
from woozle.measure.drift import OWN_WORD, TAKEN, TOLD_AS_FACT, changes
from woozle.measure.flow import NONE, Flow, ancestor_sets, below, dominators, places, root_sets
from woozle.measure.independence import grouped, said_origins, shared_source, source_links
from woozle.measure.shape import tree_figures
from woozle.measure.turn import became_false, false_from_start, false_versions
from woozle.model.cascade import KEPT, Cascade, choose
from woozle.model.document import ParentChoice


@dataclass(frozen=True)
class Statistic:
    """A headline figure: its name, title and unit, the figure that is its denominator (`of`), and what it means."""

    name: str
    title: str
    unit: str
    of: str
    means: str


STATISTICS = tuple(
    Statistic(*facts)
    for facts in (
        ("carriers", "carry the claim", "documents", "documents", "state it, pass it on, question or presuppose it"),
        ("spreading", "spread it", "documents", "carriers", "are published, and claim what is not shown to be true"),
        ("false", "are false", "documents", "coded", "state it in a form that another document shows to be false"),
        ("outlets", "outlets", "outlets", "", "that published the claim in any form"),
        ("false_outlets", "outlets with a false one", "outlets", "outlets", "that published it in a false form"),
        ("countries", "countries", "countries", "", "of outlets that carried the claim, where known"),
        ("languages", "languages", "languages", "", "in which the claim was carried"),
        ("roots", "roots", "roots", "carriers", "rely on no other document here: independent sources, at most"),
        ("effective_roots", "effective roots", "roots", "roots", "known to be independent; others may rest on these"),
        ("woozle_index", "woozle index", "documents per root", "", "carriers / roots; 1: each is its own source"),
        ("top_others", "rest on one root", "documents", "others", "can be traced to the root with most"),
        ("dominated", "hang on one document", "documents", "others", "have no path around one document below roots"),
        ("circular", "no real second source", "documents", "two_sources", "have two sources that lead back to one"),
        ("amplification", "amplification", "documents per source", "", "repeat it, per one that speaks for itself"),
        ("saw_source", "saw the source", "documents", "repeating", "rely directly on one that speaks for itself"),
        ("phantom", "credit a phantom", "documents", "crediting", "credit a source that never made the claim"),
        ("borrowed", "borrow authority", "documents", "coded", "say more than the reaction that is their only source"),
        ("hops_changed", "hops that changed it", "hops", "hops_compared", "changed a code from main parent to child"),
        ("own_words", "made its own word", "hops", "hops_speaker", "put it into the mouth of the one concerned"),
        ("told_as_fact", "told as a fact", "hops", "hops_modality", "tell as a fact what was not told as one before"),
        ("upgrades", "upgraded sources", "hops", "hops_speaker", "raised the class of the source otherwise"),
        ("attribution_lost", "attribution dropped", "hops", "hops_speaker", "name nobody where the parent did"),
        ("genre_or_date_lost", "genre or date lost", "hops", "hops_compared", "tell satire as fact, or drop a date"),
        ("size", "largest tree", "documents", "carriers", "hang together by main parents"),
        ("depth", "depth", "hops", "", "from the root of the largest tree to its deepest document"),
        ("max_breadth", "greatest breadth", "documents", "size", "at one depth of the largest tree"),
        ("structural_virality", "structural virality", "hops", "", "mean distance of two documents in the tree"),
        ("half_h", "time to half", "hours", "", "from the first to half of those that spread it"),
        ("corrections", "corrections", "documents", "documents", "debunk, deny or retract"),
        ("own_corrections", "corrections of their own", "documents", "corrections", "rely on no other correction"),
        ("first_correction_h", "first correction", "hours", "", "after the first document that spreads it"),
        ("turn_to_correction_h", "turn to correction", "hours", "", "from the turn to it; negative: it came before"),
        ("before_correction", "before the first correction", "documents", "spreading", "spread it before"),
        ("after_own_language", "false after a correction", "documents", "false", "came after one in their language"),
        ("languages_without", "languages not corrected", "languages", "false_languages", "with a false version"),
        ("removal_3", "best of up to three", "documents", "others", "cut off by removing up to three below the roots"),
        ("removal_3_false", "best of up to three, false", "documents", "false", "false ones cut off by up to three"),
    )
)  # fmt: skip
# Figures that say when: without an order of all documents they have no value.
DATED = ("half_h", "first_correction_h", "turn_to_correction_h", "before_correction", "after_own_language")
_SECONDS = 3600.0
_ENDS = {"speaker": "said_by", "modality": "modality"}  # what must be known at both ends for some kinds of drift
_HARMLESS = ("accurate", "no_claim")
_FACTS = ("outlet", "author", "country", "language", "kind", "stance")


class States:
    """A case ready to be counted in any of its states; made once a cascade.

    Attributes
    ----------
    names : tuple of str
        The documents that can be out by the moment, each after all that it cites.
    hops : tuple of ParentChoice
        The citations among them that count.
    tables : dict
        Tables of draws that were made already, by what they were made with.
    """

    def __init__(self, cascade: Cascade):
        self.cascade, self.case = cascade, cascade.case
        documents = cascade.documents
        self.names = _sorted_by_citations(cascade)
        self.number = {name: place for place, name in enumerate(self.names)}
        here = self.number
        self.hops = tuple(hop for hop in cascade.citations_that_count if hop.citing in here and hop.cited in here)
        self._cited = [here[hop.cited] for hop in self.hops]
        self._into: list[list[tuple[int, int]]] = [[] for _ in self.names]  # hops and whom they cite, by number
        for place, hop in enumerate(self.hops):
            self._into[here[hop.citing]].append((place, here[hop.cited]))
        of = {column: documents[column].to_dict() for column in _FACTS}
        self._outlet, self._country, self._language = of["outlet"], of["country"], of["language"]
        self._publishes = set(documents.index[publishes(self.case, documents)])
        self._coded = {name: name in self.case.codes for name in self.names}
        self._carrying = [cascade.carries(name) for name in self.names]
        self._corrects = [name for name in self.names if of["stance"][name] in self.case.correcting]
        self._origin = said_origins(cascade, self.names)
        self._published_by = {name: {by: of[by][name] for by in ("outlet", "author")} for name in self.names}
        false = false_versions(cascade)
        unpublished, leads = self.case.unpublished, self.case.lead_facts
        self._harmless = {
            name
            for name in self.names
            if of["kind"][name] in unpublished
            or (name in leads and leads[name]["accuracy"] in _HARMLESS and leads[name]["basis"] in here)
        }
        self._rests_on_correction = {
            name: {self.hops[place].cited for place, _ in self._into[here[name]]} for name in self._corrects
        }
        self._false = {document for document, version in false if version == 1}
        self._may_turn = set() if false_from_start(cascade) else set(became_false(cascade))
        self._kinds: dict[tuple[int, tuple[str, ...]], set[str]] = {}
        self._phantom = {document for _, _, document, *_ in phantom_credits(cascade)}
        self._credits = {name for name, facts in leads.items() if facts["said_by"]} | self._phantom
        self._beyond = {(row[2], row[0]) for row in borrowings(cascade) if row[7]}
        self._built: dict[tuple[bytes, bytes], tuple[Flow, list[list[int]], list[int], list[int]]] = {}
        self._known: dict[tuple, dict[str, float]] = {}
        self._drawn: dict[tuple[int, int, int], np.ndarray] = {}
        self.tables: dict[tuple, pd.DataFrame] = {}

    def draw_dates(self, draws: int, seed: int, sweeps: int) -> np.ndarray:
        """Return when each document was published, draws × documents, in seconds; see `woozle.measure.draw_dates`."""
        key = (draws, seed, sweeps)
        if key not in self._drawn:
            self._drawn[key] = self._gibbs(*key)
        return self._drawn[key]

    def _gibbs(self, draws: int, seed: int, sweeps: int) -> np.ndarray:
        documents = self.cascade.documents.loc[list(self.names)]
        low, high = (in_seconds(documents[end]) for end in ("earliest", "latest"))
        above: list[list[int]] = [[] for _ in self.names]
        below: list[list[int]] = [[] for _ in self.names]
        for cited, citing in {(hop.cited, hop.citing): None for hop in self.case.parent_choices}:
            if cited in self.number and citing in self.number:
                one, other = self.number[cited], self.number[citing]
                if high[one] > low[other]:  # else the intervals keep their order by themselves
                    above[other].append(one)
                    below[one].append(other)
        random = np.random.default_rng(seed)
        # A possible order: intervals are narrowed by the citations.
        times = np.repeat(np.array(low)[:, None], draws, axis=1)
        rows = list(times)  # views, one a document
        free = [place for place in range(len(low)) if high[place] > low[place]]
        for sweep in range(sweeps):
            for place, share in zip(free, random.random((len(free), draws)), strict=True):
                if sweep < sweeps - 1 and not above[place] and not below[place]:
                    continue  # nothing hangs on it
                floor, ceiling = low[place], high[place]
                for other in above[place]:
                    floor = np.maximum(rows[other], floor)
                for other in below[place]:
                    ceiling = np.minimum(rows[other], ceiling)
                rows[place][:] = floor + (ceiling - floor) * share
        return times.T

    def count(self, out: Sequence[bool], holds: Sequence[bool], times: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
        """Return the figures of one state that do not depend on dates, except through ties of main parents.

        Parameters
        ----------
        out
            Which of `names` were out.
        holds
            Which of `hops` hold.
        times
            When each of `names` was published: the drawn moment, or earliest and latest; anything that can be ordered.

        Returns
        -------
        dict
            Figures and their denominators by name, and `_spreading`, `_false`, `_turns` (numbers of documents), which
            `dated` needs.
        """
        flow, options, sets, relied_on = self._build(out, holds)
        main = [self._main(hops, times) if hops else None for hops in options]
        links = self._links(flow, sets, relied_on, dict(zip(self.names, times, strict=True)))
        key = (flow, tuple((hop.cited, hop.place) if hop else None for hop in main), links, self._answers(out))
        if key not in self._known:
            self._known[key] = self._figures(flow, main, links, out)
        return self._known[key]

    def _answers(self, out: Sequence[bool]) -> tuple[int, ...]:
        """Return how many documents were out, and which corrections; these count though they carry no claim."""
        return sum(out), *(self.number[name] for name in self._corrects if out[self.number[name]])

    def _build(self, out: Sequence[bool], holds: Sequence[bool]) -> tuple[Flow, list[list[int]], list[int], list[int]]:
        """Return the result of `_flow`, the set of roots of each document, and all roots on which any rests."""
        key = (bytes(out), bytes(holds))
        if key not in self._built:
            flow, options = self._flow(out, holds)
            sets, relied_on = root_sets(flow.parents), 0
            for place, carries in enumerate(flow.carries):
                relied_on |= sets[place] if carries else 0
            self._built[key] = (flow, options, sets, list(places(relied_on)))
        return self._built[key]

    def _flow(self, out: Sequence[bool], holds: Sequence[bool]) -> tuple[Flow, list[list[int]]]:
        """Return the documents with what each relies on, and the hops that may come from the main parent of each."""
        every = self.cascade.hops == "all"
        number: dict[int, int] = {}  # among those that are shown, by number among all
        carries: list[bool] = []  # of those
        parents, options = [], []
        for place, into in enumerate(self._into):
            if not out[place]:
                continue
            hops = [(h, number[cited]) for h, cited in into if holds[h] and cited in number]
            carried = [pair for pair in hops if carries[pair[1]]]
            how = self._carrying[place]
            own = how in ("coded", "assumed") or (how == "inferred" and bool(carried))
            if own or every:
                number[place] = len(carries)
                carries.append(own)
                parents.append(tuple(sorted({cited for _, cited in (hops if every else carried)})))
                options.append([h for h, _ in carried] if own else [])
        names = tuple(self.names[place] for place in number)
        return Flow(names, tuple(parents), tuple(carries)), options

    def _main(self, options: Sequence[int], times: Sequence[tuple]) -> ParentChoice:
        """Return the main parent among the hops `options`, by the rule of `woozle.model.cascade.choose`."""
        if len(options) == 1:
            return self.hops[options[0]]
        candidates = [self.hops[h] for h in options]
        return choose(candidates, {self.hops[h].cited: times[self._cited[h]] for h in options})

    def _links(
        self, flow: Flow, sets: Sequence[int], relied_on: Sequence[int], moment: Mapping[str, tuple]
    ) -> tuple[tuple[str, str], ...]:
        """Return which roots share a source, as `root_origins` tells it."""
        roots = sorted(relied_on, key=lambda root: moment[flow.names[root]])
        number, links, before = flow.number(), [], 0
        for root in roots:
            name = flow.names[root]
            origin, own = self._origin[name][1], self._published_by[name]
            others = (flow.names[other] for other in places(before))
            twin = next((other for other in others if shared_source(self._published_by[other], own)), "")
            near = "" if origin or twin else self._earlier(flow, sets, moment, root, before)
            above = {other: flow.members(sets[number[other]]) for other in (origin, near) if other in number}
            links += source_links(name, origin, twin, near, above)
            before |= 1 << root
        return tuple(links)

    def _earlier(self, flow: Flow, sets: Sequence[int], moment: Mapping[str, tuple], root: int, before: int) -> str:
        """Return a coded document that rests on a root before, not on this one, and was perhaps out earlier."""
        latest = moment[flow.names[root]][-1]
        for place, other in enumerate(flow.names if self._coded[flow.names[root]] else ()):
            related = sets[place] >> root & 1 or not sets[place] & before
            if flow.carries[place] and self._coded[other] and not related and moment[other][0] <= latest:
                return other
        return ""

    def _figures(
        self, flow: Flow, main: Sequence[ParentChoice | None], links: Sequence[tuple[str, str]], out: Sequence[bool]
    ) -> dict[str, Any]:
        own = [name for name, carries in zip(flow.names, flow.carries, strict=True) if carries]
        languages = {self._language[name] for name in own} - {""}
        corrects = [name for name in self._corrects if out[self.number[name]]]
        tree = _tree(flow, main)
        false = [name for name in own if name in self._false]
        in_false = {self._language[name] for name in false} - {""}
        spreading = [name for name in own if name not in self._harmless]
        cut, cut_false = most_cut_off(flow, 3, [None, [name in self._false for name in flow.names]])
        return {
            "documents": sum(out),
            "carriers": len(own),
            "others": max(len(own) - 1, 0),
            "coded": sum(self._coded[name] for name in own),
            "outlets": len({self._outlet[name] for name in own if name in self._publishes}),
            "false_outlets": len({self._outlet[name] for name in false if name in self._publishes}),
            "countries": len({self._country[name] for name in own} - {""}),
            "languages": len(languages),
            **self._sources(flow, links),
            **self._changes(flow, main),
            **tree_figures(tree),
            "corrections": len(corrects),
            "false": len(false),
            "false_languages": len(in_false),
            "languages_without": len(in_false - {self._language[name] for name in corrects}),
            "removal_3": cut,
            "removal_3_false": cut_false,
            "own_corrections": len([name for name in corrects if not self._rests_on_correction[name] & set(corrects)]),
            "spreading": len(spreading),
            "_spreading": [self.number[name] for name in spreading],
            "_false": [self.number[name] for name in false],
            "_turns": [self.number[name] for name in false if name in self._may_turn],
        }

    def _sources(self, flow: Flow, links: Sequence[tuple[str, str]]) -> dict[str, float]:
        sets = root_sets(flow.parents)
        above = ancestor_sets(flow.parents)
        carried = [place for place, carries in enumerate(flow.carries) if carries]
        resting = {root: 0 for place in carried for root in places(sets[place])}
        roots = sorted(resting)
        for place in carried:
            for root in places(sets[place]):
                resting[root] += root != place
        under = below(dominators(flow.parents), flow.carries)
        rests_on = [bits | 1 << place for place, bits in enumerate(above)]
        circular = [
            place
            for place in carried
            if any(rests_on[a] & rests_on[b] for a, b in combinations(flow.parents[place], 2))
        ]
        holders = {place for place in roots if self._origin[flow.names[place]][0] and flow.carries[place]}
        repeating = [place for place in carried if place not in holders]
        groups = set(grouped([flow.names[root] for root in roots], links).values())
        borrowed = [
            place
            for place in carried
            if len(flow.parents[place]) == 1 and (flow.names[place], flow.names[flow.parents[place][0]]) in self._beyond
        ]
        return {
            "roots": len(roots),
            "effective_roots": len(groups),
            "woozle_index": len(carried) / len(roots) if roots else float("nan"),
            "top_others": max(resting.values(), default=0),
            "dominated": max((under[place] for place in carried if flow.parents[place]), default=0),
            "circular": len(circular),
            "two_sources": sum(len(flow.parents[place]) > 1 for place in carried),
            "amplification": len(repeating) / len(holders) if holders else float("nan"),
            "repeating": len(repeating),
            "saw_source": sum(any(p in holders for p in flow.parents[place]) for place in repeating),
            "crediting": sum(flow.names[place] in self._credits for place in carried),
            "phantom": sum(flow.names[place] in self._phantom for place in carried),
            "borrowed": len(borrowed),
        }

    def _changes(self, flow: Flow, main: Sequence[ParentChoice | None]) -> dict[str, float]:
        number = flow.number()
        kinds = [self._drift(hop, flow, number) for hop in main if hop and hop.version]
        return {
            "hops_compared": len(kinds),
            **{f"hops_{what}": self._known_at_both_ends(main, field) for what, field in _ENDS.items()},
            "hops_changed": sum(bool(hop_kinds) for hop_kinds in kinds),
            "own_words": sum(OWN_WORD in hop_kinds for hop_kinds in kinds),
            "told_as_fact": sum(TOLD_AS_FACT in hop_kinds for hop_kinds in kinds),
            "upgrades": sum("upgraded source" in hop_kinds for hop_kinds in kinds),
            "attribution_lost": sum("dropped attribution" in hop_kinds for hop_kinds in kinds),
            "genre_or_date_lost": sum(bool(hop_kinds & {"genre lost", "date lost"}) for hop_kinds in kinds),
        }

    def _known_at_both_ends(self, main: Sequence[ParentChoice | None], field: str) -> int:
        """Return the number of main hops at which the code of a field is known for both documents."""
        place, codes = self.case.fields.index(field), self.case.codes
        ends = ((codes[hop.cited][hop.version], codes[hop.citing][1]) for hop in main if hop and hop.version)
        return sum(above[place] is not None and own[place] is not None for above, own in ends)

    def _drift(self, hop: ParentChoice, flow: Flow, number: Mapping[str, int]) -> set[str]:
        """Return the kinds of drift along a main hop, given what its document has the claim from in this state."""
        sources = tuple(flow.names[p] for p in flow.parents[number[hop.citing]] if flow.carries[p])
        key = (hop.place, sources)
        if key not in self._kinds:
            self._kinds[key] = {change.kind for change in changes(self.case, hop, sources)} - {TAKEN}
        return self._kinds[key]

    def dated(self, counted: Mapping[str, Any], out: Sequence[bool], seconds: Sequence[float]) -> dict[str, float]:
        """Return the figures that depend on when each document was published (seconds since any moment)."""
        times = sorted(seconds[place] for place in counted["_spreading"])
        corrects = [self.number[name] for name in self._corrects if out[self.number[name]]]
        dated: dict[str, float] = dict.fromkeys(DATED, float("nan"))
        if not times:
            return dated
        dated["half_h"] = (times[(len(times) + 1) // 2 - 1] - times[0]) / _SECONDS
        if corrects:
            first = min(seconds[place] for place in corrects)
            dated["first_correction_h"] = (first - times[0]) / _SECONDS
            dated["before_correction"] = sum(time < first for time in times)
            if counted["_turns"]:
                turned = min(seconds[place] for place in counted["_turns"])
                dated["turn_to_correction_h"] = (first - turned) / _SECONDS
            own: dict[str, float] = {}
            for place in corrects:
                language = self._language[self.names[place]] or self.names[place]  # not known: of none but itself
                own[language] = min(own.get(language, seconds[place]), seconds[place])
            dated["after_own_language"] = sum(
                seconds[place] > own.get(self._language[self.names[place]], float("inf")) for place in counted["_false"]
            )
        return dated

    def as_coded(self, surely: bool = False) -> dict[str, float]:
        """Return the figures of the coded state: all hops hold; dated figures have no value.

        `surely` counts only the documents that surely were out, else those too that perhaps were.
        """
        spans = [self.cascade.spans[name] for name in self.names]
        out = [not surely or span.latest <= self.cascade.moment for span in spans]
        times = [(span.earliest, span.latest) for span in spans]
        return self.count(out, [True] * len(self.hops), times) | dict.fromkeys(DATED, float("nan"))


@functools.lru_cache(maxsize=KEPT)
def states_of(cascade: Cascade) -> States:
    """Return the states of a cascade; made once, so that what was counted is not counted again."""
    return States(cascade)


def _tree(flow: Flow, main: Sequence[ParentChoice | None]) -> list[int]:
    """Return the number of the main parent of each document that carries the claim, by new numbers."""
    number: dict[str, int] = {}
    for name, carries in zip(flow.names, flow.carries, strict=True):
        if carries:
            number[name] = len(number)
    parent_of = {hop.citing: hop.cited for hop in main if hop}
    return [number[parent_of[name]] if name in parent_of else NONE for name in number]


def _sorted_by_citations(cascade: Cascade) -> tuple[str, ...]:
    """Return the documents so that each comes after all that it cites, else in the order of the package."""
    above = {name: [] for name in cascade.spans}
    for hop in cascade.case.parent_choices:
        if hop.citing in above and hop.cited in above:
            above[hop.citing].append(hop.cited)
    return tuple(TopologicalSorter(above).static_order())


def in_seconds(moments: pd.Series) -> list[float]:
    """Return moments as seconds since 1970."""
    return moments.map(pd.Timestamp.timestamp).to_list()
