"""Exports that somebody has spoilt: each damage is found as what it breaks, with whose doing it is, and nothing else is found."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from cases import CASES, CONTRACT

from goatcheck.conduct.blame import CANNOT, blame, demanded
from goatcheck.conduct.run import Run
from goatcheck.conduct.suites import all_checks
from goatcheck.conduct.trial import OBSERVED
from goatcheck.profile import load_profile

CHECKS = (
    OBSERVED,
    "envelope.unknown-route",
    "envelope.wrong-method",
    "401.missing",
    "401.invalid",
    "403.banned",
    "410.removed",
    "500.forced",
)
"""What is run: all that is asked for on demand, and what tells quickly how a mock behaves by itself."""


@dataclass(frozen=True)
class Damage:
    """A case, what is done to its folder, and what is found then: for each requirement whose doing it is."""

    case: str
    spoil: Callable
    found: dict[str, set[str]]


def edited(path, edit):
    """Change the JSON in a file: `edit` gets the value, and may return another."""
    value = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(edit(value) or value), "utf-8")


def response(folder, route, label):
    """Where a response of the Mockoon environment is, for an edit."""
    environment = json.loads((folder / "mockoon.json").read_text("utf-8"))
    found = next(r for r in environment["routes"] if r["documentation"] == route)
    return environment, found, next((r for r in found["responses"] if r["label"] == label), None)


def write(folder, environment):
    (folder / "mockoon.json").write_text(json.dumps(environment), "utf-8")


# ------------------------------------------------------------------------------------------------------------- WireMock


def a_misspelt_code(folder):
    edited(folder / "__files" / "401.json", lambda body: body["meta"].update(code="invalid_apikey"))


def a_wait_that_is_not_the_header_s(folder):
    edited(folder / "__files" / "429.window.json", lambda body: body["meta"].update(retryAfter=50))


def no_stub_for_other_paths(folder):
    (folder / "mappings" / "all-other-paths.json").unlink()


def a_list_for_anybody(folder):
    def stub_without_key(file):
        for stub in file["mappings"]:
            if stub["name"] == "GET /videos: right":
                del stub["request"]["headers"]

    edited(folder / "mappings" / "get-videos.json", stub_without_key)


def problems_as_media_type_of_a_conflict(folder):
    def retyped(file):
        for stub in file["mappings"]:
            if stub["name"] == "PATCH /creators/{id}: 409 on demand":
                stub["response"]["headers"]["Content-Type"] = "text/plain"

    edited(folder / "mappings" / "patch-creators-id.json", retyped)


# -------------------------------------------------------------------------------------------------------------- Mockoon


def data_beside_an_error(folder):
    environment, _, spoilt = response(folder, "DELETE /campaigns/{id}", "500 on demand")
    spoilt["body"] = json.dumps({"data": [], "error": "Internal server error", "meta": {"code": "internal_error"}})
    write(folder, environment)


def no_route_for_other_paths(folder):
    environment, found, _ = response(folder, "all other paths", "")
    environment["routes"].remove(found)
    environment["rootChildren"] = [child for child in environment["rootChildren"] if child["uuid"] != found["uuid"]]
    write(folder, environment)


def a_removed_route_that_is_not_found(folder):
    environment, _, spoilt = response(folder, "GET /campaigns/{id}/stats", "removed")
    spoilt["statusCode"] = 404
    write(folder, environment)


# ----------------------------------------------------------------------------------------------------------------- URLs


def a_header_that_is_no_number(folder):
    edited(folder / "answers.json", lambda index: index["429.window"]["headers"].update({"Retry-After": "soon"}))


def scopes_that_suffice(folder):
    edited(folder / "403.scope.json", lambda body: body["meta"].update(granted=["read", "write"]))


def another_member_in_the_envelope(folder):
    edited(folder / "404.json", lambda body: body.update(trace="4f2a"))


def a_status_of_its_own(folder):
    edited(folder / "answers.json", lambda index: index["402.limit"].update(status=422))


EXAMPLE, OWN = {"example"}, {"own behaviour"}
DAMAGES = (
    Damage("wiremock", a_misspelt_code, {"401.code": EXAMPLE, "code.known": EXAMPLE}),
    Damage("wiremock", a_wait_that_is_not_the_header_s, {"429.window.agree": EXAMPLE}),
    Damage(
        "wiremock",
        no_stub_for_other_paths,
        {"envelope.json": OWN, "envelope.unknown-route": OWN, "envelope.wrong-method": OWN},
    ),
    Damage("wiremock", a_list_for_anybody, {"401.missing": OWN, "401.invalid": OWN, "403.banned": OWN}),
    Damage("wiremock", problems_as_media_type_of_a_conflict, {"envelope.json": EXAMPLE}),
    Damage("mockoon", data_beside_an_error, {"envelope.data-null": EXAMPLE, "500.forced": EXAMPLE}),
    Damage(
        "mockoon",
        no_route_for_other_paths,
        {"envelope.json": OWN, "envelope.unknown-route": OWN, "envelope.wrong-method": OWN},
    ),
    Damage("mockoon", a_removed_route_that_is_not_found, {"410.removed": OWN}),
    Damage("urls", a_header_that_is_no_number, {"429.window.header": EXAMPLE}),
    Damage("urls", scopes_that_suffice, {"403.scope.missing": EXAMPLE}),
    Damage("urls", another_member_in_the_envelope, {"envelope.closed": EXAMPLE}),
    Damage("urls", a_status_of_its_own, {}),
)


@pytest.fixture
def judged(serve, tmp_path):
    def run_on(name, spoil):
        case = CASES[name]
        served = case.served(tmp_path)
        spoil(tmp_path)
        with serve(case.tool, served) as url:
            checks = {check: all_checks()[check] for check in CHECKS}
            run = Run(CONTRACT, load_profile(case.profile, {}, url), checks, tuple(CONTRACT.by_id))
            run.execute()
        assert not run.unusable
        return run

    return run_on


def found_in(run):
    """Whose doing the breaches of each requirement are, without what a kind of mock can't do."""
    came = demanded(run.ledger.exchanges, CONTRACT)
    found = {}
    for requirement in CONTRACT.requirements:
        for breach in run.ledger.record(requirement.id).breaches:
            found.setdefault(requirement.id, set()).add(blame(breach, requirement, run.profile, came))
    return {name: answers - {CANNOT} for name, answers in found.items() if answers - {CANNOT}}


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: f"{damage.case}: {damage.spoil.__name__}")
def test_a_damaged_export_is_found_by_what_it_breaks(judged, damage):
    run = judged(damage.case, damage.spoil)
    assert found_in(run) == damage.found


@pytest.mark.parametrize("name", ["wiremock", "mockoon", "urls"])
def test_an_export_that_nobody_spoilt_breaks_nothing(judged, name):
    run = judged(name, lambda _: None)
    assert found_in(run) == {}
    assert run.unforced == {}


def test_an_answer_with_another_status_is_not_judged_as_the_one_that_was_asked_for(judged):
    run = judged("urls", a_status_of_its_own)
    assert run.unforced == {"402.limit": "402.limit was asked for and 422 came"}
