"""Judging recorded traffic: from recordings to one report, without a request.

`audit` reads, judges and counts; `tally` is what it counts in, `judging` what is done with one entry, `pieces` how one recording
is judged by several processes, `spread` how many are judged by workers elsewhere, `partitions` what such a worker does, `cluster`
where it is; `building` makes the report.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from functools import reduce

from goatcheck.audit.building import Audited, report_of
from goatcheck.audit.judging import Judge
from goatcheck.audit.pieces import Workers, tallies_of
from goatcheck.audit.spread import Crew, Progress, tallies
from goatcheck.audit.tally import Tally, merged
from goatcheck.errors import UsageError
from goatcheck.recorded import STANDARD_INPUT, Api, Recording, open_recording
from goatcheck.recorded.names import matches
from goatcheck.recorded.sources import JOURNAL
from goatcheck.report.model import Report

__all__ = ["Audited", "Told", "audit", "report_of"]

Told = Callable[[Recording | Progress, int], None]
"""Called now and then with the recording that is read, and how many of its entries were."""

OFTEN = 500
"""Entries between two calls of `Told`."""


def audit(
    names: Sequence[str],
    api: Api,
    *,
    jobs: int = 1,
    crew: Crew | None = None,
    strict: bool = False,
    label: str = "",
    told: Told = lambda _recording, _entries: None,
) -> Report:
    """Judge recordings, named by their paths, by patterns of them, by URLs, or "-" for standard input, and report on them.

    `jobs` processes judge the pieces of JSON lines side by side; where there is a `crew`, its workers read and judge everything.
    Ctrl-C ends the reading: what was judged until then is reported. Raises UsageError for a recording that can't be read at all,
    or whose format is unknown: of a file before any is judged.
    """
    started, began = dt.datetime.now(dt.UTC), time.monotonic()
    done: list[Tally] = [Tally()]
    interrupted = False
    try:
        if crew:
            for tally in tallies(names, api, crew, told):
                done[0] = merged(done[0], tally)
        else:
            _judge(names, api, jobs, done, told)
    except KeyboardInterrupt:
        interrupted = True
    audited = Audited(
        tally=reduce(merged, done, Tally()),
        names=tuple("standard input" if name == STANDARD_INPUT else name for name in names),
        api=api,
        started=started.strftime("%Y-%m-%dT%H:%M:%SZ"),
        seconds=time.monotonic() - began,
        strict=strict,
        label=label,
        interrupted=interrupted,
    )
    return report_of(audited, started.date())


def _judge(given: Sequence[str], api: Api, jobs: int, done: list[Tally], told: Told) -> None:
    """Judge recordings here, each into a tally of `done` that is worth something at any time."""
    names = [name for one in given for name in matches(one)]
    _refuse_unknown(names)
    with Workers(api, jobs) as workers:
        for number, name in enumerate(names):
            done.append(Tally())
            with open_recording(name) as recording:
                judge = Judge(api, recording.name, number)
                if jobs > 1 and recording.format is JOURNAL:
                    for tally in tallies_of(recording, judge, workers, told):
                        done[-1] = merged(done[-1], tally)
                else:
                    _take_all(recording, judge, done[-1], told)


def _refuse_unknown(names: Sequence[str]) -> None:
    """Look at every file before the first is judged. Standard input can be looked at but once."""
    if names.count(STANDARD_INPUT) > 1:
        raise UsageError("- (standard input) is named twice; it can be read once.")
    for name in names:
        if name != STANDARD_INPUT:
            with open_recording(name):
                pass


def _take_all(recording: Recording, judge: Judge, tally: Tally, told: Told) -> None:
    """Judge everything that a recording holds, into a tally that is worth something at any time."""
    for number, item in enumerate(recording.items(), start=1):
        judge.take(tally, item, number)
        if number % OFTEN == 0:
            told(recording, number)
