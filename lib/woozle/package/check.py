"""The rules that a package must keep; every breach is one sentence with file, row, column, value and remedy."""

from __future__ import annotations

import math
import re
import unicodedata
import urllib.parse
from collections.abc import Callable, Collection, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from woozle import dates
from woozle.errors import DateError, did_you_mean, listed
from woozle.package import schema
from woozle.package.problems import Problems, quoted
from woozle.package.schema import ColumnSchema, TableSchema, Vocabulary

WORDS, LETTERS, LABEL = 25, 50, 40
ID = re.compile(r"[a-z0-9][a-z0-9_]*")
# Han, kana, Thai, Lao, Burmese, Khmer: scripts that put no space between words.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
Rows = list[tuple[int, dict[str, str]]]


_DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{kind}{number}" for kind in ("COM", "LPT") for number in range(1, 10))}
NAME, RESERVED = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}"), ("all", "assignments", "comparison")


def check_name(name: str, problems: Problems) -> None:
    """Report a folder's name that can't be used in addresses, file names, notebooks or lists with commas."""
    if fault := name_fault(name):
        problems.of("datapackage.json")(f"the folder's name {quoted(name)} {fault} Rename the folder.")


def name_fault(name: str) -> str:
    """Return why a folder of a case can't have this name, or nothing.

    Examples
    --------
    >>> name_fault("balloon_2023"), name_fault("comparison")
    ('', 'is taken: woozle means something else by it.')
    """
    if name in RESERVED:
        return "is taken: woozle means something else by it."
    if name.partition(".")[0].upper() in _DEVICES:
        return "can't be used: Windows keeps it for a device, and no folder there can have it."
    if NAME.fullmatch(name):
        return ""
    return "can't be used: it may have letters a-z and A-Z, digits, '_', '-' and '.', at most 60, and no space."


def too_long_to_quote(text: str) -> str:
    """Return why a quotation is too long, or nothing.

    Examples
    --------
    >>> too_long_to_quote("word " * 26)
    'has 26 words; a quotation has at most 25'
    """
    # A run of letters that is longer than any word counts as several, whatever its script.
    letters, words = len(_UNSPACED.findall(text)), sum(math.ceil(len(word) / 40) for word in text.split())
    if letters > LETTERS:
        return f"has {letters} letters of a script without spaces; a quotation has at most {LETTERS}"
    return f"has {words} words; a quotation has at most {WORDS}" if words > WORDS else ""


def check_tables(
    rows: Mapping[str, Rows],
    tables: Mapping[str, TableSchema],
    vocabularies: Mapping[str, Vocabulary],
    problems: Problems,
    broken: Collection[str] = (),
) -> None:
    """Check each cell, each key and each reference, except references to a table that could not be read completely."""
    whole = [name for name in ("outlets", "documents") if name in rows and name not in broken]
    known = {name: {row["id"] for _, row in rows[name]} for name in whole}
    for name, table in tables.items():
        seen_keys: dict[tuple[str, ...], int] = {}
        for number, row in rows.get(name, []):
            for column, rule in table.columns.items():
                for sentence in cell_faults(row[column], rule, vocabularies, known):
                    problems.cell(name, number, column, row[column], sentence, everywhere=rule.kind == "ref")
                quoted = rule.kind == "quotation" and row.get("evidence_type") != "paraphrase"
                if quoted and (fault := too_long_to_quote(row[column])):
                    problems.cell(name, number, column, row[column], f"{fault}.")
            key = tuple(row[column] for column in table.key)
            if key in seen_keys:
                first = f"is already in row {seen_keys[key]}; it must be unique."
                problems.cell(name, number, ", ".join(table.key), ", ".join(key), first)
            seen_keys.setdefault(key, number)


