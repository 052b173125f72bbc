"""`goatcheck run`: what it prints, what it writes, and how it ends."""

import http.server
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from goatcheck.cli import main
from goatcheck.conduct.run import Run
from goatcheck.model import reference_world
from goatcheck.report.normal import normalised

FILES = ["badge.json", "exchanges.jsonl", "junit.xml", "report.html", "report.json", "report.md"]
ROOT = Path(__file__).resolve().parents[2]
UNREACHABLE = "http://127.0.0.1:9/api/v1"


@pytest.fixture
def run(tmp_path):
    """Runs the command in this process; its reports go to `tmp_path / "out"`."""

    def command(*arguments):
        words = ["run", "--out", str(tmp_path / "out"), *map(str, arguments)]
        return CliRunner(env={"COLUMNS": "120"}).invoke(main, words)

    return command


@pytest.fixture
def report(tmp_path):
    return lambda: json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))


def outcomes(report):
    return {r["id"]: r["outcome"] for r in report["requirements"]}


@pytest.fixture(scope="module")
def web_server():
    """A plain web server: every path is a page."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", "6")
            self.end_headers()
            self.wfile.write(b"<p>Hi!")

        def log_message(self, *_):
            """Nobody reads it."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


# Without anything


def test_without_a_target_the_embedded_mock_passes_and_nothing_is_left_but_the_reports(goatcheck, tmp_path):
    began = time.monotonic()
    process = goatcheck("run", "--out", tmp_path / "out")
    assert (process.returncode, process.stderr) == (0, "")
    assert process.stdout.startswith("CONFORMANT: every MUST holds\n")
    assert process.stdout.rstrip().endswith("conformant, exit code 0, seed 20260601")
    written = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert set(outcomes(written).values()) == {"pass"}
    assert written["run"]["requests"] < 4000
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == FILES
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert time.monotonic() - began < 60  # a person's patience on a busy machine; alone it takes five seconds


def test_two_processes_with_one_seed_write_the_same_report(goatcheck, tmp_path):
    reports = []
    for folder in ("a", "b"):
        process = goatcheck(
            "run",
            "--only",
            "404.absent",
            "--only",
            "400.params",
            "--seed",
            "7",
            "--out",
            tmp_path / folder,
            PYTHONHASHSEED="random",
        )
        assert process.returncode == 0
        reports.append(json.loads((tmp_path / folder / "report.json").read_text(encoding="utf-8")))
    assert normalised(reports[0]) == normalised(reports[1])
    assert reports[0]["run"]["seed"] == 7


def test_without_out_the_reports_go_to_a_folder_of_their_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("goatcheck.report.files.room", lambda _: tmp_path / "packaged" / "reports")
    assert CliRunner().invoke(main, ["run", "--only", "401.missing", "--quiet"]).exit_code == 0
    (folder,) = (tmp_path / "reports" / "runs").iterdir()
    assert sorted(path.name for path in folder.iterdir()) == FILES


def test_in_the_checkout_the_reports_go_to_its_own_folder(tmp_path, monkeypatch):
    (tmp_path / "reports").mkdir()
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.setattr("goatcheck.report.files.room", lambda _: tmp_path / "reports")
    assert CliRunner().invoke(main, ["run", "--only", "401.missing", "--quiet"]).exit_code == 0
    assert len(list((tmp_path / "reports" / "runs").iterdir())) == 1


# What is printed


def test_quiet_prints_the_verdict_alone(run):
    result = run("--only", "401.missing", "--quiet")
    assert (result.exit_code, result.output) == (0, "CONFORMANT: every MUST holds (only 401.missing)\n")


def test_a_drawn_seed_is_told(run, report):
    result = run("--only", "401.missing", "--seed", "random")
    seed = report()["run"]["seed"]
    assert seed != 20260601
    assert result.output.rstrip().endswith(f"seed {seed}")


def test_colour_is_written_where_it_is_wanted_alone(tmp_path):
    def printed(**environment):
        runner = CliRunner(env={"COLUMNS": "80", "FORCE_COLOR": None, "NO_COLOR": None, **environment})
        return runner.invoke(main, ["run", "--only", "402.retention", "--out", str(tmp_path)], color=True).stdout

    assert "\x1b" not in printed()
    assert "\x1b[3" in printed(FORCE_COLOR="1")
    assert re.search(r"\x1b\[3\d", printed(FORCE_COLOR="1", NO_COLOR="1")) is None


def test_a_console_that_knows_no_unicode_gets_the_report_all_the_same(goatcheck, served, tmp_path):
    world = reference_world()
    with served(replace(world, rules=world.rules.without_stage("scope"))) as where:
        process = goatcheck(
            "run", "--profile", where.profile, "--only", "403.scope.write", "--out", tmp_path, PYTHONIOENCODING="ascii"
        )
    assert (process.returncode, process.stderr) == (1, "")
    assert "403.scope.write" in process.stdout


# What a target comes to


