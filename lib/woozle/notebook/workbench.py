"""A case to be explored: its tree with a slider of time, filters and a search, and the document that one clicks.

It is HTML with a script of its own: it needs no kernel once it is shown, and is a picture where nothing runs.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from itertools import pairwise
from typing import Any

import pandas as pd

from woozle import chart, dates, measure
from woozle.chart import layout
from woozle.chart.theme import scales, visible_spec
from woozle.errors import ParameterError, StudyError
from woozle.model.cascade import Cascade
from woozle.model.case import Case, as_cascade
from woozle.model.document import version_in_words
from woozle.model.in_words import how_seen, when_published
from woozle.notebook.study import open_study
from woozle.pictures import svg_to_png, to_svg
from woozle.rows import records, records_by_id
from woozle.text import address, json_for_script, language_of, when

WIDTH, HIGH = 620.0, 90  # of the tree (pixels); rows that are drawn at their full height
NONE = "not coded"
FILTERS = {
    "stance": "what it does",
    "country": "country",
    "language": "language",
    "outlet_kind": "kind of outlet",
    "coding": "coded or not",
}
_STEPS = 500  # of the slider at most


@dataclass(frozen=True, eq=False)
class Workbench:
    """What `explore` returns; a notebook shows it.

    Attributes
    ----------
    data : dict
        All that the script draws from: documents with places and texts, hops, moments, filters.
    start : str
        The document that is shown first.
    picture : bytes
        The tree as PNG, shown where no script runs.
    """

    data: Mapping[str, Any]
    start: str
    picture: bytes

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        script, style = (
            (resources.files("woozle.notebook") / f"workbench.{kind}").read_text("utf-8").strip()
            for kind in ("js", "css")
        )
        data = json_for_script(self.data)
        still = base64.b64encode(self.picture).decode()
        words = html.escape(str(self.data["description"]))
        body = (
            f'<div class="woozle-workbench"><style>\n{style}\n</style>'
            f'<img class="still" alt="{words}" src="data:image/png;base64,{still}">'
            f'<script type="application/json">{data}</script></div><script>\n{script}\n</script>'
        )
        return {"text/html": body, "text/plain": str(self.data["description"])}


def explore(case: Case | Cascade, start: str = "") -> Workbench:
    """Return a live workbench of a case; in JupyterLab, move the slider, choose filters, search, click a document.

    A click shows the document's words, how it was seen, the story from its root, what rests on it, and what would be
    cut off without it, as of the moment of the slider.

    Parameters
    ----------
    case
        A case, or a cascade with settings of its own.
    start
        The document that is shown first; if not given, that of the turn, or the first that carries the claim.

    Raises
    ------
    ParameterError
        There is no document `start` in it.

    Examples
    --------
    >>> import woozle
    >>> bench = explore(woozle.open("jang_dogs_2013"))
    >>> bench.start
    'wen_wei_po'
    """
    cascade = as_cascade(case)
    if isinstance(case, Case):  # told in the days of its study, as its report is
        cascade = case.cascade(time_zone=_zone(case))
    if start and start not in cascade.visible_ids:
        raise ParameterError(f"start: there is no document '{start}' in this cascade.")
    turns = measure.turn(cascade).index
    start = start or next(iter([*turns, *cascade.carriers, *cascade.documents.index]))
    tree = layout.family_tree(cascade, WIDTH)
    if len(tree.rows) > HIGH:
        tree = layout.squeezed(tree, HIGH * layout.ROW)
    description = _description(cascade)
    drawn = chart.family_tree(tree, cascade.case.title, description, hover=False)
    picture = svg_to_png(to_svg(visible_spec(drawn.to_dict())))
    return Workbench(_data(cascade, tree, start, description), start, picture)


def _zone(case: Case) -> str:
    """Return the zone in which the study of a case tells its days; empty where it has no study, or names none."""
    try:
        return open_study(case).time_zone
    except StudyError:
        return ""


def _data(cascade: Cascade, tree: layout.TreeLayout, start: str, description: str) -> dict[str, Any]:
    """Return what the script draws from; documents are named by their places in the list."""
    names = list(tree.rows.index)
    number = {name: place for place, name in enumerate(names)}
    documents = _documents(cascade, tree, number)
    colour, shape = (scale.to_dict() for scale in scales(tree.legend))
    legend = [
        {"says": says, "colour": of_colour, "shape": of_shape}
        for says, of_colour, of_shape in zip(colour["domain"], colour["range"], shape["range"], strict=True)
    ]
    marks = {row["says"]: row for row in legend}
    for document in documents:
        document |= {"colour": marks[document["says"]]["colour"], "shape": marks[document["says"]]["shape"]}
    hops = [
        {"citing": number[hop.citing], "cited": number[hop.cited], "inferred": bool(hop.inferred)}
        | {end: round(getattr(hop, end), 1) for end in ("x0", "x1")}
        for hop in tree.hops.itertuples()
    ]
    ticks = [
        tick | {"x": round(tick["x"], 1), "x1": round(tick["x1"], 1) if tick["cut"] else 0, "cut": bool(tick["cut"])}
        for tick in records(tree.ticks[["x", "x1", "cut", "label"]])
    ]
    moments = _moments(documents)
    stamps = [pd.Timestamp(moment, unit="ms", tz="UTC") for moment in moments]
    texts = {
        "title": cascade.case.title,
        "description": description,
        "told": [when(moment, moment, cascade.clock) for moment in stamps],
    }
    filters = {
        name: {"title": title, "options": options}
        for name, title in FILTERS.items()
        if len(options := sorted({document[name] for document in documents})) > 1
    }
    marks_of_place = {"width": round(tree.width), "row": _row_height(tree)}
    tree_data = {"start": start, "moments": moments, "documents": documents, "hops": hops, "rows": _rows(tree, number)}
    return visible_spec(tree_data | texts | marks_of_place | {"ticks": ticks, "filters": filters, "legend": legend})


def _row_height(tree: layout.TreeLayout) -> float:
    """Return how high a row is: less than usual where there are many."""
    places = sorted(set(tree.rows["y"]))
    steps = [below - above for above, below in pairwise(places)]
    return round(float(min(layout.ROW, *steps)), 2) if steps else layout.ROW


def _rows(tree: layout.TreeLayout, number: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return the rows of the tree from top to bottom: documents, and headings before those that they are over."""
    rows = [(row["y"], 1, {"document": number[name]}) for name, row in records_by_id(tree.rows).items()]
    rows += [(heading.y, 0, {"heading": heading.text}) for heading in tree.headings.itertuples()]
    return [row for *_, row in sorted(rows, key=lambda row: row[:2])]


