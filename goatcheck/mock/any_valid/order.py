"""In which order a request is checked, where no requirement fixes it.

What is fixed: a bad key, a ban and a spent day are told before anything is looked up, and a missing scope before
validation and look-up (those that are SHOULDs are taken liberties with elsewhere). An `Idempotency-Key` is looked at before
the state, else its own first use would be in its way.
"""

from __future__ import annotations

from collections.abc import Mapping

from goatcheck.mock.any_valid.changes import Choice, reordered
from goatcheck.model.world import Rules

_REQUEST = frozenset({"path", "query", "body", "idempotency", "look-up", "state", "cap"})


def _ordered(*names: str) -> Choice:
    return Choice(" ".join(names), lambda rules, _: reordered(rules, names))


def _request(rules: Rules) -> list[str]:
    """The stages that ask something of the request, in their order."""
    return [name for name in rules.stages if name in _REQUEST]


ORDER: Mapping[str, tuple[Choice, ...]] = {
    "order of what is asked of the request": (
        Choice("as documented"),
        _ordered("path", "look-up", "query", "body", "idempotency", "state", "cap"),
        _ordered("body", "query", "path", "look-up", "idempotency", "cap", "state"),
        _ordered("idempotency", "path", "query", "body", "look-up", "state", "cap"),
        _ordered("query", "path", "body", "look-up", "idempotency", "state", "cap"),
    ),
    "order of what is asked of the caller": (
        Choice("as documented"),
        Choice(
            "the window last",
            lambda rules, _: reordered(
                rules, ("quota", "removed", "admin", "unserved", "scope", *_request(rules), "window", "meter")
            ),
        ),
        Choice(
            "scope before ban",
            lambda rules, _: reordered(
                rules, ("admin", "unserved", "scope", "ban", "quota", "window", "meter", "removed")
            ),
        ),
        Choice(
            "validation before ban and quota",
            lambda rules, _: reordered(
                rules,
                ("admin", "unserved", "removed", "scope", "path", "query", "body", "ban", "quota", "window", "meter"),
            ),
        ),
        Choice("quota before ban", lambda rules, _: reordered(rules, ("quota", "ban"))),
    ),
    "a gone route without a key": (
        Choice("401"),
        Choice("410", lambda rules, _: rules.with_stage_first("removed", "key")),
    ),
    "an unknown route without a key": (
        Choice("401"),
        Choice("404", lambda rules, _: rules.with_stage_first("unserved", "key")),
    ),
}
