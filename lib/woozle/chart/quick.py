"""Draw a chart in one call, when you try things out in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from woozle.chart.layout import family_tree as tree_layout
from woozle.chart.tree import family_tree
from woozle.model.cascade import Cascade
from woozle.model.case import as_cascade

if TYPE_CHECKING:
    from woozle.model.case import Case


def cascade(shown: Case | Cascade, width: float = 1100) -> alt.LayerChart:
    """Draw a cascade as a family tree.

    Parameters
    ----------
    shown
        From `woozle.Case.cascade`; a case is drawn as of its latest moment.
    width
        In pixels.

    Examples
    --------
    >>> import woozle
    >>> drawn = cascade(woozle.open("ual_bankruptcy_2008").cascade())
    >>> drawn.to_dict()["title"]["text"]
    ['“United Airlines has filed for bankruptcy” (September 2008), as of 10 September 2008']
    """
    shown = as_cascade(shown)
    title = f"{shown.case.title}, as of {shown.moment.day} {shown.moment:%B %Y}"
    description = f"Family tree of {len(shown.documents)} documents, {len(shown.carriers)} of them with the claim."
    return family_tree(tree_layout(shown, width), title, description)