def _documents(cascade: Cascade, tree: layout.TreeLayout, number: Mapping[str, int]) -> list[dict[str, Any]]:
    case, facts, below = cascade.case, cascade.facts, below_by_document(cascade)
    documents = []
    for row in tree.rows.reset_index().to_dict("records"):
        name = row["document"]
        of, lead = facts[name], case.lead_facts.get(name, {})
        carries = name in cascade.graph
        words = lead.get("wording", "")
        documents.append(
            {
                "id": name,
                "label": row["label"],
                **{key: round(row[key], 1) for key in ("x", "x0", "x1", "label_x")},
                "says": row["says"],
                "hollow": bool(row["second_hand"]),
                "parent": number.get(row["parent"], -1) if row["parent"] else -1,
                "from": _milliseconds(of["earliest"]),
                "till": _milliseconds(of["latest"]),
                "stance": case.term_title("stance", of["stance"]) if isinstance(of["stance"], str) else NONE,
                "country": of["country"] or "not known",
                "language": of["language"],
                "outlet_kind": case.term_title("outlet_kind", of["outlet_kind"]),
                "coding": "coded" if name in case.codes else NONE,
                "when": when_published(cascade, name),
                "outlet": str(of["outlet_name"]) if of["outlet_name"] != row["label"] else "",
                "place": dates.country_name(of["country"]),
                "title": str(of["title"]),
                "words": words,
                "words_lang": language_of(words, of["language"]),
                "language_code": of["language"],
                "translation": lead.get("translation", ""),
                "seen": how_seen(case, lead or of),
                "accuracy": case.term_title("accuracy", lead["accuracy"]) if lead else "",
                "told": version_in_words(case, lead) or NONE,
                "url": address(str(of["url"])),
                "carries": carries,
                "parents": [number[other] for other in cascade.parents(name)] if carries else [],
                "roots": [number[other] for other in cascade.roots(name)] if carries else [],
                "rest": [number[other] for other, _ in below.get(name, ())],
                "cut": [number[other] for other, is_cut in below.get(name, ()) if is_cut],
            }
        )
    return documents


def below_by_document(cascade: Cascade) -> dict[str, list[tuple[str, bool]]]:
    """Return for each document those that rest on it, and whether each is cut off without it.

    A document that is cut off has no coded path that avoids the other one; later documents do not change this.

    Examples
    --------
    >>> import woozle
    >>> below_by_document(woozle.open("jang_dogs_2013").cascade())["pudelek"]
    []
    """
    above = measure.immediate_dominators(cascade)["dominator"].to_dict()
    below: dict[str, list[tuple[str, bool]]] = {name: [] for name in cascade.carriers}
    for name in cascade.carriers:
        dominators, over = set(), above.get(name, "")
        while over:
            dominators.add(over)
            over = above.get(over, "")
        for other in cascade.ancestors(name):
            below[other].append((name, other in dominators))
    return below


def _moments(documents: Iterable[Mapping[str, Any]]) -> list[int]:
    """Return the steps of the slider in milliseconds: the moments at which something can have changed, thinned out."""
    moments = sorted({document[end] for document in documents for end in ("from", "till")})
    every = -(-len(moments) // _STEPS)
    return [*moments[:-1:every], moments[-1]]


def _milliseconds(moment: pd.Timestamp) -> int:
    return int(moment.timestamp() * 1000)


def _description(cascade: Cascade) -> str:
    last = when(cascade.moment, cascade.moment, cascade.clock)
    return (
        f"The cascade of {cascade.case.title} up to {last}: {len(cascade.documents)} documents, "
        f"{len(cascade.carriers)} with the claim. A slider sets the moment of reading; menus and a search leave "
        "documents out; a click on a document shows its words and what rests on it."
    )
