"""The parameters of a notebook: read from its tagged cell, checked before a kernel starts."""

from __future__ import annotations

import ast
import contextlib
import io
import math
import re
import tokenize
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from woozle.errors import NotebookError, ParameterError, did_you_mean
from woozle.locate import short
from woozle.notebook.ipynb import read_notebook, source_of
from woozle.package.problems import quoted

if TYPE_CHECKING:
    from woozle.notebook.study import Study

# Parameters that are probabilities.
_WORDS = {"bool": "true or false", "int": "a whole number", "float": "a number", "str": "a text"}
PROBABILITIES = ("threshold",)
_BOOLEANS = {"true": True, "false": False, "yes": True, "no": False}


@dataclass(frozen=True)
class Parameter:
    """A parameter as the tagged cell annotates it: `name: type = default  # meaning`."""

    name: str
    type: str
    default: object
    meaning: str
    kinds: tuple[Any, ...] = ()

    def __str__(self) -> str:
        return f"{self.name} ({self.type}, default {self.default!r}): {self.meaning}"


def read_parameters(notebook: Path) -> dict[str, Parameter]:
    """Return the parameters of a notebook by name: what its first cell with the tag `parameters` assigns.

    Raises
    ------
    NotebookError
        It is no notebook, or a line of the cell is no parameter; the line is named.
    """
    source = source_of(read_notebook(notebook), "parameters")
    lines = source.splitlines()
    parameters: dict[str, Parameter] = {}
    try:
        tree, meanings = ast.parse(source), _comments(source)
        for node in tree.body:
            for name, annotation, value in _assigned(node):
                if name in parameters:
                    raise _line_error(node, f"'{name}' is assigned twice")
                parameters[name] = _parameter(name, annotation, value, meanings.get(node.end_lineno or 0, ""), node)
    except (SyntaxError, ValueError, RecursionError) as error:
        number = getattr(error, "lineno", None) or 1
        line = lines[number - 1].strip() if number <= len(lines) else ""
        reason = getattr(error, "msg", "") or str(error)
        raise NotebookError(
            f"{short(notebook)}, the cell of the parameters, line {number}: {quoted(line)} can't be read: "
            f"{reason}. Write name: type = value  # meaning"
        ) from error
    return parameters


def known_parameters(study: Study) -> dict[str, Parameter]:
    """Return the parameters of a report: those of its story and evidence, without `case`, which woozle fills in."""
    known = read_parameters(study.evidence) | read_parameters(study.notebook)
    known.pop("case", None)
    return known


