"""Drafts of valid requests keep to the contract."""

import json
import re
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from drafts import (
    IDS,
    MARKER,
    OPERATIONS,
    TODAY,
    broken,
    each_operation,
    each_with_path,
    endpoint,
    everything,
    handles,
    is_valid,
    query_value,
)

from goatcheck.contract.parts import Operation, Parameter
from goatcheck.drawing import Draft, Draw, Endpoint
from goatcheck.drawing.shapes import fits
from goatcheck.drawing.values import random_values
from goatcheck.errors import GeneratorError


@each_operation
def test_valid_requests_fit_the_documented_schemas_and_the_sure_ones(name):
    one = endpoint(name)
    for draft in (one.valid(IDS, marker=MARKER), *one.valids(99, IDS, marker=MARKER)):
        request = draft.request()
        given = dict(request.parameters)
        assert len(given) == len(request.parameters)
        for parameter in one.operation.query_parameters:
            if parameter.name in given:
                value = query_value(parameter, given.pop(parameter.name))
                assert parameter.sure is not None
                assert is_valid(parameter.schema, value), draft
                assert is_valid(parameter.sure, value), draft
        assert given == {}
        assert (request.body is None) == (one.operation.body is None)
        if request.body is not None:
            assert request.header("content-type") == "application/json"
            assert is_valid(one.operation.body, request.document.value), draft
            assert is_valid(one.operation.sure_body or {}, request.document.value), draft
        assert draft.broken == ()


@each_operation
def test_drafts_name_their_operation_and_are_served_by_it(name):
    one = endpoint(name)
    for draft in everything(one):
        assert draft.operation == name
        assert draft.method == one.operation.method
        assert one.operation.serves(draft.path)


@each_operation
def test_no_draft_carries_a_key(name):
    assert all(draft.request().header("authorization") is None for draft in everything(endpoint(name)))


@each_operation
def test_every_draft_goes_through_httpx_unchanged(name):
    for draft in everything(endpoint(name)):
        request = draft.request()
        url = httpx.URL(f"http://127.0.0.1/api/v1{request.target}")
        headers = [(key, value.encode("latin-1")) for key, value in request.headers]
        sent = httpx.Request(request.method, url, headers=headers, content=request.body)
        assert sent.url.raw_path.decode() == f"/api/v1{request.target}"
        assert sent.read() == (request.body or b"")


@each_operation
def test_causes_of_fixed_drafts_are_their_own(name):
    one = endpoint(name, Draw(7, max_examples=0))
    causes = [draft.cause for draft in broken(one)]
    assert len(set(causes)) == len(causes)
    assert all(draft.broken for draft in broken(one) if not re.match("tiktok_handle:|name:|readme:", draft.cause))


def test_equal_seeds_give_equal_drafts():
    assert [everything(endpoint(name, Draw(3))) for name in OPERATIONS] == [
        everything(endpoint(name, Draw(3))) for name in OPERATIONS
    ]


def test_threads_that_share_a_draw_get_the_same_drafts():
    draw = Draw(3)
    random_values.cache_clear()
    names = list(OPERATIONS)
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda name: everything(endpoint(name, draw)), names + names[::-1]))
    expected = [everything(endpoint(name, Draw(3))) for name in names]
    assert found == expected + expected[::-1]


def test_other_seeds_give_other_drafts():
    name = "POST /projects/{projectId}/creators"
    assert endpoint(name, Draw(3)).valids(99, IDS) != endpoint(name, Draw(4)).valids(99, IDS)


def test_drawing_everything_is_quick():
    for name in OPERATIONS:
        everything(endpoint(name, Draw(1)))
    start = time.process_time()
    drafts = [draft for name in OPERATIONS for draft in everything(endpoint(name, Draw(5)))]
    assert time.process_time() - start < 3
    assert 300 < len(drafts) < 1600


@each_with_path
def test_ids_of_a_path_come_from_the_names_or_kinds_given_else_they_mean_nothing(name):
    one = endpoint(name)
    parameter = one.operation.path_parameters[-1]
    absent = one.absent()[parameter.name]
    assert uuid.UUID(absent).version == 4
    assert f"/{absent}" in one.valid().path
    assert f"/{IDS[parameter.resource]}" in one.valid(IDS).path
    assert "/chosen" in one.valid({**IDS, parameter.name: "chosen"}).path


