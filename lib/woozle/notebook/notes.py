"""What has to be said of a measure in every case, so that nobody reads more into it: sentences, filled from the data.

Each is called with a `Teller`: `notes.woozle_index(tell)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from woozle import measure, moved
from woozle.description import description_of
from woozle.errors import listed
from woozle.infer import Inference
from woozle.notebook.english import counted
from woozle.notebook.summary import deciding
from woozle.notebook.tables import first_row
from woozle.notebook.words import Teller, Words, clause, joined
from woozle.rows import records_by_id


def collection(tell: Teller) -> Words:
    """Say what the family tree holds."""
    assumed = _assumed(tell)
    grey = (
        "{n:document is|documents are} not coded, and drawn in grey: we assume that the claim passed along their "
        "links. We can say what changed on the way only where documents are coded."
    )
    return tell(
        """The picture holds {at_most}{documents:document} of the case:
        {carriers} with the claim{parts}.{assumed}{hollow}""",
        assumed=clause(tell.plain(grey, n=assumed) if assumed else ""),
        parts="".join(
            f", {counted(tell.statistics[name], noun)}"
            for name, noun in (("corrections", "correction"), ("non_confirmations", "non-confirmation"))
            if tell.statistics[name]
        ),
        hollow=clause(tell.plain("{?second_hand} {second_hand:page was|pages were} not seen: drawn hollow.")),
    )


def _assumed(tell: Teller) -> int:
    """Return how many documents are taken to carry the claim though they are not coded."""
    return sum(tell.cascade.carries(name) == "assumed" for name in tell.cascade.carriers)


def lone_roots(tell: Teller) -> Words:
    """Say what a root is, and how many nobody took up."""
    return tell(
        """A root is a document whose source we did not find in this case. It may still share a source with another
        root, without saying so. Roots: {roots}{lone}.""",
        lone=_part(tell.statistics, "lone_roots", "of them taken up by nobody in this case"),
    )


def survival(tell: Teller) -> Words:
    """Say what the curves of survival count, and what they can't say."""
    return tell(
        """Each curve follows the codes of one field from the root along main parents. A code that had not changed when
        its path ends counts only up to there (it is censored). Documents of one branch share what happened above them,
        so the bands come from resampling whole branches. With few branches the bands are too narrow. A hop that all
        branches share is one hop, however many documents lie behind it. A hop is a choice of one newsroom, not a law:
        the curves describe this case and predict no other."""
    )


def steps(tell: Teller) -> Words:
    """Say on how many hops the claim became more real or more sure, or less."""
    by_field = measure.ordinal_steps(tell.cascade)
    return tell(
        """{?of} Of {of:hop} with codes at both ends, modality rose on {up} and fell on {down}; certainty rose on
        {surer} and fell on {less_sure}. Both have only an order: a step from possible to expected counts the same here
        as one from planned to pledged, and nothing is averaged.""",
        of=int(by_field["of"].max()),
        up=by_field["up"]["modality"],
        down=by_field["down"]["modality"],
        surer=by_field["up"]["certainty"],
        less_sure=by_field["down"]["certainty"],
    )


def independence(tell: Teller) -> Words:
    """Say how many documents rest on the first root, that it is an upper bound, and which hop would change it."""
    words = tell(
        """{?top_others} Of {at_most}{others:other document} that carry the claim, {top_others} can be traced to one
        root, {top_root.label}{only}{inferred}. That is an upper bound of independence, not a count of
        sources:{shared} a hop that is missing here makes a root of a document that had a source.

        {?kind} One doubtful hop matters most for the roots, from {cited} to {citing} ({kind}). Without it (or with it,
        if it is missing) the number of roots goes from {roots} to {roots_then}. That changes the roots of
        {documents:document}, or whether we know that they carry the claim.""",
        only=_part(tell.statistics, "top_only", "to no other root") if tell.statistics["roots"] > 1 else "",
        shared=clause("two roots may share a source that nobody coded, and" if tell.statistics["roots"] > 1 else ""),
        inferred=_part(tell.statistics, "top_inferred", "only through inferred hops or documents without a version"),
        **first_row(measure.doubtful_hops(tell.cascade), tell.cascade, description_of(measure.doubtful_hops)),
    )
    return joined(words, *deciding(tell))


