"""Postman collections, by the published schema of format 2.1: folders, saved responses, URLs and fields in each form."""

import json

import pytest
from recordings import ABSENT, broken, outcomes

from goatcheck.recorded import Api, Entry, Unread

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"


def saved(**changes):
    """A saved response; None takes a member away."""
    made = {
        "name": "Not found",
        "originalRequest": {
            "method": "GET",
            "header": [{"key": "Accept", "value": "*/*"}, {"key": "X-Off", "value": "1", "disabled": True}],
            "url": {"raw": "https://api.example/api/v1/creators?limit=5", "query": [{"key": "limit", "value": "5"}]},
        },
        "status": "Not Found",
        "code": 404,
        "_postman_previewlanguage": "json",
        "header": [{"key": "Content-Type", "value": "application/json"}],
        "cookie": [],
        "body": json.dumps(ABSENT),
        **changes,
    }
    return {name: value for name, value in made.items() if value is not None}


def item(*responses, **changes):
    return {
        "name": "List",
        "request": {"method": "GET", "url": "https://a/api/v1/creators"},
        "response": [*responses],
        **changes,
    }


def collection(*items):
    return json.dumps({"info": {"name": "Goats", "schema": SCHEMA}, "item": list(items)})


def test_a_saved_response_is_read_with_the_request_that_got_it(items):
    (entry,) = items(collection(item(saved())))
    request = entry.exchange.request
    assert (entry.place, entry.origin) == ("item 1, response 1", "https://api.example")
    assert (request.method, request.path, request.query) == ("GET", "/api/v1/creators", "limit=5")
    assert request.headers == (("Accept", "*/*"),)
    assert entry.exchange.response.document.value == ABSENT


def test_folders_of_any_depth_are_read(items):
    text = collection(item(), {"name": "A", "item": [{"name": "B", "item": [item(saved(), saved())]}]}, item(saved()))
    places = ["item 2.1.1, response 1", "item 2.1.1, response 2", "item 3, response 1"]
    assert [entry.place for entry in items(text)] == places


def test_folders_without_an_end_are_told(items):
    deep = item(saved())
    for _ in range(60):
        deep = {"item": [deep]}
    (told,) = items(collection(deep))
    assert told.reason == "its folders are too deep"


def test_what_is_neither_request_nor_folder_is_told(items):
    assert items(collection("oops")) == [Unread("item 1", "it is no request and no folder")]


@pytest.mark.parametrize(
    ("request_", "method", "path"),
    [
        ("https://a/api/v1/projects", "GET", "/api/v1/projects"),
        ({"method": "DELETE", "url": "https://a/api/v1/creators/1"}, "DELETE", "/api/v1/creators/1"),
        ({"url": {"raw": "https://a/api/v1/projects"}}, "GET", "/api/v1/projects"),
    ],
)
def test_the_item_s_own_request_stands_in_where_none_was_saved(items, request_, method, path):
    (entry,) = items(collection(item(saved(originalRequest=None), request=request_)))
    assert (entry.exchange.request.method, entry.exchange.request.path) == (method, path)


@pytest.mark.parametrize(
    "header",
    [
        [{"key": "Content-Type", "value": "application/json"}, {"key": "X-A", "value": "1"}],
        ["Content-Type: application/json", "X-A: 1", "no field"],
        "Content-Type: application/json\nX-A: 1\n",
    ],
)
def test_each_form_of_header_fields_is_read(items, header):
    (entry,) = items(collection(item(saved(header=header))))
    assert entry.exchange.response.headers == (("Content-Type", "application/json"), ("X-A", "1"))


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        ({"mode": "raw", "raw": '{"name": "a"}'}, b'{"name": "a"}'),
        ({"mode": "urlencoded", "urlencoded": []}, None),
        ({"mode": "raw", "raw": ""}, None),
        (None, None),
    ],
)
def test_the_body_of_a_request_is_read_where_it_is_one_text(items, body, sent):
    asked = {"method": "POST", "url": "https://a/api/v1/payout-methods", "body": body}
    (entry,) = items(collection(item(saved(originalRequest=asked))))
    assert entry.exchange.request.body == sent


@pytest.mark.parametrize("header", [None, [], ""])
def test_fields_that_were_not_saved_are_held_against_nobody(judged, header):
    report = judged(collection(item(saved(header=header), saved())))
    assert (broken(report), report.exit_code) == ({}, 3)
    assert outcomes(report, "envelope.json", "envelope.object") == {"envelope.json": "error", "envelope.object": "pass"}


@pytest.mark.parametrize("body", [None, ""])
def test_a_body_that_was_not_saved_is_held_against_nobody(judged, body):
    report = judged(collection(item(saved(body=body))))
    assert (broken(report), report.exit_code) == ({}, 3)


def test_a_saved_response_without_a_status_is_told(items):
    read = items(collection(item(saved(code=None), saved())))
    assert read[0] == Unread("item 1, response 1", "the saved response has no status", damage=False)
    assert isinstance(read[1], Entry)


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ("{{baseUrl}}/creators/:id?a=1", "/creators/:id"),
        ("{{baseUrl}}creators", "/creators"),
        ("{{host}}/api/v1/creators", "/creators"),
        ("{{cdn}}/logo.png", None),
        ("{{broken", None),
        ("https://{{host}}/api/v1/projects", "/projects"),
    ],
)
def test_a_variable_may_stand_for_the_base_url(items, current_contract, raw, path):
    (entry,) = items(collection(item(saved(originalRequest={"method": "GET", "url": {"raw": raw}}))))
    assert Api(current_contract).path(entry) == path
