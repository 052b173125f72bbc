"""From the facts of a run to its report: a pure function of ledger, contract and profile."""

from __future__ import annotations

import datetime as dt
import shlex
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from goatcheck.checks import variant_of
from goatcheck.checks.registry import CHECKS, fits
from goatcheck.conduct.blame import Demanded, blame, demanded
from goatcheck.conduct.curl import as_curl
from goatcheck.conduct.ledger import Breach, Ledger
from goatcheck.conduct.verdict import SHOWN, Outcome, outcome_of, verdict_of
from goatcheck.contract import Contract, Requirement
from goatcheck.exchange import Exchange, Headers
from goatcheck.profile.needs import lacking, merged
from goatcheck.profile.parts import Profile
from goatcheck.report.changes import in_short
from goatcheck.report.comparing import Baseline, Row, no_longer_judged
from goatcheck.report.figures import bursts_of, coverage_of
from goatcheck.report.model import Finding, Message, Report, Result, Run, StatusRow, TargetInfo

BODY_SHOWN = 20_000
"""Characters of a body that a report shows; the journal has the rest."""

_ERROR = 400


@dataclass(frozen=True)
class Facts:
    """All that a report is made of. `selected` are ids; `selection` is what the user asked for, empty for everything.

    `ended` says how the run ended: "" as planned, "interrupted", or the reason why the target is unusable. `command` is the
    command that replays an exchange, without its journal, and `journal` the file's name. `baseline` is an earlier report that
    the run is held against.
    """

    contract: Contract
    profile: Profile
    ledger: Ledger
    selected: tuple[str, ...]
    selection: tuple[str, ...]
    run: Run
    strict: bool = False
    interrupted: bool = False
    unusable: str = ""
    label: str = ""
    command: str = "goatcheck run"
    journal: str = "exchanges.jsonl"
    unforced: Mapping[str, str] | None = None
    leftovers: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    baseline: Baseline | None = None


def build_report(facts: Facts, today: dt.date) -> Report:
    """The report; `today` (UTC) decides which waivers have expired."""
    requirements = [facts.contract.by_id[name] for name in facts.contract.by_id if name in set(facts.selected)]
    came = demanded(facts.ledger.exchanges, facts.contract)
    lacks = {r.id: lacking(r.needs, facts.profile) for r in requirements}
    outcomes = {
        r.id: outcome_of(
            r,
            facts.ledger.record(r.id),
            facts.profile,
            missing={need: lack.reason for need, lack in lacks[r.id].items()},
            today=today,
            strict=facts.strict,
            came=came,
            known=_known(facts.baseline, r.id),
        )
        for r in requirements
    }
    results = tuple(_result(facts, r, outcomes[r.id], came) for r in requirements)
    rows = [Row(r.id, r.level, r.outcome, frozenset(r.broken_on)) for r in results]
    comparison = facts.baseline.against(rows, selected=bool(facts.selection)) if facts.baseline else None
    changes = comparison.changes if comparison else ()
    verdict = verdict_of(
        facts.contract.by_id,
        outcomes,
        facts.profile,
        today=today,
        interrupted=facts.interrupted,
        unusable=facts.unusable,
        vanished=[change.requirement for change in changes if change.kind == "vanished"],
        unjudged=[
            c.requirement for c in no_longer_judged(changes, {*facts.profile.accept_untried, *facts.profile.cannot})
        ],
    )
    untried = [r.id for r in requirements if outcomes[r.id].name in {"not_exercised", "not_testable"}]
    wanted = [name for name in untried if name not in facts.profile.cannot]
    advice = merged(lack.add for name in wanted for lack in lacks[name].values())
    return Report(
        contract=facts.contract.version,
        target=TargetInfo(facts.profile.name, facts.profile.kind, facts.profile.base_url, facts.label),
        run=facts.run,
        verdict=verdict.name,
        exit_code=verdict.exit_code,
        statuses=_statuses(facts, requirements, outcomes),
        requirements=results,
        notes=(*verdict.notes, *([in_short(comparison)] if comparison else []), *facts.remarks, *facts.leftovers),
        advice=tuple(advice.split("\n\n")) if advice else (),
        coverage=coverage_of(facts.contract, facts.ledger.exchanges),
        bursts=bursts_of(facts.ledger.exchanges),
        baseline=comparison,
    )


def _known(baseline: Baseline | None, requirement: str) -> dict[str, str]:
    """The operations on which a requirement was broken in the baseline, each with the reason why it is no failure now."""
    if baseline is None:
        return {}
    return dict.fromkeys(baseline.broken_on(requirement), f"It is broken as in the baseline of {baseline.started}.")


