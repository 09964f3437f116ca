"""Coding: the steps of a coder and their journal, the desk in JupyterLab, and how far two coders agree.

The module itself can be called to open the desk: `woozle.desk("my_case")`.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from woozle.desk.widget import Desk
    from woozle.model.case import Case


class _Room(ModuleType):
    def __call__(self, case: Case | str, coder: str = "", second: bool = False) -> Desk:
        """Open the coding desk of a case in a notebook.

        Each step is saved at once, and can be taken back. Keys are listed by `?`.

        Parameters
        ----------
        case
            The case, or its name.
        coder
            Who codes: initials or a name of a-z, 0-9 and _; if not given, WOOZLE_REVIEWER or the user of this machine.
        second
            Whether it is a second coding, which does not see the first and is kept in `codings/<coder>.csv`.

        Raises
        ------
        WoozleError
            The case has errors, the name can't be used, or anywidget is not installed (make lab).

        Examples
        --------
        >>> import woozle
        >>> callable(woozle.desk)
        True
        """
        from woozle.desk.session import default_coder
        from woozle.errors import WoozleError
        from woozle.locate import find_folder

        try:
            from woozle.desk.widget import open_desk
        except ImportError as error:
            raise WoozleError("The desk needs JupyterLab's part: make lab, or pip install 'woozle[lab]'.") from error
        folder = find_folder(case) if isinstance(case, str) else case.folder
        return open_desk(folder, coder or default_coder(), second)


sys.modules[__name__].__class__ = _Room