def test_operations_without_ids_have_no_absent_ones():
    assert endpoint("GET /projects").absent() == {}


def test_the_smallest_query_has_what_is_required_and_days_of_the_last_week():
    one = endpoint("GET /analytics")
    assert dict(one.valid(IDS).request().parameters) == {
        "entity": "creator",
        "entity_id": IDS["creator"],
        "metric": "views",
        "from": "2026-02-26",
        "to": "2026-03-01",
    }
    assert endpoint("GET /creators").valid(IDS).query == ()


def test_members_override_the_body_or_the_query():
    create = endpoint("POST /projects/{projectId}/creators")
    assert create.valid(IDS, tiktok_handle="billy").request().document.value == {"tiktok_handle": "billy"}
    both = create.valid(IDS, marker=MARKER, tracking_mode="auto").request().document.value
    assert both["tracking_mode"] == "auto"
    assert both["tiktok_handle"].startswith(MARKER)
    bulk = [{"tiktok_handle": "a"}, {"tiktok_handle": "b"}]
    assert create.valid(IDS, creators=bulk).request().document.value == {"creators": bulk}
    change = endpoint("PATCH /creators/{id}")
    assert change.valid(IDS, tiktok_handle="billy").request().document.value == {"tiktok_handle": "billy"}
    assert endpoint("GET /creators").valid(IDS, limit=3, search="billy").request().query == "limit=3&search=billy"


def test_a_change_of_at_least_one_member_is_one_sure_member():
    for name in ("PATCH /creators/{id}", "PATCH /campaigns/{id}", "PATCH /payout-methods/{id}"):
        assert len(endpoint(name).valid(IDS).request().document.value) == 1


def test_an_id_in_a_body_is_of_the_kind_that_another_member_tells():
    assert endpoint("POST /campaigns/{id}/items").valid(IDS).request().document.value == {
        "item_type": "creator",
        "item_id": IDS["creator"],
    }


def test_what_an_id_may_be_that_of_is_asked_of_each_kind_that_is_given():
    known = {kind: value for kind, value in IDS.items() if kind != "video"}
    (item,) = endpoint("POST /campaigns/{id}/items").of_other_kinds({**known, "id": IDS["project"]})
    assert item.path.startswith(f"/campaigns/{IDS['project']}/")
    assert item.request().document.value == {"item_type": "campaign", "item_id": IDS["campaign"]}
    (figures,) = endpoint("GET /analytics").of_other_kinds(IDS)
    query = dict(figures.request().parameters)
    assert (query["entity"], query["entity_id"]) == ("campaign", IDS["campaign"])
    assert endpoint("GET /analytics").of_other_kinds({"creator": IDS["creator"]}) == ()
    assert endpoint("GET /creators").of_other_kinds(IDS) == ()


def test_beside_a_page_each_parameter_is_wrong_in_turn():
    page = endpoint("GET /videos").valid(IDS, limit=1, cursor="c")
    wrong = [dict(draft.request().parameters) for draft in endpoint("GET /videos").broken_beside(page)]
    assert all(query["cursor"] == "c" for query in wrong)
    assert sorted(query.keys() - {"cursor", "limit"} for query in wrong) == [set(), {"creator_id"}, {"project_id"}]


def test_notes_are_what_takes_any_text_and_names_nothing():
    assert endpoint("PATCH /campaigns/{id}").notes == ("readme",)
    assert endpoint("PATCH /payout-methods/{id}").notes == ()
    assert endpoint("DELETE /campaigns/{id}").notes == ()


def values_of(name, member):
    return [
        draft.request().document.value.get(member, "absent") for draft in endpoint(name).valids(99, IDS, marker=MARKER)
    ]


def parameters_of(name, parameter):
    drafts = endpoint(name).valids(99, IDS)
    return {dict(draft.request().parameters).get(parameter) for draft in drafts}


