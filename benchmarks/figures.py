"""What was measured, as values, as tables, and held against limits. Pure functions."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import log
from typing import Any

from comparison import as_markdown

COUNT, RATIO, ABSOLUTE = "count", "ratio", "absolute"
_PLACES = 10
"""From this on a figure is told without a decimal place, and below it with as many as it needs."""

LINEAR = 1.1
"""The greatest exponent that counts as linear growth: a tenth is for what else the machine does."""

_FAR = 4
_LEAST_SECONDS, _LEAST_MEMORY = 0.001, 1.0
"""Less than that is chance, in seconds and MiB."""

_MILLISECONDS = 0.01
"""From so many seconds each on, a table tells them in milliseconds."""


@dataclass(frozen=True)
class Figure:
    """One thing that was measured: its name in limits.toml, what is held against what, the value with its unit, the goal (None
    for none; `at_least` where more is better), what it was made of, and whether it is a ratio, a count or an absolute value.
    """

    name: str
    what: str
    against: str
    value: float
    unit: str
    kind: str
    goal: float | None = None
    at_least: bool = False
    made_of: str = ""

    @property
    def met(self) -> bool:
        """Whether the goal is met; true where there is none."""
        if self.goal is None:
            return True
        return self.value >= self.goal if self.at_least else self.value <= self.goal


@dataclass(frozen=True)
class Growth:
    """How one thing grows: rows of (how many, seconds, MiB), the requests of each row where any are sent, and the seconds and MiB
    that the same takes with next to nothing to do (None: that was not measured).
    """

    what: str
    of: str
    rows: tuple[tuple[int, float, float], ...]
    requests: tuple[int, ...] = ()
    start: tuple[float, float] | None = None

    @property
    def span(self) -> tuple[int, int]:
        """The largest size, and before it the last that is at most a quarter of it (else the first): where growth is told of, since
        there what is the same in every size weighs least.
        """
        sizes = [count for count, _, _ in self.rows]
        return next((size for size in reversed(sizes) if size * _FAR <= sizes[-1]), sizes[0]), sizes[-1]

    @property
    def exponents(self) -> tuple[float, float]:
        """The powers of how many that seconds and MiB beyond the start grow with over the span: 1 is linear."""
        began, held = self.start or (0.0, 0.0)
        low, high = self.span
        times = {count: max(seconds - began, _LEAST_SECONDS) for count, seconds, _ in self.rows}
        memories = {count: max(memory - held, _LEAST_MEMORY) for count, _, memory in self.rows}
        return log(times[high] / times[low], high / low), log(memories[high] / memories[low], high / low)


@dataclass(frozen=True)
class Measured:
    """All of one go. `about` holds date, versions, machine and load."""

    figures: tuple[Figure, ...]
    growths: tuple[Growth, ...]
    about: Mapping[str, Any]


@dataclass(frozen=True)
class Limit:
    """What a figure may come to: the value when the limit was set, and the share by which it may get worse."""

    value: float
    tolerance: float
    at_least: bool = False

    @property
    def bound(self) -> float:
        """The worst value that passes."""
        return self.value / (1 + self.tolerance) if self.at_least else self.value * (1 + self.tolerance)


def as_data(measured: Measured) -> dict[str, Any]:
    """What was measured as JSON; `from_data` reads it back."""
    return asdict(measured)


def from_data(data: Mapping[str, Any]) -> Measured:
    """What `as_data` wrote."""
    return Measured(
        tuple(Figure(**each) for each in data["figures"]),
        tuple(_growth_from(each) for each in data["growths"]),
        data["about"],
    )


def limits_from(text: str) -> dict[str, Limit]:
    """The limits of a limits.toml, by the name of the figure."""
    return {name: Limit(**table) for name, table in tomllib.loads(text).items()}


def broken(figures: Iterable[Figure], limits: Mapping[str, Limit]) -> list[str]:
    """A sentence for each figure that is worse than its limit, and for each limit whose figure was not measured."""
    found = {figure.name: figure for figure in figures if figure.kind != ABSOLUTE}
    told = []
    for name, limit in limits.items():
        if name not in found:
            told.append(f"{name}: it was not measured; remove it from limits.toml, or measure it.")
            continue
        value = found[name].value
        if value < limit.bound if limit.at_least else value > limit.bound:
            told.append(
                f"{name}: {_number(value)}, and it was {_number(limit.value)} when its limit was set; "
                f"{_number(limit.bound)} would pass. {found[name].what}, against {found[name].against}."
            )
    return told


def goals(measured: Measured) -> list[list[str]]:
    """A row for each figure."""
    rows = [["what", "measured against", "goal", "measured", "made of"]]
    rows += [
        [
            each.what,
            each.against,
            _goal(each),
            f"{_number(each.value)} {each.unit}{'' if each.met else ' (missed)'}",
            each.made_of,
        ]
        for each in measured.figures
    ]
    return rows


def growth(table: Growth) -> list[list[str]]:
    """A row for each size: requests, time and memory, and the time and memory for one, beyond the start where that is known."""
    counts, seconds, memories = zip(*table.rows, strict=True)
    began, held = table.start or (0.0, 0.0)
    times = [max(one - began, 0.0) / count for one, count in zip(seconds, counts, strict=True)]
    unit, factor = ("milliseconds", 1e3) if min(times) >= _MILLISECONDS else ("microseconds", 1e6)
    columns = [[table.of, *(f"{count:,}" for count in counts)]]
    if table.requests:
        columns.append(["requests", *(f"{sent:,}" for sent in table.requests)])
    columns.append(["seconds", *(f"{one:.2f}" for one in seconds)])
    columns.append(["MiB", *(f"{one:.0f}" for one in memories)])
    columns.append([f"{unit} each", *(f"{one * factor:.0f}" for one in times)])
    if table.start:
        more = (max(one - held, 0.0) * 1024 / count for one, count in zip(memories, counts, strict=True))
        columns.append(["KiB each", *(f"{one:.1f}" for one in more)])
    return [list(row) for row in zip(*columns, strict=True)]


def growth_figure(name: str, table: Growth) -> Figure:
    """Whether time and memory grow at most linearly: the larger of the two exponents."""
    time, memory = table.exponents
    low, high = table.span
    return Figure(
        name,
        f"growth of {table.what}",
        "growth in proportion, which has the exponent 1",
        max(time, memory),
        "as exponent",
        RATIO,
        LINEAR,
        made_of=f"from {low:,} to {high:,}: time {time:.2f}, memory {memory:.2f}",
    )


def summary_markdown(measured: Measured) -> str:
    """The part of README.md: the table of goals, when and where."""
    about = measured.about
    missed = sum(not each.met for each in measured.figures)
    goals_set = sum(each.goal is not None for each in measured.figures)
    told = f"{missed} of {goals_set} goals are missed." if missed else "Every goal is met."
    short = [[row[0], row[1], row[2], row[3]] for row in goals(measured)]
    return (
        f"Measured on {about['date']}: goatcheck {about['goatcheck']}, Python {about['python']}, {about['processor']}, "
        f"{about['cores']} cores (load {about['load']}). Ratios are medians of processor time, both sides measured in turn. "
        f"{told}\n\n{as_markdown(short)}"
    )


def page_markdown(measured: Measured) -> str:
    """The whole result as a page of its own."""
    parts = [
        "# Speed and scale\n\nWritten by `python benchmarks/speed.py --readme`; the head of that file says how it is measured.\n",
        summary_markdown(measured),
        "## What the figures are made of\n\n" + as_markdown([[row[0], row[3], row[4]] for row in goals(measured)]),
        *(f"## Growth: {table.what}\n\n{as_markdown(growth(table))}" for table in measured.growths),
    ]
    return "\n".join(parts)


def tables(measured: Measured) -> Sequence[tuple[str, list[list[str]]]]:
    """Every table with its title."""
    return [("Speed and scale", goals(measured)), *((f"Growth: {t.what}", growth(t)) for t in measured.growths)]


def _growth_from(data: Mapping[str, Any]) -> Growth:
    start = data.get("start")
    rows, requests = tuple(tuple(row) for row in data["rows"]), tuple(data.get("requests", ()))
    return Growth(data["what"], data["of"], rows, requests, tuple(start) if start else None)


def _goal(figure: Figure) -> str:
    if figure.goal is None:
        return ""
    return f"at {'least' if figure.at_least else 'most'} {_number(figure.goal)} {figure.unit}"


def _number(value: float) -> str:
    if value >= _PLACES or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.2f}"
