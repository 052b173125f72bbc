"""No valid server is accused: fifty of them are tried with `tox -e fairness`, some in every test run."""

import pytest

from goatcheck.exchange import Request
from goatcheck.mock.any_valid import DIMENSIONS, any_valid, breaks, choices
from goatcheck.model import reference_world

FEW = 6
"""So many seeds are tried where no other number is asked for."""


def pytest_generate_tests(metafunc):
    count = metafunc.config.getoption("--seeds", default=FEW)
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(count))
    if "thorough_seed" in metafunc.fixturenames:
        metafunc.parametrize("thorough_seed", range(count if count > FEW else 2))


def left_behind(snapshot, world):
    names = (
        getattr(t, "handle", getattr(t, "name", ""))
        for t in snapshot(world).values()
        if not getattr(t, "removed", False)
    )
    return [name for name in names if name.lower().startswith("gc-")]


def test_a_valid_server_is_accused_of_nothing_but_the_shoulds_that_it_breaks(judge, snapshot, thorough_seed):
    """On loopback everything is sent that the suite knows."""
    seed = thorough_seed
    world = any_valid(reference_world(seed), seed)
    judged = judge(world)
    accused = judged.accusations
    assert {i: accused[i] for i in accused.keys() - breaks(seed)} == {}
    assert breaks(seed) <= accused.keys(), "what it breaks has to be seen"
    assert judged.bugs == {}
    assert judged.unproved == {}
    assert left_behind(snapshot, world) == []


def test_a_valid_server_that_is_not_ours_alone_is_accused_of_nothing_either(judge, seed):
    """Away from loopback fewer requests are sent, and paced."""
    judged = judge(
        any_valid(reference_world(seed), seed), base_url="http://goat.example/api/v1", max_requests=800, max_creates=30
    )
    accused = judged.accusations
    assert {i: accused[i] for i in accused.keys() - breaks(seed)} == {}
    assert judged.bugs == {}
    assert judged.unproved == {}


@pytest.mark.parametrize("name", DIMENSIONS)
def test_each_way_to_decide_what_is_open_is_tried_within_fifty_seeds(name):
    tried = [choices(seed)[name].name for seed in range(50)]
    assert set(tried) == {choice.name for choice in DIMENSIONS[name]}


def test_a_seed_is_one_server():
    requests = [
        Request("GET", path) for path in ("/creators", "/creators/x/stats", "/nowhere", "/projects?limit=0")
    ] * 3
    first, second = ([any_valid(reference_world(5), 5).answer(r) for r in requests] for _ in range(2))
    assert first == second
