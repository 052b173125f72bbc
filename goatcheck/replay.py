"""Sending one recorded request again, as it was, and judging what comes back."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text

from goatcheck.conduct.answer import Answer
from goatcheck.conduct.journal import Journal, read_journal
from goatcheck.conduct.run import Run
from goatcheck.conduct.standing import stands_on
from goatcheck.conduct.suites import all_checks
from goatcheck.errors import GeneratorError, Inconclusive, NotExercised, TargetGone, Unusable, UsageError
from goatcheck.exchange import Exchange
from goatcheck.report.text import excerpt, one_line
from goatcheck.session import Wanted


def replay_exchange(place: str, wanted: Wanted, console: Console) -> int:
    """Replay ``JOURNAL#N`` against the wanted target; 1 where what was found then is found again, else 0.

    What an observed check found then must be found again; what a check of the suites found is there again when the answer has
    the status and code that it had then. What the request aimed at is made first, where that run had made it. Raises UsageError for a place that is none, without a target, and for a request that
    must not or can't be sent to this one; Unusable where no answer comes.
    """
    exchange, journal = _recorded(place)
    if wanted.profile is None:
        raise UsageError(
            "--replay needs the target that the request was sent to: add --profile FILE or --base-url URL."
        )
    run = Run(wanted.contract, wanted.profile, all_checks(), wanted.selected, wanted.options)
    answer = _sent_again(exchange, journal, run)
    found = {name for name, problems in answer.problems.items() if problems}
    broken = _broken_then(journal, exchange.number)
    same = (answer.status, answer.response.code) == (exchange.response.status, exchange.response.code)
    again = {name for name in broken if name in found or (name not in answer.problems and same)}
    _show(answer, exchange, console)
    for told in run.leftovers:
        console.print(Text(one_line(told), style="yellow"))
    for name in sorted(found | again):
        was = "again" if name in broken else "new"
        console.print(Text(f"broken ({was}): {name}", style="red"))
    for name in sorted(set(broken) - again):
        console.print(Text(f"not broken any more: {name}", style="green"))
    if not broken and not found:
        console.print(Text("Nothing was broken then, nothing is now."))
    return 1 if again or found else 0


def _sent_again(exchange: Exchange, journal: Journal, run: Run) -> Answer:
    """The answer to the recorded request. What was sent without `writes` was harmless then, so it is now."""
    profile, name, method = run.profile, exchange.intent.key, exchange.request.method
    if name and profile.key(name) is None:
        raise UsageError(
            f"--replay: the request was sent with the key {name}, and the profile has no key of that name."
        )
    if method not in {"GET", "HEAD", "OPTIONS"} and not profile.writes and journal.header["profile"]["writes"]:
        raise UsageError(
            f"--replay: {method} may change the target, and its profile does not allow that: writes = true"
        )
    try:
        answer = run.replay(exchange, stands_on(exchange, journal.exchanges.values(), run.contract))
    except (NotExercised, GeneratorError) as reason:
        raise UsageError(f"--replay: {reason}") from None
    except (TargetGone, Inconclusive) as reason:
        raise Unusable(str(reason)) from None
    if answer.lost:
        raise Unusable(answer.disturbed)
    return answer


def _recorded(place: str) -> tuple[Exchange, Journal]:
    name, mark, number = place.rpartition("#")
    if not mark or not number.isascii() or not number.isdigit():
        raise UsageError(f"--replay {place}: expected a journal's file and a number, such as exchanges.jsonl#17")
    journal = read_journal(Path(name))
    exchange = journal.exchanges.get(int(number))
    if exchange is None:
        last = max(journal.exchanges, default=0)
        raise UsageError(f"--replay {place}: {name} has no exchange {number}; it has 1 to {last}")
    return exchange, journal


def _broken_then(journal: Journal, number: int) -> list[str]:
    """The requirements that the run found broken by that exchange."""
    judgements = [data for kind, data in journal.entries if kind == "judgement" and data["exchange"] == number]
    return list(dict.fromkeys(broken["requirement"] for data in judgements for broken in data["broken"]))


def _show(answer: Answer, then: Exchange, console: Console) -> None:
    request, response = answer.exchange.request, answer.response
    console.print(Text(one_line(f"{request.method} {request.target}"), style="bold"), soft_wrap=True)
    for name, value in request.headers:
        console.print(Text(one_line(f"  {name}: {value}"), style="dim"), soft_wrap=True)
    console.print(Text(f"then {then.response.status}, now {response.status}"))
    shown, left = excerpt(response.text, 2000, 40)
    console.print(Text(shown), soft_wrap=True)
    if left:
        console.print(Text(f"({left} more characters)", style="dim"))
