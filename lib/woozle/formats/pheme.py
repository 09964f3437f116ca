"""Read the PHEME data sets of rumours on Twitter: one folder a conversation, one JSON file a post.

Zubiaga and others (PLoS ONE 11, 2016), doi 10.6084/m9.figshare.2068650. Of each conversation, at any depth below the
folder, `source-tweets/`, `reactions/` and `structure.json` are read. Of a post only its id, time, author and text are
taken, and which post it answers.
"""

from __future__ import annotations

import json
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from woozle.formats.items import FormatError
from woozle.formats.threads import Faults, Threads, as_threads

_SOURCES = ("source-tweets", "source-tweet")
_LARGEST = 20_000_000  # bytes of one file


def read_pheme(folder: str | Path) -> Threads:
    """Return the conversations below a folder.

    A post answers its `in_reply_to_status_id_str`. A file that can't be read, holds more than one object, or
    contradicts `structure.json` is noted with its line, and reading goes on.

    Parameters
    ----------
    folder
        Any folder above the conversations.

    Raises
    ------
    FormatError
        There is no conversation below the folder.
    """
    folder = Path(folder)
    faults = Faults(folder)
    threads = sorted({path.parent for name in _SOURCES for path in folder.rglob(name) if path.is_dir()})
    threads = sorted(set(threads) | {path.parent for path in folder.rglob("reactions") if path.is_dir()})
    if not threads:
        raise FormatError(f"There is no conversation of the PHEME format (source-tweets/, reactions/) below {folder}.")
    rows = []
    for thread in threads:
        posts = _read_thread(thread, faults)
        known = {row["post"] for row in posts}
        for row in posts:
            if row["answers"] and row["answers"] not in known:
                faults.note(row.pop("file"), 1, f"answers a post that is not in the thread: {row['answers']}")
            row.pop("file", None)
        rows += posts
    return as_threads(rows, faults)


def _read_thread(thread: Path, faults: Faults) -> list[dict]:
    """Return the posts of one conversation."""
    sources = [file for name in _SOURCES for file in sorted((thread / name).glob("*.json"))]
    if not sources:
        faults.note(thread, 0, "no source post")
    rows = []
    for file in [*sources, *sorted((thread / "reactions").glob("*.json"))]:
        if file.name.startswith("."):
            continue
        post = _read_post(file, faults)
        if post is not None:
            rows.append({"thread": thread.name, "file": file} | post)
    _compare(thread, rows, faults)
    return rows


def _read_post(file: Path, faults: Faults) -> dict | None:
    try:
        if file.stat().st_size > _LARGEST:
            faults.note(file, 0, "the file is too large for a post")
            return None
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        faults.note(file, 0, f"can't be read: {error}")
        return None
    body = text.lstrip("\ufeff \t\r\n")
    if not body:
        faults.note(file, 1, "the file is empty")
        return None
    start = len(text) - len(body)
    try:
        facts, end = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError) as error:
        faults.note(file, getattr(error, "lineno", 1), f"not JSON: {getattr(error, 'msg', error)}")
        return None
    if text[end:].strip():
        faults.note(file, text[:end].count("\n") + 1, "something follows the object; only the first object is read")
    return _fields(facts, file, faults)


def _fields(facts: object, file: Path, faults: Faults) -> dict | None:
    if not isinstance(facts, dict):
        faults.note(file, 1, "not an object")
        return None
    user = facts.get("user")
    name = user.get("screen_name") if isinstance(user, dict) else None
    post = facts.get("id_str") or facts.get("id")
    time = _time(facts.get("created_at"))
    text = facts.get("text", facts.get("full_text"))
    for what, value in (("id", post), ("created_at", time), ("text", text)):
        if value is None or not isinstance(value, str | int | datetime):
            faults.note(file, 1, f"no usable {what}")
            return None
    answers = facts.get("in_reply_to_status_id_str") or facts.get("in_reply_to_status_id") or ""
    number = facts.get("in_reply_to_status_id")
    if number and str(number) != str(answers):
        faults.note(file, 1, f"in_reply_to_status_id {number} differs from its text form {answers}; the text is taken")
    if not isinstance(name, str):
        faults.note(file, 1, "no screen_name")
    return {
        "post": str(post),
        "time": time,
        "author": name if isinstance(name, str) else "",
        "text": str(text),
        "answers": str(answers),
    }


def _time(value: object) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo else None


def _compare(thread: Path, rows: list[dict], faults: Faults) -> None:
    """Note where structure.json contradicts the posts."""
    file = thread / "structure.json"
    try:
        tree = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        faults.note(file, 0, "missing")
        return
    except (OSError, ValueError, RecursionError) as error:
        faults.note(file, getattr(error, "lineno", 1), f"not JSON: {getattr(error, 'msg', error)}")
        return
    answered: dict[str, str] = {}
    left = [("", tree)]
    while left:
        parent, branch = left.pop()
        for post, below in branch.items() if isinstance(branch, dict) else ():
            answered[post] = parent
            left.append((post, below))
    for row in rows:
        answer = answered.get(row["post"])
        if row["answers"] and answer is not None and answer != row["answers"]:
            sentence = f"structure.json says that it answers {answer or 'nothing'}, the post says {row['answers']}"
            faults.note(row["file"], 1, sentence)
