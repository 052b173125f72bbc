"""A default live run on the wall clock: the mock with its real limits, each key at the profile's pace. It takes minutes.

Prints the requests, the time, and the bound that the busiest key sets: ``python benchmarks/live_pace.py``.
"""

import time
from collections import Counter
from dataclasses import replace

import click

from goatcheck.conduct.run import Run, selected
from goatcheck.conduct.suites import all_checks
from goatcheck.contract.loading import load
from goatcheck.mock import serve
from goatcheck.model import Clock, reference_world

LIVE = {"clock": "", "force": None, "requests_per_minute": 50, "max_requests": 600, "max_creates": 20}
MINUTE = 60


def main() -> None:
    """Run once and print the figures."""
    contract, world = load(), reference_world(clock=Clock(time.time(), ticking=True))
    with serve(world) as served:
        profile = replace(world.profile, base_url=served.base_url, **LIVE)
        run = Run(contract, profile, all_checks(), selected(contract, []))
        run.execute()
    bursts = {key.name for key in profile.with_role("burst")}
    paced = {name: count for name, count in run.budget.requests_per_key.items() if name not in bursts}
    bound = max(paced.values()) * MINUTE / profile.requests_per_minute
    limited = Counter(e.intent.key for e in run.ledger.exchanges if e.response.status == 429)  # noqa: PLR2004 - a status
    judged = sum(bool(run.ledger.record(r.id).judged) for r in contract.requirements if r.level == "MUST")
    click.echo(
        f"{run.budget.requests} requests in {run.seconds:.0f} s, {run.seconds / bound:.2f} times the bound of the"
    )
    click.echo(f"busiest key ({bound:.0f} s); {judged} MUSTs judged; 429 on {', '.join(sorted(limited))}.")
    for name in (r.id for r in contract.requirements):
        record = run.ledger.record(name)
        if record.breaches or record.error or record.untried:
            click.echo(f"{name}: {record.breaches[:1] or record.error or record.untried}")


if __name__ == "__main__":
    main()
