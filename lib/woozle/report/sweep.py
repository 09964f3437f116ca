"""A grid of parameters: which combinations there are, built side by side, with an index over them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path

from woozle.errors import ParameterError, did_you_mean
from woozle.hashes import canonical, hash_file, sha256
from woozle.locate import PAGE
from woozle.report.batch import Outcome, build_all
from woozle.report.inputs import hash_code
from woozle.report.manifest import MANIFEST, read_manifest
from woozle.report.run import Request, for_file, open_subject
from woozle.report.store import HIDDEN, write_text

MOST = 10_000  # combinations; more are a mistake


def grid(over: Sequence[str]) -> dict[str, list[str]]:
    """Return the values of each parameter of a sweep.

    Parameters
    ----------
    over
        Texts such as `name=a,b,c`, `name=2024-06-21..2024-06-30` (each day; with `/7`, every seventh) or
        `name=0.1..0.5/0.1` (with a step).

    Raises
    ------
    ParameterError
        A text is not of these forms, or there are more than 10,000 combinations.

    Examples
    --------
    >>> grid(["as_of=2024-06-29..2024-07-01", "hops=all,carrying"])
    {'as_of': ['2024-06-29', '2024-06-30', '2024-07-01'], 'hops': ['all', 'carrying']}
    >>> grid(["threshold=0.1..0.3/0.1"])
    {'threshold': ['0.1', '0.2', '0.3']}
    """
    found: dict[str, list[str]] = {}
    for text in over:
        name, equals, values = text.partition("=")
        name = name.strip()
        if not equals or not name or not values.strip():
            raise ParameterError(f"--over {text!r}: write name=value,value or name=first..last.")
        if name in found:
            raise ParameterError(f"--over {text!r}: '{name}' is given twice.")
        parts = [part.strip() for part in values.split(",") if part.strip()]
        found[name] = list(dict.fromkeys(value for part in parts for value in _span(part, text)))
    count = 1
    for values in found.values():
        count *= len(values)
    if count > MOST:
        raise ParameterError(f"--over: {count:,} combinations; at most {MOST:,} are built.")
    return found


def _span(part: str, text: str) -> list[str]:
    if ".." not in part:
        return [part]
    first, _, rest = part.partition("..")
    last, _, step = rest.partition("/")
    if re.fullmatch(r"\d{4}-\d\d-\d\d", first) and re.fullmatch(r"\d{4}-\d\d-\d\d", last):
        try:
            start, end, days = date.fromisoformat(first), date.fromisoformat(last), int(step or 1)
        except ValueError as error:
            raise ParameterError(f"--over {text!r}: {error}.") from error
        if end < start or days < 1 or (end - start).days // days >= MOST:
            raise ParameterError(
                f"--over {text!r}: {first} to {last} gives no days, or over {MOST:,}. Put the earlier day first."
            )
        return [(start + timedelta(n)).isoformat() for n in range(0, (end - start).days + 1, days)]
    try:
        start, end, by = Decimal(first), Decimal(last), Decimal(step)
    except InvalidOperation as error:
        wanted = "days (2024-06-21..2024-06-30) or numbers with a step (0.1..0.5/0.1)"
        raise ParameterError(f"--over {text!r}: '{part}' is no span of {wanted}.") from error
    if by <= 0 or end < start or (end - start) / by > MOST:
        raise ParameterError(
            f"--over {text!r}: {first} to {last} by {step} does not work. Give the smaller number first, a step "
            f"above 0, and at most {MOST:,} values."
        )
    return [str(start + by * n) for n in range(int((end - start) / by) + 1)]


def sweep(
    subject: Path,
    over: Mapping[str, Sequence[str]],
    folder: Path | None = None,
    jobs: int | None = None,
    done: Callable[[Outcome], None] | None = None,
    fixed: Mapping[str, str] | None = None,
) -> tuple[Path, list[Outcome]]:
    """Build a report for each combination of parameters, and an index over them; return its path and the outcomes.

    If a combination fails, the others go on. Reports that are already there and up to date are not built again.

    Raises
    ------
    ParameterError
        The notebook has no such parameter.
    """
    from woozle.report.parameters import check_parameters, known_parameters

    study = open_subject(subject)
    known = known_parameters(study)
    for name in [*over, *(fixed or {})]:
        if name not in known:
            raise ParameterError(
                f"there is no parameter '{name}'.{did_you_mean(name, known)}\n  All parameters: woozle parameters "
                f"{subject.name}"
            )
    combinations = [dict(zip(over, values, strict=True)) for values in itertools.product(*over.values())]
    for values in combinations:
        check_parameters(known, {**(fixed or {}), **values}, subject.name)
    folder = folder or subject.parents[1] / "reports" / f"{subject.name},sweep"
    requests = [
        Request(
            subject, {**(fixed or {}), **values}, folder / ",".join(for_file(f"{k}={v}") for k, v in values.items())
        )
        for values in combinations
    ]
    outcomes = build_all(requests, jobs, done)
    pairs = list(zip(combinations, outcomes, strict=True))
    good = [(values, outcome.page.parent) for values, outcome in pairs if outcome.page]
    bad = [(values, " ".join(str(outcome.error).split())) for values, outcome in pairs if outcome.error]
    # If the index is already over exactly these reports, it is not written again.
    note, index = folder / HIDDEN / "index", folder / PAGE
    now = [list(over), [[str(values), hash_file(report / MANIFEST)] for values, report in good], bad, hash_code()]
    key = sha256(canonical(now))
    if good and (not index.is_file() or not note.is_file() or note.read_text("utf-8") != key):
        from woozle.page.front import sweep_page

        reports = [(values, report, read_manifest(report) or {}) for values, report in good]
        write_text(index, sweep_page(study.title, list(over), reports, bad))
        write_text(note, key)
    return index, outcomes
