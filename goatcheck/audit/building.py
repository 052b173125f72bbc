"""From a tally to its report: the same report that a run has, told of recorded traffic."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from goatcheck.audit.tally import Tally
from goatcheck.conduct.ledger import Breach, Record
from goatcheck.conduct.verdict import Outcome, outcome_of, verdict_of
from goatcheck.contract import Contract, Requirement
from goatcheck.profile.parts import Profile
from goatcheck.recorded import Api
from goatcheck.report.build import finding_of
from goatcheck.report.model import EXIT_CODES, Cell, Coverage, Finding, Report, Result, Run, StatusRow, TargetInfo

KIND = "recorded"
"""The kind of target that recorded traffic is."""

SENT = "Recorded traffic can't show it: it takes requests that are sent for it, which goatcheck run does."
UNSEEN = "No answer in the recorded traffic shows it."

_ERROR = 400


@dataclass(frozen=True)
class Audited:
    """What was audited and how: the tally, the recordings' names, the API that was looked for, times as a run has them."""

    tally: Tally
    names: tuple[str, ...]
    api: Api
    started: str
    seconds: float
    strict: bool = False
    label: str = ""
    interrupted: bool = False

    @property
    def contract(self) -> Contract:
        """The contract that it was judged by."""
        return self.api.contract


def report_of(audited: Audited, today: dt.date) -> Report:
    """The report. What no answer happened to show is told as not exercised, and keeps an audit that judged an error from being
    conformant as little as what only a run can try; an audit that judged no error, or not all of a recording, is partial.
    """
    tally, contract = audited.tally, audited.contract
    outcomes = {r.id: _outcome(r, audited, today) for r in contract.requirements}
    unseen = {name: UNSEEN for name, outcome in outcomes.items() if outcome.name == "not_exercised"}
    profile = Profile("", name=", ".join(audited.names), kind=KIND, accept_untried=unseen if tally.errors else {})
    verdict = verdict_of(contract.by_id, outcomes, profile, today=today, interrupted=audited.interrupted, unusable="")
    name = "partial" if verdict.name == "conformant" and tally.damaged else verdict.name
    return Report(
        contract=contract.version,
        target=TargetInfo(profile.name, KIND, "", audited.label),
        run=Run(
            seed=0,
            started=audited.started,
            seconds=round(audited.seconds, 3),
            requests=tally.judged,
            requests_per_key=dict(tally.keys),
            complete=not audited.interrupted,
        ),
        verdict=name,
        exit_code=EXIT_CODES[name],
        statuses=_statuses(tally, contract, outcomes),
        requirements=tuple(_result(r, outcomes[r.id], tally) for r in contract.requirements),
        notes=(*verdict.notes, *_notes(audited, outcomes)),
        coverage=tuple(_coverage(tally, contract)),
    )


def _outcome(requirement: Requirement, audited: Audited, today: dt.date) -> Outcome:
    if requirement.how == "sent":
        return Outcome("not_testable", SENT)
    tally, name = audited.tally, requirement.id
    hindrance = tally.hindrances.get(name)
    times = tally.hindered[name]
    record = Record(
        judged=tally.kept[name],
        breaches=[Breach(sighting.exchange, sighting.problem) for sighting in tally.sightings.get(name, ())],
        error=("inconclusive", f"{_number(times, 'answer')} can't be judged: {hindrance[1]}") if hindrance else None,
        untried="" if tally.kept[name] else UNSEEN,
    )
    profile = Profile("", kind=KIND)
    return outcome_of(requirement, record, profile, missing={}, today=today, strict=audited.strict)


def _result(requirement: Requirement, outcome: Outcome, tally: Tally) -> Result:
    sightings = tally.sightings.get(requirement.id, ())
    return Result(
        id=requirement.id,
        level=requirement.level,
        status=requirement.group,
        outcome=outcome.name,
        judged=tally.kept[requirement.id],
        reason=outcome.reason,
        cause=outcome.cause,
        meaning=requirement.meaning,
        findings=tuple(_findings(tally, requirement.id)),
        more=tally.broken[requirement.id] - len(sightings),
        source=requirement.source,
        broken_on=tuple(sorted({sighting.exchange.intent.operation for sighting in sightings})),
    )


