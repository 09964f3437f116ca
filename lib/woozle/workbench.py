"""A case to be explored: the cascade with a slider of time and filters, and what is known of the document one clicks.

All of it is one Vega-Lite chart: it needs no kernel once it is drawn, and its picture shows where nothing runs.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from woozle import layout, measure
from woozle.cards import Card, Document
from woozle.cascade import Cascade, cascade_of
from woozle.case import Case
from woozle.chart.workbench import CARD, FILTERS, ROWS, TREE, Workbench, workbench
from woozle.errors import ParameterError
from woozle.text import cut_at_word, when, wrapped

_LINES = 15  # of a card or a story: what has no room is told in a last line
_STEPS = 8  # of a story
NONE = "not coded"


def explore(case: Case | Cascade, start: str = "") -> Workbench:
    """Return a live workbench of a case; in JupyterLab, move the slider, choose filters, click a document.

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
    cascade = cascade_of(case)
    if start and start not in cascade.here:
        raise ParameterError(f"start: there is no document '{start}' in this cascade.")
    turns = measure.turn(cascade).index
    start = start or next(iter([*turns, *cascade.carriers, *cascade.documents.index]))
    tree = layout.family_tree(cascade, TREE)
    if len(tree.rows) > ROWS:
        tree = layout.squeezed(tree, ROWS * layout.ROW)
    rows = _rows(cascade, tree)
    title = f"{cascade.case.title}: click a document; move the slider to read it as of a moment"
    return workbench(
        tree, rows, _lines(cascade, rows), _below(cascade), _choices(rows), title, _description(cascade), start
    )


def _rows(cascade: Cascade, tree: layout.TreeLayout) -> pd.DataFrame:
    """Return the documents with their places, and what filters ask for."""
    documents = cascade.documents.loc[list(tree.rows.index)]
    rows = tree.rows.reset_index()
    case = cascade.case
    stances = [case.term_title("stance", code) if isinstance(code, str) else NONE for code in documents["stance"]]
    coded = ["inferred" if name not in case.codes else "coded" for name in documents.index]
    facts = {
        "from": _milliseconds(documents["earliest"]),
        "till": _milliseconds(documents["latest"]),
        "stance": stances,
        "country": documents["country"].replace("", "not known").to_list(),
        "language": documents["language"].to_list(),
        "outlet_kind": [case.term_title("outlet_kind", code) for code in documents["outlet_kind"]],
        "coding": coded,
    }
    return rows.assign(**facts)


def _lines(cascade: Cascade, rows: pd.DataFrame) -> pd.DataFrame:
    """Return what stands beside the tree for each document: lines of a card, and of the story from its root.

    Columns: `document`, `panel` (card, story), `line` (from 0), `text`, `head` (it is the heading, or names a value).
    """
    stories = _stories(cascade)
    found = []
    for name in rows["document"]:
        card = Document(cascade, name).card
        for panel, lines in (("card", _of_card(card)), ("story", stories(name))):
            shown = lines if len(lines) <= _LINES else [*lines[: _LINES - 1], ("…", False)]
            found += [(name, panel, number, text, head) for number, (text, head) in enumerate(shown)]
    return pd.DataFrame(found, columns=["document", "panel", "line", "text", "head"])


def _of_card(card: Card) -> list[tuple[str, bool]]:
    lines = [(cut_at_word(card.heading, CARD, 13), True)]
    for name, value in card.rows.items():
        if name not in ("rest on it", "goes back to"):  # these hang on the moment, and stand below
            lines += [(text, False) for text in wrapped(f"{name}: {value}", CARD, 11)[:3]]
    return lines


def _stories(cascade: Cascade):
    """Return a function that gives the lines of the story of a document: who said what, from the root to it."""
    says = {name: layout.says(cascade, name) for name in cascade.carriers}
    labels, leads = cascade.documents["label"].to_dict(), cascade.case.lead_facts

    def lines(name: str) -> list[tuple[str, bool]]:
        if name not in says:
            return [("It does not carry the claim: no story leads to it.", False)]
        path = measure.main_path(cascade, name)
        steps = path if len(path) <= _STEPS else [*path[: _STEPS // 2], "", *path[-_STEPS // 2 :]]
        told = []
        for step in steps:
            if not step:
                told.append((f"… {len(path) - _STEPS} more", False))
                continue
            wording = leads.get(step, {}).get("wording", "")
            told.append((cut_at_word(f"{labels[step]}: {says[step]}", CARD, 11), True))
            if wording:
                told += [(text, False) for text in wrapped(f"“{wording}”", CARD - 12, 11)[:2]]
        return told

    return lines


def _below(cascade: Cascade) -> pd.DataFrame:
    """Return who rests on whom: `document`, `below`, `from` (when that can first have been out), `cut`.

    A document that is cut off has no coded path that avoids the other one; later documents change nothing in that.
    """
    above = measure.immediate_dominators(cascade)["dominator"].to_dict()
    starts = dict(zip(cascade.documents.index, _milliseconds(cascade.documents["earliest"]), strict=True))
    rows = []
    for name in cascade.carriers:
        dominators, over = set(), above.get(name, "")
        while over:
            dominators.add(over)
            over = above.get(over, "")
        rows += [(other, name, starts[name], other in dominators) for other in cascade.ancestors(name)]
    return pd.DataFrame(rows, columns=["document", "below", "from", "cut"])


def _choices(rows: pd.DataFrame) -> dict[str, list[str]]:
    """Return what each filter can be set to."""
    return {name: sorted(set(rows[name])) for name in FILTERS}


def _milliseconds(moments: Iterable[pd.Timestamp]) -> list[int]:
    return [int(moment.timestamp() * 1000) for moment in moments]


def _description(cascade: Cascade) -> str:
    last = when(cascade.moment, cascade.moment, cascade.clock)
    return (
        f"The cascade of {cascade.case.title} up to {last}: {len(cascade.documents)} documents, "
        f"{len(cascade.carriers)} with the claim. A slider sets the moment of reading; menus choose stance, country, "
        "language, kind of outlet and whether a document is coded; a click on a document shows its words and what "
        "rests on it."
    )
