"""The pytest plugin: the suites as pytest items, one for each requirement, tried in goatcheck's own order.

Loaded with ``-p goatcheck.plugin``, never by entry point. It stays out of the way of every test that is no suite's.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from goatcheck.conduct.interrupts import handling_interrupts
from goatcheck.conduct.trial import OBSERVED, Check
from goatcheck.errors import UsageError
from goatcheck.report.model import Result
from goatcheck.session import Session, Wanted

SESSION: pytest.StashKey[Session] = pytest.StashKey()
WANTED: pytest.StashKey[Wanted] = pytest.StashKey()
CONSOLE: pytest.StashKey[Console] = pytest.StashKey()
REFUSED: pytest.StashKey[UsageError] = pytest.StashKey()

_BUG = 70
_EXITS = {pytest.ExitCode.USAGE_ERROR: 2, pytest.ExitCode.NO_TESTS_COLLECTED: 2, pytest.ExitCode.INTERNAL_ERROR: _BUG}
_FAILED = {"fail", "error"}
INTERRUPTED = 130
"""The exit code of a run that was stopped before it could say anything."""

_OPTIONS: dict[str, dict[str, Any]] = {
    "--base-url": {"metavar": "URL", "help": "the base URL of the target"},
    "--profile": {"metavar": "FILE", "type": Path, "help": "what the target offers, as TOML"},
    "--contract": {"metavar": "VERSION", "help": "the contract to hold it against"},
    "--only": {"metavar": "ID", "action": "append", "default": [], "help": "a requirement or a prefix; repeatable"},
    "--seed": {"metavar": "N", "help": "the seed of everything drawn, or 'random'"},
    "--max-requests": {"metavar": "N", "type": int, "help": "the most requests that may be sent; 0: no bound"},
    "--max-examples": {"metavar": "N", "type": int, "help": "the most random examples for each use"},
    "--strict": {"action": "store_true", "help": "a broken SHOULD fails too"},
    "--label": {"metavar": "TEXT", "default": "", "help": "a text that the report carries"},
    "--out": {"metavar": "DIR", "type": Path, "help": "where the reports go"},
    "--baseline": {"metavar": "REPORT", "type": Path, "help": "fail on what is worse than this report.json only"},
    "--resume": {"metavar": "JOURNAL", "type": Path, "help": "go on with a run that was cut short"},
}


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """The options of a run; they are those of `goatcheck run`.

    What pytest itself (--strict) or another plugin (--base-url) has already is left to it, and its value read.
    """
    _let_in_first("base_url", pluginmanager)
    group = parser.getgroup("goatcheck", "conformance of an API's errors (goatcheck)")
    for name, attributes in _OPTIONS.items():
        with suppress(ValueError, argparse.ArgumentError):
            group.addoption(name, **attributes)


def _let_in_first(name: str, pluginmanager: pytest.PytestPluginManager) -> None:
    """Register an installed plugin now: it would come after this one, and could not bear that its option is there."""
    if os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD") or pluginmanager.has_plugin(name):
        return
    for entry in entry_points(group="pytest11", name=name):
        if not pluginmanager.is_blocked(name):
            pluginmanager.register(entry.load(), name)


def pytest_configure(config: pytest.Config) -> None:
    """Refuse what makes no sense before anything is collected: wrong options, and more than one process."""
    if not _names_suites(config):
        return
    if getattr(config.option, "numprocesses", None):
        pytest.exit(
            "goatcheck's suites can't be spread over processes with -n: its checks share the keys, their pace and the "
            "budget of one target. Leave -n out; independent keys are used side by side anyway.",
            returncode=2,
        )
    _wanted(config)


def pytest_pycollect_makeitem(
    collector: pytest.Module | pytest.Class, name: str, obj: object
) -> list[pytest.Item] | None:
    """A marked function becomes the item of its requirement; the observing one becomes an item for each seen requirement."""
    check = getattr(obj, "goatcheck", None)
    if not isinstance(check, Check) or not isinstance(collector, pytest.Module):
        return None
    if check.function.__module__ != collector.obj.__name__ or name != check.function.__name__:
        return []
    contract = _wanted(collector.config).contract
    if check.requirement != OBSERVED:
        known = check.requirement in contract.by_id
        return [_item(collector, check.requirement, check)] if known else []
    return [_item(collector, r.id, check) for r in contract.requirements if r.how == "seen"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What `--only` does not name is deselected; what is only seen comes last."""
    ours = [item for item in items if isinstance(item, RequirementItem)]
    if not ours:
        return
    chosen = set(_wanted(config).selected)
    others = [item for item in items if not isinstance(item, RequirementItem)]
    kept = [item for item in ours if item.requirement in chosen]
    dropped = [item for item in ours if item.requirement not in chosen]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
    order = {name: number for number, name in enumerate(_wanted(config).contract.by_id)}
    kept.sort(key=lambda item: (item.check.requirement == OBSERVED, order[item.requirement]))
    items[:] = [*others, *kept]


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Iterator[None]:
    """Try every requirement that was collected, then let each item tell what came of it."""
    ours = [item for item in session.items if isinstance(item, RequirementItem)]
    if ours and not session.config.option.collectonly and not session.testsfailed:
        wanted = _wanted(session.config)
        everything = {item.requirement for item in ours} == set(wanted.contract.by_id)
        selection = () if everything else tuple(wanted.selection or [item.requirement for item in ours])
        console = session.config.stash.get(CONSOLE, None) or Console(highlight=False)
        run = Session(wanted, tuple(item.requirement for item in ours), selection, console)
        session.config.stash[SESSION] = run
        try:
            run.execute()
        except UsageError as error:
            session.config.stash[REFUSED] = error
            pytest.exit(str(error), returncode=2)
    return (yield)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The verdict is the ledger's, and so is the exit code, unless a test that is none of ours failed beside a good run."""
    run = session.config.stash.get(SESSION, None)
    if run is not None and run.report is not None:
        ours = sum(result.outcome in _FAILED for result in run.report.requirements)
        if run.report.exit_code or session.testsfailed <= ours:
            session.exitstatus = run.report.exit_code
    elif session.exitstatus is pytest.ExitCode.INTERRUPTED and _names_suites(session.config):
        # Ctrl-C, or suites that can't be read; what pytest.exit was told to exit with is a plain number
        session.exitstatus = _BUG if session.testsfailed else INTERRUPTED
    elif _names_suites(session.config):
        session.exitstatus = _EXITS.get(session.exitstatus, session.exitstatus)  # type: ignore[call-overload]


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """The outcome's own word instead of pytest's."""
    outcome = dict(report.user_properties).get("goatcheck") if report.when == "call" else None
    if not isinstance(outcome, str):
        return None
    category = {"pass": "passed", "fail": "failed", "error": "failed"}.get(outcome, outcome.replace("_", " "))
    return category, {"pass": ".", "fail": "F", "error": "E", "warn": "w"}.get(outcome, "s"), outcome.upper()


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Below pytest's own summary: the report, as `goatcheck run` prints it."""
    run = config.stash.get(SESSION, None)
    if run is not None and run.report is not None:
        terminalreporter.ensure_newline()
        run.print_report()


