"""One work of a chosen size, done by a process of its own, which tells what it took.

    python growing.py requirements COUNT FOLDER    a run of so many requirements against the embedded mock
    python growing.py operations TIMES FOLDER      a run with every operation of the contract there so many times
    python growing.py faults COUNT FOLDER          a proof with so many faults; half-way and before that it tells too

What is imported is not measured. FOLDER, which has to be there, gets a file TOLD.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import resource
import shutil
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from measure_run import run_once

from goatcheck.conduct.journal import JournalWriter
from goatcheck.conduct.run import Run
from goatcheck.conduct.suites import all_checks
from goatcheck.contract import CURRENT, load
from goatcheck.contract.references import OPENAPI
from goatcheck.faults import catalogue
from goatcheck.mock import CLOCK_URL, WorldTransport
from goatcheck.model import World, reference_world
from goatcheck.prove.clock import WorldClock
from goatcheck.prove.proof import Trial
from goatcheck.prove.proving import prove
from goatcheck.report.build import build_report
from goatcheck.report.files import write_reports
from goatcheck.rooms import room
from goatcheck.session import JOURNAL, facts_of

TOLD = "told.json"
WARM_UP = "401.missing"
PARTS = (8, 4, 2, 1)
"""Of this part of all faults on, and of each that follows, is told what they took."""

T = TypeVar("T")
Step = tuple[int, float, float, int]
"""How many; the processor seconds, the most MiB and the requests until then."""


def main() -> None:
    """Do what the command line says."""
    name, size, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    run_once(folder / "warm-up", WARM_UP)
    start = _memory()
    steps = WORKS[name](size, folder)
    (folder / TOLD).write_text(json.dumps({"start": start, "steps": steps}), encoding="utf-8")


def mixed(names: Iterable[str]) -> list[str]:
    """Names in an order that parts what stands together and is always the same, so that the first few are much like all."""
    return sorted(names, key=lambda name: hashlib.sha256(name.encode()).digest())


def requirements(count: int, folder: Path) -> list[Step]:
    """A run of so many requirements, with all that `goatcheck run` writes. Those that are sent for come first: one that is only
    seen wants nearly everything sent.
    """
    contract = load()
    ordered = sorted(mixed(contract.by_id), key=lambda name: contract.by_id[name].how == "seen")
    began = time.process_time()
    made = run_once(folder / "run", *ordered[:count])
    return [(count, time.process_time() - began, _memory(), made.session.report.run.requests)]


def operations(times: int, folder: Path) -> list[Step]:
    """Reading a grown contract, and a whole run by it against a grown mock, without sockets, with journal and reports."""
    home, world = grown_contract(times, folder), grown_world(times)
    sent_at_most = world.profile.max_creates * times
    profile = replace(world.profile, base_url="http://localhost/api/v1", clock=CLOCK_URL, max_creates=sent_at_most)
    began = time.process_time()
    contract = load(home.name, home.parent)
    with JournalWriter(folder / JOURNAL, {}) as journal:
        run = Run(
            contract,
            profile,
            all_checks(),
            tuple(contract.by_id),
            transport=WorldTransport(world),
            target_clock=WorldClock(world.clock),
            journal=journal,
        )
        run.execute()
    report = build_report(facts_of(run), dt.datetime.now(dt.UTC).date())
    write_reports(report, folder)
    seconds = time.process_time() - began
    if report.verdict != "conformant":
        raise AssertionError(f"a run against the grown mock ended as {report.verdict}")
    return [(len(contract.operations), seconds, _memory(), run.budget.requests)]


def faults(count: int, _folder: Path) -> list[Step]:
    """A proof with the first so many of the mixed faults, in this process alone."""
    steps: list[Step] = []
    sent = 0

    def told(trial: Trial, done: int, _all: int) -> None:
        nonlocal sent
        sent += trial.requests
        if done in {count // part for part in PARTS}:
            steps.append((done, time.process_time() - began, _memory(), sent))

    began = time.process_time()
    prove(mixed(catalogue())[:count], told=told)
    return steps


def grown_contract(times: int, folder: Path) -> Path:
    """The folder of a contract, made in this one, which has every operation so many times, each time on paths of its own."""
    home = Path(shutil.copytree(room("contracts") / CURRENT, folder / "contracts" / CURRENT))
    document = load().document
    grown = {**document, "paths": grown_paths(document["paths"], times)}
    (home / OPENAPI).write_text(json.dumps(grown), encoding="utf-8")  # JSON is YAML
    return home


def grown_world(times: int) -> World:
    """The reference world, which serves every route so many times; whatever the path, it is the same things that are meant."""
    world = reference_world()
    rules = world.rules
    routes = [
        replace(route, template=path)
        for route in rules.routes.values()
        for path in grown_paths({route.template: None}, times)
    ]
    rules = replace(
        rules,
        routes={route.operation: route for route in routes},
        conflicts=_grown_ids(rules.conflicts, times),
        caps=_grown_ids(rules.caps, times),
        actions=_grown_ids(rules.actions, times),
    )
    return replace(world, rules=rules)


def grown_paths(paths: Mapping[str, T], times: int) -> dict[str, T]:
    """What is by path template, so many times: ``/creators/{id}`` is at ``/creators-2/{id}`` too, and so on. The first come first."""
    return {_numbered(path, number): value for number in range(1, times + 1) for path, value in paths.items()}


def _grown_ids(by_operation: Mapping[str, T], times: int) -> dict[str, T]:
    """What is by operation id, so many times."""
    return {
        f"{name.partition(' ')[0]} {path}": value
        for name, value in by_operation.items()
        for path in grown_paths({name.partition(" ")[2]: None}, times)
    }


def _numbered(path: str, number: int) -> str:
    if number == 1:
        return path
    _, first, *rest = path.split("/")
    return "/".join(["", f"{first}-{number}", *rest])


def _memory() -> float:
    """The most memory that this process has had so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


WORKS = {"requirements": requirements, "operations": operations, "faults": faults}

if __name__ == "__main__":
    main()
