"""The summary of the evidence: the claim, what is true, where it became false, and what it all rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from woozle import measure
from woozle.measure.drift import TURNING
from woozle.measure.turn import false_versions
from woozle.notebook.english import listed_in_words
from woozle.notebook.words import Teller, Words, clause, escape_markdown, joined

if TYPE_CHECKING:
    from woozle.model.case import Case
    from woozle.notebook.study import Study


class Summary:
    """The first screen of a report: the claim, what is true, where it became false, and what it all rests on."""

    def __init__(self, study: Study, tell: Teller):
        self.rows = {
            "The claim": [Words(escape_markdown(study.claim)), what_counts(tell)],
            "What is true": _truth(study, tell),
            "Where it became false": where_false(tell),
            "What it rests on": what_it_rests_on(tell),
        }
        if tell.statistics["perhaps"]:
            self.rows["Read as of"] = [_moment(tell)]

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return joined(*self._lines())._repr_mimebundle_()

    def _lines(self) -> Iterator[Words]:
        for name, said in self.rows.items():
            sentences = [words for words in said if words.markdown]
            if sentences:
                yield joined(Words(f"**{name}.**"), *sentences, between=" ")


def _truth(study: Study, tell: Teller) -> list[Words]:
    if study.shown_by not in tell.cascade.visible_ids:
        out = "No document is named yet that shows it."
        return [
            Words(f"No document that shows it was out by {escape_markdown(tell.moment)}." if study.shown_by else out)
        ]
    surely = tell.cascade.documents.loc[study.shown_by, "exists"] == "surely"
    doubt = "" if surely else ", perhaps not out yet by then"
    shown = tell(f"(shown by {{{study.shown_by}.label}}, {{{study.shown_by}.days}}{doubt})")
    return [Words(escape_markdown(study.truth)), shown]


def what_counts(tell: Teller) -> Words:
    """Say how many documents repeat the story in any form, and how many of them in a false one."""
    if not tell.statistics["carriers"]:
        return Words("")
    if not tell.statistics["coded"]:
        return tell(
            "{at_most}{carriers:document} may have told the story. None is coded yet, so what each says is not known."
        )
    assumed = sum(tell.cascade.carries(name) == "assumed" for name in tell.cascade.carriers)
    return tell(
        "{at_most}{carriers:document} told the story in some form. {false_ones}{unknown}",
        false_ones=tell.plain("{false} did so falsely.")
        if tell.statistics["false"]
        else "No document here shows that one of them is false.",
        unknown=clause(
            tell.plain("{n:document is|documents are} not coded yet: that they told it is assumed.", n=assumed)
            if assumed
            else tell.plain("{?inferred} We do not know the words of {inferred}: they rely on one that told it.")
        ),
    )


def where_false(tell: Teller) -> list[Words]:
    """Say where the claim became false: from the start, at a hop, or nobody knows where; each with what is not sure."""
    if tell.statistics["from_start"]:
        return [_from_start(tell)]
    origins = measure.false_origins(tell.cascade)
    if not tell.statistics["coded"]:
        return [Words("No document with the claim is coded yet, so none is shown to be false.")]
    if origins.empty:
        return [Words("Nothing that was out by then shows that it is false.")]
    said = [_turned(tell)] if tell.statistics["turns"] == 1 else []
    largest = _largest(tell, origins)
    # A turn that nobody followed is not what the reader came for.
    said = [*largest, *said] if tell.statistics["false_below"] == 1 else [*said, *largest]
    return [*said, *_candidates(tell)]


def _from_start(tell: Teller) -> Words:
    """Say that the claim was false from the start, and who said it first."""
    first = tell.statistics["from_start"]
    others = [name for name in measure.false_from_start(tell.cascade) if name != first]
    through = tell.cascade.facts[first]["seen_in"]
    return tell(
        "False from the start: {from_start.label} said so on {from_start.days}, the earliest that we know of"
        + (f", as {{{through}.label}} has it." if through else ".")
        + (" Perhaps older, and false too: {others}." if others else ""),
        others=_labels(tell, others),
    )


def _turned(tell: Teller) -> Words:
    """Say at which hop the claim turned, and what changed there."""
    case = tell.cascade.case
    ledger = measure.drift(tell.cascade)
    ledger = ledger[ledger["document"] == tell.statistics["turn"]]
    making = ledger[ledger["kind"].isin(TURNING)]
    rows = (making if len(making) else ledger)[["field", "from", "to"]].values.tolist()
    changed = [
        f"{case.field_title(name)} ({_code(case, name, old)} → {_code(case, name, new)})" for name, old, new in rows
    ]
    return tell(
        "It turned with {turn.label}, {turn.days}, which had it from {turn_parent.label}. {what}{below}",
        what=Words(escape_markdown(f"What changed: {'; '.join(changed)}.") + " " if changed else ""),
        below=_below(tell.statistics["false_below"], tell.statistics["false"]),
    )


def _code(case: Case, field: str, code: str) -> str:
    return case.term_title(field, code) or "not stated"


def _below(below: int, of: int) -> str:
    """Say how many false versions go back to one document."""
    if of == 1:
        return "It is the only false one."
    if below == 1:
        return "Nobody is known to have it from there."
    return f"{'All' if below == of else below} of the {of} false ones go back to it, itself included."


def _largest(tell: Teller, origins: pd.DataFrame) -> list[Words]:
    """Say from where most false versions come, where that is not the turn."""
    first, row = str(origins.index[0]), origins.iloc[0]
    if first == tell.statistics["turn"] or row["below"] == 1 or row["below"] <= tell.statistics["false_below"]:
        return []
    source = f"took it from {{{row['parent']}.label}}" if row["parent"] else "names no source that we know"
    return [
        tell(
            f"Most false ones, {{below}} of {{of}}, go back to {{{first}.label}}, {{{first}.days}}, which {source}.",
            below=int(row["below"]),
            of=int(row["of"]),
        )
    ]


def _candidates(tell: Teller) -> list[Words]:
    """Say which others may have been the first false ones, each with its share of the draws."""
    roots, shares = measure.false_roots(tell.cascade), measure.first_false(tell.cascade)
    older = [name for name in roots.index if roots["before_turn"][name] == "yes"]
    said = []
    if older:
        said.append(
            tell(
                "{older} {had} it false before that; we do not know where {it} got it.",
                older=_labels(tell, older),
                had="had" if len(older) == 1 else "all had",
                it="it" if len(older) == 1 else "they",
            )
        )
    if len(shares) > 1:
        of = int(shares["of_draws"].iloc[0])
        each = [
            f"{tell.plain(f'{{{name}.label}}')}{'' if row['parent'] else ' (source not known)'} in {row['draws']}"
            for name, row in shares.iterrows()
        ]
        said.append(
            tell(
                "Their dates do not settle which of {n} was the first false one. Of {of} draws of possible dates, the "
                "first was {each}.",
                n=len(shares),
                of=f"{of:,}",
                each=listed_in_words(each),
            )
        )
    return said


def _labels(tell: Teller, names: Sequence[str]) -> str:
    return listed_in_words([str(tell.cascade.facts[name]["label"]) for name in names])


def _moment(tell: Teller) -> Words:
    return tell(
        "{moment}. Surely out by then: {surely:document}; perhaps: {perhaps} more. Figures count both, so they say "
        "what was out at most.",
        moment=tell.moment,
    )


def what_it_rests_on(tell: Teller) -> list[Words]:
    """Say to which root most can be traced, how much of that is guessed, and which doubtful hop would change it."""
    statistics = tell.statistics
    if not statistics["carriers"]:
        return [Words("By then nobody had repeated it.")]
    if not statistics["top_others"]:
        return [tell("As far as it is coded, no document relies on another ({at_most}{carriers:document}).")]
    wrong = _false_of(tell)
    said = [
        tell(
            ("Others" if statistics["top_others"] == statistics["others"] else "{top_others} of the others")
            + " with the claim ({at_most}{others:document}) can be traced to {top_root.label}"
            + (f" ({wrong} of them false)" if 0 < wrong < statistics["top_others"] else "")
            + (f", if every link holds; {tell.interval_in_words('top_others')}" if tell.uncertain("top_others") else "")
            + "."
        )
    ]
    if statistics["top_inferred"]:
        said.append(
            tell(
                "For {top_inferred} of these, the way back uses something that nobody coded: an inferred link, or a "
                "document without codes."
            )
        )
    said += deciding(tell)
    if statistics["roots"] > 1:
        apart = int(tell.ranges["value"]["effective_roots"])
        said.append(
            tell(
                "{roots} have it from no other document of the case"
                + ("; nobody else relied on {lone_roots} of them" if statistics["lone_roots"] else "")
                + (
                    ". None is known to share a source with another."
                    if apart == statistics["roots"]
                    else ". They may share a source that nobody coded: nothing shows that any two are independent."
                    if apart == 1
                    else ". Some may share a source that nobody coded; at least {apart} are independent."
                ),
                apart=apart,
            )
        )
    return said


def _false_of(tell: Teller) -> int:
    """Return how many of those that rest on the first root are false."""
    roots = measure.independent_roots(tell.cascade)["roots"]
    false = {document for document, version in false_versions(tell.cascade) if version == 1}
    root = tell.statistics["top_root"]
    return sum(name in false and root in own for name, own in roots.items() if name != root)


def deciding(tell: Teller) -> list[Words]:
    """Say which one doubtful hop decides which root most documents rest on."""
    deciding_hops = measure.deciding_hops(tell.cascade)
    if deciding_hops.empty:
        return []
    row = deciding_hops.iloc[0]
    return [
        tell(
            f"One link, held {{held}} probable, decides where most of them lead. Without {{{row['cited']}.label}} → "
            f"{{{row['citing']}.label}}, {{{row['leader_then']}.label}} leads with {{then}}; with it, "
            f"{{{row['leader']}.label}} with {{now}}.",
            held=f"{row['confidence']:.0%}",
            then=int(row["leads_then"]),
            now=int(row["leads"]),
        )
        if row["kind"] != "missing"
        else tell(
            f"A link that nobody coded would change that. With {{{row['cited']}.label}} → {{{row['citing']}.label}}, "
            f"{{{row['leader_then']}.label}} would lead with {{then}}; without it, {{{row['leader']}.label}} leads "
            "with {now}.",
            then=int(row["leads_then"]),
            now=int(row["leads"]),
        )
    ]
