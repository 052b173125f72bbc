"""How the requests of one target are written for the wire and its answers read: the one place where keys go in and come out."""

from __future__ import annotations

from collections.abc import Sequence

import httpx

from goatcheck.conduct.coding import CodingError, MiscodedError, decoded
from goatcheck.conduct.secrets import Secrets
from goatcheck.exchange import KEPT, Headers, Response

MAX_BODY = 2 * 1024 * 1024 + 64 * 1024
"""The default bound of a response's body, in bytes."""
_ERRORS = 400
_REMEMBERED = 2000
"""Sets of header fields that are remembered: a run sends and gets the same few again and again."""
_ROOM = 8 * 1024 * 1024
"""Bytes of the answers that are remembered."""
_EACH = 1024
"""Bytes that each of them counts beside its own."""
_Raw = tuple[int, tuple[tuple[bytes, bytes], ...], bytes]


class Wire:
    """Writes header fields and reads answers, and remembers both; may be used by several threads.

    `defaults` go with every request that has none of that name, `max_body` bounds a response's body in bytes. What is read holds
    no key.
    """

    def __init__(self, secrets: Secrets, defaults: Headers = (), *, max_body: int = MAX_BODY) -> None:
        self.secrets = secrets
        self._defaults = defaults
        self._max_body = max_body
        self._known: dict[_Raw, Response] = {}
        self._held = 0
        self._ready: dict[Headers, httpx.Headers] = {}

    def fields(self, given: Headers) -> httpx.Headers:
        """The header fields of a request, keys in place; worked out once for those that go with many requests.

        Raises GeneratorError for a key that does not exist, UnicodeEncodeError for what can't be written.
        """
        fields = self._ready.get(given)
        if fields is None:
            names = {name.lower() for name, _ in given}
            whole = [(name, value) for name, value in self._defaults if name.lower() not in names]
            whole += [(name, self.secrets.expand(value)) for name, value in given]
            fields = httpx.Headers([(name.encode("ascii"), value.encode("latin-1")) for name, value in whole])
            if len(self._ready) >= _REMEMBERED:
                self._ready.clear()
            self._ready[given] = fields
        return fields

    def response(self, status: int, headers: tuple[tuple[bytes, bytes], ...], body: bytes, oddity: str) -> Response:
        """What was received, content codings undone and keys taken out; once for what comes again and again."""
        raw = (status, headers, body)
        known = None if oddity else self._known.get(raw)
        if known is not None:
            return known
        response = self._read(status, headers, body, oddity)
        size = _EACH + len(body) + sum(len(name) + len(value) for name, value in headers)
        if not oddity and size <= KEPT:
            if self._held + size > _ROOM:
                self._known.clear()
                self._held = 0
            self._known[raw] = response
            self._held += size
        return response

    def _read(self, status: int, raw: Sequence[tuple[bytes, bytes]], body: bytes, oddity: str) -> Response:
        """One answer as it is kept."""
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in raw)
        codings = ",".join(value for name, value in headers if name.lower() == "content-encoding")
        miscoded = ""
        if body and codings:
            body, oddity, miscoded = _undone(body, codings, self._max_body, oddity)
            if status < _ERRORS:
                oddity, miscoded = oddity or miscoded, ""
        redact = self.secrets.redact
        if self.secrets.shows("\n".join(f"{name}\n{value}" for name, value in headers)):
            headers = tuple((redact(name), redact(value)) for name, value in headers)
        return Response(
            status=status,
            headers=headers,
            body=self.secrets.redact_bytes(body),
            oddity=redact(oddity),
            miscoded=redact(miscoded),
        )


def _undone(body: bytes, codings: str, bound: int, oddity: str) -> tuple[bytes, str, str]:
    """The body without its content codings, its oddity, and in which way it is in none of them ("" where it is, or was not
    received whole).

    What can't be decoded is kept as it is where it is text after all; else it is left out, since nobody could see
    whether it holds a key.
    """
    try:
        plain, cut = decoded(body, codings, bound)
    except CodingError as error:
        kept, reason = body, str(error)
        try:
            body.decode("utf-8")
        except UnicodeDecodeError:
            kept, reason = b"", f"{error}; {len(body)} bytes left out"
        if isinstance(error, MiscodedError) and not oddity:
            return kept, "", reason
        return kept, oddity or reason, ""
    return plain, oddity or (f"cut off after {bound} bytes" if cut else ""), ""
