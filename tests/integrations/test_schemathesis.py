"""The observed checks as checks of schemathesis, in a run of its own."""

import pytest

from goatcheck.rooms import room
from goatcheck.schemathesis import PREFIX, name_of

ENVELOPE = name_of("envelope.data-null")


@pytest.fixture
def run(mock, shell):
    """A function: a run of schemathesis against a mock with faults, with our checks only."""

    def running(*faults, checks, **environment):
        base_url, token = mock(*faults)
        document = room("contracts") / "2026-06" / "openapi.yaml"
        return shell(
            *("-m", "schemathesis.cli", "run", document, "--url", base_url, "-H", f"Authorization: Bearer {token}"),
            *("--checks", checks, "--seed", "1", "--phases", "fuzzing", "--max-examples", "3"),
            SCHEMATHESIS_HOOKS="goatcheck.schemathesis",
            **environment,
        )

    return running


def test_a_mock_that_keeps_the_contract_passes_every_check(run, current_contract):
    musts = [name_of(r.id) for r in current_contract.requirements if r.how == "seen" and r.level == "MUST"]
    done = run(checks=",".join(musts))
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_mock_that_breaks_it_fails_the_check_that_is_named_after_what_it_breaks(run):
    done = run("envelope-data-empty-object", checks=f"{ENVELOPE},{name_of('envelope.json')}")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "envelope.data-null (MUST): `data` of an error is not null at /data" in " ".join(done.stdout.split())
    assert "envelope.json (MUST)" not in done.stdout


def test_a_should_has_a_check_where_it_is_asked_for(run):
    challenge = name_of("401.challenge")
    assert challenge == f"{PREFIX}401_challenge"
    assert run(checks=challenge).returncode == 2
    assert run(checks=challenge, GOATCHECK_STRICT="1").returncode == 0
