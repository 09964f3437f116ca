"""An engine for papermill: `papermill --engine woozle` runs a notebook as reports do. An entry point names it."""

from __future__ import annotations


class WoozleEngine:
    """Pass what papermill asks of an engine on to `woozle.kernel.client.Engine`.

    papermill loads this module while it is itself still being imported, so `Engine` is imported only when called.
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
