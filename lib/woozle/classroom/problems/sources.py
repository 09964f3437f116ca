"""How many sources is that? Many outlets, few roots: as of two moments."""

from __future__ import annotations

from datetime import timedelta

import networkx as nx

from woozle.classroom.fiction import Rumour
from woozle.classroom.problems import Problem, TryAgain
from woozle.classroom.rng import Dice

EARLY, LATE = 11, 22  # documents that carry the claim by the two moments
ROOTS = (0, 1, 14)  # places of the roots: two early, one late
ASKED = {1: 2, 2: 1, 3: 1}  # how many are asked about, by the number of their roots


def make(dice: Dice, _: Dice) -> Problem:
    """Return a problem: the roots at two moments, independent roots, what rests on each, seeming confirmation."""
    rumour = Rumour.drawn(dice)
    names = [rumour.document(rumour.outlet(), rumour.start + timedelta(hours=2 * n)) for n in range(LATE)]
    graph = nx.DiGraph()
    graph.add_nodes_from(names)
    for number, name in enumerate(names):
        if number not in ROOTS:
            for cited in _cited(dice, number):
                graph.add_edge(names[cited], name)
    for name in names:
        rumour.says(name, dice.choice(("possible", "expected")), wording=f"The {rumour.authority} may {rumour.does}")
    for cited, citing in graph.edges:
        rumour.cites(citing, cited, dice.choice(("attributes", "repeats")))
    silent = _silent(rumour, names)
    early_moment, late_moment = (rumour.start + timedelta(hours=2 * n - 1) for n in (EARLY, LATE))
    roots = {name: _roots(graph, name) for name in names}
    asked = _asked(dice, names, graph, roots)
    starts = [names[number] for number in ROOTS]
    resting = {root: sum(root in roots[name] for name in names if name != root) for root in starts}
    seeming = [name for name in names if graph.in_degree(name) > 1 and len(roots[name]) == 1]
    ends = [name for name in names if graph.out_degree(name) == 0]
    if not 4 <= len(seeming) <= 6 or len(set(resting.values())) < 3:
        raise TryAgain
    early_roots = [root for root in starts if names.index(root) < EARLY]
    backwards = "These are the ends of the cascade: it is drawn backwards. A root is a document that cites no other."
    counts_silent = "One of these does not state the claim (modality none): it is no source of it."
    answers = {
        "roots_early": sorted(early_roots),
        "roots_late": sorted(starts),
        "independent": {name: len(roots[name]) for name in asked},
        "resting": resting,
        "seeming": sorted(seeming),
    }
    mistakes = {
        "roots_early": [
            (sorted(starts), "These are the later roots. Use only documents that were out at the earlier moment."),
            (sorted([*early_roots, silent]), counts_silent),
        ],
        "roots_late": [(sorted([*starts, silent]), counts_silent), (sorted(ends), backwards)],
        "independent": [
            (
                {name: graph.in_degree(name) for name in asked},
                "These are the documents that each one cites. Follow each of them back: two that repeat a third are one source.",
            ),
            (
                {name: len(nx.ancestors(graph, name)) for name in asked},
                "These are all documents that each one rests on. Count only the roots: a repeat is not a source.",
            ),
        ],
        "resting": [
            (
                {root: graph.out_degree(root) for root in starts},
                "These cite the root directly. What relies on them rests on it too.",
            ),
            (
                {root: resting[root] + 1 for root in starts},
                "The root itself is counted among those that rest on it.",
            ),
        ],
        "seeming": [
            (
                sorted(name for name in names if graph.in_degree(name) > 1),
                "These all cite several documents. But some lead back to different roots: those are confirmed.",
            )
        ],
    }
    difficulty = {
        "documents": len(rumour.tables["documents"]),
        "carriers": len(names),
        "roots": len(starts),
        "asked": tuple(sorted(len(roots[name]) for name in asked)),
    }
    shown = {"early": _minute(early_moment), "late": _minute(late_moment), "documents": sorted(asked)}
    return Problem(rumour, shown, answers, mistakes, difficulty)


def _minute(moment) -> str:
    return moment.isoformat(timespec="minutes").replace("+00:00", "Z")


def _cited(dice: Dice, number: int) -> list[int]:
    """Return the places of the documents that one relies on: one mostly, two or three now and then, early ones more."""
    above = list(range(number))
    if number >= ROOTS[2] + 1 and dice.below(4) == 0:
        return sorted({ROOTS[2], dice.choice(above)})
    most = 1 if dice.below(5) < 3 else dice.between(2, 3)
    return sorted({dice.choice(above[: max(2, number // 2 + 1)] if dice.below(2) else above) for _ in range(most)})


def _silent(rumour: Rumour, names: list[str]) -> str:
    """Add a document that does not state the claim and that two others name as background; return its id."""
    name = rumour.document(rumour.outlet(), rumour.start - timedelta(days=90))
    rumour.says(
        name, "none", "", stance="context", certainty="certain", wording=f"How {rumour.thing} came to {rumour.town}"
    )
    for citing in rumour.dice.sample(names[2:EARLY], 2):
        rumour.cites(citing, name, "background", "with a look back")
    return name


def _roots(graph: nx.DiGraph, name: str) -> set[str]:
    return {above for above in {name, *nx.ancestors(graph, name)} if graph.in_degree(above) == 0}


def _asked(dice: Dice, names: list[str], graph: nx.DiGraph, roots: dict[str, set[str]]) -> list[str]:
    """Return the documents that are asked about, all of which cite two others or more."""
    asked = []
    for count, wanted in ASKED.items():
        fit = [name for name in names if len(roots[name]) == count and graph.in_degree(name) > 1]
        if len(fit) < wanted:
            raise TryAgain
        asked += dice.sample(fit, wanted)
    if all(graph.in_degree(name) == len(roots[name]) for name in asked):
        raise TryAgain
    return asked
