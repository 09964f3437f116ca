"""The engine `woozle` of papermill, found by its entry point: `papermill --engine woozle` runs as reports do."""

from __future__ import annotations


class WoozleEngine:
    """What papermill asks of an engine, passed on.

    papermill loads this while it is being imported itself, so nothing of it may be needed before it is asked.
    """

    @classmethod
    def execute_notebook(cls, nb, kernel_name, **options):
        """Run a notebook, with the options of papermill's own engine."""
        return _engine().execute_notebook(nb, kernel_name, **options)

    @classmethod
    def nb_kernel_name(cls, nb, name=None):
        """Return the name of the kernel."""
        return _engine().nb_kernel_name(nb, name)

    @classmethod
    def nb_language(cls, nb, language=None):
        """Return the language."""
        return _engine().nb_language(nb, language)


def _engine():
    from woozle.kernel.client import Engine

    return Engine
