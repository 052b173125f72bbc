"""`pytest suites`: the same run as `goatcheck run`, told in pytest's terms; and out of the way of everything else."""

import io
import json
import re
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from goatcheck.model import reference_world
from goatcheck.report.normal import normalised
from goatcheck.rooms import room

SUITES = room("suites")
PLUGIN = ("-p", "goatcheck.plugin", "-p", "no:schemathesis", "-p", "no:randomly", "-p", "no:cacheprovider")


@dataclass(frozen=True)
class Ended:
    """A pytest run that has ended, as a process tells it."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def inside(monkeypatch):
    """Runs a pytest within this process."""

    def run(*arguments):
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        monkeypatch.setenv("COLUMNS", "160")
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = pytest.main(["-s", *map(str, arguments)])
        return Ended(int(code), out.getvalue(), err.getvalue())

    return run


@pytest.fixture
def suites(inside, tmp_path):
    """Runs the suites so."""
    return lambda *arguments: inside(SUITES, *PLUGIN, "--out", tmp_path / "out", *arguments)


@pytest.fixture
def outside(shell, tmp_path):
    """Runs the suites in a process of its own, in a foreign folder."""

    def run(*arguments, **how):
        return shell("-m", "pytest", SUITES, *PLUGIN, "--out", tmp_path / "out", *arguments, **how)

    return run


@pytest.fixture
def report(tmp_path):
    def read(folder="out"):
        path = tmp_path / folder / "report.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None

    return read


@pytest.fixture
def unscoped(served):
    """A target that asks for no scope."""
    world = reference_world()
    with served(replace(world, rules=world.rules.without_stage("scope"))) as where:
        yield where


@pytest.fixture
def counted(served):
    """A target, and the requests that it was asked."""
    world, asked = reference_world(), []

    def count(_world, request, step):
        asked.append(request)
        return step(request)

    with served(replace(world, rules=replace(world.rules, around=count))) as where:
        yield where, asked


# The same run


def told(report):
    """A report without what differs between two targets: how to reach them."""
    for requirement in report["requirements"]:
        for finding in requirement["findings"]:
            del finding["reproduce"]
    return normalised(report)


def test_it_is_the_run_that_goatcheck_run_does(outside, goatcheck, served, report, tmp_path):
    only = [word for name in ("403.scope.write", "404.absent", "401.expired") for word in ("--only", name)]
    ended = []
    for run in (outside, lambda *words: goatcheck("run", *words, "--out", tmp_path / "theirs")):
        world = reference_world()
        with served(replace(world, rules=world.rules.without_stage("scope"))) as where:
            ended.append(run("--profile", where.profile, *only))
    assert [process.returncode for process in ended] == [1, 1]
    assert told(report()) == told(report("theirs"))
    assert "NONCONFORMANT" in ended[0].stdout
    assert "1 failed, 2 passed" in ended[0].stdout


def test_a_finding_is_told_without_a_traceback(suites, unscoped):
    process = suites("--profile", unscoped.profile, "--only", "403.scope.write")
    assert process.returncode == 1
    assert "403.scope.write (MUST): " in process.stdout
    assert "expected 403.scope, got " in process.stdout
    assert "--replay" in process.stdout
    assert "Traceback" not in process.stdout
    assert "raise RequirementBroken" not in process.stdout


def test_outcomes_have_their_own_words(suites, target):
    reader = '[keys."spent2"]'
    profile = target.with_profile(
        none=("[fixtures]", '[not_applicable]\n"404.absent" = "no ids here"\n\n[fixtures]'),
        unmarked=(reader, reader.replace("spent2", "spare")),
        active=('state = "expired"', 'state = "active"'),
    )
    process = suites(
        "-v", "-rs", "--profile", profile, "--only", "404.absent", "--only", "401.expired", "--only", "401.missing"
    )
    assert process.returncode == 3
    assert re.search(r"401\.missing\b.* PASS", process.stdout)
    assert re.search(r"401\.expired\b.* NOT_EXERCISED", process.stdout)
    assert re.search(r"404\.absent\b.* NOT_APPLICABLE", process.stdout)
    assert {"1 passed", "1 not applicable", "1 not exercised"} <= set(re.findall(r"1 [a-z ]+(?=,| in)", process.stdout))


def test_an_error_is_told_as_one_and_a_warning_is_none(suites, served):
    world = reference_world()
    odd = world.rules.with_ending(
        "odd", lambda _w, call, r: replace(r, status=503) if call.request.path == "/videos" else r
    )
    unnamed = odd.with_ending("unnamed", lambda _w, _c, r: replace(r, body=r.body.replace(b'"max_', b'"mux_')))
    with served(replace(world, rules=unnamed)) as where:
        process = suites("-v", "--profile", where.profile, "--only", "401.missing", "--only", "402.limit.key-known")
    assert process.returncode == 3
    assert re.search(r"401\.missing\b.* ERROR", process.stdout)
    assert "error (inconclusive): GET /videos was answered with 503" in process.stdout
    assert re.search(r"402\.limit\.key-known\b.* WARN", process.stdout)


# Items


def test_items_are_named_by_requirement_and_observed_ones_come_last(suites):
    process = suites("--collect-only", "-q")
    names = [line.split("::")[1] for line in process.stdout.splitlines() if "::" in line]
    assert process.returncode == 0
    assert {"401.missing", "envelope.json", "success.no-redirect"} <= set(names)
    assert len(names) == len(set(names))
    sent = [name for name in names if name not in {"envelope.json", "402.code"}]
    assert names.index("envelope.json") > max(names.index(n) for n in sent if n in {"401.missing", "500.never"})


def test_collecting_sends_nothing(suites, counted, report):
    where, asked = counted
    process = suites("--collect-only", "--profile", where.profile)
    assert (process.returncode, asked, report()) == (0, [], None)


@pytest.mark.parametrize("selection", [("-k", "401.missing"), ("-k", "no_operation_answers_without_a_key")])
def test_k_chooses_a_requirement_by_its_id_or_by_the_name_of_its_check(suites, target, report, selection):
    assert suites("--profile", target.profile, *selection).returncode == 0
    assert [r["id"] for r in report()["requirements"]] == ["401.missing"]
    assert report()["run"]["selection"] == ["401.missing"]


def test_only_chooses_by_a_prefix_and_tells_it_so(suites, target, report):
    assert suites("--profile", target.profile, "--only", "409.duplicate").returncode == 0
    assert [r["id"] for r in report()["requirements"]] == ["409.duplicate"]
    assert report()["run"]["selection"] == ["409.duplicate"]


def test_an_item_can_be_named_by_its_place(inside, target, tmp_path, report):
    process = inside(
        f"{SUITES / 'test_401.py'}::401.missing",
        *PLUGIN,
        "--profile",
        target.profile,
        "--out",
        tmp_path / "out",
    )
    assert process.returncode == 0
    assert [r["id"] for r in report()["requirements"]] == ["401.missing"]


def test_seed_label_strict_and_bounds_reach_the_run(suites, target, report):
    options = ("--seed", "5", "--label", "nightly", "--max-requests", "9", "--max-examples", "0", "--strict")
    assert suites("--profile", target.profile, "--only", "401.missing", *options).returncode == 3
    written = report()
    assert (written["run"]["seed"], written["target"]["label"], written["run"]["requests"]) == (5, "nightly", 9)


# What is wrong


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--only", "401.mising"], "did you mean 401.missing"),
        (["--contract", "1999-01"], "There is no contract version '1999-01'"),
        (["--profile", "nowhere.toml"], "The profile nowhere.toml does not exist."),
        (["--seed", "x"], "--seed is 'x'"),
        (["--max-requests", "-1"], "--max-requests is -1; expected 0 or more"),
        (["--max-examples", "-1"], "--max-examples is -1; expected 0 or more"),
        (["--out", "/dev/null/x"], "--out /dev/null/x can't be made"),
        (["-k", "nothing_at_all"], "deselected"),
    ],
)
def test_wrong_usage_is_told_and_exits_with_2(suites, arguments, says):
    process = suites("--only", "401.missing", *arguments)
    assert process.returncode == 2
    assert says in process.stdout + process.stderr
    assert "Traceback" not in process.stdout + process.stderr


def test_an_unset_key_variable_is_wrong_usage(suites, target):
    token = target.world.profile.key("reader").token
    path = target.with_profile(unset=(f'token = "{token}"', 'token_env = "GOAT_NOT_SET"'))
    process = suites("--profile", path)
    assert (process.returncode, "GOAT_NOT_SET" in process.stderr) == (2, True)


def test_a_target_that_is_not_there_is_unusable(suites):
    process = suites("--base-url", "http://127.0.0.1:9/api/v1", "--only", "401.missing")
    assert process.returncode == 5
    assert "no connection" in process.stdout


def test_it_is_not_spread_over_processes(outside, tmp_path):
    (tmp_path / "spread.py").write_text(
        "def pytest_addoption(parser):\n    parser.addoption('-N', dest='numprocesses', type=int)\n", encoding="utf-8"
    )
    process = outside("-p", "spread", "-N", "2", PYTHONPATH=f"{SUITES.parent}:{tmp_path}")
    assert process.returncode == 2
    assert "can't be spread over processes with -n" in process.stderr


# Others' pytest


def test_a_hostile_configuration_of_the_working_folder_is_not_asked(outside, target, tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --nonsense\n", encoding="utf-8")
    (tmp_path / "conftest.py").write_text("raise RuntimeError('not mine')\n", encoding="utf-8")
    process = outside("--profile", target.profile, "--only", "401.missing")
    assert (process.returncode, process.stderr) == (0, "")


OTHERS = """
def pytest_addoption(parser):
    parser.addoption("--base-url", dest="base_url", default=None)