def _result(facts: Facts, requirement: Requirement, outcome: Outcome, came: Demanded) -> Result:
    record = facts.ledger.record(requirement.id)
    told = _each_first([(blame(breach, requirement, facts.profile, came), breach) for breach in outcome.breaches])
    return Result(
        id=requirement.id,
        level=requirement.level,
        status=requirement.group,
        outcome=outcome.name,
        judged=record.judged,
        reason=_reason(facts, requirement, outcome),
        cause=outcome.cause,
        seconds=round(record.seconds, 3),
        meaning=requirement.meaning,
        findings=tuple(replace(_finding(facts, breach), answer=answer) for answer, breach in told[:SHOWN]),
        more=max(0, len(outcome.breaches) - SHOWN),
        source=requirement.source,
        broken_on=tuple(sorted({b.exchange.intent.operation for b in record.breaches})) if outcome.breaches else (),
    )


def _each_first(told: Sequence[tuple[str, Breach]]) -> list[tuple[str, Breach]]:
    """The same in another order: the first of each kind of answer, then the rest, so that none is crowded out."""
    seen: Counter[str] = Counter()
    ranked = []
    for answer, breach in told:
        ranked.append((seen[answer] > 0, answer, breach))
        seen[answer] += 1
    return [(answer, breach) for _, answer, breach in sorted(ranked, key=lambda entry: entry[0])]


def _reason(facts: Facts, requirement: Requirement, outcome: Outcome) -> str:
    """The outcome's reason; for one that was only to be seen, what stood in the way of seeing it."""
    if outcome.name != "not_exercised" or requirement.how != "seen" or facts.ledger.record(requirement.id).untried:
        return outcome.reason
    check = CHECKS.get(requirement.id)
    wanted = requirement.variant or (check.on if check else "")
    unforced = [why for name, why in (facts.unforced or {}).items() if fits(name, wanted)]
    if unforced:
        return unforced[0]
    if facts.profile.kind == "mock" and facts.profile.force and check and check.relates:
        return "An answer on demand can't show it: it would have to fit its request."
    return f"No answer showed it. It is seen where one of these is exercised: {', '.join(requirement.provided_by[:3])}."


def _finding(facts: Facts, breach: Breach) -> Finding:
    where = shlex.quote(f"{facts.journal}#{breach.exchange.number}")
    return finding_of(breach, base_url=facts.profile.base_url, reproduce=f"{facts.command} --replay {where}")


def finding_of(breach: Breach, *, base_url: str, reproduce: str, place: str = "") -> Finding:
    """A breach as a report tells it; `reproduce` is the command that does it again, `place` where it was read ("" for neither).

    Without a base URL nobody knows where to send it again.
    """
    exchange, problem = breach.exchange, breach.problem
    request, response, intent = exchange.request, exchange.response, exchange.intent
    return Finding(
        message=problem.message,
        where=problem.where,
        expected=problem.expected,
        got=problem.got,
        operation=intent.operation,
        cause=intent.cause,
        purpose=intent.purpose,
        number=exchange.number,
        request=_message(f"{request.method} {request.target}", request.headers, request.body or b""),
        response=_message(f"HTTP {response.status}", response.headers, response.body),
        curl=as_curl(request, base_url) if base_url else "",
        reproduce=reproduce,
        place=place,
    )


def _message(line: str, headers: Headers, body: bytes) -> Message:
    text = body.decode("utf-8", "replace")
    return Message(line, headers, text[:BODY_SHOWN], max(0, len(text) - BODY_SHOWN))


def _statuses(
    facts: Facts, requirements: Sequence[Requirement], outcomes: Mapping[str, Outcome]
) -> dict[str, StatusRow]:
    """A row for each documented status, one for every error (the envelope), one for successes."""
    shown = [(exchange, variant_of(exchange, facts.contract)) for exchange in facts.ledger.exchanges]
    rows = {}
    for group in (*map(str, facts.contract.statuses), "envelope", "success"):
        of_group = [(exchange, variant) for exchange, variant in shown if _belongs(exchange, group)]
        exchanges = [exchange for exchange, _ in of_group]
        named = Counter(variant.id for _, variant in of_group if variant is not None)
        rows[group] = StatusRow(
            provoked=bool(exchanges),
            exchanges=len(exchanges),
            operations=len(_operations(facts.contract, exchanges)),
            variants=dict(sorted(named.items())),
            outcomes=dict(sorted(Counter(outcomes[r.id].name for r in requirements if r.group == group).items())),
        )
    return rows


def _belongs(exchange: Exchange, group: str) -> bool:
    status = exchange.response.status
    if group == "envelope":
        return status >= _ERROR
    # where no answer came the status is 0
    return 0 < status < _ERROR if group == "success" else str(status) == group


def _operations(contract: Contract, exchanges: Iterable[Exchange]) -> set[str]:
    known = {operation.id for operation in (*contract.operations, *contract.removed)}
    return {exchange.intent.operation for exchange in exchanges} & known
