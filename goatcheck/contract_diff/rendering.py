"""A difference of contracts as text of 80 columns, as Markdown, and as JSON (contracts/contract-diff.schema.json)."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby

from goatcheck.contract_diff.change import RULES, Change, Difference

SCHEMA = "goatcheck-contract-diff/1"
"""What the JSON says that it is."""

_WIDTH = 80
_LONGEST = 2 * (_WIDTH - 4)
"""Characters of one change that a terminal shows."""

_AUDIENCE = (
    "Whom it may break: clients that read errors. Servers and mocks of the old edition have to follow all of it."
)


def text(difference: Difference) -> str:
    """The changes for a terminal, those of one rule under the rule's reason; long sentences are cut."""
    lines = [_verdict(difference), *(textwrap.wrap(_AUDIENCE, _WIDTH) if difference.changes else ())]
    for rule, changes in _by_rule(difference):
        lines += ["", f"{RULES[rule].effect.upper()} {rule}"]
        lines += textwrap.wrap(RULES[rule].why, _WIDTH, initial_indent="  ", subsequent_indent="  ")
        for change in changes:
            line = textwrap.shorten(f"{change.where}: {change.message}", _LONGEST, placeholder=" …")
            lines += textwrap.wrap(line, _WIDTH, initial_indent="  - ", subsequent_indent="    ")
    return "\n".join(lines) + "\n"


def markdown(difference: Difference) -> str:
    """The changes as a page for a pull request."""
    lines = [f"## Contract {difference.old} to {difference.new}", "", _verdict(difference)]
    lines += ["", _AUDIENCE] if difference.changes else []
    for rule, changes in _by_rule(difference):
        lines += ["", f"### {RULES[rule].effect.capitalize()}: {rule}", "", RULES[rule].why, ""]
        lines += [f"- **{_plain(change.where)}**: {_plain(change.message)}" for change in changes]
    return "\n".join(lines) + "\n"


def as_json(difference: Difference) -> str:
    """The changes for programs."""
    changes = [
        {
            "rule": change.rule,
            "effect": RULES[change.rule].effect,
            "where": change.where,
            "message": change.message,
            "old": change.old,
            "new": change.new,
            "why": change.why,
        }
        for change in difference.changes
    ]
    document = {
        "schema": SCHEMA,
        "old": difference.old,
        "new": difference.new,
        "breaking": len(difference.breaking),
        "additive": len(difference.additive),
        "changes": changes,
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


FORMATS: Mapping[str, Callable[[Difference], str]] = {"text": text, "markdown": markdown, "json": as_json}
"""The renderers by the names of their formats."""


def _by_rule(difference: Difference) -> Iterator[tuple[str, list[Change]]]:
    for rule, changes in groupby(difference.changes, key=lambda change: change.rule):
        yield rule, list(changes)


def _verdict(difference: Difference) -> str:
    if not difference.changes:
        return f"The contracts {difference.old} and {difference.new} say the same."
    breaking, additive = len(difference.breaking), len(difference.additive)
    changes = f"{breaking} breaking and {additive} additive change{'' if breaking + additive == 1 else 's'}"
    return f"From contract {difference.old} to {difference.new}: {changes}."


def _plain(words: str) -> str:
    """Words of a contract in Markdown: code spans stay, what would open a tag or a link does not."""
    parts = words.split("`")
    if len(parts) % 2 == 0:
        return _escaped(words.replace("`", "'"))
    return "`".join(_escaped(part) if number % 2 == 0 else part for number, part in enumerate(parts))


def _escaped(words: str) -> str:
    return "".join(f"\\{sign}" if sign in r"\<>[]*_|#" else sign for sign in words)