def _findings(tally: Tally, requirement: str) -> Iterator[Finding]:
    for sighting in tally.sightings.get(requirement, ()):
        breach = Breach(sighting.exchange, sighting.problem)
        yield finding_of(breach, base_url=sighting.base_url, reproduce="", place=sighting.place)


def _statuses(tally: Tally, contract: Contract, outcomes: Mapping[str, Outcome]) -> dict[str, StatusRow]:
    return {
        group: _row(tally, group, [outcomes[r.id].name for r in contract.requirements if r.group == group])
        for group in (*map(str, contract.statuses), "envelope", "success")
    }


def _row(tally: Tally, group: str, outcomes: Sequence[str]) -> StatusRow:
    answers = {answer: count for answer, count in tally.answers.items() if group in _groups(answer[1])}
    variants: Counter[str] = Counter()
    for (_, _, variant), count in answers.items():
        variants[variant] += count
    return StatusRow(
        provoked=bool(answers),
        exchanges=sum(answers.values()),
        operations=len({operation for operation, _, _ in answers if operation}),
        variants={name: count for name, count in sorted(variants.items()) if name},
        outcomes=dict(sorted(Counter(outcomes).items())),
    )


def _groups(status: int) -> tuple[str, ...]:
    return (str(status), "envelope") if status >= _ERROR else ("success",)


def _coverage(tally: Tally, contract: Contract) -> Iterator[Coverage]:
    """Each operation with the statuses that it documents, and how often it was seen with them or with others."""
    seen: Counter[tuple[str, str]] = Counter()
    for (operation, status, _), count in tally.answers.items():
        seen[operation, _groups(status)[0]] += count
    columns = (*map(str, contract.statuses), "success")
    for known in (*contract.operations, *contract.removed):
        documented = {_groups(int(status))[0] for status in known.statuses if status.isdigit()}
        cells = {column: Cell(column in documented, 0, seen[known.id, column]) for column in columns}
        yield Coverage(known.id, {name: cell for name, cell in cells.items() if cell.documented or cell.seen})


def _notes(audited: Audited, outcomes: Mapping[str, Outcome]) -> Iterator[str]:
    """What a reader must know beside the outcomes: what was not judged, and what the verdict rests on."""
    tally = audited.tally
    yield from (f"{place}: {reason}" for _, place, reason in tally.damages)
    for reason in sorted({reason for _, reason in tally.hindrances.values()}):
        yield f"Not every answer could be judged in full: {reason}."
    if tally.damaged > len(tally.damages):
        yield f"{tally.damaged - len(tally.damages)} more places could not be read."
    if not tally.errors:
        yield f"No error of the API could be judged among {_number(tally.read, 'entry', 'entries')}, so nothing is green."
    if sum(tally.elsewhere.values()):
        yield (
            f"{_number(sum(tally.elsewhere.values()), 'entry', 'entries')} not of the API (below {audited.api.base_path}"
            f"{_on(audited.api)}) and not judged{_list(tally.elsewhere)}. Where the API is elsewhere, say so with --base-path."
        )
    for reason, count in sorted(tally.silent.items()):
        yield f"{_number(count, 'entry', 'entries')} not judged: {reason}."
    if len(tally.origins) > 1:
        yield f"Judged as one API{_list(tally.origins)}. --host narrows it to one."
    if tally.errors:
        musts = [r for r in audited.contract.requirements if r.how == "seen" and r.level == "MUST"]
        met = sum(outcomes[r.id].name != "not_exercised" for r in musts)
        yield (
            f"Of the {len(musts)} MUSTs that recorded traffic can show, {met} were met in it. The verdict is about these: "
            "what clients happened to meet. goatcheck run tries them all."
        )


def _on(api: Api) -> str:
    return f" on {', '.join(sorted(api.hosts))}" if api.hosts else ""


def _list(counter: Counter[str]) -> str:
    most = [f"{count} of {name}" for name, count in counter.most_common(5) if name]
    return f": {', '.join(most)}" + (" and others" if len(counter) > len(most) else "") if most else ""


def _number(count: int, noun: str, nouns: str = "") -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {nouns or noun + 's'}"
