"""Would it have stopped? Take a document away, correct it early, and compare."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

import networkx as nx

from woozle.classroom.fiction import Rumour
from woozle.classroom.problems import Problem, TryAgain
from woozle.classroom.rng import Dice

CARRIERS = 24
HOURS = 3  # between two documents


def make(dice: Dice, wish: Dice) -> Problem:
    """Return a problem: what three removals cut off, the best one, a correction at two moments, and which does more."""
    rumour = Rumour.drawn(dice)
    names = [rumour.document(rumour.outlet(), rumour.start + timedelta(hours=HOURS * n)) for n in range(CARRIERS)]
    graph = nx.DiGraph()
    graph.add_nodes_from(names)
    for number in range(2, CARRIERS):
        for cited in _cited(dice, number):
            graph.add_edge(names[cited], names[number])
    for name in names:
        rumour.says(name, dice.choice(("possible", "expected")), wording=f"The {rumour.authority} may {rumour.does}")
    for cited, citing in graph.edges:
        rumour.cites(citing, cited, dice.choice(("attributes", "repeats")))
    inner = [name for name in names if graph.in_degree(name) and graph.out_degree(name)]
    cut = {name: len(without(graph, name)) for name in inner}
    below = {name: len(nx.descendants(graph, name)) for name in inner}
    best = [name for name in inner if cut[name] == max(cut.values())]
    busiest = max(inner, key=lambda name: (graph.out_degree(name), name))
    fit = [name for name in inner if cut[name] >= 1 and below[name] > cut[name] and name not in best]
    if len(best) != 1 or len(fit) < 3 or busiest == best[0]:
        raise TryAgain
    removed = dice.sample(fit, 3)
    corrigible = [name for name in inner if cut[name] >= 4 and name not in (*best, *removed)]
    if not corrigible:
        raise TryAgain
    corrected = dice.choice(corrigible)
    start = names.index(corrected)
    moments = {"early": start + 2, "late": start + dice.between(6, 8)}
    if max(moments.values()) >= CARRIERS - 2:
        raise TryAgain
    saved = {key: len(corrected_at(graph, corrected, names[place + 1 :])) for key, place in moments.items()}
    naive = {
        key: sum(names.index(name) > place for name in nx.descendants(graph, corrected))
        for key, place in moments.items()
    }
    other = max(removed, key=lambda name: (cut[name], name))
    if not saved["early"] > saved["late"] > 0 or saved == naive or saved["late"] == cut[other]:
        raise TryAgain
    times = {key: _minute(rumour, place) for key, place in moments.items()}
    answers = {
        "cut_off": {name: cut[name] for name in removed},
        "best": best[0],
        "saved": saved,
        "compare": "correction" if saved["late"] > cut[other] else "removal",
    }
    if answers["compare"] != wish.choice(("correction", "removal")):  # the same in all tries: as often one as the other
        raise TryAgain
    ways = "These all rest on it, but some have another way to the claim: only what loses all its ways is cut off."
    mistakes = {
        "cut_off": [
            ({name: below[name] for name in removed}, ways),
            (
                {name: graph.out_degree(name) for name in removed},
                "These cite it directly. What rests on them may be cut off too.",
            ),
            (
                {name: len(nx.ancestors(graph, name)) for name in removed},
                "These are the documents that it rests on: the cascade is drawn backwards.",
            ),
        ],
        "best": [
            (busiest, "It is cited most often. But those who cite it have other ways to the claim."),
            (
                max(inner, key=lambda name: (below[name], name)),
                "Most rest on it, but many of them have another way to the claim.",
            ),
            (names[0], "A root: the question leaves roots out. A rumour that never starts never spreads."),
        ],
        "saved": [
            (naive, ways),
            (
                dict.fromkeys(moments, cut[corrected]),
                "This is what its removal would cut off. What relied on it before the correction had the claim already.",
            ),
        ],
    }
    asked = {"removed": sorted(removed), "corrected": corrected, "moments": times, "compared": other}
    difficulty = {"documents": CARRIERS, "roots": 2, "removed": 3, "moments": 2}
    return Problem(rumour, asked, answers, mistakes, difficulty)


def without(graph: nx.DiGraph, name: str) -> set[str]:
    """Return the documents that lose all their ways from the roots if one is taken away."""
    return _dead(graph, {name}, set()) - {name}


def corrected_at(graph: nx.DiGraph, name: str, later: Collection[str]) -> set[str]:
    """Return the documents that lose all their ways if none of the later ones relied on this one."""
    return _dead(graph, set(), {(name, citing) for citing in later})


def _dead(graph: nx.DiGraph, gone: set[str], hops: set[tuple[str, str]]) -> set[str]:
    alive: dict[str, bool] = {}
    for name in nx.topological_sort(graph):
        ways = [alive[cited] and (cited, name) not in hops for cited in graph.predecessors(name)]
        alive[name] = name not in gone and (not ways or any(ways))
    return {name for name, lives in alive.items() if not lives}


def _cited(dice: Dice, number: int) -> list[int]:
    """Return the places of the documents that a document relies on: one, or in about one of three cases two."""
    above = list(range(number))
    most = 2 if dice.below(5) < 2 else 1
    return sorted({dice.choice(above[-7:] if dice.below(3) else above) for _ in range(most)})


def _minute(rumour: Rumour, place: int) -> str:
    """Return a moment between the document at a place and the next."""
    moment = rumour.start + timedelta(hours=HOURS * place + 1)
    return moment.isoformat(timespec="minutes").replace("+00:00", "Z")
