"""What a finding is about is marked in the answer that shows it."""

import json
from dataclasses import replace

import pytest

from goatcheck.report.marking import view_of_request, view_of_response

BODY = '{"data":null,"error":"no","meta":{"code":"x","granted":["read"]}}'


@pytest.fixture
def seen(samples):
    """A function: the view of a finding's response."""

    def view(where, *, got="", body=BODY, headers=(("Retry-After", "7"),), cut=0):
        response = replace(samples.message("HTTP 429", body, cut=cut), headers=headers)
        return view_of_response(samples.finding(where=where, got=got, response=response))

    return view


def marked(view):
    return [part.text.strip() for part in view.body if part.marked]


@pytest.mark.parametrize(
    ("where", "lines"),
    [
        ("/error", ['"error": "no",']),
        ("/meta/code", ['"code": "x",']),
        ("/meta/granted", ['"granted": [', '"read"', "]"]),
        ("/meta/granted/0", ['"read"']),
        ("/met", []),
        ("", []),
    ],
)
def test_a_pointer_marks_its_value(seen, where, lines):
    assert marked(seen(where)) == lines


def test_every_member_of_that_name_is_marked(seen):
    assert marked(seen("/a", body='{"a":1,"a":2}')) == ['"a": 1,', '"a": 2']


def test_what_is_not_there_is_said(seen):
    assert seen("/meta/retryAfter").absent == "nothing is at /meta/retryAfter"
    assert seen("WWW-Authenticate").absent == "there is no header WWW-Authenticate"
    assert seen("/meta/code").absent == seen("retry-after").absent == seen("").absent == ""
    assert seen("/meta/code", body="<html>").absent == ""


def test_a_header_is_marked_whatever_its_case(seen):
    view = seen("retry-after", headers=(("Date", "now"), ("Retry-After", "7"), ("RETRY-AFTER", "8")))
    assert [(name, value.marked) for name, value in view.headers] == [
        ("Date", False),
        ("Retry-After", True),
        ("RETRY-AFTER", True),
    ]


@pytest.mark.parametrize(
    ("where", "got", "expected"),
    [("", "429", True), ("", "200", False), ("", "42", False), ("", "", False), ("/meta", "429", False)],
)
def test_the_status_line_is_marked_where_the_status_is_what_was_got(seen, where, got, expected):
    assert seen(where, got=got).line.marked is expected


def test_a_body_that_is_no_json_is_shown_as_it_is(seen):
    view = seen("/meta", body="<p>\x1b[31m\nno", cut=3)
    assert [part.text for part in view.body] == ["<p>\\x1b[31m", "no"]
    assert (view.skipped, view.left) == (0, 3)


def test_an_empty_body_has_no_lines(seen):
    assert seen("", body="").body == ()


def test_a_place_far_down_is_shown_with_what_stands_before_it(seen):
    view = seen("/list/900", body=json.dumps({"list": list(range(1000))}))
    assert marked(view) == ["900,"]
    assert view.body[0].text.strip() == "892,"
    assert view.skipped == 894
    assert view.left == 0


def test_a_place_behind_long_texts_is_shown(seen):
    view = seen("/b", body=json.dumps({"a": ["x" * 3000] * 2, "b": 1, "c": "y" * 5000}))
    assert marked(view) == ['"b": 1,']
    assert view.body[-2].text.endswith("… (4509 more characters)")


def test_a_long_body_is_cut_and_says_by_how_much(seen):
    view = seen("/0", body=json.dumps(["x" * 90] * 100))
    assert marked(view) == [json.dumps("x" * 90) + ","]
    assert sum(len(part.text) for part in view.body) < 4200
    assert view.left == (102 - len(view.body) - 2) * 93 + 92 + 1


def test_hostile_texts_are_cleaned(seen):
    view = seen("/\x1b", body='{"\u202e": "\ufeff"}', headers=(("X\x00", "\x1b[31m"),))
    everything = [view.line.text, view.absent, *(p.text for p in view.body)]
    everything += [text for name, value in view.headers for text in (name, value.text)]
    assert all(text.isprintable() for text in everything)


def test_nothing_is_marked_in_a_request(samples):
    request = samples.message(body='{"meta": {"retryAfter": 1}}')
    view = view_of_request(samples.finding(request=request))
    assert (marked(view), view.line.marked, view.absent) == ([], False, "")