def cell_faults(
    value: str, rule: ColumnSchema, vocabularies: Mapping[str, Vocabulary], known: Mapping[str, set[str]]
) -> Iterable[str]:
    """Yield what is wrong with the value of one cell; `known` has the ids of the tables that it may refer to."""
    if any(unicodedata.category(letter) == "Cc" for letter in value):
        yield "holds a control character (a tab, a line end or the like). Delete it."
    if value != value.strip():
        yield "begins or ends with a space. Delete it."
    if not value:
        if rule.required:
            allowed = f" Allowed: {listed(vocabularies[rule.of], most=20)}." if rule.kind == "term" else ""
            yield f"is empty; a value is needed.{allowed}"
    elif rule.kind == "term" and value not in vocabularies[rule.of]:
        terms = vocabularies[rule.of]
        yield f"is not a term of {rule.of}.{did_you_mean(value, terms)} Allowed: {listed(terms, most=20)}."
    elif rule.kind == "ref" and rule.of in known and value not in known[rule.of]:
        word = {"documents": "a document", "outlets": "an outlet"}[rule.of]
        yield f"is not {word}.{did_you_mean(value, known[rule.of])}"
    elif rule.kind in _FORMS and (fault := _FORMS[rule.kind](value)):
        yield fault


def _is_address(value: str) -> bool:
    try:
        parts = urllib.parse.urlsplit(value)
        named = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
    return named and value.isprintable() and " " not in value


def _date_fault(value: str) -> str:
    try:
        dates.parse(value)
    except DateError as error:
        return _without_value(error, value)
    return ""


def _zone_fault(value: str) -> str:
    try:
        dates.parse("2024", [value])
    except DateError as error:
        return _without_value(error, value)
    return ""


def _without_value(error: DateError, value: str) -> str:
    """Return an error without the value, which stands before each fault."""
    said = str(error)
    return said.removeprefix(f"'{value}' ") if said.startswith(f"'{value}' ") else f"can't be used: {said}"


def _country_fault(value: str) -> str:
    known = dates.countries()
    near = " Did you mean 'GB'?" if value == "UK" else did_you_mean(value, known)
    return "" if value in known else f"is not an ISO 3166-1 code such as 'KR'.{near}"


_FORMS: Mapping[str, Callable[[str], str]] = {
    "id": lambda v: "" if ID.fullmatch(v) else "is not an identifier: a-z, 0-9 and _ only.",
    "label": lambda v: f"has {len(v)} characters; a label has at most {LABEL}." if len(v) > LABEL else "",
    "url": lambda v: "" if _is_address(v) else "is not an address that begins with http:// or https://.",
    "language": lambda v: "" if re.fullmatch("[a-z]{2,3}", v) else "is not the code of a language, such as 'ko'.",
    "version": lambda v: "" if re.fullmatch("[1-9][0-9]{0,2}", v) else "is not a whole number, 1 or higher.",
    "number": lambda v: "" if re.fullmatch(r"-?\d{1,15}(\.\d{1,9})?", v, re.A) else "is not a number such as 12.5.",
    "share": lambda v: "" if re.fullmatch(r"0(\.\d{1,4})?|1(\.0+)?", v, re.A) else "must be from 0 to 1, such as 0.8.",
    "date": _date_fault,
    "date_told": lambda v: "" if v == schema.UNDATED else _date_fault(v),
    "zone": _zone_fault,
    "country": _country_fault,
}


def check_values(events: Rows, problems: Problems) -> None:
    """A value of an event has a unit, and a unit a value."""
    for number, row in events:
        if row["value"] and not row["unit"]:
            problems.cell("events", number, "unit", "", "is empty; a value needs a unit, such as 'USD'.")
        if row["unit"] and not row["value"]:
            problems.cell("events", number, "value", "", f"is empty; the unit {quoted(row['unit'])} has no value.")


def check_versions(claims: Rows, problems: Problems) -> None:
    """The versions of a document are numbered 1, 2, … without a gap."""
    numbers: dict[str, set[str]] = {}
    for _, row in claims:
        numbers.setdefault(row["document"], set()).add(row["version"])
    for number, row in claims:
        if re.fullmatch("[1-9][0-9]{0,2}", row["version"]) and row["version"] != "1":
            before = str(int(row["version"]) - 1)
            if before not in numbers[row["document"]]:
                problems.cell("claims", number, "version", row["version"], f"comes without a version {before}.")


