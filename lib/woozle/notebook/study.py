"""Read `case.yaml`: what a case study is about, by whom, and of when."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from woozle import declared
from woozle.declared import keys, text, texts
from woozle.errors import ParameterError, StudyError, WoozleError, did_you_mean, listed
from woozle.locate import COMPARISON, find_folders, is_comparison, short, study_folder
from woozle.model.cascade import read_zone

if TYPE_CHECKING:
    from woozle.model.case import Case

NOTEBOOK, COMPARED, EVIDENCE = "case_study.ipynb", "comparison.ipynb", "evidence.ipynb"
TILES, TONES = 4, ("plain", "wrong", "right")
_OPTIONAL: Mapping[str, Any] = {
    "time_zone": {"type": ["string", "null"], "needed": "the IANA name of a zone is needed, such as Europe/Berlin."},
    "headline": text(empty=True),
    "standfirst": text(empty=True),
    "tiles": {
        "type": "array",
        "maxItems": TILES,
        "needed": f"a list of at most {TILES} is needed.",
        "items": keys(
            {"number": {}, "means": {}},
            {"tone": {"enum": list(TONES), "needed": f"one of {listed(TONES)} is needed."}},
            needed="it needs number and means, and may have tone.",
        ),
    },
}
_COMPARISON = keys(
    {
        "title": text(),
        "question": text(),
        "authors": texts(),
        "date": {"type": "date", "needed": "a day is needed, such as 2024-07-05."},
    },
    _OPTIONAL,
)
_CASE = keys(
    {
        **{name: _COMPARISON["properties"][name] for name in _COMPARISON["required"]},
        "claim": text(),
        "truth": text(),
        "shown_by": text("the id of a document is needed, or an empty text.", empty=True),
        "slots": texts(),
    },
    _OPTIONAL,
)


@dataclass(frozen=True)
class Study:
    """What `case_studies/<case>/case.yaml` says, or the `comparison.yaml` of a comparison, which has no claim.

    Attributes
    ----------
    title, claim, question : str
        Of the report; the claim in one sentence; the question it answers.
    truth, shown_by : str
        What is true, in one sentence, and the id of the document that shows it.
    authors : tuple of str
        Who wrote the case study.
    slots : tuple of str
        The slots of the claim that matter for the charts.
    date : datetime.date
        Of the report.
    time_zone : str
        IANA name of a zone for all days; empty: each day is told as in the place of its outlet.
    headline, standfirst : str
        What a reader sees first, filled as `Teller` fills sentences; empty: title and truth.
    tiles : tuple of mappings
        At most four, each with `number`, `means` (a dozen words; both filled too) and perhaps `tone` (wrong, right).
    folder : Path
        Where notebook and `case.yaml` lie.
    """

    title: str
    claim: str
    question: str
    truth: str
    shown_by: str
    authors: tuple[str, ...]
    slots: tuple[str, ...]
    date: datetime.date
    folder: Path
    time_zone: str = ""
    headline: str = ""
    standfirst: str = ""
    tiles: tuple[Mapping[str, str], ...] = ()

    @property
    def notebook(self) -> Path:
        """The notebook of the story."""
        return self.folder / (COMPARED if is_comparison(self.folder) else NOTEBOOK)

    @property
    def evidence(self) -> Path:
        """The notebook of the evidence: one for all cases, a comparison has its own; woozle's where there is none."""
        compares = is_comparison(self.folder)
        own = (self.folder if compares else self.folder.parent) / EVIDENCE
        kept = Path(__file__).parent / "template" / (f"comparison_{EVIDENCE}" if compares else EVIDENCE)
        return own if own.is_file() else kept


def open_study(case: Case) -> Study:
    """Return the study that belongs to a case: `case_studies/<case>` beside its `data/<case>`.

    Raises
    ------
    StudyError
        It has no study, or its `case.yaml` is wrong; all errors found are in the message.

    Examples
    --------
    >>> import woozle
    >>> open_study(woozle.open("dprk_troops_2024")).slots
    ('force', 'place')
    """
    return read_study(case.folder, case)


def read_study(data: Path, case: Case | None = None) -> Study:
    """Return the study that belongs to the data in a folder; if the case is given, check that the study fits it.

    Raises
    ------
    StudyError
        As in `open_study`.
    """
    folder = study_folder(data)
    if not (folder / "case.yaml").exists():
        raise StudyError(
            f"{short(folder / 'case.yaml')} is missing: the case '{data.name}' has data but no case study. "
            f"To start one: woozle new {data.name}"
        )
    facts = _read(folder / "case.yaml", _CASE, case)
    return Study(**facts, folder=folder)


def open_comparison(folder: Path | str = ".") -> Study:
    """Return the study of a comparison: title, question, authors and date; it has no claim of its own.

    Raises
    ------
    StudyError
        Its `comparison.yaml` is wrong; all errors found are in the message.
    """
    folder = Path(folder).absolute()
    facts = _read(folder / COMPARISON, _COMPARISON)
    return Study(**facts, claim="", truth="", shown_by="", slots=(), folder=folder)


def open_cases(names: str = "all") -> dict[str, Case]:
    """Return several cases by their names: "all" of this checkout, or names and folders with commas between.

    Examples
    --------
    >>> list(open_cases("jang_dogs_2013, ual_bankruptcy_2008"))
    ['jang_dogs_2013', 'ual_bankruptcy_2008']
    """
    from woozle.model.opening import open_case

    return {folder.name: open_case(folder) for folder in find_folders(names)}


def _read(path: Path, schema: Mapping[str, Any], case: Case | None = None) -> dict[str, Any]:
    """Return what a study says, by key."""
    shown = short(path)
    try:
        facts = declared.read_yaml(path)
    except WoozleError as error:
        raise StudyError(str(error)) from error
    if wrong := _faults(facts, schema, case):
        raise StudyError("\n  ".join([f"{shown} has {len(wrong)} error{'s' * (len(wrong) != 1)}:", *wrong]))
    said = {key: value.strip() if isinstance(value, str) else value for key, value in facts.items()}
    said |= {key: tuple(value) for key, value in said.items() if isinstance(value, list) and key != "tiles"}
    tiles = tuple({key: str(text).strip() for key, text in tile.items()} for tile in said.get("tiles", []))
    return said | {"tiles": tiles, "time_zone": said.get("time_zone") or ""}


def _faults(facts: Any, schema: Mapping[str, Any], case: Case | None) -> list[str]:
    wrong = declared.faults(facts, schema)
    if not wrong and (zone := facts.get("time_zone", "")):
        wrong += _zone_faults(zone)
    if case and not wrong:
        slots = [slot.name for slot in case.slots]
        allowed = f"is not one of {listed(slots)}" if slots else "is none: datapackage.json declares no slots"
        wrong += [f"key 'slots': '{name}' {allowed}." for name in facts["slots"] if name not in slots]
        if facts["shown_by"] and facts["shown_by"] not in case.documents.index:
            near = did_you_mean(facts["shown_by"], case.documents.index)
            wrong.append(f"key 'shown_by': '{facts['shown_by']}' is not a document.{near}")
    return wrong


def _zone_faults(zone: object) -> list[str]:
    try:
        read_zone(str(zone))
    except ParameterError as error:
        return [f"key '{str(error).partition(':')[0]}':{str(error).partition(':')[2]}"]
    return []
