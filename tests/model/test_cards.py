"""How things show themselves in a notebook, on a case of four documents drawn on paper."""

import pytest

import tiny
import woozle
from woozle.errors import UnknownDocumentError

HEARD = {"modality": "announced", "said_by": "paper"}


@pytest.fixture
def cascade(tmp_path):
    """b has it from a, c from b and from a; d corrects c."""
    versions = {"b": HEARD, "c": HEARD, "d": {"stance": "debunks", "modality": "none"}}
    return tiny.case(tmp_path, "a>b b>c:quotes a>c c>d:debunks", versions).cascade()


def test_a_document_says_what_it_has_from_whom_and_what_rests_on_it(cascade):
    found = cascade.document("b")
    assert (found.label, found.parents, found.below, found.roots) == ("B", ("a",), ("c",), ("a",))
    text = str(found)
    for line in ("says         announced, said by paper (probable)", "has it from  A", "goes back to  A"):
        assert " ".join(line.split()) in " ".join(text.split())


def test_a_document_that_does_not_carry_the_claim_has_it_from_nobody(cascade):
    found = cascade.document("d")
    assert (found.parents, found.below) == ((), ())


def test_a_hop_says_what_changed_on_it(cascade):
    hop = cascade.hop("a", "b")
    assert hop.changed == ("said_by", "modality")
    assert "how real: expected → announced" in str(hop)
    assert "nothing that is coded" in str(cascade.hop("b", "c"))


def test_what_is_not_there_is_said(cascade):
    with pytest.raises(UnknownDocumentError, match="no document 'bb' in this case"):
        cascade.document("bb")
    with pytest.raises(UnknownDocumentError, match="The other way there is: 'b' relies on 'a'"):
        cascade.hop("b", "a")


def test_what_was_not_out_yet_is_said(flagship):
    with pytest.raises(UnknownDocumentError, match=r"'express' was not out by then .*: not before 25 June 2024, 04:00"):
        flagship.cascade(as_of="2024-06-22").document("express")


def test_completion_is_short_and_a_wrong_name_is_answered(flagship):
    cascade = flagship.cascade()
    for thing in (flagship, cascade):
        assert len(dir(thing)) < 25
        assert all(getattr(thing, name) is not None for name in dir(thing))
    with pytest.raises(AttributeError, match=r"A case has no 'cascades'. Did you mean 'cascade'"):
        _ = flagship.cascades
    with pytest.raises(AttributeError, match=r"A cascade has no 'docment'. Did you mean 'document"):
        _ = cascade.docment
    assert len(dir(woozle)) <= 14


def test_hostile_texts_in_cards_are_texts(tmp_path):
    import hostile

    case = woozle.open(hostile.make(tmp_path))
    cascade = case.cascade()
    shown = [case._repr_html_(), cascade._repr_html_()]
    shown += [cascade.document(name)._repr_html_() for name in cascade.documents.index]
    shown += [cascade.hop(hop.cited, hop.citing)._repr_html_() for hop in cascade.citations_that_count]
    for html in shown:
        assert "<script" not in html.lower()
        assert "<img" not in html.lower()
        assert "\x00" not in html
        assert "\u202e" not in html
        assert len(html) < 20_000