def _part(figures: Mapping[str, Any], name: str, words: str) -> str:
    """Return a clause that counts a part; nothing where there is none."""
    return f"; {figures[name]} {words}" if figures[name] else ""


def woozle_index(tell: Teller) -> Words:
    """Say what the woozle index is here, with its bounds."""
    return tell(
        """**The woozle index** is the number of documents that carry the claim per independent root. It is one if
        each document is its own source, and equals the number of documents if all rest on one root. With every root
        that is coded: {woozle_index.value}, and in the draws {woozle_index.range}; what moves it most:
        {woozle_index.driver}. With the roots that are known to be independent alone: {effectively}. It counts
        documents, not readers, and no root is weighed by how good a source it is.""",
        effectively=f"{measure.woozle_index(tell.cascade)['index'].max():.0f}",
    )


def circular_reports(tell: Teller) -> Words:
    """Say how many second sources lead back to the first."""
    if not tell.ranges["of"]["circular"]:
        return tell(
            "No document with the claim relies on more than one other that carries it: nothing looks twice confirmed."
        )
    return tell(
        """Documents that rely on more than one document with the claim: {two_sources}; of these,
        with sources that lead back to one: {circular.value}. To count their sources as two would be to count one twice.
        That is no reproach: there are good reasons to name a question with its answer, or a broadcast with the person
        whom it quotes. And if a case has few roots, most second sources must lead back to the first.""",
        two_sources=int(tell.ranges["of"]["circular"]),
    )


def borrowed_authority(tell: Teller) -> Words:
    """Say what it means to say more than a reaction."""
    return tell(
        """{?coded} A document may say more than the reaction that it quotes, if the rest comes from another source
        and it says so. Documents that say more, and rely on nothing else that carries the claim: {borrowed.value} of
        {borrowed.of} coded ones. They may have it from a source that they do not name."""
    )


def reach(tell: Teller) -> Words:
    """Say how far the claim went, and how fast half of it was out."""
    placed = all(tell.statistics[name] for name in ("carriers", "countries", "languages", "outlets"))
    return tell(
        """{?placed} The claim is carried by {at_most}{carriers:document} from {countries:country|countries} in
        {languages:language}, as far as they are coded. {outlets:outlet} published it in some form{false}; an official,
        a press room or an account is no outlet here.

        {?unplaced} The claim is carried by {at_most}{carriers:document}.

        {?spread_over_time} Of those that spread it (published, and neither shown to be accurate nor satire) half were
        out {half_h.range} after the first; what moves that most: {half_h.driver}.""",
        placed=placed,
        unplaced=bool(tell.statistics["carriers"]) and not placed,
        false=f", {tell.statistics['false_outlets']} in a false one" if tell.statistics["false_outlets"] else "",
        spread_over_time=tell.ranges["high"]["half_h"] > 0,
    )


def size_alone(tell: Teller) -> Words:
    """Say where the shape of the largest tree is not what size alone would do."""
    return tell(
        """Outside the range of trees that grew at random: {outside}. What lies within says nothing about this claim.
        What lies outside says only that documents did not pick their sources at random among earlier ones, and nobody
        would expect that of news.""",
        outside=", ".join(measure.unlike_size_alone(tell.cascade)).replace("_", " ") or "nothing",
    )


