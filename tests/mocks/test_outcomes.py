"""Each tool, judged as a user does it: the outcome of every requirement is written down in expected/.

Where one of these changes, the tool did, or goatcheck.
"""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from cases import CASES, CONTRACT

from goatcheck.profile import load_profile
from goatcheck.rebuild import rebuilt

EXPECTED = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in Path(__file__).parent.glob("expected/*.toml")}
RUN = "from goatcheck.cli import main; main(['run', *__import__('sys').argv[1:]])"


@pytest.fixture(scope="module", params=[pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in CASES])
def judged(request, serve, tmp_path_factory):
    """One run against one case: its name, the exit code, what was printed, the report, and the folder with all of it."""
    case = CASES[request.param]
    out = tmp_path_factory.mktemp("out")
    with serve(case.tool, case.served(tmp_path_factory.mktemp("served"))) as url:
        done = subprocess.run(  # noqa: S603 - goatcheck itself
            [sys.executable, "-c", RUN, "--profile", case.profile, "--base-url", url, "--out", str(out)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
    assert (out / "report.json").is_file(), done.stdout + done.stderr
    return request.param, done, json.loads((out / "report.json").read_text("utf-8")), out


def by_outcome(rows):
    """The ids of requirements by outcome, for reading."""
    found = {}
    for row in rows:
        found.setdefault(row["outcome"], []).append(row["id"])
    return found


def exchanges_in(out):
    lines = (json.loads(line) for line in (out / "exchanges.jsonl").read_text("utf-8").splitlines())
    return [line["data"] for line in lines if line["kind"] == "exchange"]


def test_every_requirement_has_the_outcome_that_is_written_down(judged):
    name, done, report, _ = judged
    expected = EXPECTED[name]
    assert by_outcome(report["requirements"]) == expected["outcomes"]
    assert (done.returncode, report["verdict"]) == (expected["exit_code"], expected["verdict"])


def test_whose_doing_it_is_stands_beside_each_finding(judged):
    name, done, report, _ = judged
    doing = {}
    for row in report["requirements"]:
        for finding in row["findings"]:
            doing.setdefault(finding["answer"], set()).add(row["id"])
    assert {answer: sorted(ids) for answer, ids in doing.items()} == EXPECTED[name].get("doing", {})
    assert ("beyond what such a mock can do" in done.stdout) == ("can't do" in doing)


def test_every_variant_is_asked_for_wherever_it_is_documented(judged):
    name, _, _, out = judged
    force = load_profile(CASES[name].profile, {}).force
    forced = {(e["intent"]["operation"], e["intent"]["forced"]) for e in exchanges_in(out) if e["intent"]["forced"]}
    everywhere = {
        (operation.id, variant.id)
        for operation in (*CONTRACT.operations, *CONTRACT.removed)
        for variant in CONTRACT.variants
        if variant.id in operation.examples
    }
    if force is None:
        assert forced == set()
    elif force.has_urls:
        assert {variant for _, variant in forced} == {variant.id for variant in CONTRACT.variants}
    elif EXPECTED[name]["exit_code"] == 0:
        assert forced == everywhere
    else:
        assert forced <= everywhere


def test_nobody_is_asked_to_add_to_the_profile_what_a_mock_cannot_use(judged):
    name, done, report, _ = judged
    if EXPECTED[name]["exit_code"] == 0:
        assert report["advice"] == []
        assert "What to add to the profile" not in done.stdout


def test_what_a_kind_of_mock_cannot_do_is_found_where_the_profile_does_not_excuse_it(judged, tmp_path):
    """The same exchanges, judged as those of a server: what was waived fails, or warns, and nothing else changes."""
    _, _, report, out = judged
    lines = (out / "exchanges.jsonl").read_text("utf-8").splitlines()
    header = json.loads(lines[0])
    header["data"]["profile"]["cannot"] = {}
    (tmp_path / "journal.jsonl").write_text("\n".join([json.dumps(header), *lines[1:]]) + "\n", "utf-8")
    again = {row.id: row for row in rebuilt(tmp_path / "journal.jsonl").requirements}
    for row in report["requirements"]:
        strict = again[row["id"]]
        if row["outcome"] == "waived":
            assert strict.outcome == ("fail" if row["level"] == "MUST" else "warn")
            assert {finding.answer for finding in strict.findings} == {"own behaviour"}
        else:
            assert strict.outcome == row["outcome"]
