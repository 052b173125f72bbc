"""The shell around the commands: help without imports, one clear message for each kind of trouble, exit codes."""

import os
import runpy
import subprocess
import sys
from types import ModuleType

import click
import pytest
from click.testing import CliRunner

import goatcheck
from goatcheck.cli import COMMANDS, main
from goatcheck.cli.shell import Command, Shell
from goatcheck.errors import Unusable, UsageError

TOKEN = "tga_" + "0123456789abcdef" * 4


@pytest.fixture
def shell_with(monkeypatch):
    """A shell with one command "do", whose body is the given function."""

    def make(body):
        module = ModuleType("goatcheck_of_this_test")
        module.command = click.command("do")(body)
        monkeypatch.setitem(sys.modules, module.__name__, module)
        return Shell({"do": Command(module.__name__, "Do it.")})

    return make


def raising(error):
    def body():
        raise error

    return body


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (UsageError("the profile is odd"), 2, "goatcheck: the profile is odd\n"),
        (Unusable("nobody answers"), 5, "goatcheck: nobody answers\n"),
        (KeyboardInterrupt(), 130, "goatcheck: interrupted\n"),
        (click.FileError("x.toml", "is gone"), 2, "Error: Could not open file 'x.toml': is gone\n"),
        (SystemExit(3), 3, ""),
    ],
)
def test_each_kind_of_trouble_has_its_message_and_exit_code(shell_with, error, code, says):
    result = CliRunner().invoke(shell_with(raising(error)), ["do"])
    assert result.exit_code == code
    assert result.stderr.lstrip("\n") == says
    assert result.stdout == ""


def test_what_a_command_returns_or_exits_with_is_the_exit_code(shell_with):
    assert CliRunner().invoke(shell_with(lambda: 3), ["do"]).exit_code == 3
    assert CliRunner().invoke(shell_with(lambda: click.get_current_context().exit(4)), ["do"]).exit_code == 4
    assert CliRunner().invoke(shell_with(lambda: None), ["do"]).exit_code == 0


def test_an_error_that_should_not_happen_is_told_as_a_bug_without_a_trace(shell_with, monkeypatch):
    monkeypatch.delenv("GOATCHECK_TRACEBACK", raising=False)
    result = CliRunner().invoke(shell_with(raising(KeyError("tail"))), ["do"])
    assert result.exit_code == 70
    assert result.stderr == (
        "goatcheck: this is a bug of goatcheck, and says nothing about the target.\n"
        "  KeyError: 'tail' (goatcheck/cli/shell.py, line "
        f"{result.stderr.split('line ')[1].split(')')[0]})\n"
        "Please report this text and the command as CONTRIBUTING.md says; "
        f"this is goatcheck {goatcheck.__version__}.\n"
        "With GOATCHECK_TRACEBACK=1 the whole trace is printed.\n"
    )


def test_the_trace_of_a_bug_is_printed_where_it_is_asked_for_and_shows_no_key(shell_with, monkeypatch):
    monkeypatch.setenv("GOATCHECK_TRACEBACK", "1")
    result = CliRunner().invoke(shell_with(raising(ValueError(f"odd {TOKEN}"))), ["do"])
    assert result.exit_code == 70
    assert "Traceback (most recent call last)" in result.stderr
    assert "ValueError: odd tga_…" in result.stderr
    assert TOKEN not in result.stderr


def test_a_command_whose_module_is_broken_is_a_bug():
    broken = Shell({"do": Command("goatcheck_not_there", "Do it.")})
    result = CliRunner().invoke(broken, ["do"])
    assert result.exit_code == 70
    assert "ModuleNotFoundError: No module named 'goatcheck_not_there'" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["explian"], "There is no command 'explian'. Did you mean explain?"),
        (["zzz"], "There is no command 'zzz'."),
        (["--nope"], "No such option"),
        (["explain", "a", "b"], "Got unexpected extra argument (b)"),
    ],
)
def test_wrong_usage_exits_with_2(arguments, says):
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert says in result.stderr


def test_without_arguments_the_help_is_shown():
    result = CliRunner().invoke(main, [])
    assert result.exit_code == 2
    assert "Usage: goatcheck" in result.output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_help_at_80_columns_and_the_line_that_the_overview_shows(name):
    for option in ("-h", "--help"):
        result = CliRunner().invoke(main, [name, option], terminal_width=80)
        assert result.exit_code == 0
        assert result.output.startswith(f"Usage: goatcheck {name}")
        assert max(map(len, result.output.splitlines())) <= 80
    command = main.get_command(click.Context(main), name)
    assert command.get_short_help_str(limit=100) == COMMANDS[name].line


def test_the_version_is_told():
    assert CliRunner().invoke(main, ["--version"]).output == f"goatcheck, version {goatcheck.__version__}\n"


def test_the_package_is_the_same_program(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["somewhere/__main__.py", "--version"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("goatcheck", run_name="__main__", alter_sys=True)
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"goatcheck, version {goatcheck.__version__}\n"


def test_the_help_imports_no_command_and_nothing_heavy():
    code = (
        "import sys\nfrom goatcheck.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in "
        "{'hypothesis', 'schemathesis', 'httpx', 'starlette', 'uvicorn', 'jsonschema', 'jsonschema_rs', 'rich', 'yaml', 'pytest', 'jinja2'}"
        " or (name.startswith('goatcheck.') and name not in {'goatcheck.cli', 'goatcheck.cli.shell', 'goatcheck.errors'})))"
    )
    result = subprocess.run(  # noqa: S603 - this very interpreter
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert result.stdout.splitlines()[-1] == "[]"


@pytest.mark.skipif(os.name != "posix", reason="pipes end otherwise on Windows")
def test_a_reader_that_goes_away_is_no_verdict():
    read, write = os.pipe()
    os.close(read)
    process = subprocess.run(
        [sys.executable, "-W", "error", "-c", "from goatcheck.cli import main; main()", "explain"],
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=60,
    )
    os.close(write)
    assert (process.returncode, process.stderr) == (141, "")


def test_the_names_of_commands_are_completed():
    environ = {"_GOATCHECK_COMPLETE": "bash_complete", "COMP_WORDS": "goatcheck expl", "COMP_CWORD": "1"}
    assert CliRunner().invoke(main, env=environ).output == "plain,explain\n"
