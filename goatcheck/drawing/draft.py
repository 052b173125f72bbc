"""A request that is meant to be sent: what is in it, for which operation, and in which way it is wrong on purpose."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from goatcheck.exchange import Headers, Request

JSON = ("Content-Type", "application/json")
"""The header field of every body that is JSON."""


@dataclass(frozen=True)
class Draft:
    """A request without a key.

    `path` is relative to the base URL and already percent-encoded. `query` is pairs of names and values that are still
    to be encoded, or a query text to be sent as it is. `operation` is the id of the operation that it means, `cause` a short
    label of what is special about it ("limit:letters", "missing:name"; "" for nothing), `broken` the places that are wrong
    on purpose: "query", "body", "path" or "http".
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] | str = ()
    headers: Headers = ()
    body: bytes | None = None
    operation: str = ""
    cause: str = ""
    broken: tuple[str, ...] = ()

    def request(self, headers: Headers | None = None) -> Request:
        """The request as it goes on the wire, with these header fields: by default its own, which have no key."""
        query = self.query if isinstance(self.query, str) else encode_query(self.query)
        return Request(self.method, self.path, query, self.headers if headers is None else headers, self.body)

    def with_headers(self, *headers: tuple[str, str]) -> Draft:
        """The same with these header fields, in place of others of their names."""
        names = {name.lower() for name, _ in headers}
        return replace(self, headers=(*(field for field in self.headers if field[0].lower() not in names), *headers))

    def with_body(self, body: bytes, media_type: str = JSON[1]) -> Draft:
        """The same with these bytes as its body; "" as media type leaves Content-Type out."""
        bare = replace(self, body=body, headers=tuple(h for h in self.headers if h[0].lower() != "content-type"))
        return bare.with_headers(("Content-Type", media_type)) if media_type else bare

    def with_json(self, value: Any) -> Draft:
        """The same with a value as its JSON body, in ASCII: escapes carry even what UTF-8 can't, such as lone surrogates."""
        return self.with_body(json.dumps(value).encode())

    def with_query(self, query: tuple[tuple[str, str], ...] | str) -> Draft:
        """The same with another query."""
        return replace(self, query=query)

    def with_parameter(self, name: str, value: str) -> Draft:
        """The same with this query parameter, in place of others of its name."""
        pairs = parse_qsl(self.query, keep_blank_values=True) if isinstance(self.query, str) else self.query
        return self.with_query((*((other, told) for other, told in pairs if other != name), (name, value)))

    def with_method(self, method: str) -> Draft:
        """The same with another method."""
        return replace(self, method=method)

    def because(self, cause: str, *broken: str) -> Draft:
        """The same, with what is special about it and the places that are wrong on purpose."""
        return replace(self, cause=cause, broken=broken)


@lru_cache(maxsize=2000)
def encode_query(pairs: tuple[tuple[str, str], ...]) -> str:
    """A query of these pairs, percent-encoded; lone surrogates become the bytes that UTF-8 would give them."""
    return urlencode(pairs, quote_via=quote, safe="", errors="surrogatepass")


def encode_segment(text: str) -> str:
    """One segment of a path, percent-encoded."""
    return quote(text, safe="", errors="surrogatepass")
