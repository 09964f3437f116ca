# Names that are imported on first use: building a report needs none of them.
from . import figures, notes
from .collected import CollectionReport, begin_collection
from .comparison import Comparison
from .reading import begin, begin_comparison
from .story import opening, story
from .study import Study, open_cases, open_comparison, open_study
from .summary import Summary
from .tables import Table, first_row, table
from .words import Teller

__all__ = [
    "CollectionReport", "Comparison", "Study", "Summary", "Table", "Teller", "begin", "begin_collection",
    "begin_comparison", "figures", "first_row", "notes", "open_cases", "open_comparison", "open_study", "opening",
    "story", "table",
]  # fmt: skip
