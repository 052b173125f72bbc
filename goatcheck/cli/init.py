"""`goatcheck init`: writes a commented profile."""

from __future__ import annotations

from pathlib import Path

import click

from goatcheck.errors import UsageError
from goatcheck.profile.template import commented_profile


@click.command("init", short_help="Write a commented profile.")
@click.argument("file", type=click.Path(path_type=Path), default=Path("goatcheck.toml"))
def command(file: Path) -> None:
    """Write a commented profile to FILE (goatcheck.toml by default).

    It names two keys by environment variable; the rest stands in it as comments. A file that is there is never
    overwritten.
    """
    try:
        with file.open("x", encoding="utf-8", newline="\n") as profile:
            profile.write(commented_profile())
    except FileExistsError:
        raise UsageError(
            f"{file} is there already and stays as it is. Name another file: goatcheck init other.toml"
        ) from None
    except OSError as error:
        raise UsageError(f"{file} can't be written: {error.strerror}. Name a file in a folder that is there.") from None
    click.echo(f"Wrote {file}. Put your target's URL and keys into it, then:\n  goatcheck doctor --profile {file}")