def corrections(tell: Teller) -> Words:
    """Say when corrections came, what was out before, and what came after them all the same."""
    if not tell.statistics["corrections"]:
        return Words("No document of this case corrects it, as far as it is coded.")
    return tell(
        """{?turn_to_correction_h.range} From the turn to the first correction: {turn_to_correction_h.range}.{negative}

        {?corrections} Published documents with the claim, without satire and those shown to be accurate:
        {before_correction.of_drawn}. Of these, out before the first coded correction: {before_correction.range}.{after}
        Where dates are uncertain, more than one correction may have been the first.{without}
        Coded corrections that rely on no other: {own_corrections.value} of {corrections}.""",
        negative=_negative(tell),
        after=clause(_after_own_language(tell)),
        without=clause(
            tell.plain(
                """{?without} Languages with a false version and without a coded correction: {without} of
                {languages_without.of}.""",
                without=int(tell.ranges["value"]["languages_without"]),
            )
        ),
    )


def _after_own_language(tell: Teller) -> str:
    """Say how many false versions came out although a correction in their language was out."""
    row = records_by_id(tell.ranges)["after_own_language"]
    if not row["high"] > 0:
        return ""
    count = "{after_own_language.range}" if row["median"] else "at most {after_own_language.high}"
    return tell.plain(
        f"False, and out after a correction in their own language: {count} of {{after_own_language.of_drawn}}; that "
        "does not say that they could have found it."
    )


def _negative(tell: Teller) -> Words:
    """Say what it means that the first correction may have come before the turn."""
    row = records_by_id(tell.ranges)["turn_to_correction_h"]
    if not row["low"] < 0:
        return Words("")
    when = "came" if row["high"] < 0 else "may have come"
    return clause(
        f"The first correction {when} before the turn: it answered an earlier version, or one of which no source is "
        "known."
    )


def corrected_outlets(tell: Teller) -> Words:
    """Say how many outlets carried a correction as well as the claim."""
    outlets = measure.correction_by_outlet(tell.cascade)
    false, corrected = outlets["false"] > 0, outlets["corrections"] > 0
    return tell(
        """{?false} Of {false:outlet} that published a false version, {both} also published a correction, as far as
        documents are coded; an outlet may have corrected itself on a page that is not in the collection.

        {?others} {others:other outlet} published the claim in a form that is not shown to be false, or in words that
        are not known{told}.

        {?uncoded} Documents without a coded version that rely on a correction, and may pass it on: {uncoded}.""",
        false=int(false.sum()),
        both=int((false & corrected).sum()) or "none",
        others=int((~false).sum()),
        told=f"; {int((~false & corrected).sum())} of them published a correction"
        if (~false & corrected).any()
        else "",
        uncoded=measure.uncoded_answers(tell.cascade)["document"].nunique(),
    )


def removals(tell: Teller) -> Words:
    """Say how many documents hang on the one with most below it, and how many on the turn."""
    hanging = measure.immediate_dominators(tell.cascade)["dominated"]
    return tell(
        """{?dominated} Below the roots, most hangs on {dominator.label}: {dominated:other document} without any coded
        path that avoids it.

        {?below_turn} The turn, {turn.label}, is the only coded way to the claim for
        {below_turn:other document}{false_turn}.

        {?false} Two things are counted apart: who would have lost the claim in any form, and who would have lost only
        what is false in it, because another of their sources is not false.

        Such figures speak of coded hops, not of what people would have done: a document that had another way to know is
        not cut off by a removal.""",
        below_turn=int(hanging.get(tell.statistics["turn"], 0)),
        false_turn=_false_without_turn(tell),
    )


def _false_without_turn(tell: Teller) -> str:
    """Say how many lose their false version without the turn."""
    turn = tell.statistics["turn"]
    cut = len(measure.without(tell.cascade, [turn], false=True)) if turn else 0
    return (
        f"; without it {counted(cut, 'other false version')} would lose the claim, or the source of what is false in it"
        if cut
        else ""
    )


