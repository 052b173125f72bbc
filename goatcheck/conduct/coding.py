"""Content codings: the body behind a `Content-Encoding` that nobody asked for, within bounds."""

from __future__ import annotations

import zlib
from collections.abc import Callable

_GZIP, _ZLIB, _RAW = 31, 15, -15
_LAYERS = 3


class CodingError(Exception):
    """A body that is not what its Content-Encoding says; the text says why."""


class MiscodedError(CodingError):
    """A body that is not in the coding that it is said to be in, or breaks off within it."""


def decoded(body: bytes, codings: str, bound: int) -> tuple[bytes, bool]:
    """The body with its codings (a Content-Encoding header's value) undone, at most `bound` bytes, and whether it was cut there.

    Raises CodingError for a coding that is neither gzip nor deflate and for more than three layers, MiscodedError for data that
    is none.
    """
    names = [name for name in (part.strip().lower() for part in codings.split(",")) if name not in ("", "identity")]
    if len(names) > _LAYERS:
        raise CodingError(f"{len(names)} content codings on top of each other")
    for name in reversed(names):
        if name not in _DECODERS:
            raise CodingError(f"the content coding {name!r} is not known here, and none was asked for")
        body, cut = _DECODERS[name](body, bound)
        if cut:
            return body, True
    return body, False


def _gzip(body: bytes, bound: int) -> tuple[bytes, bool]:
    return _inflated(body, "gzip", _GZIP, bound)


def _deflate(body: bytes, bound: int) -> tuple[bytes, bool]:
    """Deflate as RFC 9110 has it (wrapped by zlib), else as some servers send it (bare)."""
    try:
        return _inflated(body, "deflate", _ZLIB, bound)
    except CodingError:
        return _inflated(body, "deflate", _RAW, bound)


def _inflated(body: bytes, name: str, window: int, bound: int) -> tuple[bytes, bool]:
    machine = zlib.decompressobj(window)
    try:
        plain = machine.decompress(body, bound)
    except zlib.error as error:
        raise MiscodedError(f"the body is not {name}, as its Content-Encoding says: {error}") from error
    if len(plain) == bound and not machine.eof:
        return plain, True
    if not machine.eof:
        raise MiscodedError(f"the {name} data of the body breaks off")
    return plain, False


_DECODERS: dict[str, Callable[[bytes, int], tuple[bytes, bool]]] = {"gzip": _gzip, "x-gzip": _gzip, "deflate": _deflate}
