"""What the README says is so."""

import re
import subprocess
import sys

from woozle.measure import headline


def test_the_figures_of_the_readme_are_those_of_the_data(root, flagship):
    words = " ".join((root / "README.md").read_text("utf-8").split())
    cascade = flagship.cascade()
    found = headline(cascade)
    false = sum(cascade.leads["accuracy"].reindex(cascade.carriers) == "false")
    assert (
        f"{found.carriers} of its {found.documents} documents carry the claim in some form, {false} of them in a false "
        f"one; {found.top_others} go back" in words
    )


def test_the_code_of_the_readme_runs_and_gives_what_it_says(root):
    (code,) = re.findall(r"```python\n(.*?)```", (root / "README.md").read_text("utf-8"), re.S)
    code += "\nassert cascade.roots('huffpost_es') == ('rok_official',)"
    assert "# ('rok_official',)" in code
    subprocess.run([sys.executable, "-c", code], cwd=root, check=True)


def test_every_target_of_the_readme_is_in_the_makefile(root):
    targets = set(re.findall(r"\bmake ([a-z]+)", (root / "README.md").read_text("utf-8")))
    known = set(re.findall(r"^([a-z]+):.*## ", (root / "Makefile").read_text("utf-8"), re.M))
    assert targets <= known | {"lists"}
    assert {"reports", "test", "help", "lab", "notebooks", "check", "lock", "clean"} <= known
