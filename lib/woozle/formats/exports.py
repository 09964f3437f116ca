"""A case in the forms of other tools: networks, timelines, fact-checks, provenance, threat reports, bibliographies.

Each format says what it can't hold; nothing is dropped in silence. All are made from the tables of the case alone. The
bytes are the same each time, except for the workbook, which holds the moment at which it was written.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from woozle.errors import WoozleError, did_you_mean, listed
from woozle.formats import linked, references
from woozle.formats.encoding import extra
from woozle.formats.json_files import as_json
from woozle.rows import records, records_by_id

if TYPE_CHECKING:
    import networkx
    import pandas as pd

    from woozle.model.case import Case

_NODE = ("label", "title", "url", "outlet_name", "country", "kind", "language", "published", "author", "seen")
_LEAD = ("stance", "said_by", "modality", "certainty", "accuracy", "wording")
_EDGE = ("relation", "evidence", "seen", "confidence")
_SECOND = "second and further versions of the claim in one document"
_TIMES = "narrowed times (the dates are those that were coded)"


@dataclass(frozen=True)
class Export:
    """A format that a case can be written in.

    Attributes
    ----------
    name, title, suffix : str
        What a user types, what it is called, and how the file ends.
    loses : tuple of str
        What it can't hold.
    write : callable
        Gets the case and the claim in one sentence, and returns the bytes of the file.
    """

    name: str
    title: str
    suffix: str
    loses: tuple[str, ...]
    write: Callable[[Case, str], bytes]


def graph_of(case: Case) -> networkx.DiGraph:
    """Return the network of a case: a node for each document, and an edge from each citing document to the cited one.

    Attributes of nodes are those of the document and of its first version of the claim; all are texts.

    Examples
    --------
    >>> import woozle
    >>> graph = graph_of(woozle.open("jang_dogs_2013"))
    >>> graph.number_of_nodes() == len(woozle.open("jang_dogs_2013").documents)
    True
    """
    import networkx

    graph = networkx.DiGraph(title=case.title, direction="cites")
    leads = case.lead_facts
    for name, facts in records_by_id(case.documents).items():
        told = {key: str(facts[key]) for key in _NODE} | {"outlet": str(facts["outlet_name"])}
        told |= {key: str(leads[name][key]) for key in _LEAD if name in leads}
        graph.add_node(name, **{key: value for key, value in told.items() if value})
    for row in records(case.citations):
        facts = {key: str(row[key]) for key in _EDGE if row[key]}
        if graph.has_edge(row["citing"], row["cited"]):  # two relations between two documents
            had = graph.edges[row["citing"], row["cited"]]
            had["relation"] = f"{had['relation']}; {facts['relation']}"
        else:
            graph.add_edge(row["citing"], row["cited"], **facts)
    return graph


def _graphml(case: Case, claim: str) -> bytes:
    import networkx

    out = io.BytesIO()
    networkx.write_graphml(graph_of(case), out)
    return out.getvalue() + b"\n"


def _gexf(case: Case, claim: str) -> bytes:
    import networkx

    graph = graph_of(case)
    for _, facts in graph.nodes(data=True):
        facts.setdefault("label", "")
    text = "\n".join(networkx.generate_gexf(graph))
    # The library writes the day on which it ran.
    return re.sub(r' lastmodifieddate="[^"]*"', "", text).encode() + b"\n"


def _cytoscape(case: Case, claim: str) -> bytes:
    import networkx

    return as_json(networkx.cytoscape_data(graph_of(case)))


def _edges(case: Case, claim: str) -> bytes:
    frame = case.citations.rename(columns={"citing": "source", "cited": "target"})
    times = case.documents["published"]
    frame.insert(2, "date", times.reindex(frame["source"]).to_numpy())
    return frame.to_csv(index=False, lineterminator="\n").encode()


def _timeline(case: Case, claim: str) -> bytes:
    """Return a timeline for TimelineJS: a slide for each document, at the earliest moment that its date allows."""
    events = []
    for facts in records(case.documents.reset_index()):
        begun, ended = facts["coded_earliest"], facts["coded_latest"]
        slide: dict[str, Any] = {
            "unique_id": facts["document"],
            "start_date": _parts(begun, facts["published"]),
            "display_date": _shown(facts["published"]),
            "text": {"headline": _escaped(facts["title"] or facts["label"]), "text": _escaped(facts["outlet_name"])},
        }
        if "/" in facts["published"] or facts["published"][-1] in "~?":
            slide["end_date"] = _parts(ended, facts["published"])
        if facts["url"]:
            slide["media"] = {"url": facts["url"], "credit": _escaped(facts["outlet_name"])}
        events.append(slide)
    title = {"text": {"headline": _escaped(case.title), "text": _escaped(claim)}}
    return as_json({"title": title, "events": events})


def _parts(moment: pd.Timestamp, coded: str) -> dict[str, int]:
    """Return a moment in the parts that its date names: year, month, day, with hour and minute where it has a time."""
    exact = coded.partition("/")[0].rstrip("~?")
    names = ("year", "month", "day", "hour", "minute")
    known = 5 if "T" in exact else len(exact.split("-"))
    local = moment.date() if known < 4 else moment
    if known < 4:  # a day as it is coded, and not as it is in UTC
        numbers = [int(part) for part in exact.split("-")]
        return dict(zip(names, numbers, strict=False)) if "/" not in coded and coded[-1] not in "~?" else {
            "year": local.year, "month": local.month, "day": local.day
        }  # fmt: skip
    return {name: getattr(moment, name) for name in names}


def _shown(coded: str) -> str:
    from woozle import dates

    return dates.in_words(coded) + (" UTC" if coded.endswith("Z") else "")


def _escaped(text: object) -> str:
    """Return a text that TimelineJS, which reads HTML, shows as it is."""
    import html

    return html.escape(str(text), quote=False)


def _parquet(case: Case, claim: str) -> bytes:
    """Return all tables as Parquet files, in a zip."""
    extra("pyarrow", "Parquet")
    frames = {
        "documents": case.documents.reset_index(), "citations": case.citations, "claims": case.claims.reset_index(),
        "outlets": case.outlets.reset_index(), "events": case.events.reset_index(),
    }  # fmt: skip
    files = {}
    for name, frame in frames.items():
        out = io.BytesIO()
        frame.to_parquet(out, index=False)
        files[f"{name}.parquet"] = out.getvalue()
    return zipped(files)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return files in a zip that is the same each time."""
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(info, files[name])
    return out.getvalue()


