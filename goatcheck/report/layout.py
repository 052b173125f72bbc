"""JSON laid out for reading: line breaks and indentation added, every token left as it was sent.

Nothing is parsed and written again: a repeated member, `1.0` or an escape in a string show as they came.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from goatcheck.exchange import MISSING, Document

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}\[\],:]|[^\s{}\[\],:"]++')
_DEEPEST = 30
"""Levels of nesting that are laid out; what is deeper would be mostly indentation."""


@dataclass(frozen=True)
class Line:
    """One line of a text; `path` is the JSON pointer of the value that starts or ends on it."""

    text: str
    path: str = ""


@dataclass
class _Open:
    """An object or array that is not closed yet: its pointer, and in an array the index of the next item."""

    path: str
    array: bool
    next: int = 0


@dataclass
class _Layout:
    """The lines so far; `label` and `path` are those of the value to come in an object."""

    lines: list[Line] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    label: str = ""
    path: str = ""

    def value(self, token: str) -> str:
        """A value, or the bracket that opens one, on a line of its own; returns its pointer."""
        inside = self.open[-1] if self.open else None
        if inside and inside.array:
            self.path = f"{inside.path}/{inside.next}"
            inside.next += 1
        self._line(self.label + token, self.path)
        self.label = ""
        return self.path

    def name(self, token: str) -> None:
        """The name of the member whose value comes next."""
        escaped = str(json.loads(token)).replace("~", "~0").replace("/", "~1")
        self.label, self.path = f"{token}: ", f"{self.open[-1].path}/{escaped}"

    def close(self, token: str, *, empty: bool) -> None:
        """The bracket that closes the innermost object or array."""
        closed = self.open.pop()
        if empty:
            self.append(token)
        else:
            self._line(token, closed.path)

    def append(self, token: str) -> None:
        """A token at the end of the last line."""
        last = self.lines[-1]
        self.lines[-1] = Line(last.text + token, last.path)

    def _line(self, text: str, path: str) -> None:
        self.lines.append(Line("  " * len(self.open) + text, path))


def laid_out(text: str) -> tuple[Line, ...]:
    """The lines of a JSON text; none where it is no JSON, or nested too deeply to be read."""
    if Document.read(text.encode("utf-8", "replace")).value is MISSING:
        return ()
    layout = _Layout()
    tokens = _TOKEN.findall(text)
    before = ""
    for word, after in zip(tokens, [*tokens[1:], ""], strict=True):
        if word in ("{", "["):
            layout.open.append(_Open(layout.value(word), word == "["))
            if len(layout.open) > _DEEPEST:
                return ()
        elif word in ("}", "]"):
            layout.close(word, empty=before in ("{", "["))
        elif word == ",":
            layout.append(word)
        elif after == ":":
            layout.name(word)
        elif word != ":":
            layout.value(word)
        before = word
    return tuple(layout.lines)
