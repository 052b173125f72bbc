"""`goatcheck run --baseline` and `goatcheck diff`: what fails is what became worse."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from goatcheck.cli import main
from goatcheck.model import reference_world
from goatcheck.report.baseline import baseline_data, baseline_of
from goatcheck.report.comparing import Baseline, Row
from goatcheck.report.reading import first_step, headline
from goatcheck.session import Wanted

pytestmark = pytest.mark.whole

ID = "403.scope.write"
OTHER = "401.missing"


def goatcheck(*arguments):
    return CliRunner(env={"COLUMNS": "160"}).invoke(main, [str(a) for a in arguments])


def world(name):
    """A target of its own for each run, which keeps the requirement (good) or breaks it (bad)."""
    reference = reference_world()
    return reference if name == "good" else replace(reference, rules=reference.rules.without_stage("scope"))


@pytest.fixture(scope="module")
def reports(served, tmp_path_factory):
    """The reports of one requirement on a good target and on a bad one."""
    folder = tmp_path_factory.mktemp("reports")
    for name in ("good", "bad"):
        with served(world(name)) as target:
            goatcheck("run", "--profile", target.profile, "--only", ID, "--out", folder / name)
    return {name: folder / name / "report.json" for name in ("good", "bad")}


@pytest.fixture
def run(served, tmp_path):
    """A run against such a target, with its profile changed, held against a baseline; gives the result and report.json."""

    def against(name, baseline, change=lambda text: text):
        out = tmp_path / "out"
        with served(world(name)) as target:
            profile = tmp_path / "profile.toml"
            profile.write_text(change(target.profile.read_text()))
            result = goatcheck("run", "--profile", profile, "--only", ID, "--out", out, "--baseline", baseline)
        return result, json.loads((out / "report.json").read_text())

    return against


@pytest.fixture
def changed(reports, tmp_path):
    """One of the reports with something in it changed."""

    def edit(name, change):
        data = json.loads(reports[name].read_text())
        change(data)
        path = tmp_path / "baseline.json"
        path.write_text(json.dumps(data))
        return path

    return edit


def kinds(report):
    return [(change["kind"], change["requirement"]) for change in report["baseline"]["changes"]]


def test_what_was_broken_in_the_same_places_fails_no_run(reports, run):
    result, report = run("bad", reports["bad"])
    assert result.exit_code == 0
    assert result.output.startswith("CONFORMANT: nothing broken but what the profile lists or the baseline has (1)")
    assert report["requirements"][0]["outcome"] == "waived"
    assert report["requirements"][0]["reason"].startswith("It is broken as in the baseline of 20")
    assert report["requirements"][0]["broken_on"]
    assert kinds(report) == [("known", ID)]


def test_what_is_broken_anew_fails(reports, run):
    result, report = run("bad", reports["good"])
    assert result.exit_code == 1
    assert "Against the baseline" in result.output
    assert f"worse {ID} (MUST): passed, now failed: " in result.output
    assert kinds(report) == [("regressed", ID)]


def test_what_is_broken_on_one_more_operation_fails_and_shows_that_one(changed, run):
    def forget(report):
        result = report["requirements"][0]
        forgotten.append(result["broken_on"].pop())
        result["findings"] = [f for f in result["findings"] if f["operation"] in result["broken_on"]]

    forgotten = []
    result, report = run("bad", changed("bad", forget))
    assert result.exit_code == 1
    assert kinds(report) == [("regressed", ID), ("known", ID)]
    assert report["baseline"]["changes"][0]["operations"] == forgotten
    (row,) = report["requirements"]
    assert {finding["operation"] for finding in row["findings"]} == set(forgotten)
    assert set(row["broken_on"]) > set(forgotten)


def test_what_got_better_is_told_and_makes_nothing_stale(reports, run):
    result, report = run("good", reports["bad"])
    assert result.exit_code == 0, result.output
    assert f"fixed {ID} (MUST): failed, now passed: " in result.output
    assert kinds(report) == [("fixed", ID)]


def test_what_is_judged_no_more_is_partial(reports, run):
    """Nothing is broken, but what passed then was not tried now, whatever the reason."""

    def without_reader(text):
        start = text.index('[keys."reader"]')
        return text[:start] + text[text.index("[keys", start + 1) :]

    def not_to_be_tried(text):
        return text.replace("[fixtures]", f'[not_applicable]\n"{ID}" = "no"\n\n[fixtures]')

    result, report = run("good", reports["good"], without_reader)
    assert (result.exit_code, kinds(report)) == (3, [("unjudged", ID)])
    result, report = run("good", reports["good"], not_to_be_tried)
    assert (result.exit_code, kinds(report)) == (0, [("unjudged", ID)])


def test_what_the_baseline_did_not_try_is_no_excuse(changed, run):
    def untried(report):
        report["requirements"][0] |= {"outcome": "not_exercised", "reason": "no key", "findings": [], "broken_on": []}

    result, report = run("bad", changed("bad", untried))
    assert (result.exit_code, kinds(report)) == (1, [("regressed", ID)])


def test_the_report_is_made_again_from_the_journal_with_its_baseline(reports, run, tmp_path):
    _, report = run("bad", reports["bad"])
    again = goatcheck("report", tmp_path / "out" / "exchanges.jsonl", "--out", tmp_path / "again", "--quiet")
    assert again.exit_code == 0
    assert json.loads((tmp_path / "again" / "report.json").read_text())["baseline"] == report["baseline"]
    resumed = Wanted.of(profile=tmp_path / "profile.toml", resume=tmp_path / "out" / "exchanges.jsonl", out=tmp_path)
    assert resumed.baseline.broken_on(ID)
    assert baseline_of(baseline_data(resumed.baseline)) == resumed.baseline


def test_a_requirement_that_vanished_is_a_regression(stage):
    rows = (Row(OTHER, "MUST", "pass"), Row("401.gone", "MUST", "pass"))
    baseline = Baseline("staging", "2026-06-15T09:00:00Z", "conformant", rows)
    played = stage.play(OTHER)
    report = played.report_against(baseline)
    assert (report.verdict, [(c.kind, c.requirement) for c in report.baseline.changes]) == (
        "nonconformant",
        [("vanished", "401.gone")],
    )
    assert headline(report) == "1 of the baseline not there"
    assert first_step(report) == "Find out why 401.gone is not judged any more."


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "can't be read: No such file or directory"),
        ("{", "is no report of goatcheck: it is no JSON"),
        ("[" * 100_000, "is no report of goatcheck: it is no JSON"),
        ("[]", "is no report of this goatcheck: "),
        ('{"schema": "goatcheck-report/2"}', "is no report of this goatcheck: "),
    ],
)
def test_a_baseline_that_is_none_is_wrong_usage(tmp_path, content, says):
    path = tmp_path / "baseline.json"
    if content is not None:
        path.write_text(content)
    for words in (("run", "--baseline", path), ("diff", path, path)):
        result = goatcheck(*words)
        assert (result.exit_code, says in result.stderr) == (2, True), result.stderr


def test_a_baseline_of_another_contract_is_wrong_usage(reports, changed):
    other = changed("good", lambda report: report.update(contract="2026-05"))
    result = goatcheck("run", "--baseline", other)
    assert (result.exit_code, "it was judged by the contract 2026-05, this run is by 2026-06" in result.stderr) == (
        2,
        True,
    )
    result = goatcheck("diff", other, reports["good"])
    assert (result.exit_code, "only reports of one version can be compared" in result.stderr) == (2, True)


# goatcheck diff


@pytest.mark.parametrize(
    ("old", "new", "code", "says"),
    [
        ("good", "bad", 1, f"Worse\n  {ID} (MUST): passed, now failed: "),
        ("bad", "good", 0, f"Fixed\n  {ID} (MUST): failed, now passed: "),
        ("bad", "bad", 0, f"Broken as before\n  {ID} (MUST): failed: "),
        ("good", "good", 0, "no change."),
    ],
)
def test_diff_says_what_changed(reports, old, new, code, says):
    result = goatcheck("diff", reports[old], reports[new])
    assert (result.exit_code, says in result.output) == (code, True), result.output


def test_diff_tells_what_vanished_and_what_is_judged_no_more(reports, changed):
    def whole(report):
        report["run"]["selection"] = []

    def gone(report):
        whole(report)
        report["requirements"] = []

    def untried(report):
        report["requirements"][0] |= {"outcome": "not_exercised", "reason": "no key"}

    assert goatcheck("diff", reports["good"], changed("good", gone)).exit_code == 1
    assert goatcheck("diff", reports["good"], changed("good", untried)).exit_code == 3


def test_diff_has_formats(reports):
    paths = (reports["good"], reports["bad"])
    data = json.loads(goatcheck("diff", *paths, "--format", "json").output)
    assert (data["schema"], data["changes"][0]["kind"]) == ("goatcheck-diff/1", "regressed")
    assert goatcheck("diff", *paths, "--format", "markdown").output.startswith("## goatcheck diff\n")
