import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from goatcheck.report.terminal import print_report

WIDTH = 80


def printed(report, *, width=WIDTH, terminal=False, environ=None, **options):
    file = io.StringIO()
    console = Console(file=file, width=width, force_terminal=terminal, _environ=environ or {"TERM": "xterm-256color"})
    print_report(report, console, **options)
    return file.getvalue()


def lines(report, **options):
    return [line.rstrip() for line in printed(report, **options).split("\n")]


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_is_wider_than_the_terminal(any_report, width):
    wide = [line for line in printed(any_report, width=width).split("\n") if cell_len(line) > width]
    assert wide == []


def test_hostile_text_has_no_control_character_and_no_markup(samples):
    text = printed(samples.hostile)
    assert not {"\x1b", "\x07", "\u202e", "\x00", "\ud800", "\u2028"} & set(text)
    assert "[red]markup[/red]" in text
    assert "\\x1b[31mred" in text


def test_hostile_text_adds_no_colour_to_ours(samples):
    plain = printed(samples.hostile, terminal=True)
    assert "\x1b[31mred" not in plain
    assert "\x1b]0;" not in plain


def test_the_verdict_comes_first_and_the_exit_code_last(samples):
    found = lines(samples.bad)
    assert found[0] == "NONCONFORMANT: 1 MUST and 2 SHOULDs broken"
    assert found[1] == "Start with 429.window.agree: Retry-After and meta.retryAfter are 3 s apart"
    assert found[-2:] == ["nonconformant, exit code 1, seed 20260601", ""]


def test_quiet_prints_the_verdict_line_alone(samples):
    assert printed(samples.bad, quiet=True) == "NONCONFORMANT: 1 MUST and 2 SHOULDs broken\n"


def test_quiet_prints_one_line_however_long(samples):
    report = replace(samples.good, run=replace(samples.good.run, selection=("402.limit.atomic",) * 9))
    assert printed(report, quiet=True).count("\n") == 1


def test_the_status_table_tells_what_was_provoked(samples):
    found = lines(samples.bad)
    start = next(number for number, line in enumerate(found) if line.startswith("status"))
    rows = [line.split() for line in found[start : start + 9]]
    assert rows[0] == ["status", "meaning", "answers", "variants", "seen", "requirements"]
    assert rows[1] == ["400", "invalid", "input", "42", "first", "40,", "other", "2", "1", "passed"]
    assert ["402", "plan", "limit", "never", "first", "40,", "other", "2", "2", "not", "exercised"] in rows


def test_many_outcomes_stand_one_under_the_other(samples):
    found = lines(samples.bad)
    row = next(number for number, line in enumerate(found) if line.startswith("429"))
    assert found[row].endswith("1 failed")
    assert found[row + 1].strip() == "1 not testable"


def test_a_finding_shows_its_smallest_example(samples):
    text = "\n".join(lines(samples.bad))
    block = text[text.index("FAILED 429.window.agree MUST") :].split("\n\n")[0].split("\n")
    assert [line.strip() for line in block] == [
        "FAILED 429.window.agree MUST",
        "What 429.window.agree demands of the target.",
        "Retry-After and meta.retryAfter are 3 s apart",
        "operation GET /creators",
        "where     /meta/retryAfter",
        "expected  7, as in Retry-After",
        "got       10",
        "request   GET /api/v1/creators HTTP/1.1",
        "response  HTTP/1.1 429 Too Many Requests",
        '{"data": null, "error": "Rate limit exceeded", "meta": {"code":',
        '"rate_limit_exceeded", "retryAfter": 10}}',
        "goatcheck run --profile profiles/staging.toml --replay \\",
        "reports/runs/exchanges.jsonl#17",
        "and 4 more of it",
    ]


def test_the_worst_comes_first_and_what_is_waived_takes_a_line(samples):
    found = [line.strip() for line in lines(samples.bad)]
    places = [
        found.index("FAILED 429.window.agree MUST"),
        found.index("FAILED success.no-redirect SHOULD"),
        found.index("WARNED envelope.closed SHOULD"),
        found.index("WAIVED 401.challenge SHOULD header planned"),
    ]
    assert places == sorted(places)


def test_a_flood_of_findings_is_shown_in_short(samples):
    found = lines(samples.huge)
    assert sum(line.startswith("FAILED") for line in found) == 20
    assert "  FAILED 400.row-89 MUST wrong in way 89" in found
    assert len(found) < 550


