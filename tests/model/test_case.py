"""Opening a package: every way in which it can be wrong has its sentence, and all are told at once."""

import csv
import io
import json
import re
import shutil

import pytest

import tiny
import woozle
from woozle.errors import CaseError, UnknownCaseError
from woozle.model.changes import problems_with
from woozle.model.opening import inspect_folder, open_case
from woozle.package.codebook import describe
from woozle.package.csv_files import LIMIT_MB


@pytest.fixture
def package(tmp_path):
    """b and c rely on a."""
    return tiny.write(tmp_path / "data" / "tiny", tiny.tables("a>b a>c"))


def problems(folder):
    found, sentences = inspect_folder(folder)
    assert (found is None) == bool(sentences)
    return sentences


def edit(path, old, new):
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))


def test_a_good_package_opens(package):
    case = woozle.open(package)
    assert list(case.documents.index) == ["a", "b", "c"]
    assert case.fields == ("said_by", "modality", "certainty", "force", "place", "deadline")


BROKEN = [
    # what is done to which file, what the error must say
    ("documents.csv", lambda p: p.unlink(), "documents.csv: the file is missing"),
    ("documents.csv", lambda p: p.rename(p.with_name("document.csv")), "Did you mean 'document.csv'"),
    ("documents.csv", lambda p: p.write_bytes(b""), "the file is empty"),
    ("documents.csv", lambda p: edit(p, b"published", b"publisht"), "the column 'published' is missing. Did you mean 'publisht'"),
    ("documents.csv", lambda p: edit(p, b"id,", b"id,extra,"), "there is no column 'extra'"),
    ("documents.csv", lambda p: edit(p, b"A,news", b"\xc4,news"), "byte 0xc4 is not UTF-8"),
    ("documents.csv", lambda p: p.write_bytes(p.read_text().encode("utf-16")), "the encoding is UTF-16"),
    ("documents.csv", lambda p: p.write_bytes(p.read_bytes().replace(b",", b"|")), "row 1: this is not the table's header"),
    ("documents.csv", lambda p: edit(p, b"A,news", b"A\0,news"), "line 2: a NUL byte"),
    ("documents.csv", lambda p: edit(p, b"A,news", b'"A,news'), "line 2: a quote opens here"),
    ("documents.csv", lambda p: edit(p, b"\nb,paper,B,", b'\nb,paper,"B,'), "line 3: a quote opens here"),
    ("documents.csv", lambda p: edit(p, b"\nb,", b"\n\nb,"), "row 3: the row is empty"),
    ("documents.csv", lambda p: edit(p, b"A,news", b"A,B,news"), "13 values for 12 columns. A value with a comma in it needs"),
    ("documents.csv", lambda p: edit(p, b"\nb,", b"\nb\nc,"), "row 3: 1 value for 12 columns. An empty cell needs its comma, too."),
    ("documents.csv", lambda p: edit(p, b"published", b"on"), "the column 'published' is missing. Does 'on' hold it? Then rename that."),
    ("documents.csv", lambda p: edit(p, b",2024-06,", b",2024-13,"), "row 2, column published: '2024-13' names month 13; a year has"),
    ("documents.csv", lambda p: edit(p, b",2024-06,", b",2024-13/2024-14,"), "column published: '2024-13/2024-14' can't be used: '2024-13' names"),
    ("datapackage.json", lambda p: edit(p, b'"conversion_from"', b'"conversion_form"'), "key woozle.conversion_form: unknown. Did you mean 'conversion_from'?"),
    ("datapackage.json", lambda p: edit(p, b'"title": "A small case"', b'"title": 5'), "key title: it is '5'. A text is needed."),
    ("outlets.csv", lambda p: p.unlink(), "outlets.csv: the file is missing."),
    ("outlets.csv", lambda p: edit(p, b"GB", b"UK"), "'UK' is not an ISO 3166-1 code such as 'KR'. Did you mean 'GB'?"),
    ("outlets.csv", lambda p: edit(p, b"UTC", b"Europe/Berlim"), "time_zone: 'Europe/Berlim' is not the IANA name of a time zone. Did"),
    ("datapackage.json", lambda p: edit(p, b'"title": ', b'"title" '), "datapackage.json, line 1: not JSON from column"),
    ("documents.csv", lambda p: edit(p, b"\nb,", b"\na,"), "row 3, column id: 'a' is already in row 2"),
    ("documents.csv", lambda p: edit(p, b"\na,paper", b"\na,papr"), "row 2, column outlet: 'papr' is not an outlet. Did you mean 'paper'"),
    ("documents.csv", lambda p: edit(p, b"A,news,", b"A,newz,"), "'newz' is not a term of document_kind. Did you mean 'news'? Allowed: 'news'"),
    ("documents.csv", lambda p: edit(p, b"2024-06,", b"June 2024,"), "row 2, column published: 'June 2024' is not a date"),
    ("documents.csv", lambda p: edit(p, b"A,news,", b"A,,"), "row 2, column kind: the cell is empty; a value is needed"),
    ("documents.csv", lambda p: edit(p, b"2024-06,,", b"2024-06,,javascript:alert(1)"), "is not an address that begins with http"),
    ("documents.csv", lambda p: edit(p, b"\na,", b"\nA b,"), "is not an identifier"),
    ("documents.csv", lambda p: edit(p, b"A,news", b"A\x1b[31m,news"), "control character"),
    ("documents.csv", lambda p: edit(p, b"A,news", b" A,news"), "begins or ends with a space"),
    ("documents.csv", lambda p: edit(p, b"A,news", b"A" * 41 + b",news"), "a label has at most 40"),
    ("documents.csv", lambda p: edit(p, b"en,2024-06", b"English,2024-06"), "is not the code of a language"),
    ("documents.csv", lambda p: edit(p, b"page", b"named"), "column seen_in: the cell is empty; 'named' needs the document"),
    ("outlets.csv", lambda p: edit(p, b"GB", b"UK"), "'UK' is not an ISO 3166-1 code"),
    ("outlets.csv", lambda p: edit(p, b"UTC", b"Europe/Londn"), "Did you mean 'Europe/London'"),
    ("citations.csv", lambda p: edit(p, b"b,a,attributes", b"b,x,attributes"), "row 2, column cited: 'x' is not a document"),
    ("citations.csv", lambda p: edit(p, b"b,a,attributes", b"b,b,attributes"), "row 2, column cited: 'b' cites itself"),
    ("citations.csv", lambda p: edit(p, b"b,a,attributes", b"b,a,attributez"), "Did you mean 'attributes'"),
    ("citations.csv", lambda p: edit(p, b"it says so", b"word " * 25 + b"word"), "has 26 words; a quotation has at most 25"),
    ("citations.csv", lambda p: edit(p, b"it says so", "字".encode() * 51), "a quotation has at most 50"),
    ("claims.csv", lambda p: edit(p, b"a,1,", b"a,one,"), "row 2, column version: 'one' is not a whole number"),
    ("claims.csv", lambda p: edit(p, b"a,1,", b"a,2,"), "row 2, column version: '2' comes without a version 1"),
    ("claims.csv", lambda p: edit(p, b"2024-07,", b"soon,"), "column deadline: 'soon' is not a date"),
    ("claims.csv", lambda p: edit(p, b"asserts", b"assert"), "Did you mean 'asserts'"),
    ("datapackage.json", lambda p: p.unlink(), "datapackage.json: the file is missing"),
    ("datapackage.json", lambda p: edit(p, b"{", b""), "not JSON"),
    ("datapackage.json", lambda p: p.write_text("[]"), "not a JSON object"),
    ("datapackage.json", lambda p: p.write_text("{}"), "key woozle: missing"),
    ("datapackage.json", lambda p: edit(p, b'"format": 1', b'"format": 2'), "this version reads format 1"),
    ("datapackage.json", lambda p: edit(p, b'"conversion_from": "pledged"', b'"conversion_from": "sworn"'), "is not a term of modality"),
    ("datapackage.json", lambda p: edit(p, b'"class": "outlet"', b'"class": "shop"'), "said_by.paper.class: not one of"),
    ("datapackage.json", lambda p: edit(p, b'"class": "outlet"', b'"class": "outlet", "documents": ["z"]'), "said_by.paper.documents: 'z' is not a document"),
    ("datapackage.json", lambda p: edit(p, b'"class": "outlet"', b'"class": "outlet", "documents": "a"'), "paper.documents: not a list of ids"),
    ("datapackage.json", lambda p: edit(p, b'"role": "copy"', b'"role": "copies"'), "relation.reposts.role: not one of 'copy'"),
    ("datapackage.json", lambda p: edit(p, b'"genre": "satire"', b'"genre": true'), "modality.satire.genre: not a text"),
    ("datapackage.json", lambda p: edit(p, b'"enum": ["news"]', b'"enum": ["olds"]'), "its enum is not the vocabulary"),
    ("datapackage.json", lambda p: edit(p, b'"path": "events.csv"', b'"path": "../events.csv"'), "events: path must be 'events.csv'"),
    ("datapackage.json", lambda p: edit(p, b'"primaryKey": ["id"]', b'"primaryKey": ["name"]'), "outlets: primaryKey must be 'id'"),
    ("datapackage.json", lambda p: edit(p, b'"required": true', b'"required": false'), "outlets.id: required must be true"),
    ("datapackage.json", lambda p: edit(p, b'"constraints": {"required": true}', b'"constraints": [1]'), "Frictionless Table Schema"),
    ("datapackage.json", lambda p: edit(p, b'"title": "A small case"', b'"title": "\\ud800"'), "lone surrogate"),
    ("outlets.csv", lambda p: p.write_bytes(p.read_bytes().split(b"\n")[0] + b"\n"), "outlets.csv: the table has no rows yet"),
    ("claims.csv", lambda p: edit(p, b"a,1,", b"a," + b"9" * 5000 + b","), "is not a whole number"),
    ("documents.csv", lambda p: (p.unlink(), p.mkdir()), "this is not a file"),
    ("documents.csv", lambda p: (p.unlink(), p.symlink_to("nowhere")), "a link that leads nowhere"),
    ("documents.csv", lambda p: edit(p, b"2024-06,,", b"2024-06,,http://[::1"), "is not an address"),
    ("citations.csv", lambda p: edit(p, b"it says so", "가".encode() * 2600), "a quotation has at most 25"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "breaks", "says"), BROKEN, ids=[says[:45] for *_, says in BROKEN])
