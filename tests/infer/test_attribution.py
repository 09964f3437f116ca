"""Words credit a source, or contradict it, in each language; a new language is a new file."""

import pytest

from woozle.infer import find_names, languages

CREDITS = [
    ("en", "It is expected, according to the South Korean network TV Chosun, in July.", "TV Chosun"),
    ("en", "North Korea to send engineers – TV Chosun", "TV Chosun"),
    ("en", "ISW: support for the region", "ISW"),
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


def test_each_language_has_a_file_that_can_be_read():
    for code in languages():
        assert find_names("x", ["x"], code) is not None