def check_words(claims: Rows, problems: Problems) -> None:
    """A translation needs the wording that it translates; marked words must occur in the text that a reader sees."""
    for number, row in claims:
        if row.get("translation") and not row["wording"]:
            problems.cell("claims", number, "translation", row["translation"], "translates nothing: wording is empty.")
        shown_words = row.get("translation") or row["wording"]
        for part in marked_parts(row.get("marked", "")):
            if part not in shown_words:
                where = "translation" if row.get("translation") else "wording"
                problems.cell(
                    "claims", number, "marked", part, f"does not occur in {where}. Write it as it stands there."
                )


def marked_parts(marked: str) -> list[str]:
    """Return the parts of a wording that are marked; several stand with | between them.

    Examples
    --------
    >>> marked_parts("announced | troops")
    ['announced', 'troops']
    """
    return [part.strip() for part in marked.split("|") if part.strip()]


def check_codings(
    codings: Mapping[str, Rows],
    layout: Mapping[str, TableSchema],
    vocabularies: Mapping[str, Vocabulary],
    rows: Mapping[str, Rows],
    problems: Problems,
) -> None:
    """A second coding codes versions of documents, each once, by the same terms."""
    versions = {(row["document"], row["version"]) for _, row in rows["claims"]}
    known = {row["id"] for _, row in rows["documents"]}
    for coder, coded in codings.items():
        seen: set[tuple[str, str]] = set()
        waiting: list[str] = []
        for number, row in coded:
            key = row["document"], row["version"]
            if row["document"] not in known:
                near = did_you_mean(row["document"], known)
                problems.cell(f"codings/{coder}", number, "document", row["document"], f"is not a document.{near}")
            elif key not in versions:
                waiting.append(", ".join(key))
            if key in seen:
                problems.cell(f"codings/{coder}", number, "document, version", ", ".join(key), "appears twice.")
            seen.add(key)
            unjudged = {"accuracy"} if not row.get("accuracy") else set[str]()
            for column in set(row) - {"document", "version", "note"} - unjudged:
                for sentence in cell_faults(row[column], layout["claims"].columns[column], vocabularies, {}):
                    problems.cell(f"codings/{coder}", number, column, row[column], sentence)
        if waiting:
            problems.note(f"codings/{coder}.csv")(
                f"{len(waiting)} coded here {'are' if len(waiting) > 1 else 'is'} not in claims.csv yet; "
                f"woozle agree --settle takes them over: {listed(waiting, most=5)}."
            )


def check_reviews(reviews: Rows, documents: Rows, problems: Problems) -> None:
    """Check reviews: each decides once on a pair of documents, or says that one has no source in the package."""
    known = {row["id"] for _, row in documents}
    seen: set[tuple[str, str]] = set()
    for number, row in reviews:
        for column in ("citing", "cited"):
            if row[column] not in known and (row[column] or column == "citing"):
                near = did_you_mean(row[column], known)
                problems.cell("reviews", number, column, row[column], f"is not a document.{near}")
        if row["decision"] not in schema.DECISIONS:
            sentence = f"is not one of {listed(schema.DECISIONS)}."
            problems.cell("reviews", number, "decision", row["decision"], sentence)
        if not row["reviewer"]:
            problems.cell("reviews", number, "reviewer", "", "is empty; a value is needed.")
        if fault := _date_fault(row["reviewed"]):
            problems.cell("reviews", number, "reviewed", row["reviewed"], fault)
        for column, value in row.items():
            if any(unicodedata.category(letter) == "Cc" for letter in value):
                problems.cell("reviews", number, column, value, "holds a control character. Delete it.")
        if (row["citing"], row["cited"]) in seen:
            problems.cell("reviews", number, "citing, cited", f"{row['citing']}, {row['cited']}", "appears twice.")
        seen.add((row["citing"], row["cited"]))


