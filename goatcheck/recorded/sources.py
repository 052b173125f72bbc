"""Opening a recording: compressed or not, from a file or from standard input, and of which format."""

from __future__ import annotations

import io
import re
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from goatcheck.errors import UsageError
from goatcheck.recorded import har, journal, postman, vcr, wiremock
from goatcheck.recorded.entry import Item, Reader
from goatcheck.recorded.names import is_url, opened_url
from goatcheck.recorded.streams import MARK, Gunzipped, Plain, Rewound, guarded, top_names

STANDARD_INPUT = "-"
"""The name that means standard input."""

HEAD = 64 * 1024
"""Bytes that a format is known by."""

_GZIP = b"\x1f\x8b"
_BUFFER = 1024 * 1024
_LINES = re.compile(rb'^\s*{\s*"kind"\s*:', re.MULTILINE)
_YAML = re.compile(rf"^(?:{'|'.join(vcr.LISTS)})\s*:".encode(), re.MULTILINE)


@dataclass(frozen=True)
class Format:
    """A kind of recording: its name for people, the member names that one of its texts has at the top, and its reader."""

    name: str
    members: frozenset[str]
    read: Reader


JOURNAL = Format("goatcheck's journal", frozenset({"kind", "data"}), journal.read)
CASSETTE = Format("VCR cassette (YAML)", frozenset(), vcr.read_yaml)

JSON_FORMATS = (
    JOURNAL,
    Format("HAR", frozenset({"log"}), har.read),
    *(Format("VCR cassette (JSON)", frozenset({name}), vcr.json_reader(name)) for name in vcr.LISTS),
    Format("WireMock's request journal", frozenset({"requests"}), wiremock.read_journal),
    Format("WireMock stub mappings", frozenset({"mappings"}), wiremock.read_mappings),
    Format("WireMock stub mapping", frozenset({"request", "response"}), wiremock.read_mapping),
    Format("Postman collection", frozenset({"info", "item"}), postman.read),
    Format("Postman collection", frozenset({"item"}), postman.read),
)
"""Every format in JSON; the first whose members are all there is the one."""


@dataclass(frozen=True)
class Recording:
    """An open recording: its `name` for people, its `format`, the `stream` of its plain text, the `folder` that it lies in,
    the `raw` file, compressed as it may be, and its `size` in bytes (None where that is unknown).
    """

    name: str
    format: Format
    stream: BinaryIO
    folder: Path | None
    raw: BinaryIO
    size: int | None
    packed: bool

    @property
    def cuttable(self) -> bool:
        """Whether it can be read from any byte on: JSON lines, not compressed, in a file."""
        return self.format is JOURNAL and not self.packed and self.size is not None

    def items(self) -> Iterator[Item | None]:
        """The entries of the recording, and what of it can't be read; None for what counts but tells nothing."""
        return guarded(self.format.read(self.stream, self.folder))

    def position(self) -> int:
        """How many bytes of the file were taken in so far; 0 where that is unknown."""
        return self.raw.tell() if self.size is not None else 0


@contextmanager
def open_recording(name: str, home: Path = Path()) -> Iterator[Recording]:
    """Open a recording by its path, which may be relative to `home`, by its URL, or standard input. UsageError for one that can't
    be read, or whose format is unknown.
    """
    shown = "standard input" if name == STANDARD_INPUT else name
    path = None if name == STANDARD_INPUT or is_url(name) else home / name
    with _opened(name, path) as raw:
        plain, head = _plain(raw)
        found = format_of(head)
        if found is None:
            known = ", ".join(dict.fromkeys(known.name for known in (*JSON_FORMATS, CASSETTE)))
            raise UsageError(f"{shown} is no recording that is known here. Known are, also gzip-compressed: {known}.")
        stream = Plain(Rewound(head.removeprefix(MARK), plain), _BUFFER)
        folder = path.absolute().parent if path else None
        yield Recording(shown, found, stream, folder, raw, _size(raw, path), plain is not raw)


def format_of(head: bytes) -> Format | None:
    """The format of a recording by its first bytes, None for none that is known. Nothing at all is an empty journal."""
    text = head.removeprefix(MARK).lstrip()
    if not text:
        return JOURNAL
    names = top_names(text) if text.startswith(b"{") else frozenset()
    for known in JSON_FORMATS:
        if known.members <= names:
            return known
    if _YAML.search(text):
        return CASSETTE
    return JOURNAL if _LINES.search(text) else None


@contextmanager
def _opened(name: str, path: Path | None) -> Iterator[BinaryIO]:
    if name == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    try:
        file: BinaryIO = path.open("rb") if path else opened_url(name)
    except OSError as error:
        told = f"{name} can't be read: {error.strerror}. Name a recording, or - for standard input."
        raise UsageError(told) from error
    with file:
        yield file


def _size(raw: BinaryIO, path: Path | None) -> int | None:
    if path:
        return path.stat().st_size if path.is_file() else None
    return getattr(getattr(raw, "raw", None), "size", None)  # as fsspec has it


def _plain(raw: BinaryIO) -> tuple[BinaryIO | io.RawIOBase, bytes]:
    """The plain text of a stream, and the first bytes of it, which were read already."""
    head = _first(raw)
    if not head.startswith(_GZIP):
        return raw, head
    plain = Gunzipped(Rewound(head, raw))
    return plain, _first(plain)


def _first(stream: BinaryIO | io.RawIOBase) -> bytes:
    """The first bytes of a stream, as far as they can be read; what ends it is met again by whoever reads on."""
    parts: list[bytes] = []
    with suppress(EOFError, zlib.error):
        while sum(map(len, parts)) < HEAD and (part := stream.read(HEAD)):
            parts.append(part)
    return b"".join(parts)
