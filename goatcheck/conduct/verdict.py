"""What the facts of a run come to: the outcome of each requirement, the verdict of the whole. Pure functions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from goatcheck.conduct.blame import CANNOT, Demanded, blame
from goatcheck.conduct.ledger import Breach, Record
from goatcheck.contract import Requirement
from goatcheck.profile.parts import Profile, Waiver
from goatcheck.report.model import EXIT_CODES

SHOWN = 5
"""How many findings of one requirement a report shows; the rest is counted."""


@dataclass(frozen=True)
class Outcome:
    """What one requirement came to; `breaches` are distinct by operation and cause, each the smallest seen."""

    name: str
    reason: str = ""
    cause: str = ""
    breaches: tuple[Breach, ...] = ()


def outcome_of(
    requirement: Requirement,
    record: Record,
    profile: Profile,
    *,
    missing: Mapping[str, str],
    today: dt.date,
    strict: bool,
    came: Demanded = (),
    known: Mapping[str, str] = MappingProxyType({}),
) -> Outcome:
    """The outcome of one requirement.

    `missing` maps each need that the profile does not meet to the reason why; `came` is what a mock answered on demand; `known`
    maps each operation on which it was broken in an earlier report that this run is held against to a reason that says so. The most severe result stays: fail, waived, warn,
    error, then pass; what was tried only in part is not exercised, so that no green is unearned.
    """
    if requirement.id in profile.not_applicable:
        return Outcome("not_applicable", profile.not_applicable[requirement.id])
    waivers = [w for w in profile.waivers if w.requirement == requirement.id and not _expired(w, today)]
    excuses = [
        _excuse(breach, waivers, requirement, profile, came) or known.get(breach.exchange.intent.operation, "")
        for breach in record.breaches
    ]
    broken = _broken(record.breaches, excuses, fatal=strict or requirement.level == "MUST")
    if broken:
        return broken
    if record.error:
        cause, reason = record.error
        return Outcome("error", reason, cause)
    if record.judged and not record.untried:
        return Outcome("pass")
    if requirement.not_testable and {"clock", "force"} & missing.keys():
        return Outcome("not_testable", requirement.not_testable)
    beyond = profile.cannot.get(requirement.id, "") if missing else ""
    lack = beyond or record.untried or " ".join(missing.values())
    return Outcome("not_exercised", lack or "nothing in this run showed it")


def _broken(breaches: Sequence[Breach], excuses: Sequence[str], *, fatal: bool) -> Outcome | None:
    """What breaches come to, None for none of them. `excuses` has the reason why each is known and listed, "" where it is not;
    `fatal` where one that is not fails.
    """
    standing = [breach for breach, excuse in zip(breaches, excuses, strict=True) if not excuse]
    if standing and fatal:
        return Outcome("fail", breaches=distinct(standing))
    if any(excuses):
        return Outcome("waived", next(filter(None, excuses)), breaches=distinct(breaches))
    return Outcome("warn", breaches=distinct(standing)) if standing else None


def distinct(breaches: Sequence[Breach]) -> tuple[Breach, ...]:
    """One breach for each operation and cause: the one with the smallest request. In an order that does not hang on who came
    first, since keys send side by side: smallest first.
    """
    smallest: dict[tuple[str, str], Breach] = {}
    for breach in sorted(breaches, key=_rank):
        smallest.setdefault((breach.exchange.intent.operation, breach.exchange.intent.cause), breach)
    return tuple(smallest.values())


@dataclass(frozen=True)
class Verdict:
    """The verdict of a run, its exit code, and sentences that say why."""

    name: str
    notes: tuple[str, ...] = field(default=())

    @property
    def exit_code(self) -> int:
        """The exit code that goes with it."""
        return EXIT_CODES[self.name]


def verdict_of(
    known: Mapping[str, Requirement],
    outcomes: Mapping[str, Outcome],
    profile: Profile,
    *,
    today: dt.date,
    interrupted: bool,
    unusable: str,
    vanished: Collection[str] = (),
    unjudged: Collection[str] = (),
) -> Verdict:
    """The verdict of a run: the first that holds, from the gravest.

    `known` is every requirement of the contract, `outcomes` holds those that were selected. `vanished` are requirements that an
    earlier report has and this run has not, `unjudged` those that were judged then and are not now.
    """
    stale = stale_waivers(known, outcomes, profile.waivers, today)
    if interrupted:
        return Verdict("interrupted", ("The run was interrupted; this is what was done until then.", *stale))
    if unusable:
        return Verdict("unusable", (unusable, *stale))
    if vanished or any(outcome.name == "fail" for outcome in outcomes.values()):
        return Verdict("nonconformant", stale)
    if stale:
        return Verdict("stale", stale)
    accepted = {*profile.accept_untried, *profile.cannot}
    open_musts = [
        name
        for name, outcome in outcomes.items()
        if known[name].level == "MUST"
        and (outcome.name == "error" or (outcome.name == "not_exercised" and name not in accepted))
    ]
    if open_musts or unjudged:
        return Verdict("partial", ())
    return Verdict("conformant", ())


def stale_waivers(
    known: Mapping[str, Requirement], outcomes: Mapping[str, Outcome], waivers: Iterable[Waiver], today: dt.date
) -> tuple[str, ...]:
    """A sentence for each waiver that has outlived its reason."""
    found = []
    for waiver in waivers:
        place = f"The waiver of {waiver.requirement}" + (f" on {waiver.operation}" if waiver.operation else "")
        if waiver.requirement not in known:
            found.append(f"{place} names no requirement of this contract: remove it or mend its id.")
        elif _expired(waiver, today):
            found.append(f"{place} expired on {waiver.until}: mend the target, or renew the waiver with its reason.")
        elif waiver.requirement in outcomes and outcomes[waiver.requirement].name == "pass":
            found.append(f"{place} is stale: the requirement passes now. Remove the waiver.")
    return tuple(found)


def _expired(waiver: Waiver, today: dt.date) -> bool:
    """Whether a waiver's last day is over."""
    return waiver.until is not None and waiver.until < today


def _excuse(
    breach: Breach, waivers: Iterable[Waiver], requirement: Requirement, profile: Profile, came: Demanded
) -> str:
    """Why a breach is known and listed: by a waiver that covers its operation, or as beyond what such a mock can do; else ""."""
    operation = breach.exchange.intent.operation
    waived = next((waiver.reason for waiver in waivers if waiver.operation in {"", operation}), "")
    beyond = profile.cannot.get(requirement.id, "")
    return waived or (beyond if blame(breach, requirement, profile, came) == CANNOT else "")


def _rank(breach: Breach) -> tuple[int, str, str, str, str, int]:
    """Smaller requests first; among equals what differs least between two runs decides."""
    request, intent = breach.exchange.request, breach.exchange.intent
    size = len(request.target) + len(request.body or b"")
    return size, intent.operation, intent.cause, intent.key, intent.requirement, breach.exchange.number
