"""Find the conversion: along a line of reports, one turns a forecast into an announcement."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from woozle.classroom.fiction import LADDER, Rumour
from woozle.classroom.problems import Problem, TryAgain
from woozle.classroom.rng import Dice

LENGTH = 8  # documents on the line, the unnamed official included
CODED = range(2, 7)  # places on the line that the student codes
ASIDE = 6  # documents beside the line
COMMITS, TOP = LADDER.index("pledged"), LADDER.index("occurred")
# How the claim passes at the conversion, by what converts, and the words that show it.
REASONS = {
    "modality": {
        "mistranslates": "translated from another language; its verb was rendered by a stronger one ({source})",
        "drops_hedge": "took the headline of {source}, which leaves out the words of doubt",
    },
    "said_by": {
        "misattributes": "gives the words of {source} as those of the authority",
        "presupposes": "asked the authority about “what you told {source}”",
    },
}
REASONS["both"] = REASONS["said_by"]
# How it passes elsewhere: the same ways, and nothing converts.
_HARMLESS = (
    "translated from another language; “said” became “told” ({source})",
    "took the headline of {source}, which leaves out the place",
    "gives the words of {source} under its name",
    "asked {source} whether it stands by its report",
    "as {source} reports",
    "as {source} reports",
)
_SAID = {
    "hypothetical": ("would {do} if the money ran out", "would {do} if no other way was found"),
    "possible": ("may {do}", "could {do}"),
    "expected": ("is expected to {do}", "is likely to {do}"),
    "planned": ("plans to {do}", "intends to {do}"),
    "pledged": ("has promised to {do}", "has pledged to {do}"),
    "announced": ("has announced that it will {do}", "has formally declared that it will {do}"),
    "occurred": ("has begun {doing}", "started {doing} this week"),
}
_BY = {
    "official": (
        "{it} {said}, an official who asked not to be named said",
        "An unnamed official says that {it} {said}",
    ),
    "agency": ("{it} {said}, according to {agency}", "{agency} reports that {it} {said}"),
    "authority": ("In its own words: {it} itself {said}", "{it} itself says that it {said}"),
    "": ("{it} {said}", "{it} {said}, as readers learned this morning"),
}


def make(dice: Dice, _: Dice) -> Problem:
    """Return a problem: trace, five codings, the hop, what converted, and why."""
    rumour = Rumour.drawn(dice)
    line = _line(rumour)
    versions, place, what = _plan(dice)
    agency = rumour.tables["outlets"][1]["name"]
    moment = {name: rumour.start + timedelta(hours=3 * number) for number, name in enumerate(line)}
    for name, (modality, said_by) in zip(line, versions, strict=True):
        rumour.says(name, modality, said_by, wording=_wording(rumour, modality, said_by, agency))
    reason = dice.choice(list(REASONS[what]))
    for number, (cited, citing) in enumerate(pairwise(line), start=1):
        label = next(row["label"] for row in rumour.tables["documents"] if row["id"] == cited)
        wording = REASONS[what][reason] if number == place else dice.choice(_HARMLESS)
        rumour.cites(citing, cited, "relies_on", wording.format(source=label))
    _beside(rumour, line, versions, moment, agency)
    asked = {
        "target": line[-1],
        "to_code": dict(sorted((line[number], rumour.tables["claims"][number]["wording"]) for number in CODED)),
        "agency": agency,
        "authority": rumour.authority,
    }
    answers = {
        "trace": line,
        "modality": {line[number]: versions[number][0] for number in CODED},
        "said_by": {line[number]: versions[number][1] or "nobody" for number in CODED},
        "conversion": [line[place - 1], line[place]],
        "what": what,
        "why": reason,
    }
    stronger = [n for n in range(1, LENGTH) if LADDER.index(versions[n][0]) > LADDER.index(versions[n - 1][0])]
    mistakes = {
        "trace": [(line[::-1], "The line is drawn backwards: it runs from the source to who relies on it.")],
        "conversion": [
            (answers["conversion"][::-1], "The hop is drawn backwards: first the document relied on, then the one that relies on it."),
            *(
                ([line[n - 1], line[n]], "Here the claim only grows stronger; it does not yet become the authority's own word.")
                for n in stronger
                if n < place
            ),
            *(
                ([line[n - 1], line[n]], "Here the claim grows stronger still; it had become the authority's own word before.")
                for n in stronger
                if n > place
            ),
        ],
    }  # fmt: skip
    steps = len(stronger) + (what == "said_by")
    difficulty = {"documents": len(rumour.tables["documents"]), "line": LENGTH, "coded": len(CODED), "steps": steps}
    return Problem(rumour, asked, answers, mistakes, difficulty, tuple(line[number] for number in CODED))


def _line(rumour: Rumour) -> list[str]:
    """Add the documents of the line: an unnamed official, a news agency, and those who follow."""
    source = rumour.outlet("official", name=f"an official in {rumour.town}")
    names = [rumour.document(source, rumour.start, "source", name="official")]
    kinds = ["wire", *["newspaper"] * (LENGTH - 2)]
    for number, kind in enumerate(kinds, start=1):
        names.append(rumour.document(rumour.outlet(kind), rumour.start + timedelta(hours=3 * number)))
    return names


def _plan(dice: Dice) -> tuple[list[tuple[str, str]], int, str]:
    """Return modality and source of each version on the line, the place of the conversion, and what converts.

    Two hops strengthen the claim beside the conversion: one before it, and one after it or, where only the speaker
    converts, another before it.
    """
    place = dice.between(4, 6)
    what = dice.choice(("modality", "said_by", "both"))
    low = dice.below(2)
    rising = sorted(dice.sample(range(1, place), 1 if what != "said_by" else 2))
    levels = [low + sum(number >= rise for rise in rising) for number in range(LENGTH)]
    high = dice.between(COMMITS, COMMITS + 1)
    again = dice.between(place + 1, LENGTH - 1) if what != "said_by" else LENGTH
    if what != "said_by":
        levels[place:] = [high + (number >= again) for number in range(place, LENGTH)]
    speakers = ["official", *(dice.choice(("official", "agency")) for _ in range(1, place))]
    if what == "modality":
        # “It has announced” without another who says so would be the authority's own word.
        named = ("official", "agency")
        speakers += [dice.choice(named if levels[n] < TOP else (*named, "")) for n in range(place, LENGTH)]
    else:
        speakers += ["authority"] * (LENGTH - place)
    versions = [(LADDER[level], speaker) for level, speaker in zip(levels, speakers, strict=True)]
    if len({versions[number] for number in CODED}) < 4:
        raise TryAgain
    return versions, place, what


def _wording(rumour: Rumour, modality: str, said_by: str, agency: str) -> str:
    said = rumour.dice.choice(_SAID[modality]).format(do=rumour.does, doing=f"{rumour.act[1]} {rumour.thing}")
    wording = rumour.dice.choice(_BY[said_by]).format(it=f"the {rumour.authority}", said=said, agency=agency)
    return wording[0].upper() + wording[1:]


def _beside(rumour: Rumour, line: list[str], versions: list[tuple[str, str]], moment: dict, agency: str) -> None:
    """Add documents that rely on the agency or on each other and convert nothing, and one named as background.

    They say what was said before them. None relies on a document that the student codes: it would tell the code.
    """
    changed, modality = {line[1]: moment[line[1]]}, versions[1][0]
    for _ in range(ASIDE):
        cited = rumour.dice.choice(list(changed))
        published = changed[cited] + timedelta(hours=rumour.dice.between(1, 20))
        name = rumour.document(rumour.outlet(), published)
        changed[name] = published
        rumour.cites(name, cited, "repeats")
        rumour.says(name, modality, "agency", wording=_wording(rumour, modality, "agency", agency))
    history = rumour.document(rumour.outlet(), rumour.start - timedelta(days=40))
    rumour.says(
        history, "none", "", stance="context", certainty="certain", wording=f"How {rumour.thing} came to {rumour.town}"
    )
    rumour.cites(line[-1], history, "background", "with a look back")
