"""What a run means to send, before it sends any: the run is rehearsed on the model, with the profile's own keys and bounds.

The model answers as a conformant target would, so the figures are those of a run that finds nothing wrong.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from rich.console import Console
from rich.table import Table
from rich.text import Text

from goatcheck.conduct.clock import RemoteClock
from goatcheck.conduct.run import Run
from goatcheck.conduct.suites import all_checks
from goatcheck.contract import Contract
from goatcheck.drawing import Draw
from goatcheck.profile.needs import lacking, merged
from goatcheck.profile.parts import Profile
from goatcheck.session import Wanted

_MINUTE = 60


@dataclass(frozen=True)
class Plan:
    """The requests of a run: by the requirement that sends them, by key ("" for none), in all; `untried` maps what can't be
    tried to the reason, `add` is the TOML to add for it. `seconds` is the least time that pacing allows.
    """

    by_requirement: dict[str, int]
    by_key: dict[str, int]
    requests: int
    untried: dict[str, str]
    add: str
    seconds: float


def plan_of(wanted: Wanted) -> Plan:
    """Rehearse a run and count. Nothing leaves this process."""
    from goatcheck.mock import WorldTransport  # noqa: PLC0415 - the model is needed only for a rehearsal
    from goatcheck.mock.transport import CLOCK_URL  # noqa: PLC0415
    from goatcheck.model import reference_world, rehearsal_world  # noqa: PLC0415

    world = reference_world() if wanted.profile is None else rehearsal_world(wanted.profile)
    profile = wanted.profile or replace(world.profile, base_url="http://localhost/api/v1", clock=CLOCK_URL)
    transport = WorldTransport(world)
    run = Run(
        wanted.contract,
        profile,
        all_checks(),
        wanted.selected,
        wanted.options,
        transport=transport,
        target_clock=RemoteClock(CLOCK_URL, transport),
        draw=Draw(wanted.options.seed, wanted.options.max_examples),
    )
    run.execute()
    if run.interrupted:
        raise KeyboardInterrupt
    if run.unusable:
        raise AssertionError(f"the rehearsal ended early: {run.unusable}")
    sent = Counter(e.intent.requirement or "preflight, clean-up" for e in run.ledger.exchanges)
    per_key = run.budget.requests_per_key
    untried, additions = _untried(run, wanted.contract, profile)
    pace = profile.requests_per_minute
    return Plan(
        dict(sent.most_common()),
        per_key,
        run.budget.requests,
        untried,
        merged(additions),
        max(per_key.values(), default=0) * _MINUTE / pace if pace and not profile.clock else 0.0,
    )


def print_plan(wanted: Wanted, console: Console) -> int:
    """Print the plan; the exit code is 0: nothing was judged."""
    plan = plan_of(wanted)
    target = wanted.profile.base_url if wanted.profile else "the embedded mock"
    console.print(Text(f"Plan for {target}: nothing is sent."))
    table = Table(box=None, header_style="dim", pad_edge=False)
    table.add_column("requirement")
    table.add_column("requests", justify="right")
    for name, count in plan.by_requirement.items():
        table.add_row(Text(name), str(count))
    console.print(table)
    keys = ", ".join(f"{name or 'without a key'} {count}" for name, count in plan.by_key.items())
    console.print(Text(f"\n{plan.requests} requests ({keys})."))
    if plan.seconds:
        console.print(Text(f"At the profile's pace that takes at least {plan.seconds / _MINUTE:.1f} minutes."))
    if plan.untried:
        console.print(Text("\nNot tried", style="bold"))
        for name, reason in plan.untried.items():
            console.print(Text(f"  {name}: {reason}"))
    if plan.add:
        console.print(Text("\nTo try more, add to the profile", style="bold"))
        console.print(Text(plan.add))
    return 0


def _untried(run: Run, contract: Contract, profile: Profile) -> tuple[dict[str, str], list[str]]:
    untried: dict[str, str] = {}
    additions: list[str] = []
    for name in run.selected:
        record = run.ledger.record(name)
        lacks = lacking(contract.by_id[name].needs, profile).values()
        if name in profile.not_applicable:
            untried[name] = profile.not_applicable[name]
        elif record.untried or not record.judged:
            untried[name] = (
                record.untried or " ".join(lack.reason for lack in lacks) or "nothing in the run would show it"
            )
            additions += [lack.add for lack in lacks]
    return untried, additions
