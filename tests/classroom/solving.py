"""Solve personal cases from nothing but the files that a student gets, by the words of the items.

Nothing here comes from the library: tables are read as tables, days are counted with the standard library.
"""

from __future__ import annotations

import csv
import json
import re
from collections import deque
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

LADDER = ("hypothetical", "possible", "expected", "planned", "pledged", "announced", "occurred")


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def asked_in(folder: Path) -> dict:
    return json.loads((folder / "questions.json").read_text("utf-8"))


# 1. Find the conversion


def conversion(folder: Path) -> dict:
    asked, citations = asked_in(folder), table(folder, "citations")
    sources: dict[str, list[dict]] = {}
    for row in citations:
        if row["relation"] != "background":
            sources.setdefault(row["citing"], []).append(row)
    trace = [asked["target"]]
    while trace[0] in sources:
        (hop,) = sources[trace[0]]  # one source each
        trace.insert(0, hop["cited"])
    told = asked["to_code"]
    modality = {name: strength(words) for name, words in told.items()}
    said_by = {name: speaker(words, asked["agency"]) for name, words in told.items()}
    given = {row["document"]: row for row in table(folder, "claims")}
    levels = {name: LADDER.index(modality.get(name) or given[name]["modality"]) for name in trace}
    speakers = {name: said_by.get(name) or given[name]["said_by"] for name in trace}
    found = []
    for cited, citing in pairwise(trace):
        stronger = levels[cited] < LADDER.index("pledged") <= levels[citing]
        spoken = speakers[citing] == "authority" != speakers[cited]
        if stronger or spoken:
            found.append((cited, citing, stronger, spoken))
    ((cited, citing, stronger, spoken),) = found  # there is just one
    (hop,) = (row for row in citations if (row["cited"], row["citing"]) == (cited, citing))
    return {
        "trace": trace,
        "modality": modality,
        "said_by": said_by,
        "conversion": [cited, citing],
        "what": "both" if stronger and spoken else "modality" if stronger else "said_by",
        "why": reason(hop["evidence"]),
    }


def strength(words: str) -> str:
    """Code a wording by the words that the item names for each step."""
    signs = {
        "hypothetical": r"would\b.* if\b",
        "possible": r"(may|could)",
        "expected": r"is (expected|likely) to",
        "planned": r"(plans|intends) to",
        "pledged": r"has (promised|pledged) to",
        "announced": r"has (announced|formally declared)",
        "occurred": r"(has begun|started)",
    }
    (found,) = (code for code, sign in signs.items() if re.search(rf"\b{sign}\b", words))
    return found


def speaker(words: str, agency: str) -> str:
    if "unnamed official" in words or "official who asked not to be named" in words:
        return "official"
    if agency in words:
        return "agency"
    return "authority" if "itself" in words else "nobody"


def reason(evidence: str) -> str:
    signs = {
        "presupposes": "asked the authority",
        "misattributes": "as those of the authority",
        "mistranslates": "translated",
        "drops_hedge": "words of doubt",
    }
    (found,) = (code for code, sign in signs.items() if sign in evidence)
    return found


# 2. How many sources


def sources(folder: Path) -> dict:
    asked = asked_in(folder)
    carriers = {row["document"] for row in table(folder, "claims") if row["modality"] != "none"}
    when = {row["id"]: datetime.fromisoformat(row["published"]) for row in table(folder, "documents")}
    hops = [(row["cited"], row["citing"]) for row in table(folder, "citations")]
    hops = [hop for hop in hops if set(hop) <= carriers]

    def out_by(moment: str) -> set[str]:
        return {name for name in carriers if when[name] <= datetime.fromisoformat(moment)}

    def above(name: str, here: set[str]) -> set[str]:
        return reachable(name, [(citing, cited) for cited, citing in hops if {cited, citing} <= here])

    def roots(here: set[str]) -> set[str]:
        return {name for name in here if not any(citing == name and cited in here for cited, citing in hops)}

    late = out_by(asked["late"])
    tops = {name: {root for root in above(name, late) | {name} if root in roots(late)} for name in late}
    cites = {name: {cited for cited, citing in hops if citing == name and cited in late} for name in late}
    return {
        "roots_early": sorted(roots(out_by(asked["early"]))),
        "roots_late": sorted(roots(late)),
        "independent": {name: len(tops[name]) for name in asked["documents"]},
        "resting": {root: sum(root in tops[name] for name in late if name != root) for root in roots(late)},
        "seeming": sorted(name for name in late if len(cites[name]) > 1 and len(tops[name]) == 1),
    }


