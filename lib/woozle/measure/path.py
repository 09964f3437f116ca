"""The documents that tell a case, from its first words to its correction."""

from __future__ import annotations

from woozle.measure.correction import corrections
from woozle.measure.drift import deepest_document, main_path
from woozle.measure.turn import false_versions, turn
from woozle.model.cascade import Cascade


def story_path(cascade: Cascade, correction: str = "") -> list[str]:
    """Return the documents that tell a case from its first words to its correction, each on the way to the next.

    The path runs from the root along main parents to the turn (of several, the one with most false versions below it).
    From there it always goes on to where most false versions lie. Without a turn it runs to the deepest false version,
    or, if nothing is false, to the deepest document. Documents without a coded version are skipped. The correction
    comes last: the given one, else the first.

    Examples
    --------
    >>> import woozle
    >>> story_path(woozle.open("dprk_troops_2024").cascade(), "nknews")
    ['rok_official', 'tvchosun', 'pentagon_question', 'express', 'kyiv_post', 'huffpost_es', 'nknews']
    """
    turns = turn(cascade).sort_values("below", ascending=False, kind="stable")
    path = (
        main_path(cascade, str(turns.index[0]) if len(turns) else deepest_document(cascade)) if cascade.carriers else []
    )
    false = {document for document, version in false_versions(cascade) if version == 1}
    weight = dict.fromkeys(cascade.carriers, 0)
    for name in false & set(weight):
        for above in main_path(cascade, name):
            weight[above] += 1
    parents = cascade.main_parents["parent"]
    while len(turns) and (below := [name for name in parents.index[parents == path[-1]] if weight[name]]):
        path.append(max(below, key=weight.__getitem__))
    coded = [name for name in path if name in cascade.leads.index]
    answers = corrections(cascade).index
    answer = correction if correction in answers else next(iter(answers), "")
    return [*coded, answer] if answer else coded
