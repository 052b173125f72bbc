"""Secrets of recorded traffic, taken out as it is read: nothing after this ever sees one.

What a request was sent with is known by its place: Authorization, cookies, fields and parameters with telling names. Such a token
becomes a key's mark, in an answer too, where it is found in any disguise: that shows an answer that repeats it. A key that
stands anywhere else is known by how it starts, `tga_`, plain, percent-encoded or in base64; it is no key that was sent, so its mark
is another one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from urllib.parse import unquote

from goatcheck.conduct.secrets import Secrets
from goatcheck.exchange import KEY_MARK, Exchange, Headers, Request, Response, key_mark
from goatcheck.recorded.entry import Entry

KEY = "recorded"
"""The name of a key that was recorded, in its mark."""

HIDDEN = "‹secret›"
"""Stands for what is secret and is no key that was sent."""

_OTHER = "recorded, but no key"
_SENT = key_mark(KEY)
_OTHERS = re.compile(f"‹key:{_OTHER} \\d+›".encode())
_FIELD = re.compile(r"(?i)(?:.*[-_])?(authorization|api[-_]?key|token|secret|password)")
_MARKED = re.compile(rf"(?:[A-Za-z]+ )?{KEY_MARK.pattern}")
"""What is a mark already."""
_COOKIES = frozenset({"cookie", "set-cookie"})
_KEYS = frozenset({"authorization", "api-key", "api_key", "apikey"})
_PARAMETER = re.compile(r"(?i)(^|&)([^=&]*(?:api_?key|access_?key|token|secret|password|signature))=([^&]+)")
_COOKIE = re.compile(r"([^;=]*=)[^;]*|[^;=]+")
"""A cookie, or an attribute of one: group 1 is its name, if it has one."""
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")
_WORD = re.compile(r"[A-Za-z_.-]{1,24}")
_LETTER = r"(?:[0-9a-z_-]|%[0-9a-f]{2})"
_STARTS = re.compile(
    rf"(?i:(?:t|%74)(?:g|%67)(?:a|%61)(?:_|%5f|\\u005f|&\#95;){_LETTER}{{8,}})"
    r"|dGdhX[\w+/-]{8,}=*|RnYV[89+/][\w+/-]{8,}=*|0Z2Ff[\w+/-]{8,}=*".encode()
)
"""Keys by how they start. The last three are base64 of `tga_`, at each of the three places that its first letter can have."""

_HINTS = (b"tga", b"%74", b"dgdhx", b"rnyv", b"0z2ff")
"""Of which one is in every text that holds a key, in small letters."""

_SHORTEST = 8
"""Characters of a token below which its return may be chance."""


@dataclass
class _Found:
    """What a request was sent with that is secret: keys, and other tokens, which no answer is blamed for."""

    keys: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    def finder(self) -> Secrets | None:
        """What finds them in any disguise; None where there is none to be found, such as a placeholder of the recorder's."""
        keys, others = (tuple(filter(_is_token, tokens)) for tokens in (self.keys, self.others))
        return _finder(keys, others) if keys or others else None


def redacted(entry: Entry) -> Entry:
    """The entry without secrets; the very same one where it has none."""
    exchange = entry.exchange
    if _plain(exchange):
        return entry
    found = _Found()
    request = _named_places(exchange.request, found)
    finder = found.finder()
    request, response = _anywhere(request, finder), _response(exchange.response, finder)
    if request is exchange.request and response is exchange.response:
        return entry
    intent = replace(exchange.intent, key=KEY) if found.keys and exchange.intent.recorded else exchange.intent
    return replace(entry, exchange=replace(exchange, request=request, response=response, intent=intent))


def _plain(exchange: Exchange) -> bool:
    """Whether an exchange holds nothing that could be secret, told quickly: most of a journal's hold marks already."""
    request, response = exchange.request, exchange.response
    texts = [request.target]
    for name, value in (*request.headers, *response.headers):
        if _kind(name) and not _MARKED.fullmatch(value):
            return False
        texts.append(value)
    if "=" in request.query and _PARAMETER.search(request.query):
        return False
    fields = "\n".join(texts).encode("utf-8", "surrogatepass")
    return not (_hinted(fields) or _hinted(response.body) or _hinted(request.body or b""))


