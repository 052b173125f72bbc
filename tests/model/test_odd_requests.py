"""Whatever is sent, the answer is an enveloped 4xx or a success."""

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goatcheck.checks import observe
from goatcheck.contract import load
from goatcheck.exchange import Exchange, Request
from goatcheck.model import REFERENCE, reference_world

CONTRACT = load()
SETTINGS = settings(database=None, deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
ID = st.sampled_from(["00000000-0000-4000-8000-000000000000", "x", "%00", "%ED%A0%80", "é", "%", "{}", "MINE"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)
MEMBERS = (
    "name",
    "tiktok_handle",
    "creators",
    "readme",
    "target_views",
    "target_at",
    "tracking_start_date",
    "item_type",
    "item_id",
)
QUERY = (
    "limit",
    "cursor",
    "project_id",
    "search",
    "entity",
    "entity_id",
    "metric",
    "from",
    "to",
    "format",
    "creator_id",
    "period",
    "reference_date",
)
LATIN = st.text(st.characters(max_codepoint=255), max_size=20)
BODY = (
    st.none()
    | st.binary(max_size=40)
    | st.builds(json.dumps, st.dictionaries(st.sampled_from(MEMBERS), JSON) | JSON).map(str.encode)
)
PAIR = st.tuples(
    st.sampled_from(QUERY),
    LATIN
    | st.sampled_from(["creator", "views", "csv", "MINE", "2026-06-01", "0001-01-01", "9999-12-31", "%ff", "%00"]),
)
TARGET = st.sampled_from([route.template for route in REFERENCE.routes.values()]) | LATIN.map("/{}".format)
HEADER = st.tuples(
    st.sampled_from(["Content-Type", "Accept", "Idempotency-Key", "Content-Encoding", "X-Goat-Force", "Expect"]), LATIN
)
METHOD = st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "goat", ""])


@pytest.fixture(scope="module")
def world():
    """One world for all: what one request leaves behind may meet the next. Its window has no end."""
    world = reference_world()
    return replace(world, rules=world.rules.without_stage("window"))


@SETTINGS
@given(st.data())
def test_no_odd_request_gets_anything_but_a_success_or_an_enveloped_refusal(world, data):
    method, target, path_id, body = (data.draw(strategy) for strategy in (METHOD, TARGET, ID, BODY))
    pairs, headers = data.draw(st.lists(PAIR, max_size=4)), data.draw(st.lists(HEADER, max_size=3))
    creator, key = next(iter(world.state.creators)), world.profile.key("full")
    path = (
        target.replace("{projectId}", world.profile.fixtures["project"].id)
        .replace("{id}", path_id)
        .replace("MINE", creator)
    )
    query = "&".join(f"{name}={value}" for name, value in pairs).replace("MINE", creator)
    bearer = ("Authorization", f"Bearer {key.token}")
    request = Request(method, path, query, (*headers, bearer), body)
    response = world.answer(request)
    assert [judged for judged in observe(Exchange(1, request, response), CONTRACT) if judged.problems] == []
    assert 200 <= response.status < 300 or 400 <= response.status < 500
    assert response.header("Date")
    if response.status == 204 or method == "HEAD":
        assert response.body == b""
    elif response.media_type != "text/csv":
        assert response.document.problem == ""
        assert set(response.document.value) == {"data", "error", "meta"}
        assert (response.member("error") is None) == (response.status < 300)
        assert response.media_type == "application/json"


@SETTINGS
@given(LATIN)
def test_no_odd_authorization_is_anything_but_a_401(world, header):
    assert world.answer(Request("GET", "/creators", "", (("Authorization", header),))).status == 401
