"""The two JSON Schema libraries say the same, and what is wrong is told with its place."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from goatcheck.checks.schemas import SchemaJudge

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.integers(min_value=-(10**40), max_value=10**40)
    | st.text(st.characters(), max_size=8)
    | st.sampled_from([7.0, -0.0, 1e300, 10**4000, -(10**4000), "\ud800", "a\n", "limit_reached", "read", "write"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc\ud800/~"), inner, max_size=3),
    max_leaves=6,
)
NAMES = ("code", "limitKey", "current", "max", "required", "granted", "bucket", "retryAfter")
KNOWN = (
    "invalid_query",
    "invalid_api_key",
    "limit_reached",
    "insufficient_scope",
    "rate_limit_exceeded",
    "internal_error",
)
MEMBERS = st.sampled_from([0, 7.0, 60, 86400, 86401, -1, True, "", "read", ["read"], ["read", "read"], None]) | VALUES
METAS = st.dictionaries(st.sampled_from(NAMES[1:]), MEMBERS).flatmap(
    lambda meta: st.sampled_from([{**meta, "code": code} for code in KNOWN] + [meta])
)


def judge(schema, others=None):
    return SchemaJudge(schema, "own.json", others or {})


@settings(max_examples=150, deadline=None, database=None)
@given(value=METAS | VALUES)
def test_both_libraries_agree_on_every_schema_of_the_contract(contract, value):
    for name in contract.schemas:
        told = SchemaJudge.named(name, contract.schemas).problems(value)
        assert bool(told) != Draft202012Validator(contract.schemas[name]).is_valid(value), (name, value)


@pytest.mark.parametrize(
    ("schema", "value", "fits"),
    [
        ({"type": "integer"}, 7.0, True),
        ({"type": "integer"}, 7.5, False),
        ({"type": "integer"}, True, False),
        ({"type": "integer", "minimum": 0}, 10**4000, True),
        ({"type": "integer", "maximum": 60}, 10**4000, False),
        ({"type": "integer", "minimum": 0}, -(10**4000), False),
        ({"type": "integer"}, float("inf"), False),
        ({"const": 1}, True, False),
        ({"enum": [0]}, False, False),
        ({"const": 1}, 1.0, True),
        ({"uniqueItems": True}, [1, True], True),
        ({"uniqueItems": True}, [1, 1.0], False),
        ({"type": "string", "minLength": 1}, "\ud800", True),
        ({"type": "string", "minLength": 2}, "\ud800", False),
        ({"type": "string", "maxLength": 1}, "\U0001f410", True),
        ({"format": "uuid"}, "no uuid", True),
        ({"pattern": "^a$"}, "a\n", False),
        ({"type": "string", "pattern": r"\S"}, "\u200b", True),
    ],
)
def test_values_on_the_edge_are_judged_as_json_schema_has_it(schema, value, fits):
    assert judge(schema).holds(value) is fits
    assert bool(judge(schema).problems(value)) is not fits


@pytest.mark.parametrize(
    ("schema", "value", "where", "expected", "got"),
    [
        ({"required": ["a/b", "c"]}, {"c": 1}, "/meta/a~1b", "a member that is there", "nothing"),
        ({"properties": {"a~": {"type": "integer"}}}, {"a~": "x"}, "/meta/a~0", 'type: "integer"', '"x"'),
        ({"items": {"minimum": 3}}, [5, 1], "/meta/1", "minimum: 3", "1"),
        ({"anyOf": [{"type": "null"}, {"properties": {"a": {"const": 1}}}]}, {"a": 2}, "/meta/a", "const: 1", "2"),
        ({"type": "object"}, "x" * 5000, "/meta", 'type: "object"', f'"{"x" * 119}…'),
        ({"type": "object"}, "\ud800", "/meta", 'type: "object"', '"\ud800"'),
    ],
)
def test_a_problem_says_where_what_was_expected_and_what_was_there(schema, value, where, expected, got):
    (problem,) = judge(schema).problems(value, "/meta")
    assert (problem.where, problem.expected, problem.got) == (where, expected, got)
    assert len(problem.message) < 130


def test_what_is_nested_too_deeply_for_words_is_still_told():
    value = []
    for _ in range(1500):
        value = [value]
    (problem,) = judge({"type": "object"}).problems(value, "/meta")
    assert (problem.where, problem.got) == ("/meta", "list too large to show")


def test_a_pattern_that_only_the_fast_library_reads_rightly_is_told_in_its_words():
    (problem,) = judge({"properties": {"a": {"pattern": "^a$"}}}).problems({"a": "a\n"}, "/meta")
    assert problem.where == "/meta/a"
    assert "a\\n" in problem.message


def test_no_more_than_five_problems_of_one_value_are_told():
    assert len(judge({"items": {"type": "null"}}).problems(list(range(50)))) == 5


def test_schemas_refer_to_each_other_by_file_and_by_id():
    others = {
        "own.json": {},
        "meta/a.json": {"$defs": {"n": {"minimum": 3}}},
        "b.json": {"$id": "https://schemas.example/b.json", "maximum": 9},
    }
    schema = {"allOf": [{"$ref": "meta/a.json#/$defs/n"}, {"$ref": "https://schemas.example/b.json"}]}
    assert judge(schema, others).holds(5)
    assert [problem.got for value in (1, 10) for problem in judge(schema, others).problems(value)] == ["1", "10"]
    assert SchemaJudge.named("meta/a.json#/$defs/n", others).problems(1)
