"""The reference world, worlds made to fit a profile, and the profile as text."""

import datetime as dt
import tomllib
from dataclasses import replace

import pytest

from goatcheck.exchange import Request
from goatcheck.model import Clock, profile_toml, reference_world, rehearsal_world
from goatcheck.profile import load_profile
from goatcheck.profile.parts import Fixture, Key, Profile

ROLES = {
    "reader": "reader",
    "full": "full",
    "writer": "writer-only",
    "foreign": "foreign",
    "capped": "capped",
    "spent": "spent",
    "spent2": "spent",
    "expired": "expired",
    "banned_org": "banned",
    "banned_user": "banned",
    "burst": "burst",
}


def get(world, token, path="/projects", query="", method="GET"):
    return world.answer(Request(method, path, query, (("Authorization", f"Bearer {token}"),)))


def token(number):
    return f"tga_{number:064x}"


def test_the_reference_world_has_a_key_for_every_role():
    assert {key.name: key.role for key in reference_world().profile.keys} == ROLES


def test_worlds_of_one_seed_are_equal_and_of_another_are_not():
    first, same, other = reference_world(), reference_world(), reference_world(seed=1)
    assert first.profile == same.profile
    assert first.state.creators == same.state.creators
    assert not {key.token for key in first.profile.keys} & {key.token for key in other.profile.keys}


def test_a_world_begins_when_its_clock_says():
    world = reference_world(clock=Clock(dt.datetime(2030, 1, 1, tzinfo=dt.UTC).timestamp()))
    assert get(world, "none").header("Date") == "Tue, 01 Jan 2030 00:00:00 GMT"


def test_the_profile_text_is_a_valid_profile_that_describes_the_world(tmp_path):
    world = reference_world()
    file = tmp_path / "profile.toml"
    file.write_text(profile_toml(world, "http://127.0.0.1:9001/api/v1", "http://127.0.0.1:9001/_clock"))
    read = load_profile(file, {})
    assert (read.base_url, read.clock) == ("http://127.0.0.1:9001/api/v1", "http://127.0.0.1:9001/_clock")
    assert replace(read, base_url="", clock="") == world.profile


def test_a_bare_profile_makes_a_bare_text():
    world = rehearsal_world(Profile(base_url="http://x", name='a\x7f"b'))
    assert tomllib.loads(profile_toml(world, "http://x", "")) == {
        "target": {
            "name": 'a\x7f"b',
            "base_url": "http://x",
            "kind": "live",
            "writes": False,
            "bursts": False,
            "requests_per_minute": 50,
            "max_requests": 600,
            "max_creates": 20,
        },
        "fixtures": {},
    }


def test_a_rehearsal_of_the_reference_profile_behaves_like_the_reference():
    reference = reference_world()
    rehearsal = rehearsal_world(reference.profile)
    for key in reference.profile.keys:
        for path in ("/projects", "/creators", "/admin/health", "/nowhere"):
            answers = [get(world, key.token, path) for world in (reference, rehearsal)]
            assert answers[0].status == answers[1].status
            assert answers[0].meta == answers[1].meta


def test_a_rehearsal_knows_exactly_the_keys_and_fixtures_of_its_profile():
    ids = {
        name: f"00000000-0000-4000-8000-00000000000{number}"
        for number, name in enumerate(("project", "foreign_creator", "capped_project"), 1)
    }
    keys = (
        Key("mine", token(1)),
        Key("theirs", token(2), org="them"),
        Key("small", token(3), org="small", state="capped"),
        Key("small2", token(4), org="small", state="capped"),
        Key("odd", "not-of-the-usual-form", ("read",)),
    )
    fixtures = {name: Fixture(value.upper()) for name, value in ids.items()}
    world = rehearsal_world(Profile("", keys=keys, fixtures=fixtures, admin_path="/admin/users"))
    assert get(world, token(9)).status == 401
    assert get(world, "not-of-the-usual-form").status == 200
    assert get(world, token(1)).member("data")[0]["id"] == ids["project"]
    assert get(world, token(2), "/creators").member("data")[0]["id"] == ids["foreign_creator"]
    assert {get(world, token(number)).member("data")[0]["id"] for number in (3, 4)} == {ids["capped_project"]}
    assert get(world, token(1), "/admin/users").meta["required"] == "admin"
    assert len(get(world, token(3), "/creators").member("data")) == 2


def test_fixtures_exist_even_where_no_key_owns_them():
    fixtures = {
        "foreign_project": Fixture("00000000-0000-4000-8000-000000000001"),
        "capped_project": Fixture("00000000-0000-4000-8000-000000000002"),
    }
    world = rehearsal_world(Profile("", keys=(Key("mine", token(1)),), fixtures=fixtures))
    for fixture in fixtures.values():
        assert fixture.id in world.state.projects
        assert get(world, token(1), f"/projects/{fixture.id}/goal-compliance").status == 404


def test_a_banned_key_bans_its_org_unless_others_of_it_are_fine():
    keys = (Key("a", token(1)), Key("b", token(2), state="banned"), Key("c", token(3), org="bad", state="banned"))
    world = rehearsal_world(Profile("", keys=keys))
    assert [get(world, token(number)).status for number in (1, 2, 3)] == [200, 403, 403]
    assert [org.banned for org in world.state.orgs.values()] == [False, True]


@pytest.mark.parametrize(
    ("too_old", "kept"), [("2019-01-01", 365), ("2026-06-01", 13), ("2026-06-15", 0), ("2027-01-01", 0)]
)
def test_the_history_ends_after_the_date_that_is_said_to_be_too_old(too_old, kept):
    world = rehearsal_world(Profile("", keys=(Key("mine", token(1)),), too_old=too_old))
    creator = get(world, token(1), "/creators").member("data")[0]["id"]
    query = f"entity=creator&entity_id={creator}&metric=views&from={too_old}"
    assert next(iter(world.state.orgs.values())).plan.retention_days == kept
    if too_old < "2026-06-15":
        assert get(world, token(1), "/analytics", query).status == 402


def test_no_key_shows_in_the_text_of_a_state():
    world = reference_world()
    assert "tga_" not in repr(world.state.keys[world.profile.keys[0].token])
