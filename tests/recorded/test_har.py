"""HAR: what browsers and proxies write, and what they leave out."""

import base64
import gzip
import json

import pytest
from recordings import ABSENT, Said, as_har, broken, har, outcomes

from goatcheck.recorded import Entry, Unread
from goatcheck.report.reading import first_step


def only(items):
    (item,) = items
    assert isinstance(item, Entry), item
    return item


def test_an_entry_is_read_with_its_place_and_everything_that_was_said(items):
    said = Said(method="post", url="https://api.example:8443/gw/api/v1/creators?a=b", posted='{"a": 1}')
    entry = only(items(har(said)))
    request, response = entry.exchange.request, entry.exchange.response
    assert (entry.place, entry.origin) == ("entry 1", "https://api.example:8443")
    assert (request.method, request.path, request.query) == ("POST", "/gw/api/v1/creators", "a=b")
    assert (request.body, response.status, response.body) == (b'{"a": 1}', 404, json.dumps(ABSENT).encode())
    assert entry.exchange.intent.recorded


def test_a_body_in_base64_is_decoded(items):
    text = base64.b64encode(json.dumps(ABSENT).encode()).decode()
    entry = only(items(har(as_har(Said(), text=text, encoding="base64"))))
    assert entry.exchange.response.document.value == ABSENT


def test_a_body_that_is_decoded_already_is_not_decoded_again(items):
    said = Said(headers=(("Content-Type", "application/json"), ("Content-Encoding", "gzip")))
    assert only(items(har(said))).exchange.response.document.value == ABSENT


def test_what_was_compressed_twice_stays_compressed_once_as_its_reader_saw_it(items):
    packed = base64.b64encode(gzip.compress(b"{}")).decode()
    said = Said(headers=(("Content-Type", "application/json"), ("Content-Encoding", "gzip")))
    assert only(items(har(as_har(said, text=packed, encoding="base64")))).exchange.response.document.problem


@pytest.mark.parametrize("content", [{"text": None, "size": 0}, {"text": None, "size": -1}, {"text": "", "size": 80}])
def test_a_body_that_is_not_in_the_recording_is_held_against_nobody(judged, content):
    report = judged(har(as_har(Said(), **content)))
    assert broken(report) == {}
    assert report.exit_code == 3
    assert outcomes(report, "envelope.json", "status.documented") == {
        "envelope.json": "error",
        "status.documented": "pass",
    }
    told = next(result.reason for result in report.requirements if result.id == "envelope.json")
    assert told == "1 answer can't be judged: the recording does not hold the body"
    assert first_step(report) == "Not every answer could be judged in full: the recording does not hold the body."


@pytest.mark.parametrize(
    ("status", "headers", "content"),
    [
        (404, (("Content-Length", "0"),), {"text": None, "size": 0}),
        (404, (("Date", "now"),), {"text": "", "size": 0}),
    ],
)
def test_a_body_that_was_empty_is_a_finding(judged, status, headers, content):
    report = judged(har(as_har(Said(status=status, headers=headers), **content)))
    assert outcomes(report, "envelope.json") == {"envelope.json": "fail"}


def test_a_success_without_content_is_judged(judged):
    entry = as_har(Said(status=204, method="DELETE", url="https://a/api/v1/creators/x"), text=None, size=0)
    report = judged(har(entry, Said()))
    assert report.exit_code == 0


def test_a_body_that_was_cut_is_held_against_nobody(judged):
    cut = as_har(Said(), text='{"data": null, "error": "Not', size=400)
    report = judged(har(cut, Said()))
    assert outcomes(report, "envelope.json") == {"envelope.json": "error"}
    assert "holds 28 of the body's 400 bytes" in next(r.reason for r in report.requirements if r.id == "envelope.json")


def test_a_size_that_is_none_of_the_text_s_own_means_nothing_where_the_text_is_whole(judged):
    assert judged(har(as_har(Said(), size=4000))).exit_code == 0


