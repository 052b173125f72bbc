"""Whatever stands in a recording, reading it ends with entries and with what could not be read, never with a crash or a leak."""

import base64
import contextlib
import copy
import gzip
import json

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from recordings import ABSENT, KEY, ORIGIN, Said, har, line

from goatcheck.audit import audit
from goatcheck.contract import load
from goatcheck.errors import UsageError
from goatcheck.recorded import Api

API = Api(load())
BODY = json.dumps({**ABSENT, "error": f"no {KEY}"})
SENT = {"Authorization": [f"Bearer {KEY}"], "Cookie": [f"key={KEY}"]}
TYPE = {"Content-Type": ["application/json"], "X-Echo": [KEY]}

SEEDS = {
    "har": json.loads(har(Said(body=BODY, posted=BODY), Said())),
    "journal": json.loads(line(Said(body=BODY, posted=BODY))),
    "cassette": {
        "interactions": [
            {
                "request": {"method": "POST", "uri": f"{ORIGIN}/api/v1/creators", "headers": SENT, "body": BODY},
                "response": {"status": {"code": 404, "message": "x"}, "headers": TYPE, "body": {"string": BODY}},
            }
        ]
    },
    "mappings": {
        "mappings": [
            {
                "request": {"method": "ANY", "url": "/api/v1/x"},
                "response": {"status": 404, "headers": TYPE, "body": BODY},
            },
            {"request": {"urlPattern": "/api/v1/.*"}, "response": {"jsonBody": {"error": KEY}, "bodyFileName": "x"}},
        ]
    },
    "requests": {
        "requests": [
            {
                "request": {"method": "GET", "url": "/api/v1/x", "headers": SENT, "body": BODY},
                "response": {"status": 404, "headers": TYPE, "bodyAsBase64": base64.b64encode(BODY.encode()).decode()},
                "wasMatched": True,
            }
        ]
    },
    "collection": {
        "info": {"name": "x"},
        "item": [
            {
                "item": [
                    {
                        "request": {"method": "GET", "url": {"raw": f"{ORIGIN}/api/v1/x"}, "header": []},
                        "response": [{"code": 404, "header": [{"key": "X-Echo", "value": KEY}], "body": BODY}],
                    }
                ]
            }
        ],
    },
}

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 10**20)
    | st.floats()
    | st.sampled_from(["", "gzip", "base64", "\x00", "\ud800", "{{x}}", "//[", "http://[", KEY, "‹key:x›"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["", "name", "value", "raw"]), inner, max_size=2)
    ),
    max_leaves=4,
)


def places(value, path=()):
    """Where a JSON value has members or items."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in inside:
        yield (*path, name)
        yield from places(member, (*path, name))


def changed(value, path, new):
    """The value with another one at a place; None there takes it away where it can be."""
    made = copy.deepcopy(value)
    inner = made
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = new
    return made


@pytest.mark.parametrize("name", SEEDS)
@settings(max_examples=20)
@given(data=st.data())
def test_a_value_that_does_not_belong_there_is_no_crash(name, data, tmp_path_factory):
    seed = SEEDS[name]
    text = json.dumps(changed(seed, data.draw(st.sampled_from(list(places(seed)))), data.draw(VALUES)))
    judged(tmp_path_factory, text.encode())


@settings(max_examples=20)
@given(data=st.data())
def test_a_value_that_does_not_belong_there_is_no_crash_in_yaml(data, tmp_path_factory):
    seed = SEEDS["cassette"]
    made = changed(seed, data.draw(st.sampled_from(list(places(seed)))), data.draw(VALUES))
    judged(tmp_path_factory, yaml.safe_dump(made, allow_unicode=False).encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("name", [*SEEDS, "yaml"])
@pytest.mark.parametrize("packed", [False, True])
@settings(max_examples=15)
@given(cut=st.floats(0, 1), byte=st.integers(0, 255))
def test_a_byte_that_is_wrong_and_an_end_that_is_missing_are_no_crash(name, packed, cut, byte, tmp_path_factory):
    text = (yaml.safe_dump(SEEDS["cassette"]) if name == "yaml" else json.dumps(SEEDS[name])).encode()
    text = gzip.compress(text, mtime=0) if packed else text
    at = int(cut * (len(text) - 1))
    for made in (text[:at], text[:at] + bytes([byte]) + text[at + 1 :]):
        judged(tmp_path_factory, made)


def judged(factory, text):
    """Audit a recording; whatever is told of it holds no key."""
    path = factory.getbasetemp() / "recording"
    path.write_bytes(text)
    with contextlib.suppress(UsageError):
        report = audit([str(path)], API)
        assert KEY not in repr(report)
        assert report.exit_code in {0, 1, 3}
