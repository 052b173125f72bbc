"""The answers that a contract shows as examples, by operation: what a mock made from it can say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from goatcheck.contract import Contract
from goatcheck.contract.references import OPENAPI, References
from goatcheck.drawing.draft import JSON as JSON_TYPE

_ERROR = 400


@dataclass(frozen=True)
class Canned:
    """One answer: the name of its example (of an error the id of its variant), status, header fields, body."""

    name: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: str

    @property
    def is_error(self) -> bool:
        """Whether it is an error."""
        return self.status >= _ERROR

    @property
    def media_type(self) -> str:
        """Its media type."""
        return dict(self.headers)["Content-Type"]

    @property
    def data(self) -> Any:
        """The `data` of its envelope; None for an error, and for what is no JSON."""
        return json.loads(self.body)["data"] if self.media_type == JSON_TYPE[1] else None


def canned(contract: Contract) -> Mapping[str, tuple[Canned, ...]]:
    """All examples of each operation, removed ones too, by its id, in the document's order."""
    references = References.among({**contract.schemas, OPENAPI: contract.document})
    paths = contract.document["paths"]
    return {
        o.id: tuple(_answers(references, paths[o.template][o.method.lower()]["responses"]))
        for o in (*contract.operations, *contract.removed)
    }


def base_path(contract: Contract) -> str:
    """The path of the document's first server, such as "/api/v1"."""
    return urlsplit(str(contract.document["servers"][0]["url"])).path


def as_json(value: Any) -> str:
    """A value as JSON text for people."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _answers(references: References, responses: Mapping[str, Any]) -> Iterator[Canned]:
    for status, given in responses.items():
        response = references.inlined(given)
        for media_type, content in response.get("content", {}).items():
            for name, example in content.get("examples", {}).items():
                value = example["value"]
                yield Canned(
                    name=name,
                    status=int(status),
                    headers=(("Content-Type", media_type), *_headers(response.get("headers", {}), name)),
                    body=value if isinstance(value, str) else as_json(value),
                )


def _headers(headers: Mapping[str, Any], name: str) -> Iterator[tuple[str, str]]:
    for header, given in headers.items():
        if given.get("x-variant", name) == name:
            yield header, str(given["example"])
