"""A proof for people and for programs: on a terminal of 80 columns, as Markdown, as JSON. Pure functions of one proof."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from goatcheck.prove.proof import Proof, Trial

_SHOWN = 3
"""How many faults of a requirement the terminal names; the rest is counted."""


def headline(proof: Proof) -> str:
    """The proof in one sentence."""
    tried = f"{len(proof.faults)} faults" if len(proof.faults) != 1 else "1 fault"
    if proof.holds:
        proven = f", and each of the {len(proof.requirements)} requirements caught one" if proof.whole else ""
        return f"Every one of {tried} was caught{proven}."
    parts = [
        (len({trial.fault for trial in proof.missed}), "missed"),
        (len({trial.fault for trial in proof.accused}), "blamed on more than it breaks"),
    ]
    told = [f"{count} {word}" for count, word in parts if count]
    if proof.unproven:
        told.append(f"{len(proof.unproven)} requirements that no fault turned red")
    return f"Of {tried}: {', '.join(told)}."


def render_terminal(proof: Proof) -> RenderableType:
    """The proof for a terminal: what is wrong first, then which requirement caught how many faults."""
    parts: list[RenderableType] = [_worst(trial) for trial in proof.trials if not trial.caught]
    if proof.unproven:
        parts.append(Text.assemble(("Unproven: ", "bold red"), ", ".join(proof.unproven)))
    parts += [
        _catches(proof),
        Text(headline(proof), style="bold green" if proof.holds else "bold red"),
        Text(_cost(proof)),
    ]
    return Group(*parts)


def render_json(proof: Proof) -> str:
    """The proof as JSON: each trial, and the matrix from requirement to the faults that it caught."""
    return json.dumps(_value(proof), indent=2, ensure_ascii=False) + "\n"


def render_markdown(proof: Proof) -> str:
    """The proof as Markdown: the sentence, what is wrong, and the matrix."""
    lines = ["# Proof of the suite's power", "", headline(proof), "", _cost(proof), ""]
    if wrong := [trial for trial in proof.trials if not trial.caught]:
        lines += ["## Not as it should be", "", "| fault | missed | blamed on more |", "|---|---|---|"]
        lines += [f"| {trial.fault} | {', '.join(trial.missed)} | {', '.join(trial.unexplained)} |" for trial in wrong]
        lines.append("")
    if proof.unproven:
        lines += ["## Requirements that no fault turned red", "", *(f"- {name}" for name in proof.unproven), ""]
    lines += ["## Which requirement caught which fault", "", "| requirement | level | faults |", "|---|---|---|"]
    lines += [
        f"| {name} | {level} | {', '.join(proof.catchers[name])} |"
        for name, level in proof.requirements.items()
        if proof.whole or proof.catchers[name]
    ]
    lines += ["", "## The faults", "", "| fault | a back end where … | must turn red | may too |", "|---|---|---|---|"]
    lines += [
        f"| {t.fault} | {t.summary} | {', '.join(t.breaks)} | {', '.join(t.may)} |" for t in _one_of_each(proof.trials)
    ]
    return "\n".join(lines) + "\n"


def _worst(trial: Trial) -> Text:
    told = Text.assemble((trial.fault, "bold"), f" (seed {trial.seed}): {trial.summary}\n")
    for label, names in (("missed", trial.missed), ("blamed too", trial.unexplained)):
        if names:
            told.append(f"  {label}: ", style="bold red").append(f"{', '.join(names)}\n")
    for name, reason in trial.errors.items():
        told.append(f"  {name} ended in an error: {reason}\n", style="dim")
    return told


def _catches(proof: Proof) -> Table:
    table = Table(box=None, padding=(0, 1), pad_edge=False)
    table.add_column("requirement", no_wrap=True)
    table.add_column("level")
    table.add_column("caught", justify="right")
    table.add_column("among them", overflow="fold")
    for name, level in proof.requirements.items():
        caught = proof.catchers[name]
        if caught or proof.whole:
            more = f" and {len(caught) - _SHOWN} more" if len(caught) > _SHOWN else ""
            table.add_row(name, level, str(len(caught)), ", ".join(caught[:_SHOWN]) + more)
    return table


def _cost(proof: Proof) -> str:
    requests = sum(trial.requests for trial in proof.trials)
    spent = sum(trial.seconds for trial in proof.trials)
    each = spent / len(proof.trials) if proof.trials else 0.0
    return (
        f"{len(proof.trials)} runs with {requests} requests in {proof.seconds:.0f} s on {proof.jobs} "
        f"{'process' if proof.jobs == 1 else 'processes'}; a run takes {each:.1f} s."
    )


def _value(proof: Proof) -> dict[str, Any]:
    return {
        "contract": proof.contract,
        "holds": proof.holds,
        "whole": proof.whole,
        "jobs": proof.jobs,
        "seconds": round(proof.seconds, 1),
        "faults": len(proof.faults),
        "missed": sorted({trial.fault for trial in proof.missed}),
        "accused": sorted({trial.fault for trial in proof.accused}),
        "unproven": list(proof.unproven),
        "requirements": {
            name: {"level": level, "caught": list(proof.catchers[name])} for name, level in proof.requirements.items()
        },
        "trials": [
            {
                "fault": trial.fault,
                "summary": trial.summary,
                "seed": trial.seed,
                "breaks": list(trial.breaks),
                "may": list(trial.may),
                "red": dict(trial.red),
                "errors": dict(trial.errors),
                "missed": list(trial.missed),
                "unexplained": list(trial.unexplained),
                "requests": trial.requests,
                "seconds": round(trial.seconds, 2),
            }
            for trial in proof.trials
        ],
    }


def _one_of_each(trials: Iterable[Trial]) -> Iterator[Trial]:
    yield from {trial.fault: trial for trial in trials}.values()
