"""`goatcheck prove`: shows that each check of the suite can fail, by letting every known fault loose on it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from goatcheck.errors import UsageError

if TYPE_CHECKING:
    from goatcheck.prove import Proof


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
    "--live", is_flag=True, help="Bound each run as on a live target: 600 requests, nothing forced, no clock. 95 % do."
)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Write the proof as JSON, Markdown and a page."
)
@click.option(
    "--check",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Compare with what --out wrote to this folder; another matrix is exit 1.",
)
def command(jobs: int, seeds: int, wanted: tuple[str, ...], *, live: bool, out: Path | None, check: Path | None) -> int:
    """Run the whole suite against every broken mock that goatcheck knows.

    Each fault names the requirements that must turn red. The exit code is 1 where one of them stays green, where
    something else turns red, or where no fault turns a requirement red; 0 where everything is as it should be.
    With --only nothing is said of requirements without a fault.
    """
    # imported here, so that the help needs neither the mock nor the suites
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    from goatcheck.prove import DEFAULT, LIVE, Trial, prove, selected_faults  # noqa: PLC0415
    from goatcheck.prove.rendering import render_terminal  # noqa: PLC0415

    names = selected_faults(wanted)
    setting = LIVE if live else DEFAULT
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("faults", total=len(names) * seeds)

        def told(trial: Trial, _done: int, every: int) -> None:
            progress.update(task, advance=1, total=every)
            if not trial.caught:
                progress.console.print(f"{trial.fault}: not as it should be", style="red")

        proof = prove(names, setting=setting, jobs=min(jobs, len(names) * seeds), seeds=seeds, told=told)
    Console().print(render_terminal(proof))
    stale = _difference(proof, check) if check else ""
    if out is not None:
        _write(proof, out)
    if stale:
        click.echo(stale, err=True)
    return 0 if proof.holds and not stale else 1


def _write(proof: Proof, out: Path) -> None:
    from goatcheck.prove.rendering import render_html, render_json, render_markdown  # noqa: PLC0415 - as above

    try:
        out.mkdir(parents=True, exist_ok=True)
        for ending, render in (("json", render_json), ("md", render_markdown), ("html", render_html)):
            (out / f"{proof.stem}.{ending}").write_text(render(proof), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"The proof can't be written to {out}: {error.strerror}. Name another folder.") from None


def _difference(proof: Proof, folder: Path) -> str:
    """How the proof differs from the one that was written to a folder before, in whatever does not depend on the machine; "" for not at all."""
    from goatcheck.prove.rendering import matrix_of, render_json  # noqa: PLC0415 - as above

    file = folder / f"{proof.stem}.json"
    try:
        before = matrix_of(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{file} can't be read: {error.strerror}. `goatcheck prove --out` writes it.") from None
    except ValueError as error:
        raise UsageError(
            f"{file} is no proof that can be compared: {error}. `goatcheck prove --out` writes it."
        ) from None
    now = matrix_of(render_json(proof))
    differ = [name for name in {**before, **now} if before.get(name) != now.get(name)]
    if not differ:
        return ""
    more = f" and {len(differ) - 5} more" if len(differ) > 5 else ""  # noqa: PLR2004 - how many are named
    return f"{file} is stale ({', '.join(differ[:5])}{more}): write it anew with --out {folder}"
