"""A profile that offers little: nothing is accused, nothing is green that was not tried, nothing is touched that must not be."""

import re
from itertools import cycle
from random import Random

import pytest

from goatcheck.mock.any_valid import any_valid, breaks
from goatcheck.model import reference_world
from goatcheck.profile.parts import Fixture

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
FORMS = (3, 7, 12, 1)
"""Valid servers: one looks at the key last, one at the scope last, one has handles by letter, one tells no ids of what it makes."""

LIVE = "http://goat.example/api/v1"


def keys(*names):
    return lambda profile: {"keys": tuple(k for k in profile.keys if k.name in names)}


def without(*names):
    return lambda profile: {"keys": tuple(k for k in profile.keys if k.name not in names)}


def fixed(**changes):
    return lambda _profile: changes


def some_of_it(seed):
    """Any part of a profile."""

    def change(profile):
        random = Random(seed)  # noqa: S311 - choices that repeat, no secrets
        return {
            "keys": tuple(k for k in profile.keys if random.random() < 0.5),
            "fixtures": {n: f for n, f in profile.fixtures.items() if random.random() < 0.5},
            "admin_path": random.choice(("", profile.admin_path)),
            "too_old": random.choice(("", profile.too_old)),
            "writes": random.random() < 0.5,
            "bursts": random.random() < 0.5,
            "force": random.choice((None, profile.force)),
            "max_creates": random.choice((0, 3, 20)),
            "max_requests": random.choice((0, 60, 600)),
            "base_url": random.choice(("http://localhost/api/v1", LIVE)),
        }

    return change


PLAIN = {
    "no writes": fixed(writes=False),
    "no writes, on loopback": fixed(writes=False, base_url="http://localhost/api/v1"),
    "no bursts": fixed(bursts=False),
    "a mock": fixed(kind="mock"),
    "a mock without writes": fixed(kind="mock", writes=False),
    "no fixtures": fixed(fixtures={}),
    "no fixtures and no writes": fixed(fixtures={}, writes=False),
    "only the base URL": fixed(keys=(), fixtures={}, admin_path="", too_old="", force=None, writes=False, bursts=False),
    "only the base URL, with writes": fixed(keys=(), fixtures={}, admin_path="", too_old="", force=None),
    "no full key": without("full"),
    "a reader alone": keys("reader"),
    "a reader alone, no writes": lambda profile: {**keys("reader")(profile), "writes": False, "fixtures": {}},
    "a full key alone": keys("full"),
    "a writer alone": keys("writer"),
    "a foreign key alone": keys("foreign"),
    "a capped key alone": keys("capped"),
    "a spent key alone": keys("spent"),
    "an expired key alone": keys("expired"),
    "a banned key alone": keys("banned_org"),
    "a burst key alone": keys("burst"),
    "nothing may be created": fixed(max_creates=0),
    "little may be created": fixed(max_creates=4),
    "few requests": fixed(max_requests=100),
    **{f"some of it, {seed}": some_of_it(seed) for seed in range(6)},
}


@pytest.fixture(params=PLAIN.values(), ids=PLAIN.keys())
def plain(request):
    """Makes a profile's changes of a profile."""
    return request.param


def aimed_at(exchange):
    return {i.lower() for i in UUID.findall(exchange.request.path)}


def test_a_valid_server_is_not_accused_and_nothing_is_green_untried(judge, snapshot, plain):
    world = reference_world()
    before = snapshot(world)
    changes = plain(world.profile)
    judged = judge(world, **{"base_url": LIVE, **changes})
    assert judged.accusations == {}
    assert judged.bugs == {}
    run = judged.run
    unmet = {r.id for r in run.requirements if r.how == "sent" and run.missing(r)}
    assert judged.named("pass") & unmet == set()
    assert all(run.ledger.record(i).judged for i in judged.named("pass"))
    after = snapshot(world)
    assert {i: after.get(i) for i in before} == before
    if not run.profile.writes:
        assert after == before
        assert all(e.request.method == "GET" or not aimed_at(e) & before.keys() for e in judged.exchanges)
        assert all(e.request.method == "GET" or aimed_at(e) or "path" in e.intent.broken for e in judged.exchanges)


@pytest.mark.parametrize(("plain", "seed"), list(zip(PLAIN.values(), cycle(FORMS), strict=False)), ids=PLAIN.keys())
def test_a_valid_server_of_another_form_is_not_accused_either(judge, plain, seed):
    world = any_valid(reference_world(), seed)
    judged = judge(world, **{"base_url": LIVE, **plain(world.profile)})
    accused = judged.accusations
    assert {i: accused[i] for i in accused.keys() - breaks(seed)} == {}
    assert judged.bugs == {}


def test_ids_in_a_profile_may_be_written_in_capitals(judge):
    world = reference_world()
    fixtures = {name: Fixture(f.id.upper(), f.expendable) for name, f in world.profile.fixtures.items()}
    judged = judge(world, fixtures=fixtures)
    assert judged.accusations == {}
    assert judged.unproved == {}
