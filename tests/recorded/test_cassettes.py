"""VCR cassettes: the forms that differ between tools, and what is damaged. What tools really write is in tests/integrations."""

import base64
import gzip
import json

import pytest
import yaml
from recordings import ABSENT, ORIGIN, broken

from goatcheck.recorded import Entry, Unread

TEXT = json.dumps(ABSENT)


def interaction(body=None, headers=None, code=404, sent=None):
    return {
        "request": {"method": "GET", "uri": f"{ORIGIN}/api/v1/creators", "headers": sent or {}, "body": None},
        "response": {
            "status": {"code": code, "message": "…"},
            "headers": headers or {"Content-Type": ["application/json"]},
            "body": {"string": TEXT} if body is None else body,
        },
    }


def cassette(*interactions, name="interactions"):
    return yaml.safe_dump({name: list(interactions), "version": 1})


def response(item):
    assert isinstance(item, Entry), item
    return item.exchange.response


@pytest.mark.parametrize("name", ["interactions", "http_interactions"])
@pytest.mark.parametrize("notation", [cassette, lambda one, name: json.dumps({"version": 1, name: [one]})])
def test_both_names_and_both_notations_are_read(items, name, notation):
    (item,) = items(notation(interaction(), name=name))
    assert (item.place, response(item).document.value) == ("entry 1", ABSENT)


@pytest.mark.parametrize(
    "body",
    [
        {"string": TEXT.encode()},
        {"encoding": "utf-8", "base64_string": base64.b64encode(TEXT.encode()).decode()},
        TEXT,
    ],
)
def test_a_body_may_be_text_bytes_or_base64(items, body):
    assert response(items(cassette(interaction(body)))[0]).document.value == ABSENT


@pytest.mark.parametrize("body", [gzip.compress(TEXT.encode(), mtime=0), TEXT])
def test_a_compressed_body_is_undone_where_the_recorder_kept_it_so(items, body):
    headers = {"Content-Type": ["application/json"], "Content-Encoding": ["gzip"]}
    assert response(items(cassette(interaction({"string": body}, headers)))[0]).document.value == ABSENT


@pytest.mark.parametrize(
    ("body", "coding", "oddity"),
    [
        (gzip.compress(TEXT.encode(), mtime=0)[:-9], "gzip", "breaks off"),
        (b"\xff\xfe\x00", "br", "'br' is not known here"),
        (b"\xff\xfe\x00", "deflate", "not deflate"),
    ],
)
def test_a_coding_that_can_t_be_undone_is_held_against_nobody(items, judged, body, coding, oddity):
    headers = {"Content-Type": ["application/json"], "Content-Encoding": [coding]}
    text = cassette(interaction({"string": body}, headers))
    assert oddity in response(items(text)[0]).oddity
    report = judged(text)
    assert (broken(report), report.exit_code) == ({}, 3)


def test_a_very_large_compressed_body_is_looked_at_in_part(items):
    body = gzip.compress(b" " * (17 * 1024 * 1024))
    read = response(items(cassette(interaction({"string": body}, {"Content-Encoding": ["gzip"]})))[0])
    assert len(read.body) == 16 * 1024 * 1024
    assert "only the first" in read.oddity


@pytest.mark.parametrize(
    ("body", "headers", "oddity"),
    [
        ({"string": ""}, {"Content-Length": ["0"]}, ""),
        ({"string": ""}, {"Date": ["now"]}, ""),
        ({"string": ""}, {"Content-Length": ["80"]}, "the recording does not hold the body"),
        ({}, {"Date": ["now"]}, "the recording does not hold the body"),
    ],
)
def test_an_empty_body_is_one_unless_the_recorder_left_it_out(items, body, headers, oddity):
    read = response(items(cassette(interaction(body, headers)))[0])
    assert (read.body, read.oddity) == (b"", oddity)


def test_what_is_written_once_and_named_again_is_read_each_time(items):
    shared = {"Content-Type": ["application/json"]}
    text = cassette(interaction(headers=shared), interaction(headers=shared))
    assert "&id001" in text
    assert [response(item).header("content-type") for item in items(text)] == ["application/json"] * 2


def test_a_value_that_is_not_yaml_s_own_spoils_its_entry_alone(items):
    good = cassette(interaction())
    text = good.replace("version: 1\n", "") + "- !!python/object/apply:os.system ['false']\n" + good.split("\n", 1)[1]
    read = items(text)
    assert [type(item) for item in read] == [Entry, Unread, Entry]
    assert read[1] == Unread("entry 2", "it has a value that is not YAML's own")


def test_a_cassette_that_breaks_off_is_judged_as_far_as_it_goes(items):
    text = cassette(interaction(), interaction())
    read = items(text[: len(text) * 3 // 4] + '\n "')
    assert isinstance(read[0], Entry)
    assert read[1].place.startswith("after entry 1, line ")
    assert read[1].reason == "the YAML is damaged, or breaks off"


def test_bytes_that_no_yaml_has_end_a_cassette(items):
    text = cassette(interaction()).encode().replace(b"version: 1\n", b"- a: b\n  c: '\x00\xff'\n")
    read = items(text)
    assert isinstance(read[0], Entry)
    assert read[1] == Unread("after entry 1", "the YAML is damaged")


def test_a_cassette_whose_list_is_none_holds_nothing(items):
    assert items("interactions: none at all\n") == []
    assert items("http_interactions:\n") == []
    assert items("--- >\ninteractions:\n") == []


def test_an_entry_without_an_answer_is_told(items):
    assert items(cassette({"request": interaction()["request"]})) == [
        Unread("entry 1", "its member 'response' is missing")
    ]
