"""The parameters of a notebook: read from its tagged cell, checked before a kernel starts."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from woozle.check import shown as shown_value
from woozle.errors import NotebookError, ParameterError, did_you_mean

if TYPE_CHECKING:
    from woozle.case import Case

OF_CASCADE = ("as_of", "hops", "time_zone", "include_inferred", "include_second_hand")
# Parameters that are probabilities.
PROBABILITIES = ("threshold",)
_TYPES = {"str": str, "int": int, "float": float, "bool": bool}
_BOOLEANS = {"true": True, "false": False, "yes": True, "no": False}


@dataclass(frozen=True)
class Parameter:
    """A parameter as the tagged cell annotates it: `name: type = default  # meaning`."""

    name: str
    type: str
    default: object
    meaning: str

    def __str__(self) -> str:
        return f"{self.name} ({self.type}, default {self.default!r}): {self.meaning}"


def read_parameters(notebook: Path) -> dict[str, Parameter]:
    """Return the parameters of a notebook by name, as papermill's inspection reads them."""
    from nbformat import ValidationError
    from nbformat.reader import NotJSONError
    from papermill import inspect_notebook

    shown = f"case_studies/{notebook.parent.name}/{notebook.name}"
    if not notebook.is_file():
        raise NotebookError(f"{shown} is missing.")
    try:
        inspected = inspect_notebook(str(notebook))
    except (NotJSONError, ValidationError, ValueError, AttributeError, KeyError, TypeError, RecursionError) as error:
        raise NotebookError(f"{shown} is not a notebook: {str(error).splitlines()[0]}") from error
    found = {}
    for name, facts in inspected.items():
        try:
            default = ast.literal_eval(facts["default"])
        except (ValueError, SyntaxError) as error:
            raise NotebookError(f"{shown}: the default of parameter {name} is not a plain value.") from error
        found[name] = Parameter(name, facts["inferred_type_name"], default, facts["help"])
    return found


def check_parameters(
    known: Mapping[str, Parameter], given: Mapping[str, object], cases: Sequence[Case]
) -> dict[str, object]:
    """Return the values to run with: the given ones in their types, defaults for the others.

    Raises
    ------
    ParameterError
        A name is unknown, a type wrong, a value impossible for one of the cases; the message lists the parameters.
    """
    from woozle.cascade import Cascade

    faults = []
    values = {name: parameter.default for name, parameter in known.items()}
    for name, value in given.items():
        if name not in known:
            faults.append(f"there is no parameter '{name}'.{did_you_mean(name, known)}")
            continue
        try:
            values[name] = _in_type(known[name], value)
        except ValueError:
            faults.append(f"{name}: {shown_value(str(value))} is not of type {known[name].type}.")
    for name in PROBABILITIES:
        if name in values and isinstance(values[name], float) and not 0 <= values[name] <= 1:
            faults.append(f"{name}: {shown_value(str(values[name]))} is not a probability from 0 to 1.")
    if not faults:
        for case in cases:
            try:
                Cascade(case, **{name: values[name] for name in OF_CASCADE if name in values})
            except ParameterError as error:
                faults.append(str(error) if len(cases) == 1 else f"{case.name}: {error}")
    if faults:
        raise ParameterError("\n  ".join([*faults, "The parameters are:", *map(str, known.values())]))
    return values


def read_assignments(assignments: Iterable[str]) -> dict[str, str]:
    """Return `name=value` texts as a mapping.

    Examples
    --------
    >>> read_assignments(["as_of=2024-06-26"])
    {'as_of': '2024-06-26'}
    """
    pairs = {}
    for text in assignments:
        if any(0xD800 <= ord(letter) <= 0xDFFF for letter in text):
            raise ParameterError(f"-p {text!r}: this is not UTF-8.")
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise ParameterError(f"-p {text!r}: write name=value.")
        if name.strip() in pairs:
            raise ParameterError(f"-p {text!r}: '{name.strip()}' is given twice.")
        pairs[name.strip()] = value.strip()
    return pairs


def _in_type(parameter: Parameter, value: object) -> object:
    wanted = _TYPES.get(parameter.type, str)
    if wanted is bool and not isinstance(value, bool):
        if str(value).lower() not in _BOOLEANS:
            raise ValueError
        return _BOOLEANS[str(value).lower()]
    if wanted is not bool and isinstance(value, bool):
        raise ValueError
    return wanted(value)
