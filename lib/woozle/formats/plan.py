"""What an import would change in a case; it is shown before anything is written."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from woozle.errors import WoozleError
from woozle.files import alone, write_whole
from woozle.formats.items import Note
from woozle.formats.texts import Texts
from woozle.locate import short
from woozle.package import codebook
from woozle.package.csv_files import TableFile

FOLDER = "imports"  # in the package: where each document came from, what is missing, what was left out


@dataclass
class Plan:
    """What an import would change in a case; nothing is written before `write`.

    Attributes
    ----------
    folder : Path
        Of the package.
    added : list of str
        The ids of new documents.
    citations : int
        How many citations are new.
    filled : list of (document, column, value)
        Empty cells of documents that the case had, which are filled.
    conflicts : list of Note
        Where a file contradicts the case; the case keeps its own value.
    missing : int
        How many replies, quotes, reposts and citations lead to documents that are missing; their addresses are kept.
    merged : int
        How many rows repeat a document that this import brought already.
    known : int
        How many documents of the files the case had already.
    undated : list of str
        New documents without a date: they wait until one is given.
    notes : list of Note
        What was left out or mended.
    texts : Texts
        The texts of documents.
    terms : dict
        Terms of the ready vocabularies that the case lacked, by vocabulary and term.
    clocks : bool
        Whether a citation was left out between documents whose times name no zone. Then a zone for the whole file may
        help.
    """

    folder: Path
    tables: dict[str, TableFile]
    added: list[str] = field(default_factory=list[str])
    citations: int = 0
    filled: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    conflicts: list[Note] = field(default_factory=list[Note])
    missing: int = 0
    merged: int = 0
    known: int = 0
    undated: list[str] = field(default_factory=list[str])
    notes: list[Note] = field(default_factory=list[Note])
    texts: Texts = field(default_factory=Texts)
    terms: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict[tuple[str, str], dict[str, Any]])
    clocks: bool = False

    @property
    def changes(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.added or self.citations or self.filled or self.missing)

    def write(self) -> None:
        """Write all tables: each completely or not at all, and each before those that refer to it.

        Raises
        ------
        WoozleError
            It can't be written.
        """
        try:
            with alone(self.folder.with_name(f".{self.folder.name}.lock")):
                if self.terms:
                    self._write_terms()
                (self.folder / FOLDER).mkdir(exist_ok=True)
                for name, table in self.tables.items():
                    table.write(self.folder / f"{name}.csv")
                codebook.describe(self.folder)
                self.texts.write(self.folder)
        except OSError as error:
            raise WoozleError(f"{short(self.folder)} can't be written: {error.strerror}.") from error

    def _write_terms(self) -> None:
        path = self.folder / "datapackage.json"
        package = json.loads(path.read_text("utf-8"))
        for (vocabulary, term), facts in self.terms.items():
            package["woozle"]["vocabularies"].setdefault(vocabulary, {}).setdefault(term, facts)
        write_whole(path, json.dumps(package, ensure_ascii=False, indent=2) + "\n")
