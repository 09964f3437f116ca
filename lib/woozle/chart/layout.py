"""Compute where the marks of a chart go: order of rows, time axis with cuts, places of labels. Nothing is drawn."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from woozle.model.cascade import KEPT, Cascade
from woozle.model.case import Case
from woozle.model.in_words import how_seen, when_published
from woozle.rows import records
from woozle.text import cut_at_word, text_width

DOUBTFUL = 0.9  # a hop with less confidence than this is dashed, like an inferred one
ROW, FONT, TITLE = 18.0, 11.0, 15.0  # height of a row, sizes of labels and titles (pixels)
BOLD = 0.86  # of a width: titles are bold, and the font of a reader may be wider than ours
GAP = 9.0  # least distance from parent to child (pixels)
_WEEK = 7
_WITH_HOURS, _HOUR = 2, 48.0  # an axis of at most so many days also shows hours, if each has this room (pixels)
TOP, CUT = 26.0, 26.0  # room for the axis above the first row, width of a cut in the axis (pixels)
BANDS = {
    "carries": "",
    "none": "Do not state the claim",
    "uncoded": "In the case, without a coded version",
    "non_confirmation": "Neither confirm nor correct",
    "correction": "Correct the claim",
}


@dataclass(frozen=True, eq=False)
class TreeLayout:
    """The places of all marks of a family tree, in pixels from the top left corner.

    Attributes
    ----------
    rows : DataFrame
        By document: `label`, `label_x`, `y`, `x` (point), `x0`, `x1` (bar of possible times), `parent`, `depth`,
        `band` (carries, none, uncoded, non_confirmation, correction), what the tooltip says, and the flags that decide
        how it is drawn.
    hops : DataFrame
        The hops to parents, drawn as elbows: `citing`, `cited`, `relation`, `x0`, `y0`, `x1`, `y1`, `inferred` (or held
        less probable than `DOUBTFUL`), `carrying`.
    others : DataFrame
        The hops to other sources, in the same columns.
    ticks : DataFrame
        The axis: `x`, `label`, `cut` (the axis is cut here), `x1` (end of the cut).
    headings : DataFrame
        The names of the bands: `text`, `y`.
    legend : DataFrame
        What documents say, in order: `says`, `tone` (below, told_as_fact, own_word, not_coded, none,
        non_confirmation, correction),
        `step` (from 0, weakest, to 1 within the tone).
    width, height : float
        Of the whole, in pixels.
    time_zone : str
        The zone in which days begin and times are written.
    """

    rows: pd.DataFrame
    hops: pd.DataFrame
    others: pd.DataFrame
    ticks: pd.DataFrame
    headings: pd.DataFrame
    legend: pd.DataFrame
    width: float
    height: float
    time_zone: str = "UTC"


def family_tree(
    cascade: Cascade, width: float = 1100, fold: int | None = None, notes: Mapping[str, str] | None = None
) -> TreeLayout:
    """Return the layout of the family tree with time along x.

    Each point is to the right of its parent, even if both documents may have come out at the same time. Each label is
    to the right of its point and bar, where no elbow runs through it: elbows leave a parent downwards.

    Parameters
    ----------
    cascade
        The cascade.
    width
        Of the whole, in pixels.
    fold
        Show coded documents without children in one row if more than this many have one parent, band and modality.
    notes
        Words beside the labels of some documents, by id; these labels are drawn bold.
    """
    tree = _Tree(cascade, fold, notes=notes)
    axis = TimeAxis(tree.members["earliest"], tree.members["latest"], cascade.clock)
    span = _span_that_fits(tree, axis, width)
    return tree.placed(_points_in_time(tree, axis, span), axis.ticks(span).drop(columns=["day", "day1"]), width)


def narrow_tree(
    cascade: Cascade, width: float = 360, fold: int | None = 2, notes: Mapping[str, str] | None = None
) -> TreeLayout:
    """Return the layout of the family tree for a phone: generations as indents, no time axis; see `family_tree`."""
    tree = _Tree(cascade, fold, ROW / 2, notes)
    x = {name: 8 + 16.0 * tree.depth[name] for name in tree.order}
    places = {name: (x[name], x[name], x[name]) for name in tree.order}
    return tree.placed(places, pd.DataFrame(columns=["x", "label", "cut", "x1"]), width)


def squeezed(tree: TreeLayout, height: float) -> TreeLayout:
    """Return a tree with its rows scaled so that it is exactly `height` pixels high: an overview of a large case."""
    share = (height - TOP) / (tree.height - TOP)

    def closer(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
        return frame.assign(**{name: (TOP + (frame[name] - TOP) * share).round(1) for name in names})

    frames = {name: closer(getattr(tree, name), "y0", "y1") for name in ("hops", "others")}
    return replace(tree, rows=closer(tree.rows, "y"), headings=closer(tree.headings, "y"), height=height, **frames)


class TimeAxis:
    """An axis of days along x, on which empty days are cut short.

    `at(moment, span)` gives the place of a moment when the whole axis is `span` pixels long.

    Parameters
    ----------
    earliest, latest
        The first and the last moment at which each thing can have happened.
    time_zone
        In which days begin.
    even
        If True, all days have the same width, and only empty runs of more than a week are cut. If False, a day is wider
        the more happened on it, and every empty day is cut.
    """

    def __init__(self, earliest: pd.Series, latest: pd.Series, time_zone: str, even: bool = False):
        first, last = earliest.min().tz_convert(time_zone), latest.max().tz_convert(time_zone)
        self.days = pd.date_range(first.normalize(), last.normalize() + pd.Timedelta(days=1), freq="D")
        moments = [earliest, latest] if even else [earliest + (latest - earliest) / 2]
        places = self.days.searchsorted(pd.concat(moments), side="right") - 1
        counts = np.bincount(places, minlength=len(self.days) - 1)[: len(self.days) - 1]
        self.busy = [count > 0 for count in counts.tolist()]
        if even:
            for start, end in self._empty_runs():
                self.busy[start:end] = [end - start <= _WEEK] * (end - start)
        self.cuts = self._empty_runs()
        weights = np.where(self.busy, 1.0 if even else np.sqrt(counts) + 0.6, 0.0)
        self.weights = weights / weights.sum()
        self._edges: dict[float, np.ndarray] = {}

    def _empty_runs(self) -> list[tuple[int, int]]:
        """Return the first day of each run of empty days, and the day after its last."""
        changes = np.flatnonzero(np.diff([1, *map(int, self.busy), 1]))
        return list(zip(changes[::2].tolist(), changes[1::2].tolist(), strict=True))

    def edges(self, span: float) -> np.ndarray:
        """Return the place of each midnight."""
        if span not in self._edges:
            widths = self.weights * (span - CUT * len(self.cuts))
            for start, end in self.cuts:
                widths[start:end] = CUT / (end - start)
            self._edges[span] = np.concatenate([[0.0], np.cumsum(widths)])
        return self._edges[span]

    def at(self, moment: pd.Timestamp, span: float) -> float:
        """Return the place of a moment, in pixels from the start."""
        edges = self.edges(span)
        day = min(max(int(self.days.searchsorted(moment, side="right")) - 1, 0), len(self.busy) - 1)
        share = (moment - self.days[day]) / (self.days[day + 1] - self.days[day])
        return float(edges[day] + (edges[day + 1] - edges[day]) * min(max(share, 0.0), 1.0))

    def ticks(self, span: float) -> pd.DataFrame:
        """Return the ticks: the start of each day that is not cut, each cut, and, if there are one or two days, hours.

        A tick has a label only if there is room for it; the label of a cut is two strokes.

        Columns: `day` (its start, or the hour), `x`, `label`, `cut`, `x1`, `day1` (where a cut ends).
        """
        edges, rows, free_from, last_label = self.edges(span), [], -1.0, ("", "")
        several_years = self.days[0].year != self.days[-2].year
        ends = dict(self.cuts)
        for at, busy in enumerate(self.busy):
            day, end = self.days[at], ends.get(at, at)
            if not busy and at not in ends:
                continue
            label = "" if busy or edges[at] + CUT / 2 < free_from else "//"
            if busy and edges[at] >= free_from:
                month, year = f"{day:%B}", f" {day.year}" if several_years else ""
                label = (
                    f"{day.day}"
                    if (month, year) == last_label
                    else f"{day.day} {month}{year if year != last_label[1] else ''}"
                )
                last_label, free_from = (month, year), edges[at] + text_width(label, FONT) + 10
            rows.append([day, edges[at], label, not busy, edges[end], self.days[end]])
            if len(self.busy) <= _WITH_HOURS:
                for hour in self._hours(edges[at + 1] - edges[at]):
                    moment = day.replace(hour=hour)
                    if (x := self.at(moment, span)) >= free_from:
                        rows.append([moment, x, f"{hour}:00", False, x, moment])
        return pd.DataFrame(rows, columns=["day", "x", "label", "cut", "x1", "day1"])

    @staticmethod
    def _hours(width: float) -> range:
        """Return the hours of a day of this width that have room for their names."""
        step = next((hours for hours in (1, 2, 3, 6, 12) if width * hours / 24 >= _HOUR), 24)
        return range(step, 24, step)


class _Tree:
    """The rows of a family tree in their order, each below its parent, before they have places."""

    def __init__(self, cascade: Cascade, fold: int | None, top: float = TOP, notes: Mapping[str, str] | None = None):
        self.cascade, self.top, self.notes = cascade, top, dict(notes or {})
        self.documents = cascade.documents
        self.bands = _bands(cascade)
        self.labels, self.exists = (self.documents[name].to_dict() for name in ("label", "exists"))
        self.parent = self._parents()
        self.folded = self._folded(fold) if fold is not None else {}
        hidden = {name for group in self.folded.values() for name in group[1:]}
        self.members = self.documents.drop(index=list(hidden))
        self.order, self.depth = self._ordered()

    def _parents(self) -> dict[str, str]:
        """Return the parent of each document: the main parent, or in other bands its first source in the same band."""
        parents = dict(self.cascade.main_parents["parent"])
        citations = self.cascade.citations
        for citing, cited in zip(citations["citing"], citations["cited"], strict=True):
            if self.bands[citing] != "carries" and self.bands[citing] == self.bands[cited]:
                parents.setdefault(citing, cited)
        return parents

    def _folded(self, most: int) -> dict[str, list[str]]:
        has_children, leads = set(self.parent.values()), self.cascade.leads
        groups: dict[tuple, list[str]] = {}
        for name in self.documents.index:
            if name in self.parent and name not in {*has_children, *self.notes} and name in leads.index:
                codes = (self.parent[name], self.bands[name], leads.loc[name, "modality"])
                groups.setdefault(codes, []).append(name)
        return {group[0]: group for group in groups.values() if len(group) > most}

    def _ordered(self) -> tuple[list[str], dict[str, int]]:
        children: dict[str, list[str]] = {}
        for name in self.members.index:
            children.setdefault(self.parent.get(name, ""), []).append(name)

        sizes = dict.fromkeys(self.members.index, 1)
        queue = list(children.get("", []))
        for name in queue:
            queue.extend(children.get(name, []))
        for name in reversed(queue):
            if self.parent.get(name) in sizes:
                sizes[self.parent[name]] += sizes[name]
        ends = zip(self.members["earliest"], self.members["latest"], strict=True)
        times = dict(zip(self.members.index, ends, strict=True))

        def key(name: str) -> tuple:
            # Leaves before branches, so that the long verticals stay few; big trees first among the roots.
            weight = -sizes[name] if name not in self.parent else sizes[name]
            return (list(BANDS).index(self.bands[name]), weight, *times[name])

        order: list[str] = []
        depth: dict[str, int] = {}
        stack = [(name, 0) for name in sorted(children.get("", []), key=key, reverse=True)]
        while stack:
            name, level = stack.pop()
            order.append(name)
            depth[name] = level
            stack.extend((child, level + 1) for child in sorted(children.get(name, []), key=key, reverse=True))
        return order, depth

    def label(self, name: str) -> str:
        """Return the label of a row; a folded row names the first two of its documents."""
        labels = [str(self.labels[each]) for each in self.folded.get(name, [name])]
        if len(labels) > 1:
            return f"{len(labels)} alike: {', '.join(labels[:2])} …"
        note = f": {self.notes[name]}" if name in self.notes else ""
        return labels[0] + note + (" (perhaps later)" if self.exists[name] == "perhaps" else "")

    def heights(self) -> tuple[dict[str, float], pd.DataFrame]:
        """Return the middle of each row, and the headings of the bands."""
        y, places, headings, band = self.top, {}, [], "carries"
        for name in self.order:
            if self.bands[name] != band:
                band = self.bands[name]
                y += ROW * 0.6
                headings.append({"text": BANDS[band], "y": y + ROW / 2})
                y += ROW
            places[name] = y + ROW / 2
            y += ROW
        return places, pd.DataFrame(headings, columns=["text", "y"])

    def placed(self, x: Mapping[str, tuple[float, float, float]], ticks: pd.DataFrame, width: float) -> TreeLayout:
        """Return the layout, given bar start, point and bar end of each row."""
        y, headings = self.heights()
        rows = pd.DataFrame([self._row(name, *x[name], y[name], width) for name in self.order])
        hops = self._elbows(x, y, main=True)
        others = self._elbows(x, y, main=False)
        height = round(max(y.values()) + ROW)
        legend = _legend(self.cascade, set(rows["says"]))

        rows, hops, others, ticks, headings = (
            frame.round(1) for frame in (rows.set_index("document"), hops, others, ticks, headings)
        )
        return TreeLayout(rows, hops, others, ticks, headings, legend, width, height, self.cascade.clock)

    def _row(self, name: str, x0: float, x: float, x1: float, y: float, width: float) -> dict[str, Any]:
        cascade, facts = self.cascade, self.cascade.facts[name]
        case = cascade.case
        lead = case.lead_facts.get(name)
        label_x = max(x1 + 5, x + 8)
        return {
            "document": name,
            "label": cut_at_word(self.label(name), width - label_x, FONT),
            "label_x": label_x,
            "noted": name in self.notes,
            "x0": x0,
            "x": x,
            "x1": x1,
            "y": y,
            "parent": self.parent.get(name, ""),
            "depth": self.depth[name],
            "band": self.bands[name],
            "says": says(cascade, name),
            "second_hand": bool(facts["second_hand"]),
            "exists": facts["exists"],
            "outlet": facts["outlet_name"],
            "title": facts["title"],
            "when": when_published(cascade, name),
            "coded": facts["published"],
            "seen": how_seen(case, facts),
            "said_by": case.term_title("said_by", lead["said_by"]) if lead else "",
            "wording": lead["wording"] if lead else "",
        }

    def _elbows(self, x: Mapping, y: Mapping, main: bool) -> pd.DataFrame:
        rows = []
        sure = {(hop.cited, hop.citing): hop.confidence for hop in self.cascade.case.parent_choices}
        for hop in records(self.cascade.citations):
            citing, cited = hop["citing"], hop["cited"]
            guessed = bool(hop["inferred"]) or sure[cited, citing] < DOUBTFUL
            drawn = self.parent.get(citing) == cited
            if citing in y and cited in y and drawn == main:
                ends = (x[cited][1], y[cited], x[citing][1], y[citing])
                rows.append([citing, cited, hop["relation"], *ends, guessed, bool(hop["carrying"])])
        columns = ["citing", "cited", "relation", "x0", "y0", "x1", "y1", "inferred", "carrying"]
        return pd.DataFrame(rows, columns=columns).drop_duplicates(["citing", "cited"], ignore_index=True)


def says(cascade: Cascade, name: str) -> str:
    """Return in words what a document says of the claim: the key of colour and shape."""
    band, lead = _bands(cascade)[name], cascade.case.lead_facts.get(name)
    if band == "carries":
        return _version(cascade.case, lead["modality"], lead["said_by"]) if lead else "not coded"
    if band == "correction" and lead:
        return cascade.case.vocabularies["stance"].title(lead["stance"])
    return {"none": "claim not stated", "uncoded": "not coded", "non_confirmation": "does not confirm"}[band]


def _version(case: Case, modality: str, said_by: str) -> str:
    """Return in words how real the claim is said to be, and whether it is told as the actor’s own word."""
    title, tone = case.vocabularies["modality"].title(modality), _tone(case, modality, said_by)
    return f"{title}, {case.actor or 'the actor'}’s own word" if tone == "own_word" else title


def _tone(case: Case, modality: str, said_by: str) -> str:
    rank = case.vocabularies["modality"].rank
    if not case.conversion_from or rank(modality) < rank(case.conversion_from):
        return "below"
    return "own_word" if said_by in case.actor_terms else "told_as_fact"


def _legend(cascade: Cascade, present: set[str]) -> pd.DataFrame:
    """Return the legend: the modalities by rank, then what is no version of the claim."""
    case = cascade.case
    vocabulary, stances = case.vocabularies["modality"], case.vocabularies["stance"]
    terms = sorted((term for term in vocabulary if term != "none"), key=vocabulary.rank)
    rows = []
    for tone, said_by in (("below", ""), ("told_as_fact", ""), ("own_word", next(iter(case.actor_terms), ""))):
        members = [_version(case, term, said_by) for term in terms if _tone(case, term, said_by) == tone]
        rows += [(words, tone, place / max(len(members) - 1, 1)) for place, words in enumerate(members)]
    rows += [("not coded", "not_coded", 0.0), ("claim not stated", "none", 0.0)]
    rows += [("does not confirm", "non_confirmation", 0.0)]
    rows += [(stances.title(stance), "correction", 0.0) for stance in stances if stance in case.correcting]
    return pd.DataFrame([row for row in rows if row[0] in present], columns=["says", "tone", "step"])


@functools.lru_cache(maxsize=KEPT)
def _bands(cascade: Cascade) -> dict[str, str]:
    """Return in which band of the tree each document stands."""
    return {name: _band(cascade, name, facts["stance"]) for name, facts in cascade.facts.items()}


def _band(cascade: Cascade, name: str, stance: object) -> str:
    if cascade.carries(name) != "no":
        return "carries"
    if stance in cascade.case.correcting:
        return "correction"
    if name not in cascade.case.lead_facts:
        return "uncoded"
    return "non_confirmation" if stance in cascade.case.not_confirming else "none"


def _span_that_fits(tree: _Tree, axis: TimeAxis, width: float) -> float:
    """Return the longest axis with which every label ends inside the width."""

    def overhang(span: float) -> float:
        ends = axis_ends(span)
        return max(end + 8 + text_width(tree.label(name), FONT) for name, end in ends.items()) - width

    def axis_ends(span: float) -> dict[str, float]:
        points = _points_in_time(tree, axis, span)
        return {name: max(point, end) for name, (_, point, end) in points.items()}

    least, most = width * 0.3, width
    for _ in range(12):
        middle = (least + most) / 2
        least, most = (middle, most) if overhang(middle) <= 0 else (least, middle)
    return math.floor(least)


def _points_in_time(tree: _Tree, axis: TimeAxis, span: float) -> dict[str, tuple[float, float, float]]:
    """Return bar start, point and bar end of each row: parents left of children by at least `GAP`."""
    place: Callable[[pd.Timestamp], float] = functools.cache(lambda moment: axis.at(moment, span))
    ends = zip(tree.members.index, tree.members["earliest"], tree.members["latest"], strict=True)
    bars = {name: (place(first), place(last)) for name, first, last in ends}
    right = {name: end for name, (_, end) in bars.items()}
    for name in reversed(tree.order):  # parents stand before their children in the order
        above = tree.parent.get(name)
        if above in right:
            right[above] = min(right[above], right[name] - GAP)
    points: dict[str, float] = {}
    for name in tree.order:
        start, end = bars[name]
        above = points.get(tree.parent.get(name, ""), -math.inf)
        points[name] = max(min((start + end) / 2, right[name]), above + GAP, 0.0)
    left = min(0.0, *points.values())
    return {name: (bars[name][0], points[name] - left, max(bars[name])) for name in tree.order}
