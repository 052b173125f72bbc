"""The sliding window, the daily quota, the count caps."""

import pytest

from goatcheck.model import REFERENCE

MIDNIGHT = 15 * 3600  # seconds from 9:00 to the end of the day


def statuses(caller, count, **kwargs):
    return [caller.ask("GET", "/projects", **kwargs).status for _ in range(count)]


def test_sixty_requests_in_a_minute_pass_and_the_next_is_limited(caller):
    assert statuses(caller, 62) == [200] * 60 + [429] * 2


def test_a_full_window_tells_when_to_come_back_in_header_and_meta(caller):
    caller.ask("GET", "/projects")
    caller.world.clock.advance(20.5)
    statuses(caller, 59)
    response = caller.ask("GET", "/projects")
    assert response.status == 429
    assert response.meta == {"code": "rate_limit_exceeded", "bucket": "v1Api", "retryAfter": 40}
    assert response.header("Retry-After") == "40"


def test_the_window_slides_each_request_makes_room_exactly_a_minute_later(caller):
    statuses(caller, 30)
    caller.world.clock.advance(30)
    statuses(caller, 30)
    caller.world.clock.advance(29.5)
    refused = caller.ask("GET", "/projects")
    assert (refused.status, refused.meta["retryAfter"]) == (429, 1)
    caller.world.clock.advance(0.5)
    assert statuses(caller, 31) == [200] * 30 + [429]


def test_refused_requests_take_no_place_so_waiting_as_told_is_enough(caller):
    statuses(caller, 100)
    caller.world.clock.advance(int(caller.ask("GET", "/projects").header("Retry-After")))
    assert caller.ask("GET", "/projects").status == 200


def test_each_key_has_its_own_window(caller):
    statuses(caller, 61)
    assert caller.ask("GET", "/projects", key="reader").status == 200


def test_requests_that_are_refused_for_other_reasons_fill_the_window(caller):
    for _ in range(60):
        assert caller.ask("GET", "/nowhere").status == 404
    assert caller.ask("GET", "/nowhere").status == 429


def test_a_limited_write_changes_nothing(caller):
    statuses(caller, 60)
    assert caller.create("late").status == 429
    assert "late" not in caller.handles("reader")


def test_no_window_is_filled_without_a_good_key(caller):
    for _ in range(70):
        assert caller.ask("GET", "/projects", key=None).status == 401


def test_a_spent_org_is_refused_as_a_whole_by_the_code_alone(caller):
    for key in ("spent", "spent2"):
        response = caller.ask("GET", "/nowhere", key=key)
        assert (response.status, response.meta) == (429, {"code": "rate_limit_exceeded"})
        assert response.header("Retry-After") is None


def test_a_spent_org_is_served_from_utc_midnight_on_and_not_before(caller):
    caller.world.clock.advance(MIDNIGHT - 0.001)
    assert caller.ask("GET", "/projects", key="spent").status == 429
    caller.world.clock.advance(0.001)
    assert caller.ask("GET", "/projects", key="spent").status == 200


def test_the_keys_of_an_org_share_its_quota_and_limited_requests_use_none(caller):
    daily = {org.name: org.plan.daily_requests for org in caller.world.state.orgs.values()}["spent"]
    caller.world.clock.advance(MIDNIGHT)
    for _ in range(daily):
        assert caller.ask("GET", "/projects", key="spent").status == 200
    for key in ("spent2", "spent", "spent2"):
        assert caller.ask("GET", "/projects", key=key).status == 429
    spent = next(org.id for org in caller.world.state.orgs.values() if org.name == "spent")
    assert caller.world.state.usage[spent][1] == daily


def test_the_quota_is_told_before_the_window(caller):
    for _ in range(61):
        response = caller.ask("GET", "/projects", key="spent")
    assert "bucket" not in response.meta


def limited(response, limit_key, current, maximum):
    assert (response.status, response.code) == (402, "limit_reached")
    assert (response.meta["limitKey"], response.meta["current"], response.meta["max"]) == (limit_key, current, maximum)
    assert limit_key in response.member("error")


def test_creators_are_created_up_to_the_cap_of_the_org(caller):
    project = caller.fixture("capped_project")
    for handle in "abc":
        assert caller.create(handle, key="capped", project=project).status == 201
    limited(caller.create("d", key="capped", project=project), "max_creators_per_org", 5, 5)
    assert len(caller.handles("capped")) == 5


def test_a_bulk_request_counts_whole_and_leaves_nothing_behind(caller):
    path, before = f"/projects/{caller.fixture('capped_project')}/creators", caller.handles("capped")
    four = {"creators": [{"tiktok_handle": handle} for handle in "abcd"]}
    limited(caller.ask("POST", path, key="capped", body=four), "max_creators_per_org", 2, 5)
    assert caller.handles("capped") == before
    three = {"creators": four["creators"][:3]}
    assert len(caller.data("POST", path, key="capped", body=three)) == 3


def test_a_removed_creator_makes_room_and_coming_back_takes_it_again(caller):
    project = caller.fixture("capped_project")
    ids = [caller.create(handle, key="capped", project=project).member("data")["id"] for handle in "abc"]
    caller.data("DELETE", f"/creators/{ids[0]}", key="capped")
    assert caller.create("d", key="capped", project=project).status == 201
    limited(caller.create("a", key="capped", project=project), "max_creators_per_org", 5, 5)


def test_campaigns_are_capped_by_project(caller):
    path = f"/projects/{caller.fixture('capped_project')}/campaigns"
    for _ in range(3):
        assert caller.ask("POST", path, key="capped", body={"name": "n"}).status == 201
    limited(caller.ask("POST", path, key="capped", body={"name": "n"}), "max_campaigns_per_project", 5, 5)


def test_payout_methods_are_capped_by_org(caller):
    for _ in range(4):
        assert caller.ask("POST", "/payout-methods", key="capped", body={"name": "n"}).status == 201
    limited(caller.ask("POST", "/payout-methods", key="capped", body={"name": "n"}), "max_payout_methods_per_org", 5, 5)


def test_campaign_items_are_capped_by_campaign(caller):
    project = caller.fixture("capped_project")
    caller.create("a", key="capped", project=project)
    campaign, other = caller.data("GET", "/campaigns", key="capped")
    creators, videos = caller.data("GET", "/creators", key="capped"), caller.data("GET", "/videos", key="capped")
    items = [("creator", c["id"]) for c in creators] + [("video", v["id"]) for v in videos]
    path = f"/campaigns/{campaign['id']}/items"
    for kind, item in items:
        assert caller.ask("POST", path, key="capped", body={"item_type": kind, "item_id": item}).status == 201
    more = {"item_type": "campaign", "item_id": other["id"]}
    limited(caller.ask("POST", path, key="capped", body=more), "max_campaign_items_per_campaign", 5, 5)


def test_every_operation_that_creates_has_a_cap():
    assert {route.operation for route in REFERENCE.routes.values() if route.creates} <= set(REFERENCE.caps)


@pytest.mark.parametrize("key", ["full", "foreign"])
def test_an_org_with_room_is_not_capped(caller, key):
    project = caller.project if key == "full" else caller.fixture("foreign_project")
    assert [caller.create(f"h{i}", key=key, project=project).status for i in range(20)] == [201] * 20
