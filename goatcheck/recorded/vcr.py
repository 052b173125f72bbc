"""VCR cassettes, YAML and JSON, as vcrpy, schemathesis and Ruby's VCR write them: `interactions` or `http_interactions`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import yaml
from yaml.composer import Composer

from goatcheck.exchange import Headers, Response
from goatcheck.recorded.entry import Entry, Item, Reader, Unread, attempt, converted, member
from goatcheck.recorded.messages import as_bytes, entry_of, from_base64, header, mapped_values, uncoded, why_empty
from goatcheck.recorded.streams import values_at

LISTS = ("interactions", "http_interactions")
"""What the list of exchanges is called."""

_SafeLoader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def json_reader(name: str) -> Reader:
    """The reader of cassettes in JSON whose list of exchanges has that name."""

    def read(stream: BinaryIO, _folder: Path | None) -> Iterator[Item]:
        return converted(values_at(stream, f"{name}.item"), "entry", _entry)

    return read


def read_yaml(stream: BinaryIO, _folder: Path | None) -> Iterator[Item]:
    """The exchanges of a cassette in YAML, one by one; a tag that is not YAML's own spoils its entry alone."""
    loader = _Loader(stream)
    number = 0
    try:
        for number, node in enumerate(loader.listed(), start=1):
            yield _constructed(f"entry {number}", node, loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f", line {mark.line + 1}" if mark else ""
        yield Unread(f"after entry {number}{place}", "the YAML is damaged, or breaks off")
    except yaml.YAMLError:
        yield Unread(f"after entry {number}", "the YAML is damaged")
    finally:
        loader.dispose()


class _ByLines:
    """A stream that is read line by line: what comes before a damage is then read before it is met."""

    def __init__(self, stream: BinaryIO) -> None:
        self.read = stream.readline


class _Loader(Composer, _SafeLoader):  # type: ignore[misc] # which base there is depends on how PyYAML was built
    """Reads a cassette's exchanges one by one: only one of them is in memory at a time."""

    def __init__(self, stream: BinaryIO) -> None:
        _SafeLoader.__init__(self, _ByLines(stream))
        Composer.__init__(self)

    def listed(self) -> Iterator[yaml.Node]:
        """Each exchange, not yet made a value."""
        self.get_event()
        self.get_event()
        if not self.check_event(yaml.MappingStartEvent):
            return
        self.get_event()
        while not self.check_event(yaml.MappingEndEvent):
            key = self._node()
            if key.value in LISTS and self.check_event(yaml.SequenceStartEvent):
                self.get_event()
                while not self.check_event(yaml.SequenceEndEvent):
                    yield self._node()
                self.get_event()
            else:
                self._node()

    def _node(self) -> yaml.Node:
        """What comes next, as a whole, under no other node."""
        node = self.compose_node(None, 0)
        if node is None:
            raise AssertionError("there is an event, so there is a node")
        return node


def _constructed(place: str, node: yaml.Node, loader: _Loader) -> Item:
    try:
        value = loader.construct_document(node)
    except (yaml.YAMLError, ValueError, TypeError):
        return Unread(place, "it has a value that is not YAML's own")
    return attempt(place, value, _entry)


def _entry(place: str, raw: Any) -> Entry:
    request, response = member(raw, "request"), member(raw, "response")
    status = int(member(response, "status")["code"])
    headers = mapped_values(response["headers"])
    body, oddity = _body(response.get("body"), headers, status)
    return entry_of(
        place,
        method=request["method"],
        url=request["uri"],
        request_headers=mapped_values(request.get("headers")),
        request_body=_written(request.get("body")),
        response=Response(status, headers, body, oddity=oddity),
        whole_headers=bool(headers),
    )


def _body(raw: Any, headers: Headers, status: int) -> tuple[bytes, str]:
    """The body as its reader got it, and why it can't be judged ("" where it can)."""
    written = _written(raw)
    if not written and (written is None or header(headers, "content-length") not in {None, "0"}):
        return b"", why_empty(headers, status)
    return uncoded(written or b"", headers)


def _written(raw: Any) -> bytes | None:
    """A body as it was written down: text, bytes, or an object that holds either; None for none."""
    if isinstance(raw, Mapping):
        if "base64_string" in raw:
            return from_base64(str(raw["base64_string"]))
        raw = raw.get("string")
    return None if raw is None else as_bytes(raw)
