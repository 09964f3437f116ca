"""Charts: one function each, tables and layouts in, an Altair chart out. Nothing is computed here.

Importing this module sets the theme and the renderer that woozle's notebooks are drawn with.
"""

# ruff: noqa: E402
from woozle.declared import import_jsonschema

import_jsonschema()  # before the modules below import Altair

from woozle.chart.classroom import item_shares, point_shares
from woozle.chart.comparison import compared_figures, hop_typology, shapes_beside_chance
from woozle.chart.event_values import event_values
from woozle.chart.findings import second_sources, stopped
from woozle.chart.panels import as_known, survival
from woozle.chart.proposals import proposals, reliability
from woozle.chart.quick import cascade
from woozle.chart.sourcing import roots
from woozle.chart.sweep import multiples
from woozle.chart.theme import FONT_FAMILY, Figure, apply_theme, mimebundle
from woozle.chart.timeline import timeline
from woozle.chart.tree import family_tree, thumbnail, tree_with_alignment

__all__ = [
    "FONT_FAMILY",
    "Figure",
    "apply_theme",
    "as_known",
    "cascade",
    "compared_figures",
    "event_values",
    "family_tree",
    "hop_typology",
    "item_shares",
    "mimebundle",
    "multiples",
    "point_shares",
    "proposals",
    "reliability",
    "roots",
    "second_sources",
    "shapes_beside_chance",
    "stopped",
    "survival",
    "thumbnail",
    "timeline",
    "tree_with_alignment",
]

apply_theme()


def __dir__() -> list[str]:
    return sorted(set(__all__) - {"FONT_FAMILY", "Figure", "apply_theme", "mimebundle"})


def __getattr__(name: str) -> object:
    from woozle.errors import did_you_mean

    raise AttributeError(f"woozle.chart has no '{name}'.{did_you_mean(name, __all__)}")