def test_a_broken_target_is_nonconformant_and_its_finding_can_be_sent_again(served, run, report):
    world = reference_world()
    keys = world.state.keys
    keys.update({token: replace(key, expires_at=None) for token, key in keys.items()})
    with served(world) as where:
        result = run("--profile", where.profile, "--only", "401.expired", "--label", "nightly")
        finding = report()["requirements"][0]["findings"][0]
        assert result.exit_code == 1
        assert result.output.startswith("NONCONFORMANT: 1 MUST broken (only 401.expired)\n")
        assert report()["target"]["label"] == "nightly"
        command, *words = shlex.split(finding["reproduce"])
        assert command == "goatcheck"
        assert CliRunner().invoke(main, words).exit_code == 1


def test_strict_makes_a_broken_should_fail(served, run):
    world = reference_world()
    unnamed = world.rules.with_ending("odd", lambda _w, _c, r: replace(r, body=r.body.replace(b'"max_', b'"mux_')))
    with served(replace(world, rules=unnamed)) as where:
        arguments = ("--profile", where.profile, "--only", "402.limit.key-known")
        assert run(*arguments).exit_code == 0
        assert run(*arguments, "--strict").exit_code == 1


def test_a_target_of_which_nothing_is_known_is_partial_with_advice(target, run, report):
    result = run("--base-url", target.base_url)
    assert result.exit_code == 3
    assert "[keys.reader]" in result.output
    assert outcomes(report())["401.missing"] == "pass"
    assert outcomes(report())["404.absent"] == "not_exercised"


def test_a_base_url_takes_the_place_of_the_profiles(target, run, report):
    path = target.with_profile(elsewhere=(target.base_url, UNREACHABLE))
    assert run("--profile", path, "--base-url", target.base_url, "--only", "404.absent").exit_code == 0
    assert report()["target"]["base_url"] == target.base_url


def test_a_port_that_nobody_serves_is_unusable_in_one_clear_line(run, report):
    result = run("--base-url", UNREACHABLE)
    assert result.exit_code == 5
    assert result.output.startswith("UNUSABLE: the target could not be judged\n")
    assert "no connection" in result.output
    assert result.output.count("\n") <= 4
    assert (report()["verdict"], report()["exit_code"]) == ("unusable", 5)
    assert run("--base-url", UNREACHABLE, "--quiet").output.count("\n") == 1


def test_a_plain_web_server_is_unusable(web_server, run):
    result = run("--base-url", web_server)
    assert result.exit_code == 5
    assert "no trackagoat v1 API" in result.output


def test_a_server_that_never_answers_is_unusable(mute, run):
    result = run("--base-url", mute)
    assert result.exit_code == 5


def test_a_budget_bounds_the_requests(target, run, report):
    assert run("--profile", target.profile, "--only", "401.missing", "--max-requests", 9).exit_code == 3
    assert report()["run"]["requests"] == 9
    assert run("--only", "404.absent", "--max-requests", 3).exit_code == 3
    assert report()["run"]["requests"] <= 3


def test_examples_are_drawn_as_many_as_wanted(run, report):
    counts = []
    for number in (0, 3):
        assert run("--only", "400.accepts-valid", "--max-examples", number).exit_code == 0
        counts.append(report()["run"]["requests"])
    assert counts[0] < counts[1]


def test_waivers_are_obeyed_and_stale_ones_are_told(served, run):
    world = reference_world()
    waived = '[[waivers]]\nrequirement = "403.scope.write"\nreason = "planned"\n\n[fixtures]'
    with served(replace(world, rules=world.rules.without_stage("scope"))) as where:
        path = where.with_profile(waived=("[fixtures]", waived))
        assert run("--profile", path, "--only", "403.scope.write").exit_code == 0
    with served() as where:
        path = where.with_profile(waived=("[fixtures]", waived))
        result = run("--profile", path, "--only", "403.scope.write")
        assert (result.exit_code, "the requirement passes now" in result.output) == (4, True)


# Wrong usage


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ["--only", "401.mising"],
            "--only 401.mising: contract 2026-06 has no such requirement; did you mean 401.missing",
        ),
        (["--only", "zzz"], "'goatcheck explain' lists them all."),
        (["--contract", "1999-01"], "There is no contract version '1999-01'; there are: 2026-05, 2026-06."),
        (["--profile", "nowhere.toml"], "The profile nowhere.toml does not exist."),
        (["--base-url", "ftp://x"], "--base-url"),
        (["--seed", "many"], "--seed is 'many'; expected a whole number, or 'random'"),
        (["--seed", "-1"], "--seed is '-1'"),
        (["--max-requests", "-1"], "Invalid value for '--max-requests'"),
        (["--out", "/dev/null/x"], "--out /dev/null/x can't be made: Not a directory. Choose another folder."),
        (["--nonsense"], "No such option"),
    ],
)
def test_wrong_usage_is_told_and_exits_with_2(arguments, says):
    result = CliRunner(env={"COLUMNS": "200"}).invoke(main, ["run", *arguments])
    assert (result.exit_code, says in result.stderr) == (2, True), result.stderr


