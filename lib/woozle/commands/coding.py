"""The commands of coders: the desk, and how far two of them agree."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from woozle.commands.bringing import print_wide
from woozle.commands.data import Coder
from woozle.console import out
from woozle.errors import WoozleError
from woozle.locate import find_folder, place_of, short

app = typer.Typer()


@app.command()
def code(
    case: Annotated[str, typer.Argument(metavar="CASE", help="Name of a case, or its folder.")],
    coder: Coder = "",
    second: Annotated[
        bool, typer.Option("--second", help="A second coding: it doesn't see the first; see [b]woozle agree[/b].")
    ] = False,
    terminal: Annotated[bool, typer.Option("--terminal", help="Ask in this terminal, without a browser.")] = False,
) -> None:
    """Code a case at the desk: documents at the left, the text in the middle, the form at the right.

    The desk opens in JupyterLab. Each step is saved at once and can be taken back. Texts are read from texts/CASE and
    never copied into the case.
    """
    from woozle.desk.session import Session, default_coder

    folder = find_folder(place_of(case))
    session = Session(folder, coder or default_coder(), second)  # says what is wrong before a browser opens
    if not coder:
        out.print(f"You code as [b]{session.coder}[/b]. Another name: --coder NAME.")
    if terminal:
        from woozle.commands.terminal import code_documents

        code_documents(session, out)
        return
    _open_lab(folder, session.coder, second)


def _open_lab(folder: Path, coder: str, second: bool) -> None:
    """Write a notebook with the desk into mine/, outside git, and open JupyterLab at it."""
    import importlib.util
    import json
    import os
    import subprocess
    import sys

    if importlib.util.find_spec("jupyterlab") is None or importlib.util.find_spec("anywidget") is None:
        raise WoozleError(
            "The desk needs JupyterLab: make desk CASE=…, or pip install 'woozle[lab]'. Without: --terminal."
        )
    place = folder.parents[1] / "mine" / f"{folder.name}_desk.ipynb"
    place.parent.mkdir(exist_ok=True)
    arguments = f'"{folder.name}", coder="{coder}"' + (", second=True" if second else "")
    words = (
        "# The coding desk\n\nClick into the cell below, press Shift+Enter, then click on the desk: ? shows its keys."
    )
    cells = [
        {"cell_type": "markdown", "id": "words", "metadata": {}, "source": words},
        {"cell_type": "code", "id": "desk", "metadata": {}, "execution_count": None, "outputs": [],
         "source": f"import woozle\n\nwoozle.desk({arguments})"},
        {"cell_type": "markdown", "id": "end", "metadata": {}, "source": "Each step is saved at once."},
    ]  # fmt: skip
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    notebook = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    place.write_text(json.dumps(notebook, indent=1) + "\n", "utf-8")
    out.print(f"{escape(str(short(place)))} opens in JupyterLab; stop it here with Ctrl-C.")
    as_root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    subprocess.run([sys.executable, "-m", "jupyterlab", *as_root, str(place)], cwd=folder.parents[1], check=False)


@app.command()
def agree(
    case: Annotated[str, typer.Argument(metavar="CASE", help="Name of a case, or its folder.")],
    settle: Annotated[bool, typer.Option("--settle", help="Settle the disagreements one by one.")] = False,
    again: Annotated[bool, typer.Option("--again", help="With --settle: ask for what was settled too.")] = False,
    coder: Coder = "",
) -> None:
    """Show how far the coders of a case agree, field by field, and where they do not, side by side.

    Krippendorff's alpha is 1 if all agree, and 0 if they agree no more than by chance. Its 90 % interval stands beside
    it. The code that you settle on goes into claims.csv; settled.csv keeps what the others had, who settled it, and
    when.
    """
    from rich.table import Table

    from woozle.desk.agree import settle_one, take_over, to_settle
    from woozle.desk.session import Session, default_coder
    from woozle.measure.agreement import agreement
    from woozle.model.opening import open_case

    opened = open_case(place_of(case))
    if not opened.codings:
        raise WoozleError(
            f"{opened.name} has no second coding. Another coder starts one: woozle code {opened.name} --second "
            "--coder cd"
        )
    session = Session(opened.folder, coder or default_coder()) if settle else None
    if session is not None and (taken := take_over(session)):
        out.print(
            f"{taken} that only second coders had coded are now in claims.csv; "
            "where coders differ on them, you are asked below."
        )
        opened = open_case(opened.folder)
    figures = agreement(opened)
    table = Table(box=None, pad_edge=False)
    for heading in ("field", "alpha", "90 % interval", "versions", "differ"):
        table.add_column(heading)
    for field, row in figures.iterrows():
        known = row["alpha"] == row["alpha"]
        interval = f"{row['low']:.2f} to {row['high']:.2f}" if row["low"] == row["low"] else ""
        told = f"{row['alpha']:.2f}" if known else "all codes are the same"
        title = opened.field_title(str(field))
        table.add_row(escape(title), told, interval, str(row["versions"]), str(row["disagreements"]))
    print_wide(table)
    left = to_settle(opened, again)
    if left:
        out.print(f"\n[b]{len(left)} disagreement{'s' * (len(left) != 1)} to settle[/b]")
    for one in left:
        told = [(who, opened.term_title(one.field, code) or "empty") for who, code in one.codes]
        codes = "   ".join(f"{who}: [b]{escape(title)}[/b]" for who, title in told)
        out.print(f"  {escape(one.label)}, version {one.version}, {escape(opened.field_title(one.field))}   {codes}")
        if session is not None and not settle_one(session, one, out):
            break
