"""`goatcheck run`: the main job."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click


@click.command("run", short_help="Judge a target; without one, the embedded mock.")
@click.option("--base-url", metavar="URL", help="The base URL of the target.")
@click.option(
    "--profile",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="What the target offers: a TOML file, or the name of one that comes along (prism, …).",
)
@click.option("--contract", metavar="VERSION", help="The contract to hold it against (default: the newest).")
@click.option("--only", metavar="ID", multiple=True, help="A requirement, or a prefix such as 402; repeatable.")
@click.option("--seed", metavar="N", help="The seed of everything drawn, or 'random'.")
@click.option("--max-requests", metavar="N", type=click.IntRange(0), help="The most requests to send; 0: no bound.")
@click.option("--max-examples", metavar="N", type=click.IntRange(0), help="The most random examples for each use.")
@click.option("--strict", is_flag=True, help="A broken SHOULD fails too.")
@click.option(
    "--plan", is_flag=True, help="Say what would be sent, with which keys and how long it takes; send nothing."
)
@click.option("--replay", metavar="JOURNAL#N", help="Send one recorded request again and judge what comes back.")
@click.option(
    "--resume", metavar="JOURNAL", type=click.Path(path_type=Path), help="Go on with a run that was cut short."
)
@click.option(
    "--baseline",
    metavar="REPORT",
    type=click.Path(path_type=Path),
    help="Fail only on what is worse than in this report.json of an earlier run.",
)
@click.option("--label", metavar="TEXT", default="", help="A text that the report carries.")
@click.option(
    "--out", metavar="DIR", type=click.Path(path_type=Path), help="Where the reports go (default: reports/runs/…)."
)
@click.option("--quiet", is_flag=True, help="Print the verdict alone.")
def command(*, plan: bool, replay: str | None, quiet: bool, **options: Any) -> int:
    """Judge a target by the contract and report what was found.

    Without --base-url and --profile the embedded mock is tested. Exit codes: 0 conformant, 1 a MUST is broken, 2 wrong
    usage, 3 something was not exercised, 4 a waiver is stale, 5 the target can't be judged, 130 interrupted.
    """
    from rich.console import Console  # noqa: PLC0415 - the help needs none of this

    from goatcheck.session import Wanted  # noqa: PLC0415

    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    console = Console(highlight=False)
    wanted = Wanted.of(**options)
    if replay is not None:
        from goatcheck.replay import replay_exchange  # noqa: PLC0415
        from goatcheck.report.as_annotations import unread  # noqa: PLC0415

        with unread(console, os.environ):
            return replay_exchange(replay, wanted, console)
    if plan:
        from goatcheck.plan import print_plan  # noqa: PLC0415

        return print_plan(wanted, console)
    return _run(wanted, console, quiet=quiet)


def _run(wanted: Any, console: Any, *, quiet: bool) -> int:
    """The run itself is pytest's: one item for each requirement, in a pytest that no foreign configuration reaches."""
    import pytest  # noqa: PLC0415

    from goatcheck.plugin import SESSION, Prepared  # noqa: PLC0415
    from goatcheck.rooms import room  # noqa: PLC0415

    suites = str(room("suites"))
    prepared = Prepared(wanted, console)
    arguments = [suites, "-p", "goatcheck.plugin", "-c", os.devnull, "--rootdir", suites]
    arguments += ["--import-mode=importlib", "-p", "no:cacheprovider", "-p", "no:terminal", "-p", "no:junitxml"]
    with prepared.calm:
        with _environment(PYTEST_DISABLE_PLUGIN_AUTOLOAD="1", PYTEST_ADDOPTS=None, PYTEST_PLUGINS=None):
            code = int(pytest.main(arguments, plugins=[prepared]))
        session = prepared.config.stash.get(SESSION, None) if prepared.config else None
        if session is None or session.report is None:
            return prepared.ended(code)
        session.print_report(quiet=quiet)
        return int(session.report.exit_code)


@contextmanager
def _environment(**wanted: str | None) -> Iterator[None]:
    """The process' environment with these variables set (None: not set), and afterwards as it was."""
    before = {name: os.environ.get(name) for name in wanted}
    _set(wanted)
    try:
        yield
    finally:
        _set(before)


def _set(variables: Mapping[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
