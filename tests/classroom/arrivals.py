"""The ways in which honest work arrives: each writes what a platform or a student's own tool makes of one notebook."""

from __future__ import annotations

import copy
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

NAME = "2_how_many_sources"


def _text(notebook: dict) -> str:
    return json.dumps(notebook)


def _zip(path: Path, files: dict[str, str | bytes], times: dict[str, tuple] | None = None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_zipped(files, times))


def _zipped(files: dict[str, str | bytes], times: dict[str, tuple] | None = None) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, (times or {}).get(name, (2026, 11, 24, 12, 0, 0)))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return made.getvalue()


def _file(folder: Path, inside: str, text: str | bytes) -> None:
    path = folder / inside
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def _without_metadata(notebook: dict, keep: Callable[[dict], dict] = lambda cell: {}) -> dict:
    found = copy.deepcopy(notebook)
    for cell in found["cells"]:
        cell["metadata"] = keep(cell["metadata"])
    return found


def _answers(notebook: dict) -> dict[str, str]:
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: "".join(cell["source"])
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("solution")
    }


def _blank(notebook: dict) -> dict:
    found = copy.deepcopy(notebook)
    for cell in found["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = f"{cell['metadata']['nbgrader']['grade_id']} = ..."
    return found


def _in_new_cells(notebook: dict) -> dict:
    """Leave the given cells alone, and answer in one's own at the end."""
    found = _blank(notebook)
    cells = [{"cell_type": "code", "metadata": {}, "source": source, "outputs": []} for source in _answers(notebook).values()]  # fmt: skip
    found["cells"] += cells
    return found


def _crlf(notebook: dict) -> dict:
    found = copy.deepcopy(notebook)
    for cell in found["cells"]:
        cell["source"] = "".join(cell["source"]).replace("\n", "\r\n")
    return found


def _awaits(notebook: dict) -> dict:
    found = copy.deepcopy(notebook)
    cell = {"cell_type": "code", "metadata": {}, "outputs": [],
            "source": "import asyncio\n\nasync def late(value):\n    await asyncio.sleep(0.01)\n    return value\n\n"
            "waited = await asyncio.gather(late(1), late(2))\nassert waited == [1, 2]"}  # fmt: skip
    found["cells"].append(cell)
    for one in found["cells"]:
        if one["metadata"].get("nbgrader", {}).get("grade_id") == "roots_early":
            one["source"] = "import asyncio\nawait asyncio.sleep(0.01)\n" + "".join(one["source"])
    return found


def _older(notebook: dict) -> dict:
    """As notebooks were before 2015."""
    cells = [
        {**{key: value for key, value in cell.items() if key != "source"}, "input": cell["source"]}
        if cell["cell_type"] == "code"
        else cell
        for cell in notebook["cells"]
    ]
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells, "metadata": {}}]}


