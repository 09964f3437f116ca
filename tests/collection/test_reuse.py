"""Which text was copied from which: planted copies are found, and what merely sounds alike is not."""

import longfellow
import numpy as np
import pandas as pd
import pytest

from woozle.collection.reuse import passages, sources
from woozle.collection.tokens import words_of
from woozle.errors import ParameterError

SAID = "the ministry of health said on monday that salt protects from radiation and that nobody should drink it"


def texts(*told):
    return pd.DataFrame({"id": [f"t{n}" for n in range(len(told))], "text": told, "time": range(len(told))})


def test_a_copy_a_cut_and_a_rewriting_are_told_apart():
    half = " ".join(SAID.split()[:10])
    found = sources(texts(SAID, SAID.upper() + "!", half, SAID.replace("monday", "friday").replace("drink", "eat")))
    assert found[["id", "source", "kind"]].to_numpy().tolist() == [
        ["t1", "t0", "copied"], ["t2", "t0", "cut"], ["t3", "t0", "rewritten"]
    ]  # fmt: skip


def test_nothing_is_taken_from_a_later_text_and_order_of_rows_is_no_order_of_time():
    table = texts(SAID, SAID).assign(time=[100, 40])
    (row,) = sources(table).to_dict("records")
    assert (row["id"], row["source"], row["seconds"]) == ("t0", "t1", 60)


def test_a_text_of_two_texts_has_two_sources():
    other = "a fisherman from the north coast saw a very large eel in the old harbour on the first day of march"
    found = sources(texts(SAID, other, f"{other[:70]} and then {SAID[:70]}"))
    assert sorted(found["source"]) == ["t0", "t1"]
    assert found["rank"].to_list() == [1, 2]


def test_a_passage_in_a_long_page_is_found_and_so_is_a_page_that_is_quoted():
    draw = np.random.default_rng(7)
    noise = [f"n{n}" for n in draw.integers(0, 10**6, 4000)]
    page = " ".join([*noise[:2000], *SAID.split(), *noise[2000:]])
    assert sources(texts(SAID, page))[["id", "source"]].to_numpy().tolist() == [["t1", "t0"]]
    (row,) = sources(texts(page, SAID)).to_dict("records")
    assert (row["id"], row["source"], row["kind"]) == ("t1", "t0", "cut")


def test_what_everybody_has_is_boilerplate():
    foot = "subscribe to our newsletter and follow us on all channels for more news every day"
    draw = np.random.default_rng(0)
    many = [" ".join(f"w{n}" for n in draw.integers(0, 10**6, 30)) + " " + foot for _ in range(60)]
    assert sources(texts(*many), most_common=20).empty
    assert not sources(texts(*many), most_common=200).empty  # else it would be evidence


def test_what_very_many_have_word_for_word_is_copied_from_the_first():
    """Five hundred accounts post one sentence; one of them changes a word."""
    found = sources(texts(*[SAID] * 500, SAID.replace("monday", "friday")), most_common=20)
    assert set(found["source"]) == {"t0"}
    assert found["kind"].value_counts().to_dict() == {"copied": 499, "rewritten": 1}


def test_scripts_without_spaces_are_read_letter_by_letter():
    said = "卫生部周一表示盐可以防辐射但是没有人应该喝它"
    found = sources(texts(said, "有人说" + said[:14], "今天北方的天气非常好没有下雨也没有下雪"), ngram=6)
    assert found[["id", "source"]].to_numpy().tolist() == [["t1", "t0"]]


def test_passages_say_where_in_both_texts():
    begins, ends = " ".join(SAID.split()[:9]), " ".join(SAID.split()[-8:])
    table = texts(f"Breaking: {SAID}. More soon.", f"We read that {begins} was wrong, and {ends}.")
    found = passages(table, sources(table))
    of = dict(zip(table["id"], table["text"], strict=True))
    for row in found.to_dict("records"):
        own, other = (
            of[row["id"]][row["start"] : row["end"]],
            of[row["source"]][row["source_start"] : row["source_end"]],
        )
        assert own == other
        assert len(own.split()) == row["words"]
    assert found["words"].to_list() == [9, 8]


