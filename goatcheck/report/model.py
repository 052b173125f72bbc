"""The frozen report that every renderer reads. `as_data` is report.json, fixed by contracts/report.schema.json."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

OUTCOMES = ("pass", "fail", "warn", "waived", "error", "not_exercised", "not_applicable", "not_testable")
"""Every outcome that a requirement can have."""

EXIT_CODES = {"conformant": 0, "nonconformant": 1, "partial": 3, "stale": 4, "unusable": 5, "interrupted": 130}
"""Each verdict with the exit code of its run."""


@dataclass(frozen=True)
class Message:
    """A request or response as a report shows it: `line` is the request or status line, headers in order, the body as
    text (bounded; `cut` says how many characters were left out). Keys are marks already.
    """

    line: str
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    cut: int = 0


@dataclass(frozen=True)
class Finding:
    """A broken requirement with its smallest example. `number` is the exchange's in the journal (0 for none). `answer` says on a
    mock whose doing it is ("example", "own behaviour", "can't do"), "" elsewhere. `place` is where recorded traffic has it, "" in a run of its own.
    """

    message: str
    where: str
    expected: str
    got: str
    operation: str
    cause: str
    purpose: str
    number: int
    request: Message
    response: Message
    curl: str
    reproduce: str
    answer: str = ""
    place: str = ""


@dataclass(frozen=True)
class Result:
    """What a run says of one requirement; `findings` at most five, `more` counts the rest; `seconds` of trying it. `source`
    is the letter of the document that demands it ("" for none that is known), `broken_on` every operation it was seen broken on.
    """

    id: str
    level: str
    status: str
    outcome: str
    judged: int = 0
    reason: str = ""
    cause: str = ""
    seconds: float = 0.0
    meaning: str = ""
    findings: tuple[Finding, ...] = ()
    more: int = 0
    source: str = ""
    broken_on: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cell:
    """One status on one operation: whether the contract documents it there, how often it was tried for, how often seen."""

    documented: bool
    tried: int
    seen: int


@dataclass(frozen=True)
class Coverage:
    """What one operation was seen to answer: a cell for each status ("success" for all that is no error) that is documented,
    was tried for, or was seen.
    """

    operation: str
    statuses: Mapping[str, Cell]


@dataclass(frozen=True)
class BurstAnswer:
    """One answer to a burst. `sent` and `received` are seconds since the burst began; `retry_after` is the header as it came."""

    number: int
    sent: float
    received: float
    status: int
    retry_after: str = ""


@dataclass(frozen=True)
class Burst:
    """What one key got for many requests at once: its answers in the order in which they came. `began` is seconds since the
    run did.
    """

    key: str
    operation: str
    began: float
    answers: tuple[BurstAnswer, ...]


@dataclass(frozen=True)
class StatusRow:
    """One status code (or "envelope", "success") in figures. `provoked` is true where an exchange showed it."""

    provoked: bool
    exchanges: int
    operations: int
    variants: Mapping[str, int]
    outcomes: Mapping[str, int]


@dataclass(frozen=True)
class Run:
    """How the run went: `selection` empty means everything; `complete` is false for an interrupted one; times in seconds,
    `started` ISO 8601 UTC.
    """

    seed: int
    started: str
    seconds: float
    requests: int
    requests_per_key: Mapping[str, int]
    selection: tuple[str, ...] = ()
    complete: bool = True


@dataclass(frozen=True)
class TargetInfo:
    """What was tested."""

    name: str
    kind: str
    base_url: str
    label: str = ""


@dataclass(frozen=True)
class Change:
    """What became of one requirement between two reports: `kind` is one of `report.comparing.KINDS`, `before` and `now` are the
    outcomes ("" for none), `operations` those that it is about.
    """

    kind: str
    requirement: str
    level: str
    before: str
    now: str
    operations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """What changed against an earlier report: of which target it was, when its run started, its verdict, the changes."""

    target: str
    started: str
    verdict: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Report:
    """A whole run. `notes` are sentences for people: stale waivers, what ended the run, what is left on the target. `advice`
    is what to add to the profile so that more can be tried: tables of TOML, each a text of several lines.
    """

    contract: str
    target: TargetInfo
    run: Run
    verdict: str
    exit_code: int
    statuses: Mapping[str, StatusRow]
    requirements: tuple[Result, ...]
    notes: tuple[str, ...] = ()
    advice: tuple[str, ...] = field(default=())
    coverage: tuple[Coverage, ...] = ()
    bursts: tuple[Burst, ...] = ()
    baseline: Comparison | None = None

    def as_data(self) -> dict[str, Any]:
        """The report as the JSON object of report.json."""
        return {"schema": "goatcheck-report/1", **asdict(self)}
