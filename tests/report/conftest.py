"""Reports made by hand for the tests of the renderers."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from goatcheck.report.model import (
    EXIT_CODES,
    Burst,
    BurstAnswer,
    Cell,
    Change,
    Comparison,
    Coverage,
    Finding,
    Message,
    Report,
    Result,
    Run,
    StatusRow,
    TargetInfo,
)

HOSTILE = (
    "</script></style></pre></details><script>alert(1)</script><img src=https://evil.example/x onerror=alert(1)>"
    "]]>&lt;<!-- ```` ``` ` | \\| **b** [x](https://evil.example) @everyone #1 www.evil.example"
    " \x1b[31mred\x1b]0;title\x07 [red]markup[/red] \u202eevil\u202c \x00 \ud800 \x85 \u2028 \ufeff \U000e0001 \ufffe"
)
"""What a target could send to break out of each format."""

SEED = 20_260_601


def message(line="GET /api/v1/creators HTTP/1.1", body="", cut=0, headers=(("Authorization", "Bearer ‹key:reader›"),)):
    return Message(line=line, headers=headers, body=body, cut=cut)


def finding(text="Retry-After and meta.retryAfter are 3 s apart", **changes):
    made = Finding(
        message=text,
        where="/meta/retryAfter",
        expected="7, as in Retry-After",
        got="10",
        operation="GET /creators",
        cause="burst",
        purpose="A key that sends more than its minute allows is told how long to wait.",
        number=17,
        request=message(),
        response=message(
            "HTTP/1.1 429 Too Many Requests",
            '{"data": null, "error": "Rate limit exceeded", "meta": {"code": "rate_limit_exceeded", "retryAfter": 10}}',
            headers=(("Content-Type", "application/json"), ("Retry-After", "7")),
        ),
        curl="curl -i 'http://127.0.0.1:8123/api/v1/creators' -H \"Authorization: Bearer $GOAT_READER\"",
        reproduce="goatcheck run --profile profiles/staging.toml --replay reports/runs/exchanges.jsonl#17",
    )
    return replace(made, **changes)


def result(id, outcome="pass", level="MUST", **changes):  # noqa: A002 - the model's own name
    group = id.split(".")[0]
    made = Result(
        id=id,
        level=level,
        status=group if group.isdigit() or group == "success" else "envelope",
        outcome=outcome,
        judged=41 if outcome in {"pass", "fail", "warn", "waived"} else 0,
        seconds=0.25,
        meaning=f"What {id} demands of the target.",
        findings=(finding(),) if outcome in {"fail", "warn", "waived"} else (),
    )
    return replace(made, **changes)


def report(*results, verdict="conformant", **changes):
    rows = {}
    for one in results:
        rows.setdefault(one.status, []).append(one)
    made = Report(
        contract="2026-06",
        target=TargetInfo(name="staging", kind="live", base_url="http://127.0.0.1:8123/api/v1"),
        run=Run(
            seed=SEED,
            started="2026-11-20T09:30:00Z",
            seconds=9.31,
            requests=412,
            requests_per_key={"reader": 200, "full": 182, "": 30},
        ),
        verdict=verdict,
        exit_code=EXIT_CODES[verdict],
        statuses={status: _row(status, group) for status, group in rows.items()},
        requirements=results,
    )
    return replace(made, **changes)


def _row(status, results):
    outcomes = {}
    for one in results:
        outcomes[one.outcome] = outcomes.get(one.outcome, 0) + 1
    variants = {f"{status}.other": 2, f"{status}.first": 40} if status.isdigit() else {}
    tried = any(one.judged for one in results)
    return StatusRow(
        provoked=tried, exchanges=42 if tried else 0, operations=6 if tried else 0, variants=variants, outcomes=outcomes
    )


COVERAGE = (
    Coverage(
        "GET /creators",
        {
            "400": Cell(documented=True, tried=4, seen=4),
            "401": Cell(documented=True, tried=0, seen=0),
            "success": Cell(documented=True, tried=0, seen=30),
        },
    ),
    Coverage(
        "DELETE /creators/{id}",
        {
            "401": Cell(documented=True, tried=3, seen=0),
            "409": Cell(documented=False, tried=0, seen=1),
            "success": Cell(documented=True, tried=0, seen=0),
        },
    ),
)


def burst(key="burst", limited=15, retry_after="7"):
    answers = tuple(
        BurstAnswer(
            number=number,
            sent=0.001 * number,
            received=0.05 + 0.004 * number,
            status=429 if number > 75 - limited else 200,
            retry_after=retry_after if number > 75 - limited else "",
        )
        for number in range(1, 76)
    )
    return Burst(key, "GET /projects", 3.5, answers)


CHANGES = (
    Change("regressed", "429.window.agree", "MUST", "pass", "fail", ("GET /creators",)),
    Change("unjudged", "401.expired", "MUST", "pass", "not_exercised"),
    Change("fixed", "400.code", "MUST", "fail", "pass", ("GET /creators", "")),
    Change("known", "401.challenge", "SHOULD", "waived", "waived", ("GET /creators",)),
)
COMPARISON = Comparison("staging", "2026-11-01T09:30:00Z", "nonconformant", CHANGES)


def good():
    return report(result("envelope.json"), result("400.code"), result("402.limit.meta"), result("success.envelope"))


def bad():
    return report(
        result("envelope.json"),
        result("envelope.closed", "warn", "SHOULD"),
        result("400.code"),
        result("401.expired", "not_exercised", reason='no key that has expired: add one with state = "expired"'),
        result("401.challenge", "waived", "SHOULD", reason="header planned"),
        result("402.limit.key-known", "not_exercised", "SHOULD", reason="no key of a capped org"),
        result("402.limit.atomic", "not_exercised", reason="no key of a capped org"),
        result("403.banned", "not_applicable", reason="staging has no bans"),
        result("404.absent", "error", cause="inconclusive", reason="a 503 came three times in a row"),
        result("404.foreign-no-effect", "error", "SHOULD", cause="target", reason="no answer within 10 s"),
        result("429.window.agree", "fail", findings=(finding(), finding("retryAfter is text", got='"7"')), more=3),
        result("429.daily.resets", "not_testable", reason="the target has no clock"),
        result("500.forced", "not_testable", reason="the target can't be told what to answer"),
        result("success.no-redirect", "fail", "SHOULD", reason="the waiver ended on 2026-10-31"),
        verdict="nonconformant",
        notes=("The waiver of 401.challenge ends in 4 days.",),
        advice=('Add [keys.expired] with state = "expired": 401.expired can be tried then.',),
        coverage=COVERAGE,
        bursts=(burst(),),
        baseline=COMPARISON,
    )


def hostile():
    evil = finding(
        HOSTILE,
        where=HOSTILE,
        expected=HOSTILE,
        got=HOSTILE,
        operation=HOSTILE,
        cause=HOSTILE,
        purpose=HOSTILE,
        request=Message(line=HOSTILE, headers=((HOSTILE, HOSTILE),), body=f"{HOSTILE}\n```\n" * 3),
        response=Message(line=HOSTILE, headers=((HOSTILE, HOSTILE),), body=HOSTILE * 400, cut=7),
        curl=HOSTILE,
        reproduce=HOSTILE,
    )
    return report(
        result("400.code", "fail", reason=HOSTILE, meaning=HOSTILE, findings=(evil, evil), more=1),
        result("401.code", "error", cause="suite", reason=HOSTILE),
        result("402.code", "not_exercised", reason=HOSTILE),
        result("403.banned", "not_applicable", reason=HOSTILE),
        verdict="nonconformant",
        notes=(HOSTILE,),
        advice=(HOSTILE,),
        target=TargetInfo(name=HOSTILE, kind=HOSTILE, base_url=HOSTILE, label=HOSTILE),
        run=replace(good().run, selection=(HOSTILE,), complete=False, requests_per_key={HOSTILE: 1}),
        coverage=(Coverage(HOSTILE, {"400": Cell(documented=True, tried=0, seen=0)}),),
        bursts=(replace(burst(HOSTILE, retry_after=HOSTILE), operation=HOSTILE),),
        baseline=Comparison(HOSTILE, HOSTILE, HOSTILE, (Change("vanished", HOSTILE, "MUST", "pass", "", (HOSTILE,)),)),
    )


def huge():
    """Everything broken, with answers of a hundred thousand characters."""
    answers = [message("HTTP/1.1 400", "x" * size) for size in (100_000, 5_000, 5_000, 5_000, 5_000)]
    results = (
        result(
            f"400.row-{number}",
            "fail",
            findings=tuple(finding(f"wrong in way {number}", response=answer) for answer in answers),
        )
        for number in range(90)
    )
    return report(*results, verdict="nonconformant")


ALL = {"good": good(), "bad": bad(), "hostile": hostile(), "huge": huge()}


@pytest.fixture(params=ALL)
def any_report(request):
    return ALL[request.param]


@pytest.fixture(scope="module")
def samples():
    return SimpleNamespace(
        **ALL, burst=burst, finding=finding, message=message, result=result, report=report, HOSTILE=HOSTILE
    )
