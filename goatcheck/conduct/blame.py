"""Whose doing a finding on a mock is: its examples', its own behaviour's, or that of its kind, which can't do better."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from goatcheck.checks import answers_as_forced
from goatcheck.checks.registry import CHECKS
from goatcheck.conduct.forcing import own_error
from goatcheck.conduct.ledger import Breach
from goatcheck.contract import Contract, Requirement
from goatcheck.exchange import Exchange
from goatcheck.profile.parts import Force, Profile

EXAMPLE = "example"
"""The answer that somebody wrote for the mock is wrong: it is what came on demand."""

OWN = "own behaviour"
"""The mock chose, or made, the wrong answer by itself."""

CANNOT = "can't do"
"""The same, and the profile says that no mock of this kind can do better."""

Demanded = Collection[tuple[int, bytes]]
"""Status and body of each answer that came on demand."""


def demanded(exchanges: Iterable[Exchange], contract: Contract) -> Demanded:
    """What came on demand among these exchanges, and was what had been asked for."""
    return {
        (e.response.status, e.response.body) for e in exchanges if e.intent.forced and answers_as_forced(e, contract)
    }


def blame(breach: Breach, requirement: Requirement, profile: Profile, came: Demanded) -> str:
    """Whose doing a breach is; "" where the target is no mock.

    An answer that was not demanded is an example too where it is one by status and body, as long as what is wrong is its form
    and not that it was chosen.
    """
    if profile.kind != "mock":
        return ""
    exchange = breach.exchange
    check = CHECKS.get(requirement.id)
    of_form = requirement.how == "seen" and not (check and check.relates)
    if exchange.intent.forced or (of_form and (exchange.response.status, exchange.response.body) in came):
        return EXAMPLE
    if requirement.id not in profile.cannot or (of_form and not _of_its_kind(exchange, profile.force)):
        return OWN
    return CANNOT


def _of_its_kind(exchange: Exchange, force: Force | None) -> bool:
    """Whether an answer is in a form that a whole kind of mock gives it. Where the profile names signs of that it must show one:
    what somebody wrote for the mock is not excused by what its kind can't do.
    """
    return force is None or not (force.media_types or force.markers) or bool(own_error(exchange.response, force))