def test_a_long_body_is_cut_and_says_so(samples):
    assert "    ... 99400 more characters" in lines(samples.huge)


@pytest.mark.parametrize(
    "block",
    [
        [
            "Ended in an error",
            "  404.absent MUST",
            "    something else got in the way: a 503 came three times in a row",
        ],
        ["  no key of a capped org", "    402.limit.atomic, 402.limit.key-known (SHOULD)"],
        ["Not applicable", "  staging has no bans", "    403.banned"],
        ["Not testable", "  the target has no clock", "    429.daily.resets"],
        ["What to add to the profile", '  Add [keys.expired] with state = "expired": 401.expired can be tried then.'],
        ["Notes", "  The waiver of 401.challenge ends in 4 days."],
    ],
)
def test_what_was_not_judged_is_told_with_its_reason(samples, block):
    assert "\n".join(block) in "\n".join(lines(samples.bad))


def test_a_good_report_is_short(samples):
    found = "\n".join(lines(samples.good))
    assert found.startswith("CONFORMANT: every MUST holds\nNothing to do.")
    assert "Not exercised" not in found
    assert len(found.split("\n")) < 20


def test_a_good_run_of_everything_fits_on_one_screen(samples):
    statuses = ("400", "401", "402", "403", "404", "409", "410", "429", "500", "envelope", "success")
    results = tuple(
        samples.result(f"{status}.row-{number}", status=status) for status in statuses for number in range(8)
    )
    report = samples.report(*results)
    variants = {"400.body": 415, "400.params": 177, "400.query": 282}
    rows = {**report.statuses, "400": replace(report.statuses["400"], exchanges=874, variants=variants)}
    names = ("report.json", "report.html", "report.md", "junit.xml", "badge.json", "exchanges.jsonl")
    files = [Path("reports/runs/2026-11-24T20-28-27-837") / name for name in names]
    screen = 24
    assert len(lines(replace(report, statuses=rows), files=files)) < screen


def test_the_report_files_are_named_with_their_folder_once(samples):
    files = (Path("out/report.json"), Path("out/report.html"))
    assert "Reports in out\n  report.json, report.html\n" in "\n".join(lines(samples.good, files=files))


def test_report_files_in_several_folders_are_named_in_full(samples):
    files = (Path("out/report.json"), Path("other/report.html"))
    assert "Reports\n  out/report.json\n  other/report.html\n" in "\n".join(lines(samples.good, files=files))


def test_without_report_files_none_are_named(samples):
    assert "eports" not in printed(samples.good)


@pytest.mark.parametrize("text", ["山" * 200, "خطأ في الخادم " * 20, "🐐👩\u200d💻" * 60, "e\u0301" * 300, "x" * 500])
@pytest.mark.parametrize("width", [40, 80])
def test_wide_and_right_to_left_text_keeps_to_the_width(samples, text, width):
    answer = samples.message("HTTP 400", text)
    finding = samples.finding(text, where=text, expected=text, got=text, operation=text, response=answer)
    report = samples.report(
        samples.result("400.code", "fail", meaning=text, reason=text, findings=(finding,)),
        samples.result("401.code", "not_exercised", reason=text),
        verdict="nonconformant",
        notes=(text,),
    )
    assert [line for line in printed(report, width=width).split("\n") if cell_len(line) > width] == []


def test_colours_are_for_terminals_that_want_them(samples):
    assert "\x1b[1;32mCONFORMANT" in printed(samples.good, terminal=True)
    assert "\x1b[" not in printed(samples.good)
    without = printed(samples.good, terminal=True, environ={"TERM": "xterm-256color", "NO_COLOR": "1"})
    assert "\x1b[1mCONFORMANT" in without
    assert "32m" not in without


def test_a_finding_with_little_to_tell_has_no_empty_parts(samples):
    bare = samples.finding(where="", reproduce="", response=samples.message("HTTP/1.1 400"))
    broken = samples.result("400.code", "fail", meaning="", findings=(bare,))
    text = "\n".join(lines(samples.report(broken, verdict="nonconformant")))
    assert "where" not in text
    assert text.split("\n\n")[2].split("\n")[-1] == "  response  HTTP/1.1 400"


def test_a_failure_without_findings_is_told_by_its_reason(samples):
    broken = samples.result("400.code", "fail", findings=(), reason="seen once only")
    assert "  seen once only" in lines(samples.report(broken, verdict="nonconformant"))
