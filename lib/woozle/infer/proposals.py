"""Propose sources for the documents that have none coded, with probabilities and reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from numbers import Real

import numpy as np
import pandas as pd

from woozle.description import Column, columns, described
from woozle.errors import ParameterError, UnknownDocumentError, did_you_mean
from woozle.infer.explain import centred_parts, reason
from woozle.infer.joint import Forest
from woozle.infer.model import NOBODY, Evidence, Model, load_model
from woozle.infer.observations import Observations, of_case
from woozle.infer.texts import check_texts, digest
from woozle.model.cascade import Cascade
from woozle.model.case import Case
from woozle.rows import records

DRAWS = 1000
COLUMNS = ("citing", "cited", "probability", "reason", "passage_start", "passage_end", "passage_sha256")


@dataclass(frozen=True, eq=False)
class Inference:
    """What the model makes of a case: the evidence, and the choices of all documents without a coded source.

    Parameters
    ----------
    case
        A case, or a cascade: then only what exists by its moment counts, documents and hops.
    documents
        The documents to find sources for. If not given: those without a coded source, except the ones that are coded as
        their own speaker's words or whose source, a person has said, is not here. A coded source of a given document
        is not used.
    texts
        Texts by document, where there are any: see `read_texts`.
    said_by
        Whether the model uses to whom each document attributes the claim.
    model
        The weights. If not given, those that come with woozle: "cases", or "uncoded" for a case without any known hop.
    draws, seed
        Number of draws of joint choices, and the seed.
    """

    case: Case | Cascade
    documents: tuple[str, ...] | None = None
    texts: Mapping[str, str] | None = None
    said_by: bool = True
    model: Model | None = None
    draws: int = DRAWS
    seed: int = 0

    @cached_property
    def observed(self) -> Observations:
        """The case as a collection, with the pairs that a person has rejected."""
        case, here = (self.case, None) if isinstance(self.case, Case) else (self.case.case, self.case.visible_ids)
        rejected = case.reviews[case.reviews["decision"] == "reject"]
        pairs = zip(rejected["citing"], rejected["cited"], strict=True)
        return of_case(case, self.said_by, self.texts, pairs, here)

    @cached_property
    def choosing(self) -> tuple[str, ...]:
        """The documents that sources are proposed for."""
        if self.documents is not None:
            if isinstance(self.documents, str):
                raise ParameterError(f"documents: a list of ids is needed, not the text {self.documents!r}.")
            for name in self.documents:
                if name not in self.observed.documents:
                    near = did_you_mean(name, self.observed.documents)
                    raise UnknownDocumentError(f"There is no document '{name}' in this case by then.{near}")
            return tuple(dict.fromkeys(self.documents))
        case = self.case.case if isinstance(self.case, Cascade) else self.case
        decided = case.reviews[(case.reviews["decision"] == "accept") & (case.reviews["cited"] == NOBODY)]
        known = set(decided["citing"])
        known |= {name for name, item in self.observed.documents.items() if item.speaks_for_itself}
        return tuple(name for name in self.observed.uncoded if name not in known)

    @cached_property
    def evidence(self) -> Evidence:
        """All that speaks for and against each possible hop."""
        return Evidence(self.observed)

    @cached_property
    def weights(self) -> Model:
        """The model that is used."""
        return self.model or load_model("cases" if self.observed.hops else "uncoded")

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """Each document that sources are proposed for, with each candidate: see `Evidence.pairs`."""
        return self.evidence.pairs(self.choosing)

    @cached_property
    def _drawn(self) -> tuple[list[Mapping[str, str]], pd.Series]:
        if not self.choosing:
            return [{} for _ in range(self.draws)], pd.Series(dtype=float)
        forest = Forest(self.observed, self.pairs, self.weights)
        drawn, chances = forest.draw(self.draws, self.seed)
        places = self.pairs.groupby("citing", sort=False).indices.values()
        probability = np.zeros(len(self.pairs))
        for rows, chance in zip(places, chances, strict=True):
            probability[rows] = chance
        return forest.sources(drawn), pd.Series(probability, self.pairs.index)

    @property
    def sources(self) -> list[Mapping[str, str]]:
        """Joint draws: in each, the source of each document that has one."""
        return self._drawn[0]

    @cached_property
    def table(self) -> pd.DataFrame:
        """The proposals, all of them: see `propose`."""
        return self.proposals()

    def proposals(self, threshold: float = 0.0) -> pd.DataFrame:
        """Return the proposals that are at least so probable: see `propose`. Reasons are written for these alone."""
        pairs, parts = self.pairs, centred_parts(self.pairs, self.weights)
        probability = self._drawn[1] if len(pairs) else pd.Series(dtype=float)
        shown = (probability >= threshold).to_numpy(dtype=bool)
        pairs, parts = pairs[shown], parts[shown]
        table = pairs[["citing", "cited"]].copy()
        table["probability"] = probability[shown]
        table["reason"] = [
            reason(self.evidence, values["citing"], values["cited"], part, values)
            for part, values in zip(records(parts), records(pairs), strict=True)
        ]
        passages = [self._passage(citing, cited) for citing, cited in zip(table["citing"], table["cited"], strict=True)]
        for place, name in enumerate(COLUMNS[-3:]):
            table[name] = [passage[place] for passage in passages]
        table = pd.concat([table, parts], axis=1).astype(dict.fromkeys(COLUMNS[4:6], "Int64"))
        order = {name: place for place, name in enumerate(self.choosing)}
        table["_order"] = table["citing"].map(order)
        table = table.sort_values(["_order", "probability"], ascending=[True, False], kind="stable")
        return table.drop(columns="_order").reset_index(drop=True)

    def _passage(self, citing: str, cited: str) -> tuple[int | None, int | None, str]:
        """Return where the text of a document names a candidate, and the hash of that passage: never the words."""
        text = self.observed.documents[citing].text
        passages = self.evidence.attribution.passages(citing, cited) if text and cited != NOBODY else []
        if not passages:
            return None, None, ""
        return passages[0].start, passages[0].end, digest(text[passages[0].start : passages[0].end])


@described(
    "Proposed sources",
    "One row a pair, by document, the most probable first; one more column a feature: what it adds, beyond the mean "
    "candidate, in natural logarithms of odds",
    columns(
        citing=Column("document", "the document without a coded source", "document"),
        cited=Column("document", "perhaps its source", "perhaps from", empty="no source in this collection"),
        probability=Column("share", "those of a document sum to 1"),
        reason=Column("words", "what speaks most for it", "why"),
        passage_start=Column("count", "where a given text names the cited, in characters"),
        passage_end=Column("count", "the end of that passage"),
        passage_sha256=Column("words", "its hash; no words are kept"),
    ),
    caption="Proposed sources, with what speaks most for each.",
    shown=("citing", "cited", "probability", "reason"),
    limits="a guess of a model that was fitted on few cases; no proposal is counted anywhere until a person accepts it",
)
def propose(
    case: Case | Cascade,
    threshold: float = 0.0,
    documents: Iterable[str] | None = None,
    texts: Mapping[str, str] | None = None,
    said_by: bool = True,
    model: Model | None = None,
) -> pd.DataFrame:
    """Return proposals of whom each document without a coded source relied on.

    One of the answers is always that the source is not in the collection. A proposal is a guess of a model, and never
    counted among coded hops.

    Parameters
    ----------
    case
        A case, or a cascade: then only what exists by its moment counts.
    threshold
        The least probability of a proposal; others are left out.
    documents
        The documents to find sources for. If not given: those without a coded source, except the ones that are coded as
        their own speaker's words or whose source, a person has said, is not here. A coded source of a document that is
        given is not used, so that the model can be tried on what is known.
    texts
        Texts by document, where there are any: see `read_texts`.
    said_by
        Whether it is used to whom each document attributes the claim.
    model
        Other weights than those that come with woozle.

    Raises
    ------
    ParameterError
        The threshold is not a probability, or the case or the model has another type.
    UnknownDocumentError
        One of `documents` is not in the case by then.
    TextsError
        `texts` are not texts by document.

    Examples
    --------
    >>> import woozle
    >>> found = propose(woozle.open("dprk_troops_2024"), documents=["american_buddhist"])
    >>> found["cited"].iloc[0], round(float(found["probability"].sum()), 6)
    ('daily_mail', 1.0)
    """
    if isinstance(threshold, bool) or not isinstance(threshold, Real) or not 0 <= threshold <= 1:
        raise ParameterError(f"threshold: {threshold!r} is not a probability from 0 to 1.")
    if not isinstance(case, Case | Cascade):
        raise ParameterError(f"case: a Case or a Cascade is needed, not {case!r}. Open one with woozle.open(name).")
    if model is not None and not isinstance(model, Model):
        raise ParameterError(f"model: a Model is needed, not {model!r}.")
    check_texts(texts)
    if isinstance(documents, str):
        documents = (documents,)
    chosen = None if documents is None else tuple(documents)
    return Inference(case, chosen, texts, said_by, model).proposals(threshold)
