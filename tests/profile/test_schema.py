"""The schema of a profile says all that errors tell, and whatever a profile holds is told by it."""

import json

from hypothesis import given
from hypothesis import strategies as st

from goatcheck.profile.problems import troubles_of
from goatcheck.rooms import room


def members(schema, path=()):
    """Every named member of the profile's schema, with its path."""
    for name, member in schema.get("properties", {}).items():
        yield (*path, name), member
        yield from members(member, (*path, name))
    for word in ("items", "additionalProperties"):
        if isinstance(schema.get(word), dict):
            yield (*path, word), schema[word]
            yield from members(schema[word], (*path, word))


SCHEMA = json.loads((room("contracts") / "profile.schema.json").read_text("utf-8"))


def test_every_member_of_the_schema_says_what_it_expects_and_means_and_every_object_is_closed():
    for path, member in members(SCHEMA):
        whole = {**SCHEMA["$defs"].get(member.get("$ref", "").rpartition("/")[2], {}), **member}
        assert whole.get("title"), path
        assert whole.get("description", "").endswith("."), path
        assert whole.get("examples") or path[-1] == "token", path
        if whole.get("type") == "object" and not isinstance(whole.get("additionalProperties"), dict):
            assert whole["additionalProperties"] is False, path


def test_every_example_in_the_schema_is_valid():
    for path, member in members(SCHEMA):
        for example in member.get("examples", ()):
            data = [example] if path[-1] == "items" else example
            assert not troubles_of(around(path, data)), (path, example)


def around(path, value):
    """A profile that is valid but for what stands at the path."""
    for name in reversed(path):
        if name == "items":
            value = value if isinstance(value, list) else [value]
        else:
            value = {"free" if name == "additionalProperties" else name: value}
    needed = {"target": {"base_url": "http://h/"}, "force": {"header": "a", "value": "{code}"}}
    if path[0] == "keys" and len(path) > 2 and not path[2].startswith("token"):
        value["keys"]["free"]["token_env"] = "GOAT"
    if path[0] == "waivers" and len(path) > 2:
        value = {"waivers": [{"requirement": "a", "reason": "b", **value["waivers"][0]}]}
    if path[0] in needed:
        value = {path[0]: {**needed[path[0]], **value[path[0]]}}
    return {"target": needed["target"], **value}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["target", "keys", "fixtures", "waivers", "base_url", "project", "headers"])
                | st.text(),
                inner,
            )
        ),
        max_leaves=12,
    )
)
def test_whatever_a_profile_holds_is_told_and_never_breaks_the_telling(value):
    data = value if isinstance(value, dict) else {"target": value}
    assert all(": expected " in str(trouble) for trouble in troubles_of(data))
