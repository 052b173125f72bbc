"""What can't be read is refused, in the place where it is."""

import pytest


@pytest.mark.parametrize(
    "query",
    [
        "limit=x",
        "limit=",
        "limit",
        "limit=0",
        "limit=101",
        "limit=-1",
        "limit=+5",
        "limit=5.0",
        "limit=1e1",
        "limit=%205",
        "limit=٣",
        "limit=%D9%A3",
        "limit=" + "9" * 5000,
        "limit=1&limit=2",
        "cursor=x",
        "cursor=",
        "cursor=é",
        "cursor=YWZ0ZXI6eA",
        "project_id=x",
        "project_id=",
        "project_id=00000000-0000-4000-8000-000000000000x",
        "search=%00",
        "search=%ff",
        "search=%ed%a0%80",
    ],
)
def test_a_bad_parameter_is_400_of_the_query(caller, query):
    response = caller.ask("GET", "/creators", query=query)
    assert (response.status, response.code) == (400, "invalid_query")


@pytest.mark.parametrize(
    "query",
    [
        "limit=1",
        "limit=100",
        "limit=007",
        "unknown=x&unknown=y",
        "limit[]=x",
        "&&==&",
        "%zz",
        "search=",
        "search=%F0%9F%90%90",
    ],
)
def test_what_is_unknown_or_fine_is_no_reason_to_refuse(caller, query):
    assert caller.ask("GET", "/creators", query=query).status == 200


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"{'name': 'x'}",
        b"\xef\xbb\xbf{}",
        b'{"name": "\xff"}',
        '{"name": "x"}'.encode("utf-16"),
        b'{"name": NaN}',
        b"[" * 100_000,
        b'{"name":' * 5000 + b"1" + b"}" * 5000,
        b"null",
        b"1",
        b'"name"',
        b"[]",
        b"\x00",
        b'{"name": "x"}\x00',
    ],
    ids=lambda raw: repr(raw[:20]),
)
def test_a_bad_body_is_400_of_the_body(caller, raw):
    response = caller.ask("POST", "/payout-methods", raw=raw)
    assert (response.status, response.code) == (400, "invalid_body")


def test_no_body_at_all_is_400_of_the_body_whatever_type_it_claims(caller):
    for headers in ([], [("Content-Type", "text/plain")]):
        assert caller.ask("POST", "/payout-methods", headers=headers).code == "invalid_body"


@pytest.mark.parametrize(
    "media_type", ["text/plain", "json", "application/xml", "application/jsonx", "multipart/form-data; boundary=x"]
)
def test_a_body_that_says_it_is_no_json_is_415_and_has_no_effect(caller, media_type):
    before = caller.data("GET", "/payout-methods")
    response = caller.ask("POST", "/payout-methods", body={"name": "x"}, headers=[("Content-Type", media_type)])
    assert response.status == 415
    assert response.member("error").strip()
    assert caller.data("GET", "/payout-methods") == before


@pytest.mark.parametrize(
    "media_type", ["", "application/json", "APPLICATION/JSON; charset=utf-8", "application/problem+json"]
)
def test_a_body_without_a_type_or_with_a_json_one_is_read(caller, media_type):
    assert (
        caller.ask("POST", "/payout-methods", body={"name": "x"}, headers=[("Content-Type", media_type)]).status == 201
    )


def test_a_body_beyond_a_mebibyte_is_413(caller):
    assert caller.ask("POST", "/payout-methods", raw=b" " * 1_048_577).status == 413
    assert caller.ask("POST", "/payout-methods", raw=b'{"name":"x"}' + b" " * 1_000_000).status == 201


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/creators"), ("GET", "/nowhere"), ("DELETE", "/payout-methods/{}")]
)
def test_a_body_where_none_belongs_is_ignored(caller, method, path):
    made = caller.data("POST", "/payout-methods", body={"name": "x"})["id"]
    plain = caller.ask("GET", path.format(made)).status
    assert caller.ask(method, path.format(made), raw=b"{\xff", headers=[("Content-Type", "text/plain")]).status == plain


def test_the_path_is_told_before_the_query_and_the_query_before_the_body(caller):
    assert caller.ask("POST", "/projects/x/creators", query="limit=x", raw=b"{").code == "invalid_params"
    assert caller.ask("GET", "/projects/x/goal-compliance", query="creator_id=x").code == "invalid_params"


def test_validation_is_told_before_look_up(caller, absent):
    assert caller.ask("PATCH", f"/creators/{absent}", raw=b"{").status == 400


def test_no_error_repeats_what_was_sent(caller):
    secret = caller.token("full")
    for response in (
        caller.ask("GET", "/creators", query=f"limit={secret}"),
        caller.ask("GET", f"/creators/{secret}"),
        caller.ask("PATCH", f"/creators/{secret}", body={secret: secret}),
        caller.ask("POST", f"/projects/{caller.project}/creators", body={"tiktok_handle": secret}),
        caller.ask("GET", f"/{secret}"),
        caller.ask(secret, "/creators"),
    ):
        assert response.status >= 400
        assert secret not in response.text
