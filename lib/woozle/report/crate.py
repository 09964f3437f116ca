"""The report as an RO-Crate: what it holds, what it was made from, by whom, under which licence."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import unquote

from woozle import __version__
from woozle.errors import WoozleError
from woozle.notebook.unfinished import TO_WRITE
from woozle.page.about import About

METADATA = "ro-crate-metadata.json"
_ROOT = ("name", "description", "datePublished", "license", "hasPart")  # what RO-Crate 1.1 requires, and we promise
_TYPES = {
    ".html": "text/html", ".ipynb": "application/x-ipynb+json", ".csv": "text/csv", ".json": "application/json",
    ".svg": "image/svg+xml", ".png": "image/png", ".md": "text/markdown",
}  # fmt: skip


def write_crate(folder: Path, about: About) -> None:
    """Write `ro-crate-metadata.json` for the files of a report, and read it back.

    The date is that of `case.yaml` or `comparison.yaml`, so that the same inputs give the same bytes.

    Raises
    ------
    WoozleError
        Something that RO-Crate requires is missing.
    """
    from rocrate.model.contextentity import ContextEntity
    from rocrate.model.person import Person
    from rocrate.rocrate import ROCrate

    crate = ROCrate(gen_preview=False)
    licence = crate.add(
        ContextEntity(crate, about.licence["path"], {"@type": "CreativeWork", "name": about.licence["title"]})
    )
    people = [crate.add(Person(crate, f"#{number}", {"name": name})) for number, name in enumerate(about.authors, 1)]
    texts = [text for text in (about.claim, about.question) if TO_WRITE not in text]
    crate.name, crate.description = about.title, " ".join(texts).strip() or about.title
    crate.root_dataset["datePublished"] = about.date
    crate.root_dataset["license"], crate.root_dataset["author"] = licence, people
    crate.root_dataset["version"] = about.data
    files = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        facts = {"name": name, "contentSize": str(path.stat().st_size)}
        facts["encodingFormat"] = _TYPES.get(path.suffix, "application/octet-stream")
        files[name] = crate.add_file(path, dest_path=name, properties=facts)
    tool = crate.add(
        ContextEntity(
            crate, "#woozle", {"@type": "SoftwareApplication", "name": "woozle", "softwareVersion": __version__}
        )
    )
    made = {
        "@type": "CreateAction",
        "name": "papermill ran the notebooks on the data package",
        "instrument": tool,
        "object": [file for name, file in files.items() if name.startswith("package/")],
        "result": [files[name] for name in ("index.html", "notebook.ipynb", "evidence.html", "evidence.ipynb")],
        "agent": people,
    }
    action = crate.add(ContextEntity(crate, "#made", made))
    crate.root_dataset["mentions"] = action
    text = json.dumps(crate.metadata.generate(), ensure_ascii=False, indent=1, sort_keys=True)
    (folder / METADATA).write_text(text + "\n", "utf-8")
    if faults := crate_faults(folder):
        raise WoozleError(f"The RO-Crate of the report is incomplete: {' '.join(faults)}")


def crate_faults(folder: Path) -> list[str]:
    """Return what the RO-Crate in a folder lacks, a sentence each, as `rocrate` reads it."""
    from rocrate.rocrate import ROCrate

    try:
        crate = ROCrate(folder)
    except (ValueError, KeyError, OSError) as error:
        return [f"{METADATA} can't be read: {error}."]
    faults = [f"The property {name} is missing." for name in _ROOT if not crate.root_dataset.get(name)]
    if crate.metadata.get("about") != crate.root_dataset:
        faults.append(f"{METADATA} does not say what it is about.")
    here = {unquote(entity.id) for entity in crate.data_entities}  # ids are parts of addresses
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    faults += [f"{name} is not listed in {METADATA}." for name in sorted(files - here - {METADATA, "manifest.json"})]
    return faults
