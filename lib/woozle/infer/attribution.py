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

from woozle.declared import faults, keys
from woozle.errors import WoozleError
from woozle.infer.observations import Observations

COMMON = "en"  # coders' wordings may be in English, whatever the language of the document
_LISTS = ("before", "after", "deny_before", "deny_after")
# After a rank, a title or an initial, a full stop does not end the sentence.
_SHORT = "Mr Ms Dr Lt Maj Gen Col Adm Mrs Sgt Sen Rep Gov Prof Capt"
_ENDS_SENTENCE = re.compile(
    "".join(rf"(?<!\b{word})" for word in [*_SHORT.split(), "[A-Z]"])
    + r"[.!?…]+[\"”»’)]*\s+(?=[\"“«(]*[^\W\d_a-zа-я])|[\n·]"
)
_WORDS = {
    "type": "array",
    "items": {"type": "string", "pattern": r"\w"},
    "needed": "a list of words is needed; it may be empty.",
}
_NUMBER = {"type": "integer", "minimum": 0, "needed": "a whole number is needed, 0 or more."}
_SCHEMA = keys({**dict.fromkeys(_LISTS, _WORDS), **dict.fromkeys(("reach_before", "reach_after", "endings"), _NUMBER)})
NAMED = 0.5  # to name an outlet is half as much as to credit it
_FAR = 200  # characters on either side of a name that can belong to it


class LanguageError(WoozleError):
    """The file of a language is wrong."""


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

    A negation between a name and its verb, and words like "denied by", are no attribution. If one of
    `names` is part of a longer one, only the longer is found: of "Times" and "Straits Times" the second.

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
    found, longest = [], (0, 0)
    for start, end, name in sorted(places, key=lambda place: (place[0], -place[1], place[2])):
        if end <= longest[1] and (start, end) != longest:
            continue  # within a longer name
        longest = (start, end)
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
    facts = _read_file(f"{code}.toml")
    phrases = {
        name: "|".join(_phrase(words) for words in sorted(facts[name], key=len, reverse=True)) or r"(?!)"
        for name in _LISTS
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


def _read_file(name: str) -> dict:
    """Return what a file of a language says.

    Raises
    ------
    LanguageError
        It is not TOML, or lacks something.
    """
    try:
        facts = tomllib.loads((_folder() / name).read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LanguageError(f"infer/languages/{name} is not TOML in UTF-8: {error}.") from error
    if wrong := faults(facts, _SCHEMA):
        raise LanguageError("\n".join(f"infer/languages/{name}, {fault}" for fault in wrong))
    return facts


def _phrase(words: str) -> str:
    """Return a phrase as a pattern; `*` stands for any ending."""
    return r"\s+".join(re.escape(word).replace(r"\*", r"\w*") for word in words.split())


@functools.cache
def _pattern(name: str, endings: int) -> re.Pattern:
    """Return the pattern of a name, with the endings that a language gives it."""
    words = re.findall(r"\w+", name)
    if not words:
        return re.compile(r"(?!)")
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
    """What the words of each document say about the others: whom they name and credit.

    Parameters
    ----------
    observed
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

    def __init__(self, observed: Observations):
        self.observed = observed
        self._owners: dict[str, set[str]] = {}
        for item in observed.documents.values():
            for name in item.names:
                self._owners.setdefault(name, set()).add(item.name)
        self._proper = [name for name in self._owners if not name.startswith("@")]
        self._found: dict[tuple[str, bool], list[Finding]] = {}

    def findings(self, citing: str) -> list[Finding]:
        """Return which names of other outlets stand in the words and the text of a document."""
        return [finding for in_text in (False, True) for finding in self._find(citing, in_text)]

    def passages(self, citing: str, cited: str) -> list[Finding]:
        """Return where the text of a document credits another, or else names it; none where there is no text."""
        findings = [f for f in self._find(citing, True) if cited in self._owners[f.name] and not f.denied]
        return sorted(findings, key=lambda finding: not finding.credited)

    def _find(self, citing: str, in_text: bool) -> list[Finding]:
        """Return which names of others stand in the text of a document, or in its title and wordings."""
        if (citing, in_text) not in self._found:
            item = self.observed.documents[citing]
            text, own = item.text if in_text else item.words, set(item.names)
            names = [name for name in self._proper if name not in own]
            self._found[citing, in_text] = find_names(text, names, item.language) if text else []
        return self._found[citing, in_text]

    def features(self, citing: str, candidates: Sequence[str]) -> Mapping[str, np.ndarray]:
        """Return the features of each candidate, by name."""
        items = self.observed.documents
        item = items[citing]
        credited: set[str] = set()
        named: set[str] = set()
        for finding in self.findings(citing):
            # A document that states the claim does not have it from whom it contradicts; a check may be about a denial.
            if finding.denied and item.lead.get("modality", "none") != "none":
                continue
            named |= self._owners[finding.name]
            credited |= self._owners[finding.name] if finding.credited else set()
        mentioned = [self._owners.get(name, set()) for name in item.mentions]
        for owners in mentioned:
            named |= owners
        rows = {name: np.zeros(len(candidates)) for name in self.names}
        said_by = item.lead.get("said_by", "")
        meant = self.observed.speakers.get(said_by, frozenset())
        relayed = said_by in self.observed.unnamed and any(
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
