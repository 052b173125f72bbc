"""`goatcheck report`: a run's report, made again from its journal."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click


@click.command("report", short_help="Render a report again from a run's journal.")
@click.argument("journal", type=click.Path(path_type=Path))
@click.option(
    "--out", metavar="DIR", type=click.Path(path_type=Path), help="Where the reports go (default: beside it)."
)
@click.option("--quiet", is_flag=True, help="Print the verdict alone.")
def command(journal: Path, out: Path | None, *, quiet: bool) -> int:
    """Render the report of the run that wrote JOURNAL (exchanges.jsonl) again; also of one that was killed.

    The exit code is that of the run; a journal without its end tells of an interrupted one (130).
    """
    from rich.console import Console  # noqa: PLC0415 - the help needs none of this

    from goatcheck.rebuild import rebuilt  # noqa: PLC0415
    from goatcheck.report.files import write_reports  # noqa: PLC0415
    from goatcheck.report.telling import tell  # noqa: PLC0415

    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    report = rebuilt(journal)
    files = write_reports(report, out or journal.parent)
    tell(report, Console(highlight=False), os.environ, files=files, quiet=quiet, annotate=False)
    return report.exit_code