def _comments(source: str) -> dict[int, str]:
    """Return the comment of each line that has one, by its number."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {token.start[0]: token.string.lstrip("#").strip() for token in tokens if token.type == tokenize.COMMENT}


def _line_error(node: ast.stmt | ast.expr, reason: str) -> SyntaxError:
    return SyntaxError(reason, ("", node.lineno, 0, ""))


def _assigned(node: ast.stmt) -> list[tuple[str, ast.expr | None, ast.expr]]:
    """Return name, annotation and value of each parameter of a statement."""
    if isinstance(node, ast.Import | ast.ImportFrom | ast.Pass):
        return []
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return []  # a text about the parameters
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
        return [(node.target.id, node.annotation, node.value)]
    if isinstance(node, ast.Assign):
        pairs = []
        for target in node.targets:
            names, values = [target], [node.value]
            if isinstance(target, ast.Tuple | ast.List) and isinstance(node.value, ast.Tuple | ast.List):
                names, values = target.elts, node.value.elts
            named = [name.id for name in names if isinstance(name, ast.Name)]
            if not len(names) == len(values) == len(named):
                raise _line_error(node, "this does not give each name one value")
            pairs += [(name, None, value) for name, value in zip(named, values, strict=True)]
        return pairs
    raise _line_error(node, "this is not a parameter with a default value")


def _parameter(name: str, annotation: ast.expr | None, value: ast.expr, meaning: str, node: ast.stmt) -> Parameter:
    try:
        default = ast.literal_eval(value)
    except ValueError:
        default = ...
    if not _can_be_passed(default):
        raise _line_error(node, f"the default of {name} is not a plain value (text, number, True, None, list, dict)")
    if annotation is None and (typed := re.match(r"type:\s*([\w.\[\], |]+?)\s*(?:#\s*(.*))?$", meaning)):
        annotation, meaning = ast.parse(typed[1], mode="eval").body, typed[2] or ""  # `n = 3  # type: int`
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):  # a type in quotes
        annotation = ast.parse(annotation.value, mode="eval").body
    usual = (type(default).__name__,) if default is not None else ("NoneType", "str")
    kinds = tuple(_kinds(annotation)) if annotation is not None else usual
    words = ast.unparse(annotation) if annotation is not None else kinds[-1]
    parameter = Parameter(name, words, default, meaning, kinds)
    try:
        in_type = _in_type(parameter, default)
    except ValueError:
        in_type = ...
    if in_type is ... or in_type != default:
        raise _line_error(node, f"the default of {name} is not of type {parameter.type}")
    return parameter


def _can_be_passed(value: object) -> bool:
    """Tell whether papermill passes a value on unchanged; others (tuples, sets, bytes) it turns into texts."""
    if isinstance(value, list):
        return all(map(_can_be_passed, value))
    if isinstance(value, dict):
        return all(isinstance(key, str) for key in value) and all(map(_can_be_passed, value.values()))
    return value is None or isinstance(value, str | bool | int) or (isinstance(value, float) and math.isfinite(value))


def _kinds(annotation: ast.expr) -> Iterator[Any]:
    """Yield what an annotation allows: names of types, or (of a Literal) tuples of one value."""
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
        yield from _kinds(annotation.left)
        yield from _kinds(annotation.right)
        return
    base = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    name = base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
    if isinstance(annotation, ast.Constant) and annotation.value is None:
        yield "NoneType"
    elif isinstance(annotation, ast.Subscript) and name in ("Literal", "Optional", "Union"):
        inner = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else [annotation.slice]
        for part in inner:
            yield from [(ast.literal_eval(part),)] if name == "Literal" else _kinds(part)
        if name == "Optional":
            yield "NoneType"
    elif name.lower() in _TYPES:  # list[str] and List[str] are lists
        yield name.lower()
    else:
        raise _line_error(annotation, f"the type {ast.unparse(annotation)} is not known")


def check_parameters(known: Mapping[str, Parameter], given: Mapping[str, Any], subject: str) -> dict[str, Any]:
    """Return the values to run with: the given ones in their types, defaults for the others.

    Raises
    ------
    ParameterError
        A name is unknown, a type is wrong, or a value is impossible in every case. The message names each fault. If a
        name is unknown, it also names the command that lists the parameters of the `subject` (a case or comparison).
    """
    from woozle.model.cascade import READING, check_reading

    faults = []
    values: dict[str, Any] = {name: parameter.default for name, parameter in known.items()}
    for name, value in given.items():
        if name not in known:
            faults.append(f"there is no parameter '{name}'.{did_you_mean(name, known)}")
            continue
        try:
            values[name] = _in_type(known[name], value)
        except ValueError:
            word = _WORDS.get(known[name].type, f"a value of type {known[name].type}")
            faults.append(f"{name}: {quoted(str(value))} is not {word}.")
    for name in PROBABILITIES:
        if name in values and isinstance(values[name], float) and not 0 <= values[name] <= 1:
            faults.append(f"{name}: {quoted(str(given.get(name, values[name])))} is not a probability from 0 to 1.")
    if not faults:
        try:
            check_reading(**{name: values[name] for name in READING if name in values})
        except ParameterError as error:
            faults.append(str(error))
    if faults:
        unknown = any(name not in known for name in given)
        listing = [f"All parameters: woozle parameters {subject}"]
        raise ParameterError("\n  ".join(faults + listing * unknown))
    return values


def read_assignments(assignments: Iterable[str]) -> dict[str, str]:
    """Return `name=value` texts as a mapping.

    Raises
    ------
    ParameterError
        A text is not of this form or not UTF-8, or a name is given twice.

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
            raise ParameterError(f"-p {text!r}: write name=value, such as as_of=2024-06-26.")
        if name.strip() in pairs:
            raise ParameterError(f"-p {text!r}: '{name.strip()}' is given twice.")
        pairs[name.strip()] = value.strip()
    return pairs


def _in_type(parameter: Parameter, value: Any) -> object:
    """Return a value, or what a text from a command line means, in the first type of a parameter that it fits."""
    kinds = parameter.kinds or (parameter.type,)
    for kind in (kind for kind in kinds if isinstance(kind, tuple)):
        if value is kind[0] or (isinstance(value, str) and value == str(kind[0])):
            return kind[0]
    for kind, convert in _TYPES.items():  # in their order: a text comes last
        if kind in kinds:
            with contextlib.suppress(ValueError, SyntaxError, TypeError, OverflowError, RecursionError, MemoryError):
                return convert(value)
    raise ValueError


def _none(value: object) -> None:
    if value not in (None, "None"):
        raise ValueError


def _bool(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).lower() not in _BOOLEANS:
        raise ValueError
    return _BOOLEANS[str(value).lower()]


def _int(value: Any) -> int:
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise ValueError
    return int(value)


def _float(value: Any) -> float:
    if isinstance(value, bool) or not math.isfinite(float(value)):
        raise ValueError
    return float(value)


def _text(value: object) -> str:
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise ValueError
    return str(value)


def _container(wanted: type) -> Callable[[object], object]:
    def convert(value: object) -> object:
        container = ast.literal_eval(value) if isinstance(value, str) else value
        if not isinstance(container, wanted) or not _can_be_passed(container):
            raise ValueError
        return container

    return convert


_TYPES = {
    "nonetype": _none, "NoneType": _none, "bool": _bool, "int": _int, "float": _float, "list": _container(list),
    "dict": _container(dict), "str": _text,
}  # fmt: skip
