"""Find the folders of cases and their studies. No heavy imports, so that a command with nothing to do is quick."""

from __future__ import annotations

import os
import re
from pathlib import Path

from woozle.errors import UnknownCaseError, WoozleError, did_you_mean, listed

COMPARISON = "comparison.yaml"  # what makes a folder of case_studies a comparison
ALL = "all"  # cases of the checkout
CALLED_FROM = "WOOZLE_CALLED_FROM"  # where who runs a notebook stands; its kernel stands elsewhere
PAGE, EVIDENCE_PAGE = "index.html", "evidence.html"  # of a report: the story, and what it rests on


def case_names() -> list[str]:
    """Return the names of the cases that can be opened from here."""
    return sorted(folder.parent.name for home in _homes() for folder in home.glob("data/*/datapackage.json"))


def find_folder(name: str | Path) -> Path:
    """Return the folder of a case, without opening it.

    Raises
    ------
    UnknownCaseError
        There is no such case or folder.
    """
    if not isinstance(name, str | Path):
        raise UnknownCaseError(f"A case is opened by its name or folder, not by {name!r}.")
    if Path(name).is_file():
        if (_whole(Path(name)).parent / "datapackage.json").is_file():
            raise UnknownCaseError(f"'{name}' is a file of a case. Give the folder: {short(_whole(Path(name)).parent)}")
        raise UnknownCaseError(
            f"'{name}' is a file, not a case. To make a case from it: woozle import {name} --as my_rumour"
        )
    if isinstance(name, Path) or os.sep in name:
        folder = _whole(name)
        if not folder.is_dir():
            raise UnknownCaseError(f"There is no folder '{name}'.")
        if not (folder / "datapackage.json").exists():
            raise UnknownCaseError(f"There is no datapackage.json in '{name}'. Give the folder of a case: data/<case>.")
        return folder
    for home in _homes():
        if len(name) < 100 and (home / "data" / name / "datapackage.json").exists():
            return _whole(home / "data" / name)
        if len(name) < 100 and is_comparison(home / "case_studies" / name):
            raise UnknownCaseError(f"'{name}' compares cases and has no data of its own. See woozle report {name}")
    known = case_names()
    if known:
        start = f" To start a case of that name: woozle new {name}" if re.fullmatch(r"[\w.-]{1,60}", name) else ""
        raise UnknownCaseError(f"There is no case '{name}'.{did_you_mean(name, known)} Known: {listed(known)}.{start}")
    raise UnknownCaseError(
        f"No cases found: there is no folder 'data' with cases in {Path.cwd()} or above it. "
        + (
            f"WOOZLE_HOME names {os.environ['WOOZLE_HOME']}, and there is none there either."
            if os.environ.get("WOOZLE_HOME")
            else "Go to your checkout of woozle, or name it in the environment variable WOOZLE_HOME."
        )
    )


def short(path: Path) -> Path:
    """Return a path that can be opened from here, as messages name it: relative if it lies below here, else whole."""
    path, here = Path(path).absolute(), Path(os.environ.get(CALLED_FROM) or Path.cwd())
    return path.relative_to(here) if path.is_relative_to(here) and here != Path(here.anchor) else path


def home_for_new() -> Path:
    """Return the folder into whose `data/` a new case goes: the one that holds cases, else the current one."""
    return next(iter(_homes()), Path.cwd())


def find_subject(name: str | Path) -> Path:
    """Return the folder of what a report is about: the data of a case, or a comparison of cases."""
    if isinstance(name, Path) or os.sep in str(name):
        return _whole(name) if is_comparison(Path(name)) else find_folder(name)
    for home in _homes():
        if is_comparison(home / "case_studies" / name):
            return _whole(home / "case_studies" / name)
    return find_folder(name)


def subject_names() -> list[str]:
    """Return the names of all that can have a report from here: cases with a study and documents, then comparisons."""
    cases = [name for name in case_names() if has_study(find_folder(name)) and is_begun(find_folder(name))]
    comparisons = sorted(path.parent.name for home in _homes() for path in home.glob(f"case_studies/*/{COMPARISON}"))
    return [*cases, *comparisons]


def is_comparison(folder: Path) -> bool:
    """Tell whether a folder holds a comparison of cases."""
    return (folder / COMPARISON).is_file()


def study_folder(folder: Path) -> Path:
    """Return where the study of a case lies, by the folder of its data; a comparison is its own study."""
    return folder if is_comparison(folder) else folder.parents[1] / "case_studies" / folder.name


def has_study(folder: Path) -> bool:
    """Tell whether the case in a folder of data has a case study."""
    return (study_folder(folder) / "case.yaml").is_file()


