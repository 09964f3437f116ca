"""What a report is about: a case as of a moment, or several cases; what its page, crate and manifest say of that."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from woozle import __version__
from woozle.model.cascade import Cascade
from woozle.notebook.english import listed_in_words
from woozle.notebook.study import Study
from woozle.notebook.tables import Table
from woozle.notebook.unfinished import TO_WRITE
from woozle.package.releases import change_in_words
from woozle.rows import records
from woozle.text import address, visible, when, zone_in_words


@dataclass(frozen=True, eq=False)
class About:
    """What a report is about.

    Attributes
    ----------
    study : Study
        Its title, question, authors, date.
    cascades : mapping
        By the name of the case, one or more.
    is_comparison : bool
        Whether it sets cases side by side.
    head : mapping
        `headline` and `standfirst`, as the story shows them; empty where they are not written yet.
    """

    study: Study
    cascades: Mapping[str, Cascade]
    is_comparison: bool = False
    head: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the case, or of the comparison."""
        return self.study.folder.name if self.is_comparison else self._first.case.name

    @property
    def version(self) -> str:
        """The version of the data; of a comparison, those of all cases."""
        if not self.is_comparison:
            return self._first.case.version
        return ", ".join(f"{name} {cascade.case.version}" for name, cascade in self.cascades.items())

    @property
    def title(self) -> str:
        """The title under which it is cited: that of the case where the author has not written one yet."""
        unwritten = TO_WRITE in self.study.title
        return self._first.case.title if unwritten else self.study.title

    @property
    def headline(self) -> str:
        """What a reader sees first: the headline of the story, or its title."""
        return self.head.get("headline") or self.title

    @property
    def description(self) -> str:
        """The story in two sentences, or its question."""
        return self.head.get("standfirst") or self.study.question

    @property
    def authors(self) -> tuple[str, ...]:
        """Who is cited as having written it."""
        return tuple(name for name in self.study.authors if TO_WRITE not in name)

    @property
    def licence(self) -> Mapping[str, str]:
        """Title and path of the licence; where cases have several, all titles."""
        found = {cascade.case.licence["title"]: cascade.case.licence for cascade in self.cascades.values()}
        if len(found) == 1:
            return next(iter(found.values()))
        return {"title": "; ".join(found), "path": "#licences"}

    @property
    def facts(self) -> list[str]:
        """What stands below the title."""
        told = [visible(", ".join(self.study.authors)), f"report of {self.study.date.isoformat()}"]
        cascade = self._first
        if not self.is_comparison:
            told.append(f"as of {when(cascade.moment, cascade.moment, cascade.clock)}")
        told.append(f"hops: {cascade.hops}{_left_out(cascade)}")
        return [*told, f"data: {'' if self.is_comparison else f'{self.name} '}{visible(self.data)}"]

    @property
    def data(self) -> str:
        """The version of the data, and what has changed in them since it was released."""
        told = []
        for name, cascade in self.cascades.items():
            changed = change_in_words(cascade.case.folder)
            version = f"{name} {cascade.case.version}" if self.is_comparison else cascade.case.version
            told.append(f"{version}, {changed}" if changed else version)
        return ", ".join(told)

    @property
    def log(self) -> list[dict[str, str]]:
        """What was mended in the data; of a comparison nothing, for each case has its own report."""
        if self.is_comparison:
            return []
        return [{key: visible(value) for key, value in row.items()} for row in records(self._first.case.log)]

    @property
    def sources(self) -> dict[str, Any]:
        """The documents of the case as rows for readers; of a comparison, its cases."""
        if not self.is_comparison:
            columns = {"document": "document", "title": "title", "days": "published", "language": "language"}
            documents = self._first.documents.reset_index()
            return Table(
                documents, self._first, "The documents of this case.", columns | {"seen": "how seen"}, "sources"
            ).rows
        facts = [
            [name, cascade.case.title, cascade.case.version, str(len(cascade.documents))]
            for name, cascade in self.cascades.items()
        ]
        frame = pd.DataFrame(facts, columns=["case", "what it is about", "version", "documents"])
        return Table(frame, None, "The cases.", list(map(str, frame)), "sources").rows

    @property
    def urls(self) -> list[str]:
        """The address of each row of `sources`; empty where it has none that can be opened."""
        if self.is_comparison:
            return [""] * len(self.cascades)
        return [address(url) for url in self._first.documents["url"]]

    @property
    def tables(self) -> dict[str, Path]:
        """The tables that can be downloaded from the page, by name."""
        found = {}
        for name, cascade in self.cascades.items():
            for table in ("documents", "citations", "claims", "outlets", "events"):
                prefix = f"{name}-" if self.is_comparison else ""
                found[f"{prefix}{table}.csv"] = cascade.case.folder / f"{table}.csv"
        return found

    @property
    def figures(self) -> dict[str, int]:
        """The figures that the front page shows."""
        from woozle.measure import headline

        names = ("documents", "carriers", "roots", "false", "corrections")
        sums: dict[str, int] = dict.fromkeys(names, 0)
        for cascade in self.cascades.values():
            found = headline(cascade)
            sums = {name: sums[name] + int(getattr(found, name)) for name in names}
        if not self.is_comparison:
            return sums
        return {"cases": len(self.cascades), "documents": sums["documents"], "carriers": sums["carriers"]}

    def folder_of(self, case: str) -> str:
        """Return where the package of a case lies in the folder of the report."""
        return f"package/{case}" if self.is_comparison else "package"

    def bibtex(self) -> str:
        """Return how to cite the report, as BibTeX."""
        year, key = self.study.date.year, re.sub(r"[^A-Za-z0-9]", "", self.name)
        authors = " and ".join(f"{{{_tex(name)}}}" for name in self.authors)
        authors = f"  author = {authors},\n" if authors else ""
        data = self.data if self.is_comparison else f"{self.name} {self.data}"
        moment = "" if self.is_comparison else f", as of {self._first.moment:%Y-%m-%d %H:%M} UTC"
        return (
            f"@misc{{{key}{year},\n  title = {{{_tex(self.headline)}}},\n{authors}"
            f"  year = {{{year}}},\n  note = {{woozle {__version__}, data {_tex(data)}{moment}}}\n}}\n"
        )

    def apa(self) -> str:
        """Return how to cite the report, in a sentence."""
        authors = ", ".join(self.authors) or "Unknown"
        return (
            f"{authors} ({self.study.date.year}, {self.study.date.day} {self.study.date:%B}). {self.headline} "
            f"[Case study, data {self.data}{self._moment}; woozle {__version__}]."
        )

    @property
    def _moment(self) -> str:
        """The moment of reading, for a citation; nothing where it is the latest."""
        return "" if self.is_comparison or self._first.as_of == "latest" else f", as of {self._first.moment:%Y-%m-%d}"

    def ris(self) -> str:
        """Return how to cite the report, as RIS."""
        lines = [("TY", "RPRT"), *(("AU", name) for name in self.authors), ("TI", self.headline)]
        lines += [("PY", str(self.study.date.year)), ("DA", self.study.date.strftime("%Y/%m/%d"))]
        lines += [("N1", f"woozle {__version__}, data {self.data}{self._moment}"), ("ER", "")]
        return "".join(f"{tag}  - {' '.join(visible(text).split())}\r\n" for tag, text in lines)

    @property
    def file_name(self) -> str:
        """The name of the one file that holds story and evidence."""
        return f"{self.name}-report.html"

    def setting(self, values: Mapping[str, Any]) -> str:
        """Return in words how the case was read, where that is not the usual way."""
        told = []
        if not self.is_comparison and values.get("as_of", "latest") != "latest":
            told.append(f"as of {when(self._first.moment, self._first.moment, self._first.clock)}")
        if self.is_comparison and values.get("cases", "all") != "all":
            told.append(f"comparing {listed_in_words([cascade.case.title for cascade in self.cascades.values()])}")
        if zone := str(values.get("time_zone", "")):
            told.append(f"with days as in {zone_in_words(zone)}")
        told += [words for name, usual, words in _UNUSUAL if values.get(name, usual) != usual]
        return f"Read {', '.join(told)}." if told else ""

    @property
    def _first(self) -> Cascade:
        return next(iter(self.cascades.values()))


def about(
    study: Study, cascades: Sequence[Cascade], is_comparison: bool, head: Mapping[str, str] | None = None
) -> About:
    """Return what a report is about; `head` is what the story shows as its headline and standfirst."""
    written = {name: text for name, text in (head or {}).items() if TO_WRITE not in text}
    return About(study, {cascade.case.folder.name: cascade for cascade in cascades}, is_comparison, written)


_UNUSUAL = (
    ("hops", "carrying", "with every citation counted as a source"),
    ("include_inferred", True, "without inferred links"),
    ("include_second_hand", True, "without what was seen at second hand"),
)


def _left_out(cascade: Cascade) -> str:
    chosen = {"inferred": cascade.include_inferred, "second-hand": cascade.include_second_hand}
    left = [name for name, included in chosen.items() if not included]
    return f", without {' and '.join(left)}" if left else ""


def _tex(text: str) -> str:
    return re.sub(r"([&%$#_{}~^\\])", lambda sign: rf"\{sign[1]}" if sign[1] in "&%$#_{}" else " ", visible(text))
