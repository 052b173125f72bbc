"""What is wrong with a profile, told by TOML key: what was expected, what was there, what to do.

The schema (contracts/profile.schema.json) decides; its titles and examples give the words. What stands in `keys` or in
headers may be a secret, and so may what stands before an @ in a URL: such values are never shown, whatever they are.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from goatcheck.rooms import room

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

TomlPath = tuple[str | int, ...]
"""Where something stands in a TOML file: names of tables and members, positions in lists."""

KEY_SOURCES = ("token_env", "token_file", "token")
"""Where a key may come from; a profile names exactly one of them for each key."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_TOKEN = re.compile(r"tga_\w+")
_SHOWN_OF_A_KEY = frozenset({"scopes", "org", "state", "burst"})
_LONGEST = 80


@dataclass(frozen=True)
class Trouble:
    """One thing that is wrong: where (a TOML key or an option), what was expected, what was there, what to do."""

    where: str
    expected: str
    got: str
    advice: str = ""

    def __str__(self) -> str:
        """The line that people read; nothing in it looks like an API key."""
        return masked(f"{self.where}: expected {self.expected}, got {self.got}. {self.advice}".rstrip())


@dataclass(frozen=True)
class _Violation:
    """What the schema has against one value: its path, the value, the schema's keyword with its argument, the schema around it."""

    path: TomlPath
    value: Any
    keyword: str
    argument: Any
    schema: Mapping[str, Any]

    @classmethod
    def of(cls, error: Any) -> _Violation:
        """The violation in a jsonschema error; the keyword `propertyNames` stands for whatever it holds."""
        keyword = "propertyNames" if "propertyNames" in error.absolute_schema_path else error.validator
        return cls(tuple(error.absolute_path), error.instance, keyword, error.validator_value, error.schema)


def troubles_of(data: Mapping[str, Any]) -> list[Trouble]:
    """Everything that the schema has against a profile's data: at most one for each TOML key.

    Dates are text already, and None stands for infinity and nan.
    """
    found: dict[str, Trouble] = {}
    for error in _validator().iter_errors(data):
        for trouble in _troubles(_Violation.of(error)):
            found.setdefault(trouble.where, trouble)
    return list(found.values())


def masked(text: str) -> str:
    """The text with all that looks like an API key blotted out."""
    return _TOKEN.sub("tga_…", text)


def dotted(path: Sequence[str | int]) -> str:
    """A path as TOML writes it, such as ``keys."my key".scopes[0]``."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{_toml_name(part)}" for part in path)
    return "".join(parts).removeprefix(".")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A sentence that offers the nearest known name, or all of them where none is near."""
    names = list(known)
    near = difflib.get_close_matches(name.lower(), names, n=1)
    return f"Did you mean {near[0]}?" if near else f"Known here: {', '.join(names)}."


@cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((room("contracts") / "profile.schema.json").read_text("utf-8"))
    return schema


@cache
def _validator() -> Draft202012Validator:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - slow to import, and much is told without a profile

    return Draft202012Validator(_schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)


def _troubles(violation: _Violation) -> list[Trouble]:
    return _TELLERS.get(violation.keyword, _wrong_value)(violation)


def _wrong_value(violation: _Violation) -> list[Trouble]:
    path, value = violation.path, violation.value
    advice = _example(path)
    if isinstance(value, Mapping) and path[0] in {"not_applicable", "accept_untried"}:
        advice = f'A dot outside quotes makes a table, so put the id in quotes: "{_spelled_out(path[1], value)}".'
    elif isinstance(value, str) and violation.argument in ("boolean", "integer", "number"):
        advice = f"Leave out the quotes. {advice}"
    return [Trouble(dotted(path), _member(path)["title"], _shown(path, value), advice)]


