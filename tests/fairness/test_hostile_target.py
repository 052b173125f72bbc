"""A target that carries out whatever it is asked, whoever asks: nothing that was there before is touched."""

import json
import re
from dataclasses import replace

import pytest

from goatcheck.exchange import Response
from goatcheck.model import reference_world

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
DONE = {200, 201}


def _success(data):
    body = json.dumps({"data": data, "error": None, "meta": None}).encode()
    return Response(200, (("Content-Type", "application/json"),), body)


def carrying_out_everything(world, request, step):
    """The answer to a request of the key that may do most, and a success where that is refused; what is deleted is gone."""
    state, key = world.state, next(k for k in world.profile.keys if k.name == "full")
    sent = {value.removeprefix("Bearer ") for name, value in request.headers if name.lower() == "authorization"}
    able = [k for k in world.profile.keys if k.token in sent and k.state in {"active", "capped"}]
    token = (able or [key])[0].token
    others = tuple(h for h in request.headers if h[0].lower() != "authorization")
    with state.lock:
        for table in (state.creators, state.campaigns, state.payout_methods, state.projects):
            for found in {i.lower() for i in UUID.findall(request.path)} & table.keys():
                if request.method == "DELETE":
                    del table[found]
                elif request.method in {"PUT", "PATCH"}:
                    table[found] = replace(table[found], order=0)
    answer = step(replace(request, headers=(("Authorization", f"Bearer {token}"), *others)))
    return answer if answer.status in DONE else _success({"id": state.new_id()})


@pytest.fixture
def world():
    harmless = reference_world()
    return replace(harmless, rules=replace(harmless.rules, around=carrying_out_everything))


@pytest.mark.parametrize("base_url", ["http://localhost/api/v1", "http://goat.example/api/v1"])
@pytest.mark.parametrize("writes", [True, False])
def test_what_was_there_before_is_untouched(judge, snapshot, world, writes, base_url):
    before = snapshot(world)
    judged = judge(world, writes=writes, base_url=base_url, max_requests=0, max_creates=200)
    expendable = {f.id for f in world.profile.fixtures.values() if f.expendable}
    after = snapshot(world)
    changed = {i for i in before if after.get(i) != before[i]} - (expendable if writes else set())
    assert changed == set()
    assert judged.named("fail") >= {"401.missing", "403.scope.write"}
    if not writes:
        assert after == before


@pytest.mark.parametrize("left_out", ["foreign", "full", "reader"])
def test_nothing_is_touched_for_want_of_a_key(judge, snapshot, world, left_out):
    before = snapshot(world)
    keys = tuple(k for k in world.profile.keys if k.name != left_out)
    judge(world, keys=keys, max_creates=200)
    expendable = {f.id for f in world.profile.fixtures.values() if f.expendable}
    after = snapshot(world)
    assert {i for i in before if after.get(i) != before[i]} - expendable == set()


def test_what_a_target_made_against_the_rules_is_removed_too(judge, snapshot, world):
    before = snapshot(world)
    judge(world)
    made = [t for i, t in snapshot(world).items() if i not in before and not getattr(t, "removed", False)]
    assert [t for t in made if getattr(t, "handle", getattr(t, "name", "")).startswith("gc-")] == []
