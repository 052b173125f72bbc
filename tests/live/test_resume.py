"""A run that was cut short is told as such, and gone on with where it ended."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace

import pytest
from click.testing import CliRunner

from goatcheck.cli import main
from goatcheck.conduct.earlier import Earlier
from goatcheck.conduct.journal import Journal, JournalWriter, read_journal
from goatcheck.conduct.run import Options, Run, selected
from goatcheck.conduct.standing import made_by
from goatcheck.conduct.suites import all_checks
from goatcheck.errors import UsageError
from goatcheck.mock import WorldTransport, serve
from goatcheck.model import profile_toml, reference_world
from goatcheck.rebuild import rebuilt
from goatcheck.resume import earlier_of
from goatcheck.session import Session, Wanted

ONLY = ("401.missing", "401.first", "404.absent", "404.foreign", "409.duplicate", "500.never")
GOATCHECK = (sys.executable, "-c", "from goatcheck.cli import main; main()")


class Killed(BaseException):
    """Ends a run as `kill -9` would: nothing of ours catches it."""


class Mortal(WorldTransport):
    """Answers like a world, until the run dies while it waits for an answer."""

    def __init__(self, world, journal, dies_at):
        super().__init__(world)
        self.journal, self.dies_at, self.asked = journal, dies_at, 0

    def handle_request(self, request):
        if request.url.path != "/_clock":
            self.asked += 1
            if self.asked == self.dies_at:
                self.journal.__exit__()
                raise Killed
        return super().handle_request(request)


@pytest.fixture
def part(stage, tmp_path):
    """Plays a part of one run: until it dies, or from where it was."""
    numbers = iter(range(100))

    def play(*, dies_at=0, earlier=None, **profile):
        path = tmp_path / f"{next(numbers)}.jsonl"
        marker = f"gc-00000{path.stem}-"
        header = {"markers": [*(earlier.markers if earlier else ()), marker]}
        with JournalWriter(path, header) as journal:
            transport = Mortal(stage.world, journal, dies_at)
            run = Run(
                stage.contract,
                replace(stage.profile, base_url="https://api.example/api/v1", **profile),
                all_checks(),
                selected(stage.contract, ONLY),
                Options(),
                transport=transport,
                journal=journal,
                draw=stage.draw,
                marker=marker,
                earlier=earlier,
            )
            try:
                run.execute()
            except Killed:
                pass
            else:
                journal.close({"leftovers": run.leftovers})
        return run, transport, path

    return play


def outcomes(run):
    return {name: run.ledger.record(name) for name in run.selected}


@pytest.mark.parametrize("dies_at", [1, 5, 40, 63, 90, 120, 150])
def test_what_was_finished_is_not_tried_again_and_the_rest_is(stage, part, dies_at):
    before = stage.left()
    _, _, path = part(dies_at=dies_at, max_requests=600)
    earlier = earlier_of(path)
    run, transport, second = part(earlier=earlier, max_requests=600)
    records = outcomes(run)
    assert {name: record.judged > 0 for name, record in records.items()} == dict.fromkeys(ONLY, True)
    troubles = {n: (r.breaches, r.error, r.untried) for n, r in records.items() if r.breaches or r.error or r.untried}
    assert troubles == {}
    assert stage.left() == before
    assert run.budget.requests == len(earlier.exchanges) + transport.asked
    new = [e for e in run.ledger.exchanges if e.number > len(earlier.exchanges)]
    assert [e.number for e in run.ledger.exchanges] == list(range(1, len(run.ledger.exchanges) + 1))
    providers = {"401.missing", "401.invalid", "404.absent", "400.query", "400.body", "400.accepts-valid"}
    providers |= {"envelope.malformed-request"}
    assert {e.intent.requirement for e in new} & (earlier.finished - providers) == set()
    # and the second journal alone tells all of it
    assert len(read_journal(second).exchanges) == len(run.ledger.exchanges)
    assert earlier_of(second).finished >= set(ONLY)
    assert earlier_of(second).markers == ()


def test_a_run_may_be_cut_short_again_and_again(stage, part):
    before = stage.left()
    earlier, cuts = None, 0
    while True:
        run, transport, path = part(dies_at=190, earlier=earlier, max_requests=2000)
        earlier = earlier_of(path)
        if transport.asked < 190:
            break
        cuts += 1
        assert cuts < 20
    assert cuts > 0
    assert all(not record.untried and record.judged for record in outcomes(run).values())
    assert stage.left() == before


def test_a_budget_that_ended_is_gone_on_with_by_a_larger_one(part):
    first, _, path = part(max_requests=60)
    assert any("requests are spent" in record.untried for record in outcomes(first).values())
    again, _, path = part(earlier=earlier_of(path), max_requests=60)
    assert again.budget.requests == first.budget.requests <= 60
    larger, _, _ = part(earlier=earlier_of(path), max_requests=600)
    assert all(not record.untried and record.judged for record in outcomes(larger).values())
    assert larger.budget.requests > 60


@pytest.mark.parametrize("dies_at", [90, 120, 150])
def test_what_was_created_before_counts(part, dies_at):
    """`max_creates` is for the run as a whole, however often it is gone on with."""
    first, _, path = part(dies_at=dies_at, max_requests=600, max_creates=20)
    earlier = earlier_of(path)
    assert first.budget.creates > 0
    assert made_by(earlier.exchanges, first.contract) == first.budget.creates
    again, _, _ = part(earlier=earlier, max_requests=600, max_creates=first.budget.creates)
    assert again.budget.creates == first.budget.creates
    assert any("raise target.max_creates" in record.untried for record in outcomes(again).values())
    more, _, _ = part(earlier=earlier, max_requests=600, max_creates=20)
    assert first.budget.creates < more.budget.creates <= 20


def test_what_was_broken_before_stays_broken(part):
    _, _, path = part(dies_at=60, max_requests=600)
    journal = read_journal(path)
    number = next(n for n, e in journal.exchanges.items() if e.intent.requirement == "401.missing")
    lines = path.read_bytes().splitlines(keepends=True)
    broken = {"requirement": "401.missing", "message": "m", "where": "", "expected": "e", "got": "g"}
    data = {"exchange": number, "requirements": ["401.missing"], "broken": [broken]}
    path.write_bytes(b"".join([*lines, json.dumps({"kind": "judgement", "data": data}).encode() + b"\n"]))
    run, _, _ = part(earlier=earlier_of(path), max_requests=600)
    assert [breach.problem.message for breach in outcomes(run)["401.missing"].breaches] == ["m"]


# From the outside


@pytest.fixture
def served(tmp_path):
    """A mock behind HTTP: its world, its profile's file; `asked` are its requests so far."""
    world = reference_world()
    asked = []

    def noting(_world, request, step):
        asked.append(request)
        return step(request)

    world = replace(world, rules=replace(world.rules, around=noting))
    with serve(world) as address:
        path = tmp_path / "mock.toml"
        path.write_text(profile_toml(world, address.base_url, address.clock_url))
        yield world, path, asked