def early_correction_effect(tell: Teller, document: str) -> Words:
    """Say what a correction of a document could have cut off, at once and a little later."""
    if document not in tell.cascade.carriers:
        return Words("")
    effects = measure.early_correction_effect(tell.cascade, document)
    ends = [*effects["at_most"], 0]
    wrong = [*effects["false_at_most"], 0]
    return tell(
        """{?first} A correction stops only those who would have relied on the document afterwards; those who took the
        claim earlier still pass it on. A correction at the first moment when the document can have been out would have
        cut off at most {first}{wrong_first}. A correction at the next moment, when a reader may have relied on the
        document, would have cut off at most {second}{wrong_second}.""",
        first=ends[0],
        second=ends[1] or "none",
        wrong_first=clause(f"({wrong[0]} from the false version)" if wrong[0] else ""),
        wrong_second=clause(f"({wrong[1]} from the false version)" if wrong[1] else ""),
    )


def read_as_of(tell: Teller) -> Words:
    """Say what was out at the moment of reading."""
    return tell(
        "Read as of {moment}: surely out {surely:document}{perhaps_too}.",
        moment=tell.moment,
        perhaps_too=f", perhaps {tell.statistics['perhaps']} more" if tell.statistics["perhaps"] else "",
    )


def proposals(tell: Teller, inference: Inference, proposed: pd.DataFrame, believed: pd.DataFrame) -> Words:
    """Say what a model proposes for documents without a coded source, and what it would change."""
    asked = [name for name in inference.choosing if name in tell.cascade.carriers]
    quiet, roots = len(set(asked) - set(proposed["citing"])), records_by_id(believed)["roots"]
    return tell(
        """Documents for which the model was asked, as they have no coded source: {unsourced}; of these with the claim:
        {asked}.{silent}

        In the draws as coded, {roots_now:root}; with the proposals, {roots_then} (medians). A root is a document whose
        source is not coded: where the model finds one for it, it is no root any more, so the number of roots above is
        an upper bound, as it says. The model learned from a few coded cases{among}, and names one source for each
        document. If inferred hops are left out, it is not asked.""",
        among=", among them this one" if tell.cascade.case.name in inference.weights.fitted_on.get("cases", ()) else "",
        unsourced=len(inference.choosing),
        asked=len(asked),
        silent=clause(f"For {quiet} of these no proposal reaches the threshold." if quiet else ""),
        roots_now=int(roots["median"]),
        roots_then=int(roots["then_median"]),
    )


def unknowns(tell: Teller) -> Words:
    """Say how much is inferred, seen at second hand, or coded by one person alone."""
    assumed = _assumed(tell)
    undated = tell.cascade.case.undated
    taken = "{n:document without codes carries|documents without codes carry} it in every draw, by assumption."
    return tell(
        """{?inferred_hops} Inferred hops: {inferred_hops} of {carrying_hops} along which the claim passed.

        {?second_hand} Documents known at second hand: {second_hand} of {documents}.

        {?undated} {undated:document has|documents have} no date yet and {stand} in no figure of this report: {waiting}.

        If a document is known only by name, it carries the claim in half of the draws above: a guess.{assumed} A
        citation that was not seen on the page holds in a draw with its confidence: the coded one, or the one that the
        codebook lists for how it was seen. These are guesses too. A document whose citation does not hold stays
        and loses its source, so that lost evidence looks like independence. Times are drawn evenly among possible
        orders, which is a guess as well. {coders}""",
        assumed=clause(tell.plain(taken, n=assumed) if assumed else ""),
        undated=len(undated),
        stand="stands" if len(undated) == 1 else "stand",
        waiting=listed([str(title or name) for name, title in undated["title"].items()], most=8)
        if len(undated)
        else "",
        coders=tell("Second codings of this case: {n}.", n=len(tell.cascade.case.codings))
        if tell.cascade.case.codings
        else "Nobody has coded this case a second time. How far coders would agree is unknown, and in no figure.",
    )


def __getattr__(name: str) -> object:
    if name != "in_time":
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    moved.tell("notes.in_time", "notes.early_correction_effect")
    return early_correction_effect
