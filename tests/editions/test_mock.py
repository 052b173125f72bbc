"""The mock of an earlier edition: the newest one's model, answering as that edition's data has it."""

from dataclasses import replace

import pytest

from goatcheck.checks import observe, variant_of
from goatcheck.contract import load
from goatcheck.exchange import Exchange, Intent, Request, Response
from goatcheck.faults import broken_world
from goatcheck.model import as_edition, reference_world

MAY = load("2026-05")
JSON = ("Content-Type", "application/json")


class Caller:
    """Sends to the mock of May with the keys of its profile."""

    def __init__(self, world):
        self.world = world
        self.tokens = {key.name: key.token for key in world.profile.keys}
        self.project = world.profile.fixtures["project"].id

    def ask(self, method, path, key="full", body=None, *headers, forced=""):
        fields = (("Authorization", f"Bearer {self.tokens[key]}"),) if key else ()
        fields += (JSON, *headers) if body else headers
        request = Request(method, path.format(project=self.project), "", fields, body)
        response = self.world.answer(request)
        exchange = Exchange(1, request, response, Intent(forced=forced))
        assert {j.requirement for j in observe(exchange, MAY) if j.problems} == set()
        return response


@pytest.fixture
def may():
    return Caller(as_edition(reference_world(), MAY))


def test_the_newest_edition_is_the_world_itself():
    world = reference_world()
    assert as_edition(world, load()) is world


def test_a_bad_key_gets_no_code(may):
    for key in (None, "revoked", "expired"):
        refused = may.ask("GET", "/projects", key)
        assert (refused.status, refused.document.value["meta"]) == (401, None)
        assert refused.header("www-authenticate")


def test_there_is_one_revoked_key_of_the_right_form_that_no_other_has(may):
    (revoked,) = may.world.profile.with_role("revoked")
    assert len(revoked.token) == len(may.tokens["full"])
    assert list(may.tokens.values()).count(revoked.token) == 1
    assert reference_world().profile.with_role("revoked") == ()


def test_every_key_may_write_and_read(may):
    assert may.ask("POST", "/payout-methods", "reader", b'{"name": "x"}').status == 201
    assert may.ask("GET", "/projects", "writer").status == 200
    assert may.ask("GET", "/admin/health", "reader").status == 200


def test_the_banned_are_forbidden(may):
    for key in ("banned_org", "banned_user"):
        assert may.ask("GET", "/projects", key).status == 403


def test_nothing_conflicts(may):
    key = ("Idempotency-Key", "k")
    first, again = (may.ask("POST", "/projects/{project}/campaigns", "full", b'{"name": "x"}', key) for _ in range(2))
    assert (first.status, again.status) == (201, 201)
    assert first.document.value["data"]["id"] != again.document.value["data"]["id"]
    assert may.ask("POST", "/projects/{project}/creators", "full", b'{"tiktok_handle": "first.seeded"}').status == 200
    default = may.world.profile.fixtures["default_payout_method"].id
    assert may.ask("DELETE", f"/payout-methods/{default}").status == 200


def test_a_route_that_was_removed_later_is_not_known_yet(may):
    assert may.ask("GET", "/creators/x/stats").status == 404


def test_the_window_says_no_more_than_its_code(may):
    for _ in range(60):
        assert may.ask("GET", "/projects").status == 200
    limited = may.ask("GET", "/projects")
    assert (limited.status, limited.meta) == (429, {"code": "too_many_requests"})
    assert limited.header("retry-after") is None


def test_the_day_says_how_long_to_wait(may):
    limited = may.ask("GET", "/projects", "spent")
    assert (limited.status, limited.meta) == (429, {"code": "rate_limit_exceeded", "retryAfter": 3421})


def test_a_cap_is_told_with_its_own_figures(may):
    project = may.world.profile.fixtures["capped_project"].id
    path = f"/projects/{project}/creators"
    answers = [may.ask("POST", path, "capped", b'{"tiktok_handle": "c%d"}' % n) for n in range(6)]
    assert answers[-1].meta == {"code": "limit_reached", "limitKey": "max_creators_per_org", "current": 5, "max": 5}


def test_http_s_own_answers_stay_as_they_are(may):
    assert may.ask("PUT", "/projects").status == 405


def test_each_variant_is_answered_on_demand(may):
    force = may.world.profile.force
    for variant in MAY.variants:
        forced = may.ask("GET", "/projects", "full", None, (force.header, variant.id), forced=variant.id)
        assert variant_of(Exchange(1, Request("GET", "/projects"), forced), MAY) == variant
        assert forced.document.value == variant.example


def limited_by(*faults):
    """What the broken mock of May answers beyond the cap."""
    world = as_edition(broken_world(reference_world(), faults), MAY)
    token = world.profile.with_role("capped")[0].token
    path = f"/projects/{world.profile.fixtures['capped_project'].id}/creators"
    for number in range(6):
        body = b'{"tiktok_handle": "c%d"}' % number
        response = world.answer(Request("POST", path, "", (("Authorization", f"Bearer {token}"), JSON), body))
    return response


def test_the_mock_of_an_earlier_edition_can_be_broken_like_the_newest():
    assert limited_by().meta["limitKey"] == "max_creators_per_org"
    assert "limitKey" not in limited_by("limit-key-absent").meta


@pytest.mark.parametrize(
    "body",
    [b"<html>no</html>", b'{"data": null, "error": "no", "meta": []}'],
)
def test_what_is_no_form_of_any_edition_stays_as_it_is(body):
    world = reference_world()
    odd = world.rules.with_stage("key", lambda _world, _call: Response(401, (JSON,), body))
    may = as_edition(replace(world, rules=odd), MAY)
    told = may.answer(Request("GET", "/projects"))
    assert (told.status, told.body) == (401, body)