def texts_place(folder: Path) -> Path:
    """Return the folder `texts/<case>` beside `data/<case>`, where the texts of its documents lie, outside git."""
    return folder.parents[1] / "texts" / folder.name


def is_begun(folder: Path) -> bool:
    """Tell whether a case has any document; a new case has only a header and an example row, which does not count."""
    try:
        lines = (folder / "documents.csv").read_bytes().splitlines()
    except OSError:
        return True  # opening the case will report what is wrong
    return any(line.strip() and not line.startswith(b"#") for line in lines[1:])


def notebooks_of(folder: Path) -> list[Path]:
    """Return the notebooks of a case or a comparison: the one of its report, and others beside it."""
    paths = sorted(study_folder(folder).glob("*.ipynb"))
    return sorted(paths, key=lambda path: path.name not in ("case_study.ipynb", "comparison.ipynb"))


def shared_notebooks(name: str) -> list[Path]:
    """Return the notebooks of this name that stand beside the cases: `evidence.ipynb`, `collection.ipynb`."""
    return [path for home in _homes() if (path := home / "case_studies" / name).is_file()]


def case_order(home: Path) -> list[str]:
    """Return the cases in the order that `case_studies/index.yaml` gives; none where there is no such file.

    Raises
    ------
    WoozleError
        The file holds no list of names under `cases`.
    """
    path = home / "case_studies" / "index.yaml"
    if not path.is_file():
        return []
    import yaml

    try:
        names = yaml.safe_load(path.read_text("utf-8"))["cases"]
    except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise WoozleError("case_studies/index.yaml: a list of cases is needed under the key cases.") from error
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise WoozleError("case_studies/index.yaml, key cases: a list of names is needed.")
    return names


def assignment_notebooks() -> list[Path]:
    """Return the notebooks of the assignments, with their model answers."""
    return sorted(path for home in _homes() for path in home.glob("case_studies/assignments/*/*.ipynb"))


def find_folders(names: str, home: Path | None = None) -> list[Path]:
    """Return the folders of several cases, given as "all" (all cases of a checkout) or as names or folders with commas.

    Raises
    ------
    UnknownCaseError
        There is no such case, or two folders have one name.
    """
    home = home or next(iter(_homes()), Path.cwd())
    if names.strip() == ALL:
        folders = sorted(path.parent for path in home.glob("data/*/datapackage.json") if is_begun(path.parent))
    else:
        folders = [find_folder(name.strip()) for name in names.split(",") if name.strip()]
    if not folders:
        raise UnknownCaseError(f"cases: {names!r} names no case. Write {ALL}, or names with commas between.")
    for number, folder in enumerate(folders):
        if folder.name in [other.name for other in folders[:number]]:
            raise UnknownCaseError(f"cases: two have the name '{folder.name}'. Rename a folder, or leave one out.")
    return [_whole(folder) for folder in folders]


def at_least_two(folders: list[Path]) -> list[Path]:
    """Return the folders of the cases of a comparison.

    Raises
    ------
    UnknownCaseError
        There is only one.
    """
    if len(folders) < 2:
        raise UnknownCaseError(f"cases: a comparison needs at least two. For one case: woozle report {folders[0].name}")
    return folders


def place_of(name: str) -> str | Path:
    """Return what a person named on a command line: a folder where there is one with a case or comparison, else a name.

    Within `case_studies`, where a study has the name of its case, the name is meant.
    """
    folder = Path(name)
    if (folder / "datapackage.json").is_file() or is_comparison(folder):
        return folder
    study = _whole(folder)
    if study.parent.name == "case_studies" and (study / "case.yaml").is_file():  # the folder of a study, or "."
        return study.parents[1] / "data" / study.name
    return name if os.sep in name or not folder.is_dir() or name in (".", "..") else _named(name)


def _named(name: str) -> str | Path:
    return name if any((home / "data" / name).is_dir() for home in _homes()) else Path(name)


def _whole(folder: str | Path) -> Path:
    """Return the whole path of a folder. A link stays one: what belongs to a case lies beside the link."""
    return Path(os.path.abspath(folder))


def _homes() -> list[Path]:
    """Return the folders that may hold `data/`: the first from here upwards that does, then WOOZLE_HOME."""
    here = Path.cwd()
    above = next((home for home in (here, *here.parents) if any(home.glob("data/*/datapackage.json"))), None)
    named = os.environ.get("WOOZLE_HOME")
    homes = [home for home in (above, Path(named) if named else None) if home]
    return homes if len(homes) < 2 or homes[0] != homes[1] else homes[:1]