"""


@pytest.fixture
def installed(tmp_path):
    """A plugin with a --base-url of its own, installed as pytest-base-url is."""
    (tmp_path / "site" / "their_base_url-1.0.dist-info").mkdir(parents=True)
    (tmp_path / "site" / "their_base_url.py").write_text(OTHERS, encoding="utf-8")
    info = tmp_path / "site" / "their_base_url-1.0.dist-info"
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: their-base-url\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[pytest11]\nbase_url = their_base_url\n", encoding="utf-8")
    return f"{SUITES.parent}:{tmp_path / 'site'}"


@pytest.mark.parametrize("more", [(), ("-p", "no:base_url")])
def test_another_plugins_base_url_is_read(outside, target, installed, report, more):
    process = outside(*more, "--base-url", target.base_url, "--only", "401.missing", PYTHONPATH=installed)
    assert (process.returncode, process.stderr) == (0, "")
    assert report()["target"]["base_url"] == target.base_url


def test_without_autoloading_the_option_is_ours(outside, target, installed, report):
    process = outside(
        "--base-url", target.base_url, "--only", "401.missing", PYTHONPATH=installed, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1"
    )
    assert (process.returncode, report()["target"]["base_url"]) == (0, target.base_url)


def test_a_blocked_plugin_stays_out(outside, target, installed, report):
    process = outside(
        "--base-url", target.base_url, "--only", "401.missing", PYTHONPATH=installed, PYTEST_ADDOPTS="-p no:base_url"
    )
    assert (process.returncode, report()["target"]["base_url"]) == (0, target.base_url)


def test_tests_that_are_no_suites_are_left_alone(inside, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "test_mine.py").write_text(
        "import pytest\n"
        "from suites_copy import thing\n"
        "def test_good(): assert thing\n"
        "def test_bad(): assert not thing\n"
        "class TestIt:\n    marked = thing\n    def test_it(self): pass\n",
        encoding="utf-8",
    )
    (tmp_path / "suites_copy.py").write_text(
        "from goatcheck.conduct import requirement\n@requirement('401.missing')\ndef thing(api): pass\n",
        encoding="utf-8",
    )
    process = inside(*PLUGIN, "-q", "-c", "/dev/null", "--rootdir", tmp_path, tmp_path)
    assert process.returncode == 1
    assert "1 failed, 2 passed" in process.stdout
    assert inside(*PLUGIN, "-q", "-c", "/dev/null", tmp_path, "-k", "nothing").returncode == 5
    assert inside(*PLUGIN, "-q", "--nonsense", tmp_path).returncode == 4


def test_suites_of_ones_own_for_no_known_requirement_are_no_items(inside, tmp_path):
    (tmp_path / "test_own.py").write_text(
        "from goatcheck.conduct import requirement\n@requirement('999.nothing')\ndef thing(api): pass\n",
        encoding="utf-8",
    )
    assert inside(*PLUGIN, "-q", "-c", "/dev/null", "--import-mode=importlib", tmp_path).returncode == 5


@pytest.mark.parametrize(("claim", "code"), [("True", 0), ("False", 1)])
def test_the_suites_run_beside_ones_own_tests_and_hide_none_of_their_failures(suites, target, tmp_path, claim, code):
    mine = tmp_path / f"test_mine_{claim}.py"
    mine.write_text(f"def test_mine(): assert {claim}\n", encoding="utf-8")
    process = suites(mine, "--profile", target.profile, "--only", "401.missing")
    assert (process.returncode, f"{2 - code} passed" in process.stdout) == (code, True)


def test_a_verdict_is_not_hidden_by_ones_own_failures(suites, tmp_path):
    mine = tmp_path / "test_mine_too.py"
    mine.write_text("def test_mine(): assert False\n", encoding="utf-8")
    assert suites(mine, "--base-url", "http://127.0.0.1:9/api/v1", "--only", "401.missing").returncode == 5


def test_the_plugin_is_no_entry_point():
    text = (Path(SUITES).parent / "pyproject.toml").read_text(encoding="utf-8")
    assert "pytest11" not in text
