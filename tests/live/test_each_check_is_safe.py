"""Each check by itself, against a target that carries out whatever it is asked and calls everything a success."""

import json
import re
from dataclasses import replace

import pytest

from goatcheck.conduct.suites import all_checks
from goatcheck.contract import load, versions
from goatcheck.exchange import Response
from goatcheck.model import as_edition, reference_world

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
EDITIONS = {name: load(version) for version in versions() for name in load(version).by_id}
"""Every requirement with the newest edition that has it."""

TRIED = [name for name in all_checks() if name in EDITIONS]


def tables(world):
    state = world.state
    return state.creators, state.campaigns, state.payout_methods, state.projects


def standing(world):
    """What is there, by id."""
    return {i: thing for table in tables(world) for i, thing in table.items() if not getattr(thing, "removed", False)}


def obeying(world, request, step):
    """Do it, with the key that may; where even that is refused, say that it was done."""
    with world.state.lock:
        for table in tables(world):
            for found in {i.lower() for i in UUID.findall(request.path)} & table.keys():
                if request.method == "DELETE":
                    del table[found]
                elif request.method in {"PATCH", "PUT"}:
                    table[found] = replace(table[found], order=-1)
    full = next(key.token for key in world.profile.keys if key.name == "full")
    headers = tuple(field for field in request.headers if field[0].lower() != "authorization")
    answer = step(replace(request, headers=(*headers, ("Authorization", f"Bearer {full}"))))
    if answer.status in {200, 201}:
        return answer
    body = {"data": {"id": world.state.new_id()}, "error": None, "meta": None}
    return Response(200, (("Content-Type", "application/json"),), json.dumps(body).encode())


@pytest.mark.parametrize("writes", [False, True])
@pytest.mark.parametrize("name", TRIED)
def test_nothing_that_was_there_is_touched_and_nothing_is_left(stage, name, writes):
    world = as_edition(reference_world(), EDITIONS[name])
    stage.world = replace(world, rules=replace(world.rules, around=obeying))
    before = standing(world)
    expendable = {fixture.id for fixture in world.profile.fixtures.values() if fixture.expendable}
    staging = {"base_url": "https://staging.example/api/v1", "max_requests": 600, "max_creates": 20, "writes": writes}
    stage.play(name, contract=EDITIONS[name], **staging)
    after = standing(world)
    touched = {i for i in before if after.get(i) != before[i]}
    assert touched <= (expendable if writes else set())
    left = [getattr(after[i], "handle", getattr(after[i], "name", "")) for i in after.keys() - before.keys()]
    assert [text for text in left if text.startswith("gc-")] == []
    if not writes:
        assert left == []
