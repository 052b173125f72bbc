"""Every seen row of the register, with exchanges that break it in different ways and twins beside them that keep it."""

import pytest
from rows_broken import BROKEN
from rows_kept import SILENT, SOUND
from shorthand import CREATE, HTML, success


def cases(table):
    return [pytest.param(name, case, id=f"{name}-{n}") for name, rows in table.items() for n, case in enumerate(rows)]


@pytest.mark.parametrize(("requirement", "case"), cases(BROKEN))
def test_what_breaks_a_requirement_is_found(judge, requirement, case):
    problems = judge(**case)[requirement].problems
    assert problems
    assert all(problem.message and len(problem.got) <= 200 and len(problem.message) <= 200 for problem in problems)


@pytest.mark.parametrize(("requirement", "case"), cases(SOUND))
def test_what_keeps_a_requirement_is_judged_and_fine(judge, requirement, case):
    judgement = judge(**case)[requirement]
    assert (judgement.problems, judgement.unjudged) == ((), "")


@pytest.mark.parametrize(("requirement", "case"), cases(SILENT))
def test_what_says_nothing_about_a_requirement_is_not_judged(judge, requirement, case):
    assert requirement not in judge(**case)


def test_every_seen_requirement_is_broken_in_three_ways_here(contract):
    seen = {requirement.id for requirement in contract.requirements if requirement.how == "seen"}
    assert {name for name, rows in BROKEN.items() if len(rows) > 2} == seen == SOUND.keys()


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (HTML, {"envelope.json"}),
        ({"raw": b"[]"}, {"envelope.object"}),
        ({"status": 429, "meta": []}, {"envelope.meta-object"}),
        ({"status": 402, **HTML, **CREATE}, {"envelope.json"}),
        (success(raw=b"<html>"), {"success.envelope"}),
    ],
)
def test_one_cause_turns_one_requirement_red(judge, case, expected):
    assert {name for name, judgement in judge(**case).items() if judgement.problems} == expected
