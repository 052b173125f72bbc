"""HTTP's own statuses: which of them a request has earned.

The documents list the error statuses. What HTTP itself defines for a wrong method, an oversized request or a type that
is not spoken is accepted beside them, but only as an answer to a request that is wrong in just that way. A conflict (409)
and what is gone (410) are HTTP's own too in an edition that has no row for them.
"""

from __future__ import annotations

from collections.abc import Callable

from goatcheck.checks.view import View
from goatcheck.exchange import MISSING, Request

LARGE_BODY = 8 * 1024
"""Bytes of a body that any server takes; more may be refused with 413."""
LONG_TARGET = 1000
"""Characters of path and query that any server takes; more may be refused with 414."""
LARGE_HEADERS = 4 * 1024
"""Bytes of header fields that any server takes; more may be refused with 431."""

_FIELD_OVERHEAD = len(": \r\n")


def _wrong_method(view: View) -> bool:
    return view.request.method not in view.contract.methods_of(view.request.path)


def _write(view: View) -> bool:
    return view.request.method not in {"GET", "HEAD"}


def _no_operation(view: View) -> bool:
    return view.operation is None


def _excluded_json(view: View) -> bool:
    """Whether the request's Accept rules out what this answer would have been."""
    wanted = "text/csv" if ("format", "csv") in view.request.parameters else "application/json"
    return not (accepts(view.request, wanted) and accepts(view.request, "application/json"))


def _large_body(view: View) -> bool:
    return len(view.request.body or b"") > LARGE_BODY


def _long_target(view: View) -> bool:
    return len(view.request.target) > LONG_TARGET


def _foreign_body(view: View) -> bool:
    """Whether a body came without a type, with another than JSON, or encoded; or such a type came without a body."""
    fields = [value for name, value in view.request.headers if name.lower() == "content-type"]
    foreign = any(_type(field) != "application/json" or not _utf8(field) for field in fields)
    if view.request.body is None:
        return foreign
    return not fields or foreign or view.request.header("content-encoding") is not None


def _conditional(view: View) -> bool:
    """Whether a request asked to be carried out under a condition alone."""
    return any(view.request.header(name) is not None for name in ("if-match", "if-unmodified-since"))


def _expected(view: View) -> bool:
    return view.request.header("expect") is not None


def _large_headers(view: View) -> bool:
    return sum(len(name) + len(value) + _FIELD_OVERHEAD for name, value in view.request.headers) > LARGE_HEADERS


HTTPS_OWN: dict[int, Callable[[View], bool]] = {
    405: _wrong_method,
    406: _excluded_json,
    409: _write,
    410: _no_operation,
    412: _conditional,
    413: _large_body,
    414: _long_target,
    415: _foreign_body,
    417: _expected,
    431: _large_headers,
}
"""Each of HTTP's own statuses that are accepted, with what tells whether a request has earned it."""

_NEEDS_BODY = frozenset({413, 415})
_NEEDS_HEADERS = frozenset({406, 412, 415, 417})
_MARK = "‹"
"""Stands in a target where something secret, of unknown length, was taken out."""


def earned(view: View) -> bool | None:
    """Whether the request earned the status of HTTP's own that it got; None where recorded traffic lacks what would tell."""
    status = view.response.status
    if view.intent.recorded:
        unknown_body = status in _NEEDS_BODY and view.request.body is None
        unknown_headers = status in _NEEDS_HEADERS and not view.request.headers
        # recorders leave out what is secret, so the length of all fields is never known
        unknown_length = status == 431 or (status == 414 and _MARK in view.request.target)  # noqa: PLR2004 - HTTP's own
        if unknown_body or unknown_headers or unknown_length:
            return None
    return HTTPS_OWN[status](view)


def accepts(request: Request, media_type: str) -> bool:
    """Whether a request's Accept admits a media type, as RFC 9110 (12.5.1) reads it: the most specific range decides."""
    fields = [value for name, value in request.headers if name.lower() == "accept"]
    if not fields:
        return True
    ranges = dict(_range(part) for part in ",".join(fields).split(",") if part.strip())
    for name in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
        quality = ranges.get(name, MISSING)
        if quality is not MISSING:
            return bool(quality > 0)
    return False


def _range(part: str) -> tuple[str, float]:
    """One media range with its quality. One with other parameters keeps them in its name, and so never means plain JSON."""
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    quality = 1.0
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            try:
                quality = float(value)
            except ValueError:
                quality = 0.0
        else:
            name = f"{name};{parameter}"
    return name, quality


def _type(field: str) -> str:
    return field.split(";", 1)[0].strip().lower()


def _utf8(field: str) -> bool:
    """Whether a Content-Type names no charset, or UTF-8."""
    _, found, charset = field.lower().replace(" ", "").partition("charset=")
    return not found or charset.split(";")[0].strip('"') in {"utf-8", "utf8", "us-ascii"}
