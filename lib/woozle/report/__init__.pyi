# Names that are imported on first use, because they import papermill and pandas.
from .run import build, store_outputs
from .verification import verify

__all__ = ["build", "store_outputs", "verify"]