@pytest.mark.parametrize("table", ["not_applicable", "accept_untried"])
@pytest.mark.parametrize(("name", "hint"), [("401.mising", "did you mean 401.missing?"), ("zz", "lists them all")])
def test_a_profile_that_names_no_requirement_is_wrong_usage(target, run, table, name, hint):
    path = target.with_profile(odd=("[fixtures]", f'[{table}]\n"{name}" = "why"\n\n[fixtures]'))
    result = run("--profile", path)
    assert (result.exit_code, f"{table}.'{name}'" in result.stderr, hint in result.stderr) == (2, True, True)


def test_an_unset_key_variable_is_wrong_usage(target, run, monkeypatch):
    monkeypatch.delenv("GOAT_NOT_SET", raising=False)
    token = target.world.profile.key("reader").token
    path = target.with_profile(unset=(f'token = "{token}"', 'token_env = "GOAT_NOT_SET"'))
    result = run("--profile", path)
    assert (result.exit_code, "GOAT_NOT_SET" in result.stderr) == (2, True)


# How it ends


@contextmanager
def in_the_background(profile, out):
    """A run in a process of its own, which ends with the test, however that ends."""
    command = [sys.executable, "-c", "from goatcheck.cli import main; main()", "run"]
    command += ["--profile", str(profile), "--out", str(out)]
    piped = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, **piped) as process:  # noqa: S603 - this very interpreter
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_writes_its_report_and_cleans_up(target, tmp_path, report, number):
    """SIGTERM is what CI sends when a job is cancelled."""
    before = {c for c, creator in target.world.state.creators.items() if not creator.removed}
    journal = tmp_path / "out" / "exchanges.jsonl"
    with in_the_background(target.profile, tmp_path / "out") as process:
        while process.poll() is None and not (journal.exists() and journal.read_bytes().count(b"\n") > 150):
            time.sleep(0.02)
        process.send_signal(number)
        output, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (130, "")
    assert output.startswith("INTERRUPTED: ")
    assert (report()["verdict"], report()["run"]["complete"]) == ("interrupted", False)
    assert {c for c, creator in target.world.state.creators.items() if not creator.removed} == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_twice_waits_for_nothing_and_says_what_it_leaves(served, tmp_path, report, number):
    made, removing, hang = threading.Event(), threading.Event(), threading.Event()

    def slow(_world, request, step):
        if request.method == "DELETE" and made.is_set():
            removing.set()
            hang.wait(30)
        response = step(request)
        if request.method == "POST" and response.status == 201:
            made.set()
        return response

    world = reference_world()
    with served(replace(world, rules=replace(world.rules, around=slow))) as where:
        with in_the_background(where.profile, tmp_path / "out") as process:
            assert made.wait(60)
            process.send_signal(number)
            assert removing.wait(60)
            began = time.monotonic()
            process.send_signal(number)
            output, errors = process.communicate(timeout=60)
            took = time.monotonic() - began
        hang.set()
    assert (process.returncode, errors, took < 8) == (130, "", True)  # waiting for the answer would take ten seconds
    assert output.startswith("INTERRUPTED: ")
    assert any("is left on the target: removing it was interrupted" in note for note in report()["notes"])


def test_a_run_that_is_stopped_before_it_began_says_so(run, monkeypatch):
    def stopping(_wanted):
        raise KeyboardInterrupt

    monkeypatch.setattr("goatcheck.session._target", stopping)
    result = run("--only", "401.missing")
    assert (result.exit_code, result.stderr.strip()) == (130, "goatcheck: interrupted")


def test_a_bug_outside_of_a_check_is_told_as_one(run, monkeypatch):
    def buggy(_run):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(Run, "execute", buggy)
    result = run("--only", "401.missing")
    assert result.exit_code == 70
    assert "this is a bug of goatcheck" in result.stderr


def test_a_suite_that_can_not_be_read_is_a_bug(run, monkeypatch, tmp_path):
    (tmp_path / "test_odd.py").write_text("raise RuntimeError('broken suite')\n", encoding="utf-8")
    monkeypatch.setattr("goatcheck.rooms.room", lambda _: tmp_path)
    result = run("--only", "401.missing")
    assert result.exit_code == 70
    assert "broken suite" in result.stderr


def test_no_pytest_of_the_user_is_in_the_way(goatcheck, tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --nonsense -k nothing\n", encoding="utf-8")
    (tmp_path / "conftest.py").write_text("raise RuntimeError('not mine')\n", encoding="utf-8")
    (tmp_path / "goatcheck_suites.py").write_text("raise RuntimeError('not mine')\n", encoding="utf-8")
    process = goatcheck(
        "run", "--only", "401.missing", "--quiet", "--out", tmp_path / "out", PYTEST_ADDOPTS="--nonsense"
    )
    assert (process.returncode, process.stderr) == (0, "")


@pytest.mark.parametrize("before", [None, "0"])
def test_the_environment_is_as_it_was_afterwards(run, monkeypatch, before):
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", raising=False)
    if before:
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", before)
    run("--only", "401.missing")
    assert os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD") == before
