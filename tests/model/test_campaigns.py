"""Campaigns and their members."""

import pytest


@pytest.fixture
def campaigns(caller):
    """The ids of three new campaigns."""
    path = f"/projects/{caller.project}/campaigns"
    return [caller.data("POST", path, body={"name": name})["id"] for name in "abc"]


def put(caller, campaign, kind, item):
    return caller.ask("POST", f"/campaigns/{campaign}/items", body={"item_type": kind, "item_id": item})


def test_a_campaign_is_created_listed_changed_and_deleted(caller):
    made = caller.data("POST", f"/projects/{caller.project}/campaigns", body={"name": "n" * 200})
    assert made["created_at"] == "2026-06-15T09:00:00.000Z"
    assert made in caller.data("GET", "/campaigns", query=f"project_id={caller.project}")
    change = {"name": "new", "readme": "text", "target_views": 10**300, "target_at": "2026-12-31T23:59:59.5+01:00"}
    path = f"/campaigns/{made['id']}"
    assert caller.data("PATCH", path, body=change) == made | change
    empty = {"readme": None, "target_views": None, "target_at": None}
    assert caller.data("PATCH", path, body=empty) == made | {"name": "new"}
    assert caller.data("DELETE", path) == {"id": made["id"]}
    assert caller.ask("PATCH", path, body=change).status == 404


@pytest.mark.parametrize(
    "body", [{}, {"name": ""}, {"name": "n" * 201}, {"name": 1}, {"name": None}, {"name": "\ud800"}], ids=repr
)
def test_a_campaign_needs_a_name_that_can_be_stored(caller, body):
    response = caller.ask("POST", f"/projects/{caller.project}/campaigns", body=body)
    assert (response.status, response.code) == (400, "invalid_body")


@pytest.mark.parametrize(
    "raw",
    [
        b'{"target_views": "7"}',
        b'{"target_views": true}',
        b'{"target_views": 1e400}',
        b'{"target_views": NaN}',
        b'{"target_views": ' + b"9" * 400 + b"}",
        b'{"target_at": "2026-12-31"}',
        b'{"target_at": "2026-13-31T00:00:00Z"}',
        b'{"target_at": "2026-12-31T00:00:00"}',
        b'{"target_at": 0}',
        b'{"name": null}',
        b"{}",
    ],
)
def test_a_change_with_a_value_of_the_wrong_kind_is_refused(caller, campaigns, raw):
    response = caller.ask("PATCH", f"/campaigns/{campaigns[0]}", raw=raw)
    assert (response.status, response.code) == (400, "invalid_body")


def test_creators_videos_and_campaigns_can_be_members_once(caller, campaigns):
    members = {
        "creator": caller.data("GET", "/creators")[0]["id"],
        "video": caller.data("GET", "/videos")[0]["id"],
        "campaign": campaigns[1],
    }
    for kind, item in members.items():
        first = put(caller, campaigns[0], kind, item)
        assert (first.status, first.member("data")["item_id"]) == (201, item)
        assert put(caller, campaigns[0], kind, item).status == 409


def test_a_campaign_can_not_come_to_hold_itself_however_deep(caller, campaigns):
    first, second, third = campaigns
    assert put(caller, first, "campaign", first).status == 409
    assert put(caller, first, "campaign", second).status == 201
    assert put(caller, second, "campaign", third).status == 201
    assert put(caller, third, "campaign", first).status == 409
    assert put(caller, second, "campaign", first).status == 409


def test_two_ways_to_the_same_campaign_are_no_circle(caller, campaigns):
    first, second, third = campaigns
    assert [
        put(caller, *pair).status
        for pair in ((first, "campaign", second), (first, "campaign", third), (second, "campaign", third))
    ] == [201] * 3
    fourth = caller.data("POST", f"/projects/{caller.project}/campaigns", body={"name": "d"})["id"]
    assert put(caller, fourth, "campaign", first).status == 201


def test_a_deleted_campaign_is_a_member_of_none(caller, campaigns):
    first, second, third = campaigns
    put(caller, first, "campaign", second)
    put(caller, first, "campaign", third)
    caller.data("DELETE", f"/campaigns/{second}")
    assert [item.item_id for item in caller.world.state.campaigns[first].items] == [third]


def test_members_must_be_of_the_org_and_of_the_kind(caller, campaigns, absent):
    creator = caller.create("goat").member("data")["id"]
    for kind, item in (
        ("creator", absent),
        ("video", creator),
        ("creator", caller.fixture("foreign_creator")),
        ("campaign", caller.fixture("foreign_campaign")),
    ):
        assert put(caller, campaigns[0], kind, item).status == 404
    caller.data("DELETE", f"/creators/{creator}")
    assert put(caller, campaigns[0], "creator", creator).status == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"item_type": "creator"},
        {"item_type": "goat", "item_id": "x"},
        {"item_type": "creator", "item_id": "x"},
        {"item_type": ["creator"], "item_id": 1},
    ],
    ids=repr,
)
def test_a_member_needs_a_kind_and_a_uuid(caller, campaigns, body):
    response = caller.ask("POST", f"/campaigns/{campaigns[0]}/items", body=body)
    assert (response.status, response.code) == (400, "invalid_body")