def test_each_fault_has_its_sentence(package, file, breaks, says):
    breaks(package / file)
    found = problems(package)
    assert any(says in sentence for sentence in found), found
    assert all("data/tiny/" in sentence for sentence in found)


def as_saved(separator=",", quote=csv.QUOTE_MINIMAL, end="\n", mark=b"", rows=0, columns=0):
    """Return a function that saves a table as a spreadsheet does."""

    def save(path):
        with path.open(encoding="utf-8", newline="") as file:
            table = [row + [""] * columns for row in csv.reader(file)]
        table += [[""] * len(table[0])] * rows
        told = io.StringIO()
        csv.writer(told, delimiter=separator, quoting=quote, lineterminator=end).writerows(table)
        path.write_bytes(mark + told.getvalue().encode())

    return save


SAVED = {
    "Excel, English": (as_saved(end="\r\n", mark=b"\xef\xbb\xbf"), ["a byte order mark", "Windows line ends"]),
    "Excel, German": (as_saved(";", end="\r\n", mark=b"\xef\xbb\xbf"), ["semicolons between the columns"]),
    "LibreOffice, all quoted": (as_saved(quote=csv.QUOTE_ALL), []),
    "LibreOffice, tabs": (as_saved("\t"), ["tabs between the columns"]),
    "empty rows and columns": (as_saved(rows=3, columns=2), ["3 empty rows at the end left out", "2 empty columns at"]),
    "old Macintosh": (as_saved(end="\r"), ["old Macintosh line ends"]),
    "all of it": (as_saved(";", csv.QUOTE_ALL, "\r\n", b"\xef\xbb\xbf", 30, 1), ["1 empty column at", "30 empty rows"]),
}


