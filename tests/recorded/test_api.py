"""Which entries are the API's: by the base path, wherever it stands, and by host where one was named."""

import pytest
from recordings import Said, har, line

from goatcheck.recorded import Api


@pytest.mark.parametrize(
    ("url", "base_path", "path"),
    [
        ("https://a/api/v1/creators", "/api/v1", "/creators"),
        ("https://a/gateway/team/api/v1/creators/1?x", "/api/v1", "/creators/1"),
        ("https://a/api/v1", "/api/v1", "/"),
        ("https://a/api/v1/", "/api/v1", "/"),
        ("/api/v1/creators", "/api/v1", "/creators"),
        ("https://a/api/v10/creators", "/api/v1", None),
        ("https://a/xapi/v1/creators", "/api/v1", None),
        ("https://a/creators", "/api/v1", None),
        ("https://a/creators", "", "/creators"),
        ("https://a", "", "/"),
        ("https://a/api/v1/größe/%C3%A4", "/api/v1", "/gr%C3%B6%C3%9Fe/%C3%A4"),
    ],
)
def test_an_entry_is_the_api_s_where_its_path_goes_on_from_the_base_path(items, current_contract, url, base_path, path):
    (entry,) = items(har(Said(url=url)))
    assert Api(current_contract, base_path).path(entry) == path


def test_an_operation_is_known_by_what_follows_the_base_path(items, api):
    (live, gone, none) = items(
        har(*(Said(url=f"https://a:1/gw/api/v1{path}") for path in ("/creators", "/creators/1/stats", "/nope")))
    )
    assert [api.exchange(entry).intent.operation for entry in (live, gone, none)] == [
        "GET /creators",
        "GET /creators/{id}/stats",
        "",
    ]
    assert api.exchange(live).request.path == "/creators"
    assert api.base_url(live) == "https://a:1/gw/api/v1"


def test_what_a_journal_tells_already_is_left_as_it_is(items, api):
    (entry,) = items(line(operation="GET /creators"))
    assert api.exchange(entry) is entry.exchange


@pytest.mark.parametrize(("host", "known"), [("a:1", True), ("a", False), ("b", False)])
def test_a_host_that_was_named_is_the_only_one(items, current_contract, host, known):
    (entry,) = items(har(Said(url="https://a:1/api/v1/creators")))
    found = Api(current_contract, hosts=frozenset({host})).path(entry)
    assert found == ("/creators" if known else None)


def test_where_a_recording_names_no_host_none_is_wrong(items, current_contract):
    (entry,) = items(har(Said(url="/api/v1/creators")))
    api = Api(current_contract, hosts=frozenset({"a"}))
    assert (api.path(entry), api.base_url(entry)) == ("/creators", "")
