"""A look at a target before minutes are spent on it: one request a key."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime

import httpx

from goatcheck.conduct.answer import Answer
from goatcheck.conduct.run import Run
from goatcheck.conduct.suites import all_checks
from goatcheck.errors import TargetGone, Unusable
from goatcheck.exchange import MISSING
from goatcheck.profile.needs import lacking, merged
from goatcheck.profile.parts import Key, Profile
from goatcheck.session import Wanted

_EXPECTED: Mapping[str, str] = {"expired": "401", "revoked": "401", "banned": "403.banned", "spent": "429.daily"}
"""What a GET gets with a key of that state; every other key is served where its scopes let it read."""

_USUAL_PATH = "/api/v1"
_SKEW = 5.0


@dataclass(frozen=True)
class Examined:
    """One key: what the profile makes of it, what it was answered with, and whether that fits ("" or what is wrong)."""

    key: Key
    answer: str
    wrong: str


@dataclass(frozen=True)
class Diagnosis:
    """What a doctor's visit found: the keys, remarks on the target, and what a run would leave untried and why."""

    base_url: str
    keys: tuple[Examined, ...]
    remarks: tuple[str, ...]
    untried: Mapping[str, str]
    add: str

    @property
    def healthy(self) -> bool:
        """Whether a run could try everything, with keys that are what the profile says."""
        return not self.remarks and not self.untried and not any(examined.wrong for examined in self.keys)


def examine(wanted: Wanted) -> Diagnosis:
    """Ask the target once without a key and once with each. Raises Unusable where it can't be reached, or is no such API."""
    if wanted.profile is None:
        raise AssertionError("the embedded mock needs no doctor")
    hasty = replace(wanted.profile, requests_per_minute=0, max_requests=0)
    run = Run(wanted.contract, hasty, all_checks(), wanted.selected)
    try:
        keyless, keys = run.look()
    except TargetGone as error:
        raise Unusable(str(error)) from None
    if keyless.lost:
        raise Unusable(keyless.disturbed)
    telling = [answer for key, answer in keys.items() if key.state == "active" and "read" in key.scopes] or [keyless]
    if all(answer.is_("404") or answer.response.document.value is MISSING for answer in telling):
        where = _elsewhere(wanted, hasty)
        raise Unusable(
            f"This is no trackagoat v1 API: {_shown(telling[0])}. Is {wanted.profile.base_url} right?{where}"
        )
    remarks = [] if keyless.is_("401") else [f"{_shown(keyless)}; a 401 was expected."]
    if not wanted.profile.clock:
        remarks += _skew(keyless)
    untried = {}
    additions = []
    for requirement in run.requirements:
        lacks = lacking(requirement.needs, wanted.profile).values()
        if lacks and requirement.id not in {**wanted.profile.not_applicable, **wanted.profile.cannot}:
            untried[requirement.id] = " ".join(lack.reason for lack in lacks)
            additions += [lack.add for lack in lacks]
    examined = tuple(_examined(key, answer) for key, answer in keys.items())
    return Diagnosis(wanted.profile.base_url, examined, tuple(remarks), untried, merged(additions))


def _elsewhere(wanted: Wanted, profile: Profile) -> str:
    """A hint where the API answers at its usual path of the same origin; asked once, without a key."""
    url = httpx.URL(profile.base_url)
    usual = str(url.copy_with(path=_USUAL_PATH))
    if url.path.rstrip("/") == _USUAL_PATH:
        return ""
    try:
        answer, _ = Run(wanted.contract, replace(profile, base_url=usual, keys=()), all_checks(), ()).look()
    except TargetGone:
        return ""
    return f" {usual} answers as the API does." if answer.is_("401") else ""


def _examined(key: Key, answer: Answer) -> Examined:
    if answer.lost:
        return Examined(key, "no answer", answer.disturbed)
    unread = "403.scope" if "403.scope" in answer.recorder.contract.variant_by_id else ""  # without scopes all may read
    expected = _EXPECTED.get(key.state) or ("" if "read" in key.scopes else unread)
    if expected:
        what = key.state if key.state in _EXPECTED else "not allowed to read"
        wrong = "" if answer.is_(expected) else f"a key that is {what} should get {expected}"
    else:
        wrong = "" if answer.succeeded else "an active key that reads should be served: is the token right?"
    return Examined(key, answer.summary, wrong)


def _shown(answer: Answer) -> str:
    kind = answer.response.media_type or "no media type"
    key = answer.exchange.intent.key
    return f"{f'With the key {key}' if key else 'Without a key'} {answer.operation} was answered with {answer.status} ({kind})"


def _skew(answer: Answer) -> list[str]:
    try:
        theirs = parsedate_to_datetime(answer.response.header("date") or "").timestamp()
    except (ValueError, OverflowError):
        return [
            "The target sends no Date header that says the time, so its midnight is guessed from this machine's clock."
        ]
    skew = theirs - time.time()
    far = f"The target's clock is {abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} this machine's."
    return [far] if abs(skew) > _SKEW else []