def check_seen(rows: Mapping[str, Rows], problems: Problems) -> None:
    """Each fact not seen on the page must say where it was seen; a page that nobody saw can't show what it cites."""
    how = {row["id"]: row["seen"] for _, row in rows["documents"]}
    for table in ("documents", "citations", "claims"):
        for number, row in rows[table]:
            owner = row.get("citing") or row.get("document") or row["id"]
            if row["seen"] == "page" and how.get(owner, "page") != "page":
                sentence = f"contradicts documents.csv, where {owner} is '{how[owner]}'. Write how this was seen."
                problems.cell(table, number, "seen", row["seen"], sentence)
            if table == "documents" and row["seen_in"] == row["id"]:
                problems.cell(table, number, "seen_in", row["seen_in"], "is the document itself. Name another.")
            if row["seen"] != "page" and not row["seen_in"] and not row["seen_note"]:
                sentence = f"is empty; '{row['seen']}' needs the document that it was seen in, or a seen_note."
                problems.cell(table, number, "seen_in", "", sentence)


def check_undated(rows: Mapping[str, Rows], undated: Collection[str], problems: Problems) -> None:
    """Note the documents without a date; one on which the coding of others is based must have one."""
    report = problems.of("documents.csv")
    if len(undated) == len(rows["documents"]):
        report("no document has a date yet. Write at least one into the column published, such as 2024-06-24.")
    for number, row in rows["claims"]:
        if row["basis"] in undated and row["document"] not in undated:
            problems.cell("claims", number, "basis", row["basis"], "has no date yet in documents.csv. Write one there.")
    for table in ("documents", "citations", "claims", "events"):
        for number, row in rows[table]:
            owner = row.get("citing") or row.get("document") or row.get("id", "")
            if row["seen_in"] in undated and owner not in undated:
                sentence = "has no date yet in documents.csv. Write one there."
                problems.cell(table, number, "seen_in", row["seen_in"], sentence)
    some = listed(sorted(undated), most=5)
    plural = len(undated) > 1
    problems.note("documents.csv")(
        f"{len(undated)} document{'s have' if plural else ' has'} no date yet and {'are' if plural else 'is'} not "
        f"counted: {some}. Write what is known into the column published; 2024 or 2024-06 is enough."
    )


def check_credits(vocabularies: Mapping[str, Vocabulary], documents: Rows, problems: Problems) -> None:
    """The speaker of a claim must be a document in this case, or a term of the vocabulary."""
    known = {row["id"] for _, row in documents}
    for term, facts in vocabularies["said_by"].terms.items():
        for name in facts.get("documents", []):
            if name not in known:
                problems.of("datapackage.json")(
                    f"key woozle.vocabularies.said_by.{term}.documents: {quoted(name)} is not a document."
                    f"{did_you_mean(name, known)}"
                )


_UNPUBLISHED = re.compile(r"unnamed|anonymous|unpublished|not published|informant|insider|leak|off the record", re.I)
_NO_PUBLISHER = re.compile(r"official|person|account|press (room|corps)|social|unknown|unidentified|not known", re.I)


def ask_roles(rows: Mapping[str, Rows], vocabularies: Mapping[str, Vocabulary], problems: Problems) -> None:
    """Ask about kinds of document that look unpublished, and kinds of outlet that seem not to publish."""
    kinds = vocabularies["document_kind"]
    for term in dict.fromkeys(row["kind"] for _, row in rows["documents"]):
        words = f"{term} {kinds.title(term)} {kinds.terms[term].get('description', '')}".replace("_", " ")
        of_it = [row for _, row in rows["documents"] if row["kind"] == term]
        looks = _UNPUBLISHED.search(words) and not any(row["title"] or row["url"] for row in of_it)
        if looks and not kinds.terms[term].get("role"):
            problems.note("datapackage.json")(
                f'are documents of the kind {quoted(term)} never published? Then write "role": "unpublished" beside '
                "the title of that kind. Such documents and their outlets do not count as having spread the claim."
            )
    kinds = vocabularies["outlet_kind"]
    for term in dict.fromkeys(row["kind"] for _, row in rows["outlets"]):
        if _NO_PUBLISHER.search(f"{term} {kinds.title(term)}".replace("_", " ")) and not kinds.terms[term].get("role"):
            problems.note("datapackage.json")(
                f'do outlets of the kind {quoted(term)} publish nothing themselves? Then write "role": '
                '"no_publisher" beside the title of that kind: they do not count as outlets.'
            )


