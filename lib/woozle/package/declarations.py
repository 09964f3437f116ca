"""What a package declares in `datapackage.json`: slots, vocabularies, and descriptions that agree with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeGuard

from woozle.errors import did_you_mean, listed
from woozle.package import schema
from woozle.package.check import ID
from woozle.package.csv_files import is_list, is_object
from woozle.package.problems import Problems, quoted
from woozle.package.schema import Slot, TableSchema, Vocabulary

_KEYS = ("format", "actor", "conversion_from", "uncoded_carry", "slots", "vocabularies", "log")


def read_declarations(
    package: dict[str, Any], problems: Problems
) -> tuple[tuple[Slot, ...], dict[str, Vocabulary]] | None:
    """Return slots and vocabularies from `datapackage.json`, or None where they can't be used."""
    report = problems.of("datapackage.json")
    before = len(problems.found)
    block: object = package.get("woozle")
    for key in ("name", "title", "version"):
        if not isinstance(package.get(key), str) or not package[key]:
            report(f"key {key}: {_lack(package, key)}. A text is needed.")
    if not is_object(block):
        report(
            f"key woozle: {_lack(package, 'woozle')}. It holds format, actor, conversion_from, slots and vocabularies."
        )
        return None
    for key in block:
        if key not in _KEYS:
            report(f"key woozle.{key}: unknown.{did_you_mean(key, _KEYS)} Allowed: {listed(_KEYS)}.")
    if type(block.get("format")) is not int or block["format"] != schema.FORMAT:
        report(f"key woozle.format: {block.get('format')!r}; this version reads format {schema.FORMAT}.")
    if not isinstance(block.get("actor"), str):
        report(f"key woozle.actor: {_lack(block, 'actor')}. It names the person or body whose act the claim is about.")
    if not isinstance(block.get("uncoded_carry", False), bool):
        report("key woozle.uncoded_carry: true or false is needed (do documents without a version carry the claim?).")
    _check_log(block.get("log", []), report)
    vocabularies = _read_vocabularies(block.get("vocabularies"), report)
    slots = _read_slots(block.get("slots"), vocabularies, report)
    modality = vocabularies.get("modality", Vocabulary(""))
    rank = block.get("conversion_from", "")
    if rank != "" and not _is_term(rank, modality):
        report(f"key woozle.conversion_from: {rank!r} is not a term of modality. Leave it empty if the case has none.")
    if "none" not in modality:
        report("key woozle.vocabularies.modality: the term 'none' (claim not stated) is missing.")
    _check_resources(package.get("resources"), schema.tables(slots), vocabularies, report)
    return None if len(problems.found) > before else (slots, vocabularies)


def _lack(facts: Mapping[str, object], key: str) -> str:
    """Return what is wrong with a key that does not hold what it should."""
    return "missing" if key not in facts else "empty" if facts[key] == "" else f"it is {quoted(str(facts[key]))}"


def _check_log(log: object, report: Callable[[str], None]) -> None:
    if not is_list(log):
        report("key woozle.log: not a list of corrections.")
        return
    for number, entry in enumerate(log, start=1):
        if not is_object(entry) or not all(isinstance(entry.get(key), str) for key in schema.LOG):
            report(f"key woozle.log, entry {number}: a text is needed for each of {listed(schema.LOG)}.")


def _read_vocabularies(block: object, report: Callable[[str], None]) -> dict[str, Vocabulary]:
    vocabularies: dict[str, Vocabulary] = {}
    if not is_object(block):
        report("key woozle.vocabularies: an object with the terms of each is needed.")
        return vocabularies
    for name, terms in block.items():
        if not is_object(terms) or not all(map(is_object, terms.values())):
            report(f"key woozle.vocabularies.{name}: not an object of terms.")
            continue
        vocabularies[name] = Vocabulary(name, terms)
        for term, facts in terms.items():
            for key in ("title", "description", *schema.TERM_KEYS.get(name, ())):
                wanted = int if key == "rank" else str
                if not isinstance(facts.get(key), wanted) or isinstance(facts.get(key), bool):
                    report(f"key woozle.vocabularies.{name}.{term}.{key}: missing or not {wanted.__name__}.")
    for name in schema.TERM_KEYS:
        if name not in block:
            report(f"key woozle.vocabularies.{name}: missing.{did_you_mean(name, block)}")
    for name, words in (("seen", schema.SEEN), ("accuracy", schema.ACCURACY)):
        for term in set(vocabularies.get(name, ())) - set(words):
            report(f"key woozle.vocabularies.{name}: {quoted(term)} is not one of {listed(words)}.")
    classes = vocabularies.get("source_class", Vocabulary(""))
    for term, facts in vocabularies.get("said_by", Vocabulary("")).terms.items():
        if not _is_term(facts.get("class"), classes):
            report(f"key woozle.vocabularies.said_by.{term}.class: not one of {listed(classes)}.")
        named = facts.get("documents", [])
        if not is_list(named) or not all(isinstance(name, str) for name in named):
            report(f"key woozle.vocabularies.said_by.{term}.documents: not a list of ids of documents.")
    for name, roles in schema.ROLES.items():
        for term, facts in vocabularies.get(name, Vocabulary("")).terms.items():
            if facts.get("role") is not None and not _is_term(facts["role"], roles):
                report(f"key woozle.vocabularies.{name}.{term}.role: not one of {listed(roles)}.")
    for term, facts in vocabularies.get("modality", Vocabulary("")).terms.items():
        if not isinstance(facts.get("genre", ""), str):
            report(f"key woozle.vocabularies.modality.{term}.genre: not a text.")
    return vocabularies


