"""What requests may hold, as other tools can check it: regular expressions for parameters, plain JSON Schema for bodies.

The expressions match whole values; they use nothing that Java and JavaScript read differently.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from goatcheck.contract.parts import Schema

UUID = "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_DAYS = "0[1-9]|[12][0-9]"
_DATE = f"[0-9]{{4}}-(?:(?:0[13578]|1[02])-(?:{_DAYS}|3[01])|(?:0[469]|11)-(?:{_DAYS}|30)|02-(?:{_DAYS}))"
_FORMATS: Mapping[str, str] = {"uuid": UUID, "date": _DATE}


def one_of(values: tuple[str, ...]) -> str:
    """What matches any of these texts."""
    return f"(?:{'|'.join(re.escape(value) for value in values)})"


def parameter(schema: Schema) -> str:
    """What matches the values of a parameter, "" where everything does. Bounds of numbers are left out: a server may clamp."""
    if "enum" in schema:
        return one_of(tuple(schema["enum"]))
    if schema.get("type") == "integer":
        return "[+-]?[0-9]+"
    return _FORMATS.get(schema.get("format", ""), "")


def dates_until(year: str) -> str:
    """What matches the dates of a year (four digits) and of all years before it, if they are dates."""
    ways = [
        f"{year[:place]}[0-{int(digit) - 1}][0-9]{{{3 - place}}}" for place, digit in enumerate(year) if digit != "0"
    ]
    return f"(?=(?:{'|'.join([*ways, year])})-){_DATE}"


def body(schema: Any) -> Any:
    """A schema without this project's own keywords, which strict validators refuse."""
    if isinstance(schema, Mapping):
        return {name: body(member) for name, member in schema.items() if not name.startswith("x-")}
    return [body(item) for item in schema] if isinstance(schema, list) else schema
