"""A case: its tables, what follows from its codes alone, and its cascades."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import cast

import pandas as pd

from woozle import dates
from woozle.errors import ParameterError, did_you_mean
from woozle.model.cards import case_card
from woozle.model.cascade import Cascade
from woozle.model.document import Document, ParentChoice
from woozle.package import schema
from woozle.package.schema import Slot, Vocabulary
from woozle.rows import records_by_id

# What tab completion shows: what a notebook needs.
_SHOWN = (
    "actor", "cascade", "citations", "claims", "codings", "document", "documents", "events", "fields", "folder", "log",
    "name", "outlets", "slots", "term_title", "title", "undated", "version", "vocabularies",
)  # fmt: skip
# Attributes of cascades only: whoever asks a case for one of these means its cascade.
_OF_CASCADES = ("carriers", "case", "graph", "visible_ids", "main_parents", "moment", "parents", "roots", "spans")
# What depends on the claims alone, and so stays the same when citations change.
_OF_CLAIMS = ("codes", "leads", "lead_facts", "coded_carriers", "never_stated", "said_false")


@dataclass(frozen=True, eq=False)
class Case:
    """One rumour: its documents, citations, claim versions, outlets and events. Nothing in it can be changed.

    Attributes
    ----------
    name, title, version : str
        From `datapackage.json`.
    folder : Path
        Where the package lies.
    actor : str
        The one whose act the claim is about.
    conversion_from : str
        The lowest modality at which a version says that the actor committed itself; empty if the case names none.
    uncoded_carry : bool
        Whether we assume that a document without a coded version carries the claim, unless all it does is check
        another. The package says so with `"uncoded_carry"`; if it says nothing, we assume it only if nothing is coded.
    slots : tuple of Slot
        The details of the claim that this case declares.
    vocabularies : mapping of str to Vocabulary
        The terms of each coded column.
    licence : mapping of str to str
        `title` and `path` (address) of the licence of the data.

    Examples
    --------
    >>> import woozle
    >>> case = woozle.open("dprk_troops_2024")
    >>> case.documents.loc["tvchosun", "earliest"]
    Timestamp('2024-06-21 12:02:00+0000', tz='UTC')
    """

    name: str
    title: str
    version: str
    folder: Path
    actor: str
    conversion_from: str
    uncoded_carry: bool
    slots: tuple[Slot, ...]
    vocabularies: Mapping[str, Vocabulary]
    licence: Mapping[str, str]
    _tables: Mapping[str, pd.DataFrame] = field(repr=False)
    _codings: Mapping[str, pd.DataFrame] = field(repr=False, default_factory=dict[str, pd.DataFrame])

    @property
    def documents(self) -> pd.DataFrame:
        """The documents, by `document` (their id): the columns of `documents.csv`, of their outlet, and their times.

        `label` is filled (the outlet's name where there is none); `outlet_name`, `country`, `outlet_kind`, `aliases`
        come from `outlets.csv`; `coded_earliest`, `coded_latest` are the interval as coded, `earliest`, `latest` the
        same narrowed by the citations (UTC).
        """
        return self._tables["documents"].copy(deep=False)

    @property
    def undated(self) -> pd.DataFrame:
        """The documents that have no date yet, by id: the columns of `documents.csv`. No measure counts them."""
        return self._tables["undated"].copy(deep=False)

    @property
    def citations(self) -> pd.DataFrame:
        """The citations, one a row: the columns of `citations.csv`."""
        return self._tables["citations"].copy(deep=False)

    @property
    def claims(self) -> pd.DataFrame:
        """The claim versions, by document and version: the columns of `claims.csv`."""
        return self._tables["claims"].copy(deep=False)

    @property
    def outlets(self) -> pd.DataFrame:
        """The outlets, by id: the columns of `outlets.csv`."""
        return self._tables["outlets"].copy(deep=False)

    @property
    def events(self) -> pd.DataFrame:
        """What happened in the world, by id: the columns of `events.csv`, `earliest` and `latest` (UTC).

        `value` is a number, and missing where the event has none.
        """
        return self._tables["events"].copy(deep=False)

    @cached_property
    def codings(self) -> Mapping[str, pd.DataFrame]:
        """The second codings, by coder: tables like `claims`, with the fields that this coder coded."""
        return MappingProxyType({name: table.copy(deep=False) for name, table in self._codings.items()})

    @property
    def log(self) -> pd.DataFrame:
        """What was mended in the package, one a row: `version`, `table`, `row`, `was`, `now`, `why`."""
        return self._tables["log"].copy(deep=False)

    @property
    def settled(self) -> pd.DataFrame:
        """How disagreements of coders were settled, one a row: the columns of `settled.csv`; most cases have none."""
        return self._tables["settled"].copy(deep=False)

    @property
    def reviews(self) -> pd.DataFrame:
        """What persons have said of proposed hops, one a row: the columns of `reviews.csv`; most cases have none."""
        return self._tables["reviews"].copy(deep=False)

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The fields of a claim version in which a change counts as drift."""
        return ("said_by", "modality", "certainty", *(slot.name for slot in self.slots))

    @cached_property
    def codes(self) -> Mapping[str, Mapping[int, tuple[str | None, ...]]]:
        """The codes of each version, by document and version, in the order of `fields`.

        None if the code is not known: an empty code means "not stated" only if the document's own words were seen.
        """
        by_document: dict[str, dict[int, tuple[str | None, ...]]] = {}
        claims = self._tables["claims"]
        columns = [claims[name] for name in self.fields]
        for (document, version), seen, *codes in zip(claims.index, claims["seen"], *columns, strict=True):
            own = seen in schema.OWN_WORDS
            by_document.setdefault(document, {})[int(version)] = tuple(code if code or own else None for code in codes)
        return MappingProxyType(by_document)

    def changed_fields(self, parent: str, version: int, document: str) -> tuple[str, ...]:
        """Return the fields whose code differs between a version of the parent and the lead of a document.

        A field that is not known at one end never counts as changed.
        """
        pairs = zip(self.fields, self.codes[parent][version], self.codes[document][1], strict=True)
        return tuple(name for name, old, new in pairs if old is not None and new is not None and old != new)

    def _differing(self, parent: str, version: int, document: str) -> int:
        """Return how many known codes of a document's lead differ from those of a version of its parent."""
        pairs = zip(self.codes[parent][version], self.codes[document][1], strict=True)
        return sum(new is not None and old != new for old, new in pairs)

    @cached_property
    def leads(self) -> pd.DataFrame:
        """The first version of each document that has one, by document: the columns of `claims`."""
        claims = self._tables["claims"]
        return claims[claims.index.get_level_values("version") == 1].droplevel("version")

    @cached_property
    def lead_facts(self) -> Mapping[str, Mapping[str, str]]:
        """The same as `leads`, as plain values by document."""
        return MappingProxyType(records_by_id(self.leads))

    @cached_property
    def coded_carriers(self) -> Mapping[str, bool]:
        """Whether each coded document carries the claim: a version states it, and none corrects it."""
        claims = self._tables["claims"]
        corrects = claims["stance"].isin(self.correcting).groupby(level="document").any()
        states = (claims["modality"] != "none").groupby(level="document").any()
        return MappingProxyType(cast("dict[str, bool]", (states & ~corrects).to_dict()))

    @cached_property
    def never_stated(self) -> frozenset[str]:
        """The coded documents none of whose versions states the claim, corrects it or says that it is unconfirmed."""
        claims = self._tables["claims"]
        made = (claims["modality"] != "none") | claims["stance"].isin(self.correcting | self.not_confirming)
        by_document = made.groupby(level="document").any()
        return frozenset(by_document.index[~by_document])

    @cached_property
    def said_false(self) -> Mapping[tuple[str, int], str]:
        """The versions (document, number) that are coded as false, with the document that shows it."""
        claims = self._tables["claims"]
        basis = claims.loc[claims["accuracy"] == "false", "basis"]
        return MappingProxyType(cast("dict[tuple[str, int], str]", basis.to_dict()))

    @cached_property
    def parent_choices(self) -> tuple[ParentChoice, ...]:
        """The candidates for main parents, one for each citation, with the facts by which the rule chooses."""
        rank = self.vocabularies["relation"].rank
        columns = [self._tables["citations"][name] for name in ("citing", "cited", "relation", "seen", "confidence")]
        choices: list[ParentChoice] = []
        for place, (citing, cited, relation, seen, coded) in enumerate(zip(*columns, strict=True)):
            confidence = float(coded) if coded else schema.CONFIDENCE[seen]
            changed, version = float("inf"), 0
            if citing in self.codes and cited in self.codes:
                changed, version = min((self._differing(cited, v, citing), v) for v in self.codes[cited])
            ends = (citing, cited, relation, rank(relation), seen)
            choices.append(ParentChoice(*ends, changed, version, place, confidence))
        return tuple(choices)

    @cached_property
    def actor_terms(self) -> frozenset[str]:
        """The terms of `said_by` that stand for the actor."""
        return self.vocabularies["said_by"].having("actor", True)

    @cached_property
    def correcting(self) -> frozenset[str]:
        """The stances that correct."""
        return self.vocabularies["stance"].having("role", "correction")

    @cached_property
    def doubting(self) -> frozenset[str]:
        """The stances that pass the claim on with a doubt."""
        return self.vocabularies["stance"].having("role", "doubt")

    @cached_property
    def reacting(self) -> frozenset[str]:
        """The stances that react to the claim and neither state nor contradict it."""
        return self.vocabularies["stance"].having("role", "reaction")

    @cached_property
    def not_confirming(self) -> frozenset[str]:
        """The stances that neither confirm nor correct."""
        return self.vocabularies["stance"].having("role", "non_confirmation")

    @cached_property
    def zones(self) -> Mapping[str, tuple[str, ...]]:
        """The zones in which each outlet's day may lie, by outlet."""
        places = zip(self._tables["outlets"]["time_zone"], self._tables["outlets"]["country"], strict=True)
        return MappingProxyType(
            {name: dates.zones_of(*place) for name, place in zip(self._tables["outlets"].index, places, strict=True)}
        )

    @cached_property
    def unpublished(self) -> frozenset[str]:
        """The kinds of documents that were never published: the words of an unnamed source, say."""
        return self.vocabularies["document_kind"].having("role", "unpublished")

    @cached_property
    def no_publishers(self) -> frozenset[str]:
        """The kinds of outlets that publish nothing themselves: an official, a press room, an account."""
        return self.vocabularies["outlet_kind"].having("role", "no_publisher")

    def field_title(self, name: str) -> str:
        """Return the words for a field of the claim version."""
        fixed = {"said_by": "who said it", "modality": "how real", "certainty": "how sure"}
        return fixed.get(name) or next((slot.title for slot in self.slots if slot.name == name), name)

    def term_title(self, field_name: str, code: str) -> str:
        """Return the words for a code of a field, or of another coded column; an empty code is empty."""
        slot = next((slot for slot in self.slots if slot.name == field_name), None)
        if slot is not None and slot.kind == "time":
            return dates.in_words(code)
        vocabulary = self.vocabularies.get(slot.vocabulary if slot else field_name)
        return vocabulary.title(code) if vocabulary and code else code

    def add_hops(self, sources: Mapping[str, str], instead_of: Collection[str] = ()) -> Case:
        """Return the case as if inferred hops were believed: with one more hop into each of the given documents.

        Parameters
        ----------
        sources
            The cited document, by citing document.
        instead_of
            Documents whose inferred citations are left out, but for those that a person has accepted.

        Raises
        ------
        DateError
            The dates do not allow it.
        """
        citations = self.citations
        left_out = citations["citing"].isin(list(instead_of)) & (citations["seen"] == "inferred")
        kept = citations[~(left_out & (citations["reviewer"] == ""))]
        relation = self.vocabularies["relation"]
        plain = [term for term in kept["relation"] if "role" not in relation.terms[term]] or list(relation)
        more = pd.DataFrame({"citing": list(sources), "cited": list(sources.values())}, dtype="str").assign(
            relation=max(sorted(set(plain)), key=plain.count), seen="inferred", seen_in=list(sources)
        )
        citations = pd.concat([kept, more], ignore_index=True).fillna("")[list(citations.columns)]
        documents = self.documents
        coded = zip(documents["coded_earliest"], documents["coded_latest"], strict=True)
        spans = {name: dates.Interval(*ends) for name, ends in zip(documents.index, coded, strict=True)}
        narrowed = dates.narrow(spans, zip(citations["cited"], citations["citing"], strict=True))
        for end in ("earliest", "latest"):
            documents[end] = [getattr(narrowed[name], end) for name in documents.index]
        changed = {"documents": documents, "citations": citations}
        case = replace(self, _tables=MappingProxyType({**self._tables, **changed}))
        vars(case).update({name: getattr(self, name) for name in _OF_CLAIMS})
        return case

    def cascade(
        self,
        as_of: str = "latest",
        hops: str = "carrying",
        time_zone: str = "",
        include_inferred: bool = True,
        include_second_hand: bool = True,
    ) -> Cascade:
        """Return the cascade of this case as of a moment; see `woozle.model.cascade.Cascade`."""
        return Cascade(
            self,
            as_of=as_of,
            hops=hops,
            time_zone=time_zone,
            include_inferred=include_inferred,
            include_second_hand=include_second_hand,
        )

    def document(self, name: str) -> Document:
        """Return a document as it stands in the latest cascade; see `woozle.model.cascade.Cascade.document`."""
        return self.cascade().document(name)

    def __repr__(self) -> str:
        counts = ", ".join(f"{len(self._tables[name])} {name}" for name in ("documents", "citations", "claims"))
        return f"Case({self.name!r}: {counts})"

    def _repr_html_(self) -> str:
        return case_card(self).html()

    def __dir__(self) -> list[str]:
        return list(_SHOWN)

    def __getattr__(self, name: str) -> object:
        if name in _OF_CASCADES:
            raise AttributeError(f"A case has no '{name}', but a cascade has: write case.cascade().{name}")
        raise AttributeError(f"A case has no '{name}'.{did_you_mean(name, _SHOWN)} It has: {', '.join(_SHOWN)}.")


def as_cascade(shown: object) -> Cascade:
    """Return the latest cascade of a case; a cascade is returned unchanged.

    Raises
    ------
    ParameterError
        It is neither.
    """
    if isinstance(shown, Case):
        return shown.cascade()
    if not isinstance(shown, Cascade):
        raise ParameterError(f'A case or a cascade is needed, not {shown!r}. Open one: woozle.open("…").cascade()')
    return shown
