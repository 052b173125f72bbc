"""Observed checks inside other tools: one exchange in, what it breaks out. `goatcheck.httpx`, `goatcheck.schemathesis` and
`goatcheck.fixtures` are made of it; it knows no client itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property

from goatcheck.checks import JUDGED_METHODS, is_inconclusive, observe
from goatcheck.contract import Contract, load
from goatcheck.contract.loading import CURRENT
from goatcheck.errors import UsageError
from goatcheck.exchange import Exchange, Headers, Intent, Problem, Request, Response
from goatcheck.recorded import Api, Entry, redacted
from goatcheck.recorded.api import BASE_PATH
from goatcheck.recorded.messages import split_url
from goatcheck.report.text import one_line


@dataclass(frozen=True)
class Breach:
    """A requirement that an answer breaks: its id and level, what is wrong, and the exchange, without its secrets."""

    requirement: str
    level: str
    problem: Problem
    exchange: Exchange

    def __str__(self) -> str:
        request, response, problem = self.exchange.request, self.exchange.response, self.problem
        where = f" at {problem.where}" if problem.where else ""
        told = (
            f"{self.requirement} ({self.level}): {problem.message}{where}; expected {problem.expected or 'nothing'}, "
            f"got {problem.got or 'nothing'} [{request.method} {request.target} answered {response.status}]"
        )
        return one_line(told, 1000)


class ContractBroken(AssertionError):  # noqa: N818 - it tells findings, not an error of the program
    """An answer breaks the contract; `breaches` says how."""

    def __init__(self, breaches: Iterable[Breach]) -> None:
        self.breaches = tuple(breaches)
        super().__init__("\n".join(map(str, self.breaches)))


@dataclass(frozen=True)
class Conformance:
    """What answers are held against.

    `base_path` is where the API is on its host, `hosts` are those that have it (none: any); what is elsewhere is not judged.
    `strict` counts broken SHOULDs too. `ignore` are ids of requirements, or what ids start with ("429" means all of 429), that
    are known to be broken. `contract` is the version. Raises UsageError for an id and for a version that do not exist.
    """

    base_path: str = BASE_PATH
    hosts: tuple[str, ...] = ()
    strict: bool = False
    ignore: tuple[str, ...] = ()
    contract: str = CURRENT

    def __post_init__(self) -> None:
        known = self.api.contract.by_id
        for wanted in self.ignore:
            if not any(_means(wanted, identity) for identity in known):
                raise UsageError(
                    f"ignore names {wanted!r}: there is no such requirement; 'goatcheck explain' lists them all"
                )

    @cached_property
    def api(self) -> Api:
        """The API that is looked for."""
        path = self.base_path.strip("/")
        return Api(_loaded(self.contract), f"/{path}" if path else "", frozenset(self.hosts))

    def breaches(
        self,
        *,
        method: str,
        url: str,
        request_headers: Headers = (),
        request_body: bytes | None = None,
        status: int,
        headers: Headers = (),
        body: bytes = b"",
        oddity: str = "",
    ) -> tuple[Breach, ...]:
        """What an answer breaks, nothing where it breaks nothing or is not the API's.

        `body` is decoded already. `oddity` says why the body can't be judged, "" where it can.
        """
        origin, path, query = split_url(url)
        request = Request(method.upper(), path, query, request_headers, request_body)
        exchange = Exchange(0, request, Response(status, headers, body, oddity=oddity), Intent(recorded=True))
        entry = Entry("", exchange, origin)
        if self.api.path(entry) is None or request.method not in JUDGED_METHODS or is_inconclusive(exchange.response):
            return ()
        return tuple(self._judged(self.api.exchange(redacted(entry))))

    def _judged(self, exchange: Exchange) -> Iterable[Breach]:
        known = self.api.contract.by_id
        for judgement in observe(exchange, self.api.contract):
            identity = judgement.requirement
            level = known[identity].level
            counts = self.strict or level == "MUST"
            if counts and not any(_means(wanted, identity) for wanted in self.ignore):
                yield from (Breach(identity, level, problem, exchange) for problem in judgement.problems)


def _means(wanted: str, identity: str) -> bool:
    return identity == wanted or identity.startswith(f"{wanted}.")


@cache
def _loaded(version: str) -> Contract:
    return load(version)
