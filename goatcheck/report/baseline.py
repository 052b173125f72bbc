"""Reading a report.json again, to compare with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from goatcheck.errors import UsageError
from goatcheck.report.comparing import Baseline, Row
from goatcheck.rooms import room


def read_report(path: Path) -> dict[str, Any]:
    """The object in a report.json. Raises UsageError that says why where it can't be read, or is none."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - needed only where reports are compared
    from jsonschema.exceptions import best_match  # noqa: PLC0415

    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}. Name the report.json of an earlier run.") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} is no report of goatcheck: it is no JSON. Name the report.json of a run.") from error
    schema = json.loads((room("contracts") / "report.schema.json").read_bytes())
    wrong = best_match(Draft202012Validator(schema).iter_errors(data))
    if wrong is not None:
        where = f"at {wrong.json_path}, " if wrong.absolute_path else ""
        raise UsageError(
            f"{path} is no report of this goatcheck: {where}{wrong.message[:200]}. Name the report.json of a run."
        )
    return dict(data)


def baseline_from(path: Path, contract: str) -> Baseline:
    """The report to hold a run against, which must have been judged by the same contract version. Raises UsageError."""
    data = read_report(path)
    if data["contract"] != contract:
        raise UsageError(
            f"--baseline {path}: it was judged by the contract {data['contract']}, this run is by {contract}. "
            f"Take a report of the same version, or add --contract {data['contract']}."
        )
    return Baseline.of(data)


def baseline_data(baseline: Baseline | None) -> dict[str, Any] | None:
    """A baseline as JSON, for the header of a journal."""
    if baseline is None:
        return None
    rows = [asdict(row) | {"broken_on": sorted(row.broken_on)} for row in baseline.rows]
    return asdict(baseline) | {"rows": rows}


def baseline_of(data: Mapping[str, Any] | None) -> Baseline | None:
    """The baseline that `baseline_data` wrote."""
    if data is None:
        return None
    rows = tuple(Row(**{**row, "broken_on": frozenset(row["broken_on"])}) for row in data["rows"])
    return Baseline(**{**data, "rows": rows})
