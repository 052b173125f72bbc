"""action.yml: its steps are run as a runner would, in an empty folder."""

import json
import re
import shutil
from pathlib import Path

import pytest
import yaml

from goatcheck.faults import broken_world
from goatcheck.model import reference_world
from goatcheck.report.model import EXIT_CODES

ACTION = yaml.safe_load((Path(__file__).resolve().parents[2] / "action.yml").read_text(encoding="utf-8"))
NASTY = [
    "$(touch pwned)",
    "`touch pwned`",
    '"; touch pwned; "',
    "'; touch pwned; '",
    "a && touch pwned",
    "${HOME}",
    "*",
    "-h",
]


def test_no_script_has_a_place_where_an_input_is_pasted():
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step["run"]
        assert step["shell"] == "bash"


def test_every_input_is_read_by_a_step_and_told_of():
    read = {
        name
        for step in ACTION["runs"]["steps"]
        for e in step["env"].values()
        for name in re.findall(r"inputs\.([a-z-]+)", e)
    }
    assert read == set(ACTION["inputs"])
    assert all(value["description"] for value in ACTION["inputs"].values())
    assert not [name for name in ACTION["inputs"] if "key" in name or "token" in name]


def test_every_variable_of_a_script_is_given_to_it():
    given = {"RUNNER_TEMP", "GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"}
    for step in ACTION["runs"]["steps"]:
        assert set(re.findall(r"\$\{?([A-Z_]{3,})", step["run"])) <= given | set(step["env"]), step["name"]


def test_without_inputs_the_embedded_mock_is_judged(runner):
    assert runner.use() == 0
    assert runner.arguments == ["run", "--out=goatcheck-report"]
    assert runner.outputs == {"exit-code": "0", "verdict": "conformant"}
    assert runner.ran == ["Install goatcheck", "Judge the target", "Write the summary", "Decide"]


def test_every_input_of_a_run_reaches_it(runner):
    runner.use(
        target="https://x/api/v1", profile="p.toml", contract="2026-05", only="401 403.ban\n 500.code", baseline="b.json",
        strict="true", out="out",
    )  # fmt: skip
    assert runner.arguments == [
        "run", "--out=out", "--base-url=https://x/api/v1", "--profile=p.toml", "--contract=2026-05", "--baseline=b.json",
        "--strict", "--only=401", "--only=403.ban", "--only=500.code",
    ]  # fmt: skip
    assert runner.summary == "the summary\n"


@pytest.mark.parametrize("nasty", NASTY)
def test_no_input_is_ever_run_or_split(runner, nasty):
    runner.use(**{name.replace("-", "_"): nasty for name in ACTION["inputs"] if name != "fail-on"})
    assert not (runner.workspace / "pwned").exists()
    assert not (runner.beside / "pwned").exists()
    assert sum(argument.endswith(f"={nasty}") for argument in runner.arguments) >= 5
    assert [a.removeprefix("--only=") for a in runner.arguments if a.startswith("--only=")] == nasty.split()


def test_no_verdict_of_an_input_is_ever_run(runner):
    assert runner.use(fail_on="$(touch pwned) `touch pwned`") == 2
    assert not (runner.workspace / "pwned").exists()


@pytest.mark.parametrize("verdict", [name for name, code in EXIT_CODES.items() if code])
def test_a_verdict_fails_the_job_where_it_is_to(runner, verdict):
    code = EXIT_CODES[verdict]
    others = " ".join(name for name, other in EXIT_CODES.items() if other and name != verdict)
    assert runner.use(ends_with=code) == code
    assert runner.outputs == {"exit-code": str(code), "verdict": verdict}
    assert runner.use(ends_with=code, fail_on=verdict) == code
    assert runner.use(ends_with=code, fail_on=others) == 0
    assert runner.use(ends_with=code, fail_on="") == 0


@pytest.mark.parametrize("code", [2, 70, 127])
def test_what_is_no_verdict_always_fails_the_job(runner, code):
    assert runner.use(ends_with=code, fail_on="") == code
    assert runner.outputs == {"exit-code": str(code), "verdict": "none"}


@pytest.mark.parametrize("unknown", ["conformant", "failed", "stale,partial"])
def test_a_verdict_that_can_t_fail_a_job_is_refused(runner, unknown):
    assert runner.use(fail_on=unknown) == 2
    assert "expected some of: nonconformant partial stale unusable interrupted" in runner.log


def test_the_summary_of_an_earlier_run_is_not_told_again(runner):
    report = runner.workspace / "goatcheck-report" / "report.md"
    report.parent.mkdir()
    report.write_text("an old report, all green", encoding="utf-8")
    runner.use()
    assert runner.summary == ""


def test_a_failing_gate_still_has_its_summary(runner):
    assert runner.use(out="out", ends_with=1) == 1
    assert runner.summary == "the summary\n"


def test_what_is_on_the_path_is_not_installed_again(runner):
    runner.use(package="/nowhere")
    assert (runner.beside / "GITHUB_PATH").read_text(encoding="utf-8") == ""


@pytest.mark.parametrize(("faults", "verdict"), [((), "conformant"), (("missing-forbidden",), "nonconformant")])
def test_a_real_run_is_a_gate(runner, served, real, faults, verdict):
    code = EXIT_CODES[verdict]
    with served(broken_world(reference_world(), faults)) as target:
        shutil.copy(target.profile, runner.workspace / "staging.toml")
        assert runner.use(command=real, profile="staging.toml", only="401.missing", out="out") == code
        tokens = target.tokens
    assert runner.outputs == {"exit-code": str(code), "verdict": verdict}
    report = json.loads((runner.workspace / "out" / "report.json").read_text(encoding="utf-8"))
    assert report["verdict"] == verdict
    assert runner.summary == (runner.workspace / "out" / "report.md").read_text(encoding="utf-8")
    assert ("::error" in runner.log) is bool(code)
    assert not [token for token in tokens if token in runner.log + runner.summary]
