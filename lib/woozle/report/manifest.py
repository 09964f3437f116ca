"""The manifest of a report: what it was made from and what it holds, with a SHA-256 for each, and for itself.

The hash of the manifest's own canonical form finds a changed byte. It is no signature: someone who changes a report on
purpose can write a new manifest. To know that a report is the one that was published, compare that hash with one that
was published elsewhere, or build it anew (`woozle verify --rebuild`).
"""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from woozle.hashes import canonical, hash_file, sha256
from woozle.report.inputs import Inputs

MANIFEST = "manifest.json"
FORMAT = "woozle-report/1"
_KEYS = {
    "format", "case", "title", "claim", "date", "data_version", "woozle", "parameters", "setting", "headline",
    "standfirst", "figures", "inputs", "code", "lock", "python", "platform", "packages", "outputs", "sha256",
}  # fmt: skip


def write_manifest(folder: Path, inputs: Inputs, facts: Mapping[str, Any]) -> None:
    """Write the manifest of a folder that holds all other files of a report.

    Parameters
    ----------
    folder
        The report.
    inputs
        What it was made from.
    facts
        `case`, `title`, `claim`, `date`, `data_version`, `woozle` (its version), `parameters`,
        `setting` (in words), `headline`, `standfirst`, `figures`.
    """
    manifest = {
        "format": FORMAT,
        **facts,
        "inputs": dict(inputs.files),
        "code": dict(inputs.code),
        "lock": inputs.lock,
        "python": ".".join(platform.python_version_tuple()[:2]),
        "platform": f"{sys.platform}-{platform.machine()}",
        "packages": dict(inputs.packages),
        "outputs": {name: _facts(folder / name) for name in _files(folder)},
    }
    manifest["sha256"] = sha256(canonical(manifest))
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", "utf-8")


def _facts(path: Path) -> dict[str, Any]:
    return {"bytes": path.stat().st_size, "sha256": hash_file(path)}


def _files(folder: Path) -> list[str]:
    paths = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    return sorted(path.relative_to(folder).as_posix() for path in paths if path != folder / MANIFEST)


def read_manifest(folder: Path) -> dict | None:
    """Return the manifest of a report, or None where it is missing, changed or no manifest."""
    try:
        data = (folder / MANIFEST).read_bytes()
        manifest = json.loads(data.decode("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(manifest, dict) or set(manifest) != _KEYS or manifest["format"] != FORMAT:
        return None
    unsigned = {key: value for key, value in manifest.items() if key != "sha256"}
    whole = manifest["sha256"] == sha256(canonical(unsigned))
    # One form only: a byte that JSON does not mind (a space, a line's end) is a change too.
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    outputs = manifest["outputs"]
    sound = isinstance(outputs, dict) and all(
        isinstance(facts, dict) and set(facts) == {"bytes", "sha256"} for facts in outputs.values()
    )
    return manifest if whole and sound and data == text.encode() else None


def changes(folder: Path) -> list[str]:
    """Return what differs between a report and its manifest, a sentence each; nothing where all is as it was built."""
    manifest = read_manifest(folder)
    if manifest is None:
        there = (folder / MANIFEST).is_file()
        return [f"{MANIFEST}: {'changed, or not written by woozle' if there else 'missing'}."]
    changed, listed = [], manifest["outputs"]
    for name, then in manifest["inputs"].items():  # the package in the report must be the one that was read
        if not name.startswith("data/"):
            continue
        place = name.removeprefix("data/").removeprefix(f"{manifest['case']}/")
        if listed.get(f"package/{place}", {}).get("sha256") != then:
            changed.append(f"package/: {name} is not the file from which the report was made.")
    here = set(_files(folder))
    for name in sorted(here | set(listed)):
        path = folder / name
        if name not in listed:
            changed.append(f"{name}: added; it is not in {MANIFEST}.")
        elif name not in here:
            changed.append(f"{name}: missing.")
        elif path.is_symlink():
            changed.append(f"{name}: replaced by a link.")
        elif _facts(path) != listed[name]:
            changed.append(f"{name}: changed.")
    return changed
