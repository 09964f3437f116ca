"""The tables, charts and sentences of a report that sets cases side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from woozle import chart, measure, moved
from woozle.description import Column, description_of
from woozle.measure.comparison import SLOTS
from woozle.model.cascade import Cascade
from woozle.notebook.english import range_in_words
from woozle.notebook.figures import NARROW, WIDE
from woozle.notebook.tables import Table
from woozle.notebook.words import Words, fill
from woozle.rows import records, records_by_id
from woozle.text import plain_number

FIELDS = {"said_by": "who said it", "modality": "how real", "certainty": "how sure", SLOTS: "details"}
SHAPES = {"depth": "depth", "max_breadth": "greatest breadth", "structural_virality": "structural virality"}


def _figure_in_words(row: Mapping[str, Any]) -> str:
    """Return a headline figure as coded, of what, and its range in the draws where that adds something."""
    drawn = range_in_words(row)
    if pd.isna(row["value"]):
        return drawn or "–"
    of = f" of {plain_number(row['of'])}" if not pd.isna(row["of"]) else ""
    varies = row["low"] != row["high"]
    ends = f" (in draws {plain_number(row['low'])} to {plain_number(row['high'])})" if varies else ""
    return f"{plain_number(row['value'])}{of}{ends}"


def _from_to(rows: pd.DataFrame) -> str:
    """Return the lowest and the highest of shares in words."""
    low, high = rows.iloc[0], rows.iloc[-1]
    if len(rows) == 1:
        return f"{low['told']} ({low['case']})"
    if low["share"] == high["share"]:
        return f"{low['share']:.0%} in each"
    return f"from {low['told']} ({low['case']}) to {high['told']} ({high['case']})"


class Comparison:
    """Several cases, and what a report tells of them; each figure is computed once and kept.

    Parameters
    ----------
    cascades
        By name; each is shown under the title of its case, or by its name where two have one title.

    Examples
    --------
    >>> import woozle
    >>> names = ["jang_dogs_2013", "ual_bankruptcy_2008"]
    >>> told = Comparison({name: woozle.open(name).cascade() for name in names})
    >>> told.turns().frame["made by"].to_list()
    ['genre lost', 'new date']
    """

    def __init__(self, cascades: Mapping[str, Cascade]):
        titles = [cascade.case.title for cascade in cascades.values()]
        self.cascades = {
            title if titles.count(title) == 1 else name: cascade
            for (name, cascade), title in zip(cascades.items(), titles, strict=True)
        }

    @cached_property
    def headlines(self) -> pd.DataFrame:
        """See `woozle.measure.compare_headlines`."""
        return measure.compare_headlines(self.cascades)

    @cached_property
    def typology(self) -> pd.DataFrame:
        """See `woozle.measure.hop_typology`."""
        return measure.hop_typology(self.cascades)

    @cached_property
    def shapes(self) -> pd.DataFrame:
        """See `woozle.measure.compare_shapes`."""
        return measure.compare_shapes(self.cascades)

    @cached_property
    def _turns(self) -> pd.DataFrame:
        return measure.compare_turns(self.cascades)

    def tell(self, text: str, evidence: str = "", **values: object) -> Words:
        """Return a text with values, and with counts over the cases.

        `{cases}`, `{documents}`, `{hops}` (with codes at both ends), `{with_turn}` (cases with a hop at which the claim
        became false), `{from_start}` (cases false from the start); and the sums over the cases of `{carriers}`,
        `{own_words}`, `{told_as_fact}`, `{upgrades}` and `{corrections}`. `evidence` as in `Teller`.
        """
        value = self.headlines["value"]
        sums = {
            name: int(value.xs(name).sum())
            for name in ("carriers", "own_words", "told_as_fact", "upgrades", "corrections")
        }
        of = self.headlines["of"]
        known = {
            "cases": len(self.cascades),
            "documents": int(of.xs("carriers").sum()),
            "hops": int(of.xs("hops_changed").sum()),
            "with_turn": self._turns.index[self._turns["how"] == "a hop"].nunique(),
            "from_start": self._turns.index[self._turns["how"] == "false from the start"].nunique(),
        }
        return fill(text, evidence, **sums, **known, **values)

    @property
    def largest(self) -> tuple[str, int]:
        """The case with most hops whose codes are known at both ends, and how many these are."""
        hops = self.headlines["of"].xs("hops_changed")
        return str(hops.idxmax()), int(hops.max())

    def cases(self) -> Table:
        """Show what is compared."""
        rows = [
            [name, cascade.case.title, len(cascade.documents), len(cascade.carriers), len(cascade.main_parents)]
            for name, cascade in self.cascades.items()
        ]
        columns = ["case", "what it is about", "documents", "with the claim", "hops along main parents"]
        frame = pd.DataFrame(rows, columns=columns)
        if frame["case"].equals(frame["what it is about"]):
            columns.remove("what it is about")
        return Table(frame[columns], None, "The cases that are compared.", columns)

    def turns(self) -> Table:
        """Show what made the claim false in each case."""
        about = description_of(measure.compare_turns)
        return Table(self._turns, None, about.caption, about.shown, about=about)

    def kinds(self, least: int = 1) -> Table:
        """Show which kinds of change occur in which case; those that occur in fewer cases than `least` are left out."""
        kinds = measure.change_kinds(self.cascades).query("cases >= @least")
        columns = {"kind": "kind of change", **{name: name for name in self.cascades}, "cases": "cases with it"}
        caption = "How many hops made each kind of change, by case; kinds found in most cases come first."
        return Table(kinds, None, caption, columns)

    def figures(self, names: Iterable[str], caption: str) -> Table:
        """Return `statistics`, whose old name this is; a figure is a chart."""
        moved.tell("compared.figures", "compared.statistics")
        return self.statistics(names, caption)

    def statistics(self, names: Iterable[str], caption: str) -> Table:
        """Show some headline figures, a column a case: as coded, and the middle 90 % of the draws where they vary."""
        headlines = records_by_id(self.headlines)
        titles = {figure.name: figure.title for figure in measure.STATISTICS}
        rows = [
            {"figure": titles[name]}
            | {case: _figure_in_words(row) for (figure, case), row in headlines.items() if figure == name}
            for name in names
        ]
        return Table(pd.DataFrame(rows), None, caption, ["figure", *self.cascades])

    def shares(self, title: str, names: Iterable[str]) -> chart.Figure:
        """Draw those headline figures that are shares of a whole, for each case."""
        drawn = self.headlines.loc[list(names)].reset_index()
        drawn = drawn[drawn["share"].notna()]
        low, high = (drawn[end] / drawn["of_drawn"] for end in ("low", "high"))
        drawn = drawn.assign(
            low=low.clip(0, 1),
            high=high.clip(0, 1),
            told=[f"{plain_number(row['value'])} of {plain_number(row['of'])}" for row in records(drawn)],
        )
        words = "; ".join(
            f"{title}: {_from_to(rows.sort_values('share', kind='stable'))}"
            for title, rows in drawn.groupby("title", sort=False)
        )
        columns = {"title": "figure", "case": "case", "told": "as coded", "share": "share"}
        rows = Table(drawn.drop(columns="figure"), None, title, columns).rows
        description = f"Points: as coded; lines: the middle 90 % of draws. {words}."
        drawn = drawn[["title", "case", "share", "low", "high", "told"]]
        charts = (chart.compared_figures(drawn, title, description, width) for width in (WIDE, NARROW))
        return chart.Figure("compared-figures", rows, *charts)

    def hop_typology(self, title: str, least: int = 1) -> chart.Figure:
        """Draw which kinds of citing change which field how often; kinds with fewer hops than `least` are left out."""
        shares = self.typology.reset_index()
        hops = shares.groupby("relation")["of"].transform("max")
        shares = shares[hops >= least]
        drawn = pd.DataFrame(
            {
                "kind": shares["title"],
                "field": shares["field"].map(FIELDS),
                "at_least": shares["share_low"],
                "told": [f"{row.changed} of {row.of}" for row in shares.itertuples()],
                "cases": shares["cases"],
            }
        )
        most = drawn.sort_values("at_least", ascending=False, kind="stable").head(3)
        words = "; ".join(f"{row.kind}, {row.field}: {row.told}" for row in most.itertuples())
        description = (
            "How many hops of each kind of citing changed each field. The darker a cell, the higher the share is at "
            f"least (the lower end of its 90 % interval). Darkest: {words}."
        )
        about = description_of(measure.hop_typology)
        rows = Table(shares.assign(field=shares["field"].map(FIELDS)), None, title, about.shown, about=about).rows
        charts = (chart.hop_typology(drawn, title, description, width) for width in (820, NARROW))
        return chart.Figure("hop-typology", rows, *charts)

    def shapes_beside_chance(self, title: str) -> chart.Figure:
        """Draw the shape of each case's largest tree beside what its size alone would do."""
        drawn = self.shapes.reset_index()
        drawn = drawn.assign(
            case=[f"{case} ({size:.0f})" for case, size in zip(drawn["case"], drawn["size"], strict=True)],
            figure=drawn["figure"].map(SHAPES),
        )
        words = "; ".join(
            f"{row['figure']}, {row['case']}: {plain_number(row['value'])}, by chance {plain_number(row['low'])} to "
            f"{plain_number(row['high'])}"
            for row in records(drawn[drawn["outside"]])
        )
        description = (
            "Points: the largest tree of each case (documents in brackets); bars: the middle 90 % of trees that grew "
            f"at random, with their median. Outside: {words or 'none'}."
        )
        about = description_of(measure.compare_shapes)
        rows = Table(drawn, None, title, about.shown, about=about).rows
        shown = drawn[["figure", "case", "value", "low", "median", "high"]]
        charts = (chart.shapes_beside_chance(shown, title, description, width) for width in (WIDE, NARROW))
        return chart.Figure("shapes", rows, *charts)

    def published(self, path: str | Path) -> Table:
        """Show figures of large collections, from a file of published ones, beside those of the cases.

        The file has the columns `figure` (depth, max_breadth, structural_virality, size), `collection`, `told` (the
        published figure), `counted` (how it was counted), `source`.
        """
        published = pd.read_csv(path, dtype=str, keep_default_na=False)
        beside: dict[Any, str] = {
            figure: "; ".join(
                f"{case}: {plain_number(row['value'])}" for case, row in rows.droplevel("figure").iterrows()
            )
            for figure, rows in self.shapes.groupby(level="figure", sort=False)
        }
        sizes = self.shapes["size"].groupby(level="case", sort=False).first()
        beside["size"] = "; ".join(f"{case}: {size:.0f}" for case, size in sizes.items())
        published["here"] = published["figure"].map(beside).fillna("–")
        published["figure"] = published["figure"].map({**SHAPES, "size": "size"})
        columns = {
            "figure": Column("words", "which figure"),
            "collection": "collection",
            "told": "published",
            "counted": "how it is counted",
        }
        columns |= {"source": "source", "here": "the largest trees here (documents)"}
        return Table(
            published,
            None,
            "Published figures of large collections. They are not from the data of these cases.",
            columns,
        )