def test_the_pseudo_fields_of_http_2_are_no_fields(items):
    said = Said(
        sent=((":authority", "api.example"), (":path", "/api/v1"), ("accept", "*/*")), headers=((":status", "404"),)
    )
    exchange = only(items(har(said))).exchange
    assert exchange.request.headers == (("accept", "*/*"),)
    assert exchange.response.headers == ()


def test_what_a_browser_guessed_of_the_type_is_not_taken_for_a_field(judged):
    report = judged(har(as_har(Said(headers=(("Date", "now"),)), mimeType="application/json")))
    assert broken(report).keys() == {"envelope.json"}


def test_a_field_that_was_written_down_as_several_lines_is_several_fields(items):
    exchange = only(items(har(Said(headers=(("Set-Cookie", "a=1\nb=2"), ("Set-Cookie", "c=3")))))).exchange
    assert exchange.response.headers_named("set-cookie") == ("a=1", "b=2", "c=3")


def test_headers_that_are_not_in_the_recording_are_held_against_nobody(judged):
    entry = as_har(Said(status=401, body={**ABSENT, "meta": {"code": "invalid_api_key"}}, headers=()))
    report = judged(har(entry))
    assert outcomes(report, "401.challenge", "envelope.json", "401.code") == {
        "401.challenge": "error",
        "envelope.json": "error",
        "401.code": "pass",
    }


def test_a_body_that_is_no_json_is_a_finding_even_without_headers(judged):
    report = judged(har(as_har(Said(body="<p>", headers=()))))
    assert outcomes(report, "envelope.json") == {"envelope.json": "fail"}


def test_a_redirect_is_an_answer_of_its_own(judged):
    report = judged(har(Said(status=302, body="", headers=(("Location", "https://b/login"),)), Said()))
    assert outcomes(report, "success.no-redirect") == {"success.no-redirect": "warn"}
    assert report.exit_code == 0
    assert judged(har(Said(status=302, body="", headers=(("Location", "/"),)), Said()), strict=True).exit_code == 1


def test_an_answer_that_never_came_is_told_and_not_judged(items, judged):
    lost = as_har(Said(status=0))
    assert items(har(lost)) == [Unread("entry 1", "no answer came", damage=False)]
    report = judged(har(lost, Said()))
    assert report.exit_code == 0
    assert "1 entry not judged: no answer came." in report.notes


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda entry: entry.pop("response"), "its member 'response' is missing"),
        (lambda entry: entry.update(request=[]), "a member of it has an unexpected type or value"),
        (lambda entry: entry["response"].update(status="tea"), "a member of it has an unexpected type or value"),
        (lambda entry: entry["request"].update(url="http://[::1"), "a member of it has an unexpected type or value"),
        (lambda entry: entry["response"]["content"].update(text=7), "a member of it has an unexpected type or value"),
        (
            lambda entry: entry["response"]["content"].update(text="!", encoding="base64"),
            "a member of it has an unexpected type or value",
        ),
    ],
)
def test_a_damaged_entry_is_told_and_the_others_are_judged(items, judged, spoil, reason):
    damaged = as_har(Said())
    spoil(damaged)
    assert items(har(damaged)) == [Unread("entry 1", reason)]
    report = judged(har(Said(), damaged, Said()))
    assert (report.run.requests, report.exit_code) == (2, 3)
    assert any(note.endswith(f"0.rec, entry 2: {reason}") for note in report.notes)


def test_a_file_that_breaks_off_is_judged_as_far_as_it_goes(items):
    whole = har(Said(), Said())
    read = items(whole[: len(whole) * 3 // 4])
    assert isinstance(read[0], Entry)
    assert read[1:] == [Unread("after entry 1", "the JSON breaks off")]


def test_a_file_with_a_mistake_in_it_is_judged_up_to_there(items):
    first, second = json.dumps(as_har(Said())), json.dumps(as_har(Said()))
    read = items('{"log": {"entries": [' + first + ", oops " + second + "]}}")
    assert read[1:] == [Unread("after entry 1", "the JSON is damaged")]
