"""Each kind of change between two contracts is found, and told as breaking or additive by the rule that says why."""

from dataclasses import replace

import pytest

from goatcheck.contract import Operation, Parameter, Requirement, load
from goatcheck.contract_diff import Change, difference
from goatcheck.contract_diff.change import RULES
from goatcheck.contract_diff.schemas import Member, may_be_null, members, narrower

JUNE = load()
MAY = load("2026-05")


def variant(name, **changes):
    """The contract with a variant changed."""
    return replace(JUNE, variants=tuple(replace(v, **changes) if v.id == name else v for v in JUNE.variants))


def schema_of(name, *, without=(), required=None, **members_):
    """The contract with the schema of a variant's meta changed: members added or replaced, left out, required."""
    schema = JUNE.variant_by_id[name].schema
    properties = {k: v for k, v in schema["properties"].items() if k not in without} | members_
    needed = [k for k in schema.get("required", []) if k not in without] if required is None else required
    return variant(name, schema={**schema, "properties": properties, "required": needed})


def without_variant(*names):
    """The contract without some variants."""
    return replace(JUNE, variants=tuple(v for v in JUNE.variants if v.id not in names))


def operation(name, **changes):
    """The contract with an operation changed."""
    return replace(JUNE, operations=tuple(replace(o, **changes) if o.id == name else o for o in JUNE.operations))


def parameters(name, *given):
    """The contract with other parameters of an operation."""
    return operation(name, parameters=given)


def requirement(name, **changes):
    """The contract with a requirement changed."""
    return replace(JUNE, requirements=tuple(replace(r, **changes) if r.id == name else r for r in JUNE.requirements))


def without_requirement(*names):
    return replace(JUNE, requirements=tuple(r for r in JUNE.requirements if r.id not in names))


def without_operation(name):
    return replace(JUNE, operations=tuple(o for o in JUNE.operations if o.id != name))


def envelope(name, schema):
    return replace(JUNE, schemas={**JUNE.schemas, name: schema})


LIMIT = Parameter("limit", "query", required=False, schema={"type": "integer", "minimum": 1, "maximum": 100})
WIDE = Parameter("limit", "query", required=False, schema={"type": "integer", "minimum": 1, "maximum": 200})
NEEDED = replace(LIMIT, required=True)
NONE = parameters("GET /projects")
PROJECTS = next(o for o in JUNE.operations if o.id == "GET /projects")
ARCHIVE = Operation("GET /archive", "GET", "/archive")
NEW = Requirement("400.new", "MUST", "400", "seen", "Something new.", "S")

