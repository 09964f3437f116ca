"""Measures say of themselves what they are: what is said is what they return, and the pages are made from it."""

import inspect
import sys

import pandas as pd
import pytest

import tiny
import woozle
from woozle import infer, measure
from woozle.description import Column, columns, described, description_of, is_described
from woozle.errors import ParameterError
from woozle.notebook import Teller, table

# Their columns are documents, figures, coders or cases.
OPEN = {"believed_draws", "change_kinds", "codings", "disagreements", "draw_dates", "headline_draws"}
GIVEN = {
    "corrected_at": ("b", "2024-06-03"),
    "early_correction_effect": ("b",),
    "stations": ("k",),
    "without": (["b"],),
}
PUBLIC = [name for name in measure.__all__ if inspect.isfunction(getattr(measure, name))]
DESCRIBED = [name for name in PUBLIC if is_described(getattr(measure, name))]


@pytest.fixture(scope="module")
def cascade(tmp_path_factory):
    """Two roots, a false version, a correction: most measures have a row."""
    versions = {
        "b": {"said_by": "actor_state", "modality": "announced", "certainty": "certain", "accuracy": "false"},
        "k": {"stance": "debunks", "modality": "none", "accuracy": "accurate"},
    }
    return tiny.case(tmp_path_factory.mktemp("described"), "a>b d>c b>c b>k:debunks c>e", versions).cascade()


def returned(name, cascade):
    found = getattr(measure, name)
    first = {"one": cascade, "two": cascade} if found.__module__.endswith("comparison") else cascade
    return found(first, *GIVEN.get(name, ()))


def test_every_measure_with_columns_of_its_own_describes_itself():
    tables = [name for name in PUBLIC if getattr(measure, name).__annotations__["return"] == "pd.DataFrame"]
    assert len(tables) > 40
    assert [name for name in tables if name not in DESCRIBED and name not in OPEN] == []


@pytest.mark.parametrize("name", DESCRIBED)
def test_its_columns_are_those_that_it_describes(name, cascade):
    frame = returned(name, cascade)
    names = {*frame.columns, *(level for level in frame.index.names if level)}
    slots = {slot.name for slot in cascade.case.slots}
    assert names - slots == set(description_of(getattr(measure, name)).columns) - slots


@pytest.mark.parametrize("name", [n for n in DESCRIBED if description_of(getattr(measure, n)).caption])
def test_what_it_shows_are_its_columns_or_facts_of_a_document(name):
    about = description_of(getattr(measure, name))
    facts = {"days", "when", "coded", "seen", "seen_note", "said_by", "modality", "certainty", "accuracy", "wording"}
    assert set(about.shown) <= set(about.columns) | facts


def test_proposals_describe_themselves_too(flagship):
    found = infer.propose(flagship, documents=["american_buddhist"])
    described_columns = set(description_of(infer.propose).columns)
    assert described_columns <= set(found.columns)


def test_a_measure_of_ones_own_needs_a_function_and_a_line(flagship):
    """What a user's notebook does: describe, then show."""

    @described(
        "Long stories",
        "By document, the longest first",
        columns("document", hours=Column("hours", "since the first", "how late"), share=Column("share", "of all")),
        caption="Long stories of {actor}.",
    )
    def late(cascade):
        """Return how late each document is.

        Examples
        --------
        >>> 1 + 1
        2
        """
        return pd.DataFrame({"hours": [36.0], "share": [0.25]}, index=pd.Index(["tvchosun"], name="document"))

    shown = table(Teller(flagship.cascade()), late)
    assert shown.caption == "Long stories of North Korea."
    assert shown.frame.to_dict("records") == [{"document": "TV Chosun", "how late": "36 hours", "share": "25 %"}]
    assert late.__doc__.index("how late each") < late.__doc__.index("`hours` (hours)") < late.__doc__.index("Examples")
    with pytest.raises(ParameterError, match="'silent' does not say what its columns hold"):
        table(Teller(flagship.cascade()), silent)


def silent(cascade):
    return pd.DataFrame()


def test_a_kind_that_nobody_can_show_is_an_error():
    with pytest.raises(ParameterError, match=r"no kind of column 'shares'.*Did you mean 'share'"):
        Column("shares", "x")


def test_a_column_that_is_none_of_the_standard_ones_is_told():
    with pytest.raises(ParameterError, match=r"no standard column 'documnt'.*Did you mean 'document'"):
        columns("documnt")


def test_what_each_counts_reads_on_after_it_lists(cascade):
    """The page says “It lists …”: so the first line of each docstring begins with “Return”."""
    for name in DESCRIBED:
        assert getattr(measure, name).__doc__.startswith("Return "), name
    assert description_of(infer.propose).counts.startswith("proposals of whom")


def test_a_case_that_is_about_nobodys_act_has_captions_without_a_gap(tmp_path):
    folder = tiny.write(tmp_path / "data" / "tiny", tiny.tables("a>b"))
    text = (folder / "datapackage.json").read_text("utf-8")
    (folder / "datapackage.json").write_text(text.replace('"actor": "the actor"', '"actor": ""'))
    caption = table(Teller(tiny.open_case(folder).cascade()), measure.told_as_fact).caption
    assert caption.endswith("not as the word of the one concerned.")


def test_a_document_that_is_not_out_by_then_has_no_table(flagship):
    early = Teller(flagship.cascade("2024-06-22"))
    assert str(table(early, measure.early_correction_effect, "pentagon_question")) == ""
    assert str(table(early, measure.early_correction_effect, "")) == ""
    late = table(Teller(flagship.cascade()), measure.early_correction_effect, "pentagon_question")
    assert late.caption.endswith(f"relied on {flagship.documents['label']['pentagon_question']}.")


def test_the_pages_on_the_measures_say_what_the_measures_say(root):
    sys.path.insert(0, str(root / "tools"))
    from document_measures import pages

    for path, text in pages().items():
        assert path.read_text("utf-8") == text, f"{path.name} is behind: make describe"


def test_help_gives_columns_limits_and_source():
    text = inspect.getdoc(woozle.measure.field_survival)
    for words in ("`at_risk` (whole number)", "Limits: branches share ancestors", "After E. L. Kaplan"):
        assert words in text
