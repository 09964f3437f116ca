# Names that are imported on first use, because they import papermill and pandas.
from .execution import store_outputs
from .run import build
from .verification import verify

__all__ = ["build", "store_outputs", "verify"]
