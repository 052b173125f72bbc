"""`goatcheck clean`: removes what killed runs left on a target."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("clean", short_help="Remove what killed runs left on a target.")
@click.option(
    "--profile",
    metavar="FILE",
    type=click.Path(path_type=Path),
    required=True,
    help="What the target offers: a TOML file, or the name of one that comes along (prism, …).",
)
@click.option("--base-url", metavar="URL", help="The base URL of the target, in place of the profile's.")
@click.option("--dry-run", is_flag=True, help="Say what would be removed; remove nothing.")
def command(profile: Path, base_url: str | None, *, dry_run: bool) -> int:
    """Remove what runs have made and not removed, because they were killed.

    Removed are creators, campaigns and payout methods whose names start with gc-, six hexadecimal digits and -, in the
    projects of the profile, with the keys that own them. Not while another run is under way: what it makes is named so too.

    Exit codes: 0 nothing is left, 2 wrong usage, 3 something is left, 5 the target can't be reached.
    """
    from rich.console import Console  # noqa: PLC0415 - the help needs none of this
    from rich.text import Text  # noqa: PLC0415

    from goatcheck.clean import clean  # noqa: PLC0415
    from goatcheck.report.text import one_line  # noqa: PLC0415
    from goatcheck.session import Wanted  # noqa: PLC0415

    console = Console(highlight=False)
    cleaned = clean(Wanted.of(base_url=base_url, profile=profile), dry_run=dry_run)
    for made in cleaned.found:
        console.print(Text(one_line(f"{made.kind} {made.name} ({made.id}), with the key {made.owner.name}")))
    for sentence in cleaned.left:
        console.print(Text(one_line(sentence), style="yellow"))
    done = (
        "would be removed"
        if dry_run
        else "found and removed, but for what is told above"
        if cleaned.left
        else "removed"
    )
    console.print(Text(f"{len(cleaned.found)} things {done}." if cleaned.found else "Nothing of a run was found."))
    return 3 if cleaned.left or (dry_run and cleaned.found) else 0
