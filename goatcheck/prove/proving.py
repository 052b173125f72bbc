"""Letting every fault loose on the suite: whole runs in this process or in worker processes, without a socket."""

from __future__ import annotations

import datetime as dt
import gc
import multiprocessing
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from functools import cache, lru_cache

from goatcheck.conduct.run import Options, Run
from goatcheck.conduct.suites import all_checks
from goatcheck.conduct.verdict import outcome_of
from goatcheck.contract import Contract, load
from goatcheck.drawing import Draw
from goatcheck.errors import UsageError
from goatcheck.faults import Fault, catalogue
from goatcheck.mock.transport import WorldTransport
from goatcheck.model.worlds import reference_world
from goatcheck.prove.clock import WorldClock
from goatcheck.prove.memory import Memory
from goatcheck.prove.proof import DEFAULT, Proof, Setting, Trial

Told = Callable[[Trial, int, int], None]
"""Called after each trial with it, how many are done and how many there are."""

RED = frozenset({"fail", "warn"})

_ORIGIN = "http://localhost"
_BASE_URL, _CLOCK = f"{_ORIGIN}/api/v1", f"{_ORIGIN}/_clock"


def selected_faults(wanted: Iterable[str]) -> tuple[str, ...]:
    """The names of the faults that these names and prefixes mean; all for none. UsageError for one that means nothing."""
    prefixes = tuple(wanted)
    for prefix in prefixes:
        if not any(name.startswith(prefix) for name in catalogue()):
            raise UsageError(
                f"No fault is named {prefix!r} or starts so. `goatcheck prove` without --only tries them all."
            )
    return tuple(name for name in catalogue() if not prefixes or name.startswith(prefixes))


def prove(
    names: Sequence[str] = (),
    *,
    setting: Setting = DEFAULT,
    jobs: int = 1,
    seeds: int = 1,
    told: Told = lambda _trial, _done, _all: None,
) -> Proof:
    """Run the whole suite against each of these faults (default: all), once for each of so many seeds.

    More than one job means worker processes. The trials stand in the order of the faults, however they were done. Faults that
    break nothing which the setting can judge, or need what it lacks, are not tried.
    """
    began, day = time.monotonic(), dt.datetime.now(dt.UTC).date()
    faults = tuple(names) or tuple(catalogue())
    first = Options().seed
    judged = _judged(setting)
    known = catalogue()
    shown = [n for n in faults if judged.keys() & set(known[n].breaks) and setting.lacks.isdisjoint(known[n].needs)]
    # one seed after another: what was drawn for one is of no use for the next, and need not be kept
    wanted = [(name, first + number) for number in range(seeds) for name in shown]
    found: dict[tuple[str, int], Trial] = {}
    for trial in _tried(wanted, setting, jobs):
        found[trial.fault, trial.seed] = seen = trial.among(judged, one_of_them=bool(setting.bounds))
        told(seen, len(found), len(wanted))
    return Proof(
        contract=_contract().version,
        requirements=judged,
        trials=tuple(found[name, first + number] for name in shown for number in range(seeds)),
        whole=set(faults) == set(catalogue()),
        jobs=jobs,
        seconds=time.monotonic() - began,
        day=day.isoformat(),
        setting=setting,
        beyond=tuple(name for name in faults if name not in shown),
    )


def try_fault(fault: Fault | None, seed: int, setting: Setting = DEFAULT) -> Trial:
    """One run of the whole suite against a fault; None means the reference world as it is."""
    contract = _contract()
    sound = reference_world()
    world = fault.apply(sound) if fault else sound
    profile = replace(sound.profile, **{"base_url": _BASE_URL, "clock": _CLOCK, **setting.bounds})
    known = _known()
    run = Run(
        contract,
        profile,
        all_checks(),
        tuple(contract.by_id),
        Options(seed=seed),
        transport=WorldTransport(world),
        draw=_draw(seed),
        target_clock=WorldClock(world.clock),
        wire=known.wire,
        observe=known.observe,
        marker=f"gc-{seed % 0x1000000:06x}-",
    )
    known.wire = run.client.wire
    run.execute()
    today = dt.datetime.fromtimestamp(sound.clock.now(), dt.UTC).date()
    outcomes = {
        requirement.id: outcome_of(
            requirement, run.ledger.record(requirement.id), profile, missing={}, today=today, strict=False
        )
        for requirement in contract.requirements
    }
    errors = {name: outcome.reason for name, outcome in outcomes.items() if outcome.name == "error"}
    run.api.let_go()
    return Trial(
        fault=fault.name if fault else "",
        summary=fault.summary if fault else "",
        seed=seed,
        breaks=fault.breaks if fault else (),
        may=fault.may if fault else (),
        red={name: outcome.name for name, outcome in outcomes.items() if outcome.name in RED},
        green=tuple(name for name, outcome in outcomes.items() if outcome.name == "pass"),
        errors=errors | ({"run": run.unusable} if run.unusable else {}),
        requests=run.budget.requests,
        seconds=run.seconds,
    )


def _judged(setting: Setting) -> dict[str, str]:
    """The requirements, with their levels, that a run under this setting finds kept where nothing is broken; by default, all."""
    levels = {each.id: each.level for each in _contract().requirements}
    if not setting.bounds:
        return levels
    kept = try_fault(None, Options().seed, setting).green
    return {name: level for name, level in levels.items() if name in kept}


def _tried(wanted: Sequence[tuple[str, int]], setting: Setting, jobs: int) -> Iterator[Trial]:
    if jobs == 1:
        yield from (_try(*each, setting) for each in wanted)
        return
    # spawn: workers that share nothing, on every platform alike
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_made_ready) as pool:
        for done in as_completed([pool.submit(_try, *each, setting) for each in wanted]):
            yield done.result()


def _made_ready() -> None:
    """Load what every trial needs. Garbage is looked for between trials alone, and only in what the last one left: during one it
    costs a tenth of the time.
    """
    _contract()
    catalogue()
    gc.disable()
    gc.freeze()


def _try(name: str, seed: int, setting: Setting) -> Trial:
    trial = try_fault(catalogue()[name], seed, setting)
    if not gc.isenabled():
        gc.collect()
        gc.freeze()
    return trial


@cache
def _contract() -> Contract:
    """The contract, read once in each process."""
    return load()


@cache
def _known() -> Memory:
    """What trials know of each other, for each process: all of them have the same keys, and many of their answers."""
    return Memory()


@lru_cache(maxsize=1)
def _draw(seed: int) -> Draw:
    """One source of values for a seed in each process: what was drawn for one fault serves the next."""
    return Draw(seed, Options().max_examples)
