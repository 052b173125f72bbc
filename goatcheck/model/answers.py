"""What the API answers with: the envelope of a success, and each documented error by its name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

from goatcheck.exchange import Headers, Response

JSON_TYPE = "application/json; charset=utf-8"
CHALLENGE = 'Bearer realm="trackagoat"'

_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def success(data: Any, meta: Mapping[str, Any] | None = None, *, status: int = 200) -> Response:
    """A JSON success: `data` in the envelope, `error` null, `meta` a pagination object or null."""
    return enveloped(status, {"data": data, "error": None, "meta": meta})


def failure(status: int, text: str, meta: Mapping[str, Any] | None = None, headers: Headers = ()) -> Response:
    """An error: `data` null, `error` the text for people, `meta` the detail for programs."""
    return enveloped(status, {"data": None, "error": text, "meta": meta}, headers)


def enveloped(status: int, body: Mapping[str, Any], headers: Headers = ()) -> Response:
    """A response whose body is `body` as JSON."""
    return Response(status, (("Content-Type", JSON_TYPE), *headers), _COMPACT.encode(body).encode())


def csv(rows: Iterable[Iterable[object]]) -> Response:
    """A CSV document, the one success that has no envelope. The cells need no quoting: they are names and numbers."""
    lines = "".join(",".join(map(str, row)) + "\r\n" for row in rows)
    return Response(200, (("Content-Type", "text/csv; charset=utf-8"),), lines.encode())


@lru_cache
def invalid(place: str, text: str) -> Response:
    """400: `place` is "query", "body" or "params" (the path), and makes the code."""
    return failure(400, text, {"code": f"invalid_{place}"})


@cache
def unauthorized() -> Response:
    """401: one and the same for a missing, malformed, unknown or expired key."""
    return failure(401, "Missing or invalid API key", {"code": "invalid_api_key"}, (("WWW-Authenticate", CHALLENGE),))


def limit_reached(limit_key: str, current: int, maximum: int) -> Response:
    """402: a write would exceed a count-based limit of the plan."""
    meta = {"code": "limit_reached", "limitKey": limit_key, "current": current, "max": maximum}
    return failure(402, f"Limit reached: {limit_key} ({current} of {maximum} in use)", meta)


@cache
def retention_exceeded() -> Response:
    """402: a date range starts before the history that the plan keeps."""
    return failure(402, "The date range starts before the history of your plan", {"code": "retention_exceeded"})


def insufficient_scope(required: str, granted: Iterable[str]) -> Response:
    """403: the key lacks the scope `required`."""
    scopes = sorted(granted)
    text = f"This needs the '{required}' scope; your key has [{', '.join(scopes)}]"
    return failure(403, text, {"code": "insufficient_scope", "required": required, "granted": scopes})


@cache
def banned() -> Response:
    """403: the key's org or user is banned; no code is documented."""
    return failure(403, "This account is banned")


@lru_cache
def not_found(what: str = "resource") -> Response:
    """404: nothing there, or not in the key's org: the same answer."""
    return failure(404, f"No such {what}")


def wrong_method(allowed: Iterable[str]) -> Response:
    """405: HTTP's own answer to a method that a known path does not serve."""
    return failure(405, "This path does not serve that method", None, (("Allow", ", ".join(allowed)),))


def conflict(text: str) -> Response:
    """409: no code is documented; the text says what is in the way."""
    return failure(409, text)


@cache
def gone() -> Response:
    """410: the endpoint was removed."""
    return failure(410, "This endpoint was removed")


@cache
def too_large() -> Response:
    """413: HTTP's own answer to a body beyond what is read."""
    return failure(413, "The request body is too large")


@cache
def unsupported_type() -> Response:
    """415: HTTP's own answer to a body that says it is no JSON."""
    return failure(415, "The request body must be application/json")


def window_limited(bucket: str, seconds: int) -> Response:
    """429: the key's sliding window is full; `seconds` until it has room again."""
    meta = {"code": "rate_limit_exceeded", "bucket": bucket, "retryAfter": seconds}
    return failure(429, "Rate limit exceeded", meta, (("Retry-After", str(seconds)),))


@cache
def daily_limited() -> Response:
    """429: the org's requests of this UTC day are used up; the code is all that is documented."""
    return failure(429, "Daily API request limit exceeded", {"code": "rate_limit_exceeded"})


@cache
def internal_error() -> Response:
    """500: only ever answered on demand."""
    return failure(500, "Internal server error", {"code": "internal_error"})
