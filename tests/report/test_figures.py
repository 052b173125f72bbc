"""Figures of a report: what each operation was seen to answer, and how a burst went."""

import pytest

from goatcheck.contract.loading import load
from goatcheck.exchange import Exchange, Intent, Request, Response
from goatcheck.report.figures import bursts_of, coverage_of
from goatcheck.report.model import BurstAnswer, Cell


@pytest.fixture(scope="module")
def contract():
    return load()


def exchange(number, status, *, sent=0.0, received=0.0, headers=(), **intent):
    intent = {"operation": "GET /creators"} | intent
    return Exchange(number, Request("GET", "/creators"), Response(status, headers), Intent(**intent), sent, received)


def cells(contract, operation, *exchanges):
    return next(row.statuses for row in coverage_of(contract, exchanges) if row.operation == operation)


def test_every_operation_has_a_row_with_what_it_documents(contract):
    rows = coverage_of(contract, ())
    assert [row.operation for row in rows] == [o.id for o in (*contract.operations, *contract.removed)]
    assert list(rows[0].statuses) == ["400", "401", "403", "429", "500", "success"]
    assert set(rows[0].statuses.values()) == {Cell(documented=True, tried=0, seen=0)}


def test_what_was_tried_and_what_was_seen_are_counted_apart(contract):
    found = cells(
        contract,
        "GET /creators",
        exchange(1, 401, requirement="401.expired"),
        exchange(2, 200, requirement="401.expired"),
        exchange(3, 0, requirement="404.absent"),
    )
    assert found["401"] == Cell(documented=True, tried=2, seen=1)
    assert found["404"] == Cell(documented=True, tried=1, seen=0)
    assert found["success"] == Cell(documented=True, tried=0, seen=1)


def test_what_is_not_documented_shows_once_it_was_seen(contract):
    assert "409" not in cells(contract, "GET /creators")
    assert cells(contract, "GET /creators", exchange(1, 409))["409"] == Cell(documented=False, tried=0, seen=1)


def test_an_answer_on_demand_was_tried_for_its_own_status(contract):
    found = cells(contract, "GET /creators", exchange(1, 403, requirement="500.forced", forced="403.scope"))
    assert found["403"] == Cell(documented=True, tried=1, seen=1)
    assert found["500"].tried == 0


def test_requests_of_no_operation_are_left_out(contract):
    assert coverage_of(contract, [exchange(1, 404, operation="GET /nothing")]) == coverage_of(contract, ())


def test_a_burst_is_told_in_the_order_of_its_answers():
    limited = exchange(
        8, 429, sent=10.001, received=10.3, headers=(("Retry-After", "7" * 50),), burst=True, key="burst"
    )
    served = exchange(9, 200, sent=10.0, received=10.25, burst=True, key="burst")
    (burst,) = bursts_of([limited, exchange(7, 200), served])
    assert (burst.key, burst.operation, burst.began) == ("burst", "GET /creators", 10.0)
    assert burst.answers == (BurstAnswer(9, 0.0, 0.25, 200), BurstAnswer(8, 0.001, 0.3, 429, "7" * 40))


def test_each_key_has_its_own_bursts_and_a_minute_between_parts_them():
    made = bursts_of(
        exchange(number, 200, sent=sent, received=sent, burst=True, key=key)
        for number, (key, sent) in enumerate([("b", 5.0), ("a", 1.0), ("a", 62.0), ("a", 1.5)])
    )
    assert [(burst.key, burst.began, len(burst.answers)) for burst in made] == [
        ("a", 1.0, 2),
        ("b", 5.0, 1),
        ("a", 62.0, 1),
    ]
