"""WireMock: stub mappings by operation, and the bodies beside them.

A rung of a ladder is a mapping, its place the priority. What is demanded is so by the profile's header, or by the state of the
scenario `answer`, for clients that send no header of ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from goatcheck.contract import Contract, Operation
from goatcheck.export.canned import Canned, as_json, base_path
from goatcheck.export.forms import one_of
from goatcheck.export.ladder import Asked, Rung, demand, first_of, ladders
from goatcheck.profile.parts import Profile

SCENARIO = "answer"
"""The scenario whose state may name a variant; its first state, "Started", demands nothing."""

_LAST = 1000

_STRICT = ({"matches": '(?s)\\s*\\{\\s*["}].*'}, {"doesNotMatch": "(?s).*\\}\\s*\\{.*"})
"""WireMock reads JSON in single quotes, and the first of two texts: neither is JSON. No valid body has a brace after another,
but in a text, where nobody will miss it.
"""


def files(contract: Contract, profile: Profile) -> dict[str, str]:
    """A file of mappings for each operation and one for all other paths, and the bodies under `__files`."""
    bodies = _Bodies()
    mappings = {}
    for operation, rungs in ladders(contract, profile):
        stubs = [
            {
                "name": f"{operation.id}: {rung.title}",
                "priority": place,
                "request": {"method": operation.method, "urlPathTemplate": base_path(contract) + operation.template}
                | request,
                "response": bodies.response(rung.answer),
                **scenario,
            }
            for place, rung in enumerate(rungs, 1)
            for request, scenario in _ways(rung, contract, profile)
        ]
        mappings[f"mappings/{_slug(operation)}.json"] = as_json({"mappings": stubs})
    nowhere = {
        "name": "no such route, or no such method",
        "priority": _LAST,
        "request": {"method": "ANY", "urlPattern": ".*"},
        "response": bodies.response(first_of(contract, "404")),
    }
    return mappings | {"mappings/all-other-paths.json": as_json({"mappings": [nowhere]})} | bodies.files


@dataclass
class _Bodies:
    """The files of bodies: each distinct body once, named by its example."""

    files: dict[str, str] = field(default_factory=dict)

    def response(self, answer: Canned) -> dict[str, Any]:
        """The response of a mapping."""
        return {"status": answer.status, "headers": dict(answer.headers), "bodyFileName": self._name(answer)}

    def _name(self, answer: Canned) -> str:
        suffix = "csv" if answer.media_type == "text/csv" else "json"
        number = 1
        while True:
            name = f"{answer.name}{f'-{number}' if number > 1 else ''}.{suffix}"
            if self.files.setdefault(f"__files/{name}", answer.body) == answer.body:
                return name
            number += 1


def _slug(operation: Operation) -> str:
    parts = (part.strip("{}") for part in operation.template.split("/") if part)
    return "-".join([operation.method.lower(), *parts])


def _ways(rung: Rung, contract: Contract, profile: Profile) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """What a request has to be like for a rung, and the members of a mapping that tie it to a scenario."""
    asked = rung.asked
    if not asked.demand:
        yield _conditions(asked), {}
        return
    header, value = demand(contract, profile, asked.demand)
    yield {"headers": {header: {"equalTo": value}}}, {}
    yield {}, {"scenarioName": SCENARIO, "requiredScenarioState": asked.demand}


def _conditions(asked: Asked) -> dict[str, Any]:
    query: Mapping[str, Any] = {
        name: {"matches": form} if name in asked.needed else {"or": [{"absent": True}, {"matches": form}]}
        for name, form in {**dict.fromkeys(asked.needed, ".*"), **asked.query}.items()
    }
    members = {
        "headers": {"Authorization": {"matches": f"Bearer {one_of(asked.tokens)}"}} if asked.tokens else {},
        "pathParameters": {name: {"matches": form} for name, form in asked.path.items()},
        "queryParameters": query,
        "bodyPatterns": [*_STRICT, {"matchesJsonSchema": asked.body, "schemaVersion": "V202012"}] if asked.body else [],
    }
    return {name: member for name, member in members.items() if member}
