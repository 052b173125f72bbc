"""A plan is the run before it is run: its figures are the run's, and nothing is sent for it."""

import io
from dataclasses import replace

import pytest
from click.testing import CliRunner
from rich.console import Console

from goatcheck import plan as planning
from goatcheck.cli import main
from goatcheck.conduct.run import Run
from goatcheck.plan import plan_of
from goatcheck.session import Session, Wanted


def command(*arguments):
    return CliRunner(env={"COLUMNS": "200"}).invoke(main, ["run", "--plan", *map(str, arguments)])


@pytest.fixture
def counted(served):
    """A served world that counts what it is asked, and the count."""
    asked = []
    with served() as where:
        rules = where.world.rules

        def count(_world, request, step):
            asked.append(request)
            return step(request)

        object.__setattr__(where.world, "rules", replace(rules, around=count))
        yield where, asked


def test_nothing_is_sent_for_a_plan(counted):
    where, asked = counted
    result = command("--profile", where.profile, "--only", "409.duplicate")
    assert result.exit_code == 0
    assert result.output.startswith(f"Plan for {where.base_url}: nothing is sent.")
    assert asked == []


def test_the_plan_of_a_target_is_what_a_run_of_it_sends(counted):
    where, asked = counted
    planned = plan_of(Wanted.of(profile=where.profile, only=["404.absent", "410.removed"]))
    out = where.profile.parent / "out"
    arguments = ["run", "--profile", where.profile, "--out", out, "--only", "404.absent", "--only", "410.removed"]
    assert CliRunner().invoke(main, list(map(str, arguments))).exit_code == 0
    assert planned.requests == len(asked)
    assert sum(planned.by_requirement.values()) == planned.requests == sum(planned.by_key.values())


def test_a_plan_without_a_target_is_the_embedded_mocks():
    result = command("--only", "404.absent")
    assert result.exit_code == 0
    assert "Plan for the embedded mock: nothing is sent." in result.output
    assert "404.absent" in result.output
    assert "Not tried" not in result.output


def test_a_plan_says_what_is_not_tried_and_what_to_add(target):
    result = command("--base-url", target.base_url, "--only", "401.expired", "--only", "401.missing")
    assert "401.expired: The profile has no expired key: an expired key." in result.output
    assert "[keys.expired]" in result.output


def test_what_is_not_applicable_keeps_its_reason(target):
    path = target.with_profile(none=("[fixtures]", '[not_applicable]\n"404.absent" = "no ids here"\n\n[fixtures]'))
    result = command("--profile", path, "--only", "404.absent")
    assert "404.absent: no ids here" in result.output


def test_a_budget_that_is_too_small_is_told_beforehand(target):
    result = command("--profile", target.profile, "--only", "401", "--max-requests", 20)
    assert "20 requests (" in result.output
    assert "the run's 20 requests are spent" in result.output


def test_the_pace_of_a_profile_tells_how_long_a_run_takes(target):
    slow = target.with_profile(
        slow=("requests_per_minute = 50", "requests_per_minute = 30"), clock=("clock = ", "# clock = ")
    )
    planned = plan_of(Wanted.of(profile=slow, only=["401.missing"]))
    assert planned.seconds == max(planned.by_key.values()) * 2
    result = command("--profile", slow, "--only", "401.missing")
    assert f"that takes at least {planned.seconds / 60:.1f} minutes" in result.output


def test_where_the_clock_can_be_moved_the_pace_costs_nothing(target):
    paced = target.with_profile(slow=("requests_per_minute = 50", "requests_per_minute = 30"))
    assert plan_of(Wanted.of(profile=paced, only=["401.missing"])).seconds == 0


def test_the_busiest_key_says_how_long_a_run_still_takes(target):
    slow = target.with_profile(clock=("clock = ", "# clock = "))
    planned = plan_of(Wanted.of(profile=slow, only=["401.missing"]))
    per_key = planned.by_key
    assert planned.seconds_left(per_key) == 0
    assert planned.seconds_left({key: count + 9 for key, count in per_key.items()}) == 0
    assert planned.seconds_left({key: count - 2 for key, count in per_key.items()}) == pytest.approx(2 * planned.apart)


@pytest.mark.parametrize(
    ("pace", "clock", "shown"), [(30_000, "# clock = ", True), (0, "# clock = ", False), (30_000, "clock = ", False)]
)
def test_a_terminal_is_told_how_long_a_paced_run_still_takes(target, tmp_path, pace, clock, shown):
    profile = target.with_profile(
        pace=("requests_per_minute = 50", f"requests_per_minute = {pace}"), clock=("clock = ", clock)
    )
    wanted = Wanted.of(profile=profile, only=["410.removed"], out=tmp_path)
    screen = Console(file=io.StringIO(), width=120, force_terminal=True, _environ={"TERM": "xterm"})
    assert Session(wanted, wanted.selected, console=screen).execute().verdict == "conformant"
    assert ("less than a minute left" in screen.file.getvalue()) is shown
    assert "1 of 1 tried" in screen.file.getvalue()


def test_an_interrupted_rehearsal_is_no_plan(monkeypatch):
    monkeypatch.setattr(Run, "_try_everything", _interrupt)
    with pytest.raises(KeyboardInterrupt):
        planning.plan_of(Wanted.of(only=["401.missing"]))


def _interrupt(_run, _api):
    raise KeyboardInterrupt
