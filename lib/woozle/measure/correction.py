"""When did corrections come, and what had spread by then?"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from woozle.cascade import Cascade


def corrections(cascade: Cascade) -> pd.DataFrame:
    """Return the documents that correct the claim, in order, with what had been published before each.

    Returns
    -------
    DataFrame
        By document, by earliest and then latest time (which is no proof of their order: intervals may overlap):
        `stance`, `earliest`, `latest` (UTC), `surely_before` and `perhaps_before` (documents that carry the claim and
        surely, or at most, were published before it: by their times, or because it relies on them), `of` (documents
        that carry the claim in this cascade), `repost` (it repeats another correction), `second_hand`.

    Examples
    --------
    >>> import woozle
    >>> list(corrections(woozle.open("dprk_troops_2024").cascade()).index)
    ['finnish_forum', 'nknews', 'naija247']
    """
    return _with_what_came_before(cascade, cascade.case.correcting)


def non_confirmations(cascade: Cascade) -> pd.DataFrame:
    """Return the documents that neither confirm nor correct ("have not seen such reports"); columns as `corrections`.

    They are never counted among the corrections.
    """
    return _with_what_came_before(cascade, cascade.case.not_confirming)


def published(cascade: Cascade) -> pd.DataFrame:
    """Return how many documents that carry the claim were out at each moment at which that can have changed.

    Returns
    -------
    DataFrame
        `moment` (UTC), `at_least` (surely published by then), `at_most` (perhaps published by then).

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
    found = documents[documents["stance"].isin(stances)].sort_values(["earliest", "latest"], kind="stable")
    carriers = documents.loc[list(cascade.carriers)]
    citations = cascade.citations
    literal = citations["relation"].isin({"reposts", "translates"}) & citations["cited"].isin(found.index)
    copies = set(citations.loc[literal, "citing"])
    every_hop = replace(cascade, hops="all")
    surely, perhaps = [], []
    for name, span in found.iterrows():
        above, below = every_hop.ancestors(name), every_hop.descendants(name)
        surely.append(int(((carriers["latest"] < span["earliest"]) | carriers.index.isin(above)).sum()))
        perhaps.append(int(((carriers["earliest"] < span["latest"]) & ~carriers.index.isin(below)).sum()))
    columns = found[["stance", "earliest", "latest"]].copy()
    columns["surely_before"], columns["perhaps_before"] = surely, perhaps
    columns["of"] = len(carriers)
    columns["repost"] = [name in copies for name in found.index]
    columns["second_hand"] = found["second_hand"]
    return columns
