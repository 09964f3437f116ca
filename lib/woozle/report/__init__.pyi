# What is loaded when it is first used: it brings papermill and pandas with it.
from .run import build, store_outputs
from .verification import verify

__all__ = ["build", "store_outputs", "verify"]
