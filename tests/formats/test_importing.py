"""What a person has becomes a case: as a file of each kind says it, nothing twice, nothing invented, nothing lost."""

import csv
import gzip
import json
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

import woozle
from command import woozle as woozle_command
from woozle import measure
from woozle.formats.gather import gather
from woozle.formats.importing import plan
from woozle.formats.items import Choices, FormatError
from woozle.formats.registry import FORMATS, format_of
from woozle.package import schema
from woozle.report.scaffold import new_case

EXPORTS = Path(__file__).resolve().parents[3] / "shared" / "data" / "exports"


@pytest.fixture
def case(tmp_path):
    return new_case("salt", "Salt", "Salt protects.", home=tmp_path)


def bring(case, *paths, **choices):
    zone = choices.pop("time_zone", "")
    planned = plan(case, gather(list(paths), Choices(**choices)), zone)
    planned.write()
    return planned


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if not next(iter(row.values())).startswith("#")]


def table(tmp_path, text, name="list.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


LIST = "Nr;Outlet;Headline;Link;Date;Cites\n1;Post;First;https://post.example/1;14.03.2011 09:30;\n2;Blatt;Second;https://blatt.example/2;15.03.2011;1\n"


def test_a_spreadsheet_with_semicolons_and_days_first_becomes_documents_and_citations(case, tmp_path):
    planned = bring(case, table(tmp_path, "\ufeff" + LIST.replace("\n", "\r\n")))
    assert (len(planned.added), planned.citations) == (2, 1)
    first, second = rows(case / "documents.csv")
    assert (first["published"], second["published"]) == ("2011-03-14T09:30", "2011-03-15")
    assert (first["title"], first["url"]) == ("First", "https://post.example/1")
    (citation,) = rows(case / "citations.csv")
    assert (citation["citing"], citation["cited"]) == (second["id"], first["id"])
    assert len(woozle.open(case).citations) == 1


def test_a_column_that_the_schema_gets_needs_nothing_else(tmp_path, monkeypatch):
    """An import fills what it knows of a document, and keeps the rest."""
    own = schema.tables
    section = {"section": schema.ColumnSchema("text", "section", "of the paper", optional=True)}

    def with_section(slots=()):
        layout = own(slots)
        return layout | {"documents": replace(layout["documents"], columns={**layout["documents"].columns, **section})}

    monkeypatch.setattr(schema, "tables", with_section)
    case = new_case("salt", "Salt", "Salt protects.", home=tmp_path)
    bring(case, table(tmp_path, LIST))
    held = rows(case / "documents.csv")
    with (case / "documents.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(held[0]))
        writer.writeheader()
        writer.writerows([held[0] | {"section": "sport"}, held[1]])
    bring(case, table(tmp_path, LIST + "3;Post;Third;https://post.example/3;16.03.2011;First\n"))
    assert [row["section"] for row in rows(case / "documents.csv")] == ["sport", "", ""]


def test_a_number_that_stands_twice_and_an_open_quote_are_named(case, tmp_path):
    text = "id,outlet,title,date,cites\n1,Post,One,2011-03-14,\n1,Blatt,Two,2011-03-15,\n2,Daily,Three,2011-03-16,1\n"
    planned = plan(case, gather([table(tmp_path, text)]))
    first = planned.added[0]
    assert [(note.row, note.problem) for note in planned.notes] == [
        (3, f"the number '1' is that of {first}, too; links to it lead there")
    ]
    text = 'title,date,url\nZero,2011-03-13,\n"One,2011-03-14,https://a.example\nTwo,2011-03-15,https://b.example\n'
    (note,) = plan(case, gather([table(tmp_path, text, "open.csv")])).notes
    assert (note.row, note.problem) == (
        3,
        "a quote opens here and swallows 1 more row; all left out. Close it",
    )


def test_an_outlet_whose_kind_nobody_has_coded_counts_as_one(case, tmp_path):
    """To be unknown is something else: there nobody can say who published it."""
    bring(case, table(tmp_path, LIST + "3;;Third;;16.03.2011;First\n"))
    opened = woozle.open(case)
    assert opened.outlets["kind"].to_dict() == {"post": "uncoded", "blatt": "uncoded", "not_known": "unknown"}
    assert "uncoded" not in opened.no_publishers
    assert measure.headline_intervals(opened.cascade(), draws=1).loc["outlets", "value"] == 2


def test_a_second_import_doubles_nothing_and_adds_what_is_new(case, tmp_path):
    bring(case, table(tmp_path, LIST))
    before = [(case / name).read_bytes() for name in ("documents.csv", "citations.csv", "outlets.csv")]
    again = plan(case, gather([table(tmp_path, LIST)]))
    assert not again.changes
    assert again.known == 2
    more = bring(case, table(tmp_path, LIST + "3;Post;Third;https://post.example/3;16.03.2011;First\n"))
    assert (len(more.added), more.citations, more.known) == (1, 1, 2)
    assert [(case / name).read_bytes() for name in ("documents.csv", "citations.csv", "outlets.csv")] != before
    assert len(rows(case / "documents.csv")) == 3


def test_a_contradiction_is_listed_and_the_case_keeps_its_word(case, tmp_path):
    bring(case, table(tmp_path, LIST.replace("First", "")))
    planned = bring(case, table(tmp_path, LIST.replace("Second", "Other"), "later.csv"))
    assert [note.problem for note in planned.conflicts] == [
        "blatt_20110315, title: the case has 'Second', the file 'Other'; the former is kept"
    ]
    assert planned.filled == [("post_20110314", "title", "First")]
    assert [row["title"] for row in rows(case / "documents.csv")] == ["First", "Second"]
    assert any("'Other'" in row["problem"] for row in rows(case / "imports" / "report.csv"))


def test_an_edited_cell_survives_an_import(case, tmp_path):
    bring(case, table(tmp_path, LIST))
    path = case / "documents.csv"
    path.write_text(path.read_text("utf-8").replace("Second", "Mended by hand"), "utf-8")
    bring(case, table(tmp_path, LIST + "3;Post;Third;https://post.example/3;16.03.2011;\n"))
    assert [row["title"] for row in rows(path)] == ["First", "Mended by hand", "Third"]


def test_a_date_that_could_be_two_days_is_asked(case, tmp_path):
    text = "Title,Date\nA,04/05/2011\nB,06/07/2011\n"
    with pytest.raises(FormatError, match=r"column 'Date': Dates such as '04/05/2011' could have the day or the month"):
        gather([table(tmp_path, text)])
    bring(case, table(tmp_path, text), dates="month-first")
    assert [row["published"] for row in rows(case / "documents.csv")] == ["2011-04-05", "2011-06-07"]


def test_what_has_no_date_waits_for_one(case, tmp_path):
    planned = bring(case, table(tmp_path, "Title,Date,Cites\nA,2011-03-14,\nB,soon,A\nC,2011-03-15,A\n"))
    assert len(planned.undated) == 1
    assert "the date 'soon' can't be read; it stays empty" in [note.problem for note in planned.notes]
    opened = woozle.open(case)
    assert (len(opened.documents), len(opened.undated), len(opened.citations)) == (2, 1, 1)
    path = case / "documents.csv"
    path.write_text(path.read_text("utf-8").replace(",,B,,", ",2011-03-16,B,,"), "utf-8")
    opened = woozle.open(case)
    assert (len(opened.documents), len(opened.undated), len(opened.citations)) == (3, 0, 2)


def test_the_user_says_what_a_column_means(case, tmp_path):
    path = table(tmp_path, "Was,Wann,Rest\nA,2011-03-14,x\n")
    with pytest.raises(FormatError, match="no column holds an address, a title or a text"):
        gather([path], Choices(), "spreadsheet")
    bring(case, path, meanings={"Was": "title", "Wann": "published"})
    assert [row["published"] for row in rows(case / "documents.csv")] == ["2011-03-14"]
    with pytest.raises(FormatError, match=r"A column can't mean 'titel'\. Did you mean 'title'"):
        gather([path], Choices({"Was": "titel"}), "spreadsheet")


def test_a_time_without_a_zone_gets_the_one_that_is_named(case, tmp_path):
    bring(case, table(tmp_path, LIST), time_zone="Asia/Seoul")
    assert rows(case / "documents.csv")[0]["published"] == "2011-03-14T09:30+09:00"


def test_no_citation_runs_against_the_time_or_in_a_circle(case, tmp_path):
    text = "Nr,Title,Date,Cites\n1,A,2011-03-11,2\n2,B,2011-03-15,\n3,C,2011-03-16,4\n4,D,2011-03-16,3\n"
    planned = bring(case, table(tmp_path, text))
    assert planned.citations == 1
    assert len([note for note in planned.notes if "was left out" in note.problem]) == 2
    assert len(woozle.open(case).citations) == 1


def test_encodings_tabs_and_gzip_are_read(case, tmp_path):
    cp1252 = table(
        tmp_path, "Titel\tDatum\nÄrger über Löhne, größer\t2011-03-14\nWörter\t2011-03-15\n", "a.tsv", "cp1252"
    )
    packed = tmp_path / "b.csv.gz"
    packed.write_bytes(gzip.compress(b"title,date\nPacked,2011-03-16\n"))
    wide = table(tmp_path, "title,date\nWide,2011-03-17\n", "c.csv", "utf-16")
    planned = bring(case, cp1252, packed, wide)
    assert [row["title"] for row in rows(case / "documents.csv")] == [
        "Ärger über Löhne, größer", "Wörter", "Packed", "Wide"
    ]  # fmt: skip
    assert any("not UTF-8" in note.problem for note in planned.notes)


def test_a_spreadsheet_of_excel_keeps_its_dates(case, tmp_path):
    import xlsxwriter

    path = tmp_path / "list.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    for column, name in enumerate(("Title", "Date", "Link")):
        sheet.write(0, column, name)
    sheet.write(1, 0, "A")
    sheet.write_datetime(1, 1, datetime(2011, 3, 14, 9, 30), book.add_format({"num_format": "dd.mm.yyyy hh:mm"}))
    sheet.write(1, 2, "https://post.example/a")
    book.close()
    bring(case, path)
    assert [row["published"] for row in rows(case / "documents.csv")] == ["2011-03-14T09:30"]


PAGE = """<!doctype html><html lang="en-GB"><head><title>Salt - Post</title>
<link rel="canonical" href="https://post.example/2011/03/15/salt"><meta property="og:site_name" content="The Post">
{more}</head><body><nav><a href="https://blatt.example/first">x</a></nav><h1>Salt sells out</h1>
<p>Shoppers queue, <a href="{to}">as Blatt reported</a> on Monday.</p></body></html>"""


def page(folder, name, to="https://elsewhere.example/", more="", **changed):
    text = PAGE.format(to=to, more=more)
    for was, now in changed.items():
        text = text.replace({"address": "https://post.example/2011/03/15/salt"}[was], now)
    (folder / name).write_text(text, "utf-8")


def test_saved_pages_say_what_they_say_and_where(case, tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    dated = '<meta property="article:published_time" content="2011-03-14T09:00:00+09:00">'
    page(folder, "1.html", more=dated, address="https://blatt.example/first")
    page(folder, "2.html", to="https://www.blatt.example/first?utm_source=x#top")
    (folder / "3.html").write_text("", "utf-8")
    (folder / "4.bin").write_bytes(b"\x00\x01")
    planned = bring(case, folder)
    first, second = rows(case / "documents.csv")
    assert (first["published"], first["language"]) == ("2011-03-14T09:00:00+09:00", "en")
    assert second["published"] == "2011-03-15?"  # the address says so, which is no more than likely
    (citation,) = rows(case / "citations.csv")
    assert (citation["citing"], citation["relation"]) == (second["id"], "links")
    assert citation["evidence"] == "Shoppers queue, as Blatt reported on Monday."
    found = {row["document"]: row["found"] for row in rows(case / "imports" / "documents.csv")}
    assert "published: the address, marked as uncertain" in found[second["id"]]
    assert {note.file for note in planned.notes} >= {"3.html", "4.bin"}
    assert "Shoppers queue" in (tmp_path / "texts" / "salt" / f"{first['id']}.txt").read_text("utf-8")
    for table_of in case.glob("*.csv"):
        if table_of.name != "citations.csv":
            assert "Shoppers queue" not in table_of.read_text("utf-8")


def test_a_warc_and_a_wacz_are_read(case, tmp_path):
    from io import BytesIO

    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    path = tmp_path / "pages.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
        body = PAGE.format(to="https://x.example/", more="").encode()
        url = "https://post.example/2011/03/15/salt"
        writer.write_record(writer.create_warc_record(url, "response", payload=BytesIO(body), http_headers=headers))
    with zipfile.ZipFile(tmp_path / "pages.wacz", "w") as archive:
        archive.write(path, "archive/data.warc.gz")
    assert len(bring(case, path).added) == 1
    assert bring(case, tmp_path / "pages.wacz").known == 1


def post(number, minute, **more):
    time = f"2011-03-14T09:{minute:02d}:00.000Z"
    return {"id": str(number), "author_id": "7", "created_at": time, "text": f"salt {number}", "lang": "en", **more}


def test_a_reply_whose_parent_is_missing_keeps_its_address_until_the_parent_comes(case, tmp_path):
    answer = post(12, 5, referenced_tweets=[{"type": "replied_to", "id": "11"}])
    late = tmp_path / "late.json"
    late.write_text(json.dumps({"data": [answer], "includes": {"users": [{"id": "7", "username": "ada"}]}}), "utf-8")
    planned = bring(case, late)
    assert (planned.citations, planned.missing) == (0, 1)
    assert [(row["address"], row["relation"]) for row in rows(case / "imports" / "missing.csv")] == [("11", "replies")]
    early = tmp_path / "early.jsonl"
    early.write_text(json.dumps(post(11, 1)) + "\n{broken\n", "utf-8")
    planned = bring(case, early)
    assert (len(planned.added), planned.citations) == (1, 1)
    assert rows(case / "imports" / "missing.csv") == []
    assert [note.problem for note in planned.notes] == ["is not JSON; left out"]
    assert "replies" in woozle.open(case).vocabularies["relation"]


def test_only_the_first_words_of_a_post_enter_the_case(case, tmp_path):
    path = tmp_path / "posts.jsonl"
    words = " ".join(f"word{number}" for number in range(40))
    path.write_text(json.dumps(post(1, 1) | {"text": words}) + "\n", "utf-8")
    bring(case, path)
    (row,) = rows(case / "documents.csv")
    assert row["title"] == " ".join(words.split()[:12]) + " …"
    assert (tmp_path / "texts" / "salt" / f"{row['id']}.txt").read_text("utf-8") == words


@pytest.mark.parametrize(
    ("name", "text", "published"),
    [
        ("a.bib", "@online{k, title={A {B}}, date={2011-03-14}, url={https://post.example/a}, langid={ngerman}}", "2011-03-14"),
        ("b.bib", "@article{k, title={Stra{\\ss}e}, year=2011, month=mar, journal={Blatt}}", "2011-03"),
        ("a.ris", "TY  - NEWS\nTI  - A\nPY  - 2011\nDA  - 2011/03/14\nUR  - https://post.example/a\nER  - \n", "2011-03-14"),
        ("a.json", json.dumps([{"id": "k", "type": "article-newspaper", "title": "A", "issued": {"date-parts": [[2011, 3]]}}]), "2011-03"),
        ("t.csv", "Year,Month,Day,Time,Headline,Text,Media,Display Date,Type\n2011,3,,,A,t,https://post.example/a,circa March,\n2010,,,,T,,,,title\n", "2011-03~"),
        ("t.json", json.dumps({"events": [{"start_date": {"year": "2011", "month": "3", "day": "14"}, "text": {"headline": "A"}}]}), "2011-03-14"),
        ("e.csv", "source,target,date\nA,B,2011-03-14\n", "2011-03-14"),
        ("telegram.json", json.dumps({"name": "c", "id": 5, "messages": [{"id": 1, "type": "message", "date": "2011-03-14T09:00:00", "date_unixtime": "1300093200", "from": "Ada", "from_id": "user1", "text": ["a ", {"type": "link", "text": "b"}]}]}), "2011-03-14T09:00:00Z"),
        ("reddit.ndjson", json.dumps({"subreddit": "salt", "created_utc": 1300093200, "id": "a", "author": "ada", "title": "Salt", "selftext": "", "permalink": "/r/salt/a"}) + "\n", "2011-03-14T09:00:00Z"),
        ("g.gexf", '<?xml version="1.0"?><gexf xmlns="http://www.gexf.net/1.2draft" version="1.2"><graph defaultedgetype="directed"><attributes class="node"><attribute id="0" title="date" type="string"/></attributes><nodes><node id="a" label="A"><attvalues><attvalue for="0" value="2011-03-14"/></attvalues></node></nodes><edges/></graph></gexf>', "2011-03-14"),
    ],
)  # fmt: skip
def test_each_format_gives_its_title_and_its_date(case, tmp_path, name, text, published):
    path = table(tmp_path, text, name)
    bring(case, path)
    assert rows(case / "documents.csv")[0]["published"] == published
    assert woozle.open(case)


def test_every_format_says_what_it_reads_and_loses():
    assert len({one.name for one in FORMATS}) == len(FORMATS)
    assert all(one.reads and one.loses and one.title for one in FORMATS)


def test_what_is_in_no_format_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(FormatError, match="is in no format that woozle knows"):
        gather([table(tmp_path, "just words", "note.md")])
    with pytest.raises(FormatError, match="There is no file or folder"):
        gather([tmp_path / "none.csv"])


# What a careful reader gets from the exports: documents and citations, as their README says.
@pytest.mark.parametrize(
    ("name", "documents", "citations"),
    [("articles.csv", 30, None), ("pages", 12, 4), ("4cat_bsky.csv", 60, 34), ("4cat_bsky.ndjson", 60, 34),
     ("x_v2.json", 60, 44), ("claimreview.json", 7, 6), ("coortweet.csv", 200, 0), ("mediacloud.csv", 30, 0),
     ("zotero.bib", 12, 0)],
)  # fmt: skip
def test_the_exports_give_what_a_careful_reader_gets(case, name, documents, citations):
    if not EXPORTS.is_dir():
        pytest.skip("the exports are not here")
    planned = bring(case, EXPORTS / name)
    assert len(planned.added) == documents
    assert citations is None or planned.citations == citations
    assert len(woozle.open(case).documents) == documents


def test_of_hoaxys_first_edges_the_source_is_told_as_missing(case):
    if not EXPORTS.is_dir():
        pytest.skip("the exports are not here")
    planned = bring(case, EXPORTS / "hoaxy.csv")
    assert planned.missing
    assert "a tweet of @user14" in {row["address"] for row in rows(case / "imports" / "missing.csv")}
    assert len(planned.added) == 45  # 44 tweets and the article


def test_nothing_is_written_before_the_user_says_so(tmp_path):
    path = table(tmp_path, LIST)
    shown = woozle_command("import", path, "--as", "salt", cwd=tmp_path, answer="n\n")
    assert shown.returncode == 1
    assert "Headline  title" in shown.stdout
    assert "2 new documents, 1 new citation." in shown.stdout
    assert not (tmp_path / "data").exists()
    assert woozle_command("import", path, "--as", "salt", cwd=tmp_path).returncode == 1  # nobody answers
    assert not (tmp_path / "data").exists()
    assert woozle_command("import", path, "--as", "salt", "--yes", cwd=tmp_path).returncode == 0
    assert woozle_command("check", "salt", cwd=tmp_path).returncode == 0


def test_a_folder_of_a_known_kind_is_told(tmp_path):
    assert format_of(table(tmp_path, LIST)).name == "spreadsheet"


def test_a_pdf_gives_its_title_and_the_day_on_which_it_was_made_as_uncertain(case, tmp_path):
    import pypdf

    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_metadata({"/Title": "On salt", "/Author": "A. Writer", "/CreationDate": "D:20110314093000Z"})
    writer.write(tmp_path / "salt.pdf")
    planned = bring(case, tmp_path / "salt.pdf")
    (row,) = rows(case / "documents.csv")
    assert (row["title"], row["author"], row["published"]) == ("On salt", "A. Writer", "2011-03-14?")
    assert "it holds no text (a scan, perhaps)" in [note.problem for note in planned.notes]


@pytest.mark.parametrize("name", ["pheme-rumour-scheme-dataset", "semeval2017-task8"])
def test_the_rumour_data_sets_are_read_whole(case, name):
    folder = EXPORTS.parent / name
    if not folder.is_dir():
        pytest.skip("the data sets are not here")
    gathered = gather([folder])
    assert gathered.files[0].format.name == name.partition("-")[0].replace("2017", "")
    planned = plan(case, gathered)
    assert len(planned.added) > 300
    assert planned.citations > 0.5 * len(planned.added)


def test_of_a_date_with_two_meanings_in_a_page_none_is_taken(case, tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    text = (
        "<html lang='en-US'><head><title>Salt</title></head><body><h1>Salt</h1><p>Published: 4/7/2021</p></body></html>"
    )
    (folder / "1.html").write_text(text, "utf-8")
    planned = bring(case, folder)
    assert len(planned.undated) == 1


def test_dates_with_points_say_nothing_of_those_with_strokes(case, tmp_path):
    text = "Title,Date\nA,01.03.2025\nB,03/05/2025\n"
    with pytest.raises(FormatError, match="'03/05/2025' could have the day or the month first"):
        gather([table(tmp_path, text)])
    bring(case, table(tmp_path, text), dates="month-first")
    assert [row["published"] for row in rows(case / "documents.csv")] == ["2025-03-01", "2025-03-05"]


def test_a_date_that_is_guessed_gives_way_to_a_link_that_a_person_gave(case, tmp_path):
    text = "Nr,Title,Link,Date,Cites\n1,A,https://a.example/1,2025-03-20,\n2,B,https://b.example/2025/03/14/b.html,,1\n"
    planned = bring(case, table(tmp_path, text))
    assert (planned.citations, len(planned.undated)) == (1, 1)
    assert "the date 2025-03-14? of b_example_20250314 was a guess" in planned.notes[0].problem
    assert [row["published"] for row in rows(case / "documents.csv")] == ["2025-03-20", ""]


def test_numbers_that_number_nothing_are_asked_about(case, tmp_path):
    text = "Title,Date,Relies on\nA,2025-03-01,\nB,2025-03-02,1\n"
    with pytest.raises(
        FormatError, match="column 'Relies on' holds numbers such as '1', but no column numbers the rows"
    ):
        gather([table(tmp_path, text)])
    assert bring(case, table(tmp_path, text), meanings={"Relies on": ""}).citations == 0


def test_an_address_in_the_words_of_a_post_is_a_citation_if_it_is_here(case, tmp_path):
    first = post(11, 1)
    other = post(12, 5, text="look (https://x.com/i/web/status/11), https://nowhere.example/x.")
    path = tmp_path / "posts.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in (first, other)), "utf-8")
    planned = bring(case, path)
    assert (planned.citations, planned.missing) == (1, 0)
    assert rows(case / "citations.csv")[0]["relation"] == "links"


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx", "page.html", "posts.json", "paper.pdf"])
def test_an_empty_file_is_called_empty(tmp_path, name):
    (tmp_path / name).touch()
    with pytest.raises(FormatError, match=f"{name} is empty"):
        gather([tmp_path / name])


def test_what_is_no_page_is_none_whatever_its_name(tmp_path):
    (tmp_path / "noise.html").write_bytes(bytes(range(1, 256)) * 12)
    with pytest.raises(FormatError, match="holds no document"):
        gather([tmp_path / "noise.html"])


def test_a_few_letters_that_are_not_utf_8_are_western(case, tmp_path):
    planned = bring(case, table(tmp_path, "Title,Date\nÜnï café,2024-01-02\n", encoding="cp1252"))
    assert rows(case / "documents.csv")[0]["title"] == "Ünï café"
    assert "read as cp1252" in planned.notes[0].problem


def test_a_date_in_the_future_is_told_and_kept(case, tmp_path):
    planned = bring(case, table(tmp_path, "Title,Date\nA,2099-01-02\nB,2011-03-14\n"))
    assert [note.problem for note in planned.notes] == ["the date 2099-01-02 is in the future: see whether it is right"]
    assert rows(case / "documents.csv")[0]["published"] == "2099-01-02"
