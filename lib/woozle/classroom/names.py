"""Whose is it, and which notebook? The names under which honest work arrives: from Moodle, Canvas, nbgrader, by hand.

Nothing is opened here; names alone are looked at.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_NOTEBOOK = re.compile(r"\.ipynb(\.(json|txt))?$", re.I)  # browsers add an ending of their own
_ARCHIVE = re.compile(r"\.zip$", re.I)
PACKED = re.compile(r"\.(rar|7z|tar|gz|tgz|bz2|xz)$", re.I)  # archives that are not read
# What follows an id: ada_2, ada-1, ada 1_find, ada (1), ada copy, ada@example.org
_AGAIN = r"([_@-].*| \d_.*| ?\(\d+\)| copy.*| - .*)?"
# The blind names of Moodle: the word is translated, the number is that of its grading worksheet.
_BLIND = re.compile(r"[^\W\d_]+ (\d+)")
_CANVAS = re.compile(r"(?P<name>[^\W_]+)(?P<late>_late)?_(?P<user>\d+)_(?P<file>\d+)_.+", re.I | re.S)
_MOODLE = re.compile(r"(.*?)_(\d+)_assignsubmission_.*", re.I | re.S)
# What a system puts beside files, and what nobody meant to hand in.
_SYSTEM = re.compile(r"\._.*|\.ds_store|thumbs\.db|desktop\.ini|\.localized|~\$.*|.*\.(tmp|swp|part|crdownload)", re.I)
_SYSTEM_FOLDERS = {"__macosx", ".ipynb_checkpoints", "__pycache__", ".git", ".venv", "venv", "node_modules", ".trash"}


@dataclass(frozen=True)
class Person:
    """What a student is known by.

    Attributes
    ----------
    id : str
        In the roster.
    name : str
        In the usual order.
    numbers : mapping of str to str
        The numbers of platforms, where the roster has them: `canvas` (of the user), `moodle` (of the worksheet).
    members : tuple of str
        Of a group: the names and ids of those in it.
    """

    id: str
    name: str = ""
    numbers: Mapping[str, str] = field(default_factory=dict)
    members: tuple[str, ...] = ()


def owners(name: str, people: Mapping[str, Person]) -> tuple[str, ...]:
    """Return the ids of the students whom a file or folder belongs to, by its name; several if they worked together.

    A name begins with an id (`ada.zip`, `ada_2.zip`, `ada/`), joins several ids (`ada+bob.zip`), or was given by
    Moodle, Canvas or nbgrader's exchange. A name that could mean two different people belongs to nobody.

    Examples
    --------
    >>> people = {"ada": Person("ada", "Ada Lovelace", {"canvas": "123"}), "bob": Person("bob")}
    >>> owners("ada_2.zip", people), owners("Ada Lovelace_4711_assignsubmission_file", people)
    (('ada',), ('ada',))
    >>> owners("lovelaceada_LATE_123_9_work-1.ipynb", people), owners("ada+bob.zip", people), owners("eve.zip", people)
    (('ada',), ('ada', 'bob'), ())
    """
    bare = _bare(name)
    if moodle := _MOODLE.fullmatch(bare):
        told, number = _as_moodle(moodle[1]), moodle[2]
        if known := _one(person.id for person in people.values() if person.numbers.get("moodle") == number):
            return known
        if blind := _BLIND.fullmatch(told):
            return _one(person.id for person in people.values() if person.numbers.get("moodle") == blind[1])
        named = [
            (person.id, {_as_moodle(part) for part in (person.name, person.id, *person.members) if part})
            for person in people.values()
        ]
        if known := _one(key for key, names in named if told in names):
            return known
        turned = sorted(told.split())  # some sites put the surname first
        same = any(told in names for _, names in named)
        return () if same else _one(key for key, names in named if turned in [sorted(name.split()) for name in names])
    if (exchange := bare.split("+"))[0] in (folded := {key.casefold(): key for key in people}) and len(exchange) == 4:
        return (folded[exchange[0]],)  # nbgrader: who, which assignment, when, a token
    if together := _together(bare, folded):
        return together
    if canvas := _CANVAS.fullmatch(bare):
        if known := _one(person.id for person in people.values() if person.numbers.get("canvas") == canvas["user"]):
            return known
        numbered = any("canvas" in person.numbers for person in people.values())
        if not numbered and (known := _one(p.id for p in people.values() if _as_canvas(p.name) == canvas["name"])):
            return known
    fit = [key for key in people if re.fullmatch(re.escape(key.casefold()) + _AGAIN, bare, re.S)]
    longest = max(fit, key=len, default="")
    return (longest,) if longest and sum(len(other) == len(longest) for other in fit) == 1 else ()


def _one(found: Iterable[str]) -> tuple[str, ...]:
    """Return the id that was found, if just one was found; else nothing."""
    known = tuple(dict.fromkeys(found))
    return known if len(known) == 1 else ()


def _together(bare: str, folded: Mapping[str, str]) -> tuple[str, ...]:
    """Return those whose ids stand beside each other in a name: `ada+bob`, `ada, bob`, `ada_and_bob`, `ada & bob`."""
    parts = [part for part in re.split(r"\s*[+,&;]\s*|[\s_-]+and[\s_-]+", bare) if part]
    known = tuple(dict.fromkeys(folded[part] for part in parts if part in folded))
    if len(parts) < 2 or (len(known) < len(parts) and not (known and "+" in bare)):
        return ()
    return known


def _bare(name: str) -> str:
    """Return a name without its ending, in lower case, with accents composed (NFC)."""
    return unicodedata.normalize("NFC", _NOTEBOOK.sub("", PACKED.sub("", _ARCHIVE.sub("", name)))).casefold()


def _as_moodle(name: str) -> str:
    """Return a name as Moodle writes it into that of a folder: without some signs, with spaces for underscores.

    Examples
    --------
    >>> _as_moodle("O'Brien_Smith:  Anna") == _as_moodle("OBrien Smith Anna")
    True
    """
    plain = unicodedata.normalize("NFC", name).casefold().replace("_", " ")
    return " ".join(re.sub(r"[&<>\"`|':*?\\/~#]", "", plain).split())


def _as_canvas(name: str) -> str:
    """Return a name as Canvas writes it: last name first, letters and digits alone.

    Examples
    --------
    >>> _as_canvas("Ada King-Noel")
    'kingnoelada'
    """
    words = name.split()
    return "".join(letter for letter in "".join([*words[-1:], *words[:-1]]).casefold() if letter.isalnum())


def is_notebook(name: str) -> bool:
    """Tell whether a file is called as notebooks are."""
    return bool(_NOTEBOOK.search(name))


def is_archive(name: str) -> bool:
    """Tell whether a file is called as zip files are."""
    return bool(_ARCHIVE.search(name))


def is_of_a_system(parts: tuple[str, ...]) -> bool:
    """Tell whether a path is what systems and tools leave beside files: `._x`, `.DS_Store`, checkpoints, environments.

    Examples
    --------
    >>> is_of_a_system(("__MACOSX", "._work.ipynb")), is_of_a_system(("work", "work.ipynb"))
    (True, False)
    """
    return bool(_SYSTEM.fullmatch(parts[-1])) or any(part.casefold() in _SYSTEM_FOLDERS for part in parts[:-1])


def names_assignment(name: str, assignment: str) -> bool:
    """Tell whether the name of a file names an assignment, whatever stands before and behind it.

    Examples
    --------
    >>> told = ["Copy of 1_find_it.ipynb", "1 Find It (2).IPYNB", "kingada_1_2_1_find_it-1.ipynb", "11_find_it.ipynb"]
    >>> [names_assignment(name, "1_find_it") for name in told]
    [True, True, True, False]
    """
    return f"_{_words(assignment)}_" in f"_{_words(_bare(name))}_"


def copy_number(name: str, assignment: str) -> int:
    """Return the copy number in a name: 0 for the original, higher for later copies.

    Examples
    --------
    >>> names = ["1_a.ipynb", "Copy of 1_a.ipynb", "1_a (2).ipynb", "1_a-Copy3.ipynb", "1_a copy.ipynb", "1_a-1.ipynb"]
    >>> [copy_number(name, "1_a") for name in names]
    [0, 1, 2, 3, 1, 1]
    """
    before, _, behind = f"_{_words(_bare(name))}_".rpartition(f"_{_words(assignment)}_")
    numbers = re.findall(r"\d+", behind)
    copied = re.search(r"copy|copie|kopie|copia|kopia|kopi", before + behind)
    return max(int(numbers[-1][:9]) if numbers else 0, 1 if copied else 0)


def _words(text: str) -> str:
    return re.sub(r"[\W_]+", "_", text.casefold()).strip("_")
