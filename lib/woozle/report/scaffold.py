"""Start a case: the package of its data, and its study (`case.yaml`, a story to be written, a workbench)."""

from __future__ import annotations

import csv
import datetime
import json
import re
import shutil
from importlib import resources
from pathlib import Path
from typing import Any

from woozle.errors import WoozleError
from woozle.locate import home_for_new, short, study_folder
from woozle.model.cascade import read_zone
from woozle.model.case import Case
from woozle.notebook.study import NOTEBOOK
from woozle.package import codebook, schema
from woozle.package.check import name_fault
from woozle.package.problems import quoted

# One line of each table that shows how it is filled; a row that begins with # is no data.
_EXAMPLES = {
    "outlets": {
        "id": "#the_paper", "name": "The Paper", "country": "GB", "kind": "newspaper", "time_zone": "Europe/London",
    },
    "documents": {
        "id": "#paper_report", "outlet": "the_paper", "label": "The Paper", "kind": "news", "language": "en",
        "published": "2024-06-21T21:02+09:00", "title": "Its headline", "url": "https://example.org/report",
        "seen": "page",
    },
    "citations": {
        "citing": "#paper_report", "cited": "first_post", "relation": "quotes", "evidence": "as a post said",
        "evidence_type": "quotation", "seen": "page",
    },
    "claims": {
        "document": "#paper_report", "version": "1", "stance": "relays", "said_by": "official", "modality": "expected",
        "certainty": "probable", "accuracy": "unverified", "basis": "paper_report", "wording": "is expected to",
        "seen": "page",
    },
    "events": {"id": "#treaty", "date": "2024-06-19", "event": "What happened in the world", "seen": "page"},
}  # fmt: skip
_NOTEBOOKS = {NOTEBOOK: "new_case_study.ipynb", "explore.ipynb": "new_explore.ipynb"}


