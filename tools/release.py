"""Make a release: `make release VERSION=0.2.0`.

All checks and tests run. Then the version and its day are written (`pyproject.toml`, `CITATION.cff`, the changelog), a
wheel is built into `dist/` and tried in a folder outside the checkout, and the change is committed and tagged. Nothing
is pushed. If anything fails, the files are as they were before.
"""

from __future__ import annotations

import datetime
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
OPEN = "not released yet"
WRITTEN = ("pyproject.toml", "CITATION.cff", "CHANGELOG.md")


def run(*command: str, **options: object) -> str:
    """Run a command to its end and return what it printed; stop where it fails."""
    done = subprocess.run(
        command, cwd=options.pop("cwd", ROOT), text=True, stdout=subprocess.PIPE, check=False, **options
    )
    if done.returncode:
        sys.exit(f"Not released: `{' '.join(command)}` failed.")
    return done.stdout


def replace(name: str, pattern: str, new: str) -> None:
    """Replace the one place in a file that a pattern finds."""
    path = ROOT / name
    text, count = re.subn(pattern, new, path.read_text("utf-8"), flags=re.MULTILINE)
    if count != 1:
        sys.exit(f"Not released: {name} has {count} places for {pattern!r}, and one is needed.")
    path.write_text(text, "utf-8")


def stop_if_changed() -> None:
    """Stop where something is not committed: it would be part of the release, or lost if that fails."""
    if run("git", "status", "--porcelain"):
        sys.exit("Not released: there are changes that are not committed.")


def set_version(version: str, day: datetime.date) -> None:
    """Write the version and its day where they stand."""
    replace("pyproject.toml", r'^version = ".*"$', f'version = "{version}"')
    replace("CITATION.cff", r"^version: .*$", f"version: {version}")
    replace("CITATION.cff", r"^date-released: .*$", f"date-released: {day}")
    replace("CHANGELOG.md", rf"^## \S+ \({OPEN}\)$", f"## {version} ({day})")


def build_wheel() -> Path:
    """Build the wheel into `dist/`."""
    dist = ROOT / "dist"
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(dist), ".")
    return max(dist.glob("woozle-*.whl"), key=lambda path: path.stat().st_mtime)


def try_wheel(wheel: Path) -> None:
    """Start a case with the wheel alone, outside the checkout."""
    with tempfile.TemporaryDirectory() as place:
        run(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", f"{place}/lib", str(wheel))
        here = {"cwd": place, "env": os.environ | {"PYTHONPATH": f"{place}/lib", "PYTHONSAFEPATH": "1"}}
        command = (sys.executable, "-m", "woozle")
        asked = ("--title", "A bridge", "--claim", "The bridge is closed.", "--time-zone", "Europe/Paris")
        run(*command, "new", "the_bridge", *asked, **here)
        if not (Path(place) / "data" / "the_bridge" / "datapackage.json").is_file():
            sys.exit("Not released: `woozle new` of the wheel wrote no case.")


def main() -> None:
    """Check, build, try, commit and tag."""
    if len(sys.argv) != 2 or not re.fullmatch(r"\d+\.\d+\.\d+", sys.argv[1]):
        sys.exit("Name the version: make release VERSION=0.2.0")
    version = sys.argv[1]
    stop_if_changed()
    if f"v{version}" in run("git", "tag").split():
        sys.exit(f"Not released: there is a tag v{version} already.")
    run("make", "check", "test", "ALL=1")
    stop_if_changed()  # while the tests ran
    try:
        set_version(version, datetime.date.today())
        wheel = build_wheel()
        try_wheel(wheel)
    except SystemExit:
        run("git", "checkout", "--quiet", "--", *WRITTEN)
        raise
    run("git", "commit", "--quiet", "-am", f"Release {version}")
    run("git", "tag", "-a", f"v{version}", "-m", f"woozle {version}")
    print(f"{wheel.relative_to(ROOT)} is built and tried, and v{version} is tagged. To publish: git push --follow-tags")


if __name__ == "__main__":
    main()
