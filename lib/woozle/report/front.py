"""The front page over all reports of a folder."""

from __future__ import annotations

from pathlib import Path

from woozle.hashes import canonical, hash_file, sha256
from woozle.locate import PAGE, case_order, is_comparison
from woozle.report.inputs import hash_code
from woozle.report.manifest import MANIFEST, read_manifest
from woozle.report.store import HIDDEN, locked, write_text


def write_front(reports: Path, home: Path | None = None) -> Path:
    """Write `index.html` over all reports in a folder, from their manifests, and return its path.

    Parameters
    ----------
    reports
        The folder.
    home
        The folder that holds `data/` and `case_studies/`, by default the one that holds `reports`. The file
        `case_studies/index.yaml` gives the order of the cases. A report of a case that is gone is left out.
    """
    from woozle.page.front import front_page

    home = home or reports.parent
    folders = sorted(path for path in reports.iterdir() if not path.name.startswith(".") and path.is_dir())
    read = [(folder, read_manifest(folder)) for folder in folders]
    standing = [(folder, manifest) for folder, manifest in read if manifest and _is_there(home, manifest["case"])]
    write_text(reports / PAGE, front_page(standing, case_order(home)))
    return reports / PAGE


def _is_there(home: Path, case: str) -> bool:
    """Tell whether a case or comparison still exists; True if there are no cases at all, where nobody can know."""
    if not any(home.glob("data/*/datapackage.json")):
        return True
    return (home / "data" / case / "datapackage.json").is_file() or is_comparison(home / "case_studies" / case)


def write_front_if_changed(reports: Path) -> None:
    """Write the front page over all reports in a folder, unless the one there is up to date."""
    page, note = reports / "index.html", reports / HIDDEN / "front"
    now = [hash_file(path) for path in sorted(reports.glob(f"*/{MANIFEST}"))]
    order = reports.parent / "case_studies" / "index.yaml"
    cases = sorted(path.parent.name for path in reports.parent.glob("data/*/datapackage.json"))
    now = sha256(canonical([now, cases, order.read_bytes().hex() if order.is_file() else "", hash_code()]))
    try:
        if note.read_text("utf-8") == f"{now} {hash_file(page)}":
            return
    except OSError:
        pass
    with locked(reports / "index"):
        write_front(reports)
        write_text(note, f"{now} {hash_file(page)}")
