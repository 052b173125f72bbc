"""`goatcheck export`: writes a right mock for a tool of somebody else."""

from __future__ import annotations

from pathlib import Path

import click

from goatcheck.contract.loading import CURRENT
from goatcheck.errors import UsageError

_NAMES = ("openapi", "wiremock", "mockoon", "json")


@click.command("export", short_help="Write a right mock for Prism, WireMock, Mockoon or json-server.")
@click.option("--format", "name", required=True, type=click.Choice(_NAMES), help="What it is written for.")
@click.option("--contract", metavar="VERSION", default=CURRENT, help="The contract that it keeps.", show_default=True)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
def command(name: str, contract: str, folder: Path) -> None:
    """Write a mock that keeps the contract into DIR, in the files of another tool.

    openapi: a document for Prism. wiremock: mappings and bodies. mockoon: an environment. json: a file for each answer, with
    what json-server needs to serve them. A file that is there is never overwritten.
    """
    # imported here, so that the help needs no contract
    from goatcheck.contract import load  # noqa: PLC0415
    from goatcheck.export import FORMATS  # noqa: PLC0415
    from goatcheck.profile import load_profile  # noqa: PLC0415

    form = FORMATS[name]
    files = form.files(load(contract), load_profile(form.profile, {}))
    for path in files:
        if (folder / path).exists():
            raise UsageError(f"{folder / path} is there already and stays as it is. Name another folder.")
    try:
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"{folder} can't be written to: {error.strerror}. Name another folder.") from None
    click.echo(
        f"Wrote {len(files)} files to {folder}. Serve them from there, then judge what is served:\n"
        f"  {form.serve}\n  goatcheck run --profile {form.profile}"
    )
