"""Where cases and their studies lie. Nothing heavy is imported here: to know that nothing is to do takes no time."""

from __future__ import annotations

import os
from pathlib import Path

from woozle.errors import UnknownCaseError, did_you_mean, listed


def case_names() -> list[str]:
    """Return the names of the cases that can be opened from here."""
    return sorted(folder.parent.name for home in _homes() for folder in home.glob("data/*/datapackage.json"))


def find_folder(name: str | Path) -> Path:
    """Return the folder of a case, without opening it."""
    if not isinstance(name, str | Path):
        raise UnknownCaseError(f"A case is opened by its name or folder, not by {name!r}.")
    if isinstance(name, Path) or os.sep in name:
        folder = Path(name).resolve()
        if not folder.is_dir():
            raise UnknownCaseError(f"There is no folder '{name}'.")
        if not (folder / "datapackage.json").exists():
            raise UnknownCaseError(f"There is no datapackage.json in '{name}'; the folder of a case is data/<case>.")
        return folder
    for home in _homes():
        if len(name) < 100 and (home / "data" / name / "datapackage.json").is_file():
            return (home / "data" / name).resolve()
    known = case_names()
    if known:
        raise UnknownCaseError(f"There is no case '{name}'.{did_you_mean(name, known)} Known: {listed(known)}.")
    raise UnknownCaseError(
        f"No cases found: there is no folder 'data' with cases in {Path.cwd()} or above it. "
        + (
            f"WOOZLE_HOME names {os.environ['WOOZLE_HOME']}, and there is none there either."
            if os.environ.get("WOOZLE_HOME")
            else "Go to your checkout of woozle, or name it in the environment variable WOOZLE_HOME."
        )
    )


def study_folder(folder: Path) -> Path:
    """Return where the study of a case lies, by the folder of its data."""
    return folder.parents[1] / "case_studies" / folder.name


def has_study(folder: Path) -> bool:
    """Tell whether the case in a folder of data has a case study."""
    return (study_folder(folder) / "case.yaml").is_file()


def _homes() -> list[Path]:
    """Return the folders that may hold `data/`: the first from here upwards that does, then WOOZLE_HOME."""
    here = Path.cwd()
    above = next((home for home in (here, *here.parents) if any(home.glob("data/*/datapackage.json"))), None)
    named = os.environ.get("WOOZLE_HOME")
    homes = [home for home in (above, Path(named) if named else None) if home]
    return homes if len(homes) < 2 or homes[0] != homes[1] else homes[:1]
