"""What is documented as valid: the parts that `x-sure` marks, and no others."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator

from goatcheck.contract import load
from goatcheck.contract.surely import sure

CONTRACT = load()
PLAIN = {"type": "string"}
SURE = {"type": "string", "x-sure": True}


@pytest.mark.parametrize(
    ("schema", "part"),
    [
        (PLAIN, None),
        (SURE, PLAIN),
        ({"type": "string", "x-sure": {"maxLength": 3}}, {"type": "string", "maxLength": 3}),
        ({"type": ["number", "null"], "x-sure": {"type": "integer"}}, {"type": "integer"}),
        ({"type": "array", "items": PLAIN}, None),
        ({"type": "array", "items": PLAIN, "x-sure": True}, {"type": "array", "items": PLAIN}),
        ({"type": "array", "items": SURE, "x-sure": {"minItems": 2}}, {"type": "array", "items": PLAIN, "minItems": 2}),
        ({"oneOf": [PLAIN, SURE]}, {"oneOf": [PLAIN]}),
        ({"oneOf": [PLAIN]}, None),
        ({"properties": {"a": PLAIN}}, None),
        ({"required": ["a"], "properties": {"a": PLAIN, "b": SURE}}, None),
        (
            {"required": ["b"], "properties": {"a": PLAIN, "b": SURE}},
            {"required": ["b"], "properties": {"b": PLAIN}, "additionalProperties": False},
        ),
        (
            {"properties": {"a": PLAIN, "b": SURE}, "anyOf": [{"required": ["a"]}, {"required": ["b"]}]},
            {"properties": {"b": PLAIN}, "additionalProperties": False, "anyOf": [{"required": ["b"]}]},
        ),
    ],
)
def test_the_sure_part_of_a_schema(schema, part):
    assert sure(schema) == part


def test_what_may_be_sent_as_valid_is_what_the_documents_show():
    marked = {(o.id, p.name) for o in CONTRACT.operations for p in o.query_parameters if p.sure is not None}
    assert marked == {
        ("GET /creators", "project_id"), ("GET /creators", "search"), ("GET /creators", "limit"),
        ("GET /videos", "project_id"), ("GET /videos", "creator_id"), ("GET /videos", "limit"),
        ("GET /campaigns", "project_id"), ("GET /campaigns", "limit"),
        ("GET /analytics", "entity"), ("GET /analytics", "entity_id"), ("GET /analytics", "metric"),
        ("GET /analytics", "from"), ("GET /analytics", "to"),
        ("GET /projects/{projectId}/goal-compliance", "creator_id"),
    }  # fmt: skip
    assert {o.id for o in CONTRACT.operations if o.body and not o.sure_body} == {"POST /campaigns/{id}/items"}


def test_bulk_is_sure_for_two():
    _, bulk = CONTRACT.operation("POST", "/projects/p/creators").sure_body["oneOf"]
    creators = bulk["properties"]["creators"]
    assert (creators["minItems"], creators["maxItems"]) == (2, 2)
    assert set(creators["items"]["properties"]) == {"tiktok_handle", "tracking_mode"}


def values(schema):
    """Values of a schema, drawn as the body of an operation."""
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    paths = {"/": {"post": {"requestBody": body, "responses": {"200": {"description": "OK"}}}}}
    document = {"openapi": "3.1.0", "info": {"title": "values", "version": "1"}, "paths": paths}
    operation = schemathesis.openapi.from_dict(document)["/"]["POST"]
    return operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE).map(lambda case: case.body)


@pytest.mark.parametrize("operation", [o for o in CONTRACT.operations if o.sure_body], ids=lambda o: o.id)
def test_what_is_sure_of_a_body_is_valid_as_a_whole(operation):
    @settings(
        max_examples=10, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(values(operation.sure_body))
    def judged(body):
        assert not list(Draft202012Validator(operation.body).iter_errors(body))

    judged()


PARAMETERS = {p.name: p for o in CONTRACT.operations for p in o.query_parameters if p.sure is not None}


@pytest.mark.parametrize("name", PARAMETERS)
def test_what_is_sure_of_a_parameter_is_valid_as_a_whole(name):
    parameter = PARAMETERS[name]

    @settings(
        max_examples=5, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(values(parameter.sure))
    def judged(value):
        assert not list(Draft202012Validator(parameter.schema).iter_errors(value))

    judged()
