"""How commands show their help: paragraphs flow to the width of the terminal, and a flag asks for no value."""

from __future__ import annotations

import inspect
import re
import shutil
from typing import Any

from typer.core import TyperCommand, TyperGroup, TyperOption

_WORD = r"(?!-)(?:\"[^\"]*\"|\S)+"


class Command(TyperCommand):
    """A command whose docstring is its help; the breaks of its lines are those of the source."""

    def __init__(self, *args: Any, **facts: Any):
        super().__init__(*args, **facts)
        self.help = _flowing(self.help or "")

    def get_params(self, ctx: Any) -> Any:
        """Return the parameters, `--help` among them."""
        return _without_types(super().get_params(ctx))


class CommandGroup(TyperGroup):
    """A command that holds others."""

    def get_params(self, ctx: Any) -> Any:
        """Return the parameters, `--help` among them."""
        return _without_types(super().get_params(ctx))


def _flowing(docstring: str) -> str:
    parts = inspect.cleandoc(docstring).split("\n\n")
    parts = [part if part.startswith(" ") else part.replace("\n", " ") for part in parts]
    parts = [re.sub(r"^(Examples) -+ +", r"[b]\1[/b]\n  ", part) for part in parts]
    if parts[1:] and parts[1].startswith("[b]"):
        parts[1] = f"\n{parts[1]}"  # typer takes the indent of what follows the first line away
    return "\n\n".join(re.sub(r"^  woozle .*", _continued, part, flags=re.MULTILINE) for part in parts)


def _continued(example: re.Match[str]) -> str:
    """Break a long example as a shell goes on reading it, never within quotes."""
    room = shutil.get_terminal_size().columns - 6
    lines = ["  woozle"]
    for word in re.findall(rf"--?[a-z-]+(?: {_WORD})?|{_WORD}", example[0])[1:]:  # an option stays with its value
        if len(lines[-1]) + len(word) < room:
            lines[-1] += f" {word}"
        else:
            lines.append(f"      {word}")
    return " \\\n".join(lines)


def _without_types(params: list[Any]) -> list[Any]:
    """Write no type beside a flag: `--force <bool>` reads as if it wanted a value."""
    for param in params:
        if isinstance(param, TyperOption) and param.is_flag:
            param.metavar = ""
    return params
