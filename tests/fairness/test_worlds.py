"""What may be found on a valid target before the run: nothing is held against it."""

from dataclasses import replace

import pytest

from goatcheck.mock.any_valid import any_valid, breaks
from goatcheck.model import reference_world, rehearsal_world
from goatcheck.model.state import Creator
from goatcheck.model.worlds import TIGHT

LIVE = "http://goat.example/api/v1"
IN_EVERY_ORG = {"project", "capped_project", "foreign_project", "default_payout_method"}


def org_of(world, name):
    return next(org for org in world.state.orgs.values() if org.name == name)


def empty():
    """Orgs with a project, and nothing in it."""
    world = reference_world()
    for table in (world.state.creators, world.state.campaigns, world.state.videos):
        table.clear()
    known = {name: f for name, f in world.profile.fixtures.items() if name in IN_EVERY_ORG}
    return replace(world, profile=replace(world.profile, fixtures=known))


def tight():
    """A small plan for the org that the run works in."""
    world = reference_world()
    org = org_of(world, "main")
    world.state.orgs[org.id] = replace(org, plan=replace(org.plan, caps=TIGHT))
    return world


def crowded(more):
    """A capped org that has so many creators more than the two that it starts with; its cap is five."""
    world = reference_world()
    org = org_of(world, "capped")
    project = next(p for p in world.state.projects.values() if p.org_id == org.id)
    for number in range(more):
        creator = Creator(
            world.state.new_id(), org.id, project.id, world.state.next_order(), f"old.{number}", "auto", "2026-01-01"
        )
        world.state.creators[creator.id] = creator
    return world


def elsewhere(*names):
    """Some keys belong to an org of their own, which has nothing in it."""
    profile = reference_world().profile
    keys = tuple(replace(key, org="elsewhere") if key.name in names else key for key in profile.keys)
    world = rehearsal_world(replace(profile, keys=keys))
    return replace(world, profile=replace(world.profile, force=profile.force))


WORLDS = {
    "empty orgs": empty,
    "a small plan": tight,
    "at the cap": lambda: crowded(3),
    "over the cap": lambda: crowded(6),
    "a reader elsewhere": lambda: elsewhere("reader"),
    "a writer elsewhere": lambda: elsewhere("writer"),
    "an expired key elsewhere": lambda: elsewhere("expired"),
    "a banned user elsewhere": lambda: elsewhere("banned_user"),
    "a burst key elsewhere": lambda: elsewhere("burst"),
    "several keys elsewhere": lambda: elsewhere("reader", "writer", "expired", "burst"),
}


@pytest.mark.parametrize("form", [None, 3, 7])
@pytest.mark.parametrize("build", WORLDS.values(), ids=WORLDS.keys())
def test_what_was_there_before_is_not_held_against_the_target(judge, build, form):
    """As documented, and where the key is looked at last, and where the scope is."""
    world = build()
    world = world if form is None else any_valid(world, form)
    allowed = frozenset() if form is None else breaks(form)
    for writes in (True, False):
        judged = judge(world, base_url=LIVE, max_requests=0, writes=writes)
        accused = judged.accusations
        assert {i: accused[i] for i in accused.keys() - allowed} == {}
        assert judged.bugs == {}


def test_an_empty_org_is_filled_with_what_is_needed(judge):
    assert judge(empty(), base_url=LIVE, max_requests=0).unproved == {}


def test_a_target_without_a_clock_is_accused_of_nothing(judge):
    world = reference_world()
    unhurried = replace(world, rules=replace(world.rules, numbers=replace(world.rules.numbers, window_requests=10**6)))
    judged = judge(unhurried, base_url=LIVE, clock="", bursts=False, requests_per_minute=0, max_requests=0)
    assert judged.accusations == {}
    assert judged.bugs == {}
    assert judged.outcomes["429.daily.resets"].name == "not_testable"
