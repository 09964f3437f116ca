"""When did corrections come, and what had spread by then?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from woozle import dates
from woozle.cascade import Cascade
from woozle.case import Case
from woozle.measure.turn import false_versions

HOUR = pd.Timedelta(hours=1)


def corrections(cascade: Cascade) -> pd.DataFrame:
    """Return the documents that correct the claim, in order, with what had been published before each.

    Returns
    -------
    DataFrame
        By document, by earliest and then latest time (which is no proof of their order: intervals may overlap):
        `stance`, `earliest`, `latest` (UTC), `surely_before` and `perhaps_before` (documents that carry the claim and
        surely, or at most, were published before it: by their times, or because it relies on them), `of` (documents
        that carry the claim in this cascade), `repost` (it repeats another correction), `may_be_first` (no other
        correction surely came before it), `second_hand`.

    Examples
    --------
    >>> import woozle
    >>> corrections(woozle.open("poland_missile_2022").cascade())["stance"].to_dict()
    {'duda_statement': 'denies', 'ap_correction': 'retracts'}
    """
    return _with_what_came_before(cascade, cascade.case.correcting)


def non_confirmations(cascade: Cascade) -> pd.DataFrame:
    """Return the documents that neither confirm nor correct ("have not seen such reports"); columns as `corrections`.

    They are never counted among the corrections.
    """
    return _with_what_came_before(cascade, cascade.case.not_confirming)


def correction_lag(cascade: Cascade) -> pd.DataFrame:
    """Return the hours from each document that carries the claim to the first correction that it could have read.

    Returns
    -------
    DataFrame
        By document: `language`; `when` (whether it was out before the first correction: before, after, unknown);
        `lag_low_h`, `lag_high_h` (hours till the first correction in any language was out, at least and at most;
        negative: it was out so long before the document); `own_when`, `own_low_h`, `own_high_h` (the same of
        corrections in its own language). Missing where there is no such correction by then.

    Examples
    --------
    The post was traced weeks after Wen Wei Po took it for news, and in no Chinese document of the collection.

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
        own = [answer for answer in answers if language[answer] == language[name]]
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


def correction_by_language(cascade: Cascade) -> pd.DataFrame:
    """Return in which languages the claim was carried, and whether and when a correction appeared in each.

    Returns
    -------
    DataFrame
        By language, most carriers first: `carriers`, `corrections`, `non_confirmations` (coded documents),
        `first_earliest`, `first_latest` (UTC: the first correction was out between these; missing where none is),
        `surely_after`, `perhaps_after` (documents that carry the claim and came after it, at least and at most).

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
    languages = dict.fromkeys([*carriers["language"], *answers["corrections"]["language"]])
    rows = {}
    for language in languages:
        own = {name: found[found["language"] == language] for name, found in answers.items()}
        first = own["corrections"]
        when = lag.loc[lag["language"] == language, "own_when"]
        rows[language] = {
            "carriers": int((carriers["language"] == language).sum()),
            **{name: len(found) for name, found in own.items()},
            "first_earliest": first["earliest"].min() if len(first) else pd.NaT,
            "first_latest": first["latest"].min() if len(first) else pd.NaT,
            "surely_after": int((when == "after").sum()),
            "perhaps_after": int(when.isin(["after", "unknown"]).sum()),
        }
    frame = pd.DataFrame.from_dict(rows, orient="index").rename_axis("language")
    return frame.sort_values("carriers", ascending=False, kind="stable") if rows else frame


def publishes(case: Case, documents: pd.DataFrame) -> pd.Series:
    """Tell which documents an outlet published: no words of an unnamed source, no account, no official's own."""
    return ~documents["outlet_kind"].isin(case.no_publishers) & ~documents["kind"].isin(case.unpublished)


def correction_by_outlet(cascade: Cascade) -> pd.DataFrame:
    """Return which outlets that published the claim also published a correction.

    Only coded documents of the collection count: an outlet may have corrected itself in a document that is not in it.
    An official, a press room or an account is no outlet here. Who told a forecast as a forecast has nothing to correct.

    Returns
    -------
    DataFrame
        By outlet that published the claim: `outlet_name`, `carriers`, `false` (those of them that are false),
        `corrections`, `non_confirmations`, `uncoded`
        (its other documents in the collection, without a coded version).

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
    counts = pd.DataFrame({name: found.groupby(documents["outlet"]).sum() for name, found in kinds.items()})
    counts.insert(0, "outlet_name", documents.groupby("outlet")["outlet_name"].first())
    return counts[counts["carriers"] > 0].sort_values("corrections", ascending=False, kind="stable")


def flawed_answers(cascade: Cascade) -> pd.DataFrame:
    """Return the documents that correct or doubt the claim and are themselves at fault, or repeat another's correction.

    Returns
    -------
    DataFrame
        `document`, `stance`, `fault` (shown to be false, miscredits another document, repeats a correction), `of` (the
        document that it miscredits or repeats; else the one that shows it to be false), `evidence` (of that citation),
        `note` (of the coder).

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
    for document, lead in answers.iterrows():
        if lead["accuracy"] == "false" and lead["basis"] in cascade.here:
            rows.append([document, lead["stance"], "shown to be false", lead["basis"], "", lead["note"]])
        for hop in hops[hops["citing"] == document].itertuples():
            cited = leads["stance"].get(hop.cited, "")
            fault = "miscredits another document" if hop.relation in miscredits else ""
            if hop.relation in copies and cited in case.correcting:
                fault = "repeats a correction"
            if fault:
                rows.append([document, lead["stance"], fault, hop.cited, hop.evidence, lead["note"]])
    return pd.DataFrame(rows, columns=["document", "stance", "fault", "of", "evidence", "note"])


def uncoded_answers(cascade: Cascade) -> pd.DataFrame:
    """Return the documents without a coded version that rely on a correction: they may pass it on.

    Returns
    -------
    DataFrame
        One row a citation: `document`, `cited` (the correction), `relation`, `evidence`, `language`.
    """
    documents, hops = cascade.documents, cascade.citations
    corrects = documents.index[documents["stance"].isin(cascade.case.correcting)]
    uncoded = documents.index[documents["stance"].isna() & (documents["carries"] == "no")]
    found = hops[hops["citing"].isin(uncoded) & hops["cited"].isin(corrects)]
    found = found[["citing", "cited", "relation", "evidence"]]
    found = found.rename(columns={"citing": "document"}).reset_index(drop=True)
    found["language"] = documents["language"].reindex(found["document"]).to_numpy()
    return found


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
    copying = cascade.case.vocabularies["relation"].having("role", "copy")
    literal = citations["relation"].isin(copying) & citations["cited"].isin(found.index)
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
    columns["may_be_first"] = found.index.isin(_may_be_first(cascade, found.index))
    columns["second_hand"] = found["second_hand"]
    return columns


def _may_be_first(cascade: Cascade, names: Iterable[str]) -> list[str]:
    """Return those of which no other of them surely came before; one that relies on another came after it."""
    spans = {name: cascade.spans[name] for name in names}
    every_hop = replace(cascade, hops="all")
    above = {name: set(every_hop.ancestors(name)) for name in spans}
    return [a for a in spans if not any(b in above[a] or dates.before(spans[b], spans[a]) == "yes" for b in spans)]
