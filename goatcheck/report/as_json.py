"""report.json: the report for programs, in the format of contracts/report.schema.json."""

from __future__ import annotations

import json
from typing import Any

from goatcheck.report.model import Report


def report_data(report: Report) -> dict[str, Any]:
    """The report as the object of report.json. Free-form objects are sorted by name: in which order threads first used
    a key must not show.
    """
    data = report.as_data()
    data["run"]["requests_per_key"] = _sorted(data["run"]["requests_per_key"])
    data["statuses"] = _sorted(data["statuses"])
    for row in data["statuses"].values():
        row["variants"] = _sorted(row["variants"])
        row["outcomes"] = _sorted(row["outcomes"])
    return data


def render_json(report: Report) -> str:
    """The report as JSON text, indented by two spaces; pure ASCII, so that any string survives, lone surrogates included."""
    return json.dumps(report_data(report), indent=2, allow_nan=False) + "\n"


def _sorted(mapping: dict[str, Any]) -> dict[str, Any]:
    return dict(sorted(mapping.items()))
