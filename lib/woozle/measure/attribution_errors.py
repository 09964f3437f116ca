"""Who is credited with the claim without having made it, and who is quoted as if confirming it?"""

from __future__ import annotations

import pandas as pd

from woozle.description import Column, columns, described
from woozle.measure.turn import false_versions
from woozle.model.cascade import Cascade


@described(
    "Phantom sources",
    "One row a credit",
    columns(
        "document",
        "relation",
        "second_hand",
        said_by=Column("code", "whom the document credits", "who said it"),
        source=Column(
            "document", "the document that did not make the claim; empty: none is in the collection", "taken from"
        ),
        modality=Column("code", "how real it says that it is", "how real"),
    ),
    caption="Phantom sources: who is credited with the claim without having made it, as far as documents of this case "
    "show. Where the source is empty, there is no such document.",
    shown=("said_by", "source", "document", "relation", "modality"),
    limits="as far as documents of the case show",
)
def phantom_sources(cascade: Cascade) -> pd.DataFrame:
    """Return the sources that are credited with the claim and never made it, with who credits them.

    A source is a phantom where a document says that it made the claim (by `said_by`, or by a citation whose relation
    miscredits), but the source's own document neither states nor corrects it, nor says that it can't confirm it. A
    source is a phantom too if the credit goes to the actor, no document of that statement is in the collection, and
    the version is shown to be false.

    Examples
    --------
    >>> import woozle
    >>> found = phantom_sources(woozle.open("dprk_troops_2024").cascade())
    >>> found.query("source == 'kcna_pak'")["document"].to_list()
    ['pentagon_question']
    """
    columns = ["said_by", "source", "document", "relation", "modality", "second_hand"]
    frame = pd.DataFrame(phantom_credits(cascade), columns=columns)
    return frame.sort_values(["source", "said_by"], ascending=False, kind="stable")


def phantom_credits(cascade: Cascade) -> list[list]:
    """Return the rows of `phantom_sources`, in the order of the documents."""
    case, here = cascade.case, cascade.visible_ids
    speakers, miscredits = case.vocabularies["said_by"].terms, case.vocabularies["relation"].having("role", "miscredit")
    relations: dict[tuple[str, str], str] = {}
    for hop in cascade.citations_that_count:
        if hop.citing not in here or hop.cited not in here:
            continue
        relations.setdefault((hop.citing, hop.cited), hop.relation)
    false = false_versions(cascade)
    leads = case.lead_facts
    second_hand = (case.documents["seen"] != "page").to_dict()
    miscredited: dict[str, list[str]] = {}
    for (citing, cited), how in relations.items():
        if how in miscredits:
            miscredited.setdefault(citing, []).append(cited)
    rows = []
    for document in cascade.carriers:
        if document not in leads:
            continue
        said_by, modality = leads[document]["said_by"], leads[document]["modality"]
        named = [name for name in speakers.get(said_by, {}).get("documents", []) if name in here]
        credited = dict.fromkeys([*named, *miscredited.get(document, [])])
        sources = [name for name in credited if name in case.never_stated]
        unfounded = said_by in case.actor_terms and not named and (document, 1) in false
        for source in sources or [""] * unfounded:
            how = relations.get((document, source), "")
            rows.append([said_by, source, document, how, modality, bool(second_hand[document])])
    return rows


@described(
    "Borrowed authority",
    "One row a citation of a reaction by a document with the claim",
    columns(
        "document",
        "relation",
        "said_by",
        "modality",
        "accuracy",
        "inferred",
        source=Column("document", "the reaction, which does not confirm", "taken from"),
        source_modality=Column("code", "how real the reaction says that it is", of="modality"),
        beyond=Column("yes or no", "it says more than the reaction; missing if the document is not coded", "says more"),
        elsewhere=Column("yes or no", "it relies on another document with the claim too", "relies on another too"),
    ),
    caption="Borrowed authority: who relies on a reaction that does not confirm the claim, and what each makes of it.",
    shown=("source", "document", "said_by", "modality", "beyond", "elsewhere"),
    limits="what goes beyond the reaction may come from elsewhere",
)
def borrowed_authority(cascade: Cascade) -> pd.DataFrame:
    """Return who relies on a reaction that does not confirm the claim, and what each makes of it.

    A reaction is a document whose stance neither states nor contradicts the claim, or that says that it cannot
    confirm it.

    Examples
    --------
    >>> import woozle
    >>> found = borrowed_authority(woozle.open("dprk_troops_2024").cascade())
    >>> found.query("beyond == True and not elsewhere")["document"].to_list()
    ['unn_pentagon', 'rider_news', 'kathimerini_cy', 'global_defense_corp']
    """
    columns = ["source", "source_modality", "document", "relation", "said_by", "modality", "accuracy", "beyond"]
    frame = pd.DataFrame(borrowings(cascade), columns=[*columns, "elsewhere", "inferred"])
    return frame.astype({"beyond": "boolean"})


def borrowings(cascade: Cascade) -> list[list]:
    """Return the rows of `borrowed_authority`."""
    case = cascade.case
    reactions = case.reacting | case.not_confirming
    rank, leads = case.vocabularies["modality"].rank, case.lead_facts
    carriers, here = set(cascade.carriers), cascade.visible_ids
    rows = []
    for hop in cascade.citations_that_count:
        if hop.citing not in carriers or hop.cited not in here or hop.cited not in leads:
            continue
        if leads[hop.cited]["stance"] not in reactions:
            continue
        own = leads[hop.cited]["modality"]
        facts = [None] * 4
        if hop.citing in leads:
            lead = leads[hop.citing]
            facts = [lead["said_by"], lead["modality"], lead["accuracy"], rank(lead["modality"]) > rank(own)]
        inferred = hop.seen == "inferred" or hop.citing not in leads
        elsewhere = any(choice.cited != hop.cited for choice in cascade.choices.get(hop.citing, []))
        rows.append([hop.cited, own, hop.citing, hop.relation, *facts, elsewhere, inferred])
    return rows
