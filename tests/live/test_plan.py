"""What a run will send is known before, and what it could not send for want of budget is told after."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from goatcheck.conduct.budget import Budget
from goatcheck.conduct.run import Options, Run, selected
from goatcheck.conduct.suites import all_checks
from goatcheck.contract import load
from goatcheck.drawing import Draw
from goatcheck.mock import CLOCK_URL, WorldTransport, serve
from goatcheck.model import reference_world, rehearsal_world
from goatcheck.plan import plan_of, print_plan
from goatcheck.rebuild import rebuilt
from goatcheck.session import Session, Wanted

PLAIN = {
    "base_url": "https://staging.example/api/v1",
    "clock": "",
    "force": None,
    "max_requests": 600,
    "max_creates": 20,
}


def wanted(profile, tmp_path, *only):
    return replace(Wanted.of(only=only, out=tmp_path), profile=profile)


@pytest.mark.parametrize(
    "lacking",
    [
        {},
        {"writes": False, "bursts": False},
        {"keys": ("reader",), "writes": False, "fixtures": {}},
        {"keys": ()},
        {"clock": CLOCK_URL, "requests_per_minute": 0},
    ],
)
def test_a_conformant_target_is_sent_what_was_planned(tmp_path, lacking):
    world = reference_world()
    keys = tuple(
        k for k in world.profile.keys if k.name in lacking.get("keys", {key.name for key in world.profile.keys})
    )
    profile = replace(world.profile, **{**PLAIN, **lacking, "keys": keys})
    plan = plan_of(wanted(profile, tmp_path))
    transport = WorldTransport(rehearsal_world(profile))
    real = Run(
        load(),
        replace(
            profile, clock=CLOCK_URL, not_applicable={} if profile.clock else {"429.daily.resets": "no clock there"}
        ),
        all_checks(),
        tuple(load().by_id),
        Options(),
        transport=transport,
        draw=Draw(Options.seed),
    )
    real.execute()
    assert plan.requests == real.budget.requests
    assert plan.by_key == real.budget.requests_per_key
    for name in plan.untried:
        assert not real.ledger.record(name).judged or real.ledger.record(name).untried


def test_the_plan_tells_lanes_time_and_what_stays_untried(tmp_path):
    world = reference_world()
    profile = replace(world.profile, **PLAIN, keys=world.profile.keys[:2])
    text = io.StringIO()
    assert print_plan(wanted(profile, tmp_path, "401", "402"), Console(file=text, width=120)) == 0
    told = text.getvalue()
    assert "nothing is sent" in told
    assert "401.missing" in told
    assert "the keys run side by side" in told
    assert "reader" in told
    assert "minutes" in told
    assert "The profile has no capped key" in told
    assert "[keys.capped]" in told


def test_a_plan_beyond_the_bound_says_what_a_whole_run_wants(tmp_path):
    world = reference_world()
    profile = replace(world.profile, **{**PLAIN, "max_requests": 30})
    text = io.StringIO()
    print_plan(wanted(profile, tmp_path, "401"), Console(file=text, width=120))
    whole = plan_of(wanted(replace(profile, max_requests=600), tmp_path, "401")).requests
    assert f"a whole one wants about {whole} requests" in " ".join(text.getvalue().split())


def test_a_run_that_its_budget_ended_says_how_many_requests_a_whole_one_wants(tmp_path):
    world = reference_world()
    with serve(world) as served:
        profile = replace(world.profile, base_url=served.base_url, clock=served.clock_url, max_requests=40)
        asked = wanted(profile, tmp_path, "401", "404")
        report = Session(asked, asked.selected, asked.selection).execute()
    whole = plan_of(replace(asked, profile=replace(profile, max_requests=10_000))).requests
    assert report.verdict == "partial"
    assert [note for note in report.notes if f"a whole run wants about {whole}" in note]
    assert rebuilt(tmp_path / "exchanges.jsonl").notes == report.notes


def test_a_budget_says_that_it_was_exhausted():
    budget = Budget(1, 0)
    budget.spend_request("full")
    assert not budget.exhausted


@pytest.mark.parametrize("most", [1, 2, 3, 7, 20, 33, 50, 64, 77, 101, 650])
def test_whatever_the_bound_it_is_kept_and_nothing_is_green_that_was_not_tried(current_contract, shared_draw, most):
    contract, draw = current_contract, shared_draw
    world = reference_world()
    asked = []

    class Counting(WorldTransport):
        def handle_request(self, request):
            if request.url.path != "/_clock":
                asked.append(request.method)
            return super().handle_request(request)

    profile = replace(world.profile, **{**PLAIN, "max_requests": most}, requests_per_minute=50)
    chosen = selected(contract, ["401.missing", "402", "404.absent", "409"])
    profile = replace(profile, clock=CLOCK_URL)
    run = Run(contract, profile, all_checks(), chosen, Options(), transport=Counting(world), draw=draw)
    run.execute()
    records = {name: run.ledger.record(name) for name in chosen}
    assert len(asked) == run.budget.requests <= most
    assert run.leftovers == []
    assert {n: (r.breaches, r.error) for n, r in records.items() if r.breaches or r.error} == {}
    if run.budget.exhausted:
        assert any("requests are spent" in record.untried for record in records.values())
    else:
        assert all(record.judged and not record.untried for record in records.values())
