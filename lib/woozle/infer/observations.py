"""What may tell who relied on whom: documents with their times, words and codes, and the hops known so far."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from woozle import dates
from woozle.dates import Interval
from woozle.model.case import Case
from woozle.rows import records_by_id

UNNAMED = "unnamed"  # the class of the said_by terms for sources without a name
_MENTION = re.compile(r"(?<!\w)@(\w+)")
_QUOTED_POST = re.compile(r"(?:\bRT|[“”\"]|\bvia)\s*:?\s*@\w+")


@dataclass(frozen=True)
class Observation:
    """One document as far as a model may know it.

    Attributes
    ----------
    name, outlet, kind, outlet_kind, country, language : str
        As in the package; of a post the outlet is its author, where known.
    span : Interval
        When it was published, as coded.
    names : tuple of str
        The names by which a text may refer to it: name and aliases of its outlet, its author; for a post, `@` and the
        user name.
    words : str
        Its title and the wordings of its claim versions, or the text of a post.
    text : str
        Its text, where the user has it.
    versions : tuple of mapping
        The codes of each claim version: the slots, `modality`, `certainty`, `said_by`; empty codes are left out.
    speaks_for_itself : bool
        Whether it is coded as the words of its own speaker: then it surely has no source, and none is proposed for it.
        Also used to fit and to check a model.
    """

    name: str
    span: Interval
    outlet: str = ""
    kind: str = ""
    outlet_kind: str = ""
    country: str = ""
    language: str = ""
    names: tuple[str, ...] = ()
    words: str = ""
    text: str = ""
    versions: tuple[Mapping[str, str], ...] = ()
    speaks_for_itself: bool = False

    @cached_property
    def lead(self) -> Mapping[str, str]:
        """The codes of its first claim version; empty where none is coded."""
        return self.versions[0] if self.versions else {}

    @cached_property
    def mentions(self) -> tuple[str, ...]:
        """The user names that its words mention, in order, in small letters."""
        return tuple(dict.fromkeys(f"@{name.lower()}" for name in _MENTION.findall(self.words)))

    @cached_property
    def quotes_a_post(self) -> bool:
        """Whether its words have the form of a post that is repeated: `RT @name`, `“@name: …”`."""
        return bool(_QUOTED_POST.search(self.words))

    @cached_property
    def middle(self) -> float:
        """The middle of its span, in seconds since 1970."""
        return (self.span.earliest.timestamp() + self.span.latest.timestamp()) / 2


@dataclass(frozen=True, eq=False)
class Observations:
    """Documents, each of which may rely on earlier ones, and the hops between them that are known.

    Attributes
    ----------
    name : str
        Of the case, or of the thread.
    documents : mapping of str to Observation
        The documents, in their order.
    hops : tuple of (str, str)
        The known hops, (cited, citing).
    rejected : frozenset of (str, str)
        Pairs (cited, citing) that a person has rejected.
    speakers : mapping of str to frozenset of str
        By term of `said_by`: the documents that it may refer to.
    unnamed : frozenset of str
        The terms of `said_by` that stand for somebody without a name.
    slots : mapping of str to str
        The case's own details, with their titles.
    """

    name: str
    documents: Mapping[str, Observation]
    hops: tuple[tuple[str, str], ...] = ()
    rejected: frozenset[tuple[str, str]] = frozenset()
    speakers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unnamed: frozenset[str] = frozenset()
    slots: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _spans(self) -> dict[str, Interval]:
        return {name: item.span for name, item in self.documents.items()}

    @cached_property
    def sources(self) -> Mapping[str, frozenset[str]]:
        """The documents that each is known to rely on."""
        sources: dict[str, set[str]] = {name: set() for name in self.documents}
        for cited, citing in self.hops:
            sources[citing].add(cited)
        return {name: frozenset(cited) for name, cited in sources.items()}

    def hops_without(self, citing: str) -> list[tuple[str, str]]:
        """Return the known hops except those into one document: as if nobody had coded what it relies on."""
        return [hop for hop in self.hops if hop[1] != citing]

    def spans_without(self, citing: str) -> dict[str, Interval]:
        """Return the time of each document, narrowed by all hops except those into one document."""
        return dates.narrow(self._spans, self.hops_without(citing)) if self.hops else self._spans

    def below(self, document: str, hops: Iterable[tuple[str, str]]) -> set[str]:
        """Return a document and all that rests on it."""
        after: dict[str, list[str]] = {}
        for cited, citing in hops:
            after.setdefault(cited, []).append(citing)
        reached, left = {document}, [document]
        while left:
            for name in after.get(left.pop(), ()):
                if name not in reached:
                    reached.add(name)
                    left.append(name)
        return reached

    @cached_property
    def uncoded(self) -> tuple[str, ...]:
        """The documents without a known source."""
        return tuple(name for name in self.documents if not self.sources[name])

    @cached_property
    def said_by(self) -> Counter[str]:
        """How many documents attribute the claim to each speaker in their first version."""
        return Counter(item.lead["said_by"] for item in self.documents.values() if "said_by" in item.lead)


def of_case(
    case: Case,
    said_by: bool = True,
    texts: Mapping[str, str] | None = None,
    rejected: Iterable[tuple[str, str]] = (),
    documents: frozenset[str] | None = None,
) -> Observations:
    """Return a case as observations: what was coded of its documents, and its hops.

    Left out is what only a person who knows the source could have written: `evidence`, notes, how a fact was seen.
    A citation that is itself inferred is no known hop, unless a person has accepted it.

    Parameters
    ----------
    case
        The case.
    said_by
        Whether the model may use to whom each document attributes the claim.
    texts
        Texts by document, where there are any: see `woozle.infer.read_texts`.
    rejected
        Pairs (citing, cited) that a person has rejected.
    documents
        The documents to take; all if not given.

    Examples
    --------
    >>> import woozle
    >>> observed = of_case(woozle.open("dprk_troops_2024"))
    >>> observed.documents["tvchosun"].lead["modality"], len(observed.hops)
    ('expected', 76)
    """
    slots = {slot.name: slot.title for slot in case.slots}
    fields = [*slots, "modality", "certainty", *(["said_by"] if said_by else [])]
    versions: dict[str, list[dict[str, str]]] = {}
    wordings: dict[str, list[str]] = {}
    for row in case.claims.reset_index().to_dict("records"):
        versions.setdefault(row["document"], []).append({name: row[name] for name in fields if row[name]})
        wordings.setdefault(row["document"], []).extend(
            row[name] for name in ("wording", *(f"{slot}_wording" for slot in slots))
        )
    vocabulary = case.vocabularies["said_by"].terms
    spoken = {term: facts.get("documents", [term]) for term, facts in vocabulary.items()}
    speaker = case.leads["said_by"].to_dict()
    items = {}
    for name, row in records_by_id(case.documents).items():
        if documents is not None and name not in documents:
            continue
        words = dict.fromkeys([row["title"], *wordings.get(name, ())])
        items[name] = Observation(
            name=name,
            span=Interval(row["coded_earliest"].to_pydatetime(), row["coded_latest"].to_pydatetime()),
            outlet=row["outlet"],
            kind=row["kind"],
            outlet_kind=row["outlet_kind"],
            country=row["country"],
            language=row["language"],
            names=_names(row["outlet_name"], row["aliases"], row["author"]),
            words=" · ".join(word for word in words if word),
            text=(texts or {}).get(name, ""),
            versions=tuple(versions.get(name, ())),
            speaks_for_itself=name in spoken.get(speaker.get(name, ""), ()),
        )
    terms = vocabulary if said_by else {}
    coded = case.citations.query("seen != 'inferred' or reviewer != ''")
    known = zip(coded["cited"], coded["citing"], strict=True)
    return Observations(
        name=case.name,
        documents=items,
        hops=tuple(dict.fromkeys(hop for hop in known if hop[0] in items and hop[1] in items)),
        rejected=frozenset((cited, citing) for citing, cited in rejected),
        speakers={term: _spoken_for(term, facts, items) for term, facts in terms.items()},
        unnamed=frozenset(term for term, facts in terms.items() if facts.get("class") == UNNAMED),
        slots=slots,
    )


def _spoken_for(term: str, facts: Mapping[str, Any], items: Mapping[str, Observation]) -> frozenset[str]:
    """Return the documents that a term of said_by may refer to: those it names, else those of the outlet it names."""
    named = facts.get("documents")
    if named:
        return frozenset(name for name in named if name in items)
    return frozenset(name for name, item in items.items() if term in (name, item.outlet))


def _names(outlet: str, aliases: str, author: str) -> tuple[str, ...]:
    """Return what words may call a document: its outlet, in full, by initials and aliases, and its authors."""
    initials = "".join(word[0] for word in re.findall(r"\w+", outlet) if word[0].isupper())
    people = [name.strip() for name in author.split(",") if len(name.split()) < 4]
    people += [name.split()[-1] for name in people if " " in name]
    names = [outlet, *(alias.strip() for alias in aliases.split(";")), *people]
    if len(initials) > 1 and len(re.findall(r"\w+", outlet)) > 1:
        names.append(initials)
    return tuple(dict.fromkeys(name for name in names if len(name) > 1))


def of_thread(posts: pd.DataFrame, name: str = "") -> Observations:
    """Return a conversation as observations, without what is known of who answers whom.

    Parameters
    ----------
    posts
        By post: `time` (UTC), `text`, `author` (user name; empty where not known).
    name
        Of the thread.

    If no author is known, that of the first post is guessed: the user whom most posts mention first.

    Examples
    --------
    >>> times = pd.to_datetime(["2015-01-07T12:00Z", "2015-01-07T12:05Z"])
    >>> posts = pd.DataFrame({"time": times, "text": ["Shots", "@ann where?"], "author": ""}, index=["1", "2"])
    >>> of_thread(posts).documents["1"].names
    ('@ann',)
    """
    posts = posts[~posts.index.duplicated(keep="last")].sort_values("time", kind="stable")
    items = {
        key: Observation(
            name=key,
            span=Interval(row["time"].to_pydatetime(), row["time"].to_pydatetime()),
            outlet=row["author"].lower(),
            names=(f"@{row['author'].lower()}",) if row["author"] else (),
            words=row["text"],
        )
        for key, row in records_by_id(posts).items()
    }
    firsts = Counter(item.mentions[0] for item in items.values() if item.mentions)
    if items and firsts and not any(item.outlet for item in items.values()):
        first, guess = next(iter(items.values())), firsts.most_common(1)[0][0]
        items[first.name] = Observation(first.name, first.span, guess[1:], names=(guess,), words=first.words)
    return Observations(name, items)
