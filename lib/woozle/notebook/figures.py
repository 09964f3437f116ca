"""The charts of a report: places from the layout, drawn by the charts, with a title and a description from the data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from woozle import chart, measure
from woozle.chart import layout
from woozle.chart.alignment import alignment
from woozle.chart.theme import visible_spec
from woozle.description import description_of
from woozle.infer import NOBODY
from woozle.model.cascade import Cascade
from woozle.notebook.english import listed_in_words
from woozle.notebook.tables import Table
from woozle.notebook.words import Teller, Words, document_fact
from woozle.rows import records
from woozle.text import when

WIDE, NARROW, BESIDE = (
    1100,
    350,
    600,
)  # widths in pixels: of a tree on a screen, on a phone, beside the alignment


def family_tree(tell: Teller, title: str, notes: Mapping[str, str] | None = None, width: float = WIDE) -> chart.Figure:
    """Show the family tree, with a version for phones; `title` is a sentence as `Teller` fills it.

    `notes` are words beside the labels of some documents, by their ids.
    """
    cascade = tell.cascade
    notes = {name: words for name, words in (notes or {}).items() if name in cascade.visible_ids}
    wide = layout.family_tree(cascade, width, notes=notes)
    words = _what_documents_say(tell, wide)
    description = tell.plain(
        "Family tree of {at_most}{documents:document}. Each document stands to the right of its likeliest source; a "
        "bar shows when it may have been published. Hollow: we did not see the page; dashed: we inferred or doubt "
        "the link. {words}",
        words=words,
    )
    narrow = layout.narrow_tree(cascade, NARROW, notes=notes)
    heading = tell.plain(title)
    trees = (chart.family_tree(tree, heading, description, hover=tree is wide) for tree in (wide, narrow))
    return chart.Figure("family-tree", _tree_rows(tell, wide, heading), *trees)


_DIFFER = {
    "changed": "changed",
    "taken": "as another of its sources",
    "lost": "no longer stated",
    "own_word": "become the actor’s own word",
    "told_as_fact": "told as a fact",
}


def thumbnail(cascade: Cascade) -> dict:
    """Return the family tree as a small chart without words: who came from whom, and what each says."""
    return visible_spec(chart.thumbnail(layout.family_tree(cascade, BESIDE)).to_dict())


def tree_with_alignment(tell: Teller, title: str, slots: Iterable[str] = ()) -> chart.Figure | Words:
    """Show the family tree and beside it the claim versions, field by field, coloured where they changed."""
    cascade = tell.cascade
    tree = layout.family_tree(cascade, BESIDE)
    cells = alignment(cascade, tree, ["said_by", "modality", "certainty", *slots], WIDE - BESIDE)
    if cells.empty:
        if cascade.case.claims.empty:
            return Words(
                "*No document is coded yet. Code one and its source, by `woozle code` or in claims.csv: then this "
                "section shows what changed between the two.*"
            )
        return Words("*No document with a coded version of the claim was out by then.*")
    states = cells["state"].value_counts()
    description = tell.plain(
        "The family tree, and beside each coded document what it says, field by field: a dot where it says the same as "
        "its main parent. Fields that could be compared: {compared}{differ}. The drift ledger has the other slots.",
        compared=int(states.drop(["start", "unknown", "empty"], errors="ignore").sum()),
        differ="".join(f"; {marked}: {states[state]}" for state, marked in _DIFFER.items() if state in states),
    )
    heading = tell.plain(title)
    words = {
        "start": "no earlier one is known",
        "taken": "as another of its sources",
        "changed": "changed",
        "told_as_fact": "told as a fact",
        "own_word": "becomes the actor’s own word",
        "lost": "lost",
    }
    marked = cells[cells["state"].isin(list(words))].copy()
    marked["state"] = marked["state"].map(words)
    marked = marked.assign(field=marked["title"], document=marked["label"]).drop(columns="title")
    columns = {
        "document": "document",
        "field": "field",
        "before": "its parent says",
        "full": "it says",
        "state": "what",
    }
    rows = Table(marked.reset_index(drop=True), cascade, f"{heading}: where codes start and change.", columns).rows
    return chart.Figure("alignment", rows, chart.tree_with_alignment(tree, cells, heading, description))


def roots(tell: Teller, title: str) -> chart.Figure | Words:
    """Show how many other documents rest on each root."""
    resting = measure.resting_on(tell.cascade)
    if resting.empty:
        return Words("")
    resting["label"] = tell.cascade.documents["label"].reindex(resting.index)
    counts = "; ".join(f"{row.label}: {row.others}" for row in resting.itertuples())
    description = tell.plain("How many other documents can be traced to each root. {counts}.", counts=counts)
    heading = tell.plain(title)
    rows = Table(resting, tell.cascade, heading, ["root", "others"], about=description_of(measure.resting_on)).rows
    return chart.Figure("roots", rows, *(chart.roots(resting, heading, description, width) for width in (820, NARROW)))


def timeline(tell: Teller, title: str) -> chart.Figure:
    """Show how many documents were out when, and when corrections and non-confirmations came."""
    cascade = tell.cascade
    kinds = {
        "correction": measure.corrections(cascade),
        "non-confirmation": measure.non_confirmations(cascade),
    }
    answers = pd.concat([frame.assign(kind=kind) for kind, frame in kinds.items()])
    answers["label"] = cascade.documents["label"].reindex(answers.index)
    answers["middle"] = answers["earliest"] + (answers["latest"] - answers["earliest"]) / 2
    answers["when"] = [document_fact(cascade, name, "when") for name in answers.index]
    counted = "documents that carry the claim" if tell.statistics["coded"] else "documents, none coded yet"
    description = tell.plain(
        "{counted} that were out at each moment, at least and at most: {at_most}{carriers} at the end{below}.",
        counted=counted[:1].upper() + counted[1:],
        below=_when_answers_came(tell),
    )
    published = measure.published(cascade)
    columns = ["label", "kind", "earliest", "middle", "latest", "when"]
    heading, answers = tell.plain(title), answers[columns]
    about = description_of(measure.published)
    rows = Table(published, cascade, f"{heading}: documents that were out.", list(about.columns), about=about).rows
    days = _days(cascade)
    charts = (chart.timeline(published, answers, days, heading, description, width, counted) for width in (960, NARROW))
    return chart.Figure("timeline", rows, *charts)


def _when_answers_came(tell: Teller) -> str:
    """Return the end of the sentence on the timeline; empty where nobody answered."""
    counts = {"corrections": "correction", "non_confirmations": "non-confirmation"}
    answers = [tell.plain(f"{{{name}:{noun}}}") for name, noun in counts.items() if tell.statistics[name]]
    return f"; below, when {listed_in_words(answers)} can have come" if answers else ""


_VALUES = ("value", "unit", "share_change", "earliest_min", "latest_min", "seen")


def second_sources(tell: Teller, title: str, document: str = "") -> chart.Figure | Words:
    """Show a document whose two sources lead back to one; by default the one with the shortest coded ways."""
    cascade = tell.cascade
    circular = measure.circular_reports(cascade)
    circular = circular[circular["kind"] == "back to the first"] if len(circular) else circular
    circular = circular[circular["document"] == document] if document else circular[~circular["inferred"].astype(bool)]
    if circular.empty:
        return Words("")
    row = min(circular.to_dict("records"), key=lambda row: len(row["path_first"]) + len(row["path_second"]))
    labels, ways = cascade.documents["label"], [row["path_first"], row["path_second"]]
    places = [
        {"document": labels[name], "x": at / (len(way) - 1), "y": 0 if at in (0, len(way) - 1) else side, "way": side}
        for way, side in zip(ways, (1, -1), strict=True)
        for at, name in enumerate(way)
    ]
    points = pd.DataFrame(places)
    ways_in_words = [" → ".join(labels[name] for name in way) for way in ways]
    description = tell.plain(
        "Two ways from {common} to {end}: {ways}.",
        common=labels[row["common"]],
        end=labels[row["document"]],
        ways="; ".join(ways_in_words),
    )
    heading = tell.plain(title)
    columns = ["document", "first", "second", "path_first", "path_second"]
    rows = Table(circular, cascade, heading, columns, about=description_of(measure.circular_reports)).rows
    charts = (chart.second_sources(points, heading, description, width) for width in (760, NARROW))
    return chart.Figure("second-sources", rows, *charts)


def stopped(tell: Teller, title: str) -> chart.Figure | Words:
    """Show how many documents would lack the claim: without one document, or had the turn been corrected early."""
    cascade, statistics = tell.cascade, tell.statistics
    bars = []
    if statistics["dominator"]:
        bars.append(
            (tell.plain("nobody relies on {dominator.label}"), statistics["dominated"], statistics["dominated"])
        )
    if statistics["turn"]:
        effects = measure.early_correction_effect(cascade, statistics["turn"])
        late = effects[effects["hours"] >= 24]
        for words, row in [
            ("corrected at once", effects.iloc[0]),
            *[("a day later", row) for row in late.head(1).iloc],
        ]:
            bars.append((tell.plain(f"{{turn.label}}: {words}"), int(row["at_least"]), int(row["at_most"])))
    if not bars:
        return Words("")
    drawn = pd.DataFrame(bars, columns=["what", "at_least", "at_most"])
    drawn["told"] = [f"{a}" if a == b else f"at most {b}" if not a else f"{a} to {b}" for _, a, b in bars]
    words = "; ".join(f"{row.what}: {row.told}" for row in drawn.itertuples())
    description = tell.plain(
        "How many of {others:other document} would have had no way to the claim, by links that are coded. {words}.",
        words=words,
    )
    heading = tell.plain(title)
    rows = Table(drawn, cascade, heading, {"what": "if", "at_least": "cut off, at least", "at_most": "at most"}).rows
    charts = (chart.stopped(drawn, statistics["others"], heading, description, width) for width in (760, NARROW))
    return chart.Figure("stopped", rows, *charts)


def event_values(tell: Teller, title: str, since: str = "") -> chart.Figure | Words:
    """Show the events that have a value, and how many minutes after the document `since` each happened."""
    cascade = tell.cascade
    values = measure.event_values(cascade, since if since in cascade.visible_ids else "").reset_index(drop=True)
    if values.empty:
        return Words("")
    values["when"] = [when(row["earliest"], row["latest"], cascade.clock) for row in records(values)]
    values["told"] = [
        f"{row.value:g} {row.unit}" + (f" ({row.share_change:+.0%})" if row.share_change else "")
        for row in values.itertuples()
    ]
    heading = tell.plain(title)
    words = "; ".join(f"{row.event}: {row.told}" for row in values.itertuples())
    description = tell.plain("Figures of events, in the order of time: {words}.", words=words)
    exact = values.assign(value=[f"{value:g}" for value in values["value"]])
    about = description_of(measure.event_values)
    columns = {"event": "event", "when": "when"} | {name: about.columns[name] for name in _VALUES}
    rows = Table(exact, cascade, heading, columns, about=about).rows
    drawn = values[["event", "when", "value", "told"]]
    charts = (chart.event_values(drawn, heading, description, width) for width in (820, NARROW))
    return chart.Figure("event-values", rows, *charts)


def survival(tell: Teller, title: str) -> chart.Figure | Words:
    """Show what share of each field's codes is unchanged after each number of hops from the root."""
    case = tell.cascade.case
    curves = measure.field_survival(tell.cascade)
    if curves.empty:
        rested = "No link has codes at both ends yet, so we can't say what changed."
        alone = "By then no document rested on another: nothing can have changed."
        return Words(f"*{tell.plain(rested if len(tell.cascade.main_parents) else alone)}*")
    curves["title"] = [case.field_title(name) for name in curves["field"]]
    ends = curves.groupby("title", sort=False).last()
    words = "; ".join(
        f"{row.Index}: {row.changed_in_all} of {row.documents} changed"
        for row in ends.assign(changed_in_all=curves.groupby("title")["changed"].sum()).itertuples()
    )
    description = tell.plain(
        "For each field, the share of documents whose code is still that of the root after so many hops; the band "
        "holds the middle 90 % of samples in which branches are drawn anew. {words}.",
        words=words,
    )
    heading = tell.plain(title)
    about = description_of(measure.field_survival)
    rows = Table(curves, tell.cascade, heading, about.shown, about=about).rows
    charts = (chart.survival(curves, heading, description, width) for width in (WIDE, NARROW))
    return chart.Figure("survival", rows, *charts)


