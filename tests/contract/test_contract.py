"""The questions that the rest of goatcheck asks of a contract."""

import pytest


@pytest.mark.parametrize(
    ("method", "path", "found"),
    [
        ("GET", "/creators", "GET /creators"),
        ("HEAD", "/creators", "GET /creators"),
        ("PUT", "/creators", None),
        ("POST", "/projects/anything/creators", "POST /projects/{projectId}/creators"),
        ("DELETE", "/creators/", None),
        ("GET", "/creators/x/stats", None),
        ("GET", "/creators/x/stats/more", None),
        ("GET", "/openapi.json", None),
    ],
)
def test_a_request_line_means_one_operation_or_none(contract, method, path, found):
    operation = contract.operation(method, path)
    assert (operation.id if operation else None) == found


def test_a_removed_route_is_found_as_such(contract):
    assert contract.removed_route("GET", "/campaigns/x/stats").id == "GET /campaigns/{id}/stats"
    assert contract.removed_route("POST", "/campaigns/x/stats") is None
    assert contract.removed_route("GET", "/campaigns") is None


def test_the_methods_of_a_path_are_those_of_operations_and_removed_routes(contract):
    assert contract.methods_of("/payout-methods/x") == {"GET", "PATCH", "DELETE"}
    assert contract.methods_of("/creators/x/stats") == {"GET"}
    assert contract.methods_of("/nothing") == set()


def test_an_operation_is_found_by_its_id_even_if_it_is_removed(contract):
    for operation in (*contract.operations, *contract.removed):
        assert contract.named(operation.id) is operation
    assert contract.named("GET /nothing") is None


def test_every_method_but_get_writes(contract):
    assert {o.method for o in contract.operations if o.writes} == {"POST", "PATCH", "DELETE"}


def test_parameters_are_told_by_their_place(contract):
    operation = contract.operation("POST", "/projects/x/creators")
    assert [p.name for p in operation.path_parameters] == ["projectId"]
    assert [p.name for p in operation.query_parameters] == []
    assert [p.place for p in operation.parameters] == ["path", "header"]
