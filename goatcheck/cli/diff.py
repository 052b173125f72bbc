"""`goatcheck diff`: two reports compared."""

from __future__ import annotations

from pathlib import Path

import click

_FORMATS = ("text", "markdown", "json")


@click.command("diff", short_help="Compare two reports: what regressed, what was fixed.")
@click.argument("old", metavar="OLD.json", type=click.Path(path_type=Path))
@click.argument("new", metavar="NEW.json", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", help="How to write it (default: text).")
def command(old: Path, new: Path, form: str) -> int:
    """Say what the report NEW.json found worse than OLD.json, and what better.

    A breach is known by its requirement and its operation, so a requirement that was broken on one operation and is broken
    on another one too has regressed. One that is not in the new report, though nothing was selected, has vanished.

    Exit codes: 0 nothing is worse, 1 something regressed or vanished, 2 wrong usage, 3 a MUST that was judged is not any
    more.
    """
    from goatcheck.errors import UsageError  # noqa: PLC0415 - the help needs none of this
    from goatcheck.report import as_diff  # noqa: PLC0415
    from goatcheck.report.baseline import read_report  # noqa: PLC0415
    from goatcheck.report.comparing import Baseline, no_longer_judged, regressions  # noqa: PLC0415

    before, now = read_report(old), read_report(new)
    if before["contract"] != now["contract"]:
        raise UsageError(
            f"{old} was judged by the contract {before['contract']} and {new} by {now['contract']}: "
            "only reports of one version can be compared."
        )
    selected = bool(now["run"]["selection"])
    comparison = Baseline.of(before).against(Baseline.of(now).rows, selected=selected)
    renderers = {"text": as_diff.render_text, "markdown": as_diff.render_markdown, "json": as_diff.render_json}
    click.echo(renderers[form](comparison), nl=False)
    if regressions(comparison.changes):
        return 1
    return 3 if no_longer_judged(comparison.changes) else 0
