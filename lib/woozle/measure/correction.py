"""When did corrections come, and what had spread by then?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from woozle import dates
from woozle.description import STANDARD, Column, columns, described
from woozle.measure.turn import false_versions
from woozle.model.cascade import Cascade
from woozle.model.case import Case
from woozle.rows import records_by_id

HOUR = pd.Timedelta(hours=1)


_ANSWERS = columns(
    "document",
    "stance",
    "earliest",
    "latest",
    surely_before=Column(
        "count", "documents with the claim that surely were published before it, or on which it relies",
        "carriers surely before",
    ),
    perhaps_before=Column("count", "the same, at most", "at most before"),
    of=Column("count", "documents with the claim in this cascade"),
    repost=Column("yes or no", "it repeats another correction", "repeats another"),
    may_be_first=Column("yes or no", "no other one surely came before it", "may be the first"),
    second_hand=STANDARD["second_hand"],
)  # fmt: skip


@described(
    "Corrections",
    "By document, by earliest and then latest time; where times overlap, this does not show which came first",
    _ANSWERS,
    caption="Corrections, by the earliest time at which they can have come; overlapping times leave their order open.",
    shown=("document", "stance", "when", "surely_before", "perhaps_before", "of", "repost", "may_be_first"),
    limits="coded documents only; that one was out does not say that anybody read it",
)
def corrections(cascade: Cascade) -> pd.DataFrame:
    """Return the documents that correct the claim, in order, with what had been published before each.

    Examples
    --------
    >>> import woozle
    >>> corrections(woozle.open("poland_missile_2022").cascade())["stance"].to_dict()
    {'duda_statement': 'denies', 'ap_correction': 'retracts'}
    """
    return _with_what_came_before(cascade, cascade.case.correcting)


@described(
    "Non-confirmations",
    "By document, by earliest and then latest time",
    _ANSWERS,
    caption="Documents that neither confirm nor correct.",
    shown=("document", "stance", "when", "surely_before", "perhaps_before", "of"),
    limits="“we have not seen such reports” is no correction, and is never counted among them",
)
def non_confirmations(cascade: Cascade) -> pd.DataFrame:
    """Return the documents that neither confirm nor correct ("have not seen such reports"); columns as `corrections`.

    They are never counted among the corrections.
    """
    return _with_what_came_before(cascade, cascade.case.not_confirming)


@described(
    "Time to a correction",
    "By document with the claim",
    columns(
        "document",
        "language",
        when=Column("words", "whether it was out before the first correction: before, after, unknown", "published"),
        lag_low_h=Column(
            "hours",
            "till the first correction in any language, at least; negative: it was out before the document",
            "to a correction, at least",
        ),
        lag_high_h=Column("hours", "the same, at most", "at most"),
        own_when=Column("words", "the same as `when`, of corrections in its own language", "in its language"),
        own_low_h=Column("hours", "till the first one in its language, at least", "to one in it, at least"),
        own_high_h=Column("hours", "the same, at most", "at most "),
    ),
    caption="Time from each document to the first correction; negative: the correction was out before the document.",
    shown=("document", "when", "lag_low_h", "lag_high_h", "own_when", "own_low_h", "own_high_h"),
    limits="missing where there is no such correction by then; that it was out does not mean that anybody could find "
    "it",
)
def correction_lag(cascade: Cascade) -> pd.DataFrame:
    """Return the hours from each document that carries the claim to the first correction that it could have read.

    Examples
    --------
    The post was traced weeks after Wen Wei Po took it for news. No Chinese document of the collection traced it.

    >>> import woozle
    >>> lag = correction_lag(woozle.open("jang_dogs_2013").cascade())
    >>> lag.loc["wen_wei_po", ["when", "own_when"]].fillna("none in its language").to_list()
    ['before', 'none in its language']
    """
    documents = cascade.documents
    language = documents["language"]
    answers = list(documents.index[documents["stance"].isin(cascade.case.correcting)])
    every_hop = replace(cascade, hops="all")
    above = {name: set(every_hop.ancestors(name)) for name in answers}
    spans = cascade.spans
    rows = {}
    for name in cascade.carriers:
        own = [answer for answer in answers if language[answer] == language[name] != ""]
        below = set(every_hop.ancestors(name)) & set(answers)
        facts = [_lag(spans, above, below, name, names) for names in (answers, own)]
        rows[name] = [language[name], *facts[0], *facts[1]]
    columns = ["language", "when", "lag_low_h", "lag_high_h", "own_when", "own_low_h", "own_high_h"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("document")


def _lag(
    spans: dict[str, dates.Interval], above: dict[str, set[str]], below: set[str], name: str, answers: list[str]
) -> tuple[str | None, float | None, float | None]:
    """Return whether a document came before the first of the answers, and the least and most hours between."""
    if not answers:
        return None, None, None
    first = min(spans[a].earliest for a in answers), min(spans[a].latest for a in answers)
    low, high = (first[0] - spans[name].latest) / HOUR, (first[1] - spans[name].earliest) / HOUR
    if all(name in above[answer] for answer in answers):  # every one of them relies on it
        low = max(low, 0.0)
    if below & set(answers):
        high = min(high, 0.0)
    when = "before" if low >= 0 else "after" if high <= 0 else "unknown"
    return when, float(low), float(high)


@described(
    "Corrections by language",
    "By language, most carriers first",
    columns(
        "language",
        carriers=Column("count", "documents with the claim"),
        corrections=Column("count", "coded documents that correct it"),
        non_confirmations=Column("count", "coded documents that do not confirm it", "non-confirmations"),
        first_earliest=Column("moment", "the first correction in it was not out before; missing where none is"),
        first_latest=Column("moment", "the first correction in it was out by then"),
        surely_after=Column("count", "documents with the claim that surely came after it", "surely after it"),
        perhaps_after=Column("count", "documents with the claim that came after it, at most", "at most after it"),
    ),
    caption="In which languages it was carried, and corrected; how many came after the first correction in their "
    "language.",
    shown=("language", "carriers", "corrections", "non_confirmations", "surely_after", "perhaps_after"),
    limits="coded documents only: `uncoded_answers` lists those that may pass a correction on",
)
def correction_by_language(cascade: Cascade) -> pd.DataFrame:
    """Return in which languages the claim was carried, and whether and when a correction appeared in each.

    Examples
    --------
    >>> import woozle
    >>> found = correction_by_language(woozle.open("dprk_troops_2024").cascade())
    >>> found.index[found["corrections"] > 0].to_list()
    ['en', 'fi']
    """
    documents, lag = cascade.documents, correction_lag(cascade)
    carriers = documents.loc[list(cascade.carriers)]
    case = cascade.case
    answers = {
        "corrections": documents[documents["stance"].isin(case.correcting)],
        "non_confirmations": documents[documents["stance"].isin(case.not_confirming)],
    }
    languages = dict.fromkeys(filter(None, [*carriers["language"], *answers["corrections"]["language"]]))
    rows = {}
    for language in languages:
        own = {name: answered[answered["language"] == language] for name, answered in answers.items()}
        first = own["corrections"]
        when = lag.loc[lag["language"] == language, "own_when"]
        rows[language] = {
            "carriers": int((carriers["language"] == language).sum()),
            **{name: len(answered) for name, answered in own.items()},
            "first_earliest": first["earliest"].min() if len(first) else pd.NaT,
            "first_latest": first["latest"].min() if len(first) else pd.NaT,
            "surely_after": int((when == "after").sum()),
            "perhaps_after": int(when.isin(["after", "unknown"]).sum()),
        }
    frame = pd.DataFrame.from_dict(rows, orient="index").rename_axis("language")
    return frame.sort_values("carriers", ascending=False, kind="stable") if rows else frame


def publishes(case: Case, documents: pd.DataFrame) -> pd.Series:
    """Tell which documents an outlet published; the words of unnamed sources, accounts and officials do not count."""
    return ~documents["outlet_kind"].isin(case.no_publishers) & ~documents["kind"].isin(case.unpublished)


@described(
    "Corrections by outlet",
    "By outlet that published the claim",
    columns(
        "outlet_name",
        outlet=Column("words", "id of the outlet"),
        carriers=Column("count", "its documents with the claim"),
        false=Column("count", "those of them that are shown to be false"),
        corrections=Column("count", "its documents that correct it"),
        non_confirmations=Column("count", "its documents that do not confirm it"),
        uncoded=Column("count", "its other documents, without a coded version"),
    ),
    limits="an outlet may have corrected itself in a document that is not in the collection; officials, press rooms "
    "and accounts are no outlets here",
)
def correction_by_outlet(cascade: Cascade) -> pd.DataFrame:
    """Return which outlets that published the claim also published a correction.

    Only coded documents of the collection count: an outlet may have corrected itself in a document that is not in it.
    An official, a press room or an account is no outlet here. An outlet that reported a forecast as a forecast has
    nothing to correct.

    Examples
    --------
    >>> import woozle
    >>> int(correction_by_outlet(woozle.open("poland_missile_2022").cascade()).loc["ap", "corrections"])
    1
    """
    case = cascade.case
    documents = cascade.documents[publishes(case, cascade.documents)]
    carries = documents["carries"] != "no"
    false = {document for document, version in false_versions(cascade) if version == 1}
    kinds = {
        "carriers": carries,
        "false": carries & documents.index.isin(false),
        "corrections": documents["stance"].isin(case.correcting),
        "non_confirmations": documents["stance"].isin(case.not_confirming),
        "uncoded": documents["stance"].isna() & ~carries,
    }
    counts = pd.DataFrame({name: answered.groupby(documents["outlet"]).sum() for name, answered in kinds.items()})
    counts.insert(0, "outlet_name", documents.groupby("outlet")["outlet_name"].first())
    return counts[counts["carriers"] > 0].sort_values("corrections", ascending=False, kind="stable")


@described(
    "Answers at fault",
    "One row a fault",
    columns(
        "document",
        "stance",
        fault=Column(
            "words", "shown to be false; miscredits another document; repeats a correction", "what is to be said"
        ),
        of=Column("document", "which it miscredits or repeats; else the one that shows it to be false"),
        evidence=Column("words", "what shows that citation"),
        note=STANDARD["note"],
    ),
    caption="Corrections and doubts that are at fault themselves, or repeat another's correction.",
    shown=("document", "stance", "fault", "of", "note"),
)
def flawed_answers(cascade: Cascade) -> pd.DataFrame:
    """Return the documents that correct or doubt the claim and are themselves at fault, or repeat another's correction.

    Examples
    --------
    >>> import woozle
    >>> found = flawed_answers(woozle.open("dprk_troops_2024").cascade())
    >>> found[["document", "fault"]].values.tolist()
    [['naija247', 'repeats a correction'], ['aju_press', 'miscredits another document']]
    """
    case, leads, hops = cascade.case, cascade.leads, cascade.citations
    answers = leads[leads["stance"].isin(case.correcting | case.doubting) & leads.index.isin(cascade.documents.index)]
    copies, miscredits = (case.vocabularies["relation"].having("role", role) for role in ("copy", "miscredit"))
    rows = []
    for document, lead in records_by_id(answers).items():
        if lead["accuracy"] == "false" and lead["basis"] in cascade.visible_ids:
            rows.append([document, lead["stance"], "shown to be false", lead["basis"], "", lead["note"]])
        for hop in hops[hops["citing"] == document].itertuples():
            cited = leads["stance"].get(str(hop.cited), "")
            fault = "miscredits another document" if hop.relation in miscredits else ""
            if hop.relation in copies and cited in case.correcting:
                fault = "repeats a correction"
            if fault:
                rows.append([document, lead["stance"], fault, hop.cited, hop.evidence, lead["note"]])
    return pd.DataFrame(rows, columns=["document", "stance", "fault", "of", "evidence", "note"])


@described(
    "Answers without a coded version",
    "One row a citation of a correction",
    columns("document", "relation", "evidence", "language", cited=Column("document", "the correction", "from")),
    caption="Documents without a coded version that rely on a correction, and may pass it on.",
    shown=("document", "days", "cited", "relation", "evidence"),
)
def uncoded_answers(cascade: Cascade) -> pd.DataFrame:
    """Return the documents without a coded version that rely on a correction: they may pass it on."""
    documents, hops = cascade.documents, cascade.citations
    corrects = documents.index[documents["stance"].isin(cascade.case.correcting)]
    uncoded = documents.index[documents["stance"].isna() & (documents["carries"] == "no")]
    uncoded_hops = hops[hops["citing"].isin(uncoded) & hops["cited"].isin(corrects)]
    uncoded_hops = uncoded_hops[["citing", "cited", "relation", "evidence"]]
    uncoded_hops = uncoded_hops.rename(columns={"citing": "document"}).reset_index(drop=True)
    uncoded_hops["language"] = documents["language"].reindex(uncoded_hops["document"]).to_numpy()
    return uncoded_hops


@described(
    "Documents that were out",
    "One row a moment at which that can have changed",
    columns(
        "moment",
        at_least=Column("count", "documents with the claim that surely were published by then", "out at least"),
        at_most=Column("count", "those that perhaps were", "out at most"),
    ),
    limits="only what is in the collection",
)
def published(cascade: Cascade) -> pd.DataFrame:
    """Return how many documents that carry the claim were out at each moment at which that can have changed.

    Examples
    --------
    >>> import woozle
    >>> published(woozle.open("dprk_troops_2024").cascade())[["at_least", "at_most"]].iloc[-1].to_list()
    [46, 46]
    """
    documents = cascade.documents.loc[list(cascade.carriers)]
    moments = pd.concat([documents["earliest"], documents["latest"], pd.Series([cascade.moment])])
    moments = moments[moments <= cascade.moment].drop_duplicates().sort_values()
    rows = [(m, int((documents["latest"] <= m).sum()), int((documents["earliest"] <= m).sum())) for m in moments]
    return pd.DataFrame(rows, columns=["moment", "at_least", "at_most"])


def _with_what_came_before(cascade: Cascade, stances: frozenset[str]) -> pd.DataFrame:
    documents = cascade.documents
    answers = documents[documents["stance"].isin(stances)].sort_values(["earliest", "latest"], kind="stable")
    carriers = documents.loc[list(cascade.carriers)]
    citations = cascade.citations
    copying = cascade.case.vocabularies["relation"].having("role", "copy")
    literal = citations["relation"].isin(copying) & citations["cited"].isin(answers.index)
    copies = set(citations.loc[literal, "citing"])
    every_hop = replace(cascade, hops="all")
    surely, perhaps = [], []
    for name, span in records_by_id(answers).items():
        above, below = every_hop.ancestors(name), every_hop.descendants(name)
        surely.append(int(((carriers["latest"] < span["earliest"]) | carriers.index.isin(above)).sum()))
        perhaps.append(int(((carriers["earliest"] < span["latest"]) & ~carriers.index.isin(below)).sum()))
    columns = answers[["stance", "earliest", "latest"]].copy()
    columns["surely_before"], columns["perhaps_before"] = surely, perhaps
    columns["of"] = len(carriers)
    columns["repost"] = [name in copies for name in answers.index]
    columns["may_be_first"] = answers.index.isin(_may_be_first(cascade, answers.index))
    columns["second_hand"] = answers["second_hand"]
    return columns


def _may_be_first(cascade: Cascade, names: Iterable[str]) -> list[str]:
    """Return the documents that may be the first; one that relies on another of them came after it."""
    spans = {name: cascade.spans[name] for name in names}
    every_hop = replace(cascade, hops="all")
    above = {name: set(every_hop.ancestors(name)) for name in spans}
    return [a for a in spans if not any(b in above[a] or dates.before(spans[b], spans[a]) == "yes" for b in spans)]