def arguments(profile, out, *more):
    only = [word for name in ONLY for word in ("--only", name)]
    return ["run", "--profile", str(profile), "--out", str(out), *only, "--quiet", *more]


@pytest.mark.parametrize("number", [20, 110])
def test_kill_9_leaves_a_journal_that_is_reported_and_gone_on_with(served, tmp_path, number):
    _, profile, asked = served
    out, rest = tmp_path / "killed", tmp_path / "rest"
    with subprocess.Popen([*GOATCHECK, *arguments(profile, out)], stdout=subprocess.DEVNULL) as process:  # noqa: S603 - our own program
        while len(asked) < number and process.poll() is None:
            pass
        os.kill(process.pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    journal = out / "exchanges.jsonl"
    told = CliRunner().invoke(main, ["report", str(journal)])
    assert told.exit_code == 130
    report = json.loads((out / "report.json").read_text())
    assert (report["verdict"], report["run"]["complete"]) == ("interrupted", False)
    assert report["run"]["requests"] >= number - 5
    earlier = earlier_of(journal)
    passed = {r["id"] for r in report["requirements"] if r["outcome"] == "pass"}
    assert passed <= earlier.finished | {r["id"] for r in report["requirements"] if r["id"] not in all_checks()}
    again = [*GOATCHECK, "run", "--profile", str(profile), "--resume", str(journal), "--out", str(rest), "--quiet"]
    resumed = subprocess.run(again, check=False, capture_output=True, text=True)  # noqa: S603 - our own program
    assert resumed.returncode == 0, resumed.stdout + resumed.stderr
    report = json.loads((rest / "report.json").read_text())
    assert {r["id"]: r["outcome"] for r in report["requirements"]} == dict.fromkeys(ONLY, "pass")
    assert report["verdict"] == "conformant"
    assert report["run"]["selection"] == list(ONLY)
    assert rebuilt(rest / "exchanges.jsonl").verdict == "conformant"


def journal_of(profile, folder, **options):
    wanted = Wanted.of(profile=profile, only=["401.missing"], out=folder, **options)
    Session(wanted, wanted.selected, wanted.selection).execute()
    return folder / "exchanges.jsonl"


def test_only_the_same_run_can_be_gone_on_with(served, tmp_path):
    _, profile, _ = served
    journal = journal_of(profile, tmp_path / "first", seed="7")
    resume = {"profile": profile, "resume": journal}
    assert Wanted.of(**resume).options.seed == 7
    assert Wanted.of(**resume, seed="7", max_requests=9).selected == ("401.missing",)
    other = tmp_path / "other.toml"
    other.write_text(profile.read_text().replace("bursts = true", "bursts = false"))
    for wrong, says in (
        ({"seed": "8"}, "the seed 7, and --seed says 8"),
        ({"contract": "2026-06", "only": ["404"]}, "--only says ['404']"),
        ({"profile": other}, "another profile (bursts differ)"),
        ({"base_url": "http://localhost:1/api/v1"}, "another profile (base_url"),
        ({"profile": None}, "add its --profile or --base-url"),
        ({"out": journal.parent}, "choose another folder"),
    ):
        with pytest.raises(UsageError) as raised:
            Wanted.of(**{**resume, **wrong})
        assert says in str(raised.value)
    with pytest.raises(UsageError, match="no journal of goatcheck"):
        Wanted.of(profile=profile, resume=profile)
    cut = tmp_path / "cut.jsonl"
    cut.write_text(journal.read_text().replace('"finished"', '"ended"'))
    with pytest.raises(UsageError, match="of another goatcheck, or damaged"):
        Wanted.of(profile=profile, resume=cut)
    assert CliRunner().invoke(main, ["run", "--resume", str(journal), "--seed", "8"]).exit_code == 2


def test_the_embedded_mock_is_the_same_on_another_port(tmp_path):
    wanted = Wanted.of(only=["401.missing"], out=tmp_path / "first")
    Session(wanted, wanted.selected, wanted.selection).execute()
    again = Wanted.of(resume=tmp_path / "first" / "exchanges.jsonl", out=tmp_path / "second")
    assert again.selected == ("401.missing",)
    assert Session(again, again.selected, again.selection).execute().verdict == "conformant"


def test_what_a_journal_without_an_end_says_is_finished():

    entries = (("took", {"requirement": "a", "finished": True}), ("took", {"requirement": "b", "finished": False}))
    lost = (("took", {"requirement": "c", "finished": True}), ("error", {"requirement": "c", "cause": "target"}))
    unforced = (("took", {"requirement": "observed", "finished": True}),)
    journal = Journal({"markers": ["gc-1-"]}, (*entries, *lost, *unforced))
    assert (Earlier.of(journal).finished, Earlier.of(journal).markers) == ({"a"}, ("gc-1-",))
    ended = replace(journal, footer={"leftovers": []})
    assert (Earlier.of(ended).finished, Earlier.of(ended).markers) == ({"a", "observed"}, ())
