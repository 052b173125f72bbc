"""`goatcheck matrix`: several targets, one report."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

    from goatcheck.matrix import Ended


@click.command("matrix", short_help="Judge several targets, and lay them side by side.")
@click.argument("targets", metavar="TARGETS.toml", type=click.Path(path_type=Path))
@click.option("--contract", metavar="VERSION", help="The contract to hold them against (default: the newest).")
@click.option("--only", metavar="ID", multiple=True, help="A requirement, or a prefix such as 402; repeatable.")
@click.option("--seed", metavar="N", help="The seed of everything drawn, or 'random'; the same for all.")
@click.option("--strict", is_flag=True, help="A broken SHOULD fails too.")
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(1),
    default=8,
    show_default=True,
    help="Targets that run side by side; those on one origin never do.",
)
@click.option(
    "--out", metavar="DIR", type=click.Path(path_type=Path), help="Where the reports go (default: reports/runs/…)."
)
@click.option("--quiet", is_flag=True, help="Print the verdict alone.")
def command(
    targets: Path,
    *,
    contract: str | None,
    only: tuple[str, ...],
    seed: str | None,
    strict: bool,
    jobs: int,
    out: Path | None,
    quiet: bool,
) -> int:
    """Judge every target that TARGETS.toml lists, and write one report of all beside a folder with the reports of each.

    The file has a table [[targets]] for each: a profile (the name of one that comes along, or a file, relative to
    TARGETS.toml), and if need be a base_url and a label. Targets on different origins run side by side, each at its own pace.

    The exit code is the worst of the targets', worst first: 70, 2, 130, 5, 1, 4, 3, 0. Ctrl-C stops every run as it would one.
    """
    from rich.console import Console  # noqa: PLC0415 - the help needs none of this

    from goatcheck.conduct.interrupts import holding_interrupts  # noqa: PLC0415
    from goatcheck.matrix import load_targets, overview_of, run_all  # noqa: PLC0415
    from goatcheck.matrix.rendering import render_terminal, verdict_line, write_overview  # noqa: PLC0415
    from goatcheck.profile.parts import Profile  # noqa: PLC0415
    from goatcheck.report.as_annotations import unread  # noqa: PLC0415
    from goatcheck.report.files import default_folder  # noqa: PLC0415
    from goatcheck.session import Wanted  # noqa: PLC0415

    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    console = Console(highlight=False)
    wanted = Wanted.of(contract=contract, only=only, seed=seed, strict=strict)

    def profile_of(profile: Path, base_url: str | None) -> Profile:
        found = Wanted.of(profile=profile, base_url=base_url, contract=contract).profile
        if found is None:
            raise AssertionError("a profile was named")
        return found

    listed = load_targets(targets, profile_of)
    arguments = ["--contract", wanted.contract.version, "--seed", str(wanted.options.seed)]
    arguments += [word for name in only for word in ("--only", name)] + (["--strict"] if strict else [])
    started = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    folder = out or default_folder()
    with unread(console, os.environ):
        ended = run_all(listed, folder, arguments, jobs=jobs, told=lambda each: None if quiet else _tell(console, each))
        with holding_interrupts():  # what the runs came to is written whole
            overview = overview_of(
                ended, contract=wanted.contract.version, seed=wanted.options.seed, started=started, selection=only
            )
            written = write_overview(overview, folder)
        if quiet:
            console.print(verdict_line(overview), markup=False)
        else:
            console.print(render_terminal(overview))
            console.print(*(f"  {path}" for path in written), sep="\n", markup=False, soft_wrap=True)
    return overview.exit_code


def _tell(console: Console, ended: Ended) -> None:
    """One line for a target whose run has ended."""
    from goatcheck.report.text import one_line  # noqa: PLC0415 - as above

    said = f": {one_line(ended.said)}" if ended.said else ""
    console.print(
        f"{one_line(ended.target.name)}: exit code {ended.exit_code} after {ended.seconds:.1f} s{said}",
        markup=False,
        soft_wrap=True,
    )
