"""A target may carry out whatever it is sent: so what is sent to it must do no harm where it does."""

from dataclasses import replace
from urllib.parse import quote

import httpx
import pytest

from goatcheck.conduct.safety import Known, objection, path_ids
from goatcheck.drawing import Draft
from goatcheck.profile.parts import Fixture, Profile

PROJECT, STRANGER, OWN, ABSENT, SEEDED = (f"0000000{n}-0000-4000-8000-00000000000a" for n in range(5))
CREATE, RENAME, DELETE = (
    "POST /projects/{projectId}/creators",
    "PATCH /creators/{id}",
    "DELETE /creators/{id}",
)
LIVE = Profile(
    "https://api.example/v1",
    writes=True,
    fixtures={"project": Fixture(PROJECT), "default_payout_method": Fixture(SEEDED, expendable=True)},
)
READING = replace(LIVE, writes=False)
KNOWN = Known(made={OWN}, others={STRANGER, OWN, PROJECT})


@pytest.fixture
def objected(current_contract):
    operations = {o.id: o for o in (*current_contract.operations, *current_contract.removed)}

    def ask(profile, operation, path, known=KNOWN):
        method = operation.split(" ")[0]
        return objection(Draft(method, path, operation=operation), operations.get(operation), profile, known)

    return ask


@pytest.mark.parametrize("profile", [LIVE, READING])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_whoever_only_reads_may_read_anything(objected, profile, method):
    assert objected(profile, f"{method} /creators", f"/creators/{STRANGER}") == ""


@pytest.mark.parametrize(
    ("operation", "path", "says"),
    [
        (RENAME, f"/creators/{OWN}", ""),
        (RENAME, f"/creators/{ABSENT}", ""),
        (RENAME, f"/creators/{STRANGER}", "aims at something that this run did not make"),
        (RENAME, f"/creators/{STRANGER.upper()}", "aims at something that this run did not make"),
        (RENAME, f"/creators/{quote(STRANGER).replace('-', '%2D')}", "aims at something that this run did not make"),
        (DELETE, f"/creators/{OWN}", ""),
        (DELETE, f"/creators/{STRANGER}", "aims at something that this run did not make"),
        (CREATE, f"/projects/{PROJECT}/creators", ""),
        (CREATE, f"/projects/{STRANGER}/creators", "aims at something that this run did not make"),
        ("POST /payout-methods", "/payout-methods", ""),
        ("DELETE /payout-methods/{id}", f"/payout-methods/{SEEDED}", ""),
        ("PATCH /payout-methods/{id}", f"/payout-methods/{SEEDED}", "aims at something that this run did not make"),
        ("PUT /creators/{id}", f"/creators/{STRANGER}", "aims at everything there is"),
        ("PUT /creators/{id}", f"/creators/{ABSENT}", ""),
        ("DELETE /creators", "/creators", "aims at everything there is"),
    ],
)
def test_a_write_goes_to_what_the_run_made_or_to_nothing(objected, operation, path, says):
    told = objected(LIVE, operation, path)
    assert told.endswith(says)
    assert bool(told) == bool(says)


@pytest.mark.parametrize(
    ("operation", "path", "says"),
    [
        (RENAME, f"/creators/{ABSENT}", ""),
        (CREATE, f"/projects/{ABSENT}/creators", ""),
        ("PUT /creators/{id}", f"/creators/{ABSENT}", ""),
        (RENAME, f"/creators/{OWN}", "the profile says writes = false"),
        (RENAME, f"/creators/{STRANGER}", "the profile says writes = false"),
        (CREATE, f"/projects/{PROJECT}/creators", "the profile says writes = false"),
        ("DELETE /payout-methods/{id}", f"/payout-methods/{SEEDED}", "the profile says writes = false"),
        ("POST /payout-methods", "/payout-methods", "the profile does not allow that: writes = true"),
        ("DELETE /creators", "/creators", "the profile does not allow that: writes = true"),
    ],
)
def test_without_writes_only_nothing_may_be_aimed_at(objected, operation, path, says):
    told = objected(READING, operation, path)
    assert told.endswith(says)
    assert bool(told) == bool(says)


def test_a_loopback_target_may_be_asked_to_do_what_no_operation_does(objected):
    local = replace(LIVE, base_url="http://127.0.0.1:8000/api/v1")
    assert objected(local, "DELETE /creators", "/creators") == ""
    assert objected(local, "PUT /creators/{id}", f"/creators/{STRANGER}").endswith("everything there is")


def test_ids_in_a_path_are_told_by_what_they_mean(current_contract):
    operation = next(o for o in current_contract.operations if o.id == CREATE)
    assert path_ids(operation, f"/projects/{PROJECT}/creators") == {"project": PROJECT}


# A target that carries out everything


@pytest.fixture
def obliging(stage):
    """A run against a target that serves every request, whoever asks; and the ids that were there before."""

    def carry_out(_request, _forward, _number):
        return httpx.Response(200, json={"data": [], "error": None, "meta": None})

    def play(**profile):
        played = stage.play(change=carry_out, **profile)
        assert played.run.unusable == ""
        return played

    return play


def test_without_writes_nothing_that_exists_is_ever_aimed_at(obliging, stage):
    there = {thing for things in stage.left().values() for thing in things}
    played = obliging(writes=False, base_url="https://api.example/api/v1")
    writes = [(method, path) for method, path in played.transport.asked if method != "GET"]
    assert writes
    for method, path in writes:
        assert not any(thing in path for thing in there), (method, path)
        assert len(path.removeprefix("/api/v1/").split("/")) > 1, (method, path)
    assert played.names["401.missing"] == "fail"
    assert played.names["403.scope.write"] == "fail"


def test_with_writes_only_creates_in_a_project_of_the_profile_touch_what_was_there(obliging, stage):
    projects = {f.id for name, f in stage.profile.fixtures.items() if name.endswith("project")}
    seeded = stage.profile.fixtures["default_payout_method"].id
    there = {thing for things in stage.left().values() for thing in things}
    played = obliging(base_url="https://api.example/api/v1", max_requests=600)
    for method, path in played.transport.asked:
        for thing in there:
            if method != "GET" and thing in path:
                assert (method == "POST" and thing in projects) or (method == "DELETE" and thing == seeded), (
                    method,
                    path,
                )
