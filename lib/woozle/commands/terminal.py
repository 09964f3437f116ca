"""Walk the proposals of a case in a terminal: both documents side by side, and a decision on each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from rich.columns import Columns
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.prompt import Prompt

from woozle.desk import view
from woozle.desk.session import Session
from woozle.errors import WoozleError
from woozle.infer.model import NOBODY
from woozle.infer.review import Decision, ReviewError, open_proposals, record, usual_relation
from woozle.model.case import Case
from woozle.package.schema import term_of
from woozle.rows import records_by_id
from woozle.text import when

KEYS = {"a": "accept", "r": "reject", "d": "defer", "x": "no source in this collection", "q": "quit"}
_SHOWN = 600  # characters of a text around a passage


def walk(
    folder: Path, reviewer: str, threshold: float, texts: Mapping[str, str] | None, deferred: bool, out: Console
) -> None:
    """Ask for a decision on each proposal; each is written before the next is asked.

    Parameters
    ----------
    folder
        Of the data package.
    reviewer
        Who decides.
    threshold
        The least probability of a proposal.
    texts
        Texts by document, where there are any.
    deferred
        Whether what was deferred is asked too.
    out
        Where to show and ask.
    """
    decided = 0
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    out.print("Each decision is written at once. " + ", ".join(f"[b]{key}[/b] {word}" for key, word in KEYS.items()))
    try:
        for case, proposal in open_proposals(folder, threshold, texts, deferred):
            _show(case, proposal, texts or {}, out)
            decision = _ask(case, proposal, reviewer, today, out)
            if decision is None:
                break
            try:
                record(folder, decision)
                decided += 1
            except ReviewError as error:
                out.print(f"[red]{escape(str(error))}[/red]")
        else:
            out.print("Nothing is left to decide.")
    except (EOFError, KeyboardInterrupt):
        out.print()
        out.print(_summary(decided, folder))
        return
    except OSError:
        out.print(_summary(decided, folder))
        raise
    out.print(_summary(decided, folder))


def _summary(decided: int, folder: Path) -> str:
    written = f"; written to {escape(folder.name)}/reviews.csv" if decided else "; nothing was written"
    return f"{decided} decided{written}."


def _ask(case: Case, proposal: Mapping, reviewer: str, today: str, out: Console) -> Decision | None:
    """Return the decision that a person makes; None to stop."""
    key = Prompt.ask("Decision", choices=list(KEYS), console=out)
    if key == "q":
        return None
    relation = ""
    if key == "a":
        relations = list(case.vocabularies["relation"])
        usual = usual_relation(case, proposal["citing"])
        relation = Prompt.ask("Relation", choices=relations, default=usual, show_choices=False, console=out)
    note = Prompt.ask("Note (may be empty)", default="", show_default=False, console=out)
    cited = NOBODY if key == "x" else proposal["cited"]
    return Decision(
        citing=proposal["citing"],
        cited=cited,
        decision="accept" if key == "x" else KEYS[key],
        probability=proposal["nobody" if key == "x" else "probability"],
        reviewer=reviewer,
        reviewed=today,
        note=note,
        relation=relation,
        reason=proposal["reason"],
    )


def _show(case: Case, proposal: Mapping, texts: Mapping[str, str], out: Console) -> None:
    """Show both documents side by side, and why the hop is proposed."""
    citing, cited = proposal["citing"], proposal["cited"]
    width = max(30, (out.width - 2) // 2)
    passage = _passage(proposal, texts.get(citing, ""))
    panels = [
        Panel(_facts(case, name) + passage * (name == citing), title=escape(case.documents["label"][name]), width=width)
        for name in (citing, cited)
    ]
    out.print()
    out.print(Columns(panels, padding=(0, 1)), soft_wrap=False)
    labels = case.documents["label"]
    out.print(
        f"Did [b]{escape(labels[citing])}[/b] have it from [b]{escape(labels[cited])}[/b]? Probability "
        f"{proposal['probability']:.0%}: {escape(proposal['reason'])}."
    )


def _facts(case: Case, name: str) -> str:
    """Return what a case says of one document."""
    row = records_by_id(case.documents)[name]
    lines = [
        f"{row['outlet_name']} ({row['outlet_kind']}, {row['country'] or '–'}), {row['kind']}, {row['language']}",
        when(row["earliest"], row["latest"]),
        row["title"],
        row["url"],
    ]
    if lead := case.lead_facts.get(name):
        lines += ["", f"“{lead['wording']}”" if lead["wording"] else ""]
        lines += [
            f"{case.field_title(field)}: {case.term_title(field, lead[field])}" for field in case.fields if lead[field]
        ]
    else:
        lines += ["", "no coded version"]
    return "\n".join(escape(line) for line in lines if line or lines.index(line) > 3)


def _passage(proposal: Mapping, text: str) -> str:
    """Return the passage of a text that names the other document, with what stands around it."""
    start, end = proposal["passage_start"], proposal["passage_end"]
    if not text or start is None or start != start:
        return ""
    a, b = max(0, int(start) - _SHOWN // 2), min(len(text), int(end) + _SHOWN // 2)
    return f"\n\n…{escape(text[a:start])}[b]{escape(text[start:end])}[/b]{escape(text[end:b])}…"


def code_documents(session: Session, out: Console) -> None:
    """Ask for the codes of each document that is not coded; each answer is saved before the next is asked.

    An empty answer leaves a field as it is, `?` shows what the terms mean, `-` goes on to the next document, `q` ends.
    Documents that are coded already are not asked.
    """
    form = view.vocabularies(session)
    left = [one for one in view.overview(session)["documents"] if one["state"] != "coded"]
    out.print(
        f"{len(left)} document{'s' * (len(left) != 1)} to code. Each answer is saved at once; a document counts as "
        "coded once the fields with * are answered. Press Enter to leave a field as it is, ? for "
        "what the words mean, - for the next document, q to end."
    )
    try:
        for one in left:
            if not _code_one(session, one["id"], form, out):
                break
    except (EOFError, KeyboardInterrupt):
        out.print()
    of = view.overview(session)
    half = sum(one["state"] == "draft" for one in of["documents"])
    kept = f" {half} half coded: kept, until the fields with * are answered." if half else ""
    out.print(f"{of['coded']} of {len(of['documents'])} coded.{kept}")


def _code_one(session: Session, name: str, form: Mapping, out: Console) -> bool:
    """Ask for the codes of one document; return whether to go on."""
    shown = view.document(session, name, "1", [])
    lines = [shown["facts"]["title"], f"{shown['outlet']}, {shown['when']}", shown["facts"]["url"]]
    text = shown["text"][:_SHOWN] + ("…" if len(shown["text"]) > _SHOWN else "")
    out.print()
    out.print(
        Panel("\n".join(escape(line) for line in [*filter(None, lines), "", text]), title=escape(shown["label"])),
        soft_wrap=False,
    )
    fields = [
        (
            field["name"],
            field["title"] + " *" * field["needed"],
            {term["term"]: term for term in field["terms"]},
        )
        for field in form["fields"]
    ]
    more = [("wording", "Wording (at most 25 words)", {}), ("", "Relies on (an id)", {})]
    for field, title, terms in [*fields, *([] if session.second else more)]:  # a second coding is of codes alone
        while True:
            usual = session.codes_of(name).get(field, "") if field else ""
            listed_terms = ", ".join(str(term["title"]) for term in terms.values())
            asked = escape(f"{title}: {listed_terms}\n" if terms else title)
            told = Prompt.ask(asked, default=usual, show_default=bool(usual), console=out).strip()
            if told in ("-", "q"):
                return told == "-"
            if told == "?":
                for term in terms.values():
                    out.print(f"  [b]{escape(term['title'])}[/b]  {escape(term['means'])}")
                continue
            told = term_of(terms, told)
            if not told or told == usual:
                break
            try:
                if field:
                    session.code(name, "1", **{field: told})
                else:
                    session.cite(name, told)
                break
            except WoozleError as error:
                out.print(f"[red]{escape(str(error))}[/red]")
    return True
