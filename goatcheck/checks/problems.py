"""How checks put a problem into words: bounded texts, and short ways to say "fine" and "broken"."""

from __future__ import annotations

import json
from typing import Any

from goatcheck.exchange import MISSING, Problem

SHOWN = 120
"""How many characters of a value a problem shows."""

FINE: tuple[Problem, ...] = ()
"""What a check returns for a requirement that was judged and held."""


def broken(message: str, where: str = "", expected: str = "", got: Any = MISSING) -> tuple[Problem, ...]:
    """One problem, as a check returns it; `got` is the value itself, MISSING for one that is not there."""
    return (Problem(cut(message), where, cut(expected), shown(got)),)


def shown(value: Any) -> str:
    """A JSON value as text of bounded length; "nothing" for MISSING."""
    if value is MISSING:
        return "nothing"
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (RecursionError, ValueError):
        text = f"{type(value).__name__} too large to show"
    return cut(text)


def cut(text: str) -> str:
    """A text of bounded length."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def whole(value: Any) -> int | None:
    """The integer that a JSON number is (7.0 is 7, as JSON Schema has it), None for anything else; true is no number."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, float) and value.is_integer() else None
