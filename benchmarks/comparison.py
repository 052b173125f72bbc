"""What came of all attempts, side by side: who caught what, with how much, as values and as tables. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from statistics import median
from typing import Any

from attempts import GOATCHECK, Attempt


@dataclass(frozen=True)
class Comparison:
    """All attempts of one benchmark. `breaks` maps each fault to the requirements that it breaks, `rule` says how the faults
    were chosen, `about` holds date, versions and machine. `contenders` is the order of the columns.
    """

    contenders: tuple[str, ...]
    breaks: dict[str, tuple[str, ...]]
    attempts: tuple[Attempt, ...]
    rule: str
    about: dict[str, Any]

    @cached_property
    def noise(self) -> frozenset[str]:
        """What any contender says of the clean mock, in any of its control runs: nothing of this counts as catching."""
        return frozenset(name for each in self.attempts if not each.fault for name in each.found)

    def new(self, contender: str, fault: str) -> tuple[str, ...]:
        """What a contender found with a fault and nobody found without one."""
        return tuple(name for name in self._of(contender, fault).found if name not in self.noise)

    def caught(self, contender: str) -> tuple[str, ...]:
        """The faults that a contender caught."""
        return tuple(fault for fault in self.breaks if self.new(contender, fault))

    @property
    def peers(self) -> tuple[str, ...]:
        """The contenders that are not goatcheck."""
        return tuple(name for name in self.contenders if name != GOATCHECK)

    @property
    def caught_by_peers(self) -> tuple[str, ...]:
        """The faults that any run of schemathesis caught."""
        either = {fault for name in self.peers for fault in self.caught(name)}
        return tuple(fault for fault in self.breaks if fault in either)

    def on_the_clean_mock(self, contender: str) -> tuple[int, ...]:
        """How many findings a contender had in each control run."""
        return tuple(len(each.found) for each in self.attempts if each.contender == contender and not each.fault)

    def of_faults(self, contender: str) -> tuple[Attempt, ...]:
        """A contender's attempts with a fault."""
        return tuple(each for each in self.attempts if each.contender == contender and each.fault)

    def _of(self, contender: str, fault: str) -> Attempt:
        return next(each for each in self.attempts if each.contender == contender and each.fault == fault)


def as_data(comparison: Comparison) -> dict[str, Any]:
    """The comparison as JSON; `from_data` reads it back. What the clean mock shows too is left out of attempts with a fault."""
    trimmed = tuple(
        replace(each, found=comparison.new(each.contender, each.fault)) if each.fault else each
        for each in comparison.attempts
    )
    return asdict(replace(comparison, attempts=trimmed))


def from_data(data: dict[str, Any]) -> Comparison:
    """The comparison that `as_data` wrote."""
    return Comparison(
        contenders=tuple(data["contenders"]),
        breaks={fault: tuple(ids) for fault, ids in data["breaks"].items()},
        attempts=tuple(Attempt(**{**each, "found": tuple(each["found"])}) for each in data["attempts"]),
        rule=data["rule"],
        about=data["about"],
    )


def totals(comparison: Comparison) -> list[list[str]]:
    """One row a contender: caught, findings without a fault; requests and seconds as the median of its attempts."""
    count = len(comparison.breaks)
    rows = [["", "faults caught", "findings on the clean mock", "requests", "seconds", "of them computing"]]
    for name in comparison.contenders:
        runs = comparison.of_faults(name)
        rows.append(
            [
                name,
                f"{len(comparison.caught(name))} of {count}",
                _span(comparison.on_the_clean_mock(name)),
                f"{median(each.requests for each in runs):.0f}",
                f"{median(each.seconds for each in runs):.0f}",
                f"{median(each.cpu for each in runs):.0f}",
            ]
        )
    return rows


def details(comparison: Comparison) -> list[list[str]]:
    """One row a fault: what it breaks, and who caught it."""
    rows = [["fault", "breaks", *comparison.contenders]]
    for fault, ids in comparison.breaks.items():
        marks = ["caught" if comparison.new(name, fault) else "-" for name in comparison.contenders]
        rows.append([fault, ", ".join(ids), *marks])
    return rows


def remarks(comparison: Comparison) -> list[str]:
    """What a fair reader wants to know beside the totals, as sentences."""
    ours, theirs = comparison.caught(GOATCHECK), comparison.caught_by_peers
    return [
        f"All runs of schemathesis together caught {len(theirs)} of {len(comparison.breaks)} faults.",
        _listed("goatcheck missed", [fault for fault in comparison.breaks if fault not in ours]),
        _listed("Caught by schemathesis alone", [fault for fault in theirs if fault not in ours]),
        *(
            f"{each.contender}, {each.fault or 'clean mock'}: {each.trouble}."
            for each in comparison.attempts
            if each.trouble
        ),
    ]


def evidence(comparison: Comparison) -> list[str]:
    """For each fault that schemathesis caught, the first failure that the clean mock does not show."""
    return [
        f"{fault}: {comparison.new(name, fault)[0]} ({name})"
        for fault in comparison.caught_by_peers
        for name in comparison.peers
        if comparison.new(name, fault)
    ]


def as_markdown(rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown; the first row is its head."""
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join([lines[0].replace("|  |", "| |"), "|" + "---|" * len(rows[0]), *lines[1:]]) + "\n"


def as_text(rows: Sequence[Sequence[str]]) -> str:
    """A table in plain text; the first row is its head."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def summary_markdown(comparison: Comparison) -> str:
    """The part of README.md: the totals, what was compared, when and where."""
    about = comparison.about
    told = "\n".join(f"- {remark}" for remark in remarks(comparison))
    return (
        f"Measured on {about['date']}: goatcheck {about['goatcheck']} and schemathesis {about['schemathesis']}, "
        f"Python {about['python']}, {about['cores']} cores that had other work too (load {about['load']}), {about['jobs']} attempts "
        f"at a time; {comparison.rule}. Requests and seconds are medians.\n\n{as_markdown(totals(comparison))}\n{told}\n"
    )


def page_markdown(comparison: Comparison) -> str:
    """The whole result as a page of its own."""
    proofs = "\n".join(f"- `{line}`" for line in evidence(comparison)) or "- none"
    return (
        "# goatcheck and schemathesis on the same broken mocks\n\n"
        "Written by `python benchmarks/versus_schemathesis.py --readme`; the head of that file says how it is measured.\n\n"
        f"{summary_markdown(comparison)}\n## Fault by fault\n\n{as_markdown(details(comparison))}\n"
        f"## What schemathesis saw\n\nThe first failure of each run that no run on the clean mock shows:\n\n{proofs}\n"
    )


def _listed(what: str, names: Iterable[str]) -> str:
    return f"{what}: {', '.join(names) or 'none'}."


def _span(numbers: Sequence[int]) -> str:
    low, high = min(numbers), max(numbers)
    return str(low) if low == high else f"{low} to {high}"
