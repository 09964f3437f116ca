"""The rows of a table as plain values, for code that goes through them one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import pandas as pd


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table, each as its values by column.

    Examples
    --------
    >>> import pandas as pd
    >>> records(pd.DataFrame({"n": [1, 2]}))
    [{'n': 1}, {'n': 2}]
    """
    return cast("list[dict[str, Any]]", frame.to_dict("records"))


def records_by_id(frame: pd.DataFrame) -> dict[Any, dict[str, Any]]:
    """Return the rows of a table by the values of its index, which must be unique.

    Examples
    --------
    >>> import pandas as pd
    >>> records_by_id(pd.DataFrame({"n": [1, 2]}, index=["a", "b"]))
    {'a': {'n': 1}, 'b': {'n': 2}}
    """
    return cast("dict[Any, dict[str, Any]]", frame.to_dict("index"))
