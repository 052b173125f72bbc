"""The client against answers whose body is broken, coded, or none where one is told."""

import gzip
import os
import zlib

import pytest
from sockets import KEY, OK, answering, ask, serving

from goatcheck.exchange import Request


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (b"HTTP/1.1 500 Oops\r\nContent-Length: 10\r\n\r\n{}", b"{}"),
        (b"HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\nzz\r\n", b"{}"),
        (b"HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", b"{}"),
    ],
    ids=["short", "bad-chunk", "no-last-chunk"],
)
def test_a_broken_body_is_a_response_with_an_oddity(answer, body):
    with serving(answering(answer)) as url:
        response = ask(url)
    assert response.status == 500
    assert response.body == body
    assert response.oddity.startswith("the body broke off after 2 bytes: ")


def test_a_content_length_that_is_too_small_cuts_the_body():
    with serving(answering(b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{"data": 1}')) as url:
        assert ask(url).body == b'{"'


def test_a_redirect_is_not_followed():
    with serving(answering(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")) as url:
        response = ask(url)
    assert (response.status, response.header("location")) == (302, "http://127.0.0.1:1/")


def test_interim_answers_are_passed_over():
    with serving(answering(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + OK)) as url:
        response = ask(url)
    assert (response.status, response.body) == (200, b"{}")


@pytest.mark.parametrize("status", [200, 418, 599, 600, 999])
def test_a_status_is_as_on_the_wire(status):
    with serving(answering(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())) as url:
        assert ask(url).status == status


def test_an_answer_to_head_has_no_body():
    with serving(answering(b"HTTP/1.1 404 Not Found\r\nContent-Length: 50\r\n\r\n")) as url:
        assert ask(url, Request("HEAD", "/creators")).body == b""


def coded(coding, data):
    size = str(len(data)).encode()
    return answering(
        b"HTTP/1.1 400 Bad\r\nContent-Encoding: " + coding + b"\r\nContent-Length: " + size + b"\r\n\r\n" + data
    )


TEXT = b'{"data": null, "error": "no"}'


@pytest.mark.parametrize(
    ("coding", "data"),
    [
        (b"gzip", gzip.compress(TEXT, mtime=0)),
        (b"X-GZIP", gzip.compress(TEXT, mtime=0)),
        (b"deflate", zlib.compress(TEXT)),
        (b"deflate", zlib.compress(TEXT)[2:-4]),
        (b"deflate, gzip", gzip.compress(zlib.compress(TEXT))),
        (b"identity", TEXT),
        (b"", TEXT),
    ],
    ids=["gzip", "x-gzip", "deflate", "bare-deflate", "two", "identity", "empty"],
)
def test_a_content_coding_that_nobody_asked_for_is_undone(coding, data):
    with serving(coded(coding, data)) as url:
        response = ask(url)
    assert (response.body, response.oddity) == (TEXT, "")


@pytest.mark.parametrize("coding", [b"gzip", b"gzip, gzip"])
def test_a_bomb_is_cut_off_at_the_bound(coding):
    data = gzip.compress(bytes(5_000_000))
    if b"," in coding:
        data = gzip.compress(data)
    with serving(coded(coding, data)) as url:
        response = ask(url, max_body=100_000, timeout=5)
    assert len(response.body) == 100_000
    assert response.oddity == "cut off after 100000 bytes"


def test_a_compressed_key_is_found():
    with serving(coded(b"gzip", gzip.compress(f'{{"error": "{KEY}"}}'.encode()))) as url:
        assert ask(url).body == '{"error": "‹key:reader›"}'.encode()


@pytest.mark.parametrize(
    ("coding", "data", "oddity"),
    [
        (b"br", b"\x8b\x02\x80{}\x03", "'br' is not known"),
        (b"gzip", gzip.compress(TEXT, mtime=0)[:-12], "breaks off"),
        (b"gzip", b"\xff\xfe not gzip", "is not gzip"),
        (b"gzip, gzip, gzip, gzip", b"\xff", "4 content codings"),
    ],
    ids=["unknown", "cut", "none", "many"],
)
def test_bytes_that_can_t_be_decoded_are_left_out_since_they_could_hide_a_key(coding, data, oddity):
    with serving(coded(coding, data)) as url:
        response = ask(url)
    assert response.body == b""
    assert oddity in response.oddity + response.miscoded
    assert "left out" in response.oddity + response.miscoded


def test_an_error_in_another_coding_than_it_says_is_a_finding_and_what_was_cut_off_here_is_none():
    with serving(coded(b"gzip", TEXT)) as url:
        response = ask(url)
    assert (response.body, response.oddity) == (TEXT, "")
    assert "is not gzip" in response.miscoded
    with serving(coded(b"gzip", gzip.compress(os.urandom(5_000), mtime=0))) as url:
        response = ask(url, max_body=1_000)
    assert (response.oddity, response.miscoded) == ("cut off after 1000 bytes", "")
    with serving(coded(b"gzip", b"no" * 5_000)) as url:
        response = ask(url, max_body=1_000)
    assert (response.oddity, response.miscoded) == ("cut off after 1000 bytes", "")


def test_a_success_in_another_coding_than_it_says_is_odd():
    with serving(answering(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}")) as url:
        response = ask(url)
    assert "is not gzip" in response.oddity
    assert response.miscoded == ""


def test_text_with_a_false_content_coding_is_kept():
    with serving(coded(b"utf-8", TEXT)) as url:
        response = ask(url)
    assert response.body == TEXT
    assert "'utf-8' is not known" in response.oddity
