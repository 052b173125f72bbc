"""402 and 429: what a plan's caps and the rate limits say of themselves."""

from __future__ import annotations

from goatcheck.checks.problems import FINE, broken, whole
from goatcheck.checks.registry import observed
from goatcheck.checks.view import Reads, View
from goatcheck.exchange import Problem

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
RETRY_AFTER = "Retry-After"
WINDOW = 60
"""Seconds of the sliding window."""


@observed("402.limit.reached", on="402.limit", relates=True)
def figures_justify_the_refusal(view: View) -> tuple[Problem, ...] | None:
    """`current` and what was asked for exceed `max`; not judged for reads, unknown bodies, or figures that are none."""
    current, maximum = whole(view.meta.get("current")), whole(view.meta.get("max"))
    asked = _asked(view)
    if asked is None or current is None or maximum is None:
        return None
    if current + asked > maximum:
        return FINE
    return broken(
        f"with {current} in use, {asked} more would have fitted under the limit of {maximum}",
        "/meta/current",
        f"more than {maximum - asked}",
        current,
    )


@observed("402.limit.writes-only", on="402.limit", reads=Reads.HEADERS, relates=True)
def only_writes_reach_a_limit(view: View) -> tuple[Problem, ...]:
    """`limit_reached` answers POST, PUT, PATCH and DELETE only."""
    method = view.request.method
    return FINE if method in WRITES else broken("a read is refused for a limit on writes", "status", "no 402", method)


@observed("402.limit.key-known", on="402.limit")
def limit_key_is_documented(view: View) -> tuple[Problem, ...] | None:
    """`limitKey` is a documented count limit."""
    key = view.meta.get("limitKey")
    if not isinstance(key, str) or not key:
        return None
    if key in view.contract.limit_keys:
        return FINE
    return broken("`limitKey` is no documented count limit", "/meta/limitKey", ", ".join(view.contract.limit_keys), key)


@observed("402.limit.error-names-key", on="402.limit")
def error_names_the_limit(view: View) -> tuple[Problem, ...] | None:
    """The text contains the `limitKey`."""
    key, error = view.meta.get("limitKey"), view.members.get("error")
    if not isinstance(key, str) or not key or not isinstance(error, str):
        return None
    return FINE if key in error else broken("the text does not name the limit", "/error", f"a text with {key}", error)


@observed("429.window.header", on="429.window", reads=Reads.HEADERS)
def retry_after_is_whole_seconds(view: View) -> tuple[Problem, ...]:
    """`Retry-After` is there and counts whole seconds; a date is not what is documented, nor are two answers."""
    values = view.response.headers_named(RETRY_AFTER)
    if not values:
        return broken("a 429 of the window without Retry-After", RETRY_AFTER, "whole seconds")
    if _retry_after(view) is not None:
        return FINE
    return broken(
        "Retry-After is no whole number of seconds", RETRY_AFTER, "one number of digits only", ", ".join(values)
    )


@observed("429.window.agree", on="429.window")
def header_and_body_agree(view: View) -> tuple[Problem, ...] | None:
    """`Retry-After` and `meta.retryAfter` differ by a second at most; where one is no number, another row says so."""
    header, member = _retry_after(view), whole(view.meta.get("retryAfter"))
    if header is None or member is None:
        return None
    if abs(header - member) <= 1:
        return FINE
    return broken("Retry-After and retryAfter disagree", "/meta/retryAfter", f"{header}, or a second off", member)


@observed("429.window.bound", on="429.window")
def wait_fits_the_window(view: View) -> tuple[Problem, ...] | None:
    """`retryAfter` is 1 to 60: the window is a minute long."""
    seconds = whole(view.meta.get("retryAfter"))
    if seconds is None:
        return None
    return (
        FINE if 1 <= seconds <= WINDOW else broken("a wait that no minute has", "/meta/retryAfter", "1 to 60", seconds)
    )


def _asked(view: View) -> int | None:
    """How many things a write asked for: 1, or a bulk request's length; None where that is unknown.

    An empty bulk counts as 1: whether a limit or the emptiness is told first is open.
    """
    if view.request.method not in WRITES:
        return None
    if view.request.body is None:
        return None if view.intent.recorded else 1
    document = view.request.document
    if document.problem:
        return None
    creators = document.value.get("creators") if isinstance(document.value, dict) else None
    return max(len(creators), 1) if isinstance(creators, list) else 1


def _retry_after(view: View) -> int | None:
    """The seconds that `Retry-After` gives, None where it is missing, no whole number, or given twice with a difference."""
    values = set(view.response.headers_named(RETRY_AFTER))
    if len(values) != 1:
        return None
    (value,) = values
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None  # noqa: PLR2004 - 31 years