def note_scripts(rows: Mapping[str, Rows], vocabularies: Mapping[str, Vocabulary], problems: Problems) -> None:
    """Note the scripts (Thai, say) that charts would show but for which no font is installed."""
    from woozle.fonts import scripts_without_font

    texts = [row["label"] + row["title"] for _, row in rows["documents"]] + [row["name"] for _, row in rows["outlets"]]
    texts += [str(facts["title"]) for words in vocabularies.values() for facts in words.terms.values()]
    texts += [row["wording"] for _, row in rows["claims"]]
    if scripts := scripts_without_font(texts):
        problems.note("documents.csv")(
            f"charts have no font for {listed(scripts)}, and leave such letters blank: pip install 'woozle[fonts]'."
        )


def check_aliases(outlets: Rows, problems: Problems) -> None:
    """Report aliases by which nobody could be found in a text: without letters, or with one alone."""
    report = problems.of("outlets.csv")
    for number, row in outlets:
        for alias in filter(None, (part.strip() for part in row.get("aliases", "").split(";"))):
            if sum(letter.isalnum() for letter in alias) < 2:
                report(f"row {number}, column aliases: {quoted(alias)} has fewer than two letters. Leave it out.")


def check_spans(documents: Rows, outlets: Rows, problems: Problems) -> None:
    """Report dates that can't be computed in the time zone of their outlet (a day that the zone skipped)."""
    if not problems.found:
        zones = {row["id"]: dates.zones_of(row["time_zone"], row["country"]) for _, row in outlets}
        for number, row in documents:
            try:
                dates.parse(row["published"], zones[row["outlet"]])
            except DateError as error:
                sentence = f"can't be used in the time zone of its outlet: {error}"
                problems.cell("documents", number, "published", row["published"], sentence)


def check_hops(citations: Rows, spans: Mapping[str, dates.Interval], problems: Problems) -> None:
    """No document relies on itself, on what relies on it, or on what surely came later."""
    for number, row in citations:
        if row["citing"] == row["cited"]:
            problems.cell("citations", number, "cited", row["cited"], "cites itself. Delete the row.")
    hops = [(row["cited"], row["citing"]) for _, row in citations if row["citing"] != row["cited"]]
    if cycle := find_cycle(hops):
        chain = " → ".join([*cycle, cycle[0]])
        rows = [str(n) for n, r in citations if (r["cited"], r["citing"]) in set(_pairs(cycle))]
        problems.of("citations.csv")(
            f"rows {', '.join(rows)}: the citations form a cycle, {chain} (each relied on by the next). Delete one."
        )
        return
    late = False
    for number, row in citations:
        cited, citing = spans.get(row["cited"]), spans.get(row["citing"])
        if cited and citing and citing.latest < cited.earliest:
            late = True
            sentence = (
                f"was published by {citing.latest:%Y-%m-%d %H:%M} UTC at the latest, but relies on {row['cited']}, "
                f"not published before {cited.earliest:%Y-%m-%d %H:%M} UTC. Correct a date in documents.csv or the row."
            )
            problems.cell("citations", number, "citing", row["citing"], sentence)
    if not late and all(name in spans for hop in hops for name in hop):
        try:
            dates.narrow(spans, hops)
        except DateError as error:
            problems.of("citations.csv")(f"dates along a chain: {error} Mend a date in documents.csv.")


def find_cycle(hops: Iterable[tuple[str, str]]) -> list[str]:
    """Return the documents of one cycle in order, or an empty list.

    Examples
    --------
    >>> find_cycle([("a", "b"), ("b", "c"), ("c", "a")])
    ['a', 'b', 'c']
    """
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for first, second in hops:
        sorter.add(first)  # in the order of the rows
        sorter.add(second, first)
    try:
        sorter.prepare()
    except CycleError as error:
        return error.args[1][:-1]
    return []


def _pairs(cycle: list[str]) -> Iterable[tuple[str, str]]:
    return zip(cycle, [*cycle[1:], cycle[0]], strict=True)