def new_case(
    name: str,
    title: str,
    claim: str,
    actor: str = "",
    language: str = "en",
    time_zone: str = "",
    home: Path | str | None = None,
) -> Path:
    """Write the package and the study of a case that has no data yet, and return the folder of the package.

    `woozle check` accepts the package as it is. It has a codebook, vocabularies, and tables with headers and one line
    each that shows how to fill them; that line begins with # and is not data. A document that nobody coded is assumed
    to carry the claim, until you set `"uncoded_carry"` in datapackage.json to false.

    Parameters
    ----------
    name
        Of the case: letters, digits, `_`, `-` and `.`.
    title, claim
        What people call it; what is claimed, in a sentence.
    actor
        Whose act the claim is about; empty: nobody's.
    language, time_zone
        The language of wordings and translations, by its code of two or three letters (ISO 639); the zone of its days
        (IANA name; empty: each day as in the place of its outlet).
    home
        The folder that holds `data/` and `case_studies/`; they are made if missing. If not given, the folder with the
        cases that can be opened from here, or else the current one.

    Raises
    ------
    WoozleError
        The name is not allowed or taken, title or claim is empty, language or zone is unknown, or writing failed.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as home:
    ...     folder = new_case("the_bridge", "The bridge", "The bridge fell.", home=home)
    ...     sorted(path.name for path in folder.glob("*.csv"))
    ['citations.csv', 'claims.csv', 'documents.csv', 'events.csv', 'outlets.csv']
    """
    home = home_for_new() if home is None else Path(home)
    folder = home / "data" / name
    if fault := name_fault(name):
        raise WoozleError(f"The name {quoted(name)} {fault}")
    for part in ("data", "case_studies"):
        held = [path.name for path in (home / part).iterdir()] if (home / part).is_dir() else []
        if same := [other for other in held if other.casefold() == name.casefold()]:
            raise WoozleError(f"A case called '{same[0]}' already exists. Nothing was written.")
    check_language(language)
    for key, text in (("title", title), ("claim", claim)):
        if not text.strip():
            raise WoozleError(f"{key}: this must not be empty.")
    check_zone(time_zone)
    package = {"name": name, "title": title.strip(), "version": "0.1.0", "languages": [language]}
    package["woozle"] = codebook.template() | {"actor": actor.strip()}
    try:
        folder.mkdir(parents=True)
        (folder / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", "utf-8")
        for table, rules in schema.tables().items():
            with (folder / f"{table}.csv").open("x", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(rules.columns), restval="", lineterminator="\n")
                writer.writeheader()
                writer.writerow(_EXAMPLES[table])
        codebook.describe(folder)
    except OSError as error:
        raise WoozleError(f"{short(folder)} can't be written: {error.strerror}.") from error
    try:
        _write_study(study_folder(folder), _facts(title, claim, "", [], time_zone))
    except WoozleError:
        shutil.rmtree(folder)
        raise
    return folder


def check_language(language: str) -> None:
    """Raise a WoozleError unless this looks like a code of a language: two or three small letters."""
    if not re.fullmatch("[a-z]{2,3}", language):
        raise WoozleError(f"{quoted(language)} is not the code of a language, such as 'en' or 'ko'.")


def check_zone(time_zone: str) -> None:
    """Raise where this is neither empty nor the IANA name of a time zone."""
    if time_zone:
        read_zone(time_zone)


def new_study(case: Case) -> Path:
    """Write the beginnings of a case study beside the data of a case, and return its folder.

    What is written builds a report as it stands. Texts in it that begin with “To write:” are for the author.

    Raises
    ------
    WoozleError
        The case has a study, or it can't be written.
    """
    folder = study_folder(case.folder)
    if folder.exists():
        raise WoozleError(f"{short(folder)} already exists. Nothing was written.")
    slots = [slot.name for slot in case.slots[:2]]
    return _write_study(folder, _facts(case.title, "To write: the claim, in one sentence.", _shown_by(case), slots))


def _facts(title: str, claim: str, shown_by: str, slots: list[str], time_zone: str = "") -> dict[str, Any]:
    """Return what `case.yaml` begins with."""
    return {
        "title": title,
        "claim": claim,
        "question": "To write: the question that the report answers.",
        "truth": "To write: what is true, in one sentence, as the document below shows it.",
        "shown_by": shown_by,
        "authors": ["To write: your name"],
        "slots": slots,
        "date": datetime.date.today(),
        **({"time_zone": time_zone} if time_zone else {}),
        "headline": "To write: the story in one line",
        "standfirst": "To write: the story in two sentences.",
        "tiles": [
            {
                "number": "{?top_others} {top_others} of {others}",
                "means": "other documents go back to one source",
            },
            {"number": "{?false} {false} of {false.of}", "means": "coded documents state it falsely", "tone": "wrong"},
            {"number": "{?corrections} {corrections}", "means": "documents correct it", "tone": "right"},
        ],
    }


def _write_study(folder: Path, facts: dict[str, Any]) -> Path:
    """Write `case.yaml` and the notebooks of a study, and return its folder."""
    import yaml

    try:
        folder.mkdir(parents=True)
        for name, template in _NOTEBOOKS.items():
            with (folder / name).open("x", encoding="utf-8", newline="\n") as file:
                file.write(_filled(template, folder.name))
        with (folder / "case.yaml").open("x", encoding="utf-8", newline="\n") as file:
            yaml.safe_dump(facts, file, allow_unicode=True, sort_keys=False, width=110)
    except OSError as error:
        raise WoozleError(f"{short(folder)} can't be written: {error.strerror}.") from error
    return folder


def _filled(template: str, name: str) -> str:
    """Return a notebook of the templates, for the case of this name."""
    notebook = json.loads((resources.files("woozle.notebook") / "template" / template).read_text("utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"]).replace("CASE_NAME", name)
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _shown_by(case: Case) -> str:
    """Return a document to begin with: one that shows a version to be false, else one that corrects, else the last."""
    corrects = case.leads.index[case.leads["stance"].isin(case.correcting)]
    return next(iter([*case.said_false.values(), *corrects, case.documents.index[-1]]))