def _named_places(request: Request, found: _Found) -> Request:
    """The request without what is secret by its place, which is added to what was found."""
    headers = _headers(request.headers, None, found)
    query = _PARAMETER.sub(partial(_parameter, found), request.query) if "=" in request.query else request.query
    if headers is request.headers and query == request.query:
        return request
    return replace(request, headers=headers, query=query)


def _anywhere(request: Request, finder: Secrets | None) -> Request:
    path, query = _text(request.path, finder), _text(request.query, finder)
    body = request.body and _data(request.body, finder)
    if path is request.path and query is request.query and body is request.body:
        return request
    return replace(request, path=path, query=query, body=body)


def _response(response: Response, finder: Secrets | None) -> Response:
    body, headers = _data(response.body, finder), _headers(response.headers, finder)
    if body is response.body and headers is response.headers:
        return response
    return replace(response, headers=headers, body=body)


def _headers(headers: Headers, finder: Secrets | None, found: _Found | None = None) -> Headers:
    """The fields without secrets. Those that a request was sent with are added to `found`."""
    together = "\n".join(value for _, value in headers)
    if not any(_kind(name) for name, _ in headers) and _text(together, finder) is together:
        return headers
    clean = tuple((name, _field(_kind(name), value, finder, found)) for name, value in headers)
    return headers if clean == headers else clean


@lru_cache(maxsize=4096)
def _kind(name: str) -> str:
    """What a field of that name holds that is secret: "authorization", "cookie", "token" …; "" for nothing."""
    if name.lower() in _COOKIES:
        return name.lower()
    match = _FIELD.fullmatch(name)
    return match[1].lower() if match else ""


def _field(kind: str, value: str, finder: Secrets | None, found: _Found | None) -> str:
    """The value of a field with a mark in the place of what is secret."""
    if not kind:
        return _text(value, finder)
    if _MARKED.fullmatch(value):
        return value
    if kind in _COOKIES:
        return _text(_COOKIE.sub(_hidden_cookie, value, count=1 if kind == "set-cookie" else 0), finder)
    if found is None:
        return HIDDEN
    scheme, space, token = value.strip().rpartition(" ")
    (found.keys if kind in _KEYS else found.others).append(token)
    return f"{scheme}{space}{_SENT if kind in _KEYS else HIDDEN}"


def _hidden_cookie(cookie: re.Match[str]) -> str:
    return f"{cookie[1] or ''}{HIDDEN}"


def _parameter(found: _Found, match: re.Match[str]) -> str:
    before, name, value = match.groups()
    found.others.append(unquote(value))
    return f"{before}{name}={HIDDEN}"


def _text(text: str, finder: Secrets | None) -> str:
    data = text.encode("utf-8", "surrogatepass")
    clean = _data(data, finder)
    return text if clean is data else clean.decode("utf-8", "surrogatepass")


def _data(data: bytes, finder: Secrets | None) -> bytes:
    """Bytes without the keys that were sent, and without anything else that starts as a key does."""
    if not data:
        return data
    if finder is not None:
        clean = finder.redact_bytes(data)
        data = data if clean is data else _OTHERS.sub(HIDDEN.encode(), clean)
    if not _hinted(data):
        return data
    numbers: dict[bytes, int] = {}
    clean = _STARTS.sub(lambda match: _numbered(numbers, match[0]), data)
    return clean if numbers else data


def _hinted(data: bytes) -> bool:
    return any(map(data.lower().__contains__, _HINTS)) if data else False


def _numbered(numbers: dict[bytes, int], key: bytes) -> bytes:
    """One mark for each key: two names of one object must not become the same."""
    number = numbers.setdefault(key, len(numbers) + 1)
    return f"‹secret:{number}›".encode()


def _is_token(token: str) -> bool:
    return len(token) >= _SHORTEST and bool(_TOKEN.fullmatch(token)) and not _WORD.fullmatch(token)


@lru_cache(maxsize=128)  # each takes some 100 KiB
def _finder(keys: tuple[str, ...], others: tuple[str, ...]) -> Secrets:
    names = {KEY if number == 1 else f"{KEY} {number}": key for number, key in enumerate(keys, start=1)}
    return Secrets({**names, **{f"{_OTHER} {number}": token for number, token in enumerate(others)}})
