"""`goatcheck mock`: serves the reference mock until it is told to stop."""

from __future__ import annotations

import shlex
import tempfile
import threading
import time
from pathlib import Path

import click

from goatcheck.contract.loading import CURRENT
from goatcheck.errors import UsageError

_FIRST_LINE = "# Written by goatcheck mock; it is written anew whenever the mock starts."


@click.command("mock", short_help="Serve the reference mock.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="The loopback port; 0, the default, takes a free one."
)
@click.option(
    "--profile-out", type=click.Path(path_type=Path), help="Write the matching profile to this file and keep it."
)
@click.option(
    "--any-valid",
    "form",
    metavar="SEED",
    type=click.IntRange(min=0),
    help="Serve another server that keeps the contract: this number decides what the documents leave open.",
)
@click.option(
    "--fault",
    "faults",
    metavar="NAME",
    multiple=True,
    help="Break the contract in this way; may come again. `goatcheck prove` names them all.",
)
@click.option("--contract", metavar="VERSION", default=CURRENT, help="The contract that it keeps.", show_default=True)
def command(port: int, profile_out: Path | None, form: int | None, faults: tuple[str, ...], contract: str) -> None:
    """Serve the reference mock on loopback, with a profile that fits it.

    The mock behaves as the contract says and has a key for every role. It stops, with exit code 0, on Ctrl-C or
    SIGTERM. Without --profile-out the profile stands in a temporary folder for as long as the mock runs.
    """
    # imported here, so that the help needs no web framework
    from goatcheck.conduct.interrupts import heeding_interrupts  # noqa: PLC0415
    from goatcheck.contract import load  # noqa: PLC0415
    from goatcheck.faults import broken_world  # noqa: PLC0415
    from goatcheck.mock import serve  # noqa: PLC0415
    from goatcheck.mock.any_valid import any_valid  # noqa: PLC0415
    from goatcheck.model import Clock, as_edition, profile_toml, reference_world  # noqa: PLC0415

    edition = load(contract)
    _refuse_foreign(profile_out)
    world = reference_world(clock=Clock(time.time(), ticking=True))
    if form is not None:
        world = any_valid(world, form)
    world = as_edition(broken_world(world, faults), edition)
    try:
        with (
            heeding_interrupts(lambda: None),
            tempfile.TemporaryDirectory(prefix="goatcheck-") as folder,
            serve(world, port) as served,
        ):
            profile = profile_out or Path(folder) / "mock.toml"
            _write(profile, f"{_FIRST_LINE}\n{profile_toml(world, served.base_url, served.clock_url)}")
            click.echo(
                f"The mock is at {served.base_url} (its clock at {served.clock_url}).\n"
                f"Test it:  goatcheck run --profile {shlex.quote(str(profile))}\n"
                "Stop it with Ctrl-C."
            )
            threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("The mock has stopped.")
    except OSError as error:
        raise UsageError(
            f"Port {port} can't be used: {error.strerror}. Name another one, or leave out --port."
        ) from None


def _refuse_foreign(profile: Path | None) -> None:
    """Only a profile that this command has written is ever overwritten."""
    if profile is None or not profile.exists():
        return
    if not (profile.is_file() and profile.read_bytes().startswith(_FIRST_LINE.encode())):
        raise UsageError(f"{profile} was not written by goatcheck mock and stays as it is. Name another file.")


def _write(profile: Path, text: str) -> None:
    try:
        profile.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"{profile} can't be written: {error.strerror}. Name a file in a folder that is there."
        ) from None
