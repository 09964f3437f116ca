"""Intervals for small counts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from woozle.errors import ParameterError

LEVEL = 0.9  # of every interval


def exact(count: int, of: int) -> tuple[float, float]:
    """Return the exact 90 % interval of a share, after Clopper and Pearson (Biometrika 26, 1934).

    Examples
    --------
    >>> [round(end, 3) for end in exact(0, 10)]
    [0.0, 0.259]

    Without cases there is nothing to say.

    >>> exact(0, 0)
    (nan, nan)
    """
    from scipy.stats import binomtest

    if not of:
        return float("nan"), float("nan")
    interval = binomtest(int(count), int(of)).proportion_ci(LEVEL, method="exact")
    return float(interval.low), float(interval.high)


def check_draws(draws: int, seed: int = 0) -> None:
    """Raise `ParameterError` if `draws` is not a whole number above 0, or `seed` not one from 0 on."""
    for name, value, least in (("draws", draws, 1), ("seed", seed, 0)):
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise ParameterError(f"{name}: {value!r} is not a whole number, {least} or higher.")


def quantiles(draws: Sequence[float] | pd.Series[float]) -> tuple[float, float, float]:
    """Return lower end, median and upper end of the middle 90 % of draws, each a value that was drawn.

    Draws without a value (NaN) are left out; if all are NaN, so are the results.

    Examples
    --------
    >>> quantiles([1, 2, 3, 4, 5])
    (1.0, 3.0, 5.0)
    """
    values = np.asarray(draws, dtype=float)
    values = values[~np.isnan(values)]
    if not len(values):
        return float("nan"), float("nan"), float("nan")
    ends = ((1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2)
    low, median, high = np.quantile(values, ends, method="inverted_cdf")
    return float(low), float(median), float(high)
