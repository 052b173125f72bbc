"""What a check is shown: one exchange, with what the contract says of it, each thing worked out once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Any

from goatcheck.contract import Contract, Operation, Variant
from goatcheck.exchange import MISSING, Exchange, Intent, Request, Response


class Reads(IntEnum):
    """How far into a response a check has to see; each step presumes the ones before it.

    A check whose step is not reached does not apply: the step that failed is another requirement's finding, and one cause
    shall not turn a dozen requirements red.
    """

    HEADERS = 0
    """Status and headers alone."""
    BODY = 1
    """The whole body as bytes, received without oddity."""
    DOCUMENT = 2
    """The body, tried as JSON; one in another coding than its header says is tried no further."""
    JSON = 3
    """A body that is JSON."""
    OBJECT = 4
    """A body that is a JSON object."""
    META = 5
    """An object whose `meta` is absent, null or an object."""


@dataclass
class View:
    """One exchange to be judged, with its parts; `variant` is the documented form that its response takes, None for none.

    `members` are those of the JSON object in the response's body, `meta` those of the envelope's `meta`, none where there is no
    such object; `reach` is how far the response can be read.
    """

    exchange: Exchange
    contract: Contract
    variant: Variant | None
    members: Mapping[str, Any]
    meta: Mapping[str, Any]
    reach: Reads

    def __post_init__(self) -> None:
        """What checks look at most, a step nearer."""
        self.request: Request = self.exchange.request
        self.response: Response = self.exchange.response
        self.intent: Intent = self.exchange.intent

    @classmethod
    def of(cls, exchange: Exchange, contract: Contract, variant: Variant | None) -> View:
        """The view of one exchange."""
        value = exchange.response.document.value
        members = value if isinstance(value, dict) else {}
        meta = members.get("meta")
        reach = _reach(exchange.response, meta)
        return cls(exchange, contract, variant, members, meta if isinstance(meta, dict) else {}, reach)

    @property
    def code(self) -> Any:
        """`meta.code`, of whatever type, or MISSING."""
        return self.meta.get("code", MISSING)

    @cached_property
    def operation(self) -> Operation | None:
        """The live operation that was asked, or None."""
        return self.contract.operation(self.exchange.request.method, self.exchange.request.path)

    @property
    def hindrance(self) -> str:
        """Why the body could not be read, where that says nothing against the target; else ""."""
        response = self.exchange.response
        return response.oddity or (response.document.problem if response.document.beyond else "")


def _reach(response: Response, meta: Any) -> Reads:
    if response.oddity:
        return Reads.HEADERS
    if response.miscoded:
        return Reads.DOCUMENT
    document = response.document
    if document.beyond:
        return Reads.BODY
    if document.problem:
        return Reads.DOCUMENT
    if not isinstance(document.value, dict):
        return Reads.JSON
    return Reads.META if isinstance(meta, dict | None) else Reads.OBJECT
