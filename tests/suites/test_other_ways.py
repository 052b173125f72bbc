"""What is asked for in further ways where requests are free: nothing of it is sent where they are bounded."""

from dataclasses import replace

import pytest

from suites.test_429 import Spent

END = "at the end of the day"
ALMOST_A_DAY = 22.9 * 3600


def causes(played):
    return [exchange.intent.cause for exchange in played.run.ledger.exchanges]


def test_what_was_made_under_a_key_is_asked_for_again_at_the_end_of_its_day(stage):
    began = stage.world.clock.now()
    played = stage.play("409.idempotency.replay", clock="http://localhost/_clock", max_requests=0)
    assert causes(played).count(END) == 3
    assert stage.world.clock.now() - began > ALMOST_A_DAY
    assert played.names == {"409.idempotency.replay": "pass"}


def test_what_another_form_names_is_this_run_s(stage):
    played = stage.play("401.missing", max_requests=0)
    bulk = next(e for e in played.run.ledger.exchanges if e.intent.cause == "missing, with creators")
    names = [each["tiktok_handle"] for each in bulk.request.document.value["creators"]]
    assert names
    assert all(name.startswith(f"{played.run.api.workshop.marker}f") for name in names)


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("401.missing", "missing, just seen"),
        ("401.missing", "missing, used key"),
        ("401.first", "missing, no body"),
        ("403.scope.write", "no write scope, used key"),
        ("403.scope.read", "no read scope, second page"),
        ("403.scope.first", "no read scope, no query"),
        ("403.no-effect", "the refused item"),
        ("404.absent", "refers to deleted:creator"),
        ("409.duplicate", "rename to its own"),
        ("409.duplicate", "three at once"),
        ("409.state", "into each other"),
        ("429.window.enforced", "limited read"),
        ("envelope.negotiation", "too old, as CSV, Accept: text/html"),
        ("envelope.unknown-route", "another spelling"),
        ("409.idempotency.replay", END),
        ("409.idempotency.replay", "two at once"),
        ("409.duplicate", "create as a bulk of one"),
        ("409.no-effect", "what the bulk did not make"),
        ("410.removed", "with a query"),
    ],
)
def test_where_requests_are_bounded_no_further_way_is_tried(stage, name, cause):
    assert cause in causes(stage.play(name, max_requests=0))
    assert cause not in causes(stage.play(name, max_requests=600))


@pytest.mark.parametrize(
    ("served", "limited", "later", "full"),
    [(60, 15, 0.1, True), (59, 16, 0.1, False), (75, 0, 0.1, False), (60, 15, 5.0, False)],
)
def test_writes_that_pass_tell_of_a_minute_that_was_just_spent_alone(stage, served, limited, later, full):
    answers = stage.play("429.window.enforced").run.api.all_answers()
    ok, no = (next(a for a in answers if a.exchange.intent.burst and a.status == status) for status in (200, 429))
    write = replace(ok, exchange=replace(ok.exchange, received=max(ok.exchange.received, no.exchange.received) + later))
    assert Spent([ok] * served + [no] * limited, [], [write]).is_full(write) is full
