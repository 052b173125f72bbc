"""JSON laid out for reading: nothing of it changes but the white space."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goatcheck.report.layout import laid_out

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


def shown(text):
    return [line.text for line in laid_out(text)]


def paths(text):
    return [line.path for line in laid_out(text)]


@settings(database=None, deadline=None, max_examples=80)
@given(values, st.sampled_from([None, 1]), st.booleans())
def test_it_is_laid_out_as_the_standard_library_does(value, indent, ascii_only):
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    expected = json.dumps(value, indent=2, ensure_ascii=ascii_only)
    assert "\n".join(shown(text)) == expected


def test_tokens_stay_as_they_were_sent():
    assert shown(r'{"a":1.0,"a":1E5,"\u0062":"\u0041\/"}') == [
        "{",
        '  "a": 1.0,',
        '  "a": 1E5,',
        r'  "\u0062": "\u0041\/"',
        "}",
    ]


def test_each_line_knows_its_place():
    assert paths('{"a/b":{"~":[1,[],{"c":2}]}}') == [
        "",
        "/a~1b",
        "/a~1b/~0",
        "/a~1b/~0/0",
        "/a~1b/~0/1",
        "/a~1b/~0/2",
        "/a~1b/~0/2/c",
        "/a~1b/~0/2",
        "/a~1b/~0",
        "/a~1b",
        "",
    ]


@pytest.mark.parametrize("text", ["", "<html>", '{"a": 1', '{"a": NaN}', "[1,]", "[" * 31 + "]" * 31, "[" * 9_000])
def test_what_is_no_json_or_too_deep_is_not_laid_out(text):
    assert laid_out(text) == ()


@pytest.mark.parametrize(("text", "lines"), [("7", ["7"]), ("[]", ["[]"]), ('"\ud800"', ['"\ud800"'])])
def test_a_value_alone_is_a_line(text, lines):
    assert shown(text) == lines
