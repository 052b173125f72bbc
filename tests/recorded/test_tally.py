"""Tallies: cut anywhere, put together in any grouping, they come to the same; and they stay small."""

from dataclasses import replace
from functools import reduce
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goatcheck.audit.judging import Judge
from goatcheck.audit.tally import KEPT, TOLD, Tally, merged, moved
from goatcheck.contract import load
from goatcheck.exchange import Exchange, Intent, Request, Response
from goatcheck.recorded import Api, Entry, Unread

API = Api(load())

BODIES = (
    b'{"data":null,"error":"Not found","meta":null}',
    b'{"data":null,"error":"Rate limit exceeded","meta":{"code":"rate_limit_exceeded","bucket":"b","retryAfter":7}}',
    b'{"data":[],"error":null,"meta":null}',
    b"<p>",
    b"",
)
RESPONSES = st.builds(
    Response,
    status=st.sampled_from([200, 204, 302, 401, 404, 405, 410, 418, 429, 500, 503, 7, 4040]),
    headers=st.sampled_from([(), (("Content-Type", "application/json"),), (("Retry-After", "9"),)]),
    body=st.sampled_from(BODIES),
    oddity=st.sampled_from(["", "", "", "cut"]),
)
REQUESTS = st.builds(
    Request,
    method=st.sampled_from(["GET", "POST", "DELETE", "HEAD"]),
    path=st.sampled_from(["/api/v1/creators", "/api/v1/creators/1", "/api/v1/projects", "/api/v1/nope", "/logo.png"]),
    query=st.sampled_from(["", "limit=1"]),
)
EXCHANGES = st.builds(
    Exchange, number=st.just(0), request=REQUESTS, response=RESPONSES, intent=st.just(Intent(recorded=True))
)
ENTRIES = st.builds(
    Entry,
    place=st.sampled_from(["line 1", "line 2"]),
    exchange=EXCHANGES,
    origin=st.sampled_from(["", *(f"https://h{n}" for n in range(3))]),
    whole_headers=st.booleans(),
)
UNREAD = st.builds(Unread, place=st.just("line 3"), reason=st.sampled_from(["broken", "silent"]), damage=st.booleans())
ITEMS = st.lists(st.one_of(ENTRIES, ENTRIES, ENTRIES, UNREAD), max_size=40)


def tally(items, first=1, recording=0):
    return Judge(API, f"{recording}.har", recording).tally(items, first)


def lines(items):
    """The items as those of JSON lines, one a line."""
    return [replace(item, place=f"line {number}") for number, item in enumerate(items, start=1)]


@given(ITEMS, st.lists(st.integers(0, 40), max_size=4))
def test_a_recording_comes_to_the_same_however_it_is_cut(items, cuts):
    ends = [0, *sorted(min(cut, len(items)) for cut in cuts), len(items)]
    pieces = [tally(items[start:end], start + 1) for start, end in pairwise(ends)]
    assert reduce(merged, pieces, Tally()) == tally(items)


@given(ITEMS, st.lists(st.integers(0, 40), max_size=4))
def test_pieces_whose_lines_are_counted_from_one_come_to_the_same_when_they_are_moved(items, cuts):
    ends = [0, *sorted(min(cut, len(items)) for cut in cuts), len(items)]
    pieces = [
        moved(tally(lines(items[start:end])), start, lambda number: f"0.har, line {number}")
        for start, end in pairwise(ends)
    ]
    assert reduce(merged, pieces, Tally()) == tally(lines(items))


@given(ITEMS, ITEMS, ITEMS)
def test_the_grouping_does_not_matter(one, two, three):
    a, b, c = (tally(items, recording=number) for number, items in enumerate((one, two, three)))
    assert merged(merged(a, b), c) == merged(a, merged(b, c))


@given(ITEMS)
def test_nothing_added_changes_nothing(items):
    made = tally(items)
    assert merged(made, Tally()) == made
    assert merged(Tally(), made) == made


@given(st.lists(st.text("abcdefgh", max_size=3), max_size=120), st.integers(0, 120))
def test_of_many_names_those_that_come_first_are_counted_whole(names, cut):
    parts = []
    for part in (names[:cut], names[cut:]):
        parts.append(Tally())
        for name in part:
            parts[-1].count(parts[-1].elsewhere, name)
    found = merged(*parts).elsewhere
    assert found == {name: names.count(name) for name in sorted(set(names))[:KEPT]}


def test_of_many_findings_the_five_smallest_kinds_are_kept_and_all_are_counted():
    broken = Response(418, (("Content-Type", "application/json"),), BODIES[0])
    paths = [f"/{'x' * (9 - n % 9)}/api/v1/creators?{n}" for n in range(500)]
    entries = [
        Entry(
            f"line {n}",
            Exchange(0, Request("GET", path, ""), replace(broken, status=400 + n % 30 + 18)),
            f"https://h{n}",
        )
        for n, path in enumerate(paths)
    ]
    made = tally(entries)
    assert made.broken["status.documented"] > 400
    assert len(made.sightings["status.documented"]) == 5
    assert len({sighting.kind for sighting in made.sightings["status.documented"]}) == 5
    assert len(made.origins) == KEPT


def test_of_many_damages_the_first_are_told():
    made = tally([Unread(f"line {n}", "broken") for n in range(1, 100)])
    assert (made.damaged, len(made.damages)) == (99, TOLD)
    assert made.damages[0] == ((0, 1), "0.har, line 1", "broken")


def test_a_very_long_answer_is_not_kept_whole():
    long = Response(404, (("Content-Type", "text/plain"),), b"x" * 500_000)
    made = tally([Entry("line 1", Exchange(0, Request("GET", "/api/v1/creators"), long))])
    (sighting,) = made.sightings["envelope.json"]
    assert len(sighting.exchange.response.body) < 70_000


@pytest.mark.parametrize(
    ("status", "method", "reason"),
    [
        (503, "GET", "a status of 502, 503 or 504"),
        (4040, "GET", "no status that HTTP has"),
        (404, "OPTIONS", "a method such as HEAD or OPTIONS"),
    ],
)
def test_what_says_nothing_of_the_api_is_counted_by_reason(status, method, reason):
    made = tally([Entry("line 1", Exchange(0, Request(method, "/api/v1/creators"), Response(status)))])
    ((told, count),) = made.silent.items()
    assert (told.startswith(reason), count, made.judged) == (True, 1, 0)
