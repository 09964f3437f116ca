"""A page as PDF, printed by an installed Chromium."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from woozle.errors import WoozleError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_SECONDS = 180


def find_browser() -> str | None:
    """Return the path of an installed Chromium, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def print_pdf(page: Path) -> Path:
    """Print a page of a report to a PDF beside the report's folder, and return its path.

    Raises
    ------
    WoozleError
        There is no Chromium, it failed or took too long, or the PDF can't be written.
    """
    browser = find_browser()
    if browser is None:
        raise WoozleError("--pdf needs Chromium or Chrome, and there is none here. On Debian: apt install chromium.")
    target = page.parent.with_name(f"{page.parent.name}.pdf")
    with tempfile.TemporaryDirectory(prefix="woozle-pdf-") as scratch:
        made = Path(scratch) / "page.pdf"
        command = [
            browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            f"--user-data-dir={scratch}/profile", "--no-pdf-header-footer", "--virtual-time-budget=20000",
            f"--print-to-pdf={made}", page.resolve().as_uri(),
        ]  # fmt: skip
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
        except subprocess.TimeoutExpired as error:
            raise WoozleError(f"Chromium did not print {page} within {_SECONDS} seconds.") from error
        if done.returncode or not made.is_file() or not made.read_bytes().startswith(b"%PDF"):
            last = (done.stderr.strip().splitlines() or ["it did not say why"])[-1]
            raise WoozleError(f"Chromium could not print {page}: {last}")
        try:
            shutil.move(made, target)
        except OSError as error:
            raise WoozleError(f"The PDF can't be written to {target}: {error.strerror}.") from error
    return target
