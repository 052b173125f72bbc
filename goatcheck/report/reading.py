"""How a report is read: what comes first, in which words. Shared by every renderer for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from itertools import chain

from goatcheck.report.model import OUTCOMES, Report, Result

OUTCOME_WORDS: Mapping[str, str] = {
    "pass": "passed",
    "fail": "failed",
    "warn": "warned",
    "waived": "waived",
    "error": "in error",
    "not_exercised": "not exercised",
    "not_applicable": "not applicable",
    "not_testable": "not testable",
}
"""Each outcome in words for people."""

ERROR_CAUSES: Mapping[str, str] = {
    "suite": "a fault of goatcheck's own",
    "target": "the target went away",
    "inconclusive": "something else got in the way",
}
"""What each cause of the outcome `error` means."""

SOURCES: Mapping[str, str] = {
    "S": "the Errors page of the API's documentation",
    "P": "another page of the API's documentation",
    "D": "what follows from the API's documentation",
}
"""What each letter of a requirement's source means."""

_MEANINGS = {
    "400": "invalid input",
    "401": "bad key",
    "402": "plan limit",
    "403": "not allowed",
    "404": "not found",
    "409": "conflict",
    "410": "removed route",
    "429": "rate limited",
    "500": "server error",
    "envelope": "every error",
    "success": "every success",
}

_BROKEN = ("fail", "warn", "waived")
WORST_FIRST = (*_BROKEN, "error", "not_exercised", "not_applicable", "not_testable", "pass")
"""Every outcome, in the order in which a reader wants to know of it."""
_TOLD_BY_REASON = ("not_exercised", "not_applicable", "not_testable")


def meaning_of(status: str) -> str:
    """A few words on a row of the status table; HTTP's own phrase for a status that the contract gained later."""
    if status in _MEANINGS:
        return _MEANINGS[status]
    return HTTPStatus(int(status)).phrase.lower() if status in {str(s.value) for s in HTTPStatus} else ""


def counts(results: Iterable[Result]) -> Mapping[str, int]:
    """How many results ended in each outcome, in the order of OUTCOMES, without those that none ended in."""
    found = Counter(result.outcome for result in results)
    return {outcome: found[outcome] for outcome in OUTCOMES if found[outcome]}


def in_words(outcomes: Mapping[str, int]) -> Mapping[str, str]:
    """Each outcome that was reached, with its count in words such as "9 passed", in the order of OUTCOMES."""
    return {o: f"{outcomes[o]} {OUTCOME_WORDS[o]}" for o in OUTCOMES if outcomes.get(o)}


def variants_in_words(status: str, variants: Mapping[str, int]) -> tuple[str, ...]:
    """Each variant with its count, such as "limit 40": without the status that they all share."""
    return tuple(f"{name.removeprefix(status + '.')} {count}" for name, count in sorted(variants.items()))


def broken(report: Report) -> tuple[Result, ...]:
    """The broken requirements, worst first: failed before warned before waived, MUST before SHOULD."""
    found = [result for result in report.requirements if result.outcome in _BROKEN]
    return tuple(sorted(found, key=lambda r: (_BROKEN.index(r.outcome), r.level != "MUST")))


def errors(report: Report) -> tuple[Result, ...]:
    """The requirements whose trial ended in an error, MUST before SHOULD."""
    return tuple(sorted((r for r in report.requirements if r.outcome == "error"), key=lambda r: r.level != "MUST"))


def by_reason(report: Report, outcome: str) -> Mapping[str, tuple[Result, ...]]:
    """The results with that outcome, those of one reason together, MUST before SHOULD."""
    found: dict[str, list[Result]] = {}
    for result in sorted(report.requirements, key=lambda r: r.level != "MUST"):
        if result.outcome == outcome:
            found.setdefault(result.reason, []).append(result)
    return {reason: tuple(results) for reason, results in found.items()}


def groups(report: Report) -> Mapping[str, Mapping[str, tuple[Result, ...]]]:
    """All results by outcome, worst first, MUST before SHOULD; those that were not tried by reason, all else under ""."""
    found: dict[str, Mapping[str, tuple[Result, ...]]] = {}
    for outcome in WORST_FIRST:
        reasons = by_reason(report, outcome)
        if outcome in _TOLD_BY_REASON or not reasons:
            found[outcome] = reasons
        else:
            found[outcome] = {"": tuple(sorted(chain(*reasons.values()), key=lambda r: r.level != "MUST"))}
    return {outcome: parts for outcome, parts in found.items() if parts}


def headline(report: Report) -> str:
    """The verdict in one short sentence."""
    sentence = _HEADLINES[report.verdict](report)
    return f"{sentence} (only {', '.join(report.run.selection)})" if report.run.selection else sentence


