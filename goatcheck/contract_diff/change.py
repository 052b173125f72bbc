"""One change between two contracts, and the rules that tell a breaking one from an additive one.

Whom a change may break is a client that reads errors: it branches on statuses and codes, reads members of `meta` and headers,
and sends the requests that are documented. A promise that is made anew breaks no such client, one that is taken back does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """Why a kind of change is breaking, or additive."""

    breaking: bool
    why: str

    @property
    def effect(self) -> str:
        """`breaking` or `additive`."""
        return "breaking" if self.breaking else "additive"


@dataclass(frozen=True)
class Change:
    """One change. `rule` names the rule that judges it, `where` the place (a variant, an operation, a requirement, a status),
    `message` says what changed; `old` and `new` are what was and what is there, "" for nothing.
    """

    rule: str
    where: str
    message: str
    old: str = ""
    new: str = ""

    @property
    def breaking(self) -> bool:
        """Whether it breaks clients that read errors."""
        return RULES[self.rule].breaking

    @property
    def why(self) -> str:
        """The rule's reason."""
        return RULES[self.rule].why


@dataclass(frozen=True)
class Difference:
    """All changes from the contract version `old` to `new`, the breaking ones first, in the order of the rules."""

    old: str
    new: str
    changes: tuple[Change, ...]

    @property
    def breaking(self) -> tuple[Change, ...]:
        """The changes that break clients."""
        return tuple(change for change in self.changes if change.breaking)

    @property
    def additive(self) -> tuple[Change, ...]:
        """The changes that break none."""
        return tuple(change for change in self.changes if not change.breaking)


def _breaking(why: str) -> Rule:
    return Rule(breaking=True, why=why)


def _additive(why: str) -> Rule:
    return Rule(breaking=False, why=why)


RULES: Mapping[str, Rule] = {
    # what an error says
    "code-replaced": _breaking("A client that branches on the old code does not know the new one."),
    "code-withdrawn": _breaking("A client that branches on the code can't count on it any more."),
    "code-documented": _additive("Nothing was said of a code, so no client could branch on one; now it can."),
    "member-gone": _breaking("A client that reads the member finds nothing there, or nothing that is promised."),
    "member-optional": _breaking("A client that reads the member must now do without it."),
    "member-wider": _breaking("The member may hold values that a client was promised never to meet."),
    "member-new": _additive("Clients ignore members that they do not know."),
    "member-required": _additive("What was there at times is there always; a client needs no other way any more."),
    "member-narrower": _additive("The member holds fewer values than a client had to expect."),
    "meta-optional": _breaking("A client that reads into `meta` may find null there, or nothing."),
    "meta-required": _additive("`meta` is an object always; a client needs no other way any more."),
    "header-gone": _breaking("A client that waits or decides by the header must now do without it."),
    "header-required": _additive("Clients ignore headers that they do not know; now they may read it."),
    # which errors there are
    "status-removed": _breaking("What was told by this status is told in another way, which a client does not look for."),
    "status-added": _additive("A client treats a status that it does not know as the first of its class (RFC 9110, 15)."),
    "variant-removed": _breaking("What was told by this form is told in another way, which a client does not look for."),
    "status-shared": _breaking("The status meant one thing, so a client needed no code; now it has to tell two apart."),
    "variant-added": _additive("The status had several forms already, and a client falls back on the status for others."),
    "limit-key-removed": _breaking("A client that explains the limit never hears of it by this name."),
    "limit-key-added": _additive("A limit that a client does not know it can still show by its name."),
    # what may be asked
    "operation-removed": _breaking("The request of a client gets an error that nothing documents."),
    "operation-gone": _breaking("The request of a client gets a 410."),
    "operation-added": _additive("Nobody asked for it before."),
    "gone-route-untold": _breaking("A client can't tell any more what was removed from what never was."),
    "gone-route-told": _additive("That the route is gone is promised now; nobody was promised that it is there."),
    "operation-status-removed": _breaking("A client that waits for this error of the operation waits in vain."),
    "operation-status-added": _additive("A client knows the status from other operations."),
    "parameter-removed": _breaking("What a client sends is ignored, or refused with a 400."),
    "parameter-required": _breaking("A request without it, which was fine, is refused with a 400."),
    "parameter-narrower": _breaking("Values that were accepted are refused with a 400."),
    "parameter-new": _additive("A request without it is as good as before."),
    "parameter-optional": _additive("A request with it is as good as before."),
    "parameter-wider": _additive("What was accepted is accepted still."),
    "idempotency-lost": _breaking("A repetition under the same Idempotency-Key may do the same twice."),
    "idempotency-gained": _additive("A repetition is safe now; clients that never repeated notice nothing."),
    # the sentences
    "sentence-changed": _breaking("An id stands for one sentence for ever; waivers and baselines that name it mean the old one."),
    "level-weakened": _breaking("What a client could count on is only recommended now."),
    "sentence-withdrawn": _breaking("What a client could count on is not promised any more, or in another sentence only."),
    "recommendation-withdrawn": _additive("It was a SHOULD, on which no client could count."),
    "level-raised": _additive("What was recommended can be counted on now."),
    "sentence-added": _additive("More is promised than before."),
}  # fmt: skip
"""Every rule by its name, in the order in which changes are told."""
