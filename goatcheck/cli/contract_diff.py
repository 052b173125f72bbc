"""`goatcheck contract-diff`: what changed between two editions of the contract, and whom it breaks."""

from __future__ import annotations

import click


@click.command("contract-diff", short_help="Tell breaking from additive changes of the contract.")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="How to write it.",
)
def command(old: str, new: str, form: str) -> int:
    """Tell what changed from the contract OLD to NEW, which of it breaks clients that read errors, and why.

    OLD and NEW are versions, such as 2026-05 (`goatcheck explain` names the newest one), or folders with a contract of one's
    own, such as ./contracts/2026-07.

    Exit codes: 0 nothing breaks, 1 something does, 2 wrong usage.
    """
    from goatcheck.contract import found  # noqa: PLC0415 - the help needs none of this
    from goatcheck.contract_diff import difference  # noqa: PLC0415
    from goatcheck.contract_diff.rendering import FORMATS  # noqa: PLC0415

    told = difference(found(old), found(new))
    click.echo(FORMATS[form](told), nl=False)
    return 1 if told.breaking else 0
