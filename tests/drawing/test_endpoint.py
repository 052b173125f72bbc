"""Drafts of valid requests keep to the contract; drafts of broken ones break it in the one place that they name."""

import datetime as dt
import json
import re
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from urllib.parse import unquote

import httpx
import jsonschema
import pytest

from goatcheck.contract.loading import load
from goatcheck.contract.parts import Operation, Parameter
from goatcheck.drawing import Draft, Draw, Endpoint
from goatcheck.drawing.shapes import fits
from goatcheck.drawing.values import random_values
from goatcheck.errors import GeneratorError

TODAY = dt.date(2026, 3, 2)
MARKER = "gc-1a2b3c-"
CONTRACT = load()
OPERATIONS = {operation.id: operation for operation in CONTRACT.operations}
KINDS = ("project", "creator", "campaign", "payout_method", "video")
IDS = {kind: str(uuid.uuid5(uuid.NAMESPACE_DNS, kind)) for kind in KINDS}
SAMPLES = {
    "tiktok_handle": "goat",
    "tracking_mode": "auto",
    "tracking_start_date": "2026-01-01",
    "creators": [{"tiktok_handle": "goat"}],
    "creators[1]": {"tiktok_handle": "goat"},
    "name": "goat",
    "readme": "goat",
    "target_views": 1,
    "target_at": "2026-01-01T00:00:00Z",
    "item_type": "creator",
    "item_id": IDS["creator"],
}
DRAW = Draw(7)


def endpoint(name, draw=DRAW):
    return Endpoint(OPERATIONS[name], draw, TODAY)


def broken(one):
    return (
        *one.broken_queries(IDS),
        *one.limits_out_of_range(IDS),
        *one.broken_bodies(IDS, marker=MARKER),
        *one.broken_paths(),
        *one.malformed(IDS, marker=MARKER),
    )


def everything(one):
    return (one.valid(IDS, marker=MARKER), *one.valids(99, IDS, marker=MARKER), *broken(one))


def is_valid(schema, value):
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    return jsonschema.Draft202012Validator(schema, format_checker=checker).is_valid(value)


def reads(reader, text):
    """Whether a lenient reader takes the text."""
    try:
        reader(text)
    except ValueError:
        return False
    return True


def query_value(parameter, text):
    return int(text) if parameter.schema.get("type") == "integer" else text


def handles(draft):
    value = draft.request().document.value
    return [one["tiktok_handle"].lower() for one in value.get("creators", [value]) if "tiktok_handle" in one]


each_operation = pytest.mark.parametrize("name", OPERATIONS)
each_with_body = pytest.mark.parametrize("name", [name for name, one in OPERATIONS.items() if one.body])
each_with_path = pytest.mark.parametrize("name", [name for name, one in OPERATIONS.items() if one.path_parameters])
each_with_query = pytest.mark.parametrize("name", [name for name, one in OPERATIONS.items() if one.query_parameters])


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
    assert all(any(sign in value.removeprefix(MARKER) for value in create) for sign in "._-")
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


@each_with_query
def test_a_broken_query_is_wrong_in_one_parameter_beyond_doubt(name):
    one = endpoint(name)
    good = dict(one.valid(IDS).request().parameters)
    for draft in one.broken_queries(IDS):
        place, kind, _ = draft.cause.split(":")
        given = dict(draft.request().parameters)
        wrong = given.pop(place)
        assert draft.broken == ("query",)
        assert {**given, place: good.get(place)} == {**good, place: good.get(place)}
        assert wrong.strip() == wrong != ""
        readers = {"not-a-uuid": uuid.UUID, "not-a-number": float, "not-a-date": dt.date.fromisoformat}
        assert not reads(readers[kind], wrong)
        assert kind != "not-a-number" or not reads(lambda text: int(text, 0), wrong)


def test_the_parameters_that_the_register_names_are_broken_and_no_others():
    broken_ones = {d.cause.split(":")[0] for name in OPERATIONS for d in endpoint(name).broken_queries(IDS)}
    assert broken_ones == {"project_id", "creator_id", "entity_id", "limit", "from", "to"}


def test_random_broken_values_are_bounded_by_the_draw():
    fixed = endpoint("GET /creators", Draw(7, max_examples=0)).broken_queries(IDS)
    more = endpoint("GET /creators", Draw(7, max_examples=4)).broken_queries(IDS)
    assert more[: len(fixed)] == fixed
    assert 0 < len(more) - len(fixed) <= 8


def test_limits_out_of_range_are_numbers_all_the_same():
    drafts = endpoint("GET /videos").limits_out_of_range(IDS)
    assert [draft.query for draft in drafts] == [(("limit", text),) for text in ("101", "1" + "0" * 20, "0", "-1")]


def repaired(cause, body):
    """The body with the place that the cause names put right."""
    value = json.loads(body)
    if cause == "missing:all":
        return {"readme": "goat"} if "readme" in value else {"name": "goat", "tiktok_handle": "goat"}
    place, _, kind = cause.rpartition(":")
    member = kind if place.endswith("missing") else place
    outer, _, inner = place.removesuffix("missing").rstrip(".").partition("[1]")
    if inner or (outer and "[1]" in place):
        name = member.rpartition(".")[2] if "." in place else None
        if place.endswith("missing") or name:
            value[outer][1][kind if place.endswith("missing") else name] = SAMPLES[
                kind if place.endswith("missing") else name
            ]
        else:
            value[outer][1] = SAMPLES["creators[1]"]
        return value
    return {**value, member: SAMPLES[member]}


