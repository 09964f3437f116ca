"""Attribution in words: whom does a text name, and does it credit what it says to them?

How each language credits a source stands in a file of its own, `languages/<code>.toml`. A new language is a new file.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np

from woozle.infer.collection import Collection, Item

COMMON = "en"  # coders' wordings may be in English, whatever the language of the document
_LISTS = ("before", "after", "deny_before", "deny_after")
_ENDS_SENTENCE = re.compile(r"[.!?…]+[\"”»’)]*\s+(?=[\"“«(]*[^\W\d_a-zа-я])|[\n·]")
NAMED = 0.5  # to name an outlet is half as much as to credit it
_FAR = 200  # characters on either side of a name that can belong to it


@dataclass(frozen=True)
class Language:
    """How a language credits a source, and how far from the name the words for it may stand."""

    before: re.Pattern
    after: re.Pattern
    deny_before: re.Pattern
    deny_after: re.Pattern
    endings: int


@dataclass(frozen=True)
class Finding:
    """A name that stands in a text: where, whose it is, and whether the text credits its owner, or contradicts that.

    `start` and `end` are the passage, in characters of the text: the name with the words that credit it.
    """

    name: str
    start: int
    end: int
    credited: bool
    denied: bool


def languages() -> tuple[str, ...]:
    """Return the codes of the languages whose words for crediting a source are known.

    Examples
    --------
    >>> {"en", "uk", "ru", "de", "es", "it", "fr", "ko"} <= set(languages())
    True
    """
    return tuple(sorted(file.name[:-5] for file in _folder().iterdir() if file.name.endswith(".toml")))


def find_names(text: str, names: Iterable[str], language: str = COMMON) -> list[Finding]:
    """Return where names stand in a text, and whether the text credits what it says to them.

    A negation between a name and its verb, and words like "denied by", are no attribution. A name within a longer one
    is not found: "Times" in "Straits Times".

    Parameters
    ----------
    text
        The text.
    names
        Names to look for. A name of one word, or in capitals, must be written in the same case.
    language
        Code of the language of the text. Where it has no file of its own, and beside its own, English words count.

    Examples
    --------
    >>> [(f.name, f.credited) for f in find_names("Le ministère, selon TV Chosun, attend", ["TV Chosun"], "fr")]
    [('TV Chosun', True)]
    >>> [(f.credited, f.denied) for f in find_names("This was denied by TV Chosun.", ["TV Chosun"])]
    [(False, True)]
    """
    known = [read_language(code) for code in dict.fromkeys((language, COMMON)) if code in languages()]
    endings = max(entry.endings for entry in known)
    places = [(match.start(), match.end(), name) for name in names for match in _pattern(name, endings).finditer(text)]
    found = []
    for start, end, name in sorted(places):
        if any(a <= start and end <= b and b - a > end - start for a, b, _ in places):
            continue
        signs = [_signs(entry, text, start, end) for entry in known]
        denied = any(sign.denied for sign in signs)
        passages = [sign for sign in signs if sign.credited]
        found.append(
            Finding(
                name,
                min([start, *(sign.start for sign in passages)]),
                max([end, *(sign.end for sign in passages)]),
                bool(passages) and not denied,
                denied,
            )
        )
    return found


def _signs(language: Language, text: str, start: int, end: int) -> Finding:
    """Return what the words around one name say in one language; the nearer words decide, and of two the denial."""
    left = _ENDS_SENTENCE.split(text[max(0, start - _FAR) : start])[-1]
    right = _ENDS_SENTENCE.split(text[end : end + _FAR])[0]
    denials = language.deny_before.search(left), language.deny_after.match(right)
    credits = language.before.search(left), language.after.match(right)
    denied = bool(denials[0]) or bool(
        denials[1] and (not credits[1] or denials[1].start("words") <= credits[1].start("words"))
    )
    first = start - len(left) + credits[0].start() if credits[0] else start
    last = end + credits[1].end() if credits[1] else end
    return Finding("", first, last, any(credits) or _heads(left, right), denied)


def _heads(left: str, right: str) -> bool:
    """Tell whether a name stands where headlines of all languages name their source: "ISW: …", "… – TV Chosun"."""
    begins = not left.strip(' "“«„') and bool(re.match(r"[\"”»]?:\s", right))
    ends = bool(re.search(r"\s[–—-]\s*$", left)) and not right.strip(' "”».')
    return begins or ends


@functools.cache
def read_language(code: str) -> Language:
    """Return how a language credits a source, from its file."""
    facts = tomllib.loads((_folder() / f"{code}.toml").read_text("utf-8"))
    phrases = {
        name: "|".join(_phrase(words) for words in sorted(facts[name], key=len, reverse=True)) for name in _LISTS
    }
    before, after = facts["reach_before"], facts["reach_after"]
    # Before a name stands the phrase, perhaps a colon, and a few words that describe it; commas end that. After a name
    # its verb may come behind a phrase between commas.
    gap = r"[^\w,.;!?]*"
    left = rf"(?<!\w)(?:{{}})(?!\w){gap}(?:\w[\w'’.-]*[^\w,.;:!?]+){{{{0,{before}}}}}$"
    right = rf"[^\w.;!?]*(?:\w[\w'’-]*[^\w.;!?]+){{{{0,{after}}}}}?(?P<words>{{}})(?!\w)"
    forms = {"before": left, "after": right, "deny_before": left, "deny_after": right}
    compiled = {name: re.compile(form.format(phrases[name]), re.IGNORECASE) for name, form in forms.items()}
    return Language(**compiled, endings=facts["endings"])


def _phrase(words: str) -> str:
    """Return a phrase as a pattern; `*` stands for any ending."""
    return r"\s+".join(re.escape(word).replace(r"\*", r"\w*") for word in words.split())


@functools.cache
def _pattern(name: str, endings: int) -> re.Pattern:
    """Return the pattern of a name, with the endings that a language gives it."""
    words = re.findall(r"\w+", name)
    parts = [_inflected(word, endings) for word in words]
    exact = len(words) == 1 or name.isupper()
    return re.compile(r"(?<![\w@])" + r"[\W_]{1,3}".join(parts) + r"(?:['’]s)?(?!\w)", 0 if exact else re.IGNORECASE)


def _inflected(word: str, endings: int) -> str:
    latin = word.isascii() or not endings
    if latin and not (endings > 3):
        return re.escape(word)
    if endings > 3:  # particles are written onto the word
        return re.escape(word) + (r"[^\W\d_a-zA-Z]" + f"{{0,{endings}}}")
    stem = word[:-endings] if len(word) > 4 else word
    return re.escape(stem) + (rf"\w{{0,{endings + 1}}}" if len(word) > 4 else "")


def _folder():
    return resources.files("woozle.infer") / "languages"


class Attribution:
    """What the words of each document say of the others: the part of the evidence that stands in words.

    Parameters
    ----------
    collection
        The documents.
    """

    names = (
        "attribution",
        "first_named",
        "latest_named",
        "speaker",
        "relayed_speaker",
        "same_author",
        "addressed",
        "expected_names",
        "one_more_name",
        "names_left_out",
    )

    def __init__(self, collection: Collection):
        self.collection = collection
        self._owners: dict[str, set[str]] = {}
        for item in collection.items.values():
            for name in item.names:
                self._owners.setdefault(name, set()).add(item.name)
        self._proper = [name for name in self._owners if not name.startswith("@")]

    def findings(self, citing: str) -> list[Finding]:
        """Return which names of other outlets stand in the words and the text of a document."""
        item = self.collection.items[citing]
        return [finding for text in (item.words, item.text) if text for finding in self._find(item, text)]

    def passages(self, citing: str, cited: str) -> list[Finding]:
        """Return where the text of a document credits another, or else names it; none where there is no text."""
        item = self.collection.items[citing]
        found = [f for f in self._find(item, item.text) if cited in self._owners[f.name] and not f.denied]
        return sorted(found, key=lambda finding: not finding.credited)

    def _find(self, item: Item, text: str) -> list[Finding]:
        own = set(item.names)
        return find_names(text, [name for name in self._proper if name not in own], item.language) if text else []

    def features(self, citing: str, candidates: Sequence[str]) -> Mapping[str, np.ndarray]:
        """Return the features of each candidate, by name."""
        items = self.collection.items
        item = items[citing]
        credited: set[str] = set()
        named: set[str] = set()
        for finding in self.findings(citing):
            named |= self._owners[finding.name]
            credited |= self._owners[finding.name] if finding.credited else set()
        mentioned = [self._owners.get(name, set()) for name in item.mentions]
        for owners in mentioned:
            named |= owners
        rows = {name: np.zeros(len(candidates)) for name in self.names}
        said_by = item.lead.get("said_by", "")
        meant = self.collection.speakers.get(said_by, frozenset())
        relayed = said_by in self.collection.unnamed and any(
            items[other].lead.get("said_by") == said_by for other in candidates if other not in meant
        )
        mine, own = set(item.mentions), set(item.names)
        latest: dict[str, str] = {}
        for name in sorted(candidates, key=lambda name: items[name].middle):
            latest[items[name].outlet] = name
        for place, name in enumerate(candidates):
            other = items[name]
            theirs = set(other.mentions)
            rows["attribution"][place] = 1.0 if name in credited else NAMED * (name in named)
            rows["first_named"][place] = bool(mentioned) and name in mentioned[0]
            rows["latest_named"][place] = (name in named or name in meant) and latest[other.outlet] == name
            rows["speaker"][place] = name in meant and not relayed
            rows["relayed_speaker"][place] = name in meant and relayed
            rows["same_author"][place] = bool(item.outlet) and item.outlet == other.outlet
            rows["addressed"][place] = bool(theirs & own)
            author = {name for name in other.names if name.startswith("@")}
            more = mine - theirs
            rows["expected_names"][place] = bool(author) and mine == (theirs | author) - own
            rows["one_more_name"][place] = not author and len(more) == 1 and item.mentions[0] in more
            rows["names_left_out"][place] = len((theirs | author) - mine - own)
        return rows
