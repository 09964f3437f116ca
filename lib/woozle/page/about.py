"""What a report is about (a case as of a moment, several cases, a collection), for its page, crate and manifest."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from woozle import __version__
from woozle.errors import NotebookError
from woozle.model.cascade import READING
from woozle.notebook.english import listed_in_words
from woozle.notebook.unfinished import TO_WRITE
from woozle.page.outputs import head_of
from woozle.pictures import ABOUT
from woozle.text import visible, zone_in_words


@dataclass(frozen=True)
class About:
    """What a report is about, as its notebooks put it out (`woozle.notebook.about`).

    Attributes
    ----------
    name : str
        Of the case, or of the comparison.
    title, claim, question : str
        As in `case.yaml`; the title of the data where nobody has written one yet.
    authors : list of str
        Who is cited as having written it.
    date : str
        Of the report, in ISO 8601.
    version : str
        Of the data; of a comparison, those of all cases.
    data : str
        The same, with what has changed since the data were released.
    licence : mapping
        Title and path; where cases have several, all titles.
    facts : list of str
        What stands below the title.
    log : list of mapping
        The corrections of the data; empty for a comparison, because each case has its own report.
    sources : mapping
        The documents of the case as rows for readers; of a comparison, its cases.
    urls : list of str
        The address of each row of `sources`; empty where it has none that can be opened.
    figures : mapping
        The headline figures by name, for the front page and for the index of a sweep.
    moment, moment_utc : str
        The moment of reading: in words, empty where it is the latest; and in UTC.
    kind : str
        `collection` for a report on posts, else `case`, also for a comparison (see `is_comparison`).
    compared : list of str
        The titles of the cases that are compared; empty in the report of one case.
    thumbnail : mapping, optional
        The small chart of the front page.
    head : mapping
        `headline` and `standfirst`, as the story shows them; empty where they are not written yet.
    """

    name: str
    title: str
    claim: str
    question: str
    authors: Sequence[str]
    date: str
    version: str
    data: str
    licence: Mapping[str, str]
    facts: Sequence[str]
    log: Sequence[Mapping[str, str]]
    sources: Mapping[str, Any]
    urls: Sequence[str]
    figures: Mapping[str, int]
    moment: str = ""
    moment_utc: str = ""
    kind: str = "case"
    compared: Sequence[str] = ()
    thumbnail: Mapping[str, Any] | None = None
    head: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def is_comparison(self) -> bool:
        """Whether it sets cases side by side."""
        return bool(self.compared)

    @property
    def headline(self) -> str:
        """What a reader sees first: the headline of the story, or its title."""
        return self.head.get("headline") or self.title

    @property
    def description(self) -> str:
        """The story in two sentences, or its question."""
        return self.head.get("standfirst") or self.question

    @property
    def file_name(self) -> str:
        """The name of the one file that holds story and evidence."""
        return f"{self.name}-report.html"

    def folder_of(self, case: str) -> str:
        """Return where the package of a case lies in the folder of the report."""
        return f"package/{case}" if self.is_comparison else "package"

    def tables(self, folders: Sequence[Path]) -> dict[str, Path]:
        """Return the tables of the cases in these folders that can be downloaded from the page, by name."""
        return {
            f"{f'{folder.name}-' if self.is_comparison else ''}{table}.csv": folder / f"{table}.csv"
            for folder in folders
            for table in ("documents", "citations", "claims", "outlets", "events")
        }

    def bibtex(self) -> str:
        """Return how to cite the report, as BibTeX."""
        key = re.sub(r"[^A-Za-z0-9]", "", self.name)
        authors = " and ".join(f"{{{_tex(name)}}}" for name in self.authors)
        authors = f"  author = {authors},\n" if authors else ""
        data = self.data if self.is_comparison else f"{self.name} {self.data}"
        moment = "" if self.is_comparison else f", as of {self.moment_utc} UTC"
        return (
            f"@misc{{{key}{self._day.year},\n  title = {{{_tex(self.headline)}}},\n{authors}"
            f"  year = {{{self._day.year}}},\n  note = {{woozle {__version__}, data {_tex(data)}{moment}}}\n}}\n"
        )

    def apa(self) -> str:
        """Return how to cite the report, in a sentence."""
        authors = ", ".join(self.authors) or "Unknown"
        return (
            f"{authors} ({self._day.year}, {self._day.day} {self._day:%B}). {self.headline} "
            f"[{'Report on a collection' if self.kind == 'collection' else 'Case study'}, data "
            f"{self.data}{self._cited_moment}; woozle {__version__}]."
        )

    def ris(self) -> str:
        """Return how to cite the report, as RIS."""
        lines = [("TY", "RPRT"), *(("AU", name) for name in self.authors), ("TI", self.headline)]
        lines += [("PY", str(self._day.year)), ("DA", self._day.strftime("%Y/%m/%d"))]
        lines += [("N1", f"woozle {__version__}, data {self.data}{self._cited_moment}"), ("ER", "")]
        return "".join(f"{tag}  - {' '.join(visible(text).split())}\r\n" for tag, text in lines)

    def setting(self, values: Mapping[str, Any]) -> str:
        """Return in words how the case was read, where that is not the usual way."""
        ways = [f"as of {self.moment}"] if self.moment else []
        if values.get("cases", "all") != "all":
            ways.append(f"comparing {listed_in_words(list(self.compared))}")
        if zone := str(values.get("time_zone", "")):
            ways.append(f"with days as in {zone_in_words(zone)}")
        ways += [
            parameter.metadata["unusual"]
            for name, parameter in READING.items()
            if parameter.metadata["unusual"] and values.get(name, parameter.default) != parameter.default
        ]
        return f"Read {', '.join(ways)}." if ways else ""

    @property
    def _day(self) -> datetime.date:
        return datetime.date.fromisoformat(self.date)

    @property
    def _cited_moment(self) -> str:
        """The moment of reading, for a citation; nothing where it is the latest."""
        return f", as of {self.moment_utc.partition(' ')[0]}" if self.moment else ""


def take_about(notebooks: Sequence[nbformat.NotebookNode]) -> About:
    """Return what a report is about, and take it out of its notebooks, story and evidence.

    Raises
    ------
    NotebookError
        No cell of the notebooks says what the report is about.
    """
    facts: dict[str, Any] | None = None
    for notebook in notebooks:
        for cell in notebook.cells:
            for output in [output for output in cell.get("outputs", ()) if ABOUT in output.get("data", {})]:
                facts = facts or dict(output.data[ABOUT])
                cell.outputs.remove(output)
    if facts is None:
        raise NotebookError(
            "The notebook does not say which case it is about. Let its first cell after the parameters be:\n"
            "  from woozle.notebook import begin\n"
            '  study, tell = begin("name_of_the_case", globals())'
        )
    head = {name: text for name, text in head_of(notebooks[0]).items() if TO_WRITE not in text}
    return About(**facts, head=head)


def _tex(text: str) -> str:
    return re.sub(r"([&%$#_{}~^\\])", lambda sign: rf"\{sign[1]}" if sign[1] in "&%$#_{}" else " ", visible(text))
