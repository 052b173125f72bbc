"""What a suite gets back for a request, and how it says what that should have been."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from goatcheck.contract import Contract, Variant
from goatcheck.exchange import MISSING, Exchange, Problem, Response, light

Record = Callable[[Exchange, tuple[Problem, ...]], None]
"""Writes a judgement of the requirement that is being tried into the ledger."""


@dataclass(frozen=True)
class Recorder:
    """Where answers write to: the judgement of what is being tried just now, what got in its way (cause, reason), and why
    a part of it could not be tried. `about` gives the recorder that writes under a requirement by name.
    """

    judge: Record
    error: Callable[[str, str], None]
    untried: Callable[[str], None]
    contract: Contract
    about: Callable[[str], Recorder]


@dataclass(frozen=True)
class Answer:
    """An exchange in the hands of a suite. Each `must…` judges the requirement that is being tried and returns whether it held.

    `variant` is the documented variant that the response is, None for none. `disturbed` is empty, or says what unrelated
    event this answer is (a 503, a rate limit that nothing asked for): it then judges nothing and makes the trial
    inconclusive. `problems` are those that observed checks found, by requirement. `lost` is true where no answer came.
    `beside` is empty, or says why this answer is not about what was tried, through no fault of the target: what was tried
    is then not exercised, or in part only.
    """

    exchange: Exchange
    variant: Variant | None
    recorder: Recorder
    disturbed: str = ""
    problems: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)
    lost: bool = False
    beside: str = ""

    @property
    def response(self) -> Response:
        """What came back."""
        return self.exchange.response

    @property
    def status(self) -> int:
        """The status of what came back."""
        return self.exchange.response.status

    @property
    def operation(self) -> str:
        """The id of the operation that was asked."""
        return self.exchange.intent.operation

    @property
    def succeeded(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300  # noqa: PLR2004 - the class of success statuses

    @property
    def data(self) -> Any:
        """The envelope's `data`, or MISSING."""
        return self.response.member("data")

    @property
    def kept(self) -> Answer:
        """The answer as it is kept for other checks to look back on: a very long body is cut."""
        exchange = light(self.exchange)
        return self if exchange is self.exchange else replace(self, exchange=exchange)

    def is_(self, *expected: str) -> bool:
        """Whether it is one of these: a variant's id ("402.limit") or a status ("401")."""
        return any(map(self._fits, expected))

    def must_be(self, *expected: str, **meta: Any) -> bool:
        """It must be one of these variants or statuses, with these members in `meta`."""
        if not self.is_(*expected):
            if self._says_full:
                self.recorder.untried("the plan of the org has no room for more, and says so before anything else")
                return False
            wanted = " or ".join(expected)
            message = f"{wanted} was expected, and the answer is {self.summary}"
            return self.must(ok=False, message=message, expected=wanted, got=self.summary)
        for name, value in meta.items():
            if not _same(self.response.meta.get(name, MISSING), value):
                return self.must(
                    ok=False,
                    message=f"meta.{name} is not {value!r}",
                    where=f"/meta/{name}",
                    expected=repr(value),
                    got=repr(self.response.meta.get(name, MISSING)),
                )
        return self.must(ok=True)

    def must_not_be(self, *refused: str, why: str) -> bool:
        """It must be none of these variants or statuses; `why` completes the sentence. A server that failed has shown nothing of
        what it would have said: unless that is the question, nothing is judged, and it did not hold.
        """
        if self.status >= 500 and not (self.disturbed or self.is_(*refused)):  # noqa: PLR2004 - where server errors begin
            return False
        return self.must(
            ok=not self.is_(*refused), message=why, expected=f"anything but {' or '.join(refused)}", got=self.summary
        )

    def must_succeed(self, *, why: str) -> bool:
        """The status must be 2xx; `why` completes the sentence."""
        return self.must(ok=self.succeeded, message=why, expected="a success (2xx)", got=self.summary)

    def must(self, *, ok: bool, message: str = "", where: str = "", expected: str = "", got: str = "") -> bool:
        """Judge the requirement that is being tried by this exchange: held, or broken as described."""
        if self.disturbed:
            self.recorder.error("target" if self.lost else "inconclusive", self.disturbed)
            return False
        if self.beside:
            self.recorder.untried(self.beside)
            return False
        self.recorder.judge(self.exchange, () if ok else (Problem(message, where, expected, got),))
        return ok

    @property
    def summary(self) -> str:
        """The answer in a few words: status and code."""
        code = self.response.code
        return f"{self.status}" + (f" {code}" if isinstance(code, str) else "")

    @property
    def _says_full(self) -> bool:
        """Whether it is a 402 whose figures leave no room; when that is told, before or after what else is wrong, is open."""
        if self.exchange.request.method != "POST":
            return False  # nothing else makes anything
        meta = self.response.meta
        if str(meta.get("limitKey")).endswith("_per_day"):
            return False  # such a limit is told with 429
        current, most = meta.get("current"), meta.get("max")
        return self.is_("402.limit") and isinstance(current, int) and isinstance(most, int) and current >= most > 0

    def _fits(self, expected: str) -> bool:
        if expected.isdigit():
            return self.status == int(expected)
        if expected in self.recorder.contract.variant_by_id:
            return self.variant is not None and self.variant.id == expected
        raise ValueError(f"{expected} is neither a status nor a variant of the contract")


def _same(got: Any, wanted: Any) -> bool:
    """Equal as JSON has it: true is no 1, sets compare without order."""
    if isinstance(wanted, (set, frozenset)):
        return isinstance(got, list) and len(got) == len(wanted) and all(item in got for item in wanted)
    return bool(got == wanted) and isinstance(got, bool) == isinstance(wanted, bool)
