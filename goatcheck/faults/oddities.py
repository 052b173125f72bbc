"""Faults of a server that fails on what is odd: spellings, ends of the calendar, sizes, header fields."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote

from goatcheck.faults.changes import Whose, refusing
from goatcheck.faults.fault import Fault
from goatcheck.model import answers
from goatcheck.model.call import Call

_LARGE, _LONG = 100_000, 255
_CAPITALS = re.compile(r"[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}")


def _fails(name: str, summary: str, whose: Whose, place: str = "path", *further: str) -> Fault:
    """A server that fails just before the stage `place` on these calls, which makes these requirements red too."""
    change = refusing(place, lambda call: call.route is not None and whose(call), answers.internal_error())
    return Fault(f"fails-on-{name}", f"{summary} makes the server fail", ("500.never", *further), change)


def _path(test: Callable[[str], bool]) -> Whose:
    return lambda call: test(unquote(call.request.path, errors="replace"))


def _value(name: str, test: Callable[[str], bool]) -> Whose:
    """Calls with such a value of a parameter in their query."""
    return lambda call: any(other == name and test(value) for other, value in call.request.parameters)


def _field(name: str, test: Callable[[str], bool]) -> Whose:
    """Calls with such a value of a header field."""

    def whose(call: Call) -> bool:
        value = call.request.header(name)
        return value is not None and test(value)

    return whose


def _member(name: str, test: Callable[[object], bool]) -> Whose:
    """Calls with such a member in their body."""

    def whose(call: Call) -> bool:
        value = call.request.document.value
        return isinstance(value, dict) and name in value and test(value[name])

    return whose


FAULTS = (
    replace(
        _fails("capitals-in-path-id", "an id in capitals in a path", _path(lambda path: bool(_CAPITALS.search(path)))),
        may=("404.foreign",),
    ),
    _fails(
        "capitals-in-filter",
        "an id in capitals in a query",
        _value("project_id", lambda value: bool(re.search("[A-F]", value)) and len(value) > len("project")),
    ),
    _fails(
        "id-without-hyphens", "an id without hyphens", _path(lambda path: bool(re.search(r"/[0-9a-f]{32}(/|$)", path)))
    ),
    _fails("line-break-in-id", "a line break behind an id", _path(lambda path: "\n" in path)),
    _fails("last-day", "the last day of the calendar", _value("to", lambda value: value.startswith("9999"))),
    _fails("year-zero", "the year 0", _value("reference_date", lambda value: value.startswith("0000"))),
    _fails(
        "late-start",
        "a start of tracking at the end of the calendar",
        _member("tracking_start_date", lambda value: str(value).startswith("9999")),
        "body",
    ),
    _fails(
        "moment-beyond-utc",
        "a time that has no place in UTC",
        _member("target_at", lambda value: str(value).startswith("0001")),
        "body",
    ),
    _fails("negative-goal", "a goal below zero", _member("target_views", lambda value: value == -1), "body"),
    _fails("no-creators", "a bulk creation of nothing", _member("creators", lambda value: value == []), "body"),
    _fails(
        "thousand-creators",
        "a bulk creation of a thousand",
        _member("creators", lambda value: isinstance(value, list) and len(value) >= 1000),  # noqa: PLR2004 - as said
        "body",
    ),
    _fails("fraction-as-limit", "a limit with a fraction", _value("limit", lambda value: "." in value)),
    _fails("foreign-digits", "digits of another script", _value("limit", lambda value: not value.isascii())),
    _fails(
        "encoded-cursor",
        "a cursor that can be decoded and means nothing",
        _value("cursor", lambda value: value.startswith("Z29hd")),
    ),
    _fails("empty-search", "an empty search", _value("search", lambda value: not value)),
    _fails(
        "long-idempotency-key",
        "an idempotency key of more than 255 characters",
        _field("idempotency-key", lambda value: len(value) > _LONG),
    ),
    _fails("empty-idempotency-key", "an empty idempotency key", _field("idempotency-key", lambda value: not value)),
    _fails(
        "odd-idempotency-key", "a letter beyond ASCII in an idempotency key",
        _field("idempotency-key", lambda value: not value.isascii()),
    ),
    _fails("large-body", "a body of more than 100 kilobytes", lambda call: len(call.request.body or b"") > _LARGE),
    _fails("odd-date-field", "a date field that is none", _field("if-modified-since", lambda value: "GMT" not in value)),
    _fails("odd-trace", "a trace that is none", _field("traceparent", lambda value: value.startswith("00-g"))),
    _fails("long-cookie", "a long cookie", _field("cookie", lambda value: len(value) > 4096)),  # noqa: PLR2004 - as browsers have it
)  # fmt: skip
