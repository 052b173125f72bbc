"""Reading what was sent: ids in the path, the query, the body. What can't be read gets a 400."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from goatcheck.exchange import MISSING
from goatcheck.model import answers
from goatcheck.model.call import Answer, BodyReader, Call, Reader, Refused

if TYPE_CHECKING:
    from goatcheck.model.world import World

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_JSON_TYPE = re.compile(r"application/(?:[a-z0-9.-]+\+)?json")


def read_path(_world: World, call: Call) -> Answer:
    """400 where the id in the path is no uuid."""
    if not call.served.target:
        return None
    try:
        call.path_id = uuid_text(unquote(call.path_id, errors="surrogateescape"))
    except Refused:
        return answers.invalid("params", "The id in the path must be a uuid")
    return None


def read_query(_world: World, call: Call) -> Answer:
    """400 where a parameter of the route is missing, repeated or can't be read; unknown ones are ignored."""
    route = call.served
    for name, value in _sent(call.request.query):
        if name in call.query:
            return answers.invalid("query", f"The query parameter '{name}' must come once")
        if name in route.query:
            try:
                call.query[name] = route.query[name](value)
            except Refused as error:
                return answers.invalid("query", f"The query parameter '{name}' {error}")
    for name in route.required:
        if name not in call.query:
            return answers.invalid("query", f"The query parameter '{name}' is required")
    return None


@lru_cache(maxsize=2000)
def _sent(query: str) -> tuple[tuple[str, str], ...]:
    """The parameters of a query, decoded."""
    return tuple(parse_qsl(query, keep_blank_values=True, errors="surrogateescape"))


def read_body(world: World, call: Call) -> Answer:
    """400 where the body is no JSON or not what the route reads; 413 and 415 as HTTP has them. Bodies of other routes are ignored."""
    reader, body = call.served.body, call.request.body or b""
    if reader is None:
        return None
    if len(body) > world.rules.numbers.body_bytes:
        return answers.too_large()
    media_type = (call.request.header("content-type") or "application/json").split(";", 1)[0].strip().lower()
    if body and not _JSON_TYPE.fullmatch(media_type):
        return answers.unsupported_type()
    try:
        call.body = reader(_json(call))
    except Refused as error:
        return answers.invalid("body", f"The request body {error}")
    return None


def _json(call: Call) -> Any:
    value = call.request.document.value
    if value is MISSING:
        raise Refused("must be JSON")
    return value


def members(readers: Mapping[str, Reader], required: tuple[str, ...] = (), *, some: bool = False) -> BodyReader:
    """A reader of JSON objects: `required` members must be there, with `some` at least one of them all; others are ignored."""

    def read(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise Refused("must be an object")
        for name in required:
            if name not in value:
                raise Refused(f"lacks the member '{name}'")
        known: dict[str, Any] = {}
        for name, reader in readers.items():
            if name in value:
                try:
                    known[name] = reader(value[name])
                except Refused as error:
                    raise Refused(f"has a member '{name}' that {error}") from None
        if some and not known:
            raise Refused(f"needs at least one of: {', '.join(readers)}")
        return known

    return read


def text(shortest: int = 0, longest: int | None = None) -> Reader:
    """A reader of strings of so many characters that can be stored: no NUL, no lone surrogates."""

    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise Refused("must be a string")
        if len(value) < shortest or (longest is not None and len(value) > longest):
            raise Refused(
                f"must have {shortest} to {longest} characters" if longest else f"must have {shortest} characters"
            )
        if _UNSTORABLE.search(value):
            raise Refused("must not hold NUL or lone surrogates")
        return value

    return read


def one_of(*choices: str) -> Reader:
    """A reader of one of some words."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in choices:
            raise Refused(f"must be one of: {', '.join(choices)}")
        return value

    return read


def nullable(reader: Reader) -> Reader:
    """The same reader, that takes null too."""
    return lambda value: None if value is None else reader(value)


def uuid_text(value: Any) -> str:
    """A uuid in any letter case, in lower case."""
    if not isinstance(value, str) or not _UUID.fullmatch(value.lower()):
        raise Refused("must be a uuid")
    return value.lower()


def date(value: Any) -> dt.date:
    """A calendar date, YYYY-MM-DD."""
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            pass
    raise Refused("must be a date, YYYY-MM-DD")


def date_time(value: Any) -> str:
    """An RFC 3339 time, kept as sent."""
    if isinstance(value, str) and _TIME.fullmatch(value.upper()):
        try:
            dt.datetime.fromisoformat(value.upper())
        except ValueError:
            pass
        else:
            return value
    raise Refused("must be a date-time of RFC 3339")


def number(value: Any) -> float:
    """A JSON number that a double can hold; kept as sent."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused("must be a number")
    try:
        finite = math.isfinite(value)
    except OverflowError:
        finite = False
    if not finite:
        raise Refused("must be a number of a usual size")
    return value


def whole(smallest: int, largest: int) -> Reader:
    """A reader of a whole number in a query, written in plain digits."""

    def read(value: Any) -> int:
        digits = re.fullmatch(r"0*([0-9]{1,9})", value)
        if not digits or not smallest <= int(digits[1]) <= largest:
            raise Refused(f"must be a whole number from {smallest} to {largest}")
        return int(digits[1])

    return read
