"""A request or response as people look at it: the body laid out, and the place that a finding names marked in it.

The place is a JSON pointer into the body, the name of a header, or "" where it is the answer as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from goatcheck.report.layout import Line, laid_out
from goatcheck.report.model import Finding, Message
from goatcheck.report.text import clean, excerpt

_CHARACTERS = 4000
_LINES = 150
_LONGEST = 500
"""Bounds of what is shown of a body: characters in all, lines, and characters of a line of JSON."""
_BEFORE = 8
"""Lines that are shown before the marked one, where it is too far down to show all before it."""
_HEADER = re.compile(r"[A-Za-z0-9-]+")


@dataclass(frozen=True)
class Part:
    """A piece of a message, cleaned; `marked` where the finding is about it."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class View:
    """A message to look at. `headers` are name and value; `body` are lines, without the `skipped` ones before them and the
    `left` characters after them. `absent` says what is missing where the finding wants something, "" for nothing.
    """

    line: Part
    headers: tuple[tuple[str, Part], ...]
    body: tuple[Part, ...]
    skipped: int = 0
    left: int = 0
    absent: str = ""


def view_of_request(finding: Finding) -> View:
    """The request of a finding; findings are about answers, so nothing is marked."""
    return _view(finding.request, "", "")


def view_of_response(finding: Finding) -> View:
    """The response of a finding, with what the finding is about marked."""
    return _view(finding.response, finding.where, finding.got)


def _view(message: Message, where: str, got: str) -> View:
    lines = laid_out(message.body)
    body, skipped, left = _window(lines, where) if lines else _as_it_is(message)
    return View(
        line=Part(clean(message.line), not where and _is_status(got) and got in message.line.split()),
        headers=tuple(
            (clean(name), Part(clean(value), name.lower() == where.lower())) for name, value in message.headers
        ),
        body=body,
        skipped=skipped,
        left=left,
        absent=_absent(message, lines, where),
    )


def _is_status(got: str) -> bool:
    return bool(re.fullmatch("[0-9]{3}", got))


def _absent(message: Message, lines: Sequence[Line], where: str) -> str:
    """What is missing in a message, in words, where the place is one that it has not; "" where nothing is."""
    if where.startswith("/"):
        return f"nothing is at {clean(where)}" if lines and where not in {line.path for line in lines} else ""
    is_there = where.lower() in {name.lower() for name, _ in message.headers}
    return f"there is no header {where}" if _HEADER.fullmatch(where) and not is_there else ""


def _as_it_is(message: Message) -> tuple[tuple[Part, ...], int, int]:
    """A body that is no JSON, as `_window` gives one that is."""
    shown, left = excerpt(message.body, _CHARACTERS, _LINES)
    return tuple(Part(line) for line in shown.split("\n") if shown), 0, left + message.cut


def _window(lines: Sequence[Line], where: str) -> tuple[tuple[Part, ...], int, int]:
    """As many lines as are shown, the marked ones among them; how many come before, and how many characters after."""
    marked = [bool(where) and f"{line.path}/".startswith(f"{where}/") for line in lines]
    first = marked.index(True) if any(marked) else 0
    start = max(0, first - _BEFORE) if _size(lines[: first + 1]) > _CHARACTERS or first >= _LINES else 0
    shown: list[Part] = []
    size = 0
    for line, mark in zip(lines[start : start + _LINES], marked[start:], strict=False):
        size += min(len(line.text), _LONGEST)
        if shown and size > _CHARACTERS:
            break
        shown.append(Part(_shortened(line.text), mark))
    return tuple(shown), start, _size(lines[start + len(shown) :])


def _shortened(text: str) -> str:
    left = len(text) - _LONGEST
    return clean(text) if left <= 0 else f"{clean(text[:_LONGEST])}… ({left} more characters)"


def _size(lines: Sequence[Line]) -> int:
    return sum(len(line.text.strip()) for line in lines)
