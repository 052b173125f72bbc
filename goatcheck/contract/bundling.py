"""The OpenAPI description in one piece, for tools that take a document and no folder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from goatcheck.contract.contract import Contract
from goatcheck.contract.parts import Schema

_OF_A_FILE = ("$schema", "$id")


def bundled(contract: Contract) -> dict[str, Any]:
    """A contract's OpenAPI description with each schema file that it refers to put in its place.

    What remains of references points into the document itself. The schema files hold none of their own.
    """
    document: dict[str, Any] = _bundled(contract.document, contract.schemas)
    return document


def _bundled(value: Any, files: Mapping[str, Schema]) -> Any:
    if isinstance(value, list):
        return [_bundled(item, files) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("$ref") in files:
        return {keyword: part for keyword, part in files[value["$ref"]].items() if keyword not in _OF_A_FILE}
    return {name: _bundled(member, files) for name, member in value.items()}
