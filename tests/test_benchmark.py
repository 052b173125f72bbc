"""The comparison with schemathesis runs from end to end, and the documents show what it measured."""

import importlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from goatcheck.faults import catalogue

pytestmark = pytest.mark.whole

ROOT = Path(__file__).parent.parent
BENCHMARKS = ROOT / "benchmarks"
FAULT = "absent-read-null"


@pytest.fixture
def benchmark_modules(monkeypatch):
    """The scripts' modules, importable for one test as they are for the script itself."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("versus_schemathesis"), importlib.import_module("comparison")


def made(comparison, *, ours=(), theirs=(), clean=()):
    """A comparison of one fault, with what each contender found."""
    attempt = comparison.Attempt
    return comparison.Comparison(
        contenders=("schemathesis, defaults", "goatcheck"),
        breaks={FAULT: ("404.absent",)},
        attempts=(
            attempt("schemathesis, defaults", "", 1, clean, 100, 9.0, 8.0),
            attempt("schemathesis, defaults", FAULT, 1, theirs, 90, 9.0, 8.0),
            attempt("goatcheck", "", 1, (), 80, 3.0, 2.0),
            attempt("goatcheck", FAULT, 1, ours, 70, 3.0, 2.0),
        ),
        rule="chosen faults",
        about={
            "date": "2026-06-15",
            "goatcheck": "1",
            "schemathesis": "4",
            "python": "3.11.0",
            "cores": 2,
            "load": 0.5,
            "jobs": 2,
        },
    )


def test_one_fault_is_compared_from_end_to_end(tmp_path):
    told = tmp_path / "told.json"
    done = subprocess.run(  # noqa: S603 - this very interpreter
        [
            *(sys.executable, str(BENCHMARKS / "versus_schemathesis.py"), "--faults", FAULT, "--runs", "best"),
            *("--examples", "1", "--controls", "1", "--jobs", "2", "--json", str(told)),
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    attempts = {(each["contender"], each["fault"]): each for each in json.loads(told.read_text())["attempts"]}
    assert [each["trouble"] for each in attempts.values()] == ["", "", "", ""]
    assert all(each["requests"] > 100 and each["seconds"] > 0 for each in attempts.values())
    assert attempts["goatcheck", ""]["found"] == []
    assert "404.absent" in attempts["goatcheck", FAULT]["found"]
    assert re.search(r"^goatcheck +1 of 1 +0 +\d+ +\d+ +\d+$", done.stdout, re.MULTILINE)


def test_what_the_clean_mock_shows_too_is_no_catch(benchmark_modules):
    _, comparison = benchmark_modules
    made_up = made(comparison, ours=("404.absent",), theirs=("known",), clean=("known",))
    assert made_up.caught("schemathesis, defaults") == ()
    assert made_up.caught("goatcheck") == (FAULT,)


def test_what_goatcheck_misses_and_schemathesis_catches_is_told(benchmark_modules):
    _, comparison = benchmark_modules
    page = comparison.page_markdown(made(comparison, theirs=("GET /creators | a check | A | 500",)))
    assert "| schemathesis, defaults | 1 of 1 | 0 | 90 | 9 | 8 |" in page
    assert "| goatcheck | 0 of 1 | 0 | 70 | 3 | 2 |" in page
    assert f"- goatcheck missed: {FAULT}.\n- Caught by schemathesis alone: {FAULT}.\n" in page
    assert f"- `{FAULT}: GET /creators | a check | A | 500 (schemathesis, defaults)`" in page


def test_the_sample_has_faults_of_most_statuses(benchmark_modules):
    versus, _ = benchmark_modules
    names, rule = versus.sample(versus.MOST_FAULTS)
    broken = {broken.split(".")[0] for name in names for broken in catalogue()[name].breaks}
    assert len(broken & {"400", "401", "402", "403", "404", "409", "410", "429", "500", "envelope"}) >= 7
    assert versus.MOST_FAULTS // 2 < len(names) <= versus.MOST_FAULTS
    step = list(catalogue()).index(names[1])
    assert rule == f"one in {step} of the {len(catalogue())} faults of `goatcheck prove`, in their order"


def test_readme_and_page_show_what_was_measured(benchmark_modules):
    versus, comparison = benchmark_modules
    measured = comparison.from_data(json.loads((BENCHMARKS / "results.json").read_text("utf-8")))
    readme = (ROOT / "README.md").read_text("utf-8")
    part = re.search(rf"<!-- generated: {versus.MARK} -->\n(.*?)<!-- end -->", readme, re.DOTALL)[1]
    assert part == comparison.summary_markdown(measured)
    assert (BENCHMARKS / "results.md").read_text("utf-8") == comparison.page_markdown(measured)
    assert comparison.from_data(json.loads(json.dumps(comparison.as_data(measured)))) == measured


def test_the_faults_that_were_measured_are_still_there(benchmark_modules):
    _, comparison = benchmark_modules
    measured = comparison.from_data(json.loads((BENCHMARKS / "results.json").read_text("utf-8")))
    assert set(measured.breaks) <= set(catalogue())