def _read_slots(
    block: object, vocabularies: Mapping[str, Vocabulary], report: Callable[[str], None]
) -> tuple[Slot, ...]:
    slots: list[Slot] = []
    taken = schema.tables()["claims"].columns
    for number, facts in enumerate(block if is_list(block) else [], start=1):
        facts = facts if is_object(facts) else {}
        name, title, kind = facts.get("name"), facts.get("title"), facts.get("kind")
        where = f"key woozle.slots, slot {number}"
        if not isinstance(name, str) or not ID.fullmatch(name) or name in taken or not isinstance(title, str):
            report(f"{where}: needs a name (a-z, 0-9, _; not one of the fixed columns) and a title.")
        elif not _is_term(kind, schema.SLOT_KINDS):
            report(f"{where}: kind {kind!r} is not one of {listed(schema.SLOT_KINDS)}.")
        elif kind != "time" and not _is_term(facts.get("vocabulary"), vocabularies):
            report(f"{where}: there is no vocabulary {facts.get('vocabulary')!r}.")
        elif name in {slot.name for slot in slots}:
            report(f"{where}: the name '{name}' appears twice.")
        else:
            slots.append(Slot(name, title, kind, facts.get("vocabulary", "") if kind != "time" else ""))
    if not is_list(block):
        report("key woozle.slots: a list is needed, empty where the case has no slots of its own.")
    return tuple(slots)


def _is_term(value: object, terms: Iterable[str]) -> TypeGuard[str]:
    return isinstance(value, str) and value in terms


def _check_resources(
    resources: Any,
    tables: Mapping[str, TableSchema],
    vocabularies: Mapping[str, Vocabulary],
    report: Callable[[str], None],
) -> None:
    """The descriptions for other tools must agree with what the library reads."""
    try:
        described = {resource["name"]: resource for resource in resources}
        fields = {name: {field["name"]: field for field in r["schema"]["fields"]} for name, r in described.items()}
        rules = {(name, key): dict(f.get("constraints", {})) for name, fs in fields.items() for key, f in fs.items()}
        keys = {name: list(r["schema"].get("primaryKey", [])) for name, r in described.items()}
    except (TypeError, KeyError, ValueError, AttributeError):
        report("key resources: each needs a name and a schema with named fields (Frictionless Table Schema).")
        return
    if len(described) < len(resources):
        report("key resources: a name appears twice.")
    for name, table in tables.items():
        if name not in described:
            report(f"key resources: '{name}' is missing.")
        elif list(fields[name]) != [c for c in table.columns if c in fields[name] or c in table.needed]:
            report(f"key resources, {name}: the fields must be {listed(table.columns, most=40)}: run woozle describe.")
        else:
            if described[name].get("path") != f"{name}.csv":
                report(f"key resources, {name}: path must be '{name}.csv'.")
            if keys[name] != list(table.key):
                report(f"key resources, {name}: primaryKey must be {listed(table.key)}.")
            for column in fields[name]:
                rule, given = table.columns[column], rules[name, column]
                if rule.kind == "term" and given.get("enum") != list(vocabularies.get(rule.of, ())):
                    report(f"key resources, {name}.{column}: its enum is not the vocabulary '{rule.of}'.")
                if rule.required and given.get("required") is not True:  # a package may ask for more than woozle does
                    report(f"key resources, {name}.{column}: required must be true.")
