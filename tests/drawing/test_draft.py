"""A draft is a value: each change makes a new one, and its request is what goes on the wire."""

import json

import pytest

from goatcheck.drawing import Draft

DRAFT = Draft("GET", "/creators", (("search", "a b&c=d"), ("limit", "1")), operation="GET /creators")


def test_pairs_of_a_query_are_percent_encoded():
    assert DRAFT.request().query == "search=a%20b%26c%3Dd&limit=1"
    assert DRAFT.request().parameters == DRAFT.query


def test_a_query_given_as_text_is_sent_as_it_is():
    assert DRAFT.with_query("limit=1;limit=2").request().query == "limit=1;limit=2"


@pytest.mark.parametrize(("text", "encoded"), [("\ud800", "%ED%A0%80"), ("\0", "%00"), ("\U0001f410", "%F0%9F%90%90")])
def test_odd_text_in_a_query_is_encoded_too(text, encoded):
    assert DRAFT.with_query((("search", text),)).request().query == f"search={encoded}"


def test_json_bodies_are_ascii_with_their_content_type():
    draft = DRAFT.with_headers(("content-type", "text/plain")).with_json({"name": "g\u00f6\ud800"})
    assert draft.body == b'{"name": "g\\u00f6\\ud800"}'
    assert draft.headers == (("Content-Type", "application/json"),)
    assert json.loads(draft.body) == {"name": "g\u00f6\ud800"}


def test_a_body_may_have_another_content_type_or_none():
    assert DRAFT.with_body(b"goat", "text/plain").request().header("content-type") == "text/plain"
    assert DRAFT.with_json({}).with_body(b"goat", "").headers == ()


def test_headers_replace_those_of_their_name_and_keep_the_rest():
    draft = DRAFT.with_headers(("X-One", "1"), ("X-Two", "2")).with_headers(("x-one", "3"), ("X-Three", "4"))
    assert draft.headers == (("X-Two", "2"), ("x-one", "3"), ("X-Three", "4"))


def test_cause_method_and_broken_places_are_changed_on_a_copy():
    changed = DRAFT.with_method("PUT").because("limit:letters", "query", "http")
    assert (changed.method, changed.cause, changed.broken) == ("PUT", "limit:letters", ("query", "http"))
    assert (DRAFT.method, DRAFT.cause, DRAFT.broken) == ("GET", "", ())
    assert changed.because("").broken == ()
