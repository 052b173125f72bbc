"""The page of a long run in which much is broken: how long it takes to render, and how large it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from statistics import median

from figures import ABSOLUTE, Figure
from timing import seconds_of

from goatcheck.conduct.clock import RemoteClock
from goatcheck.conduct.run import Options, Run, selected
from goatcheck.conduct.suites import all_checks
from goatcheck.contract import load
from goatcheck.faults import broken_world, catalogue
from goatcheck.mock import WorldTransport
from goatcheck.mock.transport import CLOCK_URL
from goatcheck.model import reference_world
from goatcheck.report.as_html import render_html
from goatcheck.report.build import build_report
from goatcheck.report.model import Report
from goatcheck.session import facts_of

FAULTS = 12
_LEAST = 2000


def report_figures(rounds: int) -> list[Figure]:
    """Time and size of report.html."""
    report = broken_report()
    page = render_html(report)
    seconds = median(seconds_of(lambda: render_html(report)) for _ in range(rounds))
    findings = sum(len(result.findings) for result in report.requirements)
    told = f"{report.run.requests} exchanges, {findings} findings"
    return [
        Figure(
            "report_time",
            "time to render report.html of 2,000 exchanges",
            "nothing",
            seconds,
            "s",
            ABSOLUTE,
            1,
            made_of=told,
        ),
        Figure(
            "report_size",
            "size of report.html of 2,000 exchanges",
            "nothing",
            len(page.encode()) / 1e6,
            "MB",
            ABSOLUTE,
            3,
        ),
    ]


def broken_report() -> Report:
    """The report of a run of at least 2,000 requests against a mock with a dozen faults, taken evenly from the catalogue."""
    names = list(catalogue())
    world = broken_world(reference_world(), names[:: len(names) // FAULTS][:FAULTS])
    contract, transport = load(), WorldTransport(world)
    run = Run(
        contract,
        replace(world.profile, base_url="http://localhost/api/v1", clock=CLOCK_URL),
        all_checks(),
        selected(contract, []),
        Options(),
        transport=transport,
        target_clock=RemoteClock(CLOCK_URL, transport),
    )
    run.execute()
    if run.budget.requests < _LEAST:
        raise AssertionError(f"the run had {run.budget.requests} requests, which is too few to measure by")
    return build_report(facts_of(run), dt.datetime.now(dt.UTC).date())
