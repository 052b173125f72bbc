"""Payout methods."""

import pytest


def test_a_payout_method_is_created_read_renamed_and_deleted(caller):
    made = caller.ask("POST", "/payout-methods", body={"name": "Card"})
    assert made.status == 201
    path = f"/payout-methods/{made.member('data')['id']}"
    assert caller.data("GET", path) == made.member("data")
    assert made.member("data") in caller.data("GET", "/payout-methods")
    assert caller.data("PATCH", path, body={"name": "Wire"})["name"] == "Wire"
    assert caller.ask("DELETE", path).status == 200
    for method in ("GET", "DELETE"):
        assert caller.ask(method, path).status == 404


def test_the_seeded_default_can_not_be_deleted_every_time(caller):
    path = f"/payout-methods/{caller.fixture('default_payout_method')}"
    assert [caller.ask("DELETE", path).status for _ in range(2)] == [409, 409]
    assert caller.data("GET", path)["is_default"] is True


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": "n" * 101}, {"name": []}], ids=repr)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_name_has_1_to_100_characters(caller, method, body):
    path = "/payout-methods" if method == "POST" else f"/payout-methods/{caller.fixture('default_payout_method')}"
    response = caller.ask(method, path, body=body)
    assert (response.status, response.code) == (400, "invalid_body")
