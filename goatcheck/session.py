"""A run from its options to its report: target or embedded mock, journal, progress, files."""

from __future__ import annotations

import datetime as dt
import difflib
import os
import random
import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from rich.console import Console

from goatcheck import __version__
from goatcheck.conduct.earlier import Earlier
from goatcheck.conduct.interrupts import holding_interrupts
from goatcheck.conduct.journal import JournalWriter
from goatcheck.conduct.run import Options, Run, new_marker, selected
from goatcheck.conduct.secrets import Secrets
from goatcheck.conduct.suites import all_checks
from goatcheck.contract import Contract
from goatcheck.contract.loading import CURRENT, load, versions
from goatcheck.drawing import Draw
from goatcheck.errors import UsageError
from goatcheck.profile import load_profile, loopback_profile
from goatcheck.profile.parts import Profile
from goatcheck.report import model
from goatcheck.report.baseline import baseline_data, baseline_from, baseline_of
from goatcheck.report.build import Facts, build_report
from goatcheck.report.comparing import Baseline
from goatcheck.report.files import default_folder, write_reports
from goatcheck.report.progress import RunProgress
from goatcheck.report.telling import tell
from goatcheck.resume import EMBEDDED, earlier_of, refuse_another, refuse_another_profile

JOURNAL = "exchanges.jsonl"
"""The journal's name in the folder of a run."""


PLENTY = 1_000_000
"""A bound on requests that no run reaches. Without one at all more would be sent."""


@dataclass(frozen=True)
class Wanted:
    """What a user asked for, checked. `profile` None means the embedded mock; `profile_file` "" that none was given, `base_url`
    "" that the profile's is meant.

    `selection` is what was asked for, `selected` the ids that it means. `folder` is where the reports go.
    """

    profile: Profile | None
    contract: Contract
    selection: tuple[str, ...]
    selected: tuple[str, ...]
    options: Options
    folder: Path
    profile_file: str = ""
    max_requests: int | None = None
    earlier: Earlier | None = None
    baseline: Baseline | None = None
    base_url: str = ""

    @classmethod
    def of(
        cls,
        *,
        base_url: str | None = None,
        profile: Path | None = None,
        contract: str | None = None,
        only: Sequence[str] = (),
        seed: str | None = None,
        max_requests: int | None = None,
        max_examples: int | None = None,
        strict: bool = False,
        label: str = "",
        out: Path | None = None,
        resume: Path | None = None,
        baseline: Path | None = None,
    ) -> Wanted:
        """The options of a command line, checked. Raises UsageError that says what is wrong and what to do.

        `resume` is the journal of a run to go on with: contract, seed, selection and baseline are its own. `baseline`
        is the report.json of an earlier run.
        """
        earlier = earlier_of(resume) if resume else None
        header = earlier.journal.header if earlier else {}
        if earlier:
            refuse_another("contract", contract, header, "--contract")
            refuse_another("seed", None if seed is None else _seed(seed), header, "--seed")
            refuse_another("selection", list(only) or None, header, "--only")
        loaded = load(header.get("contract") or contract or CURRENT)
        number = header.get("seed", _seed(seed))
        for option, value in (("--max-requests", max_requests), ("--max-examples", max_examples)):
            if value is not None and value < 0:
                raise UsageError(f"{option} is {value}; expected 0 or more")
        target = _profile(base_url, profile)
        if target is not None:
            _check_ids(target, loaded)
            target = target if max_requests is None else replace(target, max_requests=max_requests)
            if earlier:
                refuse_another_profile(profile_data(target), header)
        elif earlier and header["profile"]["name"] != EMBEDDED:
            raise UsageError(
                f"--resume: the run was one of {header['profile']['base_url']}; add its --profile or --base-url"
            )
        options = Options(
            seed=number,
            max_examples=header.get("max_examples", Options.max_examples) if max_examples is None else max_examples,
            strict=strict or header.get("strict", False),
            label=label or header.get("label", ""),
        )
        folder = out or default_folder()
        if resume and (folder / JOURNAL).exists() and (folder / JOURNAL).samefile(resume):
            raise UsageError(f"--out {folder} holds the journal to resume; choose another folder for what comes of it")
        return cls(
            target,
            loaded,
            tuple(header.get("selection", only)),
            tuple(header.get("selected", _selected(loaded, only))),
            options,
            folder,
            str(profile or ""),
            max_requests,
            earlier,
            baseline_from(baseline, loaded.version) if baseline else baseline_of(header.get("baseline")),
            base_url or "",
        )


