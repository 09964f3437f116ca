"""Check what people declare in YAML and TOML against a JSON Schema; each fault is a sentence that names the key.

A schema says under `needed` what a key needs, in the words of the sentence. Beside the types of JSON there is `date`.
"""

from __future__ import annotations

import datetime
import functools
import importlib
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from woozle.errors import WoozleError, did_you_mean
from woozle.locate import short


def import_jsonschema() -> None:
    """Import jsonschema, which Altair and nbformat need too, in a tenth of the time that it may take.

    Where JupyterLab is installed, jsonschema builds a grammar of international addresses when it is imported. That
    takes a second, and no notebook, chart or declaration has such an address checked.
    """
    name = "rfc3987_syntax"
    if name in sys.modules or "jsonschema" in sys.modules:
        return
    sys.modules[name] = None  # pyright: ignore[reportArgumentType]
    try:
        importlib.import_module("jsonschema")
    finally:
        del sys.modules[name]


def read_yaml(path: Path) -> Any:
    """Return what a YAML file holds.

    Raises
    ------
    WoozleError
        It can't be read, with the line at fault.
    """
    import yaml

    try:
        return yaml.load(path.read_text("utf-8"), _loader())
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        what = "" if isinstance(error, yaml.constructor.ConstructorError) else "this is not YAML: "
        raise WoozleError(f"{short(path)}{line}: {what}{error.problem or 'it ends too early'}.") from error
    except yaml.YAMLError as error:
        raise WoozleError(f"{short(path)} is not YAML: a character in it is not allowed.") from error
    except UnicodeDecodeError as error:
        raise WoozleError(f"{short(path)} is not UTF-8. Save it as UTF-8.") from error
    except ValueError as error:  # a date is made while it is read
        raise WoozleError(f"{short(path)}: a date in it does not exist ({error}).") from error
    except OSError as error:
        raise WoozleError(f"{short(path)} can't be read: {error.strerror}.") from error


@functools.cache
def _loader() -> Any:
    """Return the loader of YAML that refuses a key that stands twice: one of the two values would be lost."""
    import yaml

    class Loader(yaml.SafeLoader):
        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            seen = set[str]()
            for key, _ in node.value:
                if isinstance(key, yaml.ScalarNode) and key.value in seen:
                    problem = f"the key '{key.value}' appears twice"
                    raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
                seen.add(getattr(key, "value", ""))
            return super().construct_mapping(node, deep)

    return Loader


def text(needed: str = "a text is needed.", empty: bool = False) -> dict[str, Any]:
    """Return the schema of a text."""
    return {"type": "string", "needed": needed} | ({} if empty else {"pattern": r"\S"})


def texts(needed: str = "a list of texts is needed.") -> dict[str, Any]:
    """Return the schema of a list of texts."""
    return {"type": "array", "items": {"type": "string"}, "needed": needed}


def keys(required: Mapping[str, Any], optional: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """Return the schema of an object with these keys and no others."""
    known = {**required, **(optional or {})}
    return {"type": "object", "properties": known, "required": list(required), "additionalProperties": False, **more}


def faults(facts: object, schema: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the content of a file, as one sentence for each key.

    Examples
    --------
    >>> faults({"tilte": "A rumour"}, keys({"title": text()}))
    ["key 'title': a text is needed.", "key 'tilte': unknown. Did you mean 'title'?"]
    >>> faults([], keys({}))
    ['it is not a list of keys and values.']
    """
    import_jsonschema()
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    types = Draft202012Validator.TYPE_CHECKER.redefine_many(
        {"date": lambda _, value: type(value) is datetime.date, "integer": lambda _, value: type(value) is int}
    )
    sentences: dict[str, str] = {}
    for error in extend(Draft202012Validator, type_checker=types)(schema).iter_errors(facts):
        whole = error.schema if isinstance(error.schema, Mapping) else {}
        if error.validator == "additionalProperties":
            for key in (key for key in error.instance if key not in whole["properties"]):
                near = did_you_mean(str(key), whole["properties"])
                sentences.setdefault(_key([*error.absolute_path, str(key)]), whole.get("needed") or f"unknown.{near}")
        elif error.validator == "required":
            for key in (key for key in error.validator_value if key not in error.instance):
                needed = whole.get("needed")
                place = [*error.absolute_path] if needed else [*error.absolute_path, key]
                sentences.setdefault(_key(place), needed or whole["properties"][key]["needed"])
        elif not error.absolute_path:
            return ["it is not a list of keys and values."]
        else:
            place, needed = _needed(schema, list(error.absolute_path))
            sentences.setdefault(_key(place), needed)
    return [f"{key}: {sentence}" for key, sentence in sentences.items()]


def _needed(schema: Mapping[str, Any], path: list[Any]) -> tuple[list[Any], str]:
    """Return the innermost place on the path to a fault that says under `needed` what it needs, and that sentence."""
    place: list[Any] = []
    named, at = path[:1], "the value has the wrong form."
    for step in path:
        inner = schema.get("items") if isinstance(step, int) else schema.get("properties", {}).get(step)
        schema = inner if isinstance(inner, Mapping) else {}
        place.append(step)
        if "needed" in schema:
            named, at = list(place), str(schema["needed"])
    return named, at


def _key(path: list[Any]) -> str:
    """Return a place in words: the key, and the number of an entry.

    Examples
    --------
    >>> _key(["tiles", 0]), _key(["items", 1, "points"])
    ("key 'tiles', entry 1", "key 'items', entry 2, 'points'")
    """
    words = [f"entry {step + 1}" if isinstance(step, int) else f"'{step}'" for step in path]
    return f"key {', '.join(words)}"
