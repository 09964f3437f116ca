"""Hostile text stays text: in tables, files, their names, and what a spreadsheet opens."""

import csv
import io
import re

import pytest

import hostile
import woozle
from woozle.errors import CaseError
from woozle.page.outputs import cell_for_csv
from woozle.report import verify
from woozle.text import visible


def test_there_are_at_least_forty_strings_and_each_passes_through_every_table(hostile_report):
    assert len(hostile.STRINGS) >= 40
    table = list(csv.reader(io.StringIO((hostile_report / "data" / "sources.csv").read_text("utf-8"))))
    titles = {row[table[0].index("title")] for row in table[1:]}
    for text in hostile.STRINGS:
        assert cell_for_csv(visible(text)) in titles


def test_no_spreadsheet_computes_a_cell(hostile_report):
    cells = 0
    for path in hostile_report.glob("data/*.csv"):
        for row in csv.reader(io.StringIO(path.read_text("utf-8"))):
            for cell in row:
                cells += 1
                assert not re.match(r"[=+\-@\t\r＝＋－＠]", cell) or re.fullmatch(r"[+-]?[\d,. ]+%?", cell), (
                    path.name,
                    cell,
                )
    assert cells > 1000


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("\t=1", "'\t=1"),
        ("-2+3", "'-2+3"),
        ("-2.5", "-2.5"),
        ("-12 %", "-12 %"),
        ("a", "a"),
        ("＝1", "'＝1"),
    ],
)
def test_what_looks_like_a_formula_gets_an_apostrophe(text, shown):
    assert cell_for_csv(text) == shown


def test_file_names_hold_nothing_odd(hostile_report):
    names = [path.relative_to(hostile_report.parent).as_posix() for path in hostile_report.rglob("*")]
    assert names
    assert all(re.fullmatch(r"[A-Za-z0-9_.,=~/+:-]+", name) for name in names)
    assert hostile_report.name.startswith("hostile,remark=__script__")


def test_the_whole_folder_verifies(hostile_report):
    assert verify(hostile_report).state == "unchanged"


def test_two_values_that_look_alike_as_file_names_do_not_share_a_folder(tmp_path):
    from woozle.report.run import for_file

    assert len({for_file(f"a={text}") for text in ("<b>", "(b)", "[b]", "x" * 100, "x" * 101, "_b_")}) == 6


@pytest.mark.parametrize("name", ["../evil", "a/b", "<b>", "a b", "A", ".."])
def test_an_id_that_could_be_a_path_or_markup_is_refused(tmp_path, name):
    import tiny

    tables = tiny.tables("a>b")
    tables["documents"][0]["id"] = name
    tables["claims"][0]["document"] = name
    tables["citations"][0]["cited"] = name
    with pytest.raises(CaseError, match=r"column (id|document|cited)"):
        tiny.open_case(tiny.write(tmp_path / "data" / "tiny", tables))


def test_a_nul_in_the_data_is_refused(tmp_path):
    import tiny

    folder = tiny.write(tmp_path / "data" / "tiny", tiny.tables("a>b"))
    path = folder / "documents.csv"
    path.write_bytes(path.read_bytes().replace(b"A,", b"A\0,", 1))
    with pytest.raises(CaseError, match="NUL byte"):
        woozle.open(folder)
