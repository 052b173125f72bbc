"""`goatcheck doctor`: a look at a target before minutes are spent on it."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("doctor", short_help="Look at a target before minutes are spent on it.")
@click.option("--base-url", metavar="URL", help="The base URL of the target.")
@click.option(
    "--profile",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="What the target offers: a TOML file, or the name of one that comes along (prism, …).",
)
def command(base_url: str | None, profile: Path | None) -> int:
    """Ask a target once with each key of the profile: is it there, who is each key, what would stay untried?

    Exit codes: 0 all well, 2 wrong usage, 3 something is odd or would stay untried, 5 the target can't be judged.
    """
    from rich.console import Console  # noqa: PLC0415 - the help needs none of this
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from goatcheck.doctor import examine  # noqa: PLC0415
    from goatcheck.errors import UsageError  # noqa: PLC0415
    from goatcheck.report.text import one_line  # noqa: PLC0415
    from goatcheck.session import Wanted  # noqa: PLC0415

    if base_url is None and profile is None:
        raise UsageError("goatcheck doctor needs a target: --base-url URL, --profile FILE, or both.")
    found = examine(Wanted.of(base_url=base_url, profile=profile))
    console = Console(highlight=False)
    console.print(Text(f"{found.base_url} answers."))
    table = Table(box=None, header_style="dim", pad_edge=False)
    for column in ("key", "role", "answer", ""):
        table.add_column(column, overflow="fold")
    for examined in found.keys:
        verdict = Text(examined.wrong, style="red") if examined.wrong else Text("as expected", style="green")
        table.add_row(
            Text(examined.key.name), Text(examined.key.role or "none"), Text(one_line(examined.answer)), verdict
        )
    if found.keys:
        console.print(table)
    for remark in found.remarks:
        console.print(Text(one_line(remark), style="yellow"))
    if found.untried:
        console.print(Text("\nWould stay untried", style="bold"))
        for name, reason in found.untried.items():
            console.print(Text(f"  {name}: {reason}"))
    if found.add:
        console.print(Text("\nTo try more, add to the profile", style="bold"))
        console.print(Text(found.add))
    if found.healthy:
        console.print(Text("All well: everything can be tried.", style="green"))
    return 0 if found.healthy else 3
