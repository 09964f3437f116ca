"""How commands show their help: paragraphs flow to the width of the terminal, and a flag asks for no value."""

from __future__ import annotations

import inspect
import re
from typing import Any

from typer.core import TyperCommand, TyperGroup, TyperOption


class Command(TyperCommand):
    """A command whose docstring is its help; the breaks of its lines are those of the source."""

    def __init__(self, *args: Any, **facts: Any):
        super().__init__(*args, **facts)
        self.help = _flowing(self.help or "")
        _without_types(self.params)

    def get_help_option(self, ctx: Any) -> Any:
        """Return the option `--help`."""
        return _without_types([super().get_help_option(ctx)])[0]


class CommandGroup(TyperGroup):
    """A command that holds others."""

    def __init__(self, *args: Any, **facts: Any):
        super().__init__(*args, **facts)
        _without_types(self.params)

    def get_help_option(self, ctx: Any) -> Any:
        """Return the option `--help`."""
        return _without_types([super().get_help_option(ctx)])[0]


def _flowing(docstring: str) -> str:
    parts = inspect.cleandoc(docstring).split("\n\n")
    parts = [part if part.startswith(" ") else part.replace("\n", " ") for part in parts]
    return "\n\n".join(re.sub(r"^(Examples) -+ +", r"[b]\1[/b]\n  ", part) for part in parts)


def _without_types(params: list[Any]) -> list[Any]:
    """Write no type beside a flag: `--force <bool>` reads as if it wanted a value."""
    for param in params:
        if isinstance(param, TyperOption) and param.is_flag:
            param.metavar = ""
    return params
