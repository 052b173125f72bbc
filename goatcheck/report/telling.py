"""Telling a report where it is read: on a terminal, in a log, or in the log of a job on GitHub Actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console

from goatcheck.report.as_annotations import in_actions, render_annotations, unread
from goatcheck.report.model import Report
from goatcheck.report.terminal import print_report


def tell(
    report: Report,
    console: Console,
    environ: Mapping[str, str],
    *,
    files: Sequence[Path] = (),
    quiet: bool = False,
    annotate: bool = True,
) -> None:
    """Print the report; `files` are where it was written, `quiet` prints the verdict line alone.

    Where `environ` is that of a job on GitHub Actions, what a target wrote is kept from being read as a command of the job, and
    (unless `annotate` is false) the findings are told as annotations too.
    """
    with unread(console, environ):
        print_report(report, console, files=files, quiet=quiet)
    if annotate and in_actions(environ):
        console.out(render_annotations(report), end="", highlight=False)
