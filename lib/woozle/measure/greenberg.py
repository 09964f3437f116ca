"""Greenberg's distortions in citation networks, fitted to news.

S. A. Greenberg, "How citation distortions create unfounded authority: analysis of a citation network", BMJ 339 (2009),
b2680. He counted papers and citations on one belief. Here a news document takes the place of a paper. A document that
speaks for itself (it attributes the claim to its own speaker) takes the place of a paper with data. That is no
judgement on what it says: a satirist speaks for himself, too. Citation bias (ignoring papers that contradict) is left
out, because news rarely cites what it leaves aside: see corrections instead.
"""

from __future__ import annotations

import pandas as pd

from woozle.description import STANDARD, Column, columns, described
from woozle.measure.drift import conversions
from woozle.measure.independence import root_origins
from woozle.measure.intervals import exact
from woozle.model.cascade import Cascade


@described(
    "Citation distortions",
    "By measure: amplification; hypothesis converted to fact; dead-end citation; invention; saw the source",
    columns(
        measure=Column("words", "which distortion"),
        count=Column("count", "how many; for amplification, documents that repeat"),
        of=Column("count", "its denominator; for amplification, documents that speak for themselves; else missing"),
        share_low=STANDARD["share_low"],
        share_high=STANDARD["share_high"],
        inferred=Column("count", "of these, inferred hops; for amplification, uncoded documents", "of these inferred"),
    ),
    caption="What Greenberg (2009) measured on citations among papers, adapted to news. Documents that speak for "
    "themselves take the place of papers with data; that does not make them right. For amplification, the table "
    "compares documents that repeat the claim with those that speak for themselves.",
    shown=("measure", "count", "of", "share_low", "share_high", "inferred"),
    limits="to speak for oneself is not to be right; a ratio of a handful of documents; citation bias is left out",
    source="S. A. Greenberg, BMJ 339 (2009), b2680",
)
def citation_distortions(cascade: Cascade) -> pd.DataFrame:
    """Return amplification, conversion, dead ends, inventions, and who had seen the source.

    Examples
    --------
    Eight carry it; only the official speaks for himself, and only the alert had him as its source.

    >>> import woozle
    >>> found = citation_distortions(woozle.open("poland_missile_2022").cascade())
    >>> found.loc[["amplification", "saw the source"], ["count", "of"]].values.tolist()
    [[7, 1], [1, 7]]
    """
    origins = root_origins(cascade)
    holders = set(origins.index[origins["speaks"]]) & set(cascade.carriers)
    repeating = [name for name in cascade.carriers if name not in holders]
    hops = cascade.citations
    by_carriers = hops[hops["citing"].isin(set(cascade.carriers))]
    direct = hops[hops["carrying"] & hops["cited"].isin(holders)]
    compared = cascade.main_parents[cascade.main_parents["parent_version"] > 0]
    converted = conversions(cascade)
    ends, made_up = dead_ends(cascade), inventions(cascade)
    uncoded = sum(name not in cascade.leads.index for name in repeating)
    rows = {
        "amplification": (len(repeating), len(holders), uncoded),
        "hypothesis converted to fact": (len(converted), len(compared), int(converted["inferred"].sum())),
        "dead-end citation": (len(ends), len(by_carriers), int(ends["inferred"].sum())),
        "invention": (len(made_up), len(by_carriers), int(made_up["inferred"].sum())),
        "saw the source": (direct["citing"].nunique(), len(repeating), int(direct["inferred"].sum())),
    }
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["count", "of", "inferred"]).rename_axis("measure")
    counts = zip(frame.index, frame["count"], frame["of"], strict=True)
    ends_of = [(None, None) if name == "amplification" else exact(count, of) for name, count, of in counts]
    frame["share_low"], frame["share_high"] = zip(*ends_of, strict=True)
    return frame[["count", "of", "share_low", "share_high", "inferred"]]


_CITED = columns("document", "cited", "relation", "evidence", "inferred")


@described(
    "Dead ends",
    "One row a citation",
    _CITED,
    caption="Dead ends: cited documents that do not state the claim. To quote one for what it does say is no fault.",
    shown=("document", "cited", "relation", "evidence"),
    limits="coded documents only",
    source="S. A. Greenberg, BMJ 339 (2009), b2680",
)
def dead_ends(cascade: Cascade) -> pd.DataFrame:
    """Return the citations by documents that carry the claim of coded documents that do not state it.

    Corrections and documents that do not confirm are left out: to quote them is no dead end.
    """
    case, leads, hops = cascade.case, cascade.leads, cascade.citations
    answers = case.correcting | case.not_confirming
    empty = leads.index[(leads["modality"] == "none") & ~leads["stance"].isin(answers)]
    ends = hops[hops["citing"].isin(set(cascade.carriers)) & hops["cited"].isin(set(empty))]
    return _listed(ends)


@described(
    "Inventions",
    "One row a citation",
    _CITED,
    caption="Inventions: citations that credit the cited document with what it does not say.",
    shown=("document", "cited", "relation", "evidence"),
    limits="as coders coded the relation",
    source="S. A. Greenberg, BMJ 339 (2009), b2680",
)
def inventions(cascade: Cascade) -> pd.DataFrame:
    """Return the citations that credit the cited document with what it does not say; columns as `dead_ends`."""
    hops = cascade.citations
    roles = cascade.case.vocabularies["relation"].having("role", "miscredit")
    return _listed(hops[hops["citing"].isin(set(cascade.carriers)) & hops["relation"].isin(roles)])


def _listed(hops: pd.DataFrame) -> pd.DataFrame:
    columns = ["citing", "cited", "relation", "evidence", "inferred"]
    return hops[columns].rename(columns={"citing": "document"}).reset_index(drop=True)
