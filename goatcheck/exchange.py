"""One request with its response and its intent: the value that everything else passes on.

No exchange ever holds a real API key. Where a key was sent, a request's header holds a *mark* such as
``Bearer ‹key:reader›``, which only the client turns into the key on the wire; where a response repeats a key,
the client has put the same mark in its place before the exchange is made.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import parse_qsl

Headers = tuple[tuple[str, str], ...]
"""Header fields in their order on the wire, names as sent; values are text read as latin-1."""

KEY_MARK = re.compile(r"‹key:([^›|]+)(?:\|(\w+))?›")
"""Stands for a key: group 1 is the key's name in the profile, group 2 the change made to it, if any: `upper`, `cut` (the last
character), `bare` (of its prefix), `start` (the first fifth alone), `middle` or `last` (another digit there), `basic` (as a user's name).
"""

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
"""What an id looks like, wherever it stands in a text."""

MISSING: Any = type(
    "Missing", (), {"__repr__": lambda _: "MISSING", "__bool__": lambda _: False, "__reduce__": lambda _: "MISSING"}
)()
"""What is not there, where None would be a value. There is one in a process, also where it comes from another one."""

KEPT = 64 * 1024
"""Bytes of a response's body that are kept once it has been judged."""

_SHORT = 4096
"""Bytes up to which a request's body is read once for all requests that have it."""

_DIGITS = 4000
_BEYOND: int = 10**_DIGITS


def key_mark(name: str, change: str = "") -> str:
    """The mark that stands for the key `name`, with what was done to it."""
    return f"‹key:{name}|{change}›" if change else f"‹key:{name}›"


@dataclass(frozen=True)
class Request:
    """A request as it is sent.

    `path` starts with a slash, is relative to the target's base URL and already percent-encoded, as is `query` (without
    the question mark; "" for none). `body` None means that no body is sent.
    """

    method: str
    path: str
    query: str = ""
    headers: Headers = ()
    body: bytes | None = None

    @property
    def target(self) -> str:
        """Path and query as on the request line, relative to the base URL."""
        return f"{self.path}?{self.query}" if self.query else self.path

    def header(self, name: str) -> str | None:
        """The first header field of that name (any letter case), or None."""
        return fields_by_name(self.headers).get(name.lower())

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """The query's parameters, decoded, in order."""
        return tuple(parse_qsl(self.query, keep_blank_values=True, errors="replace"))

    @cached_property
    def document(self) -> Document:
        """The body read as JSON; other requests with that body share it, so it must not be changed."""
        body = self.body or b""
        return _read_again(body) if len(body) <= _SHORT else Document.read(body)


@dataclass(frozen=True)
class Response:
    """A response as it was received, keys already replaced by marks.

    `oddity` is empty, or says what was wrong on the wire (cut off at the size bound, unknown content encoding), and so why the body
    says nothing. `miscoded` is empty, or says in which way the body of an error is not what its Content-Encoding says. `told` is room for
    what was found out about it, by whoever did, so that it is done once.
    """

    status: int
    headers: Headers = ()
    body: bytes = b""
    oddity: str = ""
    miscoded: str = ""
    told: dict[Any, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    def header(self, name: str) -> str | None:
        """The first header field of that name (any letter case), or None."""
        return self._fields.get(name.lower())

    def headers_named(self, name: str) -> tuple[str, ...]:
        """All header fields of that name (any letter case)."""
        wanted = name.lower()
        return tuple(value for other, value in self.headers if other.lower() == wanted)

    @cached_property
    def _fields(self) -> dict[str, str]:
        return _first_by_name(self.headers)

    @cached_property
    def media_type(self) -> str:
        """The media type in lower case, without parameters; "" where there is none."""
        return (self.header("content-type") or "").split(";", 1)[0].strip().lower()

    @property
    def text(self) -> str:
        """The body as text, for people; what is no UTF-8 is replaced."""
        return self.body.decode("utf-8", "replace")

    @cached_property
    def document(self) -> Document:
        """The body read as JSON, once."""
        return Document.read(self.body)

    def __getstate__(self) -> dict[str, Any]:
        """What another process is sent: the response alone, without what was found out."""
        return {each.name: getattr(self, each.name) for each in fields(self) if each.init} | {"told": {}}

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids that the body tells, wherever in it."""
        return frozenset(UUID.findall(self.text))

    def member(self, name: str) -> Any:
        """A top-level member of the JSON object in the body, or MISSING."""
        value = self.document.value
        return value.get(name, MISSING) if isinstance(value, dict) else MISSING

    @cached_property
    def meta(self) -> dict[str, Any]:
        """The envelope's `meta` where it is an object, else an empty one."""
        value = self.member("meta")
        return value if isinstance(value, dict) else {}

    @cached_property
    def code(self) -> Any:
        """`meta.code`, of whatever type, or MISSING."""
        return self.meta.get("code", MISSING)


@dataclass(frozen=True)
class Document:
    """A JSON text: its `value` (MISSING where it is none), the `problem` that makes it none, and repeated member names.

    `beyond` is true where the text could not be read for reasons of ours (nested deeper than we can follow).
    """

    value: Any = MISSING
    problem: str = ""
    repeated: tuple[str, ...] = ()
    beyond: bool = False

    @classmethod
    def read(cls, body: bytes) -> Document:
        """Read one JSON text strictly as RFC 8259 has it: UTF-8, no byte order mark, no NaN, no Infinity."""
        if not body:
            return cls(problem="the body is empty")
        if body.startswith(b"\xef\xbb\xbf"):
            return cls(problem="the body starts with a byte order mark")
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError as error:
            return cls(problem=f"the body is not UTF-8 (byte {error.start})")
        try:
            return cls(value=_QUICK.decode(text))
        except (ValueError, RecursionError):
            return cls._told(text)

    @classmethod
    def _told(cls, text: str) -> Document:
        """Read a text that is not plainly fine once more, to tell what is the matter with it."""
        repeated: list[str] = []
        try:
            value = json.loads(
                text,
                object_pairs_hook=lambda pairs: _members(pairs, repeated),
                parse_constant=_no_constant,
                parse_int=_integer,
            )
        except RecursionError:
            return cls(problem="the body is nested too deeply to be read", beyond=True)
        except ValueError as error:
            return cls(problem=f"the body is no JSON: {error}")
        return cls(value=value, repeated=tuple(dict.fromkeys(repeated)))


@dataclass(frozen=True)
class Intent:
    """Why a request was sent: what observed checks may rely on, and what the report names.

    `requirement` sent it ("" for recorded traffic), `purpose` is a short sentence, `operation` such as "GET /creators"
    ("" where it is none), `key` the name of the profile's key ("" for none or a bad one), `cause` a short label that tells
    apart the ways in which one requirement is tried ("expired", "limit:not-a-number"). `broken` names each place that is
    wrong on purpose: "query", "body", "path", "key", "http". `forced` is the variant that a mock was told to answer with.
    `burst` marks the suite's own burst against the sliding window. `recorded` is true for traffic that was not ours.
    """

    requirement: str = ""
    purpose: str = ""
    operation: str = ""
    key: str = ""
    cause: str = ""
    broken: tuple[str, ...] = ()
    forced: str = ""
    burst: bool = False
    recorded: bool = False


@dataclass(frozen=True)
class Exchange:
    """One request with its response and intent; `number` counts from 1 in a run, `sent` and `received` are seconds since its start."""

    number: int
    request: Request
    response: Response
    intent: Intent = field(default_factory=Intent)
    sent: float = 0.0
    received: float = 0.0

    @cached_property
    def _cut(self) -> Exchange:
        """The same with a cut response; made once, since every finding keeps it."""
        response = self.response
        note = f"{response.oddity}; " if response.oddity else ""
        note += f"only {KEPT} of its {len(response.body)} bytes are kept"
        return replace(self, response=replace(response, body=response.body[:KEPT], oddity=note))


def light(exchange: Exchange) -> Exchange:
    """The exchange as it is kept for a whole run: a very long response is cut, so that no target can fill the memory."""
    return exchange if len(exchange.response.body) <= KEPT else exchange._cut  # noqa: SLF001 - its own module


@dataclass(frozen=True)
class Problem:
    """What a check found wrong: a sentence, the place (JSON pointer into the body, or a header's name), expected and got."""

    message: str
    where: str = ""
    expected: str = ""
    got: str = ""


def _first_by_name(headers: Headers) -> dict[str, str]:
    """The first value of each header field by its name in lower case."""
    return {name.lower(): value for name, value in reversed(headers)}


fields_by_name = lru_cache(maxsize=256)(_first_by_name)
"""The first value of each header field by its name in lower case; for requests, most of which have the fields of another."""

_read_again = lru_cache(maxsize=2000)(Document.read)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The members of an object that names each once. ValueError for another."""
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a name is repeated")
    return members


def _members(pairs: list[tuple[str, Any]], repeated: list[str]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name, value in pairs:
        if name in members:
            repeated.append(name)
        members[name] = value
    return members


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON value")


_QUICK = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant)
"""Reads what is JSON without any oddity, and refuses all else: even a whole number that is only very long."""


def _integer(digits: str) -> int:
    """Python refuses to read very long integers; what they are (an integer, its sign, beyond all bounds) is kept."""
    if len(digits) <= _DIGITS:
        return int(digits)
    return -_BEYOND if digits.startswith("-") else _BEYOND
