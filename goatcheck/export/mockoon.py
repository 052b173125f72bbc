"""Mockoon: one environment. A rung of a ladder is a response with rules, all of which must hold; the last has none.

Mockoon's rules can't say "absent or such"; the opposite of "there and not such" says the same.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

from goatcheck.contract import Contract, Operation
from goatcheck.export.canned import Canned, as_json, base_path
from goatcheck.export.forms import one_of
from goatcheck.export.ladder import Asked, Rung, demand, first_of, ladders
from goatcheck.profile.parts import Profile

_MIGRATION = 33
"""The version of the environment's form; Mockoon brings an older one up to date."""

_PORT = 3000


def files(contract: Contract, profile: Profile) -> dict[str, str]:
    """`mockoon.json`."""
    routes = []
    buckets: list[dict[str, Any]] = []
    for operation, rungs in ladders(contract, profile):
        if operation.body is not None:
            schema = next(rung.asked.body for rung in rungs if rung.asked.body)
            buckets.append(_bucket(operation, schema))
        responses = [_response(operation, rung, _rules(rung.asked, operation, contract, profile)) for rung in rungs]
        routes.append(_route(operation.id, operation.method.lower(), _endpoint(operation), responses))
    nowhere = Rung("no such route, or no such method", Asked(), first_of(contract, "404"))
    routes.append(_route("all other paths", "all", "*", [_response(None, nowhere, [])]))
    environment = {
        "uuid": _id("environment"),
        "lastMigration": _MIGRATION,
        "name": f"{contract.document['info']['title']} {contract.version}",
        "endpointPrefix": base_path(contract).strip("/"),
        "latency": 0,
        "port": _PORT,
        "hostname": "127.0.0.1",
        "folders": [],
        "routes": routes,
        "rootChildren": [{"type": "route", "uuid": route["uuid"]} for route in routes],
        "proxyMode": False,
        "proxyHost": "",
        "proxyRemovePrefix": False,
        "tlsOptions": {
            "enabled": False,
            "type": "CERT",
            "pfxPath": "",
            "certPath": "",
            "keyPath": "",
            "caPath": "",
            "passphrase": "",
        },
        "cors": True,
        "headers": [],
        "proxyReqHeaders": [],
        "proxyResHeaders": [],
        "data": buckets,
        "callbacks": [],
    }
    return {"mockoon.json": as_json(environment)}


def _id(name: str) -> str:
    """An id that is the same whenever the same thing is exported."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:goatcheck:mockoon:{name}"))


def _bucket_name(operation: Operation) -> str:
    return f"body of {operation.id}"


def _bucket(operation: Operation, schema: Any) -> dict[str, Any]:
    name = _bucket_name(operation)
    return {
        "uuid": _id(name),
        "id": _id(name)[:4],
        "name": name,
        "documentation": "What a request may hold.",
        "value": json.dumps(schema, indent=2),
    }


def _endpoint(operation: Operation) -> str:
    return operation.template.strip("/").replace("{", ":").replace("}", "")


def _route(name: str, method: str, endpoint: str, responses: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "uuid": _id(name),
        "type": "http",
        "documentation": name,
        "method": method,
        "endpoint": endpoint,
        "responses": [{**response, "default": response is responses[-1]} for response in responses],
        "responseMode": None,
        "streamingMode": None,
        "streamingInterval": 0,
    }


def _response(operation: Operation | None, rung: Rung, rules: list[dict[str, Any]]) -> dict[str, Any]:
    answer: Canned = rung.answer
    return {
        "uuid": _id(f"{operation.id if operation else ''} {rung.title}"),
        "body": answer.body,
        "latency": 0,
        "statusCode": answer.status,
        "label": rung.title,
        "headers": [{"key": name, "value": value} for name, value in answer.headers],
        "bodyType": "INLINE",
        "filePath": "",
        "databucketID": "",
        "sendFileAsBody": False,
        "rules": rules,
        "rulesOperator": "AND",
        "disableTemplating": True,
        "fallbackTo404": False,
        "crudKey": "id",
        "callbacks": [],
    }


def _rules(asked: Asked, operation: Operation, contract: Contract, profile: Profile) -> list[dict[str, Any]]:
    if asked.demand:
        header, value = demand(contract, profile, asked.demand)
        return [_rule("header", header, "equals", value)]
    return list(_conditions(asked, operation))


def _conditions(asked: Asked, operation: Operation) -> Iterator[dict[str, Any]]:
    if asked.tokens:
        yield _rule("header", "Authorization", "regex", f"^Bearer {one_of(asked.tokens)}$")
    for name, form in asked.path.items():
        yield _rule("params", name, "regex", f"^{form}$")
    for name in asked.needed:
        yield _rule("query", name, "null", "", invert=True)
    for name, form in asked.query.items():
        yield _rule("query", name, "regex", f"^(?!(?:{form})$)", invert=True)
    if asked.body:
        yield _rule("body", "", "valid_json_schema", _bucket_name(operation))


def _rule(target: str, modifier: str, operator: str, value: str, *, invert: bool = False) -> dict[str, Any]:
    return {"target": target, "modifier": modifier, "value": value, "invert": invert, "operator": operator}