def as_known(tell: Teller, title: str, names: Iterable[str]) -> chart.Figure:
    """Show how some headline figures (names as in `woozle.measure.STATISTICS`) grew with what could be known."""
    titles = {
        figure.name: f"{figure.title} ({figure.unit})" for figure in measure.STATISTICS if figure.name in set(names)
    }
    series = measure.as_of_series(tell.cascade).reset_index()
    series = series[series["figure"].isin(list(titles))]
    series["title"] = series["figure"].map(titles)
    ends = series[["title", "surely", "perhaps"]]
    same = series.groupby("title")[["surely", "perhaps"]].shift().eq(ends[["surely", "perhaps"]]).all(axis=1)
    series = series[~same | (series["moment"] == series["moment"].max())]  # a step needs only its ends
    last = series.groupby("title", sort=False).last()
    words = "; ".join(f"{row.Index}: {row.perhaps:g} at the end" for row in last.itertuples())
    description = tell.plain(
        "Figures as they could be known at each moment, with the documents that surely were out and with those that "
        "perhaps were. {words}.",
        words=words,
    )
    heading = tell.plain(title)
    about = description_of(measure.as_of_series)
    columns = {"moment": "moment", "title": "figure", "surely": about.columns["surely"]}
    rows = Table(series, tell.cascade, heading, columns | {"perhaps": about.columns["perhaps"]}, about=about).rows
    days = _days(tell.cascade)
    charts = (chart.as_known(series, days, heading, description, width) for width in (WIDE, NARROW))
    return chart.Figure("as-known", rows, *charts)


