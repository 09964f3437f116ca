"""Build reports twice, in different folders and under different conditions, and compare every byte. Run: make reproduce

The second time, the home folder, time zone, locale, hash seed, number of jobs, system fonts and IPython settings all
differ. If `faketime` is installed, so does the date.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
PARTS = ("data", "case_studies", "requirements.lock")
# One folder, which is empty: where a list names none, all fonts of the system are read.
FONTS = '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>{}</dir></fontconfig>'


def build(home: Path, names: list[str], jobs: int, extra: dict[str, str], before: list[str]) -> Path:
    """Build the reports of a copy of the cases and return the folder."""
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, home / part)
        else:
            shutil.copy(source, home / part)
    command = [*before, Path(sys.executable).with_name("woozle"), "reports", *names, "--jobs", str(jobs)]
    done = subprocess.run(command, cwd=home, env=os.environ | extra, text=True, capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"{done.stderr}\nThe reports could not be built in {home}.")
    return home / "reports"


def files(reports: Path) -> dict[str, bytes]:
    """Return the bytes of each file that a reader sees."""
    found = {}
    for folder in [reports, *(path for path in reports.iterdir() if path.is_dir() and not path.name.startswith("."))]:
        for path in folder.glob("*") if folder == reports else folder.rglob("*"):
            if path.is_file() and not path.name.startswith("."):
                found[path.relative_to(reports).as_posix()] = path.read_bytes()
    return found


def strange(home: Path) -> dict[str, str]:
    """Return an environment as another user may have it."""
    profile = home / ".ipython" / "profile_default" / "startup"
    profile.mkdir(parents=True)
    (profile / "00.py").write_text("import pandas as pd; pd.set_option('display.precision', 1)\n")
    (home / "startup.py").write_text("print('hello')\n")
    fonts = home / "fonts.conf"
    fonts.write_text(FONTS.format(home / "none"))
    (home / "none").mkdir()
    return {
        "HOME": str(home), "USER": "somebody", "TZ": "Asia/Kathmandu", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8",
        "PYTHONHASHSEED": "4711", "FONTCONFIG_FILE": str(fonts), "PYTHONSTARTUP": str(home / "startup.py"),
        "COLUMNS": "40", "NO_COLOR": "1", "OPENBLAS_NUM_THREADS": "2", "IPYTHONDIR": str(home / ".ipython"),
    }  # fmt: skip


def main() -> None:
    """Compare; exit with 1 where anything differs."""
    names = sys.argv[1:]
    with tempfile.TemporaryDirectory() as place:
        first, second = Path(place) / "one", Path(place) / "a second" / "folder, ü"
        first.mkdir()
        second.mkdir(parents=True)
        clock = ["faketime", "2031-02-03 04:05:06"] if shutil.which("faketime") else []
        one = files(build(first, names, 1, {"PYTHONHASHSEED": "0", "TZ": "UTC"}, []))
        two = files(build(second, names, 2, strange(second), clock))
    differ = [name for name in sorted(one.keys() | two.keys()) if one.get(name) != two.get(name)]
    for name in differ:
        print(f"differs: {name}")
    print(
        f"{len(one)} files, {sum(map(len, one.values())) / 1e6:.1f} MB: "
        + ("NOT the same" if differ else "all the same")
    )
    print("conditions: folder, home, time zone, locale, hash seed, fonts, jobs, settings" + (", date" if clock else ""))
    sys.exit(bool(differ) or not one)


if __name__ == "__main__":
    main()
