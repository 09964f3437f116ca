"""The coding desk in a notebook: a thin widget over a session; what it shows is in `view`."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from woozle.desk import view
from woozle.desk.session import Session
from woozle.errors import WoozleError
from woozle.infer.review import Decision, record

_HERE = Path(__file__).parent


class Desk(anywidget.AnyWidget):
    """The desk of one coder over one case; `woozle.desk` opens it."""

    _esm = _HERE / "widget.js"
    _css = _HERE / "widget.css"
    terms = traitlets.Dict().tag(sync=True)
    overview = traitlets.Dict().tag(sync=True)
    shown = traitlets.Dict().tag(sync=True)
    note = traitlets.Dict().tag(sync=True)

    def __init__(self, session: Session, propose: bool = True):
        super().__init__()
        self.session = session
        self._proposals: list[dict[str, Any]] = []
        self._steps = 0
        self.terms = view.vocabularies(session)
        self.overview = view.overview(session)
        first = next((one["id"] for one in self.overview["documents"] if one["state"] != "coded"), None)
        self._document = first or next((one["id"] for one in self.overview["documents"]), "")
        self._version = "1"
        self._show()
        self.on_msg(self._hear)
        if propose:
            threading.Thread(target=self._propose, daemon=True).start()

    def _propose(self) -> None:
        try:
            self._proposals = view.proposals(self.session)
        except Exception as error:  # a thread that nobody waits for: what went wrong is told on the desk
            self.note = {"text": f"No proposals: {error}", "bad": True, "step": self._steps}
            return
        self._show()

    def _show(self) -> None:
        self.shown = view.document(self.session, self._document, self._version, self._proposals)

    def _hear(self, _: object, content: dict[str, Any], __: object) -> None:
        """Do what the coder did, and show what has become of it."""
        self._steps += 1
        try:
            said = self._do(str(content.get("do", "")), content)
        except (WoozleError, OSError) as error:
            self.note = {"text": str(error), "bad": True, "step": self._steps}
        else:
            if said:
                self.note = {"text": said, "bad": False, "step": self._steps}
        if content.get("do") != "select":
            self.overview = view.overview(self.session)
        self._show()

    def _do(self, what: str, told: dict[str, Any]) -> str:
        session, name, version = self.session, self._document, self._version
        if what == "select":
            self._document, self._version = str(told["document"]), str(told.get("version", "1"))
            return ""
        if what == "code":
            session.code(name, version, **{str(told["field"]): str(told["value"]).strip()})
        elif what == "word":
            field = str(told["field"])
            session.word(name, version, field, session.text_of(name), int(told["start"]), int(told["end"]))
        elif what == "document":
            session.set_document(name, **{str(told["field"]): str(told["value"]).strip()})
        elif what == "cite":
            session.cite(name, str(told["cited"]), str(told.get("relation", "")), str(told.get("evidence", "")))
        elif what == "uncite":
            session.uncite(name, str(told["cited"]), str(told["relation"]))
        elif what == "decide":
            return self._decide(told)
        elif what == "term":
            facts = (str(told[key]) for key in ("vocabulary", "term", "title", "description"))
            session.add_term(*facts, **{"class": str(told.get("class", ""))})
            self.terms = view.vocabularies(session)
            if told.get("field"):
                session.code(name, version, **{str(told["field"]): str(told["term"])})
        elif what == "undo":
            return f"Undone: {done}" if (done := session.undo()) else "Nothing to undo"
        elif what == "redo":
            return f"Redone: {done}" if (done := session.redo()) else "Nothing to redo"
        elif what == "uncode":
            session.uncode(name, version)
        return "Saved"

    def _decide(self, told: dict[str, Any]) -> str:
        """Accept, reject or defer a proposal; who decided, and when, is kept."""
        if told["cited"] == "":
            return self._decide_date(str(told["decision"]))
        proposal = next(
            one for one in self._proposals if (one["citing"], one["cited"]) == (self._document, told["cited"])
        )
        decision = str(told["decision"])
        relation = "reposts" if proposal["kind"] == "copy" else ""
        record(
            self.session.folder,
            Decision(
                citing=proposal["citing"], cited=proposal["cited"], decision=decision,
                probability=proposal["probability"] or 1.0, reviewer=self.session.coder,
                reviewed=f"{datetime.now(UTC):%Y-%m-%d}", relation=relation, reason=proposal["reason"],
            ),
        )  # fmt: skip
        self._proposals.remove(proposal)
        self.session.look_again()
        return {"accept": "Accepted", "reject": "Rejected", "defer": "Deferred"}[decision]

    def _decide_date(self, decision: str) -> str:
        """Take a date that an import found for sure, or take it out: the document waits then."""
        if decision != "defer":
            published = self.session.rows["documents.csv"][self._document,]["published"].rstrip("?")
            self.session.set_document(self._document, published=published if decision == "accept" else "")
        return {"accept": "Accepted", "reject": "Taken out: the document waits for a date", "defer": "Deferred"}[
            decision
        ]


def open_desk(folder: Path, coder: str, second: bool = False, propose: bool = True) -> Desk:
    """Return the desk of a coder over the case in a folder."""
    return Desk(Session(folder, coder, second), propose)
