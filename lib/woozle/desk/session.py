"""One coder at work on a case: each step is checked, written at once, and can be taken back."""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from woozle import dates
from woozle.desk.journal import Edit, Journal, Step
from woozle.errors import DateError, WoozleError, did_you_mean, listed
from woozle.files import alone, write_whole
from woozle.formats.texts import text_of
from woozle.model.opening import open_case
from woozle.package import schema
from woozle.package.check import ID, cell_faults, find_cycle, too_long_to_quote
from woozle.package.codebook import describe
from woozle.package.csv_files import TableFile

NEEDED = ("stance", "modality", "certainty")  # what makes a version whole; the rest may stay empty
_WORDINGS = ("document", "version", "field", "start", "end", "sha256")


def default_coder() -> str:
    """Return who codes where nobody says so: WOOZLE_REVIEWER, or the user of this machine, as an identifier."""
    told = os.environ.get("WOOZLE_REVIEWER") or getpass.getuser()
    return re.sub(r"[^a-z0-9]+", "_", told.lower()).strip("_") or "coder"


class StepError(WoozleError):
    """A step can't be taken; nothing has changed."""


def check_coder(coder: str) -> str:
    """Return the name of a coder as files have it.

    Raises
    ------
    StepError
        It can't be used.
    """
    name = coder.strip().lower()
    if not ID.fullmatch(name) or name == "claims":
        raise StepError(f"'{coder}' can't be the name of a coder. Use a-z, 0-9 and _, such as ab; 'claims' is taken.")
    return name


