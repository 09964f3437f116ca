"""Copies: most of the words from an older text, in whatever script; never from a younger one, nor by a phrase."""

from woozle.infer.wording import copies

SAID = "the ministry of health said on monday that salt protects from radiation and that nobody should drink it"


def of(*texts, times=None):
    names = [f"t{n}" for n in range(len(texts))]
    return copies(dict(zip(names, texts, strict=True)), dict(zip(names, times or range(len(texts)), strict=True)))


def test_a_copy_a_rewriting_and_a_longer_text_are_found():
    found = of(SAID, SAID.upper() + "!", SAID.replace("monday", "friday"), f"Hear, hear! {SAID} So be it.")
    assert list(found) == [("t1", "t0"), ("t2", "t0"), ("t3", "t0")]
    assert found["t1", "t0"] == 1
    assert 0.7 < found["t2", "t0"] < 1


def test_nothing_is_copied_from_a_younger_text_or_by_a_phrase():
    assert list(of(SAID, SAID, times=[9, 1])) == [("t0", "t1")]
    assert of(SAID, SAID.replace("monday", "friday"), times=[5, 5]) == {}  # nobody knows who was first
    assert of(SAID, "the ministry of health has no news of the fire in the harbour, and asks for patience") == {}
    assert of("yes", "yes") == {}


def test_scripts_without_spaces():
    said = "卫生部周一表示食盐可以防止辐射任何人都不应饮用海水这一说法没有任何科学依据请大家不要抢购食盐"
    assert list(of(said, said.replace("周一", "周五"))) == [("t1", "t0")]
