"""Columns as the measures of collections need them: names as texts, times as seconds, each fault with its row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from woozle.errors import ParameterError, did_you_mean

_IN_MILLISECONDS = 1e11  # seconds: the year 5138; a larger number must be milliseconds


def text_columns(table: pd.DataFrame, names: Sequence[str]) -> dict[str, pd.api.extensions.ExtensionArray]:
    """Return columns as texts, by name.

    Raises
    ------
    ParameterError
        A column is missing, is empty in a row, or holds numbers with fractions, which are identifiers that a
        spreadsheet has rounded.
    """
    found: dict[str, pd.api.extensions.ExtensionArray] = {}
    for name in names:
        column = column_of(table, name)
        if pd.api.types.is_float_dtype(column.dtype):
            raise ParameterError(
                f"Column '{name}' holds numbers such as {column.iloc[0]:g}. "
                "Identifiers lose digits this way: read the column as text."
            )
        missing = column.isna().to_numpy() | (column == "").to_numpy(dtype=bool, na_value=False)
        if missing.any():
            raise ParameterError(
                f"Column '{name}' is empty in {int(missing.sum()):,} rows, first in row {int(missing.argmax())}. "
                "Leave these rows out."
            )
        found[name] = column.astype("str").array
    return found


def column_of(table: pd.DataFrame, name: str) -> pd.Series:
    """Return a column of a table; if it is missing, the error lists the columns that there are."""
    if name not in table:
        near = did_you_mean(name, map(str, table.columns))
        raise ParameterError(f"The column '{name}' is missing.{near} There are: {', '.join(map(str, table.columns))}.")
    return table[name]


def codes_of(column: pd.api.extensions.ExtensionArray) -> tuple[np.ndarray, pd.Index]:
    """Return names as numbers from 0 in the order in which they come, and the names."""
    codes, names = pd.factorize(pd.Series(column))
    return codes.astype(np.int64), pd.Index(names)


def seconds_of(times: pd.Series) -> np.ndarray:
    """Return times as seconds, whole where they all are; moments as seconds since 1970, UTC.

    Raises
    ------
    ParameterError
        A time is missing or infinite, is neither a number nor a moment, or is in milliseconds.
    """
    if pd.api.types.is_datetime64_any_dtype(times.dtype):
        bad = times.isna().to_numpy()
        whole = times.dt.as_unit("us").astype("int64").to_numpy() if not bad.any() else np.empty(0, dtype=np.int64)
        seconds = whole // 1_000_000 if not (whole % 1_000_000).any() else whole / 1e6
    elif pd.api.types.is_numeric_dtype(times.dtype):
        seconds = times.to_numpy(dtype=float, na_value=np.nan)
        bad = ~np.isfinite(seconds)
        if not bad.any():
            seconds = seconds.astype(np.int64) if (seconds == np.floor(seconds)).all() else seconds
    else:
        first = next(iter(times), None)
        raise ParameterError(f"Column 'time' needs seconds or moments, not values such as {first!r}.")
    if bad.any():
        raise ParameterError(
            f"Column 'time' has no time in {int(bad.sum()):,} rows, first in row {int(bad.argmax())}. Leave them out."
        )
    if len(seconds) and np.abs(seconds).max() > _IN_MILLISECONDS:
        raise ParameterError(
            f"Column 'time' holds {seconds.max():.0f}: that is no number of seconds since 1970. Divide milliseconds by "
            "1,000."
        )
    return seconds
