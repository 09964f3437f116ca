"""The command as a user meets it: what it says, and how it exits."""

import csv
import itertools
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import tiny
from command import woozle

WOOZLE = Path(sys.executable).with_name("woozle")


def test_help_teaches(root):
    done = woozle("--help", cwd=root)
    assert done.returncode == 0
    assert all(word in done.stdout for word in ("report", "check", "list", "woozle report CASE"))
    assert "--as-of" in woozle("report", "--help", cwd=root).stdout


def test_help_flows_to_the_width_of_the_terminal(root, monkeypatch):
    """No line ends where the source breaks it, and a flag asks for no value."""
    monkeypatch.setenv("COLUMNS", "60")
    told = woozle("report", "--help", cwd=root).stdout
    text = told[told.index("The parameters are checked") : told.index("Examples")]
    lines = [line.strip() for line in text.strip().splitlines()]
    assert all(len(f"{line} {after.split()[0]}") > 58 for line, after in itertools.pairwise(lines))
    assert "bool" not in told
    assert "----" not in told


@pytest.mark.parametrize("command", ["report", "sweep", "new", "collection report"])
def test_an_example_that_is_too_long_goes_on_as_a_shell_reads_it(root, monkeypatch, command):
    monkeypatch.setenv("COLUMNS", "70")
    told = woozle(*command.split(), "--help", cwd=root).stdout
    lines = told[told.index("Examples") : told.index("╭")].splitlines()[1:]
    lines = [line.rstrip() for line in lines if line.strip()]
    assert any(line.endswith(" \\") for line in lines)
    begun = [line for before, line in itertools.pairwise(["", *lines]) if not before.endswith(" \\")]
    assert all(line.startswith("   woozle ") for line in begun)


def test_list_and_check(root):
    assert "dprk_troops_2024" in woozle("list", cwd=root).stdout
    done = subprocess.run([WOOZLE, "check", "dprk_troops_2024"], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "57 documents, 78 citations, 55 claim versions" in done.stdout
    assert "comparison  a comparison of cases" in woozle("list", cwd=root).stdout


def test_check_reads_what_a_report_reads(tmp_path):
    """A case.yaml at fault is named with its line, and not only when the report is built."""
    tiny.write(tmp_path / "data" / "salt", tiny.tables("a>b"))
    assert woozle("new", "salt", cwd=tmp_path).returncode == 0
    assert woozle("check", "salt", cwd=tmp_path).returncode == 0
    path = tmp_path / "case_studies/salt/case.yaml"
    path.write_text("title: [Salt\nclaim: x\n")
    done = woozle("check", "salt", cwd=tmp_path)
    assert done.returncode == 1
    assert "case_studies/salt/case.yaml, line 2: this is not YAML: expected" in done.stderr
    for command in (["measure", "."], ["check", "."]):
        assert woozle(*command, cwd=tmp_path / "data/salt").returncode == (command[0] == "check")
    path.write_bytes(b"title: \xff\n")
    assert "case.yaml is not UTF-8. Save it as UTF-8." in woozle("check", "salt", cwd=tmp_path).stderr


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["report", "dprk_troops"], 1, "Did you mean 'dprk_troops_2024'"),
        (["report", "dprk_troops_2024", "-p", "hop=all"], 1, "Did you mean 'hops'"),
        (["report", "dprk_troops_2024", "-p", "hops"], 1, "write name=value"),
        (["report", "dprk_troops_2024", "--as-of", "2020"], 1, "nothing of this case was published"),
        (["report", "dprk_troops_2024", "--as-of", "2024-06-26", "-p", "as_of=2024-06-27"], 1, "given twice"),
        (["report", "dprk_troops_2024", "-p", "hops=[b]all[/b]"], 1, "'[b]all[/b]' is not one of"),
        (["check", "nowhere/at/all"], 1, "There is no folder"),
        (
            ["check", "comparison"],
            1,
            "'comparison' compares cases and has no data of its own. See woozle report comparison",
        ),
        (["check", "data/jang_dogs_2013/claims.csv"], 1, "is a file of a case. Give the folder: data/jang_dogs_2013"),
        (["export", "jang_dogs_2013"], 1, "Name a format. Known: 'graphml'"),
        (["report"], 2, "Missing argument"),
        (["report", "dprk_troops_2024", "--nope"], 2, "No such option"),
        (["repot"], 2, "No such command"),
    ],
)
def test_a_mistake_ends_in_a_sentence_and_an_exit_code(root, arguments, code, says):
    done = woozle(*arguments, cwd=root)
    assert done.returncode == code
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_without_cases_it_says_where_it_looked(tmp_path):
    done = woozle("list", cwd=tmp_path)
    assert done.returncode == 1
    assert "WOOZLE_HOME" in done.stderr


