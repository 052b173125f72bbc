import pytest

from goatcheck.checks import answers_as_forced, variant_of

DAILY = {"code": "rate_limit_exceeded"}


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ({"status": 400, "meta": {"code": "invalid_query"}}, "400.query"),
        ({"status": 400, "meta": {"code": "invalid_params"}}, "400.params"),
        ({"status": 401}, "401"),
        ({"status": 402, "meta": {"code": "limit_reached"}}, "402.limit"),
        ({"status": 402, "meta": {"code": "retention_exceeded", "limitKey": "x"}}, "402.retention"),
        ({"status": 403, "meta": {"code": "insufficient_scope"}}, "403.scope"),
        ({"status": 403, "meta": {"code": "banned", "required": "write"}}, "403.banned"),
        ({"status": 403, "raw": b"<html>"}, "403.banned"),
        ({"status": 429, "meta": {**DAILY, "bucket": ""}}, "429.window"),
        ({"status": 429, "meta": DAILY}, "429.daily"),
        ({"status": 429, "meta": DAILY, "burst": True}, "429.window"),
        ({"status": 429, "meta": ["bucket"]}, "429.daily"),
        ({"status": 429, "raw": b""}, "429.daily"),
        ({"status": 500, "raw": b"\xff"}, "500"),
    ],
)
def test_a_response_is_a_variant_by_its_status_and_what_tells_variants_apart(exchange, contract, case, expected):
    assert variant_of(exchange(**case), contract).id == expected


@pytest.mark.parametrize(
    "case", [{"status": 200}, {"status": 422}, {"status": 503}, {"status": 400}, {"status": 402, "meta": "x"}]
)
def test_what_the_contract_does_not_know_is_no_variant(exchange, contract, case):
    assert variant_of(exchange(**case), contract) is None


def test_every_example_of_the_contract_is_the_variant_that_it_is_an_example_of(exchange, contract):
    for variant in contract.variants:
        case = {"status": variant.status, "meta": variant.example["meta"]}
        assert variant_of(exchange(**case), contract) is variant


@pytest.mark.parametrize(
    ("forced", "status", "expected"),
    [("402.limit", 402, True), ("402.limit", 200, False), ("500", 500, True), ("no.such", 404, False)],
)
def test_a_forced_answer_has_the_status_that_was_asked_for(exchange, contract, forced, status, expected):
    assert answers_as_forced(exchange(status=status, forced=forced), contract) is expected