# Each writes into a folder what a student `ada`, Ada Lovelace, hands in.
WAYS: dict[str, Callable[[Path, dict], None]] = {
    "a folder by id": lambda at, nb: _file(at, f"ada/{NAME}.ipynb", _text(nb)),
    "a zip file by id": lambda at, nb: _zip(at / "ada.zip", {f"woozle_ada/{NAME}/{NAME}.ipynb": _text(nb)}),
    "a notebook by id": lambda at, nb: _file(at, f"ada_{NAME}.ipynb", _text(nb)),
    "a zip file of a Mac": lambda at, nb: _zip(
        at / "ada.zip",
        {
            f"__MACOSX/{NAME}/._{NAME}.ipynb": b"\0\5\x16\7",
            f"{NAME}/._{NAME}.ipynb": b"\0\5\x16\7",
            f"{NAME}/.DS_Store": b"\0\0",
            f"{NAME}/{NAME}.ipynb": _text(nb),
        },
    ),
    "a zip file of Windows": lambda at, nb: _zip(
        at / "ada.zip", {f"{NAME}\\{NAME}.ipynb": _text(nb), f"{NAME}\\Thumbs.db": b"\0"}
    ),
    "the Mac's own copy": lambda at, nb: _file(at, f"ada/{NAME} copy.ipynb", _text(nb)),
    "the copy of Windows": lambda at, nb: _file(at, f"ada/{NAME} - Copy (2).ipynb", _text(nb)),
    "Copy of, as Colab saves": lambda at, nb: _file(at, f"ada/Copy of {NAME}.ipynb", _text(nb)),
    "a second download": lambda at, nb: _file(at, f"ada/{NAME} (1).ipynb", _text(nb)),
    "JupyterLab's copy, newer than the blank": lambda at, nb: _zip(
        at / "ada.zip",
        {f"{NAME}.ipynb": _text(_blank(nb)), f"{NAME}-Copy1.ipynb": _text(nb)},
        {f"{NAME}.ipynb": (2026, 11, 20, 8, 0, 0)},
    ),
    "upper case": lambda at, nb: _file(at, f"ADA/{NAME.upper()}.IPYNB", _text(nb)),
    "a browser's ending": lambda at, nb: _file(at, f"ada/{NAME}.ipynb.json", _text(nb)),
    "another name": lambda at, nb: _file(at, "ada/homework2.ipynb", _text(nb)),
    "a zip file in a zip file": lambda at, nb: _zip(
        at / "ada.zip", {f"{NAME}.zip": _zipped({f"{NAME}/{NAME}.ipynb": _text(nb)})}
    ),
    "with its environment": lambda at, nb: _zip(
        at / "ada.zip",
        {**{f"work/.venv/lib/{n}.py": "" for n in range(3000)}, f"work/{NAME}.ipynb": _text(nb)},
    ),
    "checkpoints beside it": lambda at, nb: (
        _file(at, f"ada/.ipynb_checkpoints/{NAME}-checkpoint.ipynb", _text(_blank(nb))),
        _file(at, f"ada/{NAME}.ipynb", _text(nb)),
    )[1],
    "Moodle's zip file": lambda at, nb: _zip(
        at / "CS1-Sources-4711.zip",
        {f"Ada Lovelace_123_assignsubmission_file/{NAME}.ipynb": _text(nb),
         "Bob Ross_124_assignsubmission_file/notes.txt": "late, sorry"},
    ),
    "Moodle's zip file without folders": lambda at, nb: _zip(
        at / "CS1-Sources-4711.zip", {f"Ada Lovelace_123_assignsubmission_file_{NAME}.ipynb": _text(nb)}
    ),
    "Canvas's zip file": lambda at, nb: _zip(
        at / "submissions.zip", {f"lovelaceada_123_456_{NAME}.ipynb": _text(nb), "rossbob_9_457_plot.png": b"x"}
    ),
    "Canvas's zip file, late and again": lambda at, nb: _zip(
        at / "submissions.zip", {f"lovelaceada_LATE_123_456_{NAME}-1.ipynb": _text(nb)}
    ),
    "nbgrader's folders": lambda at, nb: _file(at, f"submitted/ada/{NAME}/{NAME}.ipynb", _text(nb)),
    "nbgrader's exchange": lambda at, nb: _file(
        at, f"inbound/ada+{NAME}+2026-11-24 12:00:00 UTC+a1b2/{NAME}.ipynb", _text(nb)
    ),
    "metadata lost": lambda at, nb: _file(at, f"ada/{NAME}.ipynb", _text(_without_metadata(nb))),
    "as Colab saves it": lambda at, nb: _file(
        at, f"ada/{NAME}.ipynb", _text(_without_metadata(nb, lambda metadata: {"id": "a1", "colab": {}}))
    ),
    "as VS Code saves it, with its line ends": lambda at, nb: _file(
        at, f"ada/{NAME}.ipynb", _text(_crlf(_without_metadata(nb, lambda metadata: {"vscode": {"languageId": "python"}})))
    ),
    "line ends of Windows": lambda at, nb: _file(at, f"ada/{NAME}.ipynb", _text(_crlf(nb))),
    "a mark at its beginning": lambda at, nb: _file(at, f"ada/{NAME}.ipynb", b"\xef\xbb\xbf" + _text(nb).encode()),
    "an older form": lambda at, nb: _file(at, f"ada/{NAME}.ipynb", _text(_older(nb))),
    "answers in new cells": lambda at, nb: _file(at, f"ada/{NAME}.ipynb", _text(_in_new_cells(nb))),
    "await at the top": lambda at, nb: _file(at, f"ada/{NAME}.ipynb", _text(_awaits(nb))),
}  # fmt: skip
