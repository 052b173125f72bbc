"""Who may call: keys, bans, scopes, and which of them is told first."""

import pytest

from goatcheck.model import REFERENCE

OPERATIONS = tuple(REFERENCE.routes.values())
LIVE = tuple(route for route in OPERATIONS if not route.gone)


def on(route, absent):
    return route.method, route.template.replace("{projectId}", absent).replace("{id}", absent)


def bad_headers(token):
    return {
        "other scheme": f"Basic {token}",
        "no scheme": token,
        "empty": "Bearer ",
        "nothing": "",
        "never issued": "Bearer tga_" + "0" * 64,
        "upper case": f"Bearer {token.upper()}",
        "cut": f"Bearer {token[:-1]}",
        "longer": f"Bearer {token}0",
        "two words": f"Bearer {token} x",
        "no prefix": f"Bearer {token[4:]}",
        "not ASCII": f"Bearer {token}é",
        "no space": f"Bearer{token}",
    }


@pytest.mark.parametrize("way", bad_headers("tga_a"))
def test_a_bad_authorization_is_a_challenge_without_a_trace_of_the_key(caller, way):
    header = bad_headers(caller.token("full"))[way]
    response = caller.ask("GET", "/creators", key=None, headers=[("Authorization", header)])
    assert (response.status, response.code) == (401, "invalid_api_key")
    assert response.header("WWW-Authenticate").startswith("Bearer")
    assert caller.token("full")[4:20] not in response.text


def test_missing_invalid_and_expired_keys_get_the_same_answer(caller):
    unknown = ("Authorization", "Bearer tga_" + "f" * 64)
    answers = {
        caller.ask("GET", "/creators", key=None).body,
        caller.ask("GET", "/creators", key=None, headers=[unknown]).body,
        caller.ask("GET", "/creators", key="expired").body,
    }
    assert len(answers) == 1


def test_two_authorization_headers_are_refused(caller):
    again = ("Authorization", f"Bearer {caller.token('full')}")
    assert caller.ask("GET", "/creators", headers=[again]).status == 401


def test_the_scheme_may_be_in_any_letter_case(caller):
    header = ("authorization", f"bEARER {caller.token('full')}")
    assert caller.ask("GET", "/creators", key=None, headers=[header]).status == 200


@pytest.mark.parametrize("route", OPERATIONS, ids=lambda route: route.operation)
@pytest.mark.parametrize(
    ("key", "status"), [(None, 401), ("expired", 401), ("banned_org", 403), ("banned_user", 403), ("spent", 429)]
)
def test_who_may_not_call_is_told_so_on_every_operation_whatever_else_is_wrong(caller, absent, route, key, status):
    response = caller.ask(*on(route, absent), key=key, raw=b"{", query="limit=x")
    assert response.status == status
    assert response.code != "insufficient_scope"


@pytest.mark.parametrize("key", [None, "expired"])
@pytest.mark.parametrize("path", ["/nowhere", "/", "/admin/health", "/admin/other", "/creators/x/stats"])
def test_a_bad_key_learns_nothing_of_paths(caller, key, path):
    assert caller.ask("PUT", path, key=key).status == 401


def test_a_banned_key_is_banned_on_unknown_routes_too(caller):
    assert caller.ask("GET", "/nowhere", key="banned_org").status == 403


@pytest.mark.parametrize("route", LIVE, ids=lambda route: route.operation)
def test_a_missing_scope_is_told_before_validation_and_look_up(caller, absent, route):
    key, lacked = ("writer", "read") if route.method == "GET" else ("reader", "write")
    response = caller.ask(*on(route, absent), key=key, raw=b"no json", query="limit=x")
    assert (response.status, response.code) == (403, "insufficient_scope")
    assert response.meta["required"] == lacked
    assert response.meta["granted"] == sorted({"read", "write"} - {lacked})
    assert lacked in response.member("error")


def test_head_needs_the_read_scope(caller):
    assert caller.ask("HEAD", "/creators", key="writer").status == 403


@pytest.mark.parametrize("path", ["/admin/health", "/admin/other", "/admin/"])
@pytest.mark.parametrize("key", ["full", "reader"])
def test_the_admin_area_needs_the_admin_scope_on_every_path(caller, key, path):
    response = caller.ask("GET", path, key=key)
    assert (response.status, response.meta["required"]) == (403, "admin")


def test_an_admin_key_is_served_on_the_admin_path_and_nowhere_else(caller):
    assert caller.data("GET", "/admin/health", key="admin") == {"status": "ok"}
    assert caller.ask("GET", "/admin/other", key="admin").status == 404
    assert caller.ask("POST", "/admin/health", key="admin").status == 405
    assert caller.ask("GET", "/creators", key="admin").meta["required"] == "read"
