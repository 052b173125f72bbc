"""What is odd is so in one place, and can be sent."""

import datetime as dt
import json

import h11
import pytest

from goatcheck.contract import load
from goatcheck.drawing import Draw, Endpoint
from goatcheck.drawing.odd import ODD_KEYS, ODDITIES, large

OPERATIONS = {operation.id: operation for operation in load().operations}
IDS = {"project": "0d9e8f7a-6b5c-4d3e-a2f1-0a1b2c3d4e5f", "creator": "0d9e8f7a-6b5c-4d3e-a2f1-0a1b2c3d4e50"}

each_operation = pytest.mark.parametrize("name", OPERATIONS)


def endpoint(name):
    return Endpoint(OPERATIONS[name], Draw(1), dt.date(2026, 6, 15))


def odd(name):
    return {d.cause: d for d in endpoint(name).malformed(IDS, marker="gc-m") if d.cause.startswith("odd-")}


@each_operation
def test_every_id_and_every_free_parameter_is_written_oddly(name):
    causes = {cause.partition(":")[0] for cause in odd(name)}
    operation = OPERATIONS[name]
    assert ("odd-path" in causes) == bool(operation.path_parameters)
    wanted = {f"odd-{p.name}" for p in operation.query_parameters if "enum" not in p.schema}
    assert wanted <= causes


@each_operation
def test_an_odd_request_is_odd_in_one_place(name):
    valid = endpoint(name).valid(IDS, marker="gc-m")
    for draft in odd(name).values():
        changed = {place for place in ("path", "query", "body") if getattr(draft, place) != getattr(valid, place)}
        assert changed == set(draft.broken)


def test_days_times_numbers_and_lists_in_bodies_are_odd_too():
    creation = odd("POST /projects/{projectId}/creators")
    assert creation["odd-tracking_start_date:last-year"].request().document.value["tracking_start_date"] == "9999-12-31"
    assert isinstance(creation["odd-creators:nested"].request().document.value["creators"][0], list)
    change = odd("PATCH /campaigns/{id}")
    assert {"odd-target_at:leap-second", "odd-target_views:-1", "odd-target_views:1e+308"} <= change.keys()
    item = odd("POST /campaigns/{id}/items")["odd-item_id:capitals"].request().document.value["item_id"]
    assert item.isupper()


def test_many_at_once_could_never_be_made():
    body = odd("POST /projects/{projectId}/creators")["odd-creators:many"].request().document.value
    assert len(body["creators"]) > 50
    assert not any(body["creators"])


@pytest.mark.parametrize("change", [change for _, change in ODDITIES], ids=[label for label, _ in ODDITIES])
def test_odd_header_fields_can_be_sent(change):
    draft = change(endpoint("POST /payout-methods").valid())
    headers = [("Host", "goat"), *((name, value.encode("latin-1")) for name, value in draft.headers)]
    h11.Request(method="POST", target="/", headers=headers)
    assert json.loads(draft.body) == json.loads(endpoint("POST /payout-methods").valid().body)
    assert draft != endpoint("POST /payout-methods").valid()


def test_a_large_body_means_what_it_meant():
    plain = endpoint("POST /payout-methods").valid()
    assert [json.loads(draft.body) == json.loads(plain.body) for draft in large(plain)] == [True, True]
    assert [len(draft.body) > size for draft, size in zip(large(plain), (100_000, 1_000_000), strict=True)] == [
        True,
        True,
    ]


def test_odd_idempotency_keys_can_be_sent():
    for _, value in ODD_KEYS:
        h11.Request(method="POST", target="/", headers=[("Host", "goat"), ("Idempotency-Key", value.encode("latin-1"))])


@each_operation
def test_where_requests_are_dear_two_are_odd_all_over(name):
    operation, drafts = OPERATIONS[name], endpoint(name).oddest(IDS, marker="gc-m")
    assert 1 <= len(drafts) <= 2
    first = drafts[0]
    assert first.request().header("traceparent")
    assert all(part.isupper() for part in first.path.split("/")[2:3] if operation.path_parameters)
    given = dict(first.query)
    usual = dict(endpoint(name).valid(IDS).query)
    for parameter in operation.query_parameters:
        if parameter.name in given:
            assert given[parameter.name] != usual.get(parameter.name)
    assert (first.request().header("idempotency-key") == "") == operation.writes
    for draft in drafts:
        headers = [("Host", "goat"), *((field, value.encode("latin-1")) for field, value in draft.headers)]
        h11.Request(method=draft.method, target="/", headers=headers)
