"""What a report is about, as plain facts: the first cell of a notebook puts them out, and the page takes them up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from woozle.measure import headline
from woozle.model.cascade import Cascade
from woozle.notebook.study import Study
from woozle.notebook.tables import Table
from woozle.notebook.unfinished import TO_WRITE
from woozle.package.releases import change_in_words
from woozle.pictures import ABOUT, for_report
from woozle.rows import records
from woozle.text import address, visible, when

_FRONT = ("documents", "carriers", "roots", "false", "corrections")  # the figures of the front page and of a sweep


def put_out(facts: Callable[[], dict[str, Any]]) -> None:
    """Put out what a report is about, where one is built; in a notebook that somebody reads nothing is shown."""
    if for_report():
        from IPython.display import display

        display({ABOUT: facts()}, raw=True)


def about_case(study: Study, cascade: Cascade) -> dict[str, Any]:
    """Return what the report of a case is about; see `woozle.page.about.About`."""
    from woozle.notebook.figures import thumbnail

    columns = {"document": "document", "title": "title", "days": "published", "language": "language"}
    documents = cascade.documents.reset_index()
    sources = Table(documents, cascade, "The documents of this case.", columns | {"seen": "how seen"}, "sources")
    case, moment = cascade.case, when(cascade.moment, cascade.moment, cascade.clock)
    data = _data({case.name: cascade}, named=False)
    return _of_study(study) | {
        "name": case.name,
        "title": case.title if TO_WRITE in study.title else study.title,
        "version": case.version,
        "data": data,
        "licence": dict(case.licence),
        "facts": [*_by(study), *_read(cascade, f"as of {moment}"), f"data: {case.name} {visible(data)}"],
        "log": [{key: visible(value) for key, value in row.items()} for row in records(case.log)],
        "sources": sources.rows,
        "urls": [address(url) for url in cascade.documents["url"]],
        "figures": _figures(cascade),
        "moment": "" if cascade.as_of == "latest" else moment,
        "moment_utc": f"{cascade.moment:%Y-%m-%d %H:%M}",
        "thumbnail": thumbnail(cascade),
    }


def about_comparison(study: Study, cascades: Mapping[str, Cascade]) -> dict[str, Any]:
    """Return what the report of a comparison is about; see `woozle.page.about.About`."""
    cases = {name: cascade.case for name, cascade in cascades.items()}
    facts = [[name, case.title, case.version, str(len(case.documents))] for name, case in cases.items()]
    frame = pd.DataFrame(facts, columns=["case", "what it is about", "version", "documents"])
    licences = {case.licence["title"]: dict(case.licence) for case in cases.values()}
    one = next(iter(licences.values()))
    data = _data(cascades, named=True)
    sums = pd.DataFrame([_figures(cascade) for cascade in cascades.values()]).sum()
    return _of_study(study) | {
        "name": study.folder.name,
        "title": study.title,
        "version": ", ".join(f"{name} {case.version}" for name, case in cases.items()),
        "data": data,
        "licence": one if len(licences) == 1 else {"title": "; ".join(licences), "path": "#licences"},
        "facts": [*_by(study), *_read(next(iter(cascades.values()))), f"data: {visible(data)}"],
        "log": [],  # each case has its own report
        "sources": Table(frame, None, "The cases.", list(map(str, frame)), "sources").rows,
        "urls": [""] * len(cases),
        "figures": {"cases": len(cases), **{name: int(sums[name]) for name in ("documents", "carriers")}},
        "compared": [case.title for case in cases.values()],
    }


def _of_study(study: Study) -> dict[str, Any]:
    return {
        "claim": study.claim,
        "question": study.question,
        "authors": [name for name in study.authors if TO_WRITE not in name],
        "date": study.date.isoformat(),
    }


def _by(study: Study) -> list[str]:
    return [visible(", ".join(study.authors)), f"report of {study.date.isoformat()}"]


def _read(cascade: Cascade, *moment: str) -> list[str]:
    """Return how a case was read, in words."""
    left = f", without {' and '.join(cascade.left_out)}" if cascade.left_out else ""
    return [*moment, f"hops: {cascade.hops}{left}"]


def _data(cascades: Mapping[str, Cascade], named: bool) -> str:
    """Return the versions of the data, and what has changed in them since they were released."""
    versions = []
    for name, cascade in cascades.items():
        changed = change_in_words(cascade.case.folder)
        version = f"{name} {cascade.case.version}" if named else cascade.case.version
        versions.append(f"{version}, {changed}" if changed else version)
    return ", ".join(versions)


def _figures(cascade: Cascade) -> dict[str, int]:
    counted = headline(cascade)
    return {name: int(getattr(counted, name)) for name in _FRONT}
