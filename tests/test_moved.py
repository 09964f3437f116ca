"""Names that were given up work for one version more, and say what they are called now."""

import pytest

import woozle
from woozle import measure, notebook, report
from woozle.notebook import exercises, notes


@pytest.mark.parametrize(
    ("room", "old", "now"),
    [
        (measure, "farthest", measure.deepest_document),
        (measure, "in_time", measure.early_correction_effect),
        (measure, "speed", measure.time_to_n),
        (measure, "FIGURES", measure.STATISTICS),
        (exercises, "check", exercises.verdict),
        (notes, "in_time", notes.early_correction_effect),
        (report, "Teller", notebook.Teller),
        (report, "table", notebook.table),
        (report, "open_study", notebook.open_study),
    ],
)
def test_an_old_name_gives_the_new_thing_and_says_so(room, old, now):
    with pytest.warns(FutureWarning, match="goes with version 0.3"):
        assert getattr(room, old) is now


def test_no_old_name_is_offered():
    assert not {"farthest", "in_time", "speed", "FIGURES"} & set(dir(measure))
    assert not {"Teller", "table"} & set(dir(report))
    assert "notebook" not in dir(woozle)


def test_numbers_were_figures_and_a_figure_is_a_chart(flagship):
    tell = notebook.Teller(flagship.cascade(as_of="2024-06-22"))
    with pytest.warns(FutureWarning, match=r"tell\.figures is tell\.statistics now"):
        assert tell.figures is tell.statistics
    assert tell.statistics["documents"] == 2