CASES = [
    # what an error says
    ("code-replaced", JUNE, variant("429.window", code="too_many"), "429.window"),
    ("code-withdrawn", JUNE, variant("401", code=""), "401"),
    ("code-documented", JUNE, variant("404", code="not_found"), "404"),
    ("member-gone", JUNE, schema_of("402.limit", without=["current"]), "402.limit"),
    ("member-optional", JUNE, schema_of("402.limit", required=["code", "limitKey", "max"]), "402.limit"),
    ("member-required", schema_of("402.limit", required=["code", "limitKey", "max"]), JUNE, "402.limit"),
    ("member-wider", JUNE, schema_of("402.limit", current={"type": "number", "minimum": 0}), "402.limit"),
    ("member-narrower", JUNE, schema_of("402.limit", current={"type": "integer", "minimum": 1}), "402.limit"),
    ("member-new", JUNE, schema_of("402.limit", plan={"type": "string"}), "402.limit"),
    ("meta-optional", JUNE, variant("401", schema={**JUNE.variant_by_id["401"].schema, "type": ["object", "null"]}), "401"),
    ("meta-required", JUNE, variant("404", schema={**JUNE.variant_by_id["404"].schema, "type": "object"}), "404"),
    ("header-gone", JUNE, variant("429.window", example_headers={}), "429.window"),
    ("header-required", JUNE, variant("429.daily", example_headers={"Retry-After": "3"}), "429.daily"),
    ("member-gone", JUNE, envelope("envelope.json", {"properties": {"data": {"type": "null"}}}), "envelope.json"),
    # which errors there are
    ("status-removed", JUNE, without_variant("409"), "409"),
    ("status-added", without_variant("409"), JUNE, "409"),
    ("variant-removed", JUNE, without_variant("402.retention"), "402.retention"),
    ("variant-added", without_variant("400.params"), JUNE, "400.params"),
    ("status-shared", without_variant("403.scope"), JUNE, "403.scope"),
    ("limit-key-removed", JUNE, replace(JUNE, limit_keys=JUNE.limit_keys[1:]), "limitKey"),
    ("limit-key-added", JUNE, replace(JUNE, limit_keys=(*JUNE.limit_keys, "max_goats")), "limitKey"),
    # what may be asked
    ("operation-removed", JUNE, without_operation("GET /videos"), "GET /videos"),
    ("operation-added", without_operation("GET /videos"), JUNE, "GET /videos"),
    ("operation-gone", JUNE, replace(without_operation(PROJECTS.id), removed=(*JUNE.removed, PROJECTS)), "GET /projects"),
    ("gone-route-untold", replace(JUNE, removed=(*JUNE.removed, ARCHIVE)), JUNE, "GET /archive"),
    ("gone-route-told", JUNE, replace(JUNE, removed=(*JUNE.removed, ARCHIVE)), "GET /archive"),
    ("operation-status-removed", JUNE, operation("GET /projects", statuses=PROJECTS.statuses[:-1]), "GET /projects"),
    ("operation-status-added", operation("GET /projects", statuses=PROJECTS.statuses[:-1]), JUNE, "GET /projects"),
    ("parameter-removed", parameters("GET /projects", LIMIT), NONE, "GET /projects"),
    ("parameter-new", NONE, parameters("GET /projects", LIMIT), "GET /projects"),
    ("parameter-required", NONE, parameters("GET /projects", NEEDED), "GET /projects"),
    ("parameter-required", parameters("GET /projects", LIMIT), parameters("GET /projects", NEEDED), "GET /projects"),
    ("parameter-optional", parameters("GET /projects", NEEDED), parameters("GET /projects", LIMIT), "GET /projects"),
    ("parameter-narrower", parameters("GET /projects", WIDE), parameters("GET /projects", LIMIT), "GET /projects"),
    ("parameter-wider", parameters("GET /projects", LIMIT), parameters("GET /projects", WIDE), "GET /projects"),
    ("parameter-required", JUNE, operation("DELETE /creators/{id}", body={"oneOf": [{"type": "object"}]}), "DELETE /creators/{id}"),
    ("idempotency-lost", JUNE, operation("POST /projects/{projectId}/creators", idempotent_by_key=False), "POST /projects/{projectId}/creators"),
    ("idempotency-gained", JUNE, operation("POST /payout-methods", idempotent_by_key=True), "POST /payout-methods"),
    # the sentences
    ("sentence-changed", JUNE, requirement("401.missing", meaning="Something else."), "401.missing"),
    ("level-weakened", JUNE, requirement("401.missing", level="SHOULD"), "401.missing"),
    ("level-raised", JUNE, requirement("401.challenge", level="MUST"), "401.challenge"),
    ("sentence-withdrawn", JUNE, without_requirement("401.missing"), "401.missing"),
    ("recommendation-withdrawn", JUNE, without_requirement("401.challenge"), "401.challenge"),
    ("sentence-added", JUNE, replace(JUNE, requirements=(*JUNE.requirements, NEW)), "400.new"),
]  # fmt: skip

BREAKING = {
    "code-replaced", "code-withdrawn", "member-gone", "member-optional", "member-wider", "meta-optional", "header-gone",
    "status-removed", "variant-removed", "status-shared", "limit-key-removed", "operation-removed", "operation-gone",
    "gone-route-untold", "operation-status-removed", "parameter-removed", "parameter-required", "parameter-narrower",
    "idempotency-lost", "sentence-changed", "level-weakened", "sentence-withdrawn",
}  # fmt: skip


@pytest.mark.parametrize(("rule", "old", "new", "where"), CASES, ids=[f"{n}-{case[0]}" for n, case in enumerate(CASES)])
def test_a_change_is_told_by_its_rule(rule, old, new, where):
    found = [(change.rule, change.where) for change in difference(old, new).changes]
    beside = {"envelope.json"} if where == "envelope.json" else set()
    assert (rule, where) in found
    assert {name for name, place in found if place not in beside} <= {rule}


def test_there_is_a_case_for_every_rule():
    assert {rule for rule, *_ in CASES} == set(RULES)


def test_the_rules_that_break_clients_are_these():
    assert {name for name, rule in RULES.items() if rule.breaking} == BREAKING
    assert all(rule.why.endswith(".") for rule in RULES.values())


@pytest.mark.parametrize("contract", [JUNE, MAY], ids=["2026-06", "2026-05"])
def test_a_contract_is_no_different_from_itself(contract):
    assert difference(contract, contract).changes == ()


def test_a_new_alternative_of_a_body_is_a_wider_one():
    narrow = operation("POST /payout-methods", body={"oneOf": [{"type": "object"}]})
    wide = operation("POST /payout-methods", body={"oneOf": [{"type": "object"}, {"type": "array"}]})
    (change,) = difference(narrow, wide).changes
    assert change == Change(
        "parameter-narrower",
        "POST /payout-methods",
        "the request body takes less, or something else, than before",
        '{"oneOf": [{"type": "object"}]}',
        '{"oneOf": [{"type": "object"}, {"type": "array"}]}',
    )


