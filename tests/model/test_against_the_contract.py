"""The model keeps the contract that the suites judge by."""

import pytest

from goatcheck.checks import observe, variant_of
from goatcheck.contract import load
from goatcheck.exchange import Exchange, Intent, Request
from goatcheck.model import REFERENCE, reference_world
from goatcheck.model.forced import HEADER
from goatcheck.model.worlds import ROOMY

CONTRACT = load()


def test_the_model_serves_the_operations_of_the_contract_and_no_others():
    served = {operation: route.gone for operation, route in REFERENCE.routes.items()}
    documented = {each.id: each.removed for each in (*CONTRACT.operations, *CONTRACT.removed)}
    assert served == documented


def test_the_model_reads_the_query_parameters_of_the_contract_and_requires_the_same():
    for operation in CONTRACT.operations:
        route, documented = REFERENCE.routes[operation.id], operation.query_parameters
        assert set(route.query) == {parameter.name for parameter in documented}
        assert set(route.required) == {parameter.name for parameter in documented if parameter.required}
        assert (route.body is None) == (operation.body is None)


def test_every_cap_is_a_documented_limit():
    assert set(ROOMY) <= set(CONTRACT.limit_keys)


@pytest.mark.parametrize("variant", CONTRACT.variants, ids=lambda variant: variant.id)
def test_every_variant_can_be_forced_and_is_then_what_the_contract_says(variant):
    request = Request("POST", "/payout-methods", headers=((HEADER, variant.id),))
    exchange = Exchange(1, request, reference_world().answer(request), Intent(forced=variant.id))
    assert variant_of(exchange, CONTRACT) == variant
    assert [judgement for judgement in observe(exchange, CONTRACT) if judgement.problems] == []
