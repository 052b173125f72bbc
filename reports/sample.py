"""The sample reports beside this file: those of a mock with a few faults. Writes them anew; with --check it only compares.

Everything that two runs may differ in is replaced by marks, so that the sample changes only when the program does.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from dataclasses import replace
from pathlib import Path

from goatcheck.conduct.run import Run
from goatcheck.conduct.suites import all_checks
from goatcheck.contract.loading import load
from goatcheck.faults import broken_world
from goatcheck.mock import WorldTransport
from goatcheck.mock.transport import BASE_URL, CLOCK_URL
from goatcheck.model import reference_world
from goatcheck.report.as_json import report_data
from goatcheck.report.build import build_report
from goatcheck.report.files import RENDERERS
from goatcheck.report.model import Burst, Report
from goatcheck.report.normal import normalised
from goatcheck.session import facts_of

FOLDER = Path(__file__).parent / "sample"
FAULTS = ("limit-one-more", "expired-on-one-route", "challenge-absent")
TODAY = dt.date(2026, 6, 15)


def sample(faults: tuple[str, ...] = FAULTS) -> Report:
    """The report of a run against the mock with these faults."""
    contract = load()
    world = broken_world(reference_world(), faults)
    profile = replace(world.profile, name="staging", base_url=BASE_URL, clock=CLOCK_URL)
    run = Run(
        contract,
        profile,
        all_checks(),
        tuple(contract.by_id),
        transport=WorldTransport(world),
        marker="gc-000000-",
        started=0.0,
    )
    run.execute()
    report = build_report(facts_of(run, command="goatcheck run --profile staging.toml"), TODAY)
    timeless = tuple(replace(result, seconds=0.0) for result in report.requirements)
    bursts = tuple(_at_a_steady_pace(burst) for burst in report.bursts)
    return replace(
        report, run=replace(report.run, started=f"{TODAY}T09:00:00Z", seconds=5.0), requirements=timeless, bursts=bursts
    )


def _at_a_steady_pace(burst: Burst) -> Burst:
    """The burst with times as they might be over a network: those of the sample's world differ each time."""
    answers = enumerate(burst.answers)
    paced = tuple(replace(a, sent=round(0.003 * n, 4), received=round(0.04 + 0.004 * n, 4)) for n, a in answers)
    return replace(burst, began=0.0, answers=paced)


def main() -> int:
    """Write the sample, or compare it: 1 where it is stale."""
    report = sample()
    if "--check" in sys.argv[1:]:
        written = json.loads((FOLDER / "report.json").read_text(encoding="utf-8"))
        if normalised(written) == normalised(report_data(report)):
            return 0
        print("reports/sample is stale: run python reports/sample.py")  # noqa: T201 - a command's word to its user
        return 1
    FOLDER.mkdir(exist_ok=True)
    for name, render in RENDERERS.items():
        (FOLDER / name).write_text(render(report), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