def test_the_edges_of_what_is_documented_as_valid_are_tried():
    create = [value for value in values_of("POST /projects/{projectId}/creators", "tiktok_handle") if value != "absent"]
    assert {1, 30} <= {len(value) for value in create}
    assert all(any(f"{sign}{sign}" in value and value.endswith(sign) for value in create) for sign in "._-")
    assert {"auto", "selective"} <= set(values_of("POST /projects/{projectId}/creators", "tracking_mode"))
    bulk = [value for value in values_of("POST /projects/{projectId}/creators", "creators") if value != "absent"]
    assert bulk
    assert {len(value) for value in bulk} == {2}
    assert {1, 200} <= {len(value) for value in values_of("POST /projects/{projectId}/campaigns", "name")}
    assert {1, 100} <= {len(value) for value in values_of("POST /payout-methods", "name")}
    assert None in values_of("PATCH /creators/{id}", "readme")
    assert any(isinstance(value, str) for value in values_of("PATCH /creators/{id}", "readme"))
    assert {1, 1_000_000_000} <= {
        value for value in values_of("PATCH /campaigns/{id}", "target_views") if value != "absent"
    }
    assert {"1", "100", None} <= parameters_of("GET /creators", "limit")
    assert {IDS["project"], None} <= parameters_of("GET /creators", "project_id")
    assert {"creator", "campaign"} <= parameters_of("GET /analytics", "entity")
    assert {IDS["creator"], IDS["campaign"]} <= parameters_of("GET /analytics", "entity_id")
    assert {"2026-02-24", "2026-02-26"} <= parameters_of("GET /analytics", "from")
    assert {"2026-02-27", "2026-03-01"} <= parameters_of("GET /analytics", "to")


@each_operation
def test_edges_come_first_and_no_more_is_drawn_than_is_wanted(name):
    one = endpoint(name)
    every = one.valids(99, IDS, marker=MARKER)
    for count in (0, 1, 3):
        assert one.valids(count, IDS, marker=MARKER) == every[:count]
    causes = [draft.cause == "drawn" for draft in every]
    assert causes == sorted(causes)
    assert endpoint(name, Draw(7, max_examples=0)).valids(99, IDS, marker=MARKER) == tuple(
        d for d in every if d.cause != "drawn"
    )


def test_where_requests_are_dear_one_is_at_the_edges_of_all_its_members():
    few = endpoint("PATCH /campaigns/{id}").valids_together(4, IDS, marker=MARKER)
    assert [draft.cause for draft in few] == ["smallest", "nulls", "together-1", "together-2"]
    nulls, *bodies = [json.loads(draft.body) for draft in few[1:]]
    assert nulls == {"readme": None}
    assert len(bodies[0]["name"]) == 200
    assert set(" ._-G7") < set(bodies[0]["name"])
    assert all(body.keys() == {"name", "readme", "target_views"} for body in bodies)
    queries = [draft.query for draft in endpoint("GET /creators").valids_together(9, IDS)]
    assert {dict(query).get("limit") for query in queries} == {None, "1", "100"}


@each_operation
def test_what_is_at_several_edges_at_once_is_documented_as_valid(name):
    one = endpoint(name)
    for draft in one.valids_together(9, IDS, marker=MARKER):
        if draft.body is not None:
            assert fits(one.operation.sure_body, json.loads(draft.body))
        for parameter, value in dict(draft.query).items():
            schema = next(p.sure for p in one.operation.query_parameters if p.name == parameter)
            assert fits(schema, value) or fits(schema, json.loads(value))
    assert bool(one.valids_together(9, IDS)) == bool(one.valids(9, IDS))


def test_a_few_valid_requests_are_of_many_kinds():
    few = endpoint("POST /projects/{projectId}/creators").valids(6, IDS, marker=MARKER)
    assert [draft.cause for draft in few] == [
        "smallest:tiktok_handle",
        "smallest:creators",
        "all:tiktok_handle",
        "tiktok_handle:30-characters-5-signs",
        "tracking_mode:auto",
        "tiktok_handle:one-character",
    ]
    assert [draft.cause for draft in endpoint("GET /creators").valids(6, IDS)] == [
        "smallest",
        "all",
        "project_id:given",
        "search:plain",
        "limit:1",
        "search:12-characters",
    ]