def _unknown(violation: _Violation) -> list[Trouble]:
    path, known = violation.path, violation.schema["properties"]
    place = f"the table {dotted(path)}" if path else "a profile"
    return [
        Trouble(dotted((*path, name)), f"a name that {place} knows", "an unknown one", did_you_mean(name, known))
        for name in violation.value
        if name not in known
    ]


def _absent(violation: _Violation) -> list[Trouble]:
    path, there = violation.path, violation.value
    org = f'A whole org is {there.get("state")}, so name it: org = "…"' if path[:1] == ("keys",) else ""
    return [
        Trouble(dotted((*path, name)), _member((*path, name))["title"], "nothing", org or _example((*path, name)))
        for name in violation.argument
        if name not in there
    ]


def _sources(violation: _Violation) -> list[Trouble]:
    there = [name for name in KEY_SOURCES if isinstance(violation.value, Mapping) and name in violation.value]
    variable = "GOAT_" + re.sub(r"\W", "_", str(violation.path[-1])).upper()
    advice = "Keep one of them." if there else f'Write, for example, token_env = "{variable}"'
    expected = "exactly one of token_env, token_file and token"
    return [Trouble(dotted(violation.path), expected, " and ".join(there) or "none", advice)]


def _bad_name(violation: _Violation) -> list[Trouble]:
    where = dotted((*violation.path, violation.value))
    if violation.path[0] == "keys":
        return [Trouble(where, "a name of 1 to 64 characters, none of them ‹, › or |", "something else", "Rename it.")]
    forbidden = violation.value.lower() == "authorization"
    advice = "Remove it: this header carries the keys." if forbidden else "Correct it."
    return [Trouble(where, "the name of a header that a profile may set", "something else", advice)]


_TELLERS: Mapping[str, Callable[[_Violation], list[Trouble]]] = {
    "additionalProperties": _unknown,
    "required": _absent,
    "oneOf": _sources,
    "propertyNames": _bad_name,
}
"""For each keyword of the schema that has words of its own, the function that tells what it has against a value."""


def _member(path: TomlPath) -> dict[str, Any]:
    """The schema of what stands at a path, with what it refers to."""
    schema = _schema()
    for part in path:
        schema = schema["items"] if isinstance(part, int) else _named(schema, part)
        if "$ref" in schema:
            schema = {**_schema()["$defs"][schema["$ref"].rpartition("/")[2]], **schema}
    return schema


def _named(schema: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = schema.get("properties", {}).get(name) or schema["additionalProperties"]
    return found


def _example(path: TomlPath) -> str:
    examples = _member(path).get("examples")
    if not examples:
        return ""
    name = "" if isinstance(path[-1], int) else f"{_toml_name(path[-1])} = "
    return f"Write, for example, {name}{_toml(examples[0])}"


def _shown(path: TomlPath, value: Any) -> str:
    if value is None:
        return "infinity or nan"
    secret = path[0] == "keys" and not (len(path) > 2 and path[2] in _SHOWN_OF_A_KEY)  # noqa: PLR2004 - keys, name, member
    if secret or path[:2] == ("target", "headers"):
        return _kind(value)
    if isinstance(value, str) and "@" in value:
        return "text with an @ in it"
    if isinstance(value, Mapping) or (
        isinstance(value, list) and any(isinstance(item, Mapping | list) for item in value)
    ):
        return _kind(value)
    text = _toml(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "a truth value"
    kinds = {str: "text", int: "a number", float: "a number", list: "a list", dict: "a table"}
    return kinds[type(value)]


def _spelled_out(name: str | int, value: Any) -> str:
    """The id that was meant where TOML made nested tables of its dots."""
    while isinstance(value, Mapping) and value:
        inner, value = next(iter(value.items()))
        name = f"{name}.{inner}"
    return str(name)


def _toml_name(name: str) -> str:
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _toml(value: Any) -> str:
    """A value in TOML, on one line."""
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{_toml_name(name)} = {_toml(item)}' for name, item in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(_toml(item) for item in value)}]"
    return json.dumps(value, ensure_ascii=False)