class Prepared:
    """A plugin by which `goatcheck run` hands over what it has checked already, and learns what came of it."""

    def __init__(self, wanted: Wanted, console: Console) -> None:
        self.wanted = wanted
        self.console = console
        self.config: pytest.Config | None = None
        self.trouble: list[str] = []
        self.calm = ExitStack()
        """Closed when all is told: once the reports are written, an interrupt has nothing left to end."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Put what is wanted where the plugin looks for it."""
        self.config = config
        config.stash[WANTED] = self.wanted
        config.stash[CONSOLE] = self.console

    def pytest_sessionfinish(self) -> None:
        """The reports are written, if there are any; what is left takes a moment."""
        self.calm.enter_context(handling_interrupts(lambda: None))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep what kept a suite from being read."""
        if report.failed:
            self.trouble.append(str(report.longrepr))

    def pytest_internalerror(self, excrepr: object) -> None:
        """Keep a crash of the machinery."""
        self.trouble.append(str(excrepr))

    def ended(self, code: int) -> int:
        """The exit code of a run without a report; what was refused is raised again, a crash is told as the bug that it is."""
        if self.config is not None and REFUSED in self.config.stash:
            raise self.config.stash[REFUSED]
        if code == INTERRUPTED:
            raise KeyboardInterrupt
        if self.trouble:
            raise RuntimeError("\n".join(self.trouble))
        return code


class RequirementItem(pytest.Item):
    """One requirement as a pytest item."""

    def __init__(self, *, requirement: str, check: Check, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.requirement = requirement
        self.check = check
        self.extra_keyword_matches.update({requirement, check.function.__name__})

    def runtest(self) -> None:
        """Tell the outcome in pytest's terms: only a pass passes, and what was not tried is skipped with its reason."""
        result = self.config.stash[SESSION].result(self.requirement)
        self.user_properties.append(("goatcheck", result.outcome))
        if result.outcome in _FAILED:
            raise RequirementBroken(result)
        if result.outcome not in {"pass", "warn"}:
            pytest.skip(f"{result.outcome}: {result.reason}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """A finding as text, without a traceback: nothing in goatcheck's own frames would help."""
        if isinstance(excinfo.value, RequirementBroken):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the check stands, and the requirement that it tries."""
        level = _wanted(self.config).contract.by_id[self.requirement].level
        # with the bare id pytest would print its dots as colons
        return self.path, self.check.function.__code__.co_firstlineno, f"{self.requirement} ({level})"


class RequirementBroken(Exception):  # noqa: N818 - it tells a finding, not an error of the program
    """Tells pytest that a requirement failed, or could not be judged."""

    def __init__(self, result: Result) -> None:
        lines = [f"{result.id} ({result.level}): {result.meaning}"]
        if result.outcome == "error":
            lines.append(f"error ({result.cause}): {result.reason}")
        for finding in result.findings:
            lines.append(f"- {finding.message} [{finding.operation}; {finding.cause or 'plain'}]")
            lines.append(f"  expected {finding.expected}, got {finding.got}")
            lines.append(f"  {finding.reproduce}")
        super().__init__("\n".join(lines).encode("ascii", "backslashreplace").decode())


def _item(collector: pytest.Module, requirement: str, check: Check) -> RequirementItem:
    item: RequirementItem = RequirementItem.from_parent(
        collector, name=requirement, requirement=requirement, check=check
    )
    return item


def _wanted(config: pytest.Config) -> Wanted:
    """What the options ask for; wrong ones end the run with exit code 2."""
    if WANTED not in config.stash:
        option = config.option
        try:
            config.stash[WANTED] = Wanted.of(
                base_url=getattr(option, "base_url", None),
                profile=option.profile,
                contract=option.contract,
                only=tuple(option.only),
                seed=option.seed,
                max_requests=option.max_requests,
                max_examples=option.max_examples,
                strict=bool(getattr(option, "strict", False)),
                label=option.label,
                out=option.out,
                resume=option.resume,
                baseline=option.baseline,
            )
        except UsageError as error:
            pytest.exit(str(error), returncode=2)
    return config.stash[WANTED]


def _names_suites(config: pytest.Config) -> bool:
    """Whether this pytest run is about the suites, by the folders that it was given."""
    from goatcheck.rooms import room  # noqa: PLC0415 - only asked when something is odd

    folder = room("suites").resolve()
    paths = [Path(config.invocation_params.dir, str(argument).partition("::")[0]).resolve() for argument in config.args]
    return any(path == folder or folder in path.parents for path in paths)
