"""What authors and readers of a notebook call: a study, sentences filled from the data, the story, tables, charts."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from woozle.notebook import figures, notes
    from woozle.notebook.comparison import Comparison
    from woozle.notebook.reading import begin, begin_comparison
    from woozle.notebook.story import opening, story
    from woozle.notebook.study import Study, open_cases, open_comparison, open_study
    from woozle.notebook.summary import Summary
    from woozle.notebook.tables import Table, first_row, table
    from woozle.notebook.words import Teller

__all__ = [
    "Comparison", "Study", "Summary", "Table", "Teller", "begin", "begin_comparison", "figures", "first_row", "notes",
    "open_cases", "open_comparison", "open_study", "opening", "story", "table",
]  # fmt: skip

# Loaded when first used: who builds reports needs none of it.
_LATER = {
    "Comparison": "comparison", "Study": "study", "Summary": "summary", "Table": "tables", "Teller": "words",
    "begin": "reading", "begin_comparison": "reading", "first_row": "tables",
    "open_cases": "study", "open_comparison": "study", "open_study": "study",
    "opening": "story", "story": "story", "table": "tables",
}  # fmt: skip


def __getattr__(name: str) -> object:
    if name in ("figures", "notes"):
        return importlib.import_module(f"woozle.notebook.{name}")
    if name not in _LATER:
        from woozle.errors import did_you_mean

        raise AttributeError(f"module 'woozle.notebook' has no attribute '{name}'.{did_you_mean(name, __all__)}")
    return getattr(importlib.import_module(f"woozle.notebook.{_LATER[name]}"), name)


def __dir__() -> list[str]:
    return __all__
