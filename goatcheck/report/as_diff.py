"""Two reports compared, as text, as Markdown and as JSON: pure functions."""

from __future__ import annotations

import json
from dataclasses import asdict

from goatcheck.report.as_markdown import code, prose
from goatcheck.report.changes import became, by_kind, in_short
from goatcheck.report.comparing import KINDS
from goatcheck.report.model import Comparison
from goatcheck.report.text import one_line

NOTHING = "Nothing changed."


def render_text(comparison: Comparison) -> str:
    """The comparison for a terminal, without colours."""
    lines = [one_line(in_short(comparison))]
    for kind, changes in by_kind(comparison.changes).items():
        lines += ["", KINDS[kind].capitalize()]
        lines += [one_line(f"  {change.requirement} ({change.level}): {became(change)}", 1000) for change in changes]
    return "\n".join(lines) + "\n"


def render_markdown(comparison: Comparison) -> str:
    """The comparison for a pull request."""
    lines = ["## goatcheck diff", "", prose(in_short(comparison))]
    for kind, changes in by_kind(comparison.changes).items():
        lines += ["", f"### {KINDS[kind].capitalize()}", ""]
        lines += [f"- {code(change.requirement)} ({change.level}): {prose(became(change), 1000)}" for change in changes]
    return "\n".join(lines) + "\n"


def render_json(comparison: Comparison) -> str:
    """The comparison for programs: `changes`, each with its kind, the outcomes before and now, and operations."""
    return json.dumps({"schema": "goatcheck-diff/1", **asdict(comparison)}, indent=2) + "\n"