def reachable(start: str, hops: list[tuple[str, str]]) -> set[str]:
    found, waiting = set(), deque([start])
    while waiting:
        here = waiting.popleft()
        for a, b in hops:
            if a == here and b not in found:
                found.add(b)
                waiting.append(b)
    return found


# 3. When did they know


def times(folder: Path) -> dict:
    asked = asked_in(folder)
    zones = {row["id"]: row["time_zone"] for row in table(folder, "outlets")}
    documents = {row["id"]: row for row in table(folder, "documents")}
    hops = [(row["cited"], row["citing"]) for row in table(folder, "citations")]
    spans = {name: span(row["published"], zones[row["outlet"]]) for name, row in documents.items()}
    for _ in documents:  # nobody relies on what is not out yet
        for cited, citing in hops:
            spans[citing] = max(spans[citing][0], spans[cited][0]), spans[citing][1]
            spans[cited] = spans[cited][0], min(spans[cited][1], spans[citing][1])
    fixes = [row["document"] for row in table(folder, "claims") if row["stance"] == "debunks"]
    after = {name: reachable(name, hops) for name in documents}

    def surely_before(a: str, b: str) -> str:
        """Say whether one came before another in all ways in which the times can fall, citations heeded."""
        if spans[a][1] < spans[b][0] or b in after[a]:
            return "yes"
        return "no" if spans[a][0] >= spans[b][1] or a in after[b] else "unknown"

    utc = {}
    for name, moment in asked["moments"].items():
        first, last = span(moment["told"], moment["zone"])
        last = last if "T" not in moment["told"] else first
        utc |= {f"{name} from": f"{first:%Y-%m-%d %H:%M}", f"{name} to": f"{last:%Y-%m-%d %H:%M}"}
    out = min(spans[fix][0] for fix in fixes), min(spans[fix][1] for fix in fixes)
    hour = timedelta(hours=1)
    lag = {}
    for name in asked["lag"]:
        lag[f"{name} at least"] = round((out[0] - spans[name][1]) / hour, 1)
        lag[f"{name} at most"] = round((out[1] - spans[name][0]) / hour, 1)
    tongue = {name: row["language"] for name, row in documents.items()}
    reached = {}
    for language in asked["languages"]:
        own = [spans[fix][1] for fix in fixes if tongue[fix] == language]
        carriers = [name for name in documents if tongue[name] == language and name not in fixes]
        reached[language] = sum(spans[name][0] >= min(own) for name in carriers) if own else 0
    return {
        "utc": utc,
        "order": {key: surely_before(*pair) for key, pair in asked["pairs"].items()},
        "first": sorted(one for one in fixes if not any(surely_before(other, one) == "yes" for other in fixes if other != one)),
        "lag": lag,
        "reached": reached,
    }  # fmt: skip


def span(told: str, zone: str) -> tuple[datetime, datetime]:
    """Return the first and the last moment of a day or a minute as it is told somewhere."""
    start = datetime.fromisoformat(told).replace(tzinfo=ZoneInfo(zone))
    if "T" in told:
        return start.astimezone(UTC), start.astimezone(UTC) + timedelta(seconds=59)
    tomorrow = datetime.fromisoformat(told) + timedelta(days=1)
    return start.astimezone(UTC), tomorrow.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) - timedelta(seconds=1)


# 4. Would it have stopped


def stopping(folder: Path) -> dict:
    asked = asked_in(folder)
    when = {row["id"]: datetime.fromisoformat(row["published"]) for row in table(folder, "documents")}
    hops = [(row["cited"], row["citing"]) for row in table(folder, "citations")]
    roots = set(when) - {citing for _, citing in hops}

    def lost(gone: str = "", left: list[tuple[str, str]] | None = None) -> int:
        """Count the others that no way leads to any more."""
        ways = [hop for hop in (hops if left is None else left) if gone not in hop]
        alive = {name for root in roots - {gone} for name in reachable(root, ways) | {root}}
        return len(set(when) - alive - {gone})

    saved = {}
    for key, moment in asked["moments"].items():
        by = datetime.fromisoformat(moment)
        left = [(cited, citing) for cited, citing in hops if cited != asked["corrected"] or when[citing] <= by]
        saved[key] = lost(left=left)
    inner = [name for name in when if name not in roots]
    best = max(lost(name) for name in inner)
    (one,) = (name for name in inner if lost(name) == best)
    return {
        "cut_off": {name: lost(name) for name in asked["removed"]},
        "best": one,
        "saved": saved,
        "compare": "removal" if lost(asked["compared"]) > saved["late"] else "correction",
    }


SOLVE = {"conversion": conversion, "sources": sources, "times": times, "stopping": stopping}
