"""The course of a burst as a picture: where each answer is drawn. Numbers and words only; the template makes SVG of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from goatcheck.report.model import Burst, BurstAnswer
from goatcheck.report.text import one_line

WIDTH = 1000.0
"""The width of the picture's time axis, in its own units."""
ROW = 5.0
"""The height that each answer takes."""
_LIMITED = 429
_SERVED = range(200, 300)
_MOST = 200
"""Answers that are drawn; no burst of the suites has as many."""
_NARROWEST = 3.0
_STEPS = 5


@dataclass(frozen=True)
class Bar:
    """One answer: `kind` is served, limited or other; it spans from the sending of the request to its answer."""

    x: float
    y: float
    width: float
    kind: str
    title: str


@dataclass(frozen=True)
class Tick:
    """A mark on the time axis."""

    x: float
    label: str


@dataclass(frozen=True)
class Timeline:
    """The picture of one burst. `limit_y` is where the first limited answer is drawn, None for none."""

    title: str
    summary: str
    height: float
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    limit_y: float | None = None
    limit_label: str = ""


def timeline_of(burst: Burst) -> Timeline:
    """The picture of a burst: a row for each answer in the order in which they came, time from left to right."""
    answers = burst.answers
    end = max((answer.received for answer in answers), default=0.0) or 0.001
    first = next((index for index, answer in enumerate(answers) if answer.status == _LIMITED), None)
    drawn = answers[:_MOST]
    in_sight = first is not None and first < len(drawn)
    return Timeline(
        title=f"Burst of the key {one_line(burst.key, 60)} on {one_line(burst.operation, 80)}",
        summary=_summary(answers, first),
        height=ROW * len(drawn),
        bars=tuple(_bar(index, answer, end) for index, answer in enumerate(drawn)),
        ticks=tuple(Tick(WIDTH * step / _STEPS, f"{_time(end * step / _STEPS)}") for step in range(_STEPS + 1)),
        limit_y=ROW * (first or 0) if in_sight else None,
        limit_label=f"first 429: answer {(first or 0) + 1}" if in_sight else "",
    )


def _bar(index: int, answer: BurstAnswer, end: float) -> Bar:
    x = WIDTH * answer.sent / end
    told = f", Retry-After {one_line(answer.retry_after, 40)}" if answer.retry_after else ""
    return Bar(
        x=round(min(x, WIDTH - _NARROWEST), 1),
        y=ROW * index,
        width=round(max(_NARROWEST, WIDTH * answer.received / end - x), 1),
        kind=_kind(answer.status),
        title=f"answer {index + 1}: {answer.status or 'none'}{told}, sent after {_time(answer.sent)}, there after {_time(answer.received)}",
    )


def _kind(status: int) -> str:
    if status == _LIMITED:
        return "limited"
    return "served" if status in _SERVED else "other"


def _summary(answers: Sequence[BurstAnswer], first: int | None) -> str:
    """The picture in words."""
    kinds = [_kind(answer.status) for answer in answers]
    counts = [f"{kinds.count(kind)} {kind}" for kind in ("served", "limited", "other") if kind in kinds]
    last = answers[-1].received if answers else 0.0
    text = f"{len(answers)} requests, answered within {_time(last)}: {', '.join(counts)}."
    if first is None:
        return f"{text} None was limited."
    waits = sorted({one_line(a.retry_after, 40) for a in answers if a.status == _LIMITED and a.retry_after})
    told = f"Retry-After was {' or '.join(waits[:3])}." if waits else "Retry-After was missing."
    return f"{text} The limit began with answer {first + 1}, after {_time(answers[first].received)}. {told}"


def _time(seconds: float) -> str:
    """A time as people read it: milliseconds below a second."""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.2f} s"
