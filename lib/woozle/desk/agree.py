"""What two coders disagree on, and how it is settled: who settled what, when, and what each had coded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from rich.console import Console
from rich.markup import escape
from rich.prompt import Prompt

from woozle.desk.journal import Edit
from woozle.desk.session import Session
from woozle.files import write_whole
from woozle.measure.agreement import FIRST, disagreements
from woozle.model.case import Case
from woozle.package import schema
from woozle.package.csv_files import TableFile

FILE = "settled.csv"
COLUMNS = schema.SETTLED


@dataclass(frozen=True)
class Disagreement:
    """One field of one version that coders coded differently.

    Attributes
    ----------
    document, version, field, label : str
        Which; `label` is what the document is called.
    codes : tuple of (coder, code)
        What each coded; `claims` is the coder of `claims.csv`.
    """

    document: str
    version: int
    field: str
    label: str
    codes: tuple[tuple[str, str], ...]


def to_settle(case: Case, again: bool = False) -> list[Disagreement]:
    """Return what is not settled yet, in the order of the case; `again`: what was settled too.

    Examples
    --------
    >>> import woozle
    >>> to_settle(woozle.open("dprk_troops_2024"))
    []
    """
    path = case.folder / FILE
    settled = {
        (row["document"], row["version"], row["field"]): row["codes"] for row in TableFile.read(path, COLUMNS).rows
    }
    found: list[Disagreement] = []
    table = disagreements(case)
    for (document, version, field), (_, row) in zip(table.index.to_list(), table.iterrows(), strict=True):
        codes = tuple((str(coder), str(code)) for coder, code in row.dropna().items())
        one = Disagreement(str(document), int(version), str(field), str(case.documents["label"][document]), codes)
        if again or _others(one) != settled.get((one.document, str(one.version), one.field)):
            found.append(one)
    return found


def _others(one: Disagreement) -> str:
    """Return what the others coded: once they change it, it is to be settled again."""
    return "; ".join(f"{coder}: {code}" for coder, code in one.codes if coder != FIRST)


def take_over(session: Session) -> int:
    """Copy versions that only second coders have coded into `claims.csv`, and return how many.

    The codes of the first of these coders are taken; where others differ, it remains to be settled. `settled.csv` keeps
    whose codes were taken.
    """
    case, taken = session.case, 0
    held = session.rows["claims.csv"]
    for coder in sorted(case.codings):
        table = case.codings[coder]
        for (document, version), row in zip(table.index.to_list(), table.to_dict("records"), strict=True):
            key = (str(document), str(version))
            if key in held or document not in case.documents.index:
                continue
            codes = {str(name): code for name, code in row.items() if isinstance(code, str) and code}
            seen = session.rows["documents.csv"][document,]
            whole = {
                **schema.USUAL, "basis": str(document), **codes,
                **{name: seen.get(name, "") for name in ("seen", "seen_in", "seen_note")},
            }  # fmt: skip
            session.take(f"{session.label(document)}: taken over from {coder}", [Edit("claims.csv", key, None, whole)])
            _keep(session, (*key, schema.TAKEN_OVER, "", coder, ""))
            taken += 1
    return taken


def settle(session: Session, one: Disagreement, code: str) -> None:
    """Write the code that holds into `claims.csv`, and into `settled.csv` who settled it, when, and on what.

    Raises
    ------
    StepError
        The code is none of its vocabulary, or the row was changed meanwhile.
    """
    session.code(one.document, str(one.version), **{one.field: code})
    was = dict(one.codes).get(FIRST, "")
    _keep(session, (one.document, str(one.version), one.field, was, _others(one), code))


def _keep(session: Session, facts: tuple[str, ...]) -> None:
    """Write a row of `settled.csv`; an older one on the same field is replaced."""
    path = session.folder / FILE
    table = TableFile.read(path, COLUMNS)
    row = (*facts, session.coder, f"{datetime.now(UTC):%Y-%m-%d}")
    kept = [old for old in table.rows if (old["document"], old["version"], old["field"]) != facts[:3]]
    table.rows = [*kept, dict(zip(COLUMNS, row, strict=True))]
    write_whole(path, table.text())


def settle_one(session: Session, one: Disagreement, out: Console) -> bool:
    """Ask which code holds, and write it; return whether to go on."""
    codes = list(dict.fromkeys(code for _, code in one.codes))
    names = [session.case.term_title(one.field, code) or "empty" for code in codes]
    out.print("    " + "   ".join(f"[b]{number}[/b] {escape(name)}" for number, name in enumerate(names, start=1)))
    choices = [*(str(number) for number in range(1, len(codes) + 1)), "skip", "quit"]
    told = Prompt.ask("  Which holds", choices=choices, default="skip", console=out)
    if told == "quit":
        return False
    if told != "skip":
        settle(session, one, codes[int(told) - 1])
    return True