def test_a_member_of_a_body_is_told_by_its_name():
    body = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
    more = {**body, "properties": {**body["properties"], "note": {"type": "string"}}}
    old, new = operation("POST /payout-methods", body=body), operation("POST /payout-methods", body=more)
    assert [c.message for c in difference(old, new).changes] == ["there is a new member note of the body"]


def test_from_may_to_june_codes_members_and_statuses_changed():
    told = difference(MAY, JUNE)
    assert (told.old, told.new) == ("2026-05", "2026-06")
    breaking = {(c.rule, c.where) for c in told.breaking if not c.rule.startswith("sentence")}
    assert breaking == {
        ("code-replaced", "429.window"), ("member-optional", "429.daily"), ("status-shared", "403.scope"),
    }  # fmt: skip
    additive = {(c.rule, c.where) for c in told.additive if not c.rule.startswith("sentence")}
    assert additive >= {
        ("status-added", "409"), ("status-added", "410"), ("header-required", "429.window"), ("code-documented", "401"),
    }  # fmt: skip
    assert {c.where for c in told.changes if c.rule == "sentence-withdrawn"} == MAY.by_id.keys() - JUNE.by_id.keys()


def test_the_way_back_takes_away_what_the_way_there_gave():
    there, back = difference(MAY, JUNE), difference(JUNE, MAY)
    given = {c.where for c in there.changes if c.rule == "sentence-added"}
    assert {c.where for c in back.changes if c.rule.endswith("withdrawn")} >= given
    assert ("status-removed", "410") in {(c.rule, c.where) for c in back.breaking}


@pytest.mark.parametrize(
    ("old", "new", "fits"),
    [
        ({}, {"type": "string"}, True),
        ({"type": "string"}, {}, False),
        ({"type": "number"}, {"type": "integer"}, True),
        ({"type": "integer"}, {"type": "number"}, False),
        ({"type": ["string", "null"]}, {"type": "string"}, True),
        ({"type": "string"}, {"const": "a"}, True),
        ({"type": "string"}, {"enum": ["a", None]}, False),
        ({"type": "integer"}, {"enum": [1, True]}, False),
        ({"type": ["array", "object", "number"]}, {"enum": [[], {}, 1.5]}, True),
        ({"enum": ["a", "b"]}, {"const": "a"}, True),
        ({"const": "a"}, {"enum": ["a", "b"]}, False),
        ({"enum": ["a"]}, {"type": "string"}, False),
        ({"minimum": 0, "maximum": 9}, {"minimum": 1, "maximum": 8}, True),
        ({"minimum": 1}, {"minimum": 0}, False),
        ({"maxLength": 9}, {}, False),
        ({"minLength": 1, "maxLength": 9}, {"minLength": 1, "maxLength": 8}, True),
        ({"required": ["a"]}, {"required": ["a", "b"]}, True),
        ({"required": ["a"]}, {}, False),
        ({"properties": {"a": {"type": "string"}}}, {"properties": {"a": {"const": "x"}}}, True),
        ({"properties": {"a": {"type": "string"}}}, {"properties": {}}, False),
        ({"items": {"type": "string"}}, {"items": {"const": "x"}}, True),
        ({"items": {"type": "string"}}, {}, False),
        ({"pattern": "a"}, {"pattern": "b"}, False),
        ({"title": "a", "x-sure": True}, {"title": "b"}, True),
    ],
)  # fmt: skip
def test_a_schema_is_narrower_only_where_that_is_sure(old, new, fits):
    assert narrower(old, new) is fits


def test_the_members_of_a_schema_are_those_of_its_parts_too():
    schema = {
        "properties": {"a": {"type": "string"}},
        "allOf": [{"required": ["a", "b"]}, {"properties": {"a": {"minLength": 1}}}],
    }
    assert members(schema) == {
        "a": Member({"type": "string", "minLength": 1}, required=True),
        "b": Member({}, required=True),
    }


@pytest.mark.parametrize(
    ("schema", "null"),
    [({"type": "object"}, False), ({"type": ["object", "null"]}, True), ({"allOf": [{"type": "object"}]}, False), ({}, True)],
)  # fmt: skip
def test_whether_meta_may_be_null_is_told_by_all_its_types(schema, null):
    assert may_be_null(schema) is null


def test_a_contract_without_a_success_schema_has_nothing_to_compare_there():
    assert difference(replace(JUNE, schemas={}), JUNE).changes == ()
