import numpy as np
import pytest

import tiny
from woozle.measure import agreement, codings, disagreements, headline_draws
from woozle.measure.agreement import alpha
from woozle.model.opening import inspect_folder, open_case

NAN = np.nan


def second(folder, rows, name="second"):
    (folder / "codings").mkdir(exist_ok=True)
    (folder / "codings" / f"{name}.csv").write_text("\n".join(rows) + "\n", "utf-8")


@pytest.fixture
def folder(tmp_path):
    return tiny.write(tmp_path / "data" / "tiny", tiny.tables("a>b a>c", {"b": {"modality": "planned"}}))


def test_alpha_is_that_of_the_literature():
    """Four observers, twelve units: Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), sections C and D.

    Published: nominal 0.743, ordinal 0.815, interval 0.849.
    """
    observers = np.array(
        [
            [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
            [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
            [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
            [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
        ]
    )
    published = {"nominal": 0.743, "ordinal": 0.815, "interval": 0.849}
    assert {level: round(alpha(observers.T, level), 3) for level in published} == published


def test_alpha_has_no_value_where_all_codes_are_the_same():
    assert np.isnan(alpha(np.array([[1.0, 1.0], [1.0, 1.0]]), "nominal"))


def test_agreement_and_what_is_to_be_settled(folder):
    second(folder, ["document,version,modality,place", "a,1,expected,city", "b,1,expected,city", "c,1,expected,region"])
    case = open_case(folder)
    assert len(codings(case)) == 6
    found = agreement(case)
    assert found[["level", "versions", "disagreements"]].to_dict("index") == {
        "modality": {"level": "ordinal", "versions": 3, "disagreements": 1},
        "place": {"level": "nominal", "versions": 3, "disagreements": 1},
    }
    # modality: one of three pairs differs; the other codes agree: 1 - observed / expected by chance
    # nominal by hand: n = 6 codes, 5 'city', 1 'region': D_o = 2/6, D_e = 2 * 5 / (6 * 5) = 1/3, alpha = 0
    assert found.loc["place", "alpha"] == pytest.approx(0)
    assert disagreements(case).index.to_list() == [("b", 1, "modality"), ("c", 1, "place")]


def test_times_are_compared_in_days(folder):
    """Months of 2024: one pair differs by a month, which is little beside a year; by names it would be one of three."""
    rows = ["document,version,deadline", "a,1,2024-07", "b,1,2024-08", "c,1,2025-07"]
    claims = (folder / "claims.csv").read_text("utf-8")
    lines = claims.splitlines()
    (folder / "claims.csv").write_text("\n".join([*lines[:3], lines[3].replace("2024-07", "2025-07")]) + "\n", "utf-8")
    second(folder, rows)
    found = agreement(open_case(folder)).loc["deadline"]
    assert found["level"] == "interval"
    assert found["alpha"] > 0.9


def test_disagreement_of_coders_moves_the_figures(folder):
    """Where the second coder sees no change at b, a hop changes in about half of the draws."""
    second(folder, ["document,version,modality", "b,1,expected"])
    drawn = headline_draws(open_case(folder).cascade(), draws=400, vary=("codings",))
    assert set(drawn["hops_changed"]) == {0, 1}
    assert 0.2 < drawn["hops_changed"].mean() < 0.8


def test_without_a_second_coding_there_is_nothing_to_compare(flagship):
    assert codings(flagship).empty
    assert agreement(flagship).empty
    assert disagreements(flagship).empty


@pytest.mark.parametrize(
    ("rows", "name", "says"),
    [
        (["document,version,modality", "z,1,expected"], "second", "codings/second.csv, row 2, column document: 'z' is not a document"),
        (["document,version,modality", "a,1,expectd"], "second", "column modality: 'expectd' is not a term of modality. Did you mean 'expected'"),
        (["document,version,modality", "a,1,expected", "a,1,planned"], "second", "'a, 1' appears twice"),
        (["document,version,mood", "a,1,expected"], "second", "there is no column 'mood'"),
        (["document,version,modality", "a,1,expected"], "claims", "the name of the coder"),
    ],
)  # fmt: skip
def test_a_wrong_coding_has_its_sentence(folder, rows, name, says):
    second(folder, rows, name)
    problems = inspect_folder(folder)[1]
    assert any(says in sentence for sentence in problems), problems
