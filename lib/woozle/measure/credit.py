"""Who is credited with the claim without having made it, and who is quoted as if confirming it?"""

from __future__ import annotations

import pandas as pd

from woozle.cascade import Cascade
from woozle.measure.drift import false_versions


def phantom_sources(cascade: Cascade) -> pd.DataFrame:
    """Return the sources that are credited with the claim and never made it, with who credits them.

    A source is a phantom where a document says that it made the claim (by `said_by`, or by a citation whose relation
    miscredits), and the source's own document, as coded, does not state it; or where the credit goes to the actor, no
    document of that statement is in the collection, and the version is shown to be false.

    Returns
    -------
    DataFrame
        One row a credit: `said_by` (whom the document credits), `source` (the document that did not make the claim;
        empty: there is none in the collection), `document` (that credits), `relation` (by which it cites that source;
        empty: it names it without citing it), `modality` (how real it says that it is), `second_hand` (the page of the
        crediting document was not seen).

    Examples
    --------
    >>> import woozle
    >>> found = phantom_sources(woozle.open("dprk_troops_2024").cascade())
    >>> found.query("source == 'kcna_pak'")["document"].to_list()
    ['pentagon_question', 'state_question']
    """
    case, documents = cascade.case, cascade.documents
    speakers, miscredits = case.vocabularies["said_by"].terms, case.vocabularies["relation"].having("role", "miscredit")
    relations: dict[tuple[str, str], str] = {}
    for hop in cascade.citations.itertuples():
        relations.setdefault((hop.citing, hop.cited), hop.relation)
    false = false_versions(cascade)
    rows = []
    for document in cascade.carriers:
        if document not in cascade.leads.index:
            continue
        lead = cascade.leads.loc[document]
        named = [name for name in speakers.get(lead["said_by"], {}).get("documents", []) if name in documents.index]
        cited = [name for (citing, name), how in relations.items() if citing == document and how in miscredits]
        sources = [name for name in dict.fromkeys([*named, *cited]) if _never_made_it(cascade, name)]
        unfounded = lead["said_by"] in case.actor_terms and not named and (document, 1) in false
        for source in sources or [""] * unfounded:
            how = relations.get((document, source), "")
            second_hand = bool(documents.loc[document, "second_hand"])
            rows.append([lead["said_by"], source, document, how, lead["modality"], second_hand])
    columns = ["said_by", "source", "document", "relation", "modality", "second_hand"]
    return pd.DataFrame(rows, columns=columns).sort_values(["source", "said_by"], ascending=False, kind="stable")


def borrowed_authority(cascade: Cascade) -> pd.DataFrame:
    """Return who relies on a reaction that does not confirm the claim, and what each makes of it.

    A reaction is a document whose stance neither states nor contradicts the claim, or that says that it cannot
    confirm it.

    Returns
    -------
    DataFrame
        One row a citation by a document that carries the claim: `source` (the reaction), `source_modality`,
        `document`, `relation`, `said_by`, `modality`, `accuracy` (of the citing document's lead; missing where it has
        none), `beyond` (it says more than the reaction: its modality is higher; missing where it is not coded),
        `elsewhere` (it relies on another document that carries the claim, and may have that from there), `inferred`.

    Examples
    --------
    >>> import woozle
    >>> found = borrowed_authority(woozle.open("dprk_troops_2024").cascade())
    >>> found.query("beyond == True and not elsewhere")["document"].to_list()
    ['rider_news', 'global_defense_corp']
    """
    case = cascade.case
    reactions = case.reacting | case.not_confirming
    leads, rank = cascade.leads, case.vocabularies["modality"].rank
    carriers = set(cascade.carriers)
    rows = []
    for hop in cascade.citations.itertuples():
        if (
            hop.citing not in carriers
            or hop.cited not in leads.index
            or leads.loc[hop.cited, "stance"] not in reactions
        ):
            continue
        own = leads.loc[hop.cited, "modality"]
        facts = [None] * 4
        if hop.citing in leads.index:
            lead = leads.loc[hop.citing]
            facts = [lead["said_by"], lead["modality"], lead["accuracy"], rank(lead["modality"]) > rank(own)]
        inferred = bool(hop.inferred) or hop.citing not in leads.index
        elsewhere = any(choice.cited != hop.cited for choice in cascade.choices.get(hop.citing, []))
        rows.append([hop.cited, own, hop.citing, hop.relation, *facts, elsewhere, inferred])
    columns = ["source", "source_modality", "document", "relation", "said_by", "modality", "accuracy", "beyond"]
    return pd.DataFrame(rows, columns=[*columns, "elsewhere", "inferred"]).astype({"beyond": "boolean"})


def _never_made_it(cascade: Cascade, document: str) -> bool:
    """Tell whether a document is coded, and none of its versions states the claim or corrects it."""
    case = cascade.case
    if document not in case.codes:
        return False
    versions = case.claims.loc[document]
    corrects = versions["stance"].isin(case.correcting | case.not_confirming)
    return bool((versions["modality"] == "none").all() and not corrects.any())
