"""The reports as a plain folder for any static host."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from woozle.errors import WoozleError
from woozle.locate import study_folder
from woozle.notebook.unfinished import unfinished
from woozle.report.batch import build_all
from woozle.report.manifest import changes
from woozle.report.run import Request


def publish(requests: Sequence[Request], folder: Path) -> int:
    """Write reports and the front page into a folder, and return how many there are.

    Raises
    ------
    WoozleError
        The folder is not empty or can't be written, a report can't be built or was changed, or a text is unfinished.
    """
    from woozle.report.front import write_front

    folder = folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WoozleError(f"'{folder}' is not empty. Name a new folder, or empty this one; nothing is overwritten.")
    left = [sentence for request in requests for sentence in unfinished(study_folder(request.subject))]
    if left:
        raise WoozleError("\n  ".join(["Not published: some texts still have to be written.", *dict.fromkeys(left)]))
    outcomes = build_all(list(requests))
    if failed := next((outcome.error for outcome in outcomes if outcome.error), None):
        raise failed
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as scratch:
            fresh = Path(scratch) / "site"
            for outcome in outcomes:
                assert outcome.page is not None  # a failed report was raised above
                source = outcome.page.parent
                shutil.copytree(source.resolve(), fresh / source.name)
                if changed := changes(fresh / source.name):
                    raise WoozleError(f"The report {source.name} has changed since it was built: {changed[0]}")
            write_front(fresh, requests[0].subject.parents[1])
            (fresh / ".nojekyll").write_text("")  # GitHub Pages leaves the files as they are
            fresh.chmod(0o755)
            if folder.exists():
                folder.rmdir()
            fresh.rename(folder)
    except OSError as error:
        raise WoozleError(f"'{folder}' can't be written: {error.strerror}.") from error
    return len(outcomes)
