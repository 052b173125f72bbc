"""From a journal back to the report: the same facts, read instead of lived through."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from goatcheck.conduct.earlier import retell
from goatcheck.conduct.journal import Journal, read_journal
from goatcheck.conduct.ledger import Ledger
from goatcheck.contract import Contract
from goatcheck.contract.loading import load
from goatcheck.errors import UsageError
from goatcheck.profile.parts import Call, Fixture, Force, Key, Profile, Waiver
from goatcheck.report import model
from goatcheck.report.baseline import baseline_of
from goatcheck.report.build import Facts, build_report


def rebuilt(path: Path) -> model.Report:
    """The report of the run that wrote this journal. Raises UsageError where it is no journal, or none that we know."""
    journal = read_journal(path)
    try:
        facts = _facts(journal, path)
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{path} is a journal of another goatcheck, or damaged: {error!r}") from error
    return build_report(facts, dt.datetime.now(dt.UTC).date())


def _facts(journal: Journal, path: Path) -> Facts:
    header = journal.header
    footer = journal.footer or _cut(journal)
    contract = load(header["contract"])
    return Facts(
        contract=contract,
        profile=profile_from(header["profile"]),
        ledger=_ledger(journal, contract),
        selected=tuple(header["selected"]),
        selection=tuple(header["selection"]),
        run=model.Run(**{**footer["run"], "selection": tuple(footer["run"]["selection"])}),
        strict=header["strict"],
        interrupted=footer["interrupted"],
        unusable=footer["unusable"],
        label=header["label"],
        command=header["command"],
        journal=str(path),
        unforced=footer["unforced"],
        leftovers=tuple(footer["leftovers"]),
        remarks=tuple(footer["remarks"]),
        baseline=baseline_of(header.get("baseline")),
    )


def _ledger(journal: Journal, contract: Contract) -> Ledger:
    """All facts of a journal. What a killed run had begun to try, and no more, is told as untried: half a trial is no pass."""
    ledger = Ledger()
    retell(journal, ledger)
    if journal.footer is None:
        ended = {data["requirement"] for kind, data in journal.entries if kind == "took"}
        for requirement in contract.requirements:
            record = ledger.record(requirement.id)
            if requirement.how == "sent" and requirement.id not in ended and not record.error:
                ledger.untried(requirement.id, "the run was killed before it was tried in full")
    return ledger


def _cut(journal: Journal) -> dict[str, Any]:
    """The footer that a killed run did not write, as far as its exchanges tell."""
    exchanges = journal.exchanges.values()
    return {
        "run": {
            "seed": journal.header["seed"],
            "started": journal.header["started"],
            "seconds": max((exchange.received for exchange in exchanges), default=0.0),
            "requests": len(journal.exchanges),
            "requests_per_key": dict(sorted(Counter(exchange.intent.key for exchange in exchanges).items())),
            "selection": journal.header["selection"],
            "complete": False,
        },
        "interrupted": True,
        "unusable": "",
        "unforced": {},
        "remarks": [],
        "leftovers": ["The run was killed: what it had made may be left on the target."],
    }


def profile_from(data: Mapping[str, Any]) -> Profile:
    """The profile that a journal's header holds; its keys have no tokens."""
    return Profile(
        **{
            **data,
            "keys": tuple(Key(**{**key, "token": "", "scopes": tuple(key["scopes"])}) for key in data["keys"]),
            "fixtures": {name: Fixture(**fixture) for name, fixture in data["fixtures"].items()},
            "force": _force(data["force"]),
            "waivers": tuple(
                Waiver(**{**w, "until": dt.date.fromisoformat(w["until"]) if w["until"] else None})
                for w in data["waivers"]
            ),
        }
    )


def _force(data: Mapping[str, Any] | None) -> Force | None:
    if data is None:
        return None
    calls = {name: Call(**data[name]) if data[name] else None for name in ("before", "after")}
    return Force(**{**data, **calls, **{name: tuple(data[name]) for name in ("media_types", "markers")}})