@dataclass
class Session:
    """One run in the making. `execute` fills `report` and `files`; `draw` may be shared by several sessions."""

    wanted: Wanted
    selected: tuple[str, ...]
    selection: tuple[str, ...] = ()
    console: Console = field(default_factory=Console)
    draw: Draw | None = None
    marker: str = field(default_factory=new_marker)
    report: model.Report | None = None
    files: tuple[Path, ...] = ()

    def execute(self) -> model.Report:
        """Do the run and write its reports. Raises UsageError where they can't be written."""
        with _target(self.wanted) as profile:
            folder = _folder(self.wanted.folder)
            secrets = Secrets({key.name: key.token for key in profile.keys})
            with JournalWriter(folder / JOURNAL, self._header(profile), secrets) as journal:
                run = self._run(profile, journal)
                with holding_interrupts():
                    self._tell(run, journal, folder)
        if self.report is None:
            raise AssertionError("a run that was told of has a report")
        return self.report

    def _tell(self, run: Run, journal: JournalWriter, folder: Path) -> None:
        """End the journal, and write the reports beside it."""
        facts = facts_of(
            run, selection=self.selection, command=command_of(self.wanted), journal=str(_short(folder / JOURNAL))
        )
        facts = replace(facts, baseline=self.wanted.baseline)
        if run.budget.exhausted and not (run.interrupted or run.unusable):
            facts = replace(facts, remarks=(self._whole(run.profile),))
        journal.close(footer_of(facts))
        self.report = build_report(facts, dt.datetime.now(dt.UTC).date())
        self.files = (*write_reports(self.report, folder), folder / JOURNAL)

    def result(self, requirement: str) -> model.Result:
        """What the report says of one requirement."""
        if self.report is None:
            raise AssertionError("the run comes before its results")
        return next(r for r in self.report.requirements if r.id == requirement)

    def print_report(self, *, quiet: bool = False) -> None:
        """Print the report on the console."""
        if self.report is not None:
            tell(self.report, self.console, os.environ, files=[_short(path) for path in self.files], quiet=quiet)

    def _run(self, profile: Profile, journal: JournalWriter) -> Run:
        wanted = self.wanted
        run = Run(
            wanted.contract,
            profile,
            all_checks(),
            self.selected,
            wanted.options,
            journal=journal,
            draw=self.draw,
            marker=self.marker,
            earlier=wanted.earlier,
            told=lambda name: progress.advance(name, self._broken(run), counts=name in sent),
        )
        sent = {requirement.id for requirement in run.requirements if requirement.how == "sent"}
        with RunProgress(self.console, len(sent), self._time_left(run)) as progress:
            run.execute()
        return run

    def _broken(self, run: Run) -> int:
        """How many of the selected requirements were seen broken so far."""
        return sum(bool(run.ledger.record(name).breaches) for name in self.selected)

    def _time_left(self, run: Run) -> Callable[[], float] | None:
        """How long the run still takes, where its pace makes it long and somebody is there to see it: it is rehearsed for that."""
        paced = run.profile.requests_per_minute and not run.profile.clock
        if not (paced and self.console.is_terminal):
            return None
        from goatcheck.plan import plan_of  # noqa: PLC0415 - a run in a log is not rehearsed

        plan = plan_of(self.wanted)
        return lambda: plan.seconds_left(run.budget.requests_per_key)

    def _whole(self, profile: Profile) -> str:
        """How many requests the run wanted that its bound has ended."""
        from goatcheck.plan import plan_of  # noqa: PLC0415 - it is rehearsed only where a budget was too small

        wants = plan_of(replace(self.wanted, profile=replace(profile, max_requests=PLENTY))).requests
        return (
            f"The {profile.max_requests} requests of target.max_requests (--max-requests) did not suffice: a whole run wants "
            f"about {wants}. See: goatcheck run --plan"
        )

    def _header(self, profile: Profile) -> dict[str, object]:
        """What the journal starts with: all that its report needs, but for the exchanges."""
        return {
            "goatcheck": __version__,
            "contract": self.wanted.contract.version,
            "profile": profile_data(profile),
            "selected": list(self.selected),
            "selection": list(self.selection),
            "seed": self.wanted.options.seed,
            "strict": self.wanted.options.strict,
            "label": self.wanted.options.label,
            "max_examples": self.wanted.options.max_examples,
            "markers": [*(self.wanted.earlier.markers if self.wanted.earlier else ()), self.marker],
            "started": self.wanted.earlier.journal.header["started"] if self.wanted.earlier else _now(),
            "command": command_of(self.wanted),
            "baseline": baseline_data(self.wanted.baseline),
        }