@pytest.mark.parametrize("how", SAVED)
def test_a_table_is_read_as_spreadsheets_save_it_and_one_line_says_so(package, how):
    save, marks = SAVED[how]
    before = woozle.open(package)
    for path in package.glob("*.csv"):
        save(path)
    notes = []
    case, found = inspect_folder(package, notes)
    assert found == []
    for table in ("documents", "citations", "claims", "outlets", "events"):
        assert getattr(case, table).equals(getattr(before, table))
    assert len(notes) == (5 if marks else 0)
    assert all(mark in note for mark in marks for note in notes)


def test_one_cause_is_one_message(package):
    """The same misspelt term in three rows, and a name that two tables use and no document has."""
    claims = package / "claims.csv"
    claims.write_bytes(claims.read_bytes().replace(b"asserts", b"assert"))
    edit(package / "documents.csv", b"\na,", b"\nax,")
    found = problems(package)
    assert len(found) == 2
    assert any("claims.csv, rows 2, 3, 4, column stance: 'assert' is not a term" in sentence for sentence in found)
    assert any(
        "'a' is not a document" in told and "citations.csv, row" in told and "claims.csv, row" in told for told in found
    )


def test_an_unquoted_comma_never_shifts_a_row(package):
    """One value more than columns, the last of them empty: the row is not read with its values moved."""
    edit(package / "documents.csv", b"A,news", b"A,B,news")
    columns = (package / "documents.csv").read_text("utf-8").splitlines()[0].count(",") + 1
    assert any(f"row 2: {columns + 1} values for {columns} columns" in sentence for sentence in problems(package))


