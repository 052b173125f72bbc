"""Answers on demand: a header names a variant, and the answer is that variant's, whatever was asked."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from goatcheck.exchange import Response
from goatcheck.model import answers
from goatcheck.model.call import Answer, Call
from goatcheck.model.limits import BUCKET

if TYPE_CHECKING:
    from goatcheck.model.world import World

HEADER = "X-Goat-Force"

OBEYED: Mapping[str, Any] = MappingProxyType(
    {"header": HEADER, "value": "{variant}", "query": "", "before": None, "after": None}
)
"""How a world is told, in the terms of a profile's `force`."""

FORCED: Mapping[str, Response] = MappingProxyType(
    {
        "400": answers.invalid("query", "The query parameter 'limit' must be a whole number from 1 to 100"),
        "400.query": answers.invalid("query", "The query parameter 'limit' must be a whole number from 1 to 100"),
        "400.body": answers.invalid("body", "The request body must be JSON"),
        "400.params": answers.invalid("params", "The id in the path must be a uuid"),
        "401": answers.unauthorized(),
        "402.limit": answers.limit_reached("max_creators_per_org", 5, 5),
        "402.retention": answers.retention_exceeded(),
        "403.scope": answers.insufficient_scope("write", ["read"]),
        "403.banned": answers.banned(),
        "404": answers.not_found(),
        "409": answers.conflict("This idempotency key was used on a different route"),
        "410": answers.gone(),
        "429.window": answers.window_limited(BUCKET, 7),
        "429.daily": answers.daily_limited(),
        "500": answers.internal_error(),
    }
)
"""An answer for each variant. A name that is not here falls back on its status, or is ignored."""


def answer_as_told(world: World, call: Call) -> Answer:
    """The variant that the header names; nothing where it names none that is known."""
    wanted = call.request.header(HEADER) or ""
    forced = world.rules.forced
    return forced.get(wanted) or forced.get(wanted.split(".", 1)[0])
