"""Judging one exchange by all observed checks, against reading its body, and against what others do with a response."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import httpx
import jsonschema
from attempts import without_booleans
from figures import RATIO, Figure
from jsonschema import Draft202012Validator
from timing import Pair, pair

from goatcheck.checks import observe, variant_of
from goatcheck.contract import Contract, bundled, load
from goatcheck.exchange import Exchange, Intent, Request, Response

_LONGEST = 4000
"""Bytes of a body from which on an exchange is left out: the suite's own floods, which no API sends."""

WHAT = "judging one exchange by all observed checks"

_HOST = "http://api.example/api/v1"


def typical(exchanges: Iterable[Exchange], contract: Contract) -> list[Exchange]:
    """The answers with a JSON body to what is an operation of the contract: what all of those who are compared can judge."""
    found = []
    for exchange in exchanges:
        response, operation = exchange.response, contract.operation(exchange.request.method, exchange.request.path)
        if operation is None or exchange.request.method == "HEAD" or response.media_type != "application/json":
            continue
        documented = contract.document["paths"][operation.template][operation.method.lower()]["responses"]
        if str(response.status) in documented and 0 < len(response.body) < _LONGEST:
            found.append(exchange)
    return found


def judging_figures(exchanges: Sequence[Exchange], rounds: int) -> list[Figure]:
    """Against `json.loads` of the body, and against jsonschema: what needs no further library."""
    contract = load()
    chosen = typical(exchanges, contract)
    bodies = [exchange.response.body for exchange in chosen]
    judged = _judging(chosen, contract)
    read = _measured(judged, lambda: [json.loads(body) for body in bodies], rounds, len(chosen))
    errors = [exchange for exchange in chosen if variant_of(exchange, contract)]
    judging = _judging(errors, contract)
    plain = _measured(judging, _plainly(errors, contract), rounds, len(errors))
    return [
        _slower("judging", "`json.loads` of its body", read, 8),
        _faster(
            "judging_jsonschema", "jsonschema alone on the envelope's and the variant's schema, validators kept", plain
        ),
    ]


def peer_figures(exchanges: Sequence[Exchange], rounds: int) -> list[Figure]:
    """Against jsonschema as its documentation begins, and openapi-core and schemathesis, on the same responses; the latter
    are given them ready made.
    """
    contract = load()
    chosen = typical(exchanges, contract)[::7]  # they are slow
    errors = [exchange for exchange in chosen if variant_of(exchange, contract)]
    validate = _plainly(errors, contract, kept=False)
    simple = _measured(_judging(errors, contract), validate, rounds, len(errors))
    document = without_booleans(bundled(contract)) | {"servers": [{"url": _HOST}]}
    peers = {"openapi-core": _openapi_core, "schemathesis": _schemathesis}
    return [
        _faster("judging_validate", "`jsonschema.validate` with the same two schemas", simple),
        *(
            _faster(
                f"judging_{name.replace('-', '_')}",
                f"{name} validating the response",
                _measured(_judging(chosen, contract), peer(chosen, document), rounds, len(chosen)),
            )
            for name, peer in peers.items()
        ),
    ]


def _judging(exchanges: Sequence[Exchange], contract: Contract) -> Callable[[], None]:
    """Every exchange made anew, so that nothing is read already, and judged."""

    def judge() -> None:
        for exchange in exchanges:
            request, response = exchange.request, exchange.response
            fresh = Exchange(
                exchange.number,
                Request(request.method, request.path, request.query, request.headers, request.body),
                Response(response.status, response.headers, response.body),
                Intent(recorded=True),
            )
            observe(fresh, contract)

    return judge


def _plainly(exchanges: Sequence[Exchange], contract: Contract, *, kept: bool = True) -> Callable[[], None]:
    envelope = Draft202012Validator(contract.schemas["envelope.json"])
    variants = {
        variant.id: Draft202012Validator(contract.schemas[variant.schema_name])
        for variant in contract.variants
        if variant.schema_name in contract.schemas
    }
    work = [
        (e.response.body, variants.get(variant.id))
        for e in exchanges
        if (variant := variant_of(e, contract)) is not None
    ]

    def validate() -> None:
        for body, variant in work:
            value = json.loads(body)
            jsonschema.validate(value, envelope.schema)
            if variant and isinstance(value, dict) and isinstance(value.get("meta"), dict):
                jsonschema.validate(value["meta"], variant.schema)

    def iterate() -> None:
        for body, variant in work:
            value = json.loads(body)
            list(envelope.iter_errors(value))
            if variant and isinstance(value, dict) and isinstance(value.get("meta"), dict):
                list(variant.iter_errors(value["meta"]))

    return iterate if kept else validate


def _openapi_core(exchanges: Sequence[Exchange], document: dict[str, Any]) -> Callable[[], None]:
    from openapi_core import OpenAPI  # noqa: PLC0415 - a peer, which only the whole benchmark needs
    from openapi_core.exceptions import OpenAPIError  # noqa: PLC0415
    from openapi_core.testing import MockRequest, MockResponse  # noqa: PLC0415

    peer = OpenAPI.from_dict(document)
    pairs = [
        (
            MockRequest(
                *("http://api.example", e.request.method.lower(), f"/api/v1{e.request.path}"),
                args=dict(e.request.parameters),
            ),
            MockResponse(e.response.body, e.response.status, dict(e.response.headers), "application/json"),
        )
        for e in exchanges
    ]

    def validate() -> None:
        for request, response in pairs:
            try:
                peer.validate_response(request, response)
            except OpenAPIError:
                continue

    return validate


def _schemathesis(exchanges: Sequence[Exchange], document: dict[str, Any]) -> Callable[[], None]:
    import schemathesis  # noqa: PLC0415 - as above

    peer = schemathesis.openapi.from_dict(document)
    contract = load()
    pairs = []
    for exchange in exchanges:
        operation = contract.operation(exchange.request.method, exchange.request.path)
        if operation is None:
            raise AssertionError("what is typical is an operation")
        request = httpx.Request(exchange.request.method, f"{_HOST}{exchange.request.target}")
        response = httpx.Response(
            exchange.response.status,
            headers=list(exchange.response.headers),
            content=exchange.response.body,
            request=request,
        )
        response.elapsed = dt.timedelta(0)
        pairs.append((peer[operation.template][operation.method], response))

    def validate() -> None:
        for operation, response in pairs:
            operation.is_valid_response(response)

    return validate


def _measured(work: Callable[[], Any], against: Callable[[], Any], rounds: int, count: int) -> tuple[Pair, int]:
    return pair(work, against, rounds), count


def _slower(name: str, against: str, measured: tuple[Pair, int], goal: float) -> Figure:
    times, count = measured
    return Figure(
        name, WHAT, against, times.ratio, "times", RATIO, goal, made_of=_told(times.work, times.against, count)
    )


def _faster(name: str, against: str, measured: tuple[Pair, int]) -> Figure:
    times, count = measured
    told = _told(times.work, times.against, count)
    ratio = 1 / times.ratio
    return Figure(name, WHAT, against, ratio, "times faster", RATIO, 10, at_least=True, made_of=told)


def _told(one: float, other: float, count: int) -> str:
    return f"{one / count * 1e6:.0f} µs against {other / count * 1e6:.0f} µs"