def facts_of(
    run: Run, *, selection: tuple[str, ...] = (), command: str = "goatcheck run", journal: str = JOURNAL
) -> Facts:
    """What a report is made of, once a run has been executed; `command` and `journal` go into its reproduction lines."""
    return Facts(
        contract=run.contract,
        profile=run.profile,
        ledger=run.ledger,
        selected=run.selected,
        selection=selection,
        run=model.Run(
            seed=run.options.seed,
            started=run.earlier.journal.header["started"]
            if run.earlier
            else dt.datetime.fromtimestamp(run.started, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            seconds=round(run.seconds, 3),
            requests=run.budget.requests,
            requests_per_key=run.budget.requests_per_key,
            selection=selection,
            complete=not run.interrupted,
        ),
        strict=run.options.strict,
        interrupted=run.interrupted,
        unusable=run.unusable,
        label=run.options.label,
        command=command,
        journal=journal,
        unforced=run.unforced,
        leftovers=tuple(run.leftovers),
    )


def footer_of(facts: Facts) -> dict[str, object]:
    """What a journal ends with: how the run ended, in figures."""
    return {
        "run": asdict(facts.run),
        "interrupted": facts.interrupted,
        "unusable": facts.unusable,
        "unforced": dict(facts.unforced or {}),
        "leftovers": list(facts.leftovers),
        "remarks": list(facts.remarks),
    }


def profile_data(profile: Profile) -> dict[str, object]:
    """A profile as JSON, without its keys' tokens and without the values of its headers, which may be secrets too."""
    data = asdict(profile)
    for key in data["keys"]:
        del key["token"]
    data["headers"] = dict.fromkeys(profile.headers, "")
    for waiver in data["waivers"]:
        waiver["until"] = waiver["until"].isoformat() if waiver["until"] else None
    return data


def command_of(wanted: Wanted) -> str:
    """The command that sends to the same target again, without what it should do there."""
    words = ["goatcheck", "run"]
    if wanted.profile_file:
        words += ["--profile", wanted.profile_file]
    if wanted.base_url:
        words += ["--base-url", wanted.base_url]
    return shlex.join(words)


@contextmanager
def _target(wanted: Wanted) -> Iterator[Profile]:
    """The profile to test by: the user's, or that of the reference mock, served for as long as the context is open."""
    if wanted.profile is not None:
        yield wanted.profile
        return
    from goatcheck.mock import serve  # noqa: PLC0415 - a web server is needed only here
    from goatcheck.model import as_edition, reference_world  # noqa: PLC0415

    world = as_edition(reference_world(), wanted.contract)
    with serve(world) as served:
        profile = replace(world.profile, name=EMBEDDED, base_url=served.base_url, clock=served.clock_url)
        yield profile if wanted.max_requests is None else replace(profile, max_requests=wanted.max_requests)


def _profile(base_url: str | None, profile: Path | None) -> Profile | None:
    if profile is not None:
        return load_profile(profile, os.environ, base_url)
    return loopback_profile(base_url) if base_url else None


def _seed(text: str | None) -> int:
    if text is None:
        return Options.seed
    if text == "random":
        return random.SystemRandom().getrandbits(32)
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise UsageError(f"--seed is {text!r}; expected a whole number, or 'random'")
    return int(text)


def _selected(contract: Contract, only: Sequence[str]) -> tuple[str, ...]:
    for wanted in only:
        if not selected(contract, [wanted]):
            near = difflib.get_close_matches(wanted, contract.by_id, n=3)
            hint = f"did you mean {' or '.join(near)}?" if near else "'goatcheck explain' lists them all."
            raise UsageError(f"--only {wanted}: contract {contract.version} has no such requirement; {hint}")
    return selected(contract, only)


def _check_ids(profile: Profile, contract: Contract) -> None:
    """What the profile says of requirements must be about requirements that there are, in whatever version of the contract;
    waivers may be stale instead.
    """
    for table in ("cannot", "not_applicable", "accept_untried"):
        for name in getattr(profile, table):
            if name not in contract.by_id and not any(name in load(version).by_id for version in versions()):
                near = difflib.get_close_matches(name, contract.by_id, n=1)
                hint = f"did you mean {near[0]}?" if near else "'goatcheck explain' lists them all."
                raise UsageError(f"{table}.{name!r}: contract {contract.version} has no such requirement; {hint}")


def _folder(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"--out {folder} can't be made: {error.strerror}. Choose another folder.") from error
    return folder


def _short(path: Path) -> Path:
    """A path as a person would write it: relative where it is below the working folder."""
    here = Path.cwd()
    absolute = path.absolute()
    return absolute.relative_to(here) if here in absolute.parents else path


def _now() -> str:
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