def test_an_interruption_exits_with_130_and_leaves_nothing(root, tmp_path):
    command = [WOOZLE, "report", "dprk_troops_2024", "-o", tmp_path / "out" / "report"]
    running = subprocess.Popen(command, cwd=root, stderr=subprocess.PIPE, text=True, start_new_session=True)
    while not (tmp_path / "out").exists() and running.poll() is None:
        time.sleep(0.05)
    time.sleep(1)
    os.killpg(running.pid, signal.SIGINT)
    _, errors = running.communicate()
    assert running.returncode == 130, errors
    assert "Traceback" not in errors
    assert "Interrupted. What was there before is unchanged" in errors
    assert not (tmp_path / "out" / "report").exists()
    assert not list((tmp_path / "out").glob(".woozle/versions/*/*"))


WAITS_FOR_EVER = """
import concurrent.futures, sys, threading, types
def run():
    concurrent.futures.ThreadPoolExecutor(1).submit(threading.Event().wait)
    raise KeyboardInterrupt
sys.modules["woozle.commands.main"] = types.SimpleNamespace(main=run)
from woozle.__main__ import main
main()
"""


def test_an_interruption_waits_for_no_thread():
    done = subprocess.run([sys.executable, "-c", WAITS_FOR_EVER], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr.count("Interrupted")) == (130, 1)


def test_importing_woozle_leaves_the_heavy_parts_alone():
    code = "import sys, woozle; print([m for m in ('pandas', 'altair', 'networkx', 'papermill', 'nbconvert', 'IPython', 'yaml') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_measure_prints_the_same_figures_in_three_forms(root):
    """As a table, as CSV and as JSON; once more gives the same."""
    arguments = ["measure", "jang_dogs_2013", "--draws", "50"]
    table = woozle(*arguments, cwd=root)
    assert (table.returncode, table.stderr) == (0, "")
    assert "woozle index" in table.stdout
    facts = json.loads(woozle(*arguments, "--json", cwd=root).stdout)
    assert (facts["case"], facts["draws"], facts["seed"]) == ("jang_dogs_2013", 50, 0)
    figures = {row["figure"]: row for row in facts["figures"]}
    assert (figures["carriers"]["value"], figures["carriers"]["of"]) == (9, 19)  # seven of nineteen have no version
    assert figures["half_h"]["value"] is None  # depends on the order of dates
    assert figures["half_h"]["low"] < figures["half_h"]["high"]
    rows = list(csv.DictReader(woozle(*arguments, "--csv", cwd=root).stdout.splitlines()))
    assert {row["figure"]: row["means"] for row in rows} == {name: row["means"] for name, row in figures.items()}
    assert woozle(*arguments, "--csv", cwd=root).stdout == woozle(*arguments, "--csv", cwd=root).stdout


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["measure", "jang_dogs"], 1, "Did you mean 'jang_dogs_2013'"),
        (["measure", "jang_dogs_2013", "--as-of", "2001"], 1, "nothing of this case was published"),
        (["measure", "jang_dogs_2013", "--as-of", "soon"], 1, "as_of"),
        (["measure", "jang_dogs_2013", "--time-zone", "Mars/Olympus"], 1, "time_zone"),
        (["measure", "jang_dogs_2013", "--json", "--csv"], 1, "one of --json and --csv"),
        (["measure", "jang_dogs_2013", "--draws", "0"], 2, "--draws"),
    ],
)
def test_measure_tells_a_mistake_in_a_sentence(root, arguments, code, says):
    done = woozle(*arguments, cwd=root)
    assert done.returncode == code
    assert says in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr
