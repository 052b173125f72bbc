"""Opening recordings: which format they have, compressed or not, from a file or standard input."""

import gzip
import io
import json
import sys
from itertools import pairwise
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recordings import Said, har, line

from goatcheck.errors import UsageError
from goatcheck.recorded import Entry, Unread, open_recording
from goatcheck.recorded.sources import format_of
from goatcheck.recorded.streams import LONGEST, guarded, lines_of, lines_within


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ('{"log": {"entries": []}}', "HAR"),
        ('\ufeff \n{"log": {"version": "1.2", ', "HAR"),
        ('{"version": 1, "interactions": [', "VCR cassette (JSON)"),
        ('{"http_interactions": [{"request": {}, "response": {}}', "VCR cassette (JSON)"),
        ("# by hand\ninteractions:\n- request:\n", "VCR cassette (YAML)"),
        ("command: 'x'\nhttp_interactions:\n- id: 1\n", "VCR cassette (YAML)"),
        ('{"meta": {"total": 0}, "requests": [', "WireMock's request journal"),
        ('{"mappings": [{"request": {}, "response"', "WireMock stub mappings"),
        ('{"id": "1", "request": {"url": "/"}, "response": {', "WireMock stub mapping"),
        ('{"info": {"name": "x"}, "item": [', "Postman collection"),
        ('{"item": [{"request": {}, "response": []}', "Postman collection"),
        ('{"kind": "header", "data": {}}\n{"kind": "exchange"', "goatcheck's journal"),
        ('oops\n{"kind": "exchange", "data": {}}\n', "goatcheck's journal"),
        ("", "goatcheck's journal"),
        ('{"log": {"entries": [\n{"kind": "one"}\n]}}', "HAR"),
        ('interactions:\n- response:\n    body:\n      string: |\n        {"kind": "one"}\n', "VCR cassette (YAML)"),
        ('{"broken\n{"kind": "exchange", "data": {}}\n', "goatcheck's journal"),
        ('{"hello": 1}', None),
        ("[1, 2]", None),
        ("hello: world", None),
        ("<html>", None),
    ],
)
def test_a_format_is_known_by_how_it_starts(head, name):
    found = format_of(head.encode())
    assert (found and found.name) == name


def test_an_unknown_format_is_refused_with_those_that_are_known(write):
    with (
        pytest.raises(UsageError, match=r"is no recording that is known here.*HAR.*Postman"),
        open_recording(write("<x>")),
    ):
        pass


def test_a_file_that_is_not_there_is_refused():
    with pytest.raises(UsageError, match=r"gone.har can't be read: No such file"), open_recording("gone.har"):
        pass


def test_a_compressed_file_is_read_as_it_was(zipped):
    with open_recording(zipped(har(Said(), Said()))) as recording:
        assert [item.place for item in recording.items()] == ["entry 1", "entry 2"]
        assert recording.position() == recording.size


def test_compressed_files_one_after_the_other_are_one_file(write):
    text = gzip.compress(line(number=1).encode() + b"\n") + gzip.compress(b"") + gzip.compress(line(number=2).encode())
    with open_recording(write(text)) as recording:
        assert [item.place for item in recording.items()] == ["line 1", "line 2"]


@pytest.mark.parametrize("lines", [200, 3000])
def test_compressed_data_that_breaks_off_is_judged_as_far_as_it_goes(write, lines):
    text = "\n".join(line(Said(body=f"{n * 7919 % 10007}")) for n in range(lines)).encode()
    packed = gzip.compress(text)
    with open_recording(write(packed[: len(packed) // 2])) as recording:
        read = list(recording.items())
    assert sum(isinstance(item, Entry) for item in read) > lines // 4
    assert (read[-1].reason, read[-1].damage) == ("the compressed data breaks off", True)
    assert read[-1].place.startswith("after line ")


def test_compressed_data_that_is_damaged_is_judged_as_far_as_it_goes(write):
    text = "\n".join(line(Said(body=f"{n * 7919 % 10007}")) for n in range(3000)).encode()
    packed = bytearray(gzip.compress(text))
    middle = len(packed) // 2
    packed[middle : middle + 100] = b"\xff" * 100
    with open_recording(write(bytes(packed))) as recording:
        read = list(recording.items())
    assert isinstance(read[0], Entry)
    assert read[-1].reason == "the compressed data is damaged"


def test_a_file_that_only_starts_as_compressed_data_does_is_a_journal_without_anything(write):
    with open_recording(write(b"\x1f\x8b nothing")) as recording:
        assert list(recording.items()) == [Unread("its start", "the compressed data is damaged")]


def test_standard_input_is_read_whatever_its_format_is(monkeypatch):
    for text in (har(Said()).encode(), gzip.compress(line().encode())):
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(text)))
        with open_recording("-") as recording:
            assert (recording.name, recording.size, recording.position()) == ("standard input", None, 0)
            assert [type(item) for item in recording.items()] == [Entry]


def test_a_disk_that_fails_is_told_as_the_end():
    def failing():
        yield from ()
        raise OSError(5, "Input/output error")

    assert list(guarded(failing())) == [Unread("its start", "it can't be read on: Input/output error")]


def test_each_damaged_line_of_a_journal_is_told_and_the_others_are_read(items):
    lines = [
        '{"kind": "header", "data": {}}',
        line(),
        "{broken",
        '["no", "entry"]',
        '{"kind": "exchange", "data": {"number": 1}}',
        '{"kind": "exchange"}',
        "",
        '{"kind": "judgement", "data": {}}',
        line(),
        '{"kind": "exch',
    ]
    read = items("\n".join(lines))
    assert [item.place for item in read if isinstance(item, Entry)] == ["line 2", "line 9"]
    assert [(item.place, item.reason) for item in read if isinstance(item, Unread)] == [
        ("line 3", "the line is no JSON"),
        ("line 4", 'the line is no entry: expected {"kind": …, "data": …}'),
        ("line 5", "its member 'request' is missing"),
        ("line 6", "a member of it has an unexpected type or value"),
        ("line 10", "the line is no JSON"),
    ]


def test_a_line_without_an_end_is_passed_over(write, monkeypatch):
    monkeypatch.setattr("goatcheck.recorded.streams.LONGEST", 5000)
    text = f"{line()}\n{line(Said(body='x' * 20_000))}\n{line()}\n"
    with open_recording(write(text)) as recording:
        read = list(recording.items())
    assert [item.place for item in read] == ["line 1", "line 2", "line 3"]
    assert read[1] == Unread("line 2", "the line is too long to be looked at")
    assert LONGEST > 1_000_000


@given(
    st.lists(st.sampled_from([b"\n", b"a\n", b"bcd\n", b"efghijkl\n"]), max_size=9), st.binary(max_size=3), st.data()
)
def test_every_line_is_in_one_of_the_ranges_that_a_file_is_cut_into(lines, rest, data):
    text = b"".join(lines) + rest
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=4)) | {0, len(text)})
    found = [one for start, end in pairwise(cuts) for one in lines_within(io.BytesIO(text), start, end)]
    assert found == list(lines_of(io.BytesIO(text)))


def test_a_byte_order_mark_is_no_part_of_the_first_line():
    assert list(lines_within(io.BytesIO(b"\xef\xbb\xbf\nx"), 0, 5)) == [b"\n", b"x"]


def test_text_that_is_nested_without_end_is_told(items):
    assert items('{"kind": "exchange", "data": ' + "[" * 200_000)[0].reason == "the line is no JSON"


def test_the_intent_of_a_journal_is_kept(items):
    (entry,) = items(line(key="reader", forced="404"))
    assert (entry.relative, entry.exchange.intent.key, entry.exchange.intent.forced) == (True, "reader", "404")
    assert not entry.exchange.intent.recorded
    assert json.loads(entry.exchange.response.body)["error"] == "Not found"
