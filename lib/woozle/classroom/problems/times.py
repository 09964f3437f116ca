"""When did they know? Time zones, days that begin elsewhere, and whom a correction could reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import networkx as nx

from woozle import dates
from woozle.classroom.fiction import ZONES, Rumour
from woozle.classroom.problems import Problem, TryAgain
from woozle.classroom.rng import Dice

CARRIERS, DAYS_ONLY = 20, 6  # documents that carry the claim; those of which only the day is known
ORDERS = {"yes": 2, "no": 2, "unknown": 2}  # how many pairs are asked about, by their answer
HOUR = timedelta(hours=1)


def make(dice: Dice, _: Dice) -> Problem:
    """Return a problem: moments in UTC, six pairs, the first correction, how long it took, whom it could reach."""
    rumour = Rumour.drawn(dice)
    languages = dice.sample(sorted(ZONES), 4)
    names, language = _documents(rumour, languages)
    fixes = _corrections(rumour, languages, names, language)
    hops = [(row["cited"], row["citing"]) for row in rumour.tables["citations"]]
    zone = {row["id"]: row["time_zone"] for row in rumour.tables["outlets"]}
    published = {row["id"]: (row["published"], zone[row["outlet"]]) for row in rumour.tables["documents"]}
    try:
        spans = dates.narrow({name: dates.parse(text, [where]) for name, (text, where) in published.items()}, hops)
    except dates.DateError as error:
        raise TryAgain from error
    pairs = _pairs(dice, names, spans, published, _settled(hops))
    moments = _moments(rumour)
    asked_lag = _asked_lag(dice, names, spans, published, fixes)
    utc = {
        key: value
        for name, (text, where) in moments.items()
        for key, value in _ends(name, dates.parse(text, [where])).items()
    }
    naive_utc = {
        key: value for name, (text, _) in moments.items() for key, value in _ends(name, dates.parse(text)).items()
    }
    may_be_first = [a for a in fixes if not any(dates.before(spans[b], spans[a]) == "yes" for b in fixes)]
    lag = _lag(asked_lag, spans, fixes)
    local = {name: dates.parse(text) for name, (text, _) in published.items()}
    reached = _reached(languages, names, language, spans, fixes, ("after",))
    answers = {
        "utc": utc,
        "order": {key: dates.before(spans[a], spans[b]) for key, (a, b) in pairs.items()},
        "first": sorted(may_be_first),
        "lag": lag,
        "reached": reached,
    }
    everywhere = {tongue: _after_first(tongue, names, language, spans, fixes) for tongue in languages}
    perhaps = _reached(languages, names, language, spans, fixes, ("after", "unknown"))
    naive_first = min(fixes, key=lambda name: published[name][0])
    if len(may_be_first) != 2 or everywhere == reached or perhaps == reached or sorted(reached.values())[:2] != [0, 0]:
        raise TryAgain
    if min(reached[tongue] for tongue in languages[:2]) < 1:
        raise TryAgain
    zones = "These times are compared as they are written. They are local: bring each to UTC by the time zone of its outlet."
    mistakes = {
        "utc": [(naive_utc, "These are the local times. Bring each to UTC by its time zone.")],
        "order": [
            ({key: "yes" if published[a][0] < published[b][0] else "no" for key, (a, b) in pairs.items()}, zones),
            (
                {key: "yes" if spans[a].earliest < spans[b].earliest else "no" for key, (a, b) in pairs.items()},
                "A day is compared as if it were its first second. Where two intervals overlap the order is unknown.",
            ),
            (
                {key: dates.before(spans[b], spans[a]) for key, (a, b) in pairs.items()},
                "The pairs are read backwards: the question is whether the first surely came before the second.",
            ),
        ],
        "first": [
            ([naive_first], zones),
            *(
                ([name], "Another correction may have come earlier: their intervals overlap. All that may be first belong here.")
                for name in may_be_first
            ),
        ],
        "lag": [
            (_lag(asked_lag, local, fixes), "These are differences of local times. Bring each to UTC first."),
            (_exchanged(lag), "Least and most are exchanged."),
        ],
        "reached": [
            (everywhere, "These came after a correction in any language. Count those after one in their own language."),
            (perhaps, "For some of these it is not sure that they came after it. Count those that surely did."),
        ],
    }  # fmt: skip
    asked = {
        "moments": {name: {"told": text, "zone": where} for name, (text, where) in moments.items()},
        "pairs": {key: list(pair) for key, pair in pairs.items()},
        "lag": asked_lag,
        "languages": sorted(languages),
    }
    difficulty = {
        "documents": len(published),
        "days only": sum("T" not in text for text, _ in published.values()),
        "languages": len(languages),
        "orders": tuple(sorted(Counter(answers["order"].values()).items())),
        "corrections": len(fixes),
    }
    return Problem(rumour, asked, answers, mistakes, difficulty)


def _documents(rumour: Rumour, languages: list[str]) -> tuple[list[str], dict[str, str]]:
    """Add the documents that carry the claim, each relying on an earlier one; return their ids and languages."""
    dice, names, language = rumour.dice, [], {}
    only_day = set(dice.sample(range(2, CARRIERS), DAYS_ONLY))
    for number in range(CARRIERS):
        tongue = languages[number % 4]
        moment = rumour.start + number * 5 * HOUR + timedelta(minutes=dice.below(200))
        name = _document(rumour, tongue, moment, number in only_day)
        if names:
            rumour.cites(name, dice.choice(names[-6:]))
        rumour.says(name, "expected", wording=f"The {rumour.authority} is expected to {rumour.does}")
        names.append(name)
        language[name] = tongue
    return names, language


def _document(rumour: Rumour, tongue: str, moment: datetime, only_day: bool) -> str:
    zone = rumour.dice.choice(ZONES[tongue])
    local = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    text = f"{local:%Y-%m-%d}" if only_day else f"{local:%Y-%m-%dT%H:%M}"
    return rumour.document(rumour.outlet(zone=zone), text, language=tongue)


def _corrections(rumour: Rumour, languages: list[str], names: list[str], language: dict[str, str]) -> list[str]:
    """Add three corrections in two languages: of two the order is unknown, the third is surely later."""
    dice, fixes = rumour.dice, []
    hours = dice.between(22, 60)
    for number, (tongue, later, only_day) in enumerate(
        [(languages[0], 0, True), (languages[1], 2, False), (languages[0], 30, False)]
    ):
        moment = rumour.start + (hours + later) * HOUR + timedelta(minutes=dice.below(60))
        name = _document(rumour, tongue, moment, only_day)
        rumour.cites(name, names[number], "debunks", "this is not so")
        rumour.says(
            name,
            "none",
            "",
            stance="debunks",
            certainty="certain",
            accuracy="accurate",
            wording="There is no such plan",
        )
        fixes.append(name)
        language[name] = tongue
    return fixes


def _settled(hops: list[tuple[str, str]]) -> set[frozenset[str]]:
    """Return the pairs whose order the citations settle: nobody relies on what is not out yet."""
    graph = nx.DiGraph(hops)
    return {frozenset((above, name)) for name in graph for above in nx.ancestors(graph, name)}


def _pairs(
    dice: Dice,
    names: list[str],
    spans: Mapping[str, dates.Interval],
    published: Mapping[str, tuple[str, str]],
    settled: set[frozenset[str]],
) -> dict[str, tuple[str, str]]:
    """Return six pairs to be ordered, two for each answer; local times mislead in all of them.

    A pair with the answer "unknown" never has one document that relies on the other.
    """
    pairs, used = [], Counter()
    for answer, wanted in ORDERS.items():
        fit = []
        for a, b in permutations(names, 2):
            right = dates.before(spans[a], spans[b])
            close = abs(spans[a].earliest - spans[b].earliest) < 24 * HOUR
            misleads = ("yes" if published[a][0] < published[b][0] else "no") != right
            open_or_timed = right != "unknown" or frozenset((a, b)) not in settled
            if right == answer and close and misleads and open_or_timed:
                fit.append((a, b))
        for a, b in dice.shuffled(fit):
            if wanted and used[a] < 2 and used[b] < 2 and (b, a) not in pairs:
                pairs.append((a, b))
                used.update((a, b))
                wanted -= 1
        if wanted:
            raise TryAgain
    return {f"pair {number}": pair for number, pair in enumerate(dice.shuffled(pairs), start=1)}


def _moments(rumour: Rumour) -> dict[str, tuple[str, str]]:
    """Return four moments as they are told where they are: two to the minute, two days."""
    dice, moments = rumour.dice, {}
    zones = dice.sample([zone for places in ZONES.values() for zone in places if zone != "Europe/London"], 4)
    for name, where, only_day in zip(
        ("broadcast", "alert", "issue", "bulletin"), zones, (False, False, True, True), strict=True
    ):
        moment = rumour.start.astimezone(UTC) + dice.between(200, 2000) * HOUR
        local = moment.astimezone(ZoneInfo(where)).replace(hour=dice.between(4, 22), minute=dice.below(60), tzinfo=None)
        if local.replace(tzinfo=ZoneInfo(where)).utcoffset() == timedelta():
            raise TryAgain
        moments[name] = (f"{local:%Y-%m-%d}" if only_day else f"{local:%Y-%m-%dT%H:%M}", where)
    return moments


def _ends(name: str, span: dates.Interval) -> dict[str, str]:
    """Return the first and the last minute of a span, in UTC."""
    return {f"{name} from": f"{span.earliest:%Y-%m-%d %H:%M}", f"{name} to": f"{span.latest:%Y-%m-%d %H:%M}"}


def _asked_lag(
    dice: Dice, names: list[str], spans: Mapping[str, dates.Interval], published: Mapping, fixes: list[str]
) -> list[str]:
    """Return two documents, one with a day only, that surely came before the corrections.

    No correction cites them.
    """
    early = [name for name in names[3:] if all(dates.before(spans[name], spans[fix]) == "yes" for fix in fixes)]
    exact = [name for name in early if "T" in published[name][0]]
    days = [name for name in early if "T" not in published[name][0]]
    if not exact or not days:
        raise TryAgain
    return [dice.choice(exact), dice.choice(days)]


def _lag(asked: list[str], spans: Mapping[str, dates.Interval], fixes: list[str]) -> dict[str, float]:
    """Return the hours from documents to the first correction, at least and at most."""
    first = min(spans[fix].earliest for fix in fixes), min(spans[fix].latest for fix in fixes)
    lags = {}
    for name in asked:
        lags[f"{name} at least"] = round((first[0] - spans[name].latest) / HOUR, 1)
        lags[f"{name} at most"] = round((first[1] - spans[name].earliest) / HOUR, 1)
    return lags


def _exchanged(lag: dict[str, float]) -> dict[str, float]:
    other = {" at least": " at most", " at most": " at least"}
    return {key: lag[key.replace(end, other[end])] for key in lag for end in other if key.endswith(end)}


def _when(name: str, spans: Mapping[str, dates.Interval], fixes: list[str]) -> str:
    """Tell whether a document came after the first of some corrections: before, after, unknown."""
    first = dates.Interval(min(spans[fix].earliest for fix in fixes), min(spans[fix].latest for fix in fixes))
    if first.earliest >= spans[name].latest:
        return "before"
    return "after" if first.latest <= spans[name].earliest else "unknown"


def _reached(
    languages: list[str],
    names: list[str],
    language: Mapping,
    spans: Mapping,
    fixes: list[str],
    counted: tuple[str, ...],
) -> dict[str, int]:
    """Return by language how many documents came after a correction in their own."""
    reached = {}
    for tongue in languages:
        own = [fix for fix in fixes if language[fix] == tongue]
        reached[tongue] = (
            sum(_when(name, spans, own) in counted for name in names if language[name] == tongue) if own else 0
        )
    return reached


def _after_first(tongue: str, names: list[str], language: Mapping, spans: Mapping, fixes: list[str]) -> int:
    return sum(_when(name, spans, fixes) == "after" for name in names if language[name] == tongue)