@each_with_body
def test_a_broken_body_violates_the_schema_in_the_named_place_only(name):
    one = endpoint(name)
    for draft in one.broken_bodies(IDS, marker=MARKER):
        assert draft.broken == ("body",)
        assert draft.request().header("content-type") == "application/json"
        document = draft.request().document
        if draft.cause.startswith("not-json:"):
            assert document.problem
            continue
        assert not document.problem
        assert not is_valid(one.operation.body, document.value), draft
        if draft.cause.startswith("not-an-object:"):
            assert not isinstance(document.value, dict)
        else:
            assert is_valid(one.operation.body, repaired(draft.cause, draft.body)), draft


@pytest.mark.parametrize(
    ("name", "members"),
    [
        ("POST /projects/{projectId}/creators", "tiktok_handle tracking_mode tracking_start_date creators"),
        ("PATCH /creators/{id}", "readme tiktok_handle"),
        ("POST /projects/{projectId}/campaigns", "name"),
        ("PATCH /campaigns/{id}", "name readme target_at"),
        ("POST /campaigns/{id}/items", "item_type item_id"),
        ("POST /payout-methods", "name"),
        ("PATCH /payout-methods/{id}", "name"),
    ],
)
def test_every_member_is_broken_in_every_type_that_it_may_not_have(name, members):
    causes = {draft.cause for draft in endpoint(name).broken_bodies(IDS, marker=MARKER)}
    assert {f"{member}:{kind}" for member in members.split() for kind in ("number", "true", "object")} <= causes
    assert {f"not-an-object:{label}" for label in ("array", "string", "number", "null", "true")} <= causes
    assert {f"not-json:{label}" for label in ("truncated", "empty", "bare-word", "two-documents")} <= causes


def test_null_and_fractions_are_wrong_only_where_they_are_not_documented():
    causes = {draft.cause for draft in endpoint("PATCH /campaigns/{id}").broken_bodies(IDS)}
    assert {"target_views:text", "target_views:numeric-text", "name:null", "missing:all"} <= causes
    assert not causes & {"target_views:null", "target_views:fraction", "target_views:number", "readme:null"}


def test_bulk_items_are_broken_one_by_one():
    causes = {draft.cause for draft in endpoint("POST /projects/{projectId}/creators").broken_bodies(IDS)}
    assert {"creators[1]:text", "creators[1].missing:tiktok_handle", "creators[1].tracking_mode:true"} <= causes


def test_other_names_in_a_broken_body_carry_the_marker_and_are_unique():
    drafts = endpoint("POST /projects/{projectId}/creators").broken_bodies(IDS, marker=MARKER)
    bodies = [json.loads(d.body) for d in drafts if d.cause.startswith(("tracking", "creators[1]"))]
    names = [one["tiktok_handle"] for body in bodies for one in body.get("creators", [body])[:1]]
    assert len(names) > 20
    assert len(set(names)) == len(names)
    assert all(name.startswith(MARKER) for name in names)


def test_operations_without_a_body_have_no_broken_ones():
    assert endpoint("DELETE /creators/{id}").broken_bodies(IDS) == ()


@each_with_path
def test_a_broken_path_has_one_id_that_is_no_uuid(name):
    one = endpoint(name)
    good = one.valid()
    drafts = one.broken_paths()
    assert len(drafts) > 5
    for draft in drafts:
        assert draft.broken == ("path",)
        assert replace(draft, path=good.path, cause="", broken=()) == good
        differing = [a for a, b in zip(draft.path.split("/"), good.path.split("/"), strict=True) if a != b]
        assert len(differing) == 1
        assert not reads(uuid.UUID, unquote(differing[0]))


@each_operation
def test_malformed_requests_bend_bodies_types_and_queries(name):
    one = endpoint(name)
    causes = {draft.cause for draft in one.malformed(IDS, marker=MARKER)}
    assert {"query:nul", "query:twice", "query:brackets", "query:long"} <= causes
    if one.operation.body is None:
        assert {"needless-body:json", "needless-body:broken-json"} <= causes
    else:
        wanted = "type:none type:text coding:gzip bytes:not-utf-8 bytes:utf-16 value:deep-array value:many-digits"
        assert set(wanted.split()) <= causes


def test_malformed_bodies_are_what_their_causes_say():
    bodies = {d.cause: d.request() for d in endpoint("PATCH /campaigns/{id}").malformed(IDS, marker=MARKER)}
    assert bodies["type:none"].header("content-type") is None
    assert bodies["coding:gzip"].header("content-encoding") == "gzip"
    assert "byte order mark" in bodies["bytes:byte-order-mark"].document.problem
    assert "not UTF-8" in bodies["bytes:not-utf-8"].document.problem
    assert bodies["value:members-twice"].document.repeated == ("name",)
    assert bodies["value:huge-exponent"].body == b'{"target_views": 1e400}'
    assert "\ud800" in bodies["name:lone-surrogate"].document.value["name"]
    assert "\0" in bodies["readme:nul"].document.value["readme"]
    assert bodies["bytes:truncated"].document.problem


def test_names_in_malformed_bodies_carry_the_marker():
    drafts = endpoint("POST /payout-methods").malformed(marker=MARKER)
    names = [draft.request().document.value["name"] for draft in drafts if draft.cause.startswith("name:")]
    assert names
    assert all(name.startswith(MARKER) for name in names)


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
