"""The schemas: sound, and no stricter than what is documented."""

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator

from goatcheck.contract import load

CONTRACT = load()


def holds(schema, value):
    """Both libraries, which have to agree."""
    answers = {
        Draft202012Validator(schema).is_valid(value),
        jsonschema_rs.Draft202012Validator(dict(schema)).is_valid(value),
    }
    assert len(answers) == 1
    return answers.pop()


def meta(variant, value):
    return holds(CONTRACT.variant_by_id[variant].schema, value)


@pytest.mark.parametrize("name", CONTRACT.schemas)
def test_every_schema_is_one(name):
    schema = CONTRACT.schemas[name]
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"].endswith(f"/{CONTRACT.version}/{name}")
    assert schema["title"]
    assert schema["description"]
    Draft202012Validator.check_schema(schema)
    jsonschema_rs.meta.validate(schema)


@pytest.mark.parametrize("variant", CONTRACT.variants, ids=lambda v: v.id)
def test_every_variant_fits_its_own_schemas_and_no_other_selection(variant):
    example = variant.example
    assert holds(CONTRACT.schemas["envelope.json"], example)
    assert not holds(CONTRACT.schemas["success.json"], example)
    assert holds(variant.schema, example["meta"])
    selected = [
        v.id for v in CONTRACT.variants if v.status == variant.status and v.select and holds(v.select, example["meta"])
    ]
    assert selected == ([variant.id] if variant.select else [])
    of_status = CONTRACT.schemas.get(f"status/{variant.status}.json")
    assert of_status is None or holds(of_status, example["meta"])


@pytest.mark.parametrize("status", CONTRACT.statuses)
def test_the_rest_of_a_status_falls_to_one_variant_at_most(status):
    assert sum(v.status == status and v.select is None for v in CONTRACT.variants) <= 1


def test_the_schema_of_a_status_lists_the_codes_of_its_variants():
    for status in (400, 402, 429):
        codes = {code for code, statuses in CONTRACT.codes.items() if status in statuses}
        schema = CONTRACT.schemas[f"status/{status}.json"]
        assert all(holds(schema, {"code": code, "more": 1}) for code in codes)
        assert not any(holds(schema, bad) for bad in ({"code": "other"}, {}, None, [], {"code": None}))


@pytest.mark.parametrize(
    ("variant", "value"),
    [
        ("400.query", {"code": "invalid_query", "issues": [{"path": ["limit"]}]}),
        ("401", {"code": "invalid_api_key", "hint": None}),
        ("402.limit", {"code": "limit_reached", "limitKey": "x", "current": 7.0, "max": 0, "plan": "free"}),
        ("402.retention", {"code": "retention_exceeded", "retentionDays": 90}),
        ("403.scope", {"code": "insufficient_scope", "required": "admin", "granted": []}),
        ("403.scope", {"code": "insufficient_scope", "required": "read", "granted": ["write", "beta"]}),
        ("403.banned", None),
        ("403.banned", {}),
        ("403.banned", {"code": "org_banned"}),
        ("404", None),
        ("404", {"id": "x"}),
        ("409", {"code": "duplicate"}),
        ("410", {"code": "gone", "use": "/analytics"}),
        ("429.window", {"code": "rate_limit_exceeded", "bucket": "v1Api", "retryAfter": 0, "limit": 60}),
        ("429.daily", {"code": "rate_limit_exceeded"}),
        ("429.daily", {"code": "rate_limit_exceeded", "retryAfter": 86400.0, "resetsAt": "00:00"}),
        ("500", {"code": "internal_error", "requestId": "r"}),
    ],
)
def test_what_the_documents_leave_open_is_accepted(variant, value):
    assert meta(variant, value)


@pytest.mark.parametrize(
    ("variant", "value"),
    [
        ("400.body", {"code": "invalid_query"}),
        ("401", None),
        ("401", {"code": "unauthorized"}),
        ("402.limit", {"code": "limit_reached", "limitKey": "", "current": 5, "max": 5}),
        ("402.limit", {"code": "limit_reached", "limitKey": "x", "current": "5", "max": 5}),
        ("402.limit", {"code": "limit_reached", "limitKey": "x", "current": 5, "max": -1}),
        ("402.limit", {"code": "limit_reached", "limitKey": "x", "current": 5.5, "max": 5}),
        ("402.limit", {"code": "limit_reached", "limitKey": "x", "max": 5}),
        ("402.retention", {}),
        ("403.scope", {"code": "insufficient_scope", "required": "owner", "granted": []}),
        ("403.scope", {"code": "insufficient_scope", "required": "write", "granted": ["read", "read"]}),
        ("403.scope", {"code": "insufficient_scope", "required": "write", "granted": "read"}),
        ("403.scope", {"code": "insufficient_scope", "required": "write", "granted": [1]}),
        ("403.banned", {"code": "insufficient_scope"}),
        ("404", []),
        ("409", {"code": ""}),
        ("410", {"code": 410}),
        ("429.window", {"code": "rate_limit_exceeded", "bucket": "", "retryAfter": 7}),
        ("429.window", {"code": "rate_limit_exceeded", "bucket": "b", "retryAfter": "7"}),
        ("429.window", {"code": "rate_limit_exceeded", "bucket": "b", "retryAfter": -1}),
        ("429.window", {"code": "too_many_requests", "bucket": "b", "retryAfter": 7}),
        ("429.daily", {"code": "rate_limit_exceeded", "retryAfter": 86401}),
        ("429.daily", {}),
        ("500", {"code": "oops"}),
    ],
)
def test_what_the_documents_rule_out_is_refused(variant, value):
    assert not meta(variant, value)


def test_the_part_of_a_schema_that_judges_a_429_leaves_the_code_to_the_row_about_codes():
    detail = CONTRACT.schemas["meta/429.window.json"]["allOf"][0]
    assert holds(detail, {"code": "too_many_requests", "bucket": "b", "retryAfter": 7})
    assert not holds(detail, {"code": "rate_limit_exceeded", "bucket": "b"})
    assert not holds(detail, None)


@pytest.mark.parametrize(
    ("body", "fits"),
    [
        ({"data": None, "error": "no"}, True),
        ({"data": None, "error": "no", "meta": None}, True),
        ({"data": None, "error": "no", "meta": {"code": "x"}, "trace": 1}, True),
        ({"data": None, "error": " \n", "meta": None}, False),
        ({"data": None, "error": None, "meta": None}, False),
        ({"data": {}, "error": "no", "meta": None}, False),
        ({"error": "no", "meta": None}, False),
        ({"data": None, "meta": None}, False),
        ({"data": None, "error": "no", "meta": []}, False),
        ([], False),
    ],
)
def test_the_error_envelope_is_as_strict_as_its_musts(body, fits):
    assert holds(CONTRACT.schemas["envelope.json"], body) is fits


@pytest.mark.parametrize(
    ("body", "fits"),
    [
        ({"data": [], "error": None, "meta": {"nextCursor": "c", "total": 3}}, True),
        ({"data": None, "error": None, "meta": None}, True),
        ({"data": [], "error": "", "meta": None}, False),
        ({"error": None, "meta": None}, False),
        ({"data": [], "meta": None}, False),
        ({"data": [], "error": None, "meta": []}, False),
    ],
)
def test_the_success_envelope_has_data_and_no_error(body, fits):
    assert holds(CONTRACT.schemas["success.json"], body) is fits
