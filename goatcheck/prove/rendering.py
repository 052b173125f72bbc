"""A proof for people and for programs: on a terminal of 80 columns, as Markdown, as a page, as JSON. Pure functions of one proof."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from goatcheck.prove.proof import Proof, Trial
from goatcheck.rooms import room

_SHOWN = 3
"""How many faults of a requirement the terminal names; the rest is counted."""


def headline(proof: Proof) -> str:
    """The proof in one sentence."""
    tried = f"{len(proof.faults)} faults" if len(proof.faults) != 1 else "1 fault"
    if proof.holds and not proof.missed:
        proven = f", and each of the {len(proof.requirements)} requirements caught one" if proof.whole else ""
        return f"Every one of {tried} was caught{proven}."
    parts = [
        (len({trial.fault for trial in proof.missed}), "missed"),
        (len({trial.fault for trial in proof.accused}), "blamed on more than it breaks"),
    ]
    told = [f"{count} {word}" for count, word in parts if count]
    if proof.unproven:
        told.append(f"{len(proof.unproven)} requirements that no fault turned red")
    enough = f"; {proof.share:.1%} were caught, and {proof.setting.least:.0%} have to be" if proof.missed else ""
    return f"Of {tried}: {', '.join(told)}{enough}."


def told_of_cost(proof: Proof) -> str:
    """How the proof was made, and what it took, in one sentence or two."""
    requests = sum(trial.requests for trial in proof.trials)
    spent = sum(trial.seconds for trial in proof.trials)
    each = spent / len(proof.trials) if proof.trials else 0.0
    seeds = f", with {len(proof.seeds)} seeds from {proof.seeds[0]}" if len(proof.seeds) > 1 else ""
    beyond = f" Faults that such a run can't show: {len(proof.beyond)}." if proof.beyond else ""
    return (
        f"Tried {proof.setting.title}{seeds} on {proof.day}: {len(proof.trials)} runs with {requests} requests in "
        f"{proof.seconds:.0f} s on "
        f"{proof.jobs} {'process' if proof.jobs == 1 else 'processes'}; a run takes {each:.1f} s.{beyond}"
    )


def render_terminal(proof: Proof) -> RenderableType:
    """The proof for a terminal: what is wrong first, then which requirement caught how many faults."""
    parts: list[RenderableType] = [_worst(trial) for trial in proof.trials if not trial.caught]
    if proof.unproven:
        parts.append(Text.assemble(("Unproven: ", "bold red"), ", ".join(proof.unproven)))
    parts += [
        _catches(proof),
        Text(headline(proof), style="bold green" if proof.holds else "bold red"),
        Text(told_of_cost(proof)),
    ]
    return Group(*parts)


def render_json(proof: Proof) -> str:
    """The proof as JSON, a line for each requirement and each trial: what was tried, and what turned red."""
    lines = [f"  {json.dumps(name)}: {_told(value)}" for name, value in _head(proof).items()]
    lines.append(_block("requirements", (f"{json.dumps(n)}: {_told(v)}" for n, v in _matrix(proof).items()), "{}"))
    lines.append(_block("trials", (_told(_trial(trial)) for trial in proof.trials), "[]"))
    return "{\n" + ",\n".join(lines) + "\n}\n"


def render_markdown(proof: Proof) -> str:
    """The proof as Markdown: the sentence, what is wrong, and the matrix."""
    lines = ["# Proof of the suite's power", "", headline(proof), "", told_of_cost(proof), ""]
    if wrong := [trial for trial in proof.trials if not trial.caught]:
        lines += ["## Not as it should be", "", "| fault | seed | missed | blamed on more |", "|---|---|---|---|"]
        lines += [f"| {t.fault} | {t.seed} | {', '.join(t.missed)} | {', '.join(t.unexplained)} |" for t in wrong]
        lines.append("")
    if proof.unproven:
        lines += ["## Requirements that no fault turned red", "", *(f"- {name}" for name in proof.unproven), ""]
    lines += [
        "## Which requirement caught which fault",
        "",
        "| requirement | level | faults | too |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {name} | {level} | {', '.join(proof.catchers[name])} | {', '.join(proof.collateral[name])} |"
        for name, level in proof.requirements.items()
        if proof.whole or proof.catchers[name]
    ]
    lines += ["", "`too` are faults that break something else, and can't help turning this requirement red with it."]
    lines += ["", "## The faults", "", "| fault | a back end where … | must turn red | may too |", "|---|---|---|---|"]
    lines += [
        f"| {t.fault} | {t.summary} | {', '.join(t.breaks)} | {', '.join(t.may)} |" for t in _one_of_each(proof.trials)
    ]
    return "\n".join(lines) + "\n"


def render_html(proof: Proof) -> str:
    """The proof as one page that needs no network: the sentence, what is wrong, and the matrix, faults down, requirements across."""
    templates = Environment(
        loader=FileSystemLoader(room("reports") / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = templates.get_template("proof.html.j2")
    return page.render(
        proof=proof,
        headline=headline(proof),
        cost=told_of_cost(proof),
        wrong=[trial for trial in proof.trials if not trial.caught],
        rows=list(_one_of_each(proof.trials)),
    )


def matrix_of(text: str) -> dict[str, Any]:
    """Of a proof as JSON what does not depend on the machine: requirements, faults, what turned red. ValueError where it is none."""
    value = json.loads(text)
    try:
        trials = [{name: trial[name] for name in _LASTING} for trial in value["trials"]]
        return {**value["requirements"], **{f"{trial['fault']} (seed {trial['seed']})": trial for trial in trials}}
    except (KeyError, TypeError) as error:
        raise ValueError(f"it is no proof: {error}") from error


_LASTING = ("fault", "summary", "seed", "breaks", "may", "red")


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


def _head(proof: Proof) -> dict[str, Any]:
    return {
        "contract": proof.contract,
        "tried": proof.setting.title,
        "holds": proof.holds,
        "whole": proof.whole,
        "day": proof.day,
        "jobs": proof.jobs,
        "seconds": round(proof.seconds, 1),
        "faults": len(proof.faults),
        "share": round(proof.share, 4),
        "missed": sorted({trial.fault for trial in proof.missed}),
        "accused": sorted({trial.fault for trial in proof.accused}),
        "unproven": list(proof.unproven),
        "beyond": list(proof.beyond),
    }


def _matrix(proof: Proof) -> dict[str, Any]:
    return {
        name: {"level": level, "caught": list(proof.catchers[name]), "too": list(proof.collateral[name])}
        for name, level in proof.requirements.items()
    }


def _trial(trial: Trial) -> dict[str, Any]:
    return {
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


def _told(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _block(name: str, lines: Iterable[str], brackets: str) -> str:
    inner = ",\n".join(f"    {line}" for line in lines)
    return f'  "{name}": {brackets[0]}\n{inner}\n  {brackets[1]}'


def _one_of_each(trials: Iterable[Trial]) -> Iterator[Trial]:
    yield from {trial.fault: trial for trial in trials}.values()
