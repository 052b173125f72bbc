"""What an id in a path means, and for whom."""

import pytest

from goatcheck.model import REFERENCE

WITH_ID = [route for route in REFERENCE.routes.values() if route.target]
BODIES = {
    "POST /projects/{projectId}/creators": {"tiktok_handle": "x"},
    "POST /projects/{projectId}/campaigns": {"name": "x"},
    "PATCH /creators/{id}": {"readme": "x"},
    "PATCH /campaigns/{id}": {"readme": "x"},
    "POST /campaigns/{id}/items": {"item_type": "creator", "item_id": "00000000-0000-4000-8000-000000000000"},
    "PATCH /payout-methods/{id}": {"name": "x"},
}


def ask(caller, route, path_id):
    path = route.template.replace("{projectId}", path_id).replace("{id}", path_id)
    return caller.ask(route.method, path, body=BODIES.get(route.operation))


@pytest.mark.parametrize("route", WITH_ID, ids=lambda route: route.operation)
def test_what_is_absent_and_what_is_foreign_can_not_be_told_apart(caller, route, absent):
    table = getattr(caller.world.state, route.target)
    foreign = caller.world.state.projects[caller.fixture("foreign_project")].org_id
    victim = next(thing for thing in table.values() if thing.org_id == foreign)
    answers = [ask(caller, route, path_id) for path_id in (absent, victim.id, victim.id.upper())]
    assert [answer.status for answer in answers] == [404] * 3
    assert len({answer.body for answer in answers}) == 1
    assert table[victim.id] == victim


@pytest.mark.parametrize("route", WITH_ID, ids=lambda route: route.operation)
@pytest.mark.parametrize(
    "path_id",
    [
        "x",
        "1",
        "%00",
        "%ff",
        "%zz",
        "%",
        "0" * 36,
        "%2e%2e",
        "null",
        "00000000-0000-4000-8000-00000000000",
        "00000000-0000-4000-8000-000000000000%0A",
    ],
)
def test_an_id_that_is_no_uuid_is_400_of_the_path(caller, route, path_id):
    response = ask(caller, route, path_id)
    assert (response.status, response.code) == (400, "invalid_params")


def test_an_id_may_be_percent_encoded_and_in_capitals(caller):
    method = caller.fixture("default_payout_method")
    encoded = "".join(f"%{ord(letter):02X}" for letter in method.upper())
    assert caller.data("GET", f"/payout-methods/{encoded}")["id"] == method


def test_no_list_shows_anything_of_another_org(caller):
    for path in ("/projects", "/creators", "/videos", "/campaigns", "/payout-methods"):
        mine, theirs = ({thing["id"] for thing in caller.data("GET", path, key=key)} for key in ("full", "foreign"))
        assert mine
        assert theirs
        assert not mine & theirs
