"""Is a report as it was built, and do the same inputs still give it?"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from woozle.errors import WoozleError
from woozle.hashes import hash_file
from woozle.locate import find_subject
from woozle.package.releases import change_in_words
from woozle.report.crate import METADATA, crate_faults
from woozle.report.inputs import Inputs
from woozle.report.manifest import MANIFEST, changes, read_manifest

UNCHANGED, CHANGED, EQUAL, OTHER = "unchanged", "changed", "rebuilt and equal", "another report"


@dataclass(frozen=True)
class Verdict:
    """What `verify` found out about a report.

    Attributes
    ----------
    state : str
        unchanged; changed; rebuilt and equal; another report (the inputs have changed since).
    details : tuple of str
        What differs, a sentence each.
    sha256 : str
        Of the manifest; empty if the files have changed, or if a page was checked by its own hash alone.
    data : tuple of str
        How the data that it was made from differ from their last release, a sentence for each case.
    """

    state: str
    details: tuple[str, ...] = ()
    sha256: str = ""
    data: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether the report is unchanged, or was rebuilt and is equal."""
        return self.state in (UNCHANGED, EQUAL)


def verify(path: str | Path, rebuild: bool = False) -> Verdict:
    """Check a report against its manifest; with `rebuild`, build it anew from the same inputs and compare.

    Parameters
    ----------
    path
        The folder of a report, or one file of it: a page that travels alone carries a hash of its own.
    rebuild
        Build the report again, from the case of that name found from the current folder, and compare every file.

    Raises
    ------
    WoozleError
        There is no such path, it is not a report, or `rebuild` is asked of a single file.

    Examples
    --------
    >>> verify("nowhere")
    Traceback (most recent call last):
    woozle.errors.WoozleError: There is no report 'nowhere'.
    """
    path = Path(path)
    if not path.exists():
        raise WoozleError(f"There is no report '{path}'.")
    if path.is_file():
        if rebuild:
            raise WoozleError("--rebuild needs the folder of a report: it compares all its files.")
        return _of_file(path.absolute())
    if not (path / MANIFEST).is_file() and not (path / "index.html").is_file():
        raise WoozleError(f"'{path}' is not a report: it has neither {MANIFEST} nor index.html.")
    changed = changes(path)
    if not changed and (path / METADATA).is_file():
        changed = crate_faults(path)
    if changed:
        return Verdict(CHANGED, tuple(changed))
    manifest = read_manifest(path)
    if manifest is None:
        return Verdict(CHANGED, (f"{MANIFEST}: changed, or not written by woozle.",))
    verdict = _rebuilt(path, manifest) if rebuild else Verdict(UNCHANGED, sha256=manifest["sha256"])
    return replace(verdict, data=tuple(_data_changes(path / "package")))


def _data_changes(package: Path) -> list[str]:
    """Return what has changed in the data of a report since they were released, a sentence for each case."""
    folders = [package, *sorted(path for path in package.glob("*") if path.is_dir())] if package.is_dir() else []
    in_words = ((folder, change_in_words(folder)) for folder in folders)
    return [f"{'the data' if folder == package else folder.name}: {words}" for folder, words in in_words if words]


def _of_file(path: Path) -> Verdict:
    from woozle.page.html import is_whole

    if path.name == MANIFEST:
        manifest = read_manifest(path.parent)
        reason = (f"{MANIFEST}: changed, or not written by woozle.",)
        return Verdict(UNCHANGED, sha256=manifest["sha256"]) if manifest else Verdict(CHANGED, reason)
    home = next((folder for folder in path.parents if read_manifest(folder)), None)
    name = path.relative_to(home).as_posix() if home else ""
    manifest = read_manifest(home) if home else None
    listed = manifest["outputs"].get(name) if manifest else None
    if listed is None and manifest and is_whole(path.read_bytes()) is None:
        return Verdict(CHANGED, (f"{name}: added; it is not in {MANIFEST}.",))
    if manifest is not None and listed is not None:
        same = listed["sha256"] == hash_file(path)
        return Verdict(UNCHANGED, sha256=manifest["sha256"]) if same else Verdict(CHANGED, (f"{name}: changed.",))
    whole = is_whole(path.read_bytes())
    if whole is None:
        raise WoozleError(f"'{path.name}' carries no hash, and no {MANIFEST} lies beside it or above.")
    return Verdict(UNCHANGED) if whole else Verdict(CHANGED, (f"{path.name}: changed.",))


def _rebuilt(path: Path, manifest: dict) -> Verdict:
    """Build a report anew and compare; if the inputs have changed, say which."""
    from woozle.report.run import Request, build_request

    request = Request(find_subject(manifest["case"]), manifest["parameters"])
    inputs = request.inputs
    if others := _other_inputs(manifest, inputs):
        return Verdict(OTHER, tuple(others), manifest["sha256"])
    with tempfile.TemporaryDirectory(prefix="woozle-verify-") as place:
        fresh = build_request(replace(request, folder=Path(place) / "report"), force=True).parent
        again = read_manifest(fresh) or {}
        if again["sha256"] == manifest["sha256"]:
            return Verdict(EQUAL, sha256=manifest["sha256"])
        names = sorted(set(again["outputs"]) | set(manifest["outputs"]))
        differing = [
            f"{n}: comes out differently." for n in names if again["outputs"].get(n) != manifest["outputs"].get(n)
        ]
        facts = [key for key in ("python", "platform", "woozle", "figures") if again[key] != manifest[key]]
        differing += [f"{key}: {manifest[key]} then, {again[key]} now." for key in facts]
    return Verdict(CHANGED, tuple(differing), manifest["sha256"])


def _other_inputs(manifest: dict, inputs: Inputs) -> list[str]:
    others = []
    for then, now, where in (
        (manifest["inputs"], dict(inputs.files), ""),
        (manifest["code"], dict(inputs.code), "woozle/"),
        (manifest["packages"], dict(inputs.packages), "package "),
    ):
        for name in sorted(set(then) | set(now)):
            if then.get(name) != now.get(name):
                how = "new" if name not in then else "gone" if name not in now else "changed"
                others.append(f"{where}{name}: {how}.")
    if manifest["lock"] != inputs.lock:
        others.append("requirements.lock: changed.")
    return others