def proposals(tell: Teller, table: pd.DataFrame, title: str) -> chart.Figure | Words:
    """Show what a model proposes (rows of `woozle.infer.propose`) for documents without a coded source."""
    if table.empty:
        return Words("*No proposal reaches the threshold.*")
    labels = tell.cascade.documents["label"]
    twice = labels.duplicated(keep=False)
    labels = labels.where(~twice, labels + " (" + labels.index + ")")
    drawn = pd.DataFrame(
        {
            "document": labels[table["citing"]].to_list(),
            "source": [labels.get(name, "no source in this collection") for name in table["cited"]],
            "probability": table["probability"].to_list(),
            "reason": table["reason"].to_list(),
            "is_hop": (table["cited"] != NOBODY).to_list(),
        }
    )
    best = drawn.drop_duplicates("document")
    words = "; ".join(f"{row.document}: {row.source}, {row.probability:.0%}" for row in best.itertuples())
    description = tell.plain(
        "Bars with a dashed edge: how probable it is, by a model, that a document relied on another. All of it is "
        "inferred. The most probable of each: {words}.",
        words=words,
    )
    heading = tell.plain(title)
    columns = {"document": "document", "source": "perhaps from", "share": "probability", "reason": "why"}
    rows = Table(drawn.assign(share=drawn["probability"]), tell.cascade, heading, columns).rows
    charts = (chart.proposals(drawn, heading, description, width) for width in (820, NARROW))
    return chart.Figure("proposals", rows, *charts)


def _days(cascade: Cascade) -> layout.TimeAxis:
    """Return the axis of time for curves: even, but for long spans in which nothing was published."""
    documents = cascade.documents
    return layout.TimeAxis(documents["earliest"], documents["latest"], cascade.clock, even=True)


def _tree_rows(tell: Teller, tree: layout.TreeLayout, heading: str) -> dict[str, Any]:
    """Return the rows behind the family tree: what each document says, and on whom it relies."""
    cascade = tell.cascade
    frame = cascade.main_parents[["parent", "relation"]].reindex(tree.rows.index).fillna("")
    frame["says"] = tree.rows["says"]
    columns = {"document": "document", "when": "published", "says": "what it says", "parent": "from", "relation": "how"}
    return Table(
        frame.rename_axis("document"), cascade, heading, columns | {"wording": "in its words", "seen": "how seen"}
    ).rows


def _what_documents_say(tell: Teller, tree: layout.TreeLayout) -> str:
    counts = tree.rows["says"].value_counts()
    parts = [f"{word}: {counts[word]}" for word in tree.legend["says"] if word in counts]
    return "What they say: " + ", ".join(parts) + "."
