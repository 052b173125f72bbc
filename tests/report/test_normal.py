from dataclasses import replace

import pytest

from goatcheck.report.as_json import report_data
from goatcheck.report.normal import normalised


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/creators/0d9f2c1e-8b7a-4c3d-9e1f-aabbccddeeff", "/creators/<uuid>"),
        ("gc-0f3a9c-creator-1", "gc-<run>-creator-1"),
        ("http://127.0.0.1:8123/api/v1", "http://127.0.0.1:<port>/api/v1"),
        ("https://staging.example:8443/api", "https://staging.example:<port>/api"),
        ("localhost:80", "localhost:<port>"),
        ("[::1]:80", "[::1]:<port>"),
        ("Fri, 20 Nov 2026 09:30:00 GMT", "<time>"),
        ("2026-11-20T09:30:00.123Z", "<time>"),
        ("2026-11-20T09:30:00+00:00", "<time>"),
        ("from=2026-11-13&to=2026-11-20", "from=<date>&to=<date>"),
        ("goatcheck run --replay out/17/exchanges.jsonl#17", "goatcheck run --replay <journal>"),
        ("goatcheck run --replay 'my out/exchanges.jsonl#17'", "goatcheck run --replay <journal>"),
        ("2026-06", "2026-06"),
        ("402.limit.meta", "402.limit.meta"),
    ],
)
def test_what_changes_from_run_to_run_becomes_a_mark(text, shown):
    assert normalised({"text": text}) == {"text": shown}


def test_times_and_numbers_of_exchanges_are_levelled():
    data = {
        "seconds": 1.5,
        "number": 17,
        "started": "2026-11-20T09:30:00Z",
        "judged": 3,
        "complete": True,
        "more": None,
    }
    assert normalised(data) == {
        "seconds": 0,
        "number": 0,
        "started": "<time>",
        "judged": 3,
        "complete": True,
        "more": None,
    }


def test_lists_and_members_inside_are_levelled_too():
    data = {
        "a": [{"seconds": 2}, ["http://localhost:1/"], 3],
        "b": (("x", "localhost:2"),),
        "localhost:3": {"seconds": 4},
    }
    assert normalised(data) == {
        "a": [{"seconds": 0}, ["http://localhost:<port>/"], 3],
        "b": [["x", "localhost:<port>"]],
        "localhost:<port>": {"seconds": 0},
    }


def test_two_runs_with_one_seed_compare_equal(samples):
    def run(port, seconds, number):
        found = samples.finding(
            number=number,
            got=f"http://127.0.0.1:{port}/x",
            reproduce=f"goatcheck run --base-url http://127.0.0.1:{port}/api/v1 --replay run-{port}/exchanges.jsonl#{number}",
        )
        report = samples.report(
            samples.result("400.code", "fail", findings=(found,), seconds=seconds), verdict="nonconformant"
        )
        return replace(report, run=replace(report.run, seconds=seconds, started=f"2026-11-20T09:30:0{number}Z"))

    first, second = report_data(run(8123, 1.5, 3)), report_data(run(9001, 2.25, 4))
    assert first != second
    assert normalised(first) == normalised(second)


def test_what_matters_still_differs(samples):
    first = normalised(report_data(samples.good))
    second = normalised(report_data(samples.bad))
    assert first != second


def test_the_course_of_a_burst_differs_between_runs_but_not_what_came_of_it(samples):
    burst = samples.burst()
    later = tuple(replace(answer, sent=9.0, retry_after=answer.retry_after and "6") for answer in burst.answers)
    other = replace(burst, began=70.0, answers=later[::-1])
    fewer = samples.burst(limited=14)

    def data(burst):
        return normalised(report_data(replace(samples.good, bursts=(burst,))))

    assert data(burst) == data(other)
    assert data(burst) != data(fewer)
