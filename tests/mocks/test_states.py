"""A mock that is put into a state before each answer on demand, and back after it: WireMock's scenario of the export."""

from dataclasses import replace

import pytest
from cases import CONTRACT, wiremock

from goatcheck.conduct.run import Run
from goatcheck.conduct.suites import all_checks
from goatcheck.conduct.trial import OBSERVED
from goatcheck.profile import load_profile
from goatcheck.profile.parts import Call, Force

pytestmark = pytest.mark.xdist_group("states")

STATE = "/__admin/scenarios/answer/state"
FORCE = Force(
    before=Call(STATE, "PUT", '{"state": "{variant}"}'),
    after=Call(STATE, "PUT"),
    markers=("wiremock",),
)


@pytest.fixture(scope="module")
def url(serve, tmp_path_factory):
    with serve("wiremock", wiremock(tmp_path_factory.mktemp("states"))) as base_url:
        yield base_url


def played(url, force):
    """A run of what is asked for on demand, and of one check that asks for nothing."""
    checks = {name: all_checks()[name] for name in (OBSERVED, "envelope.unknown-route")}
    profile = replace(load_profile("wiremock", {}, url), force=force)
    run = Run(CONTRACT, profile, checks, tuple(CONTRACT.by_id))
    run.execute()
    return run


def test_every_variant_comes_by_a_state_and_the_state_is_put_back(url):
    run = played(url, FORCE)
    forced = [e for e in run.ledger.exchanges if e.intent.forced]
    assert run.unforced == {}
    assert {e.intent.forced for e in forced} == {variant.id for variant in CONTRACT.variants}
    assert all(str(e.response.status) == e.intent.forced[:3] for e in forced)
    assert [name for name in CONTRACT.by_id if run.ledger.record(name).breaches] == []
    assert run.ledger.record("envelope.unknown-route").judged


def test_a_state_that_the_mock_does_not_have_is_told_and_nothing_is_judged_by_it(url):
    wrong = replace(FORCE, before=Call("/__admin/scenarios/nothing/state", "PUT", '{"state": "{variant}"}'))
    run = played(url, wrong)
    assert set(run.unforced) == {variant.id for variant in CONTRACT.variants}
    assert all("force.before: PUT" in reason and "404" in reason for reason in run.unforced.values())
    assert not any(e.intent.forced for e in run.ledger.exchanges)


def test_a_mock_that_is_not_put_back_is_not_judged_any_further(url):
    run = played(url, replace(FORCE, after=Call("/__admin/nothing", "PUT")))
    assert "force.after: PUT" in run.unusable
    assert [e.intent.forced for e in run.ledger.exchanges if e.intent.forced] == []
