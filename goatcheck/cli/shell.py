"""The shell around every command: help without imports, one clear message for each kind of trouble, exit codes.

| exit code | meaning here |
|---|---|
| what the command returned or exited with | it went to its end; 0 where it said nothing |
| 2 | wrong usage: click's own errors, and UsageError |
| 5 | the target can't be judged: Unusable |
| 70 | a bug of goatcheck |
| 130 | interrupted |
| 141 | the reader of our output went away, as a shell reports it |
"""

from __future__ import annotations

import difflib
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click

import goatcheck
from goatcheck.errors import Unusable, UsageError

EXIT_USAGE, EXIT_UNUSABLE, EXIT_BUG, EXIT_INTERRUPTED, EXIT_PIPE = 2, 5, 70, 130, 141
TRACEBACK_VARIABLE = "GOATCHECK_TRACEBACK"

_EPILOG = "Without any preparation: goatcheck run"
_PACKAGE = Path(goatcheck.__file__).parent


@dataclass(frozen=True)
class Command:
    """Where a command is (a module with a click command named `command`), and its line in the help."""

    module: str
    line: str


class Shell(click.Group):
    """A click group that imports a command only when it is run or its own help is asked for."""

    def __init__(self, commands: Mapping[str, Command]) -> None:
        super().__init__(
            name="goatcheck",
            help="Conformance suite of the trackagoat v1 error contract.",
            epilog=_EPILOG,
            context_settings={"help_option_names": ["-h", "--help"]},
        )
        self.known = commands
        click.version_option(goatcheck.__version__, prog_name="goatcheck")(self)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names of all commands, in the order in which a newcomer needs them."""
        return list(self.known)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """The command of that name, imported now."""
        if cmd_name not in self.known:
            near = difflib.get_close_matches(cmd_name, self.known, n=1)
            ctx.fail(f"There is no command {cmd_name!r}." + (f" Did you mean {near[0]}?" if near else ""))
        command: click.Command = import_module(self.known[cmd_name].module).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """The list of commands in the help, from their lines alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.line) for name, command in self.known.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a reader of our output that went away ends it with an exit code of its own."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            # what is still in the buffer goes nowhere, else the interpreter complains at its end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(EXIT_PIPE)
        return result

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any) -> NoReturn:  # type: ignore[override] # never returns
        """Run with the arguments (the process' own by default) and exit; what a command returns is the exit code."""
        extra["standalone_mode"] = False
        try:
            code = super().main(args, prog_name or "goatcheck", **extra)
        except click.ClickException as error:
            error.show()
            sys.exit(EXIT_USAGE)
        except UsageError as error:
            _end(EXIT_USAGE, str(error))
        except Unusable as error:
            _end(EXIT_UNUSABLE, str(error))
        except (click.Abort, KeyboardInterrupt):
            _end(EXIT_INTERRUPTED, "interrupted")
        except Exception as error:  # noqa: BLE001 - the last line of defence: a bug must never look like a verdict
            _end(EXIT_BUG, _bug(error))
        sys.exit(code if isinstance(code, int) else 0)


def _end(code: int, text: str) -> NoReturn:
    click.echo(f"goatcheck: {text}", err=True)
    sys.exit(code)


def _bug(error: Exception) -> str:
    """A short text on an error that should not have happened; with GOATCHECK_TRACEBACK=1 the trace follows."""
    from goatcheck.profile.problems import masked  # noqa: PLC0415 - imports the validator, which a good run may not need

    more = f"With {TRACEBACK_VARIABLE}=1 the whole trace is printed."
    if os.environ.get(TRACEBACK_VARIABLE) == "1":
        more = "".join(traceback.format_exception(error))
    return masked(
        "this is a bug of goatcheck, and says nothing about the target.\n"
        f"  {type(error).__name__}: {error} ({_place(error)})\n"
        "Please report this text and the command as CONTRIBUTING.md says; "
        f"this is goatcheck {goatcheck.__version__}.\n"
        f"{more}"
    )


def _place(error: Exception) -> str:
    """Where in goatcheck it happened, as far inside as known; this very module is always among the frames."""
    frames = traceback.extract_tb(error.__traceback__)
    inner = [frame for frame in frames if Path(frame.filename).is_relative_to(_PACKAGE)][-1]
    return f"goatcheck/{Path(inner.filename).relative_to(_PACKAGE).as_posix()}, line {inner.lineno}"
