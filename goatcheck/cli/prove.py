"""`goatcheck prove`: shows that each check of the suite can fail, by letting every known fault loose on it."""

from __future__ import annotations

import os
from pathlib import Path

import click

from goatcheck.errors import UsageError


@click.command("prove", short_help="Show that the suite catches every fault it knows.")
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=os.cpu_count() or 1,
    help="How many processes share the work.",
    show_default=True,
)
@click.option(
    "--seeds",
    type=click.IntRange(1, 100),
    default=1,
    help="How many seeds each fault is tried with.",
    show_default=True,
)
@click.option(
    "--only", "wanted", metavar="FAULT", multiple=True, help="A fault's name, or how names start; may come again."
)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Write proof.json and proof.md to this folder."
)
def command(jobs: int, seeds: int, wanted: tuple[str, ...], out: Path | None) -> int:
    """Run the whole suite against every broken mock that goatcheck knows.

    Each fault names the requirements that must turn red. The exit code is 1 where one of them stays green, where
    something else turns red, or where no fault turns a requirement red; 0 where everything is as it should be.
    With --only nothing is said of requirements without a fault.
    """
    # imported here, so that the help needs neither the mock nor the suites
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    from goatcheck.prove import Trial, prove, selected_faults  # noqa: PLC0415
    from goatcheck.prove.rendering import render_json, render_markdown, render_terminal  # noqa: PLC0415

    names = selected_faults(wanted)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("faults", total=len(names) * seeds)

        def told(trial: Trial, _done: int, _all: int) -> None:
            progress.advance(task)
            if not trial.caught:
                progress.console.print(f"{trial.fault}: not as it should be", style="red")

        proof = prove(names, jobs=min(jobs, len(names) * seeds), seeds=seeds, told=told)
    Console().print(render_terminal(proof))
    if out is not None:
        try:
            out.mkdir(parents=True, exist_ok=True)
            (out / "proof.json").write_text(render_json(proof), encoding="utf-8")
            (out / "proof.md").write_text(render_markdown(proof), encoding="utf-8")
        except OSError as error:
            raise UsageError(f"The proof can't be written to {out}: {error.strerror}. Name another folder.") from None
    return 0 if proof.holds else 1
