"""Idempotency keys."""

import pytest

DAY = 86_400
KEY = [("Idempotency-Key", "once")]


def test_the_same_request_again_gets_the_first_answer_and_makes_nothing_new(caller):
    first, again = caller.create("goat", headers=KEY), caller.create("goat", headers=KEY)
    assert (again.status, again.body) == (201, first.body)
    assert caller.handles().count("goat") == 1


def test_a_replay_carries_the_date_of_its_own_time_once(caller):
    caller.create("goat", headers=KEY)
    caller.world.clock.advance(60)
    assert caller.create("goat", headers=KEY).headers_named("Date") == ("Mon, 15 Jun 2026 09:01:00 GMT",)


def test_another_route_under_the_same_key_is_a_conflict_that_makes_nothing(caller):
    caller.create("goat", headers=KEY)
    before = caller.data("GET", "/campaigns")
    path = f"/projects/{caller.project}/campaigns"
    assert caller.ask("POST", path, body={"name": "n"}, headers=KEY).status == 409
    assert caller.data("GET", "/campaigns") == before


@pytest.mark.parametrize("other", ["sheep", "GOAT"])
def test_another_body_under_the_same_key_is_a_conflict_that_makes_nothing(caller, other):
    caller.create("goat", headers=KEY)
    assert caller.create(other, headers=KEY).status == 409
    assert other not in caller.handles()


def test_a_refused_first_use_does_not_count(caller):
    caller.create("goat")
    assert caller.create("goat", headers=KEY).status == 409
    assert caller.create("sheep", headers=KEY).status == 201


def test_a_key_is_good_again_after_a_day_and_not_before(caller):
    caller.create("goat", headers=KEY)
    caller.world.clock.advance(DAY - 0.5)
    assert caller.create("sheep", headers=KEY).status == 409
    caller.world.clock.advance(0.5)
    assert caller.create("sheep", headers=KEY).status == 201
    assert caller.create("sheep", headers=KEY).status == 201


def test_a_replay_does_not_prolong_the_day(caller):
    caller.create("goat", headers=KEY)
    caller.world.clock.advance(DAY - 1)
    assert caller.create("goat", headers=KEY).status == 201
    caller.world.clock.advance(1)
    assert caller.create("goat", headers=KEY).status == 409


def test_orgs_do_not_share_keys(caller):
    caller.create("goat", headers=KEY)
    assert caller.create("goat", key="foreign", project=caller.fixture("foreign_project"), headers=KEY).status == 201


def test_the_keys_of_an_org_share_them(caller):
    first = caller.create("goat", headers=KEY)
    assert caller.create("goat", key="burst", headers=KEY).body == first.body


def test_an_empty_key_is_none(caller):
    assert caller.create("goat", headers=[("Idempotency-Key", "")]).status == 201
    assert caller.create("goat", headers=[("Idempotency-Key", "")]).status == 409


def test_operations_that_create_nothing_ignore_the_key(caller):
    made = caller.create("goat", headers=KEY).member("data")
    assert caller.ask("PATCH", f"/creators/{made['id']}", body={"readme": "x"}, headers=KEY).status == 200
    assert caller.ask("GET", "/creators", headers=KEY).status == 200


@pytest.mark.parametrize("path", ["/payout-methods", "/projects/{}/campaigns"])
def test_every_creation_obeys_the_key(caller, path):
    where = path.format(caller.project)
    bodies = {caller.ask("POST", where, body={"name": "n"}, headers=KEY).body for _ in range(2)}
    assert len(bodies) == 1


def test_a_scope_that_is_missing_is_told_before_a_replay(caller):
    caller.create("goat", headers=KEY)
    assert caller.create("goat", key="reader", headers=KEY).code == "insufficient_scope"
