"""The library inside the sandbox: without classroom, commands, and the functions that an assignment is about."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path

import woozle
from woozle.errors import WoozleError

_LEFT_OUT = ("classroom", "commands", "__pycache__")
_NO_CODE = (".deflate", ".ttf", ".otf", ".woff")


def write_library(folder: Path, withheld: Sequence[str]) -> None:
    """Write the package `woozle` into a folder, with a sentence instead of each function that is withheld.

    Parameters
    ----------
    folder
        For the package.
    withheld
        Modules ("woozle.measure.drift": all its functions), functions ("woozle.dates:before") and methods
        ("woozle.model.cascade:Cascade.roots").

    Raises
    ------
    WoozleError
        There is no such module or function.
    """
    source = Path(woozle.__file__).parent
    names: dict[str, set[str]] = {}
    for entry in withheld:
        module, _, name = entry.partition(":")
        names.setdefault(module, set()).add(name)
    for path in sorted(source.rglob("*")):
        inside = path.relative_to(source)
        if path.is_file() and not set(inside.parts) & set(_LEFT_OUT) and path.suffix not in _NO_CODE:
            module = ".".join(["woozle", *inside.with_suffix("").parts])
            copy = folder / "woozle" / inside
            copy.parent.mkdir(parents=True, exist_ok=True)
            data = path.read_bytes()
            copy.write_bytes(_stripped(module, data, names.pop(module)) if module in names else data)
    if names:
        raise WoozleError(f"withheld: there is no module {', '.join(sorted(names))}.")


def _stripped(module: str, source: bytes, names: set[str]) -> bytes:
    tree = ast.parse(source)
    left = set(names) - {""}
    for path, function in _functions(tree):
        public = "" in names and not path.split(".")[-1].startswith("__")
        if public or path in names:
            left.discard(path)
            reason = f"{path} is not available while your work is graded: this assignment asks you to do it yourself."
            function.body = [ast.parse(f"raise NotImplementedError({reason!r})").body[0]]
            function.decorator_list = [d for d in function.decorator_list if "property" in ast.dump(d)]
    if left:
        raise WoozleError(f"withheld: there is no {module}:{', '.join(sorted(left))}.")
    return ast.unparse(tree).encode()


def _functions(tree: ast.Module):
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef):
                    yield f"{node.name}.{inner.name}", inner
