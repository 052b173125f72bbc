"""What became worse, what better: the whole table, cell by cell."""

import pytest

from goatcheck.report.as_diff import render_json, render_markdown, render_text
from goatcheck.report.changes import became, in_short
from goatcheck.report.comparing import KINDS, Baseline, Row, changes_of, no_longer_judged, regressions
from goatcheck.report.model import OUTCOMES, Change, Comparison

A, B = "GET /creators", "POST /payout-methods"
OPEN = ("error", "not_exercised", "not_testable")
BROKEN = ("fail", "warn", "waived")


def row(outcome, *broken_on, name="401.missing", level="MUST"):
    return Row(name, level, outcome, frozenset(broken_on))


def changed(before, now, *, selected=False):
    befores, nows = ([one] if one else [] for one in (before, now))
    return changes_of(befores, nows, selected=selected)


def kinds(before, now):
    on = {True: (A,), False: ()}
    old = row(before, *on[before in BROKEN]) if before else None
    new = row(now, *on[now in BROKEN]) if now else None
    return [change.kind for change in changed(old, new)]


TABLE = [
    *(("", outcome, ["appeared"]) for outcome in ("pass", *OPEN, "not_applicable")),
    *(("", outcome, ["regressed"]) for outcome in BROKEN),
    *((outcome, "", ["vanished"]) for outcome in OUTCOMES),
    ("pass", "pass", []),
    *(("pass", outcome, ["regressed"]) for outcome in BROKEN),
    *(("pass", outcome, ["unjudged"]) for outcome in (*OPEN, "not_applicable")),
    *((outcome, "pass", ["fixed"]) for outcome in BROKEN),
    *((before, now, ["known"]) for before in BROKEN for now in BROKEN),
    *((before, now, ["unjudged"]) for before in BROKEN for now in (*OPEN, "not_applicable")),
    *((before, "pass", ["judged"]) for before in (*OPEN, "not_applicable")),
    *((before, now, ["regressed"]) for before in (*OPEN, "not_applicable") for now in BROKEN),
    *((before, now, []) for before in (*OPEN, "not_applicable") for now in (*OPEN, "not_applicable")),
]


def test_the_table_has_every_pair_of_outcomes():
    words = ("", *OUTCOMES)
    assert {(before, now) for before, now, _ in TABLE} == {(b, n) for b in words for n in words} - {("", "")}
    assert len(TABLE) == len(words) ** 2 - 1


@pytest.mark.parametrize(("before", "now", "expected"), TABLE)
def test_two_outcomes_come_to_a_kind_of_change(before, now, expected):
    assert kinds(before, now) == expected
    assert set(expected) <= KINDS.keys()


@pytest.mark.parametrize(
    ("before", "now", "_kinds"), [case for case in TABLE if case[2] in (["regressed"], ["vanished"])]
)
def test_what_fails_a_run_is_what_fails_anew_and_what_vanished(before, now, _kinds):
    changes = changed(row(before, *([A] if before in BROKEN else [])) if before else None, row(now, A) if now else None)
    assert bool(regressions(changes)) == (now in {"fail", ""})


def test_where_both_are_broken_the_operations_tell():
    changes = changed(row("fail", A, "GET /videos"), row("fail", A, B))
    assert [(c.kind, c.operations) for c in changes] == [
        ("regressed", (B,)),
        ("fixed", ("GET /videos",)),
        ("known", (A,)),
    ]
    assert len(regressions(changes)) == 1


def test_a_must_that_was_judged_and_is_not_any_more_is_told_apart_from_what_the_profile_lists():
    for outcome in OPEN:
        assert len(no_longer_judged(changed(row("pass"), row(outcome)))) == 1
        assert no_longer_judged(changed(row("pass"), row(outcome)), {"401.missing"}) == ()
        assert no_longer_judged(changed(row("pass", level="SHOULD"), row(outcome, level="SHOULD"))) == ()
    assert no_longer_judged(changed(row("pass"), row("not_applicable"))) == ()
    assert no_longer_judged(changed(row("not_exercised"), row("error"))) == ()


def test_with_a_selection_nothing_vanishes():
    assert changed(row("pass"), None, selected=True) == ()


def test_changes_come_worst_first():
    before = [row("fail", A, name="a"), row("pass", name="b"), row("fail", A, name="c"), row("pass", name="d")]
    now = [row("fail", A, name="a"), row("fail", A, name="b"), row("pass", name="c"), row("pass", name="e")]
    changes = changes_of(before, now, selected=False)
    assert [(c.kind, c.requirement) for c in changes] == [
        ("regressed", "b"),
        ("vanished", "d"),
        ("fixed", "c"),
        ("appeared", "e"),
        ("known", "a"),
    ]


def test_a_row_is_broken_where_its_findings_are_and_where_it_says_so():
    result = {"id": "x", "level": "MUST", "outcome": "fail", "findings": [{"operation": A}], "broken_on": [B]}
    assert Row.of(result).broken_on == {A, B}
    del result["broken_on"]
    assert Row.of(result).broken_on == {A}
    assert Row.of({**result, "outcome": "error"}).broken_on == frozenset()


def test_a_baseline_knows_what_was_broken_where():
    baseline = Baseline("staging", "2026-06-15T09:00:00Z", "nonconformant", (row("fail", A),))
    assert baseline.broken_on("401.missing") == {A}
    assert baseline.broken_on("404.absent") == frozenset()
    assert [c.kind for c in baseline.against([row("pass")], selected=False).changes] == ["fixed"]


# In words

EVIL = "x\x1b[31m`<b>\n# y"


@pytest.fixture
def comparison():
    changes = (
        Change("regressed", "401.missing", "MUST", "pass", "fail", (A,)),
        Change("regressed", EVIL, "MUST", "", "fail", ("", *(f"GET /{n}" for n in range(20)))),
        Change("known", "404.absent", "MUST", "fail", "fail", (B,)),
    )
    return Comparison("staging", "2026-06-15T09:00:00Z", "conformant", changes)


def test_a_comparison_in_short(comparison):
    where = "Against the report of staging of 2026-06-15T09:00:00Z: "
    assert in_short(comparison) == f"{where}2 worse, 1 broken as before."
    assert in_short(Comparison("staging", "2026-06-15T09:00:00Z", "conformant", ())) == f"{where}no change."


def test_a_change_in_words(comparison):
    first, second, third = comparison.changes
    assert became(first) == "passed, now failed: GET /creators"
    assert became(second).startswith("not there, now failed: requests of no operation, GET /0, ")
    assert became(second).endswith(", GET /10 and 9 more")
    assert became(third) == "failed: POST /payout-methods"


def test_text_and_markdown_are_harmless(comparison):
    text, markdown, data = render_text(comparison), render_markdown(comparison), render_json(comparison)
    assert "  401.missing (MUST): passed, now failed: GET /creators\n" in text
    assert "- `401.missing` (MUST): passed, now failed: GET /creators\n" in markdown
    for written in (text, markdown, data):
        assert "\x1b" not in written
        assert "\n# y" not in written