def _xlsx(case: Case, claim: str) -> bytes:
    import tempfile
    from pathlib import Path

    from woozle.formats.workbook import write_workbook

    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "case.xlsx"
        write_workbook(case.folder, path)
        return path.read_bytes()


_NETWORK = (_SECOND, _TIMES, "events", "slots and their wordings", "translations")
_LIST = ("who relies on whom", "claims", "events", "hours of dates")
_SLIDES = (
    "who relies on whom",
    "claims",
    "how sure a date is, except in the date shown; a month or year begins on its first day",
)
_CHECKS = (
    "a rating (woozle gives none)",
    "who relies on whom",
    "documents that state the claim without being false",
    "addresses that are not known",
)
_THREATS = (
    "documents without an address",
    "claims",
    "events",
    "DISARM techniques, unless a term of the package names one under the key disarm",
)
_TABLES = ("vocabularies", "the log", "second codings")
EXPORTS: tuple[Export, ...] = (
    Export("graphml", "GraphML", ".graphml", _NETWORK, _graphml),
    Export("gexf", "GEXF (Gephi)", ".gexf", _NETWORK, _gexf),
    Export("cytoscape", "Cytoscape JSON", ".cyjs", _NETWORK, _cytoscape),
    Export("edges", "edge list (CSV)", ".csv", ("documents, except id and date", "claims", "events"), _edges),
    Export("timelinejs", "TimelineJS JSON", ".json", _SLIDES, _timeline),
    Export("claimreview", "ClaimReview (JSON-LD)", ".json", _CHECKS, linked.write_claimreview),
    Export("prov", "PROV-O (JSON-LD)", ".jsonld", ("claims", "events", "vocabularies"), linked.write_prov),
    Export("stix", "STIX 2.1, with DISARM ids", ".json", _THREATS, linked.write_stix),
    Export("csl", "CSL JSON (Zotero)", ".json", _LIST, references.write_csl),
    Export("bibtex", "BibLaTeX", ".bib", _LIST, references.write_bibtex),
    Export("parquet", "Parquet, a file for each table (zip)", ".zip", _TABLES, _parquet),
    Export("xlsx", "Excel workbook, as woozle sheet writes it", ".xlsx", _TABLES[1:], _xlsx),
)


def export_named(name: str) -> Export:
    """Return a form by its name.

    Raises
    ------
    WoozleError
        No format has this name.
    """
    by_name = {one.name: one for one in EXPORTS}
    if name not in by_name:
        wrong = f"There is no format '{name}' to write.{did_you_mean(name, by_name)}" if name else "Name a format."
        raise WoozleError(f"{wrong} Known: {listed((*by_name, 'zip'), most=40)}.")
    return by_name[name]


def losses(case: Case, export: Export) -> list[str]:
    """Return what of this case a format can't hold; what the case does not have is not listed.

    Examples
    --------
    >>> import woozle
    >>> "events" in losses(woozle.open("jang_dogs_2013"), export_named("graphml"))
    True
    """
    absent = {
        "events": case.events.empty,
        "claims": case.claims.empty,
        _SECOND: case.claims.empty or not (case.claims.index.get_level_values("version") > 1).any(),
        "second codings": not case.codings,
        "the log": case.log.empty,
        "slots and their wordings": not case.slots,
        "translations": case.claims.empty or not (case.claims["translation"] != "").any(),
        "documents without an address": bool((case.documents["url"] != "").all()),
        "addresses that are not known": bool((case.documents["url"] != "").all()),
    }
    told = [loss for loss in export.loses if not absent.get(loss)]
    if len(case.undated):
        told.append(
            "1 document without a date" if len(case.undated) == 1 else f"{len(case.undated)} documents without a date"
        )
    return told