@pytest.mark.parametrize("name", ["ualé", "a b", "a#b", "a%41", "a+b", "all", "comparison", "-ual", "a,b"])
def test_a_folder_that_can_have_no_report_is_told_by_its_name(package, name):
    folder = package.rename(package.with_name(name))
    assert any("the folder's name" in sentence for sentence in inspect_folder(folder)[1])


def test_who_must_mend_the_description_first_is_told_that_the_tables_wait(package, monkeypatch):
    monkeypatch.chdir(package.parents[1])
    edit(package / "datapackage.json", b'"version": "', b'"versions": "')
    notes = []
    assert inspect_folder(package, notes)[1] == ["data/tiny/datapackage.json, key version: missing. A text is needed."]
    assert notes == ["data/tiny/datapackage.json: the tables are checked once this file has no errors."]


def test_an_optional_column_that_a_table_lacks_is_not_described(package):
    """The description is that of the file: another tool would miss the column."""
    rows = list(csv.reader((package / "citations.csv").read_text("utf-8").splitlines()))
    kept = [place for place, name in enumerate(rows[0]) if name not in ("reviewer", "reviewed")]
    with (package / "citations.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([row[place] for place in kept] for row in rows)
    describe(package)
    resources = json.loads((package / "datapackage.json").read_text("utf-8"))["resources"]
    fields = {one["name"]: [field["name"] for field in one["schema"]["fields"]] for one in resources}
    assert fields["citations"] == [rows[0][place] for place in kept]
    assert len(kept) == len(rows[0]) - 2
    assert problems(package) == []


def test_all_faults_are_told_at_once(package):
    edit(package / "documents.csv", b"A,news,", b"A,newz,")
    edit(package / "citations.csv", b"b,a,attributes", b"b,x,attributes")
    edit(package / "claims.csv", b"asserts", b"assert")
    with pytest.raises(CaseError, match="has 3 errors") as error:
        woozle.open(package)
    assert len(error.value.problems) == 3


@pytest.mark.parametrize("wrong", [[], {}, 1, None, True, "no such term"])
@pytest.mark.parametrize("key", ["conversion_from", "slots", "vocabularies", "actor", "format"])
def test_no_wrong_type_in_the_description_ends_in_a_traceback(package, key, wrong):
    description = json.loads((package / "datapackage.json").read_text("utf-8"))
    description["woozle"][key] = wrong
    (package / "datapackage.json").write_text(json.dumps(description), "utf-8")
    allowed = (key, wrong) == ("actor", "no such term") or (key == "format" and wrong is not True and wrong == 1)
    found = problems(package)  # never a traceback, allowed or not
    assert found or allowed


@pytest.mark.parametrize("wrong", [[], {}, 1, None])
@pytest.mark.parametrize("place", ["class", "rank", "role", "title", "vocabulary", "kind", "name"])
def test_no_wrong_type_in_a_term_or_slot_ends_in_a_traceback(package, place, wrong):
    description = json.loads((package / "datapackage.json").read_text("utf-8"))
    block = description["woozle"]
    owners = {"class": block["vocabularies"]["said_by"]["paper"], "rank": block["vocabularies"]["modality"]["none"],
              "role": block["vocabularies"]["stance"]["debunks"], "title": block["vocabularies"]["stance"]["debunks"]}  # fmt: skip
    owners.get(place, block["slots"][0])[place] = wrong
    (package / "datapackage.json").write_text(json.dumps(description), "utf-8")
    allowed = (place, wrong) in [("role", None), ("rank", 1)]
    found = problems(package)
    assert found or allowed


def test_one_file_that_cannot_be_read_is_one_error(root, tmp_path):
    folder = shutil.copytree(root / "data" / "dprk_troops_2024", tmp_path / "data" / "copy")
    edit(folder / "documents.csv", b"tvchosun", b"\0")
    assert len(problems(folder)) == 1


def test_a_document_is_not_seen_in_itself(tmp_path):
    tables = tiny.tables("a>b")
    tables["documents"][0] |= {"seen": "quoted", "seen_in": "a"}
    assert any("is the document itself" in words for words in problems(tiny.write(tmp_path / "data" / "tiny", tables)))


@pytest.mark.parametrize("name", [None, 5, ["dprk"]])
def test_a_case_is_opened_by_a_name(name):
    with pytest.raises(UnknownCaseError, match="by its name or folder"):
        woozle.open(name)


def test_an_error_names_a_file_that_can_be_opened_from_here(tmp_path, monkeypatch):
    """From the folder in which one stands if it lies below, else its whole path."""
    folder = tiny.write(tmp_path / "home" / "data" / "tiny", tiny.tables("a>a"))
    (tmp_path / "home" / "case_studies").mkdir()
    for here, told in [
        ("home", "data/tiny/citations.csv, row 2"),
        ("home/data", "tiny/citations.csv, row 2"),
        ("home/data/tiny", "citations.csv, row 2"),
        ("home/case_studies", f"{folder}/citations.csv, row 2"),
    ]:
        monkeypatch.chdir(tmp_path / here)
        assert problems(folder)[0].startswith(told)


def test_a_table_is_never_taken_for_another(package):
    (package / "outlets.csv").unlink()
    assert not [sentence for sentence in problems(package) if "Did you mean 'documents.csv'" in sentence]


def test_a_folder_in_the_place_of_a_file_is_called_so(package, monkeypatch):
    monkeypatch.chdir(package.parents[1])
    (package / "datapackage.json").unlink()
    (package / "datapackage.json").mkdir()
    with pytest.raises(CaseError, match=r"datapackage\.json: this is not a file"):
        woozle.open("tiny")


def test_a_cycle_is_named_in_full(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tiny.write(tmp_path / "data" / "tiny", tiny.tables("a>b b>c c>a c>d"))
    assert problems(folder) == [
        "data/tiny/citations.csv, rows 2, 3, 4: the citations form a cycle, a → b → c → a (each relied on by the next). "
        "Delete one."
    ]


def test_nobody_relies_on_what_surely_came_later(tmp_path):
    days = {"a": "2024-06-26", "b": "2024-06-25"}
    (sentence,) = problems(tiny.write(tmp_path / "data" / "tiny", tiny.tables("a>b", days=days)))
    assert "citations.csv, row 2, column citing: 'b' was published by 2024-06-25 23:59 UTC at the latest" in sentence
    assert "relies on a, not published before 2024-06-26 00:00 UTC" in sentence


def test_an_impossible_chain_is_found_though_each_hop_is_possible(tmp_path):
    days = {"a": "2024-06-26", "b": "2024-06", "c": "2024-06-25"}
    (sentence,) = problems(tiny.write(tmp_path / "data" / "tiny", tiny.tables("a>b b>c", days=days)))
    assert "a → b → c" in sentence


def test_a_page_not_seen_cannot_show_what_it_cites(tmp_path):
    tables = tiny.tables("a>b")
    tables["documents"][1] |= {"seen": "quoted", "seen_in": "a"}
    found = problems(tiny.write(tmp_path / "data" / "tiny", tables))
    assert any("citations.csv, row 2, column seen: 'page' contradicts documents.csv" in sentence for sentence in found)


def test_a_paraphrase_may_be_longer_than_a_quotation(tmp_path):
    tables = tiny.tables("a>b")
    tables["citations"][0] |= {"evidence": "word " * 29 + "word", "evidence_type": "paraphrase"}
    assert not problems(tiny.write(tmp_path / "data" / "tiny", tables))


def test_a_file_too_large_is_not_read(package):
    with (package / "events.csv").open("r+b") as file:
        file.truncate(LIMIT_MB * 1_000_000 + 1)
    assert any("at most 100 MB are read" in sentence for sentence in problems(package))


def test_a_case_cannot_be_changed(package):
    case = woozle.open(package)
    documents = case.documents
    documents.loc["a", "label"] = "changed"
    documents["new"] = 1
    assert case.documents.loc["a", "label"] == "A"
    assert "new" not in case.documents
    with pytest.raises(AttributeError):
        case.title = "changed"


def test_a_case_is_found_upwards_then_in_woozle_home(package, tmp_path, monkeypatch):
    monkeypatch.delenv("WOOZLE_HOME", raising=False)
    deep = tmp_path / "x" / "y"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert woozle.open("tiny").name == "tiny"
    elsewhere = tmp_path.parent / f"{tmp_path.name}_elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    with pytest.raises(UnknownCaseError, match="WOOZLE_HOME"):
        woozle.open("tiny")
    monkeypatch.setenv("WOOZLE_HOME", str(tmp_path))
    assert woozle.open("tiny").name == "tiny"
    with pytest.raises(UnknownCaseError, match="Did you mean 'tiny'"):
        woozle.open("tinny")


def test_the_real_frictionless_accepts_the_packages_and_sees_a_fault(packages, tmp_path):
    from frictionless import validate

    for folder in packages:
        done = validate(str(folder / "datapackage.json"))
        assert done.valid, done.flatten()
        copy = shutil.copytree(folder, tmp_path / folder.name)
        edit(copy / "claims.csv", b",asserts,", b",shouts,")
        assert not validate(str(copy / "datapackage.json")).valid


def test_every_column_and_term_is_in_the_codebook(packages):
    for folder in packages:
        book = (folder / "CODEBOOK.md").read_text("utf-8")
        package = json.loads((folder / "datapackage.json").read_text("utf-8"))
        words = [field["name"] for table in package["resources"] for field in table["schema"]["fields"]]
        words += [term for terms in package["woozle"]["vocabularies"].values() for term in terms]
        assert not [word for word in words if f"`{word}`" not in book]


def test_a_codebook_counts_its_documents_as_they_are(packages):
    counted = 0
    for folder in packages:
        case = woozle.open(folder)
        book = (folder / "CODEBOOK.md").read_text("utf-8")
        for coded, of in re.findall(r"(\d+) of (\d+) documents have a version", book):
            assert (int(coded), int(of)) == (len(case.leads), len(case.documents)), folder.name
            counted += 1
    assert counted == 3


def test_descriptions_and_codebooks_are_those_that_follow_from_the_declared_terms(packages, tmp_path):
    for folder in packages:
        shutil.copytree(folder, tmp_path / "data" / folder.name)
    edit(tmp_path / "data/ual_bankruptcy_2008/CODEBOOK.md", b"| `finds` |", b"| `found` |")
    for folder in sorted((tmp_path / "data").iterdir()):
        assert describe(folder) == []
    for path in (path for folder in packages for path in sorted(folder.iterdir())):
        assert (tmp_path / "data" / path.parent.name / path.name).read_bytes() == path.read_bytes(), path


EVENT = {"id": "fall", "date": "2024-06-02", "event": "the price falls", "seen": "page"}


@pytest.mark.parametrize(
    ("value", "unit", "says"),
    [
        ("4.62", "", "events.csv, row 2, column unit: the cell is empty; a value needs a unit"),
        ("", "USD", "row 2, column value: the cell is empty; the unit 'USD' has no value"),
        ("4,62", "USD", "row 2, column value: '4,62' is not a number such as 12.5"),
        ("1e5", "USD", "'1e5' is not a number"),
        ("٤", "USD", "is not a number"),
    ],
)
def test_a_value_of_an_event_is_a_number_with_its_unit(tmp_path, value, unit, says):
    written = tiny.tables("a>b") | {"events": [EVENT | {"value": value, "unit": unit}]}
    assert any(says in sentence for sentence in problems(tiny.write(tmp_path / "data" / "tiny", written)))


def test_events_need_no_columns_for_values(tmp_path):
    folder = tiny.write(tmp_path / "data" / "tiny", tiny.tables("a>b") | {"events": [EVENT]})
    edit(folder / "events.csv", b",value,unit,", b",")
    edit(folder / "events.csv", b"falls,,,,", b"falls,,")
    assert woozle.open(folder).events["value"].isna().all()


def test_a_slot_of_time_may_be_known_to_state_no_date(tmp_path):
    case = tiny.case(tmp_path, "a>b", {"b": {"deadline": "undated"}})
    assert case.claims.loc[("b", 1), "deadline"] == "undated"


def test_the_library_names_no_case(root, packages):
    names = [folder.name for folder in packages]
    for path in (root / "lib").rglob("*.py"):
        code = path.read_text("utf-8").split('"""')[::2]  # without docstrings: their examples open a case
        assert not [name for name in names if any(name in part for part in code) and path.name != "cli.py"], path


def test_documents_of_one_outlet_have_labels_that_tell_them_apart(tmp_path):
    tables = tiny.tables(
        "a>b a>c a>d", days={"a": "2024-06-01", "b": "2024-06-02T10:00Z", "c": "2024-06-02", "d": "2024-06"}
    )
    for row in tables["documents"]:
        row["label"] = "D" if row["id"] == "d" else ""
    labels = open_case(tiny.write(tmp_path / "tiny", tables)).documents["label"].to_dict()
    assert labels == {
        "a": "The Paper, 1 June 2024", "b": "The Paper, 2 June 2024, 10:00", "c": "The Paper, 2 June 2024 (c)", "d": "D",
    }  # fmt: skip


def test_a_package_may_ask_for_more_than_woozle_does(tmp_path):
    """One that was described when a date was needed still opens."""
    folder = tiny.case(tmp_path, "a>b", dict.fromkeys("ab")).folder
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    (documents,) = [resource for resource in package["resources"] if resource["name"] == "documents"]
    for field in documents["schema"]["fields"]:
        if field["name"] in ("published", "language"):
            field.setdefault("constraints", {})["required"] = True
    (folder / "datapackage.json").write_text(json.dumps(package), "utf-8")
    assert len(open_case(folder).documents) == 2


def test_what_would_be_wrong_is_told_of_the_case_and_not_of_its_copy(package, monkeypatch):
    monkeypatch.chdir(package.parents[1])
    text = (package / "documents.csv").read_text("utf-8").replace("A,news,", "A,newz,")
    (sentence,) = problems_with(package, {"documents.csv": text})
    assert sentence.startswith("data/tiny/documents.csv, row 2, column kind: 'newz' is not")
