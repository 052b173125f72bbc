"""The reference of the profile in the docs, made from its schema: ``python -m goatcheck.profile.reference``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from goatcheck.rooms import room

DOCUMENT = room("contracts").parent / "docs" / "profile.md"
"""Where the reference stands in a checkout; an installed goatcheck has no docs."""

_HEAD = """\
# The profile

What a target offers to a run, as TOML. `goatcheck init` writes one in which everything is explained, and
`contracts/profile.schema.json` is its schema, from which this page is made (`python -m goatcheck.profile.reference`).
"""
_TABLE = "| key | expected | meaning | such as |\n|---|---|---|---|"


def reference(schema: Mapping[str, Any]) -> str:
    """The page for a profile's schema: a section for each table, a row for each key in it."""
    return "\n".join([_HEAD, *_sections("", schema, schema)])


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if the page is stale.")
@click.argument("page", type=click.Path(path_type=Path), default=DOCUMENT)
def main(page: Path, *, check: bool) -> None:
    """Make the reference of the profile new (default: the one in the docs)."""
    fresh = reference(json.loads((room("contracts") / "profile.schema.json").read_text(encoding="utf-8")))
    stale = not page.exists() or page.read_text(encoding="utf-8") != fresh
    if check and stale:
        click.echo(f"{page} is stale: run python -m goatcheck.profile.reference and commit the result.", err=True)
        sys.exit(1)
    if not check:
        page.write_text(fresh, encoding="utf-8")


def _sections(path: str, schema: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[str]:
    """The sections of the tables in a table, each followed by those in it."""
    for name, given in schema.get("properties", {}).items():
        table = _resolved(given, whole)
        here = f"{path}.{name}" if path else name
        if path and not _is_section(table):
            continue
        inner = _resolved(table.get("items", {}), whole) if table.get("type") == "array" else table
        free = inner.get("additionalProperties")
        if isinstance(free, dict) and (inner := _resolved(free, whole)).get("properties"):
            here += ".NAME"
        yield f"## `{f'[[{here}]]' if table.get('type') == 'array' else f'[{here}]'}`\n"
        yield f"{_sentence(table)}\n"
        if inner is not table and "description" in inner:
            yield f"{_sentence(inner)}\n"
        rows = [_row(key, _resolved(member, whole), inner) for key, member in inner.get("properties", {}).items()]
        yield "\n".join([_TABLE, *rows]) + "\n" if rows else f"Such as:\n\n{_toml(table, here)}\n"
        yield from _sections(here, inner, whole)


def _is_section(schema: Mapping[str, Any]) -> bool:
    return schema.get("type") == "object" and "properties" in schema


def _row(key: str, member: Mapping[str, Any], table: Mapping[str, Any]) -> str:
    needed = " (required)" if key in table.get("required", ()) else ""
    example = f"`{_value(member['examples'][0])}`" if member.get("examples") else ""
    cells = (f"`{key}`{needed}", member.get("title", ""), member.get("description", ""), example)
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def _sentence(schema: Mapping[str, Any]) -> str:
    return str(schema["description"])


def _toml(table: Mapping[str, Any], here: str) -> str:
    example = table["examples"][0]
    entries = example if isinstance(example, list) else [example]
    head = f"[[{here}]]" if isinstance(example, list) else f"[{here}]"
    lines = [line for entry in entries for line in (head, *(f"{_key(k)} = {_value(v)}" for k, v in entry.items()))]
    return "\n".join(["```toml", *lines, "```"])


def _key(name: str) -> str:
    return name if name.replace("_", "").replace("-", "").isalnum() else json.dumps(name)


def _value(value: Any) -> str:
    """A value as TOML writes it in one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


def _resolved(schema: Mapping[str, Any], whole: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema with what its `$ref` into the same file means; what stands beside the reference wins."""
    if "$ref" not in schema:
        return schema
    meant: Any = whole
    for step in schema["$ref"].removeprefix("#/").split("/"):
        meant = meant[step]
    return {**meant, **schema}


if __name__ == "__main__":
    main()