def first_step(report: Report) -> str:
    """What a reader should do first, in a sentence or two."""
    return _FIRST_STEPS[report.verdict](report)


def facts(report: Report) -> Mapping[str, str]:
    """What was tested and how, as short labels and values."""
    run, target = report.run, report.target
    where = f"{target.name} ({target.kind})" + (f" at {target.base_url}" if target.base_url else "")
    return {
        "target": where,
        **({"label": target.label} if target.label else {}),
        "contract": report.contract,
        "seed": str(run.seed),
        "started": run.started,
        "requests": f"{number(run.requests, 'request')} in {run.seconds:.1f} s",
        **({"mock": by_whom} if (by_whom := _by_whom(report)) else {}),
        **({"selection": ", ".join(run.selection)} if run.selection else {}),
    }


def _by_whom(report: Report) -> str:
    """Of a mock: how many requirements are broken by its examples, by its own behaviour, and by what its kind can't do."""
    doing = Counter(answer for r in broken(report) for answer in {f.answer for f in r.findings})
    words = {
        "example": "by its examples",
        "own behaviour": "by its own behaviour",
        "can't do": "beyond what such a mock can do",
    }
    told = [f"{doing[answer]} {text}" for answer, text in words.items() if doing[answer]]
    return f"broken: {', '.join(told)}" if told else ""


def number(count: int, noun: str) -> str:
    """A count with its noun: "1 request", "2 requests"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _failed(report: Report) -> str:
    levels = Counter(r.level for r in report.requirements if r.outcome in {"fail", "warn"})
    parts = [" and ".join(number(levels[level], level) for level in ("MUST", "SHOULD") if levels[level]) + " broken"]
    gone = _vanished(report)
    return "; ".join(
        (parts if levels or not gone else []) + ([f"{len(gone)} of the baseline not there"] if gone else [])
    )


def _vanished(report: Report) -> list[str]:
    """The requirements that the baseline has and the report has not."""
    return (
        [change.requirement for change in report.baseline.changes if change.kind == "vanished"]
        if report.baseline
        else []
    )


def _untried(report: Report) -> str:
    musts = [r for r in report.requirements if r.level == "MUST"]
    untried = sum(r.outcome == "not_exercised" for r in musts)
    failing = sum(r.outcome == "error" for r in musts)
    parts = [f"{number(untried, 'MUST')} not exercised"] if untried else []
    parts += [f"{number(failing, 'MUST')} in error"] if failing else []
    return "nothing broken, but " + (" and ".join(parts) or "not everything was tried")


def _all_good(report: Report) -> str:
    found = counts(report.requirements)
    waived, warned = found.get("waived", 0), found.get("warn", 0)
    untried = any(r.outcome == "not_exercised" and r.level == "MUST" for r in report.requirements)
    held = f"every MUST {'that was tried ' if untried else ''}holds"
    listed = "the profile lists or the baseline has" if report.baseline else "the profile lists"
    return (held if not waived else f"nothing broken but what {listed} ({waived})") + (
        f"; {number(warned, 'SHOULD')} broken" if warned else ""
    )


def _note(report: Report, otherwise: str) -> str:
    return report.notes[0] if report.notes else otherwise


def _start_with_worst(report: Report) -> str:
    worst = next((result for result in broken(report) if result.findings and result.outcome != "waived"), None)
    if worst is None:
        gone = _vanished(report)
        return f"Find out why {gone[0]} is not judged any more." if gone else "Look at the requirements marked failed."
    return f"Start with {worst.id}: {worst.findings[0].message}"


def _fill_the_gap(report: Report) -> str:
    if report.target.kind == "recorded" and report.notes:
        return report.notes[0]
    if report.advice:
        return "Add what is listed below to the profile, so that more can be tried."
    reasons = by_reason(report, "not_exercised") or by_reason(report, "error")
    return next(iter(reasons), "") or "Look at what was not exercised, and why."


_HEADLINES: Mapping[str, Callable[[Report], str]] = {
    "conformant": _all_good,
    "nonconformant": _failed,
    "partial": _untried,
    "stale": lambda _: "a waiver no longer fits what was found",
    "unusable": lambda _: "the target could not be judged",
    "interrupted": lambda _: "stopped before the end; this is what was done until then",
}

_FIRST_STEPS: Mapping[str, Callable[[Report], str]] = {
    "conformant": lambda _: "Nothing to do. Keep report.json as the baseline for the next run.",
    "nonconformant": _start_with_worst,
    "partial": _fill_the_gap,
    "stale": lambda report: _note(report, "Remove or renew the waiver in the profile."),
    "unusable": lambda report: _note(report, "See what the target answers with: goatcheck doctor."),
    "interrupted": lambda _: "Run it again to the end before relying on it.",
}
