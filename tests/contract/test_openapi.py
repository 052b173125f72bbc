"""The OpenAPI description: complete, sound, with examples that fit their schemas."""

import datetime as dt
import json
from urllib.parse import urldefrag

import pytest
import schemathesis
from jsonschema import Draft202012Validator, FormatChecker

from goatcheck.contract import CURRENT, bundled, load
from goatcheck.contract.references import References
from goatcheck.rooms import room

CONTRACT = load()
REFERENCES = References.among({**CONTRACT.schemas, "openapi.yaml": CONTRACT.document})
EVERYWHERE = {"401", "403.scope", "403.banned", "400.query", "400.body", "400.params", "429.window", "429.daily", "500"}
FORMATS = FormatChecker(["uuid", "date"])


def responses(operation):
    described = CONTRACT.document["paths"][operation.template][operation.method.lower()]["responses"]
    return {status: REFERENCES.inlined(response) for status, response in described.items()}


def examples(operation):
    """Status, name, schema, value of each example of a response in JSON."""
    for status, response in responses(operation).items():
        content = response.get("content", {}).get("application/json", {})
        for name, example in content.get("examples", {}).items():
            yield status, name, content["schema"], example["value"]


def walk(value):
    yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from walk(part)


def documents():
    return [("openapi.yaml", CONTRACT.document), *CONTRACT.schemas.items()]


def every(places):
    return pytest.mark.parametrize("operation", places, ids=lambda o: o.id)


def test_the_operations_are_the_documented_ones():
    assert {o.id for o in CONTRACT.operations} == {
        "GET /projects", "GET /creators", "POST /projects/{projectId}/creators", "PATCH /creators/{id}",
        "DELETE /creators/{id}", "GET /videos", "GET /campaigns", "POST /projects/{projectId}/campaigns",
        "PATCH /campaigns/{id}", "DELETE /campaigns/{id}", "POST /campaigns/{id}/items", "GET /analytics",
        "GET /payout-methods", "POST /payout-methods", "GET /payout-methods/{id}", "PATCH /payout-methods/{id}",
        "DELETE /payout-methods/{id}", "GET /projects/{projectId}/goal-compliance",
    }  # fmt: skip
    assert {o.id for o in CONTRACT.removed} == {"GET /creators/{id}/stats", "GET /campaigns/{id}/stats"}


def test_every_reference_leads_somewhere():
    for name, document in documents():
        for part in walk(document):
            if isinstance(part, dict) and isinstance(part.get("$ref"), str):
                REFERENCES.found(part["$ref"], name)


def test_schema_files_stand_alone():
    assert not [name for name, schema in CONTRACT.schemas.items() if "$ref" in json.dumps(schema)]


def test_every_schema_file_about_errors_is_used_by_the_description():
    used = {urldefrag(p["$ref"]).url for p in walk(CONTRACT.document) if isinstance(p, dict) and "$ref" in p}
    assert used - {""} == {name for name in CONTRACT.schemas if not name.startswith("status/")}


@every([*CONTRACT.operations, *CONTRACT.removed])
def test_every_example_fits_its_schema_and_is_named_by_its_variant(operation):
    seen = 0
    for status, name, schema, value in examples(operation):
        seen += 1
        assert not list(Draft202012Validator(schema, format_checker=FORMATS).iter_errors(value))
        if status >= "400":
            variant = CONTRACT.variant_by_id[name]
            assert str(variant.status) == status
            assert not list(Draft202012Validator(variant.schema).iter_errors(value["meta"]))
    assert seen


@every([*CONTRACT.operations, *CONTRACT.removed])
def test_every_error_response_refuses_the_success(operation):
    success = {"data": [], "error": None, "meta": None}
    assert not [
        status
        for status, _, schema, _ in examples(operation)
        if status >= "4" and Draft202012Validator(schema).is_valid(success)
    ]


@every([*CONTRACT.operations, *CONTRACT.removed])
def test_every_header_has_an_example_that_fits(operation):
    for status, response in responses(operation).items():
        headers = response.get("headers", {})
        assert list(headers) == {"401": ["WWW-Authenticate"], "429": ["Retry-After"]}.get(status, [])
        for header in headers.values():
            assert Draft202012Validator(header["schema"]).is_valid(header["example"])