class Session:
    """The tables of a case as a coder changes them.

    Parameters
    ----------
    folder
        Of the package.
    coder
        Who codes: initials or a name of a-z, 0-9 and _.
    second
        Whether it is a second coding: the codes go to `codings/<coder>.csv`, and those of `claims.csv` stay hidden.

    Raises
    ------
    StepError
        The name of the coder can't be used.
    CaseError
        The package has errors.
    """

    def __init__(self, folder: Path, coder: str, second: bool = False):
        self.folder, self.coder, self.second = folder, check_coder(coder), second
        self._open()
        self.codes = f"codings/{self.coder}.csv" if second else "claims.csv"
        claims = list(self.layout["claims"].columns)
        self.columns = {
            "documents.csv": list(self.layout["documents"].columns),
            "citations.csv": list(self.layout["citations"].columns),
            "claims.csv": claims,
            f"drafts/{self.coder}.csv": claims,
            "wordings.csv": list(_WORDINGS),
            **({self.codes: ["document", "version", *schema.coded_fields(self.case.slots), "note"]} if second else {}),
        }
        self.keys = {
            "documents.csv": ("id",),
            "citations.csv": ("citing", "cited", "relation"),
            "wordings.csv": ("document", "version", "field"),
        }
        self._read_at: dict[str, tuple[int, int]] = {}
        self.tables: dict[str, TableFile] = {}
        self.rows: dict[str, dict[tuple[str, ...], dict[str, str]]] = {}
        self._fresh()
        self.journal = Journal(folder, self.coder)
        self._finish()

    def _open(self) -> None:
        """Open the case, and keep what is asked of it for each document on each step."""
        self.case = open_case(self.folder)
        self.layout = schema.tables(self.case.slots)
        self.labels = {str(name): str(label) for name, label in self.case.documents["label"].items()}
        self.outlets = {str(name): str(called) for name, called in self.case.outlets["name"].items()}

    def key_of(self, table: str) -> tuple[str, ...]:
        """Return the columns that identify a row of a table."""
        return self.keys.get(table, ("document", "version"))

    def _fresh(self) -> list[str]:
        """Read those tables again that changed on disk, and return their names."""
        changed: list[str] = []
        for name, columns in self.columns.items():
            path = self.folder / name
            facts = path.stat() if path.is_file() else None
            mark = (facts.st_mtime_ns, facts.st_size) if facts else (0, 0)
            if self._read_at.get(name) != mark:
                self.tables[name] = TableFile.read(path, columns)
                key = self.key_of(name)
                self.rows[name] = {tuple(row.get(k, "") for k in key): row for row in self.tables[name].rows}
                self._read_at[name] = mark
                changed.append(name)
        return changed

    def look_again(self) -> None:
        """Open the case anew, after it was changed by others than this session."""
        self._open()
        self._fresh()

    def _finish(self) -> None:
        """Carry out the last step where it was cut off."""
        step = self.journal.announced()
        if step is not None:
            with alone(self._lock):
                self._apply([edit for edit in step.edits if self._is(edit, edit.was) and not self._is(edit, edit.now)])
                self.journal.add(step)

    @property
    def _lock(self) -> Path:
        return self.folder.with_name(f".{self.folder.name}.lock")

    def take(self, what: str, edits: list[Edit], undoes: int = -1) -> None:
        """Take a step: check it against the files as they are now, announce it, write the tables, then the journal.

        Raises
        ------
        StepError
            A row was changed by somebody else meanwhile, in the same columns, or the step breaks a rule.
        """
        edits = [edit for edit in edits if edit.was != edit.now]
        if not edits:
            return
        with alone(self._lock):
            self._fresh()
            for edit in edits:
                if not self._is(edit, edit.was):
                    raise StepError(self._conflict(edit))
                self._check(edit)
            self._check_hops(edits)
            step = Step(what, f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}", tuple(edits), undoes)
            self.journal.announce(step)
            self._apply(edits)
            self.journal.add(step)

    def _is(self, edit: Edit, facts: Mapping[str, str] | None) -> bool:
        """Tell whether a row is as an edit says, in the columns that it names."""
        row = self.rows[edit.table].get(edit.key)
        if facts is None or row is None:
            return facts is None and row is None
        return all(row.get(column, "") == value for column, value in facts.items())

    def _conflict(self, edit: Edit) -> str:
        row = self.rows[edit.table].get(edit.key)
        has = "is not there any more" if row is None else "was changed meanwhile"
        wanted = edit.was or {}
        now = [
            f"{column}: '{row.get(column, '')}'" for column in wanted if row and row.get(column, "") != wanted[column]
        ]
        told = f" ({'; '.join(now)})" if now else ""
        return (
            f"{edit.table}, {', '.join(edit.key)}: the row {has}{told}. Nothing was written; look at it and try again."
        )

    def _apply(self, edits: list[Edit]) -> None:
        touched: dict[str, None] = {}
        for edit in edits:
            rows = self.rows[edit.table]
            if edit.now is None:
                rows.pop(edit.key, None)
            else:
                keyed = dict(zip(self.key_of(edit.table), edit.key, strict=True))
                row = {**dict.fromkeys(self.columns[edit.table], ""), **rows.get(edit.key, {}), **keyed, **edit.now}
                rows[edit.key] = row
            touched[edit.table] = None
        # A table is written after the tables that it refers to.
        for name in sorted(touched, key=list(self.columns).index):
            table = self.tables[name]
            table.rows = list(self.rows[name].values())
            missing = [column for column in self.columns[name] if any(row.get(column) for row in table.rows)]
            table.columns += [column for column in missing if column not in table.columns]
            path = self.folder / name
            path.parent.mkdir(exist_ok=True)
            write_whole(path, table.text())
            facts = path.stat()
            self._read_at[name] = facts.st_mtime_ns, facts.st_size

    def _check(self, edit: Edit) -> None:
        """Check the cells of a row that is written."""
        if edit.now is None or edit.table == "wordings.csv":
            return
        rules = self.layout[
            {"documents.csv": "documents", "citations.csv": "citations"}.get(edit.table, "claims")
        ].columns
        known = {"documents": {key[0] for key in self.rows["documents.csv"]}, "outlets": set(self.outlets)}
        for column, value in edit.now.items():
            rule = rules.get(column)
            if rule is None or (not value and edit.table.startswith("drafts/")):
                continue
            for fault in cell_faults(value, rule, self.case.vocabularies, known):
                raise StepError(f"{column}: '{value[:60]}' {fault}")
            if (
                rule.kind == "quotation"
                and edit.now.get("evidence_type") != "paraphrase"
                and (long := too_long_to_quote(value))
            ):
                raise StepError(f"{column}: '{value[:60]}' {long}.")

    def _check_hops(self, edits: list[Edit]) -> None:
        """Nobody relies on itself, in a circle, or on what surely came later."""
        touched = {edit.table for edit in edits if edit.now is not None}
        if not touched & {"citations.csv", "documents.csv"}:
            return
        hops = {(key[1], key[0]) for key in self.rows["citations.csv"]}
        for edit in edits:
            if edit.table == "citations.csv":
                (hops.add if edit.now is not None else hops.discard)((edit.key[1], edit.key[0]))
        if circle := find_cycle(hops):
            raise StepError(
                f"These would rely on each other in a circle: {' → '.join(map(self.label, [*circle, circle[0]]))}."
            )
        published = {key[0]: row for key, row in self.rows["documents.csv"].items()}
        for edit in edits:
            if edit.table == "documents.csv" and edit.now:
                published[edit.key[0]] = published.get(edit.key[0], {}) | dict(edit.now)
        spans: dict[str, dates.Interval] = {}
        for name in {name for hop in hops for name in hop}:
            row = published[name]
            if row["published"]:
                spans[name] = dates.parse(row["published"], self.case.zones[row["outlet"]])
        try:
            dates.narrow(spans, [hop for hop in hops if hop[0] in spans and hop[1] in spans])
        except DateError as error:
            raise StepError(f"The dates do not allow it: {error}") from error

    def label(self, document: str) -> str:
        """Return what a document is called."""
        row = self.rows["documents.csv"].get((document,), {})
        return str(self.labels.get(document) or row.get("label") or row.get("title") or document)

    def code(self, document: str, version: str, **codes: str) -> None:
        """Code fields of a version; once stance, modality and certainty are there, the version enters the case.

        Until then it is kept as a draft of this coder.

        Raises
        ------
        StepError
            A code is none of its vocabulary, or the row was changed meanwhile.
        """
        key, drafts = (document, version), f"drafts/{self.coder}.csv"
        held = self.rows[self.codes].get(key)
        if held is not None:
            self.take(
                f"{self.label(document)}: {listed(codes)}",
                [Edit(self.codes, key, {name: held.get(name, "") for name in codes}, codes)],
            )
            return
        draft = self.rows[drafts].get(key)
        seen = self.rows["documents.csv"].get((document,), {})
        begun = {
            **({} if self.second else schema.USUAL),  # a second coder judges without our default
            "basis": document,
            **{name: seen.get(name, "") for name in ("seen", "seen_in", "seen_note")},
        }
        before = None if draft is None else _without_key(draft)
        row = {**(begun if before is None else {name: value for name, value in before.items() if value}), **codes}
        kept = Edit(drafts, key, before, row)
        if all(row.get(name) for name in NEEDED):
            whole = {name: value for name, value in row.items() if name in self.columns[self.codes]}
            edits = [Edit(self.codes, key, None, whole)]
            if draft is not None:
                edits.append(Edit(drafts, key, kept.was, None))
            self._check(edits[0])
            self.take(f"{self.label(document)}: coded", edits)
            return
        self.take(f"{self.label(document)}: {listed(codes)}", [kept])

    def uncode(self, document: str, version: str) -> None:
        """Take a version out of the case, or away from the drafts."""
        for table in (self.codes, f"drafts/{self.coder}.csv"):
            row = self.rows[table].get((document, version))
            if row is not None:
                edit = Edit(table, (document, version), _without_key(row), None)
                self.take(f"{self.label(document)}: no longer coded", [edit])

    def word(self, document: str, version: str, field: str, text: str, start: int, end: int) -> None:
        """Make a passage of a text the wording of a field; its place and hash are kept beside it.

        Raises
        ------
        StepError
            It is too long to quote.
        """
        words = " ".join(text[start:end].split())
        if long := too_long_to_quote(words):
            raise StepError(f"The passage {long}. Select fewer words.")
        digest = hashlib.sha256(text[start:end].encode("utf-8")).hexdigest()
        key = (document, version, field)
        held = self.rows["wordings.csv"].get(key)
        now = {"start": str(start), "end": str(end), "sha256": digest}
        self.code(document, version, **{field: words})
        was = None if held is None else {name: held[name] for name in now}
        self.take(f"{self.label(document)}: place of the {field}", [Edit("wordings.csv", key, was, now)])

    def set_document(self, document: str, **facts: str) -> None:
        """Change facts of a document: its date, kind, title, label, language."""
        row = self.rows["documents.csv"].get((document,))
        if row is None:
            raise StepError(f"'{document}' is no document of this case.")
        was = {name: row.get(name, "") for name in facts}
        self.take(f"{self.label(document)}: {listed(facts)}", [Edit("documents.csv", (document,), was, facts)])

    def cite(self, citing: str, cited: str, relation: str = "", evidence: str = "", **more: str) -> None:
        """Say that a document relies on another.

        Raises
        ------
        StepError
            There is no such document, the citation is coded already, the documents would rely on each other in a
            circle, or the dates do not allow it.
        """
        if (cited,) not in self.rows["documents.csv"]:
            near = did_you_mean(cited, (key[0] for key in self.rows["documents.csv"]))
            raise StepError(f"'{cited}' is no document of this case.{near}")
        relations = self.case.vocabularies["relation"]
        there = [key for key in self.rows["citations.csv"] if key[:2] == (citing, cited)]
        plain = [key for key in there if key[2] in ("links", "cites")]  # how it relies on it is not coded there
        if there and (relation in ("", "cites", *(key[2] for key in there)) or not plain):
            raise StepError(f"That {self.label(citing)} relies on {self.label(cited)} is coded already.")
        relation = relation or ("cites" if "cites" in relations else next(iter(relations)))
        seen = self.rows["documents.csv"][citing,]
        facts = {name: seen.get(name, "") for name in ("seen", "seen_in", "seen_note")}
        facts |= {"evidence": evidence or f"coded by {self.coder}", "evidence_type": "paraphrase", **more}
        what = f"{self.label(citing)} relies on {self.label(cited)}"
        edits: list[Edit] = []
        for key in plain:  # what an import found gets its relation, and keeps its words
            row = {
                name: value
                for name, value in self.rows["citations.csv"][key].items()
                if name not in self.keys["citations.csv"]
            }
            edits.append(Edit("citations.csv", key, row, None))
            if not evidence:
                facts |= {name: row.get(name, "") for name in ("evidence", "evidence_type")}
        self.take(what, [*edits, Edit("citations.csv", (citing, cited, relation), None, facts)])

    def uncite(self, citing: str, cited: str, relation: str) -> None:
        """Take back that a document relies on another."""
        key = (citing, cited, relation)
        row = self.rows["citations.csv"].get(key)
        if row is not None:
            was = {name: value for name, value in row.items() if name not in ("citing", "cited", "relation")}
            what = f"{self.label(citing)} does not rely on {self.label(cited)}"
            self.take(what, [Edit("citations.csv", key, was, None)])

    def undo(self) -> str:
        """Take back the last step of this coder, and return what it was; nothing where there is none."""
        return self._back(self.journal.to_undo(), "undone")

    def redo(self) -> str:
        """Take the last step again that was taken back, and return what it was; nothing where there is none."""
        return self._back(self.journal.to_redo(), "done again")

    def _back(self, number: int, how: str) -> str:
        if number < 0:
            return ""
        step = self.journal.steps[number]
        what = step.what.removesuffix(" (undone)")
        self.take(f"{what} ({how})", [edit.reversed() for edit in reversed(step.edits)], undoes=number)
        return what

    def add_term(self, vocabulary: str, term: str, title: str, description: str, **keys: Any) -> None:
        """Add a term to a vocabulary, with what it means.

        Raises
        ------
        StepError
            The term can't be used, is there already, or has no description.
        """
        path = self.folder / "datapackage.json"
        with alone(self._lock):
            package = json.loads(path.read_text("utf-8"))
            terms = package["woozle"]["vocabularies"].setdefault(vocabulary, {})
            if not ID.fullmatch(term):
                raise StepError(f"'{term}' can't be a term: a-z, 0-9 and _ only.")
            if term in terms:
                raise StepError(f"'{term}' is a term of {vocabulary} already.")
            if not description.strip():
                raise StepError(f"Say what '{term}' means.")
            facts: dict[str, Any] = {
                "title": title.strip() or term.replace("_", " "),
                "description": description.strip(),
            }
            if "rank" in schema.TERM_KEYS.get(vocabulary, ()):
                facts["rank"] = max((int(other["rank"]) for other in terms.values()), default=0) + 1
            if "class" in schema.TERM_KEYS.get(vocabulary, ()):
                classes = package["woozle"]["vocabularies"]["source_class"]
                if keys.get("class") not in classes:
                    raise StepError(f"Say what kind of speaker '{term}' is: {listed(classes)}.")
                facts["class"] = keys["class"]
            terms[term] = facts
            write_whole(path, json.dumps(package, ensure_ascii=False, indent=2) + "\n")
            describe(self.folder)
        self._open()

    def state_of(self, document: str) -> str:
        """Return how far a document is: coded, draft, undated or open."""
        row = self.rows["documents.csv"].get((document,), {})
        if not row.get("published"):
            return "undated"
        if (document, "1") in self.rows[self.codes]:
            return "coded"
        return "draft" if (document, "1") in self.rows[f"drafts/{self.coder}.csv"] else "open"

    def codes_of(self, document: str, version: str = "1") -> dict[str, str]:
        """Return the codes of a version as this coder has them: of the case, or of a draft."""
        for table in (self.codes, f"drafts/{self.coder}.csv"):
            row = self.rows[table].get((document, version))
            if row is not None:
                return dict(row)
        return {}

    def versions_of(self, document: str) -> list[str]:
        """Return the numbers of the versions of a document that this coder has."""
        held = [
            key[1]
            for table in (self.codes, f"drafts/{self.coder}.csv")
            for key in self.rows[table]
            if key[0] == document
        ]
        return sorted(set(held), key=int) or ["1"]

    def text_of(self, document: str) -> str:
        """Return the text of a document, which lies outside the case; nothing where there is none."""
        return text_of(self.folder, document)


def _without_key(row: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in row.items() if name not in ("document", "version")}
