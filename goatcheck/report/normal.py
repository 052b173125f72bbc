"""Report data without what differs between two runs with one seed: times, ports, ids, names of the run, numbers in the journal."""

from __future__ import annotations

import re
from typing import Any

_VOLATILE = (
    (r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}", "<uuid>"),
    (r"(?:'[^'\n]*|\S*)\.jsonl#\d+'?", "<journal>"),
    (r"(?i)\bgc-[0-9a-f]{6}-", "gc-<run>-"),
    (r"(127\.0\.0\.1|localhost|\[::1\]|https?://[^\s/:'\"]+):\d+", r"\1:<port>"),
    (r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT", "<time>"),
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?", "<time>"),
    (r"\d{4}-\d\d-\d\d", "<date>"),
)
_PATTERNS = tuple((re.compile(pattern), mark) for pattern, mark in _VOLATILE)

_VOLATILE_MEMBERS = {
    "started": "<time>",
    "seconds": 0,
    "number": 0,
    "began": 0,
    "sent": 0,
    "received": 0,
    "retry_after": "<seconds>",
}
_UNORDERED = {"answers"}
"""Lists whose order is that of threads."""


def normalised(data: dict[str, Any]) -> dict[str, Any]:
    """A copy of report data (as in report.json) with marks such as ``<uuid>`` in place of all that may differ.

    Two runs with one seed on equal targets are equal after it. The version of the contract stays, as it names no day.
    """
    return {_text(name): _member(name, value) for name, value in data.items()}


def _member(name: str, value: Any) -> Any:
    if _plain(value):
        return _VOLATILE_MEMBERS.get(name, _value(value))
    return sorted(_value(value), key=repr) if name in _UNORDERED else _value(value)


def _plain(value: Any) -> bool:
    return not isinstance(value, dict | list | tuple)


def _value(value: Any) -> Any:
    if isinstance(value, dict):
        return normalised(value)
    if isinstance(value, list | tuple):
        return [_value(item) for item in value]
    return _text(value) if isinstance(value, str) else value


def _text(text: str) -> str:
    for pattern, mark in _PATTERNS:
        text = pattern.sub(mark, text)
    return text
