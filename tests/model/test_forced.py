"""Answers on demand."""

import pytest

from goatcheck.model.forced import FORCED, HEADER


@pytest.mark.parametrize("variant", FORCED)
@pytest.mark.parametrize(
    ("method", "path", "key"),
    [("GET", "/creators", "full"), ("DELETE", "/nowhere", None), ("POST", "/payout-methods", "spent")],
)
def test_the_variant_that_the_header_names_is_answered_to_any_request(caller, variant, method, path, key):
    response = caller.ask(method, path, key=key, headers=[(HEADER.lower(), variant)])
    assert response.status == int(variant[:3])
    assert response.member("data") is None
    assert response.header("Date")


def test_each_forced_variant_comes_with_its_headers(caller):
    assert caller.ask("GET", "/creators", headers=[(HEADER, "429.window")]).header("Retry-After") == "7"
    assert caller.ask("GET", "/creators", headers=[(HEADER, "401")]).header("WWW-Authenticate")
    assert caller.ask("GET", "/creators", headers=[(HEADER, "500")]).code == "internal_error"


def test_a_forced_answer_has_no_effect_and_takes_no_place_in_the_window(caller):
    for _ in range(70):
        response = caller.ask("POST", "/payout-methods", body={"name": "x"}, headers=[(HEADER, "409")])
        assert response.status == 409
    assert len(caller.data("GET", "/payout-methods")) == 1


@pytest.mark.parametrize(("name", "status"), [("404.of-its-own", 404), ("418", 200), ("", 200), ("429", 200)])
def test_a_name_that_is_not_known_falls_back_on_its_status_or_is_ignored(caller, name, status):
    assert caller.ask("GET", "/creators", headers=[(HEADER, name)]).status == status


def test_head_gets_no_forced_body(caller):
    assert caller.ask("HEAD", "/creators", headers=[(HEADER, "500")]).body == b""
