"""badge.json: the verdict as a badge, for the endpoint badge of shields.io."""

from __future__ import annotations

import json

from goatcheck.report.model import Report

_COLOURS = {"conformant": "brightgreen", "nonconformant": "red", "unusable": "lightgrey", "interrupted": "lightgrey"}


def render_badge(report: Report) -> str:
    """The badge as JSON text. Of a part of the contract it says so: such a run is no proof of the whole."""
    part = " (in part)" if report.run.selection else ""
    badge = {
        "schemaVersion": 1,
        "label": f"error contract {report.contract}",
        "message": f"{report.verdict}{part}",
        "color": _COLOURS.get(report.verdict, "yellow"),
        "isError": report.exit_code != 0,
    }
    return json.dumps(badge, indent=2) + "\n"
