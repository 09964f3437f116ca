"""Change the tables of a package: the changed package is checked first, and nothing is written that has errors."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from woozle.errors import WoozleError
from woozle.files import write_whole
from woozle.locate import short
from woozle.model.opening import inspect_folder

# Tables are written before those that refer to them, so that the package is valid even if writing stops half-way.
_ORDER = ("datapackage.json", "outlets.csv", "documents.csv", "events.csv", "citations.csv", "claims.csv")


def write_checked(folder: Path, texts: Mapping[str, str], what: str, error: type[WoozleError] = WoozleError) -> None:
    """Write files of a package, each whole or not at all, if the package has no errors with them.

    Parameters
    ----------
    folder
        Of the package.
    texts
        The new texts of files, by name.
    what
        How the error message begins, such as "With this decision".
    error
        What is raised.

    Raises
    ------
    WoozleError
        The package would have errors; nothing has changed then.
    """
    if problems := problems_with(folder, texts):
        raise error("\n  ".join([f"{what} the package would have errors; nothing was written:", *problems]))
    for name in sorted(texts, key=lambda name: _ORDER.index(name) if name in _ORDER else len(_ORDER)):
        (folder / name).parent.mkdir(exist_ok=True)
        write_whole(folder / name, texts[name])


def problems_with(folder: Path, texts: Mapping[str, str]) -> list[str]:
    """Return what would be wrong with a package if these files were changed; a copy of it is checked."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / folder.parent.name / folder.name
        shutil.copytree(folder, copy)
        for name, text in texts.items():
            (copy / name).parent.mkdir(exist_ok=True)
            (copy / name).write_text(text, "utf-8", newline="")
        return [sentence.replace(str(copy), str(short(folder))) for sentence in inspect_folder(copy)[1]]
