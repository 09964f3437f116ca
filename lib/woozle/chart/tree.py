"""The family tree of a case, alone and with the claim versions aligned beside it."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from woozle.chart.layout import BOLD, FONT, ROW, TITLE, TOP, TreeLayout
from woozle.chart.theme import FAINT, INK, PAPER, QUIET, layered, scales
from woozle.text import wrapped

_POINT = 64
_CELLS = {
    "start": ("#dbe8f4", "no earlier one is known"),
    "same": ("#f3f4f6", "same as its parent"),
    "changed": ("#f8c98b", "changed"),
    "taken": ("#cfe5d4", "as another of its sources"),
    "told_as_fact": ("#cdb3e0", "is told as a fact"),
    "own_word": ("#e58168", "becomes the actor’s own word"),
    "lost": ("#e6d3ee", "no longer stated"),
    "unknown": (PAPER, "not known"),
    "empty": (PAPER, "not stated"),
}
_TOOLTIP = {
    "label": "document",
    "outlet": "outlet",
    "when": "published",
    "coded": "date as coded",
    "says": "what it says",
    "said_by": "said by",
    "wording": "in its words",
    "title": "title",
    "seen": "how seen",
}


_BARE = {"label": "document", "says": "what it says"}


def family_tree(tree: TreeLayout, title: str, description: str, hover: bool = True) -> alt.LayerChart:
    """Draw the cascade as a family tree.

    Parameters
    ----------
    tree
        From `woozle.chart.layout.family_tree` or `narrow_tree`.
    title, description
        The finding in a sentence; what a reader who does not see the chart should know.
    hover
        Whether the tooltip of a document has all its facts; else only its label and what it says (for phones).
    """
    at = _Pixels(tree.width, tree.height)
    return _frame(_tree_layers(tree, at, _TOOLTIP if hover else _BARE), tree.width, tree.height, title, description)


def thumbnail(tree: TreeLayout, width: float = 320, height: float = 180) -> alt.LayerChart:
    """Draw the lines and points of a tree alone, in the size of a card."""
    rows, hops = tree.rows.reset_index(), tree.hops[["x0", "y0", "x1", "y1"]]
    x = alt.Scale(domain=[rows["x"].min() - 8, rows["x"].max() + 8], nice=False, zero=False)
    y = alt.Scale(domain=[rows["y"].max() + 12, rows["y"].min() - 12], nice=False, zero=False)
    at = {"x": alt.X("x0:Q", scale=x, axis=None), "y": alt.Y("y0:Q", scale=y, axis=None)}
    colour, _ = scales(tree.legend)
    lines = alt.Chart(hops).mark_rule(color=QUIET, strokeWidth=0.8)
    points = (
        alt.Chart(rows[["x", "y", "says"]])
        .mark_circle(size=34, opacity=1, stroke=PAPER, strokeWidth=0.5)
        .encode(
            x=alt.X("x:Q", scale=x, axis=None),
            y=alt.Y("y:Q", scale=y, axis=None),
            color=alt.Color("says:N", scale=colour, legend=None),
        )
    )
    down = lines.encode(**at, y2="y1:Q")
    right = lines.encode(x=at["x"], x2="x1:Q", y=alt.Y("y1:Q", scale=y, axis=None))
    return layered(down, right, points).properties(width=width, height=height, padding=4)


def tree_with_alignment(tree: TreeLayout, cells: pd.DataFrame, title: str, description: str) -> alt.LayerChart:
    """Draw the family tree and, beside it, what each document says field by field, coloured where it changed.

    Parameters
    ----------
    tree, cells
        The tree from `woozle.chart.layout`, and beside it the cells from `woozle.chart.alignment`.
    title, description
        As in `family_tree`.
    """
    width = cells["x1"].max()
    at = _Pixels(width, tree.height)
    layers = [*_tree_layers(tree, at), *_cell_layers(cells, at)]
    return _frame(layers, width, tree.height, title, description)


def _frame(layers: list[alt.Chart], width: float, height: float, title: str, description: str) -> alt.LayerChart:
    heading = alt.TitleParams(wrapped(title, BOLD * width, TITLE), fontSize=TITLE, offset=8)
    return (
        layered(*layers)
        .properties(width=width, height=height, title=heading, description=description)
        .resolve_scale(color="independent", stroke="independent", shape="independent", fill="independent")
    )


class _Pixels:
    """Scales by which a pixel of the layout is a pixel of the picture."""

    def __init__(self, width: float, height: float):
        self._x = alt.Scale(domain=[0, width], nice=False, zero=False)
        self._y = alt.Scale(domain=[height, 0], nice=False, zero=False)

    def x(self, name: str) -> alt.X:
        return alt.X(f"{name}:Q", scale=self._x, axis=None)

    def y(self, name: str) -> alt.Y:
        return alt.Y(f"{name}:Q", scale=self._y, axis=None)


def _tree_layers(tree: TreeLayout, at: _Pixels, tooltips: Mapping[str, str] = _TOOLTIP) -> list[alt.Chart]:
    places = ["document", "x", "x0", "x1", "y", "label_x", "second_hand", "noted"]
    rows = tree.rows.reset_index()[[*places, *tooltips]]
    colour, shape = scales(tree.legend)
    columns = 6 if tree.width > 600 else 1
    orient = "top" if rows["noted"].any() else "bottom"  # only stories have notes, and want the legend above
    legend = alt.Legend(title="what it says of the claim (hollow: page not seen)", orient=orient, columns=columns)
    tooltip = [alt.Tooltip(f"{name}:N", title=title) for name, title in tooltips.items()]
    hover = alt.selection_point("hover", fields=["document"], on="pointerover", clear="pointerout", empty=False)
    encode = {"x": at.x("x"), "y": at.y("y"), "tooltip": tooltip}
    return [
        *_axis_layers(tree, at),
        alt.Chart(rows)
        .transform_filter("datum.x1 - datum.x0 > 1")
        .mark_bar(height=5, opacity=0.35, cornerRadius=2)
        .encode(x=at.x("x0"), x2="x1:Q", y=at.y("y"), color=alt.Color("says:N", scale=colour, legend=None)),
        *_hop_layers(tree, at, hover),
        *(
            alt.Chart(rows)
            .transform_filter(chosen)
            .mark_text(align="left", fontSize=FONT, fontWeight=weight)  # pyright: ignore[reportArgumentType]
            .encode(x=at.x("label_x"), y=at.y("y"), text="label:N", tooltip=tooltip)
            for chosen, weight in (("!datum.noted", "normal"), ("datum.noted", "bold"))
        ),
        alt.Chart(rows)
        .transform_filter("datum.second_hand")
        .mark_point(size=_POINT - 8, strokeWidth=2, opacity=1, filled=False, fill=PAPER)
        .encode(
            **encode,
            stroke=alt.Stroke("says:N", scale=colour, legend=None),
            shape=alt.Shape("says:N", scale=shape, legend=None),
        ),
        alt.Chart(rows, name="points")
        .transform_filter("!datum.second_hand")
        .mark_point(size=_POINT, stroke=INK, strokeWidth=0.7, opacity=1, filled=True)
        .encode(
            **encode,
            color=alt.Color("says:N", scale=colour, legend=legend),
            shape=alt.Shape("says:N", scale=shape, legend=legend),
        )
        .add_params(hover),
        alt.Chart(tree.headings)
        .mark_text(align="left", fontSize=FONT, fontWeight="bold", color=QUIET)
        .encode(x=alt.XValue(0), y=at.y("y"), text="text:N"),
    ]


def _axis_layers(tree: TreeLayout, at: _Pixels) -> list[alt.Chart]:
    bottom = alt.YValue(tree.height)
    days, cuts = tree.ticks[~tree.ticks["cut"].astype(bool)], tree.ticks[tree.ticks["cut"].astype(bool)]
    top = alt.YValue(TOP - 6)
    return [
        alt.Chart(cuts).mark_rect(color="#f6f7f8").encode(x=at.x("x"), x2="x1:Q", y=top, y2=bottom),  # pyright: ignore[reportArgumentType]
        alt.Chart(cuts)
        .transform_calculate(middle="(datum.x + datum.x1) / 2")
        .mark_text(fontSize=FONT, color=QUIET, baseline="bottom")
        .encode(x=at.x("middle"), y=alt.YValue(TOP - 8), text="label:N"),
        alt.Chart(days).mark_rule(color=FAINT).encode(x=at.x("x"), y=top, y2=bottom),  # pyright: ignore[reportArgumentType]
        alt.Chart(days)
        .mark_text(align="left", baseline="bottom", fontSize=FONT, color=INK)
        .encode(x=at.x("x"), y=alt.YValue(TOP - 8), text="label:N"),
    ]


def _hop_layers(tree: TreeLayout, at: _Pixels, hover: alt.Parameter) -> list[alt.Chart]:
    """Elbows: down from the parent, then right to the child; dashed where inferred; second hops only on hover."""
    dash = alt.StrokeDash("inferred:N", scale=alt.Scale(domain=[False, True], range=[[1, 0], [3, 3]]), legend=None)
    places = ["x0", "y0", "x1", "y1", "inferred"]
    hops = alt.Chart(tree.hops[places])
    others = tree.others.rename(columns={"citing": "document"})[["document", *places]]
    return [
        hops.mark_rule(color=QUIET, strokeWidth=1).encode(x=at.x("x0"), y=at.y("y0"), y2="y1:Q", strokeDash=dash),
        hops.mark_rule(color=QUIET, strokeWidth=1).encode(x=at.x("x0"), x2="x1:Q", y=at.y("y1"), strokeDash=dash),
        alt.Chart(others)
        .mark_rule(strokeWidth=1.6, color="#7c3aed")
        .encode(x=at.x("x0"), y=at.y("y0"), x2="x1:Q", y2="y1:Q", strokeDash=dash)
        .transform_filter(hover),
    ]


def _cell_layers(cells: pd.DataFrame, at: _Pixels) -> list[alt.Chart]:
    cells = cells.assign(y0=cells["y"] - ROW / 2 + 1, y1=cells["y"] + ROW / 2 - 1)
    present = [state for state in _CELLS if state in set(cells["state"])]
    words = pd.Series([_CELLS[state][1] for state in cells["state"]], cells.index)
    scale = alt.Scale(domain=[_CELLS[s][1] for s in present], range=[_CELLS[s][0] for s in present])
    fill = alt.Fill(
        "shown:N",
        scale=scale,
        legend=alt.Legend(title="the claim, field by field", orient="bottom", columns=3),
    )
    columns = cells.drop_duplicates("field")
    tooltip = [
        alt.Tooltip(f"{name}:N", title=title)
        for name, title in {
            "label": "document",
            "title": "field",
            "before": "its parent says",
            "full": "it says",
            "wording": "in its words",
            "shown": "",
        }.items()
    ]
    base = alt.Chart(cells.assign(shown=words))
    return [
        base.mark_rect().encode(x=at.x("x"), x2="x1:Q", y=at.y("y0"), y2="y1:Q", fill=fill, tooltip=tooltip),
        base.transform_calculate(middle="(datum.x + datum.x1) / 2")
        .mark_text(fontSize=FONT - 1)
        .encode(x=at.x("middle"), y=at.y("y"), text="text:N", tooltip=tooltip),
        alt.Chart(columns)
        .mark_text(align="left", baseline="bottom", fontSize=FONT - 1, color=QUIET)
        .encode(x=at.x("x"), y=alt.YValue(TOP - 8), text="title:N"),
    ]
