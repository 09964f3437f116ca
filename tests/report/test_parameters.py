"""Parameters: read from the tagged cell as Python reads it, taken in the type of their default, or refused by name."""

import nbformat
import pytest

from woozle.errors import NotebookError, ParameterError
from woozle.report.parameters import check_parameters, read_parameters


def cell(folder, source):
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(source, metadata={"tags": ["parameters"]})]
    nbformat.write(notebook, folder / "n.ipynb")
    return folder / "n.ipynb"


@pytest.mark.parametrize(
    ("source", "given", "value"),
    [
        ("flag = True", "false", False),  # papermill 55, 545: the text "false" is true
        ("flag = True", "no", False),
        ("n = 3", "7", 7),
        ("x = 0.5", "0.25", 0.25),
        ("x: float = 1.0", "2", 2.0),
        ("s = 'a'", "7", "7"),
        ("s: str = 'a=b'  # has an =", "c=d", "c=d"),
        ("mode: Literal['all', 'few'] = 'all'", "few", "few"),  # papermill 906
        ("mode: typing.Literal['all', 'few'] = 'all'", "few", "few"),
        ("name: str | None = None", "ada", "ada"),
        ("n: Optional[int] = None", "7", 7),
        ("n: int | None = 3", "None", None),
        ("name = None", "ada", "ada"),
        ("names: list[str] = []", "['a', 'b']", ["a", "b"]),
        ("a = 1; b = 2", None, None),
        ("n: 'int' = 3", "4", 4),
        ("n = 3  # type: int", "4", 4),
    ],
)
def test_a_value_takes_the_type_of_its_default(flagship, tmp_path, source, given, value):
    known = read_parameters(cell(tmp_path, f"{source}\nimport typing\n"))
    name = next(iter(known))
    if given is None:
        assert {name: parameter.default for name, parameter in known.items()} == {"a": 1, "b": 2}
        return
    found = check_parameters(known, {name: given}, "dprk_troops_2024")[name]
    assert found == value
    assert type(found) is type(value)


def test_all_that_a_cell_assigns_is_a_parameter(tmp_path):
    source = '"""What can be asked."""\nfrom typing import Literal\na, b = 1, "#2"  # both\nc = d = 0.5\ne: int = (\n    7\n)  # over lines\n'
    known = read_parameters(cell(tmp_path, source))
    assert {name: parameter.default for name, parameter in known.items()} == {
        "a": 1,
        "b": "#2",
        "c": 0.5,
        "d": 0.5,
        "e": 7,
    }
    assert (known["a"].meaning, known["e"].meaning) == ("both", "over lines")


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("n: int = 1\nn += 1", r"line 2: 'n \+= 1' can't be read"),
        ("n: int", "not a parameter with a default"),
        ("d = dict(a=1)", "not a plain value"),
        ("t = (1, 2)", "not a plain value"),
        ("x = float('inf')", "not a plain value"),
        ("n: int = 'a'", "not of type int"),
        ("n: int = True", "not of type int"),
        ("n: Any = 1", "the type Any is not known"),
        ("n = 1\nn = 2", "line 2: 'n = 2' can't be read: 'n' is assigned twice"),
        ("for n in range(3): pass", "line 1"),
        ("n = ", "line 1"),
    ],
)
def test_a_line_that_is_no_parameter_is_named(tmp_path, source, says):
    with pytest.raises(NotebookError, match=says):
        read_parameters(cell(tmp_path, source))


@pytest.mark.parametrize(
    ("source", "given"),
    [
        ("flag = True", "perhaps"),
        ("n = 3", "many"),
        ("n = 3", "2.5"),
        ("mode: Literal['all', 'few'] = 'all'", "some"),
        ("x = 0.5", "nan"),
    ],
)
def test_what_does_not_fit_is_refused(flagship, tmp_path, source, given):
    known = read_parameters(cell(tmp_path, source))
    with pytest.raises(ParameterError, match=r"is not (a |true)"):
        check_parameters(known, {next(iter(known)): given}, "dprk_troops_2024")


def test_a_refusal_names_the_one_thing_that_was_wrong(flagship, tmp_path):
    known = read_parameters(cell(tmp_path, "time_zone: str = ''  # zone\nas_of: str = 'latest'  # moment"))
    with pytest.raises(ParameterError) as error:
        check_parameters(known, {"tz": "Asia/Seoul"}, "dprk_troops_2024")
    told = str(error.value).splitlines()
    assert told[0] == "there is no parameter 'tz'. Did you mean 'time_zone'?"
    assert told[1].strip() == "All parameters: woozle parameters dprk_troops_2024"
    with pytest.raises(ParameterError) as error:
        check_parameters(known, {"as_of": "2024-02-30"}, "dprk_troops_2024")
    assert len(str(error.value).splitlines()) == 1