def test_nothing_is_surely_valid_without_the_ids_it_needs():
    analytics = endpoint("GET /analytics")
    assert analytics.valids(9) == ()
    campaign = {"campaign": IDS["campaign"]}
    assert {dict(draft.request().parameters)["entity"] for draft in analytics.valids(99, campaign)} == {"campaign"}
    assert endpoint("GET /creators").valids(99, {})
    assert {dict(draft.request().parameters).get("project_id") for draft in endpoint("GET /creators").valids(99)} == {
        None
    }
    assert endpoint("POST /campaigns/{id}/items").valids(9, IDS) == ()


def test_handles_are_unique_whatever_their_letter_case_and_marked_where_there_is_room():
    one = endpoint("POST /projects/{projectId}/creators", Draw(7, max_examples=20))
    found = [handle for draft in one.valids(99, IDS, marker=MARKER) for handle in handles(draft)]
    assert len(set(found)) == len(found) > 30
    assert [handle for handle in found if not handle.startswith(MARKER)] == [h for h in found if len(h) == 1]


def test_a_marker_that_is_too_long_leaves_names_unique_by_their_end():
    one = endpoint("POST /projects/{projectId}/creators")
    found = [handle for draft in one.valids(99, IDS, marker="g" * 40) for handle in handles(draft)]
    assert len(set(found)) == len(found)


def test_two_markers_make_two_names():
    one = endpoint("POST /payout-methods")
    assert one.valid(marker="gc-a-").body != one.valid(marker="gc-b-").body
    assert one.valid(marker="gc-a-") == one.valid(marker="gc-a-")


def test_an_operation_of_another_contract_is_drawn_from_its_schemas_alone():
    mood = {
        "type": "object",
        "properties": {"mood": {"enum": ["calm", "wild"]}, "on": {"type": "boolean"}},
        "required": ["mood"],
    }
    strict = {"type": "string", "enum": ["calm"]}
    operation = Operation(
        "PUT /goats/{goat}",
        "PUT",
        "/goats/{goat}",
        (
            Parameter("goat", "path", required=True, schema={"type": "string"}, resource="goat"),
            Parameter("mode", "query", required=True, schema=strict, sure=strict),
        ),
        mood,
        mood,
    )
    one = Endpoint(operation, Draw(1), TODAY)
    drafts = one.valids(99, {"goat": "billy"})
    assert {draft.path for draft in drafts} == {"/goats/billy"}
    assert {draft.query for draft in drafts} == {(("mode", "calm"),)}
    values = [draft.request().document.value for draft in drafts]
    assert {"mood": "calm", "on": True} in values
    assert {"mood": "wild"} in values
    assert one.broken_queries() == ()


def test_unions_of_types_are_drawn_from_each_of_their_parts():
    size = {"anyOf": [{"type": "integer", "minimum": 3}, {"type": "null"}]}
    schema = {"type": "object", "properties": {"size": size}, "required": ["size"]}
    one = Endpoint(Operation("PUT /goats", "PUT", "/goats", (), schema, schema), Draw(1), TODAY)
    assert {3, None} <= {draft.request().document.value["size"] for draft in one.valids(99)}
    causes = {draft.cause for draft in one.broken_bodies()}
    assert "size:text" in causes
    assert "size:null" not in causes


def test_a_schema_of_which_no_value_is_known_is_our_fault_and_is_shown():
    schema = {"type": "object", "properties": {"when": {"type": "string", "format": "time"}}, "required": ["when"]}
    one = Endpoint(Operation("PUT /goats", "PUT", "/goats", (), schema, schema), Draw(1), TODAY)
    with pytest.raises(GeneratorError, match='"format": "time"'):
        one.valid()


def test_a_parameter_takes_the_place_of_others_of_its_name():
    draft = Draft("GET", "/analytics", (("from", "2026-06-01"), ("metric", "views")))
    assert draft.with_parameter("from", "2019-01-01").request().query == "metric=views&from=2019-01-01"
    assert draft.with_query("a=&from=x").with_parameter("from", "y z").request().query == "a=&from=y%20z"
