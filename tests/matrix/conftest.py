"""Reports and ends of runs, made by hand."""

import pytest

from goatcheck.matrix import Ended, Target


def a_target(name="staging", **changes):
    about = {
        "profile": "staging.toml",
        "base_url": "",
        "label": "",
        "origin": f"http://{name}.example:80",
        "folder": name,
    }
    return Target(**{"name": name, **about, **changes})


def a_report(exit_code=0, *, reason="", message="", base_url="http://x.example/api/v1", **outcomes):
    """A report.json, as far as it matters here; requirements are named with _ for a dot."""
    rows = []
    for name, outcome in outcomes.items():
        broken = outcome in {"fail", "warn", "waived"}
        finding = {"message": message or "it is wrong", "operation": "GET /creators"}
        rows.append(
            {
                "id": name.replace("_", "."),
                "level": "MUST",
                "meaning": "A sentence.",
                "outcome": outcome,
                "reason": reason,
                "findings": [finding] if broken else [],
            }
        )
    return {
        "exit_code": exit_code,
        "target": {"name": "x", "kind": "live", "base_url": base_url},
        "run": {"requests": 7},
        "requirements": rows,
    }


def an_end(name="staging", exit_code=0, report=None, said="", seconds=1.25, **changes):
    return Ended(a_target(name, **changes), exit_code, report, said, seconds)


@pytest.fixture
def make():
    """The makers above, by name."""
    return {"target": a_target, "report": a_report, "end": an_end}
