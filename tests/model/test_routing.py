"""Paths and methods: known, unknown, removed."""

import pytest

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "PURGE"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "",
        "/nowhere",
        "/creators/",
        "//creators",
        "/creators/x/y/z",
        "/Creators",
        "/%00",
        "/creat%6Frs",
        "/openapi.json",
    ],
)
def test_a_path_that_no_route_serves_is_an_enveloped_404(caller, method, path):
    response = caller.ask(method, path)
    assert response.status == 404
    assert response.member("data") is None
    assert response.member("error").strip()


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/creators", "GET, HEAD, OPTIONS"),
        ("GET", "/creators/x", "DELETE, OPTIONS, PATCH"),
        ("POST", "/creators/x/stats", "GET, HEAD, OPTIONS"),
        ("HEAD", "/campaigns/x/items", "OPTIONS, POST"),
        ("LINK", "/payout-methods", "GET, HEAD, OPTIONS, POST"),
    ],
)
def test_a_method_that_a_known_path_does_not_serve_is_a_405_that_tells_which_it_does(caller, method, path, allowed):
    response = caller.ask(method, path)
    assert (response.status, response.header("Allow")) == (405, allowed)


@pytest.mark.parametrize("kind", ["creators", "campaigns"])
@pytest.mark.parametrize("key", ["reader", "full", "writer"])
def test_a_removed_route_is_gone_for_any_id_whatever_the_scope(caller, absent, kind, key):
    known = caller.data("GET", f"/{kind}")[0]["id"]
    for each in (known, absent, "no-uuid"):
        assert caller.ask("GET", f"/{kind}/{each}/stats", key=key).status == 410


@pytest.mark.parametrize("path", ["/creators", "/projects/x/campaigns", "/nowhere"])
def test_options_is_answered_without_a_key_and_without_a_body(caller, path):
    response = caller.ask("OPTIONS", path, key=None)
    assert (response.status, response.body) == (204, b"")
    assert "OPTIONS" in response.header("Allow")


@pytest.mark.parametrize("path", ["/creators", "/nowhere"])
def test_head_is_get_without_a_body(caller, path):
    got, head = caller.ask("GET", path), caller.ask("HEAD", path)
    assert (head.status, head.body) == (got.status, b"")
    assert head.header("Content-Length") == str(len(got.body))
    assert head.header("Content-Type") == got.header("Content-Type")


@pytest.mark.parametrize(
    ("path", "key"), [("/creators", "full"), ("/nowhere", "full"), ("/creators", None), ("/creators", "spent")]
)
def test_every_answer_has_its_type_and_the_date_of_the_clock(caller, path, key):
    caller.world.clock.advance(61)
    response = caller.ask("GET", path, key=key)
    assert response.media_type == "application/json"
    assert response.headers_named("Date") == ("Mon, 15 Jun 2026 09:01:01 GMT",)
