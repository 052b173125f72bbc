"""Drafts of broken requests break the contract in the one place that they name."""

import datetime as dt
import json
import uuid
from dataclasses import replace
from urllib.parse import unquote

import pytest
from drafts import (
    IDS,
    MARKER,
    OPERATIONS,
    SAMPLES,
    each_operation,
    each_with_body,
    each_with_path,
    each_with_query,
    endpoint,
    is_valid,
    reads,
)

from goatcheck.drawing import Draw


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