def test_words_are_what_python_says_they_are():
    told = "Ünïcode’s 2 words—naïve, किताब, слово_x! 盐巴"
    words = words_of([told, ""])
    found = [told[a:b] for a, b in zip(words.starts, words.ends, strict=True)]
    assert found == ["Ünïcode", "s", "2", "words", "naïve", "किताब", "слово", "x", "盐", "巴"]
    assert words.first.tolist() == [0, 10, 10]


def test_empty_short_and_huge_texts_are_no_trouble():
    found = sources(texts("", "x", "two words", "salt " * 200_000, SAID, SAID, "salt " * 200_000))
    assert [*zip(found["id"], found["source"], strict=True)] == [("t5", "t4"), ("t6", "t3")]


def planted(count, seed=0):
    """Return texts of a made-up language, and whose copy each is: two fifths copy one of the last 500."""
    draw = np.random.default_rng(seed)
    chances = 1 / np.arange(1, 20_001) ** 1.05
    chances /= chances.sum()
    made, origin = [], np.full(count, -1)
    for n in range(count):
        words = draw.choice(20_000, size=draw.integers(40, 160), p=chances)
        if n > 500 and draw.random() < 0.4:
            origin[n] = draw.integers(n - 500, n)
            words = made[origin[n]].copy()
            changed = draw.random(len(words)) < draw.uniform(0.02, 0.25)
            words[changed] = draw.choice(20_000, size=int(changed.sum()), p=chances)
        made.append(words)
    return texts(*(" ".join(f"w{word}" for word in words) for words in made)), origin


def test_planted_copies_are_found():
    table, origin = planted(2_000)
    found = sources(table, most_sources=1)
    pairs = set(zip(found["id"], found["source"], strict=True))
    true = {(f"t{n}", f"t{of}") for n, of in enumerate(origin) if of >= 0}
    assert len(pairs & true) / len(pairs) > 0.97
    assert len(pairs & true) / len(true) > 0.97


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda of: of.assign(id="t"), "The id 't' appears twice"),
        (lambda of: of.assign(text=[None, "x"]), "The text of 't0' is missing"),
        (lambda of: of.drop(columns="time"), "The column 'time' is missing"),
    ],
)
def test_faults_are_told(change, told):
    with pytest.raises(ParameterError, match=told):
        sources(change(texts("a", "b")))
    with pytest.raises(ParameterError, match="There is no text 'z'"):
        passages(texts("a", "b"), pd.DataFrame({"id": ["z"], "source": ["t0"]}))


def test_passims_quick_start_gives_what_passim_gives():
    """Both newspapers have the one poem and nothing of the other, on the same letters as passim 2.0 prints."""
    draw = np.random.default_rng(1)

    def page(letters):  # what else stood on the page is not at hand
        return " ".join("".join(draw.choice(list("abdeghiklmnoprstu"), 6)) for _ in range(letters // 7 + 1))[:letters]

    table = pd.DataFrame(
        {
            "id": ["childrens_hour", "reaper", "sn83045462", "sn85025007"],
            "text": [
                longfellow.CHILDRENS_HOUR,
                longfellow.REAPER,
                f"{page(21)}{longfellow.BADLY_READ}\n{page(40_000)}",
                f"{page(48_490)}{longfellow.WELL_READ} {page(9_000)}",
            ],
            "time": range(4),
        }
    )
    found = sources(table)
    assert found[["id", "source"]].to_numpy().tolist() == [
        ["sn83045462", "childrens_hour"], ["sn85025007", "childrens_hour"]
    ]  # fmt: skip
    same = passages(table, found).groupby("id").agg({"start": "min", "end": "max", "source_start": "min"})
    # passim: letters 21 to 1346 and 48,490 to 49,802, from letters 0 and 20 on of the poem
    assert same.loc["sn83045462"].to_list() == pytest.approx([21, 1346, 0], abs=2)
    assert same.loc["sn85025007"].to_list() == pytest.approx(
        [48_490, 49_802, 20], abs=5
    )  # a word that is cut in two is none
