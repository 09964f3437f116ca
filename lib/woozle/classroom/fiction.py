"""Made-up towns, outlets and rumours, and the packages that they stand in. Nothing in them is real."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from woozle.classroom.rng import Dice
from woozle.package import schema

_STARTS = [
    "Al",
    "Bel",
    "Cor",
    "Dra",
    "El",
    "Fen",
    "Gal",
    "Hol",
    "Is",
    "Jor",
    "Kar",
    "Lor",
    "Mar",
    "Nol",
    "Or",
    "Pel",
    "Quen",
    "Ros",
    "Sel",
    "Tor",
    "Ul",
    "Var",
    "Wen",
    "Yar",
    "Zel",
]
_MIDDLES = ["a", "e", "i", "o", "u", "an", "en", "in", "or", "ar"]
_ENDS = [
    "dale",
    "dor",
    "fell",
    "gate",
    "ham",
    "holm",
    "lund",
    "mere",
    "mont",
    "ness",
    "rick",
    "sund",
    "thorpe",
    "vale",
    "wick",
]
_PAPERS = [
    "Courier",
    "Herald",
    "Gazette",
    "Post",
    "Times",
    "Observer",
    "Chronicle",
    "Mirror",
    "Tribune",
    "Echo",
    "Star",
    "Argus",
    "Ledger",
    "Dispatch",
]
_AUTHORITIES = (
    "Port Authority", "Water Board", "Railway Office", "Forest Service", "Bridge Commission", "Tram Company",
    "Museum Board", "Harbour Office", "Hospital Trust", "Market Council",
)  # fmt: skip
# What an authority is said to do: "to close the ...", "closing the ...".
_ACTS = (
    ("close", "closing"), ("sell", "selling"), ("move", "moving"), ("rent out", "renting out"), ("rebuild", "rebuilding"),
    ("give up", "giving up"),
)  # fmt: skip
_THINGS = (
    "the old quay", "the north depot", "the river ferry", "the central hall", "the east tower", "the winter garden",
    "the upper lock", "the night line", "the long pier", "the grain store", "the clock house", "the south gate",
)  # fmt: skip
# Languages in Latin letters, each with three time zones, so that one moment can fall on two days.
ZONES = {
    "en": ("Europe/London", "America/New_York", "Australia/Sydney"),
    "fr": ("Europe/Paris", "America/Montreal", "Pacific/Noumea"),
    "es": ("Europe/Madrid", "America/Mexico_City", "America/Lima"),
    "pt": ("Europe/Lisbon", "America/Sao_Paulo", "Africa/Maputo"),
    "id": ("Asia/Jakarta", "Asia/Jayapura", "Asia/Makassar"),
}
LADDER = ("hypothetical", "possible", "expected", "planned", "pledged", "announced", "occurred")


def _terms(**words: str | tuple[str, dict]) -> dict[str, dict]:
    terms = {}
    for rank, (word, description) in enumerate(words.items()):
        title, facts = description if isinstance(description, tuple) else (description, {})
        terms[word] = {"title": title, "description": title, "rank": rank, **facts}
    return terms


VOCABULARIES = {
    "outlet_kind": _terms(official="official", wire="news agency", newspaper="newspaper", broadcaster="broadcaster"),
    "document_kind": _terms(source=("unnamed source", {"role": "unpublished"}), statement="statement", news="news"),
    "relation": _terms(
        quotes="quotes", attributes="attributes", repeats="repeats", relies_on="relies on", presupposes="presupposes",
        drops_hedge="drops words of doubt", misattributes="names another source", mistranslates="translates wrongly",
        background="background", debunks=("corrects", {"role": "check"}),
    ),
    "stance": _terms(
        asserts="asserts", relays="passes on", context="context", debunks=("corrects", {"role": "correction"}),
    ),
    "said_by": _terms(
        official=("an unnamed official", {"class": "unnamed"}), agency=("the news agency", {"class": "outlet"}),
        authority=("the authority", {"class": "institution", "actor": True}),
    ),
    "source_class": _terms(unnamed="unnamed", outlet="outlet", institution="institution"),
    "modality": _terms(none="claim not stated", **{word: word for word in LADDER}),
    "certainty": _terms(possible="possible", probable="probable", certain="certain"),
    "accuracy": _terms(**{word: word for word in schema.ACCURACY}),
    "seen": _terms(**{word: word for word in schema.SEEN}),
    "evidence_type": _terms(quotation="quotation"),
}  # fmt: skip


@dataclass
class Rumour:
    """A made-up rumour as it is told: its people, and its tables as they grow."""

    dice: Dice
    town: str = ""
    authority: str = ""
    act: tuple[str, str] = ("", "")
    thing: str = ""
    start: datetime = datetime(2020, 1, 1, tzinfo=UTC)
    tables: dict[str, list[dict]] = field(default_factory=lambda: {name: [] for name in schema.tables()})

    @classmethod
    def drawn(cls, dice: Dice) -> Rumour:
        """Return a rumour with names, a matter and a day of its own."""
        town = dice.choice(_STARTS) + dice.choice(_MIDDLES) + dice.choice(_ENDS)
        day = datetime(
            dice.between(2012, 2023), dice.between(1, 12), dice.between(1, 28), dice.between(5, 9), tzinfo=UTC
        )
        start = day + timedelta(minutes=dice.below(60))
        return cls(dice, town, f"{town} {dice.choice(_AUTHORITIES)}", dice.choice(_ACTS), dice.choice(_THINGS), start)

    @property
    def does(self) -> str:
        """What it is said to do: "close the old quay"."""
        return f"{self.act[0]} {self.thing}"

    def outlet(self, kind: str = "newspaper", zone: str = "Etc/UTC", name: str = "") -> str:
        """Add an outlet and return its id."""
        taken = {row["name"] for row in self.tables["outlets"]}
        while not name or name in taken:
            place = self.dice.choice(_STARTS) + self.dice.choice(_MIDDLES) + self.dice.choice(_ENDS)
            name = f"{place} {'News Agency' if kind == 'wire' else self.dice.choice(_PAPERS)}"
        outlet = name.lower().replace(" ", "_")
        self.tables["outlets"].append({"id": outlet, "name": name, "kind": kind, "time_zone": zone})
        return outlet

    def document(
        self, outlet: str, published: datetime | str, kind: str = "news", language: str = "en", name: str = ""
    ) -> str:
        """Add a document of an outlet and return its id; a moment is written in the zone of the outlet."""
        row = next(row for row in self.tables["outlets"] if row["id"] == outlet)
        if isinstance(published, datetime):
            published = published.astimezone(ZoneInfo(row["time_zone"])).isoformat(timespec="minutes")
        document = name or outlet
        taken = {row["id"] for row in self.tables["documents"]}
        number = 2
        while document in taken:
            document, number = f"{name or outlet}_{number}", number + 1
        facts = {"id": document, "outlet": outlet, "label": row["name"], "kind": kind, "language": language}
        self.tables["documents"].append(facts | {"published": published, "seen": "page"})
        return document

    def cites(self, citing: str, cited: str, relation: str = "attributes", evidence: str = "") -> None:
        """Add a citation."""
        label = next(row["label"] for row in self.tables["documents"] if row["id"] == cited)
        facts = {"citing": citing, "cited": cited, "relation": relation, "evidence_type": "quotation", "seen": "page"}
        self.tables["citations"].append(facts | {"evidence": evidence or f"as {label} reports"})

    def says(self, document: str, modality: str = "expected", said_by: str = "official", **other: str) -> None:
        """Add the version of the claim in a document."""
        facts = {"document": document, "version": "1", "stance": "asserts", "modality": modality, "said_by": said_by}
        rest = {"certainty": "probable", "accuracy": "unverified", "basis": document, "seen": "page"}
        self.tables["claims"].append(facts | rest | other)

    def write(self, folder: Path, hidden: Iterable[str] = ()) -> None:
        """Write the data package; the versions of the documents in `hidden` are left out."""
        write_package(folder, f"{self.authority} is to {self.does}", self.authority, self.tables, hidden)


def write_package(
    folder: Path, title: str, actor: str, tables: Mapping[str, list[dict]], hidden: Iterable[str] = ()
) -> None:
    """Write a data package of a made-up case."""
    folder.mkdir(parents=True, exist_ok=True)
    hidden, described = set(hidden), []
    for name, table in schema.tables().items():
        rows = [row for row in tables[name] if not (name == "claims" and row["document"] in hidden)]
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(table.columns), restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(sorted(rows, key=lambda row: [str(row.get(key, "")) for key in table.key]))
        fields = []
        for column, rule in table.columns.items():
            given = {"required": rule.required} | ({"enum": list(VOCABULARIES[rule.of])} if rule.kind == "term" else {})
            fields.append({"name": column, "type": "string", "constraints": given})
        shape = {"fields": fields, "primaryKey": list(table.key), "missingValues": [""]}
        described.append({"name": name, "path": f"{name}.csv", "type": "table", "schema": shape})
    package = {
        "name": folder.name,
        "title": title,
        "description": "A made-up case for an assignment. Towns, outlets, people and events are not real.",
        "version": "1.0.0",
        "resources": described,
        "woozle": {
            "format": schema.FORMAT,
            "actor": actor,
            "conversion_from": "pledged",
            "slots": [],
            "vocabularies": VOCABULARIES,
            "log": [],
        },
    }
    text = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
    (folder / "datapackage.json").write_text(text, "utf-8", newline="\n")
