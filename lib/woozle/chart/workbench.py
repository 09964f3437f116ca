"""The workbench of a case: the family tree with a slider and filters, and beside it the document one clicks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from woozle.chart.theme import FAINT, INK, PAPER, QUIET, mimebundle, scales
from woozle.layout import BOLD, FONT, ROW, TITLE, TOP, TreeLayout
from woozle.pictures import VEGA_LITE
from woozle.text import wrapped

TREE, CARD, ROWS = 590.0, 290.0, 90  # width of tree and card; rows that are drawn at their full height
FILTERS = {
    "stance": "what it does",
    "country": "country",
    "language": "language",
    "outlet_kind": "kind of outlet",
    "coding": "coded or inferred",
}
_ANY = "any"
_DIM, _PALE = 0.12, 0.45  # of what a filter leaves out, and of what is perhaps not out yet
_CHOSEN = "#fff3c4"
_STEPS = 500  # of the slider at most
# Slider and menus stand above the picture; below it, where they usually are, nobody would find them.
_STYLE = """
.vega-embed:has(.vega-bindings) { display: inline-flex; flex-direction: column-reverse; align-items: flex-start; }
.vega-embed .vega-bindings { display: flex; flex-wrap: wrap; gap: .4em 1.2em; padding: .4em 0 .8em; max-width: 920px; }
.vega-embed .vega-bind label { display: inline-flex; align-items: center; gap: .4em; }
.vega-embed .vega-bind input[type=range] { width: 560px; max-width: 60vw; }
"""
_LINE = 15.0  # height of a line of text


@dataclass(frozen=True, eq=False)
class Workbench:
    """A live chart, its first document, and what it shows; a notebook draws it."""

    live: alt.TopLevelMixin
    start: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> tuple[dict, dict]:
        data, metadata = mimebundle(self.live.to_dict(validate=False))
        return data, metadata | {VEGA_LITE: {"embed_options": {"defaultStyle": _STYLE, "actions": False}}}


def workbench(
    tree: TreeLayout,
    rows: pd.DataFrame,
    lines: pd.DataFrame,
    below: pd.DataFrame,
    choices: Mapping[str, Sequence[str]],
    title: str,
    description: str,
    start: str,
) -> Workbench:
    """Draw the workbench.

    Parameters
    ----------
    tree
        From `woozle.layout`.
    rows
        The documents of the tree with their places, `from` and `till` (milliseconds between which each was published)
        and the columns of `FILTERS`.
    lines
        What stands beside it: `document`, `panel` (card, story), `line`, `text`, `head`.
    below
        Who rests on whom: `document`, `below`, `from`, `cut`.
    choices
        What each filter can be set to.
    title, description
        What it shows; what a reader who does not see it should know.
    start
        The document that is shown first.
    """
    moments = _moments(rows)
    step = alt.param(
        "step", value=len(moments) - 1, bind=alt.binding_range(min=0, max=len(moments) - 1, step=1, name="as of: step ")
    )
    moment = alt.param("moment", expr=f"{moments}[step]")
    filters = [
        alt.param(f"only_{name}", value=_ANY, bind=alt.binding_select(options=[_ANY, *choices[name]], name=f"{words} "))
        for name, words in FILTERS.items()
    ]
    chosen = alt.selection_point(
        "chosen", fields=["document"], value=[{"document": start}], empty=False, on="click", clear=False
    )
    picture = alt.hconcat(
        _tree(tree, rows, chosen),
        alt.vconcat(
            _moment(), _lines(lines, "card", "The document", chosen), _counts(below, chosen),
            _lines(lines, "story", "Its story, from the root", chosen), spacing=14,
        ),
        spacing=24,
    )  # fmt: skip
    heading = alt.TitleParams(wrapped(title, BOLD * (TREE + CARD), TITLE))
    live = picture.add_params(step, moment, *filters).properties(title=heading, description=description)
    return Workbench(live, start)


def _moments(rows: pd.DataFrame) -> list[int]:
    """Return the steps of the slider in milliseconds: the moments at which something can have changed, thinned out."""
    moments = sorted({*rows["from"], *rows["till"]})
    every = -(-len(moments) // _STEPS)
    return [*moments[:-1:every], moments[-1]]


def _opacity(full: float = 1.0) -> alt.Opacity:
    """Return how a mark stands out: pale where it is perhaps not out yet, paler where a filter leaves it out."""
    passes = " && ".join(f"(only_{name} == '{_ANY}' || datum.{name} == only_{name})" for name in FILTERS)
    shown = f"{full} * ({passes} ? 1 : {_DIM}) * (datum.till <= moment ? 1 : {_PALE})"
    return alt.OpacityValue(alt.expr(shown))


class _Places:
    """Scales on which a place in the layout is a place in the picture."""

    def __init__(self, tree: TreeLayout):
        self._x = alt.Scale(domain=[0, tree.width], nice=False, zero=False)
        self._y = alt.Scale(domain=[tree.height, 0], nice=False, zero=False)

    def x(self, name: str) -> alt.X:
        return alt.X(f"{name}:Q", scale=self._x, axis=None)

    def y(self, name: str) -> alt.Y:
        return alt.Y(f"{name}:Q", scale=self._y, axis=None)


def _tree(tree: TreeLayout, rows: pd.DataFrame, chosen: alt.Parameter) -> alt.LayerChart:
    at, small = _Places(tree), len(rows) > ROWS
    places = ["document", "label", "label_x", "x0", "x", "x1", "y"]
    drawn = rows[[*places, "says", "second_hand", "when", "said_by", "from", "till", *FILTERS]]
    drawn = drawn.assign(right=(rows["label_x"] + 8 + 6 * rows["label"].map(len)).round(1))
    base = alt.Chart(drawn).transform_filter("datum.from <= moment")
    layers = [
        *_days(tree, at),
        base.transform_filter(chosen)
        .mark_rect(color=_CHOSEN, height=6 if small else ROW)
        .encode(x=alt.XValue(0), x2=alt.XValue(tree.width), y=at.y("y")),
        *_hops(tree, rows, at),
        *_points(tree, base, at, small),
        *([] if small else [_labels(base, at)]),
        _targets(base, at, small).properties(name="targets").add_params(chosen),  # else its name is another each time
    ]
    picture = alt.layer(*layers).properties(width=tree.width, height=tree.height)
    return picture.resolve_scale(color="independent", stroke="independent", shape="independent")


def _days(tree: TreeLayout, at: _Places) -> list[alt.Chart]:
    days, cuts = (tree.ticks[tree.ticks["cut"].astype(bool) == cut] for cut in (False, True))
    top, bottom = alt.YValue(TOP - 6), alt.YValue(tree.height)
    text = {"baseline": "bottom", "fontSize": FONT}
    return [
        alt.Chart(cuts).mark_rect(color="#f6f7f8").encode(x=at.x("x"), x2="x1:Q", y=top, y2=bottom),
        alt.Chart(days).mark_rule(color=FAINT).encode(x=at.x("x"), y=top, y2=bottom),
        alt.Chart(days)
        .mark_text(align="left", color=INK, **text)
        .encode(x=at.x("x"), y=alt.YValue(TOP - 8), text="label:N"),
        alt.Chart(tree.headings)
        .mark_text(align="left", fontSize=FONT, fontWeight="bold", color=QUIET)
        .encode(x=alt.XValue(0), y=at.y("y"), text="text:N"),
    ]


def _hops(tree: TreeLayout, rows: pd.DataFrame, at: _Places) -> list[alt.Chart]:
    """Return the elbows: each stands and falls with the document that relies on the other."""
    facts = rows.set_index("document")[["from", "till", *FILTERS]]
    hops = tree.hops[["citing", "x0", "y0", "x1", "y1", "inferred"]].join(facts, on="citing")
    base = alt.Chart(hops).transform_filter("datum.from <= moment")
    dash = alt.StrokeDash("inferred:N", scale=alt.Scale(domain=[False, True], range=[[1, 0], [3, 3]]), legend=None)
    line = base.mark_rule(color=QUIET, strokeWidth=1)
    return [
        line.encode(x=at.x("x0"), y=at.y("y0"), y2="y1:Q", strokeDash=dash, opacity=_opacity()),
        line.encode(x=at.x("x0"), x2="x1:Q", y=at.y("y1"), strokeDash=dash, opacity=_opacity()),
    ]


def _points(tree: TreeLayout, base: alt.Chart, at: _Places, small: bool) -> list[alt.Chart]:
    colour, shape = scales(tree.legend)
    legend = alt.Legend(
        title="what it says of the claim (hollow: page not seen)", orient="bottom", columns=5, symbolOpacity=1
    )
    x, y, size = at.x("x"), at.y("y"), 14 if small else 64
    bars = base.transform_filter("datum.x1 - datum.x0 > 1").mark_bar(height=2 if small else 5, cornerRadius=2)
    hollow = base.transform_filter("datum.second_hand").mark_point(size=size, strokeWidth=2, filled=False, fill=PAPER)
    full = base.transform_filter("!datum.second_hand").mark_point(size=size, stroke=INK, strokeWidth=0.6, filled=True)
    says = "says:N"
    return [
        bars.encode(
            x=at.x("x0"), x2="x1:Q", y=y, color=alt.Color(says, scale=colour, legend=None), opacity=_opacity(0.35)
        ),
        hollow.encode(
            x=x,
            y=y,
            stroke=alt.Stroke(says, scale=colour, legend=None),
            shape=alt.Shape(says, scale=shape, legend=None),
            opacity=_opacity(),
        ),
        full.encode(
            x=x,
            y=y,
            color=alt.Color(says, scale=colour, legend=legend),
            shape=alt.Shape(says, scale=shape, legend=legend),
            opacity=_opacity(),
        ),
    ]


def _labels(base: alt.Chart, at: _Places) -> alt.Chart:
    text = base.mark_text(align="left", fontSize=FONT)
    return text.encode(x=at.x("label_x"), y=at.y("y"), text="label:N", opacity=_opacity())


def _targets(base: alt.Chart, at: _Places, small: bool) -> alt.Chart:
    """Return what one can click: the whole row of a document."""
    words = {"label": "document", "when": "published", "says": "what it says", "said_by": "said by"}
    tips = [alt.Tooltip(f"{name}:N", title=told) for name, told in words.items()]
    rows = base.mark_rect(opacity=0, cursor="pointer", height=6 if small else ROW)
    return rows.encode(x=at.x("x0"), x2="right:Q", y=at.y("y"), tooltip=tips)


def _panel(height: float) -> dict[str, object]:
    return {"width": CARD, "height": height}


def _moment() -> alt.LayerChart:
    """Return the moment of the slider in words."""
    base = alt.Chart(pd.DataFrame({"a": [0]})).transform_calculate(
        told="'Read as of ' + utcFormat(moment, '%-d %B %Y, %H:%M') + ' UTC'",
        pale="'pale: perhaps not out yet by then'",
    )
    style = {"align": "left", "baseline": "top"}
    return alt.layer(
        base.mark_text(fontSize=14, fontWeight="bold", **style).encode(x=alt.XValue(0), y=alt.YValue(2), text="told:N"),
        base.mark_text(fontSize=FONT, color=QUIET, **style).encode(x=alt.XValue(0), y=alt.YValue(22), text="pale:N"),
    ).properties(**_panel(36))


def _lines(lines: pd.DataFrame, panel: str, title: str, chosen: alt.Parameter) -> alt.LayerChart:
    own = lines[lines["panel"] == panel][["document", "line", "text", "head"]]
    most = int(own["line"].max()) + 1 if len(own) else 1
    y = alt.Y("line:Q", scale=alt.Scale(domain=[most, 0], nice=False), axis=None)
    base = alt.Chart(own).transform_filter(chosen)
    style = {"align": "left", "baseline": "top", "fontSize": FONT, "limit": CARD + 20}
    heads = base.transform_filter("datum.head").mark_text(fontWeight="bold", **style)
    plain = base.transform_filter("!datum.head").mark_text(**style)
    return alt.layer(*(mark.encode(x=alt.XValue(4), y=y, text="text:N") for mark in (heads, plain))).properties(
        **_panel(most * _LINE),
        title=alt.TitleParams(title, fontSize=12, color=QUIET, fontWeight="normal"),
    )


def _counts(below: pd.DataFrame, chosen: alt.Parameter) -> alt.LayerChart:
    """Return what rests on the chosen document by the moment, and what would be cut off without it."""
    told = {
        "rest": ("'Documents that rest on it by then: ' + datum.n", 0),
        "cut": ("'Cut off without it: ' + datum.m", 1),
    }
    base = (
        alt.Chart(below[["document", "from", "cut"]])
        .transform_filter(chosen)
        .transform_calculate(out="datum.from <= moment ? 1 : 0", lost="datum.from <= moment && datum.cut ? 1 : 0")
        .transform_aggregate(n="sum(out)", m="sum(lost)", groupby=["document"])
    )
    marks = [
        base.transform_calculate(told=text)
        .mark_text(align="left", baseline="top", fontSize=12, fontWeight="bold")
        .encode(x=alt.XValue(4), y=alt.YValue(4 + line * 18), text="told:N")
        for text, line in told.values()
    ]
    return alt.layer(*marks).properties(
        **_panel(44), title=alt.TitleParams("What hangs on it", fontSize=12, color=QUIET, fontWeight="normal")
    )
