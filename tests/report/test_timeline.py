"""The course of a burst as a picture."""

from dataclasses import replace

import pytest

from goatcheck.report.timeline import ROW, WIDTH, timeline_of


def test_each_answer_has_a_row_and_its_time_reaches_from_left_to_right(samples):
    line = timeline_of(samples.burst())
    assert len(line.bars) == 75
    assert line.height == 75 * ROW
    assert [bar.y for bar in line.bars[:3]] == [0, ROW, 2 * ROW]
    assert line.bars[-1].x + line.bars[-1].width == pytest.approx(WIDTH)
    assert (line.ticks[0].label, line.ticks[-1].label, line.ticks[-1].x) == ("0 ms", "350 ms", WIDTH)


def test_where_the_limit_began_is_told(samples):
    line = timeline_of(samples.burst())
    assert (line.limit_y, line.limit_label) == (60 * ROW, "first 429: answer 61")
    assert line.title == "Burst of the key burst on GET /projects"
    assert line.summary == (
        "75 requests, answered within 350 ms: 60 served, 15 limited. "
        "The limit began with answer 61, after 294 ms. Retry-After was 7."
    )
    assert line.bars[60].kind == "limited"
    assert line.bars[60].title == "answer 61: 429, Retry-After 7, sent after 61 ms, there after 294 ms"


def test_a_burst_that_nothing_limited_says_so(samples):
    line = timeline_of(samples.burst(limited=0))
    assert (line.limit_y, line.limit_label) == (None, "")
    assert line.summary.endswith("75 served. None was limited.")


def test_a_limit_without_retry_after_says_so(samples):
    assert timeline_of(samples.burst(retry_after="")).summary.endswith("Retry-After was missing.")


def test_what_is_neither_served_nor_limited_is_told_apart(samples):
    burst = samples.burst(limited=0)
    answers = (replace(burst.answers[0], status=503, received=2.5), replace(burst.answers[1], status=0))
    line = timeline_of(replace(burst, answers=answers))
    assert [bar.kind for bar in line.bars] == ["other", "other"]
    assert line.bars[1].title.startswith("answer 2: none, sent")
    assert line.ticks[-1].label == "2.50 s"
    assert "2 other" in line.summary


def test_a_burst_in_no_time_or_of_no_answers_can_be_drawn(samples):
    burst = samples.burst()
    at_once = tuple(replace(answer, sent=0.0, received=0.0) for answer in burst.answers[:2])
    assert [bar.width for bar in timeline_of(replace(burst, answers=at_once)).bars] == [3.0, 3.0]
    assert timeline_of(replace(burst, answers=())).bars == ()


def test_a_flood_is_drawn_in_part(samples):
    burst = samples.burst()
    served = timeline_of(replace(burst, answers=burst.answers[:1] * 240 + burst.answers[-1:]))
    assert (len(served.bars), served.height, served.limit_y) == (200, 200 * ROW, None)
    assert "240 served, 1 limited. The limit began with answer 241" in served.summary
