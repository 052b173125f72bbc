"""Servers that decide, each in its own way, something that no document says: none is accused of anything for it."""

import uuid
from dataclasses import replace
from datetime import date

import pytest

from goatcheck.exchange import Response
from goatcheck.faults.changes import action, answer, at, before, conflict, members, route, ruled, together
from goatcheck.faults.reading import query_read
from goatcheck.model import answers, reference_world
from goatcheck.model.call import Refused
from goatcheck.model.creators import living


def with_plan(org, **changes):
    """The plan of an org is another."""

    def change(world):
        (home,) = (each for each in world.state.orgs.values() if each.name == org)
        world.state.orgs[home.id] = replace(home, plan=replace(home.plan, **changes))
        return world

    return change


def with_cap(org, most):
    return with_plan(org, caps={"max_creators_per_org": most, "max_payout_methods_per_org": 50, "max_campaigns_per_project": 50,
                                "max_campaign_items_per_campaign": 50})  # fmt: skip


def caps_first(world):
    return ruled(lambda rules: rules.with_stage_first("cap", "state"))(world)


def caps_before_all(world):
    """Whether there is room is asked before the project is looked up."""

    def full(world, call):
        if call.served.operation != "POST /projects/{projectId}/creators":
            return None
        count, most = len(living(world, call.home.id)), call.home.plan.caps["max_creators_per_org"]
        return answers.limit_reached("max_creators_per_org", count, most) if count >= most else None

    return before("look-up", full)(world)


def no_slash_at_the_end(status):
    def refused(_world, call):
        path = call.request.path
        moved = Response(status, (("Location", path.rstrip("/")),)) if status < 400 else answers.wrong_method(("GET",))
        return moved if path.endswith("/") else None

    return before("match", refused)


def keys_are_uuids(_world, call):
    key = call.request.header("idempotency-key")
    try:
        return None if key is None or not call.served.creates else (uuid.UUID(key) and None)
    except ValueError:
        return answers.invalid("params", "The Idempotency-Key must be a uuid")


def dated(inner):
    """Figures with the moment when they were made; of what is not there there are none."""

    def shown(world, call):
        response = inner(world, call)
        if response.status == 200 and call.query.get("format") != "csv":
            world.clock.advance(1)
            return answers.success({"series": response.document.value["data"], "generated_at": world.clock.now()})
        return response

    return shown


def late_by_one_look(inner):
    """What was made is in the list from the second look on."""
    seen = set()

    def shown(world, call):
        new = {creator.id for creator in living(world, call.home.id)} - seen
        response = inner(world, call)
        seen.update(new)
        value = response.document.value
        if response.status != 200 or not isinstance(value["data"], list):
            return response
        kept = [item for item in value["data"] if item["id"] not in new]
        return answers.success(kept, value["meta"])

    return shown


def figures_of_ninety_days(_world, call):
    if call.served.operation != "GET /analytics" or "from" not in call.query:
        return None
    long = (call.query.get("to", date(2026, 6, 15)) - call.query["from"]).days > 90
    return answers.invalid("query", "The range must not be longer than 90 days") if long else None


def of_two_letters(inner):
    def read(value):
        if len(value) < 2:
            raise Refused("must be longer")
        return inner(value)

    return read


def as_javascript_does(inner):
    """parseInt reads as many digits as there are."""
    return lambda value: inner(value[: len(value) - len(value.lstrip("0123456789"))] or value)


def served_all_the_same(_world, call):
    if (call.method, call.request.path) != ("POST", "/projects"):
        return None
    return answers.invalid("body", "The body must have a name")


def scope_of_what_is_served(world, call):
    return world.rules.stages["scope"](world, call) if call.route and not call.route.gone else None


def of_its_key_alone(_world, call):
    """A cursor is of use to the key that got it, which is told before its scope."""
    other = "cursor=" in call.request.query and "read" not in call.caller.scopes
    return answers.invalid("query", "This cursor is none of yours") if other else None


def no_creators_yet(inner):
    """No creator of this run can be added to a campaign yet: none of them was looked at."""
    return lambda world, call: (
        answers.conflict("It is not ready") if call.body["item_type"] == "creator" else inner(world, call)
    )


WAYS = {
    "cursors of one key": before("scope", of_its_key_alone),
    "creators that are not ready for campaigns": conflict("POST /campaigns/{id}/items", no_creators_yet),
    "a plan of three, looked at before duplicates": together(with_cap("main", 3), caps_first),
    "a plan of five, looked at before the project": together(with_cap("main", 5), caps_before_all),
    "a cap of 25": with_cap("capped", 25),
    "low caps of all sorts": with_plan(
        "capped",
        caps={
            "max_creators_per_org": 5,
            "max_payout_methods_per_org": 3,
            "max_campaigns_per_project": 3,
            "max_campaign_items_per_campaign": 2,
        },
    ),
    "a cap of 72": with_cap("capped", 72),
    "a cap of 120": with_cap("capped", 120),
    "figures of ninety days at the most": before("state", figures_of_ninety_days),
    "payout methods without idempotency": route("POST /payout-methods", creates=False),
    "405 to a slash at the end": no_slash_at_the_end(405),
    "308 to a slash at the end": no_slash_at_the_end(308),
    "idempotency keys are uuids": before("path", keys_are_uuids),
    "figures with a moment": action("GET /analytics", dated),
    "a list that is late by one look": action("GET /creators", late_by_one_look),
    "searches of two letters": query_read("GET /creators", "search", of_two_letters),
    "limits as parseInt reads them": query_read("GET /creators", "limit", as_javascript_does),
    "a project can be made": before("unserved", served_all_the_same),
    "404 with the number of the request": answer(at(404), members(error="No such thing (request 7f3a9c)")),
}


@pytest.mark.parametrize("bounded", [False, True])
@pytest.mark.parametrize("way", WAYS)
def test_what_is_open_is_held_against_nobody(judge, way, bounded):
    world = WAYS[way](reference_world())
    bounds = {"base_url": "http://goat.example/api/v1", "max_requests": 800, "max_creates": 30} if bounded else {}
    judged = judge(world, **bounds)
    assert judged.accusations == {}
    assert judged.bugs == {}


def test_a_reader_of_another_org_is_no_stranger_to_be_told_nothing(judge):
    world = reference_world()
    reader = world.profile.with_role("reader")[0]
    other = next(org for org in world.state.orgs.values() if org.name == "other")
    world.state.keys[reader.token] = replace(world.state.keys[reader.token], org_id=other.id)
    keys = tuple(replace(key, org="other") if key.name == reader.name else key for key in world.profile.keys)
    judged = judge(replace(world, profile=replace(world.profile, keys=keys)))
    assert judged.accusations == {}
    assert judged.bugs == {}


@pytest.mark.parametrize("role", ["banned", "spent"])
def test_keys_that_may_only_read_are_told_of_their_scope_first(judge, role):
    world = before("ban", scope_of_what_is_served)(reference_world())
    names = {key.name for key in world.profile.with_role(role)}
    for key in world.profile.keys:
        if key.name in names:
            world.state.keys[key.token] = replace(world.state.keys[key.token], scopes=frozenset({"read"}))
    keys = tuple(replace(k, scopes=("read",)) if k.name in names else k for k in world.profile.keys)
    judged = judge(replace(world, profile=replace(world.profile, keys=keys)))
    assert judged.accusations == {}
    assert judged.bugs == {}
