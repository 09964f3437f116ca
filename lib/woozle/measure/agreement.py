"""How far do coders agree?

A case may hold second codings: `codings/<coder>.csv` in its folder, each with the columns `document`, `version` and any
of the fields of a claim version. The coder of `claims.csv` is one of them.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from woozle import dates
from woozle.description import Column, columns, described
from woozle.measure.intervals import LEVEL
from woozle.model.cascade import Cascade
from woozle.model.case import Case
from woozle.package.schema import TAKEN_OVER, UNDATED
from woozle.rows import records

FIRST = "claims"  # the name of the coder of claims.csv
BOOTSTRAPS = 1000


def codings(case: Case) -> pd.DataFrame:
    """Return the code of each coder for each field of a version that two or more of them coded.

    Returns
    -------
    DataFrame
        By document, version and field: one column a coder (missing where one did not code that version), the first
        being `claims`. Empty where a case has no second coding.

    Examples
    --------
    >>> import woozle
    >>> len(codings(woozle.open("dprk_troops_2024")))
    0
    """
    tables = case.codings
    if not tables:
        return pd.DataFrame(columns=[FIRST], index=pd.MultiIndex.from_arrays([[], [], []], names=_KEY))
    fields = [name for name in (*case.fields, "stance", "accuracy") if any(name in table for table in tables.values())]
    every = {FIRST: case.claims[fields], **tables}
    # An empty accuracy means that the coder did not judge it; an empty code in any other field means: not stated.
    every = {
        coder: table.assign(accuracy=table["accuracy"].mask(table["accuracy"] == "")) if "accuracy" in table else table
        for coder, table in every.items()
    }
    columns = {coder: table[[name for name in fields if name in table]].stack() for coder, table in every.items()}
    frame = pd.DataFrame(columns)
    frame.index.names = _KEY
    frame = _as_coded(frame, case.settled)
    return frame[frame.notna().sum(axis=1) > 1].sort_index()


@described(
    "Agreement of coders",
    "By field; empty where a case has no second coding",
    columns(
        "field",
        alpha=Column("number", "1: full agreement, 0: as by chance; missing where all codes are the same"),
        low=Column("number", "the lower end of the 90 % interval"),
        high=Column("number", "the upper end of the 90 % interval"),
        level=Column("words", "ordinal, interval or nominal"),
        versions=Column("count", "versions that two or more coded"),
        disagreements=Column("count", "of these, those that they coded differently"),
    ),
    caption="Agreement of coders, field by field (Krippendorff's alpha).",
    shown=("field", "alpha", "low", "high", "versions", "disagreements"),
    source='K. Krippendorff, "Content Analysis" (4th ed. 2019), chapter 12',
)
def agreement(case: Case | Cascade, seed: int = 0, bootstraps: int = BOOTSTRAPS) -> pd.DataFrame:
    """Return Krippendorff's alpha of each field.

    K. Krippendorff, "Content Analysis" (4th ed. 2019), chapter 12; computed by the package `krippendorff`. Modality and
    certainty are ordinal, slots of kind time are of interval level (days; where no time is told there is nothing to
    compare), all else is nominal, and an empty code a code. The interval resamples versions; resamples in which all
    codes are the same have no alpha and are left out.

    Examples
    --------
    >>> import woozle
    >>> len(agreement(woozle.open("dprk_troops_2024")))
    0
    """
    case = case.case if isinstance(case, Cascade) else case
    table = codings(case)
    random = np.random.default_rng(seed)
    rows = {}
    for field in table.index.get_level_values("field").unique():
        codes = table[table.index.get_level_values("field") == field].droplevel(["field"])
        level = _level(case, field)
        units = _numbers(case, field, codes, level)
        drawn = random.integers(len(units), size=(bootstraps, len(units)))
        ends = (np.nan, np.nan)
        alphas = np.array([alpha(units[rows_], level) for rows_ in drawn])
        if not np.isnan(alphas).all():
            ends = np.nanquantile(alphas, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        differs = int((codes.nunique(axis=1) > 1).sum())
        rows[field] = [alpha(units, level), *map(float, ends), level, len(units), differs]
    columns = ["alpha", "low", "high", "level", "versions", "disagreements"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("field")


def disagreements(case: Case) -> pd.DataFrame:
    """Return the rows of `codings` in which coders differ, whether settled since or not."""
    table = codings(case)
    return table[table.nunique(axis=1) > 1]


def alpha(units: np.ndarray, level: str) -> float:
    """Return Krippendorff's alpha of codes as numbers, units × coders; NaN where it is not defined.

    Examples
    --------
    >>> alpha(np.array([[0, 0], [1, 1], [0, 1]], dtype=float), "nominal")
    0.4444444444444444
    """
    import krippendorff

    known = units[~np.isnan(units)]
    paired = (~np.isnan(units)).sum(axis=1) > 1
    if not paired.any() or len(np.unique(known)) < 2:
        return float("nan")
    try:
        return float(krippendorff.alpha(reliability_data=units.T, level_of_measurement=level))  # pyright: ignore[reportArgumentType]
    except ValueError:  # a resample in which all codes that can be paired are the same
        return float("nan")


def resolved(case: Case, draws: int, seed: int = 0) -> list[Case]:
    """Return `draws` copies of the case; in each, one coder, drawn at random, decides each version in dispute.

    What was settled stays settled. Empty if a case has no second coding, or nothing is left to settle.
    """
    table = codings(case)
    settled = {(row["document"], int(row["version"]), row["field"]) for row in records(case.settled)}
    left = disagreements(case)
    left = left[[key not in settled for key in left.index.to_list()]]
    differing = left.reset_index("field").index.unique()
    if not len(differing):
        return []
    random = np.random.default_rng([seed, 2])
    cases = []
    for _ in range(draws):
        claims = case.claims
        for document, version in differing:
            codes = table.loc[(document, version)]
            coder = codes.columns[codes.notna().any()][random.integers(codes.notna().any().sum())]
            for field, code in codes[coder].dropna().items():
                if (document, version, field) in settled:
                    continue
                claims.loc[(document, version), field] = code
        cases.append(replace(case, _tables=MappingProxyType({**case._tables, "claims": claims})))
    return cases


def _as_coded(frame: pd.DataFrame, settled: pd.DataFrame) -> pd.DataFrame:
    """Return codes as each coder had them before anything was settled: settling must not count as agreement."""
    versions = [key[:2] for key in frame.index.to_list()]
    frame = frame.astype(object)
    taken = {(row["document"], int(row["version"])) for row in records(settled) if row["field"] == TAKEN_OVER}
    frame.loc[[version in taken for version in versions], FIRST] = None
    for row in records(settled):
        key = (row["document"], int(row["version"]), row["field"])
        if key in frame.index and key[:2] not in taken:
            frame.loc[key, FIRST] = row["was"]
    return frame


_KEY = ["document", "version", "field"]


def _level(case: Case, field: str) -> str:
    """Return the level of measurement of a field."""
    if field in ("modality", "certainty"):
        return "ordinal"
    is_time = any(slot.name == field and slot.kind == "time" for slot in case.slots)
    return "interval" if is_time else "nominal"


def _numbers(case: Case, field: str, codes: pd.DataFrame, level: str) -> np.ndarray:
    """Return codes as numbers: ranks, days (of the first day of a time; none where no time is told), or any number."""
    known = sorted({str(code) for code in codes.stack().dropna()})
    if level == "ordinal":
        number = {code: case.vocabularies[field].rank(code) for code in known}
    elif level == "interval":
        dated = [code for code in known if code not in ("", UNDATED)]
        number = {code: dates.parse(code).earliest.timestamp() / 86_400 for code in dated}
    else:
        number = {code: place for place, code in enumerate(known)}
    return codes.apply(lambda column: column.map(number)).to_numpy(dtype=float)
