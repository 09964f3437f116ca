# What is loaded when it is first used: it brings pandas, networkx, Altair or nbconvert with it.
from . import chart, collection, desk, infer, measure, notebook, report
from .errors import WoozleError
from .locate import case_names
from .model.cascade import Cascade
from .model.case import Case
from .model.opening import open_case as open
from .notebook.story import story
from .notebook.workbench import explore
from .report.scaffold import new_case

__all__ = [
    "Cascade", "Case", "WoozleError", "case_names", "chart", "collection", "desk", "explore", "infer", "measure",
    "new_case", "notebook", "open", "report", "story",
]  # fmt: skip
__version__: str
