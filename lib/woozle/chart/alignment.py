"""Place the cells of the alignment: what each version of the claim says, field by field, beside a family tree."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from woozle.chart.layout import FONT, GAP, TreeLayout
from woozle.measure import drift_ledger
from woozle.measure.drift import OWN_WORD, TAKEN, TOLD_AS_FACT
from woozle.model.cascade import Cascade
from woozle.text import cut_at_word, text_width


def alignment(cascade: Cascade, tree: TreeLayout, fields: Iterable[str], width: float = 560) -> pd.DataFrame:
    """Return the cells of the claim versions beside a tree: one row a document and field.

    The columns share `width` pixels in proportion to the length of their texts.

    Columns: `document`, `label`, `field`, `title` (of the field), `x`, `x1`, `y` (edges and middle, in pixels), `text`
    (cut to the cell), `full` (the whole text), `wording`, `before` (what it was, where it changed), `state`: start
    (no parent to compare with), same, taken (from another source), changed, told_as_fact, own_word, lost, unknown,
    empty.
    """
    case = cascade.case
    ledger = drift_ledger(cascade).query("kind != 'contradiction'").set_index(["document", "field"])
    shown = [name for name in tree.rows.index[tree.rows["band"] == "carries"] if name in cascade.leads.index]
    edges = _columns(cascade, shown, list(fields), tree.width + GAP, width)
    cells = []
    for document in shown:
        row, lead = tree.rows.loc[document], cascade.leads.loc[document]
        for name, (x, x1) in edges.items():
            change = ledger.loc[(document, name)] if (document, name) in ledger.index else None
            state = _state(cascade, document, name, change)
            full = case.term_title(name, lead[name]) or {
                "lost": "not stated",
                "taken": "not stated",
                "unknown": "not known",
            }.get(state, "")
            text = "·" if state == "same" else cut_at_word(full, x1 - x - 6, FONT - 1)
            cells.append(
                {
                    "document": document,
                    "label": row["label"],
                    "field": name,
                    "title": case.field_title(name),
                    "x": x,
                    "x1": x1,
                    "y": row["y"],
                    "text": text,
                    "full": full,
                    "wording": lead.get(f"{name}_wording", ""),
                    "before": case.term_title(name, change["from"]) if change is not None else "",
                    "state": state,
                }
            )
    return pd.DataFrame(cells)


def _columns(
    cascade: Cascade, documents: list[str], fields: list[str], left: float, width: float
) -> dict[str, tuple[float, float]]:
    """Return the edges of each column: wide enough for most of its texts, and for its heading."""
    case, wants = cascade.case, {}
    for name in fields:
        texts = [case.term_title(name, code) for code in cascade.leads.loc[documents, name].unique()]
        sizes = sorted(text_width(text, FONT - 1) for text in [*texts, case.field_title(name)])
        wants[name] = max(sizes[int(len(sizes) * 0.8)], text_width(case.field_title(name), FONT - 1)) + 10
    edges = {}
    for name, want in wants.items():
        end = left + width * want / sum(wants.values())
        edges[name] = (left, end - 3)
        left = end
    return edges


def _state(cascade: Cascade, document: str, field: str, change: pd.Series | None) -> str:
    codes, place = cascade.case.codes, cascade.case.fields.index(field)
    code, hop = codes[document][1][place], cascade.main_hops.get(document)
    if change is not None:
        known = {TAKEN: "taken", OWN_WORD: "own_word", TOLD_AS_FACT: "told_as_fact"}
        return known.get(change["kind"]) or ("changed" if code else "lost")
    if not code:
        return "unknown" if code is None else "empty"
    compared = hop is not None and hop.version and codes[hop.cited][hop.version][place] is not None
    return "same" if compared else "start"
