"""What a run means to send, before it sends any: the run is rehearsed on the model, with the profile's own keys and bounds.

The model answers as a conformant target would, so the figures are those of a run that finds nothing wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from httpx import URL
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
from goatcheck.session import PLENTY, Wanted

_MINUTE = 60


@dataclass(frozen=True)
class Plan:
    """The requests of a run: by the requirement that sends them, by key ("" for none), in all; `untried` maps what can't be
    tried to the reason, `add` is the TOML to add for it. `apart` is how many seconds must pass between two requests of a key, 0
    without pacing; `bursts` are the keys that need not keep to it. `enough` is false where the profile's bound on requests ends
    the run.
    """

    by_requirement: dict[str, int]
    by_key: dict[str, int]
    requests: int
    untried: dict[str, str]
    add: str
    apart: float
    bursts: frozenset[str]
    enough: bool

    @property
    def seconds(self) -> float:
        """The least time that pacing allows."""
        return self.seconds_left({})

    def seconds_left(self, sent: Mapping[str, int]) -> float:
        """The same for a run that has sent so many requests with each key: what its busiest key still takes."""
        left = (count - sent.get(key, 0) for key, count in self.by_key.items() if key not in self.bursts)
        return self.apart * max(0, *left, 0)


def plan_of(wanted: Wanted) -> Plan:
    """Rehearse a run and count. Nothing leaves this process."""
    from goatcheck.mock import WorldTransport  # noqa: PLC0415 - the model is needed only for a rehearsal
    from goatcheck.mock.door import PREFIX  # noqa: PLC0415
    from goatcheck.mock.transport import CLOCK_URL  # noqa: PLC0415
    from goatcheck.model import as_edition, reference_world, rehearsal_world  # noqa: PLC0415
    from goatcheck.model.forced import OBEYED  # noqa: PLC0415

    world = as_edition(
        reference_world() if wanted.profile is None else rehearsal_world(wanted.profile), wanted.contract
    )
    profile = wanted.profile or replace(world.profile, base_url="http://localhost/api/v1", clock=CLOCK_URL)
    # the model serves below the path of its own, whatever that of the target is
    profile = replace(profile, base_url=str(URL(profile.base_url).copy_with(path=PREFIX)))
    if profile.force:
        profile = replace(profile, force=replace(profile.force, **OBEYED))
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
    untried, additions = _untried(run, wanted.contract, profile)
    pace = profile.requests_per_minute
    return Plan(
        dict(sent.most_common()),
        run.budget.requests_per_key,
        run.budget.requests,
        untried,
        merged(additions),
        _MINUTE / pace if pace and not profile.clock else 0.0,
        frozenset(key.name for key in profile.with_role("burst")),
        not run.budget.exhausted,
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
    console.print(Text(f"\n{plan.requests} requests (the keys run side by side, each at its own pace):"))
    lanes = Table(box=None, header_style="dim", pad_edge=False)
    for column in ("key", "role", "requests"):
        lanes.add_column(column, justify="right" if column == "requests" else "left")
    roles = {key.name: key.role for key in wanted.profile.keys} if wanted.profile else {}
    for name, count in sorted(plan.by_key.items(), key=lambda lane: -lane[1]):
        lanes.add_row(Text(name or "(none)"), Text(roles.get(name, "")), str(count))
    console.print(lanes)
    if not plan.enough and wanted.profile:
        whole = plan_of(replace(wanted, profile=replace(wanted.profile, max_requests=PLENTY))).requests
        console.print(Text(f"The bound of {plan.requests} ends the run: a whole one wants about {whole} requests."))
    if plan.seconds:
        console.print(Text(f"\nAt the profile's pace that takes at least {plan.seconds / _MINUTE:.1f} minutes."))
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
        elif name in profile.cannot and (lacks or not record.judged):
            untried[name] = profile.cannot[name]
        elif record.untried or not record.judged:
            untried[name] = (
                record.untried or " ".join(lack.reason for lack in lacks) or "nothing in the run would show it"
            )
            additions += [lack.add for lack in lacks]
    return untried, additions
