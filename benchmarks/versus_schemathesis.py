"""goatcheck and schemathesis on the same broken mocks: who notices which fault, with how many requests, in which time.

Every attempt gets a mock of its own, served on loopback from a fresh world with one fault, and runs as a command in a
process of its own, so that seconds hold its start and its reports. Requests are counted by the mock.

The faults are every Nth of the catalogue, N being the smallest that leaves no more than 16; the catalogue is in the order of the
contract's sections, so that each theme has its share.

schemathesis gets the strict document (goatcheck's own, every schema in place, with `true` written as `{}`) and runs three times:

1. as it is, with a key that may read and write;
2. with its best settings and that key: all checks, all phases, valid and invalid data, on after a failure, no shrinking, no
   health checks (its guide to benchmarking), two users for its check of foreign objects, ids that exist, a known metric
   and dates as dictionaries, and 402 and 410 told as fit answers to valid data. It draws --examples for each operation, more than the
   100 that are its default;
3. the same with a key that may only read, and half as many examples.

It was given no run for each key in a special state (capped, spent, expired, banned): with them it would see the bodies of
those refusals too, if not whether they were due.

So that the window of 60 requests a minute does not hide the rest, the mock's clock moves 0.98 s with each of its requests: about
one in fifty is limited. Without that, all but the first requests would be 429. goatcheck moves the clock itself.

Caught means: it reported something that nobody reported of the clean mock, in any of several control runs with other
seeds. Failures of schemathesis are told apart as its own baseline files do (operation, check, failure, signature).
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib.metadata
import json
import multiprocessing
import os
import platform
import re
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import TextIO

from attempts import GOATCHECK, Attempt, Contender, attempt
from comparison import (
    Comparison,
    as_data,
    as_text,
    details,
    evidence,
    page_markdown,
    remarks,
    summary_markdown,
    totals,
)

from goatcheck import __version__
from goatcheck.faults import catalogue

HERE = Path(__file__).parent
README = HERE.parent / "README.md"
RUNS, QUICK_RUNS = ("defaults", "best", "read-only"), ("best",)
MARK = "versus schemathesis"
MOST_FAULTS = 16
QUICK_FAULTS = 5
EXAMPLES, QUICK_EXAMPLES = 120, 5


def sample(most: int) -> tuple[tuple[str, ...], str]:
    """Every Nth fault of the catalogue, so that there are at most so many, and the rule in words."""
    names = tuple(catalogue())
    step = -(-len(names) // most)
    return names[::step], f"one in {step} of the {len(names)} faults of `goatcheck prove`, in their order"


def contenders(examples: int, runs: Sequence[str] = RUNS) -> tuple[Contender, ...]:
    """These runs of schemathesis, and goatcheck; `examples` is how many may be drawn for each operation with best settings."""
    known = (
        Contender("schemathesis, defaults", key="full"),
        Contender("schemathesis, best settings", key="full", examples=examples),
        Contender("schemathesis, best settings, read-only key", key="reader", examples=-(-examples // 2)),
    )
    return (*(each for run, each in zip(RUNS, known, strict=True) if run in runs), Contender(GOATCHECK))


def compare(faults: Sequence[str], rule: str, who: Sequence[Contender], *, controls: int, jobs: int) -> Comparison:
    """Let every contender loose on the clean mock and on each fault, so many at a time in processes."""
    known = catalogue()
    tasks = [
        (contender, fault, seed)
        for contender in who
        for fault, seed in [
            *(("", seed) for seed in range(1, (1 if contender.name == GOATCHECK else controls) + 1)),
            *((fault, 1) for fault in faults),
        ]
    ]
    done = tuple(_attempts(tasks, jobs))
    return Comparison(
        contenders=tuple(contender.name for contender in who),
        breaks={fault: known[fault].breaks for fault in faults},
        attempts=done,
        rule=rule,
        about={
            "date": dt.datetime.now(dt.UTC).date().isoformat(),
            "goatcheck": __version__,
            "schemathesis": importlib.metadata.version("schemathesis"),
            "python": platform.python_version(),
            "cores": os.cpu_count(),
            "load": round(os.getloadavg()[0], 1),
            "jobs": jobs,
            "examples": max(contender.examples for contender in who),
            "controls": controls,
        },
    )


def _attempts(tasks: Sequence[tuple[Contender, str, int]], jobs: int) -> Iterable[Attempt]:
    """The attempts in the order of the tasks, however they were done."""
    found: dict[int, Attempt] = {}
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        running = {pool.submit(attempt, *task): number for number, task in enumerate(tasks)}
        for each in as_completed(running):
            result = found[running[each]] = each.result()
            _say(
                f"{len(found)}/{len(tasks)} {result.contender}: {result.fault or 'clean mock'}: "
                f"{len(result.found)} findings, {result.requests} requests, {result.seconds} s {result.trouble}",
                sys.stderr,
            )
    return [found[number] for number in range(len(tasks))]


def write_documents(comparison: Comparison) -> None:
    """Put the result into README.md, between its marks, and beside this file as results.json and results.md."""
    (HERE / "results.json").write_text(json.dumps(as_data(comparison), indent=1) + "\n", encoding="utf-8")
    (HERE / "results.md").write_text(page_markdown(comparison), encoding="utf-8")
    text = README.read_text("utf-8")
    part = f"<!-- generated: {MARK} -->\n{summary_markdown(comparison)}<!-- end -->"
    pattern = rf"<!-- generated: {MARK} -->\n.*?<!-- end -->"
    README.write_text(re.sub(pattern, lambda _found: part, text, flags=re.DOTALL), encoding="utf-8")


def main() -> int:
    """Compare, print, and write what was asked for."""
    parser = argparse.ArgumentParser(description="goatcheck and schemathesis on the same broken mocks.")
    parser.add_argument("--faults", nargs="+", metavar="NAME", choices=tuple(catalogue()), help="these faults only")
    parser.add_argument("--most", type=int, default=MOST_FAULTS, metavar="N", help="at most so many of all faults")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_FAULTS} faults, best settings with few examples")
    parser.add_argument(
        "--examples", type=int, default=EXAMPLES, metavar="N", help="for each operation, with best settings"
    )
    parser.add_argument("--runs", nargs="+", default=RUNS, choices=RUNS, metavar="RUN", help="runs of schemathesis")
    parser.add_argument("--controls", type=int, default=2, metavar="N", help="runs of schemathesis on the clean mock")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="attempts at a time")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all that was measured to this file")
    parser.add_argument("--readme", action="store_true", help="write README.md and benchmarks/results.* anew")
    wanted = parser.parse_args()
    names, rule = sample(QUICK_FAULTS if wanted.quick else wanted.most)
    if wanted.faults:
        names, rule = tuple(wanted.faults), "chosen faults"
    if wanted.quick:
        wanted.examples, wanted.controls, wanted.runs = QUICK_EXAMPLES, 1, QUICK_RUNS
    comparison = compare(
        names, rule, contenders(wanted.examples, wanted.runs), controls=wanted.controls, jobs=wanted.jobs
    )
    for rows in (details(comparison), totals(comparison)):
        _say(as_text(rows) + "\n")
    _say("\n".join([*remarks(comparison), "", *evidence(comparison)]))
    if wanted.json:
        wanted.json.write_text(json.dumps(as_data(comparison), indent=1) + "\n", encoding="utf-8")
    if wanted.readme:
        write_documents(comparison)
    return 0


def _say(text: str, stream: TextIO | None = None) -> None:
    print(text, file=stream, flush=True)


if __name__ == "__main__":
    sys.exit(main())
