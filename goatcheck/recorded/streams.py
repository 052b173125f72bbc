"""JSON too long for the memory, value by value; and streams that say in plain words how they break off."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

import ijson  # type: ignore[import-untyped] # it has no types of its own

from goatcheck.recorded.entry import Item, Unread

if TYPE_CHECKING:
    from typing_extensions import Buffer  # collections.abc has it since 3.12

_GZIP = 31
_PIECE = 64 * 1024

MARK = b"\xef\xbb\xbf"
"""What some programs write before a text in UTF-8."""

LONGEST = 32 * 1024 * 1024
"""Bytes of a line that are read at once; a longer one is passed over, and told."""


_DIGITS = 4000
_DEEPEST = 500
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+("?)|[][}{]|[0-9]+', re.DOTALL)
"""A string, as far as it is there, with the quotation mark that ends it; a bracket; the digits of a number."""


def values_at(stream: BinaryIO, prefix: str) -> Iterator[Any]:
    """The values at a prefix of a JSON text as ijson names it ("log.entries.item"), one by one. Raises ijson.JSONError, and
    RecursionError for a text that is nested too deeply.
    """
    yield from ijson.items(Readable(stream), prefix, use_float=True)


def top_names(head: bytes) -> frozenset[str]:
    """The member names of a JSON object, as far as the first bytes of its text tell; none where it starts as no object."""
    names = set()
    depth = 0
    try:
        for event, value in ijson.basic_parse(Readable(io.BytesIO(head)), buf_size=256):
            if event in {"start_map", "start_array"}:
                depth += 1
            elif event in {"end_map", "end_array"}:
                depth -= 1
            elif event == "map_key" and depth == 1:
                names.add(value)
    except (ijson.JSONError, RecursionError):  # the head ends somewhere, or more than one text follow each other
        pass
    return frozenset(names)


def lines_of(stream: BinaryIO) -> Iterator[bytes | None]:
    """The lines of a stream, None for one that is too long to be looked at."""
    while line := stream.readline(LONGEST):
        if line.endswith(b"\n") or len(line) < LONGEST:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(LONGEST)
        yield None


def lines_within(stream: BinaryIO, start: int, end: int) -> Iterator[bytes | None]:
    """The lines that begin from byte `start` on and before byte `end`, as `lines_of` has them: wherever a file is cut, each of its
    lines is in one piece.
    """
    stream.seek(max(start - 1, 0))
    lines = lines_of(stream)
    if start:
        next(lines, None)  # what is left of the line before, its break if nothing else
    elif stream.read(len(MARK)) != MARK:
        stream.seek(0)
    while stream.tell() < end and (line := next(lines, b"")) != b"":
        yield line


def guarded(items: Iterator[Item | None]) -> Iterator[Item | None]:
    """The items of a recording; where it breaks off, that is its last item."""
    place = "its start"
    try:
        for item in items:
            yield item
            if item:
                place = f"after {item.place}"
    except BREAKS as error:
        yield Unread(place, why_broken(error))


class Plain(io.BufferedReader):
    """A buffered stream that never waits for more than there is: what came before a break is given out before it is told."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Some bytes, at most `size`; none at the end."""
        return self.read1(-1 if size is None else size)


class Readable:
    """A stream of JSON for ijson, which is to be kept from what it can't bear: whole numbers that Python would not read end the
    process, and each further level of nesting takes more memory than the one before. Raises ijson.JSONError and RecursionError.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._depth = 0
        self._before = b""
        """What has to stand before the next bytes so that they are read as what they are: inside of a string, or of a number."""

    def read(self, size: int = -1) -> bytes:
        """The next bytes, once they were looked at."""
        data = self._stream.read(size)
        text = self._before + data
        self._before = b""
        for token in _TOKEN.finditer(text):
            start = token[0][:1]
            if start == b'"':
                if not token[1]:
                    self._before = b'"' + text[token.end() :]
            elif start.isdigit():
                if len(token[0]) > _DIGITS:
                    raise ijson.JSONError("a number is too long to be read")
                if token.end() == len(text):
                    self._before = token[0]
            else:
                self._depth += 1 if start in b"[{" else -1
                if self._depth > _DEEPEST:
                    raise RecursionError("it is nested too deeply to be read")
        return data


class Rewound(io.RawIOBase):
    """A stream whose first bytes were read already, as if they had not been."""

    def __init__(self, head: bytes, rest: BinaryIO | io.RawIOBase) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: Buffer) -> int:
        """Fill the buffer from what was read already, then from the rest."""
        view = memoryview(buffer)
        data = self._head[: len(view)] or self._rest.read(len(view)) or b""
        self._head = self._head[len(data) :]
        view[: len(data)] = data
        return len(data)


class Gunzipped(io.RawIOBase):
    """The plain text of gzip data, of one member or several. EOFError or zlib.error where it ends, after all that came before."""

    def __init__(self, packed: BinaryIO | io.RawIOBase) -> None:
        self._packed = packed
        self._machine = zlib.decompressobj(_GZIP)
        self._begun = False

    def readinto(self, buffer: Buffer) -> int:
        """Fill the buffer with some plain text."""
        view = memoryview(buffer)
        while True:
            if self._machine.eof:
                rest = self._machine.unused_data
                self._machine, self._begun = zlib.decompressobj(_GZIP), False
            else:
                rest = self._machine.unconsumed_tail
            packed = rest or self._packed.read(_PIECE) or b""
            if not packed:
                if self._begun:
                    raise EOFError
                return 0
            self._begun = True
            plain = self._machine.decompress(packed, len(view))
            if plain:
                view[: len(plain)] = plain
                return len(plain)


def why_broken(error: BaseException) -> str:
    """What one of BREAKS means, in words that hold nothing of the recording's text."""
    return next(tell for kind, tell in _REASONS.items() if isinstance(error, kind))(error)


def _cut_json(error: BaseException) -> str:
    if isinstance(error, ijson.IncompleteJSONError) and "premature EOF" in str(error):
        return "the JSON breaks off"
    return "the JSON is damaged"


_REASONS: dict[type[BaseException], Callable[[BaseException], str]] = {
    ijson.JSONError: _cut_json,
    EOFError: lambda _: "the compressed data breaks off",
    zlib.error: lambda _: "the compressed data is damaged",
    UnicodeError: lambda _: "the text is not UTF-8",
    RecursionError: lambda _: "it is nested too deeply to be read",
    OSError: lambda error: (
        f"it can't be read on: {getattr(error, 'strerror', None) or 'the compressed data is damaged'}"
    ),
}

BREAKS = tuple(_REASONS)
"""What can end a recording before its time."""