@every(CONTRACT.operations)
def test_an_operation_shows_the_variants_that_it_can_answer_with(operation):
    shown = {name for status, name, _, _ in examples(operation) if status >= "4"}
    expected = set(EVERYWHERE)
    expected |= {"404"} if any(p.resource for p in operation.parameters) else set()
    expected |= {"402.limit"} if operation.makes else set()
    expected |= {"402.retention"} if operation.template == "/analytics" else set()
    assert shown - {"409"} == expected


def test_conflicts_are_shown_where_they_are_documented():
    assert {o.id for o in CONTRACT.operations if "409" in o.statuses} == {
        "POST /projects/{projectId}/creators", "PATCH /creators/{id}", "POST /projects/{projectId}/campaigns",
        "POST /campaigns/{id}/items", "POST /payout-methods", "DELETE /payout-methods/{id}",
    }  # fmt: skip


def test_only_removed_routes_answer_410():
    assert not [o.id for o in CONTRACT.operations if "410" in o.statuses]
    assert all("410" in o.statuses and o.removed for o in CONTRACT.removed)


def test_a_full_plan_names_the_limit_of_what_is_created():
    limits = {
        o.makes: value["meta"]["limitKey"]
        for o in CONTRACT.operations
        for _, name, _, value in examples(o)
        if name == "402.limit"
    }
    assert limits == {
        "creator": "max_creators_per_org",
        "campaign": "max_campaigns_per_project",
        "payout_method": "max_payout_methods_per_org",
    }
    assert set(limits.values()) <= set(CONTRACT.limit_keys)


def test_ids_say_what_they_are_of():
    assert {p.name: p.resource for o in CONTRACT.operations for p in o.parameters if p.resource and p.name != "id"} == {
        "projectId": "project", "project_id": "project", "creator_id": "creator", "entity_id": "entity",
    }  # fmt: skip
    for operation in CONTRACT.operations:
        assert operation.target == (operation.path_parameters[-1].resource if operation.path_parameters else "")


def test_what_is_documented_to_take_an_idempotency_key_repeats_its_answer_to_it():
    documented = {"POST /projects/{projectId}/creators", "POST /projects/{projectId}/campaigns"}
    assert {o.id for o in CONTRACT.operations if o.idempotent_by_key} == documented
    for operation in CONTRACT.operations:
        assert operation.idempotent_by_key == any(p.name == "Idempotency-Key" for p in operation.parameters)


@every([o for o in CONTRACT.operations if o.body])
def test_every_request_example_fits_its_schema(operation):
    described = CONTRACT.document["paths"][operation.template][operation.method.lower()]["requestBody"]
    for example in described["content"]["application/json"]["examples"].values():
        assert not list(Draft202012Validator(operation.body, format_checker=FORMATS).iter_errors(example["value"]))


def test_the_description_in_one_piece_refers_to_itself_only():
    document = bundled(CONTRACT)
    assert all(p["$ref"].startswith("#/") for p in walk(document) if isinstance(p, dict) and "$ref" in p)
    assert "$id" not in json.dumps(document)
    assert document["components"]["schemas"]["Envelope"]["properties"]["data"] == {"type": "null"}


def test_schemathesis_reads_every_operation_from_the_file_and_from_one_piece():
    expected = len(CONTRACT.operations) + len(CONTRACT.removed)
    path = room("contracts") / CURRENT / "openapi.yaml"
    for schema in (schemathesis.openapi.from_dict(bundled(CONTRACT)), schemathesis.openapi.from_path(path)):
        assert len([result.ok() for result in schema.get_all_operations()]) == expected


def test_days_ago_are_within_the_last_week_and_in_order():
    sure = {p.name: p.sure for p in CONTRACT.operation("GET", "/analytics").parameters}
    (first, last), (early, late) = sure["to"]["x-days-ago"], sure["from"]["x-days-ago"]
    assert 0 <= first <= last <= early <= late <= 6
    assert sure["from"]["format"] == sure["to"]["format"] == "date"
    assert dt.timedelta(days=late) < dt.timedelta(weeks=1)
