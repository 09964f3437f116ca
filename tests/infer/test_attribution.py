"""Words credit a source, or contradict it, in each language; a new language is a new file."""

import pytest

from woozle.errors import WoozleError
from woozle.infer import find_names, languages
from woozle.infer.attribution import _read_file, read_language

CREDITS = [
    ("en", "It is expected, according to the South Korean network TV Chosun, in July.", "TV Chosun"),
    ("en", "North Korea to send engineers – TV Chosun", "TV Chosun"),
    ("en", "ISW: support for the region", "ISW"),
    ("en", "It is war, according to Maj. Gen. Pat Ryder, of course", "Pat Ryder"),
    ("en", "according to Mr. Pat Ryder", "Pat Ryder"),
    ("uk", "Як пише «ЕП», це можливо", "ЕП"),
    ("uk", "за даними Української правди", "Українська правда"),
    ("ru", "Об этом сообщил телеканал TV Chosun", "TV Chosun"),
    ("ru", "по данным Пентагона", "Пентагон"),
    ("de", "Nordkorea will, laut TV Chosun, Truppen schicken", "TV Chosun"),
    ("de", "TV Chosun berichtete am Freitag davon", "TV Chosun"),
    ("es", "Según el medio Kiev Post, es inminente", "Kiev Post"),
    ("it", "lo riporta l'emittente televisiva sudcoreana Tv Chosun", "TV Chosun"),
    ("fr", "Des troupes, selon la chaîne TV Chosun, partiront", "TV Chosun"),
    ("ko", "TV조선은 21일 북한이 공병부대를 파병한다고 보도했다", "TV조선"),
    ("ko", "TV조선에 따르면 곧 파병한다", "TV조선"),
]
NOT = [
    ("en", "There was no report from TV Chosun", "TV Chosun"),
    ("en", "TV Chosun says nothing of the kind", "TV Chosun"),
    ("en", "TV Chosun cannot confirm the report", "TV Chosun"),
    ("en", "TV Chosun neither reported nor confirmed it", "TV Chosun"),
    ("en", "TV Chosun reportedly never said that", "TV Chosun"),
    ("en", "Sources at TV Chosun deny it", "TV Chosun"),
    ("de", "TV Chosun hat nichts davon berichtet", "TV Chosun"),
    ("de", "TV Chosun meldete das nie", "TV Chosun"),
    ("es", "TV Chosun jamás dijo eso", "TV Chosun"),
    ("ko", "TV조선은 보도한 바 없다", "TV조선"),
    ("en", "This was denied by TV Chosun.", "TV Chosun"),
    ("en", "TV Chosun did not report it", "TV Chosun"),
    ("en", "Contrary to TV Chosun, nothing was planned", "TV Chosun"),
    ("uk", "TV Chosun не повідомляла про це", "TV Chosun"),
    ("ru", "TV Chosun не сообщал об этом", "TV Chosun"),
    ("de", "TV Chosun berichtete nicht darüber", "TV Chosun"),
    ("es", "TV Chosun no ha informado de ello", "TV Chosun"),
    ("it", "TV Chosun ha smentito la notizia", "TV Chosun"),
    ("fr", "contrairement à TV Chosun", "TV Chosun"),
    ("ko", "TV조선은 이를 보도하지 않았다", "TV조선"),
]


@pytest.mark.parametrize(("language", "text", "name"), CREDITS)
def test_words_that_credit_a_source(language, text, name):
    found = find_names(text, [name], language)
    assert [(finding.name, finding.credited) for finding in found] == [(name, True)]


@pytest.mark.parametrize(("language", "text", "name"), NOT)
def test_a_denial_is_no_attribution(language, text, name):
    found = find_names(text, [name], language)
    assert [(finding.name, finding.credited) for finding in found] == [(name, False)]


def test_only_the_verb_of_the_name_itself_counts():
    found = find_names("TV Chosun reported that KCNA never announced it", ["TV Chosun", "KCNA"])
    assert [(finding.name, finding.credited) for finding in found] == [("TV Chosun", True), ("KCNA", False)]


def test_a_name_within_a_longer_one_is_not_found():
    assert [f.name for f in find_names("according to the Straits Times", ["Times", "Straits Times"])] == [
        "Straits Times"
    ]


def test_the_passage_holds_the_name_and_the_words_that_credit_it():
    text = "Troops, according to TV Chosun, will go."
    (found,) = find_names(text, ["TV Chosun"])
    assert text[found.start : found.end] == "according to TV Chosun"


def test_a_name_of_signs_alone_is_found_nowhere():
    assert find_names("a .* b ... c", [".*", "...", "$^"]) == []


def test_a_long_text_takes_time_in_proportion():
    import time

    def seconds(copies):
        start = time.perf_counter()
        find_names("TV Chosun reported it. " * copies, ["TV Chosun", "TV", "KCNA"])
        return time.perf_counter() - start

    seconds(100)
    short, long = (min(seconds(copies) for _ in range(3)) for copies in (400, 4000))
    assert long < 40 * short  # ten times the text; a hundred times if each name is compared with each


GOOD = (
    "before = ['per']\nafter = []\ndeny_before = []\ndeny_after = []\nreach_before = 1\nreach_after = 1\nendings = 0\n"
)


@pytest.fixture
def own_language(tmp_path, monkeypatch):
    from woozle.infer import attribution

    attribution.read_language.cache_clear()
    monkeypatch.setattr(attribution, "_folder", lambda: tmp_path)
    (tmp_path / "en.toml").write_text(GOOD, "utf-8")
    yield lambda text: (tmp_path / "xx.toml").write_text(text, "utf-8")
    attribution.read_language.cache_clear()


def test_a_new_language_is_a_new_file_and_a_list_may_be_empty(own_language):
    own_language(GOOD.replace("per", "zork"))
    found = [(f.credited, f.denied) for f in find_names("zork TV Chosun; TV Chosun flarp", ["TV Chosun"], "xx")]
    assert found == [(True, False), (False, False)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD.replace("after = []\n", "", 1), "xx.toml, key 'after': a list of words"),
        (GOOD.replace("'per'", "''"), "xx.toml, key 'before': a list of words"),
        (GOOD.replace("'per'", "3"), "xx.toml, key 'before': a list of words"),
        (GOOD.replace("endings = 0", "endings = -1"), "xx.toml, key 'endings': a whole number"),
        ("before = [", "xx.toml is not TOML"),
    ],
)
def test_a_faulty_file_of_a_language_is_told(own_language, text, says):
    own_language(text)
    with pytest.raises(WoozleError, match=says):
        find_names("TV Chosun", ["TV Chosun"], "xx")


def test_each_language_credits_and_denies_by_its_own_words():
    """Each of its phrases, put beside a name, has its effect: no list is there for nothing."""
    for code in languages():
        entry = read_language(code)
        facts = _read_file(f"{code}.toml")
        assert entry.before.search(f"{facts['before'][0]} ")
        assert entry.deny_after.match(f" {facts['deny_after'][0].replace('*', '')}")
