"""Secrets of recordings: none gets past the reader, and an answer that repeats a key is still found."""

import base64
import json
from urllib.parse import quote

import pytest
from recordings import ABSENT, ANOTHER, KEY, Said, broken, har

from goatcheck.recorded import open_recording, redacted

HIDDEN = "‹secret›"
SESSION = "5e884898da28047151d0e56f8dc62927"


@pytest.fixture
def clean(write):
    """The exchange of a recording of one entry, without its secrets."""

    def cleaned(said):
        with open_recording(write(har(said))) as recording:
            (entry,) = recording.items()
            return redacted(entry).exchange

    return cleaned


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("Authorization", f"Bearer {KEY}", "Bearer ‹key:recorded›"),
        ("authorization", KEY, "‹key:recorded›"),
        ("Authorization", "Basic dXNlcjpwYXNzd29yZA==", "Basic ‹key:recorded›"),
        ("Authorization", "[Filtered]", "‹key:recorded›"),
        ("Authorization", "Bearer ‹key:reader›", "Bearer ‹key:reader›"),
        ("Authorization", "Bearer ‹key:reader›x", "Bearer ‹key:recorded›"),
        ("Authorization", f"‹ {KEY}", "‹ ‹key:recorded›"),
        ("X-API-Key", KEY, "‹key:recorded›"),
        ("Proxy-Authorization", "Basic abcdefgh", "Basic ‹key:recorded›"),
        ("X-CSRF-Token", SESSION, HIDDEN),
        ("Cookie", f"sid={SESSION}; theme=dark", f"sid={HIDDEN}; theme={HIDDEN}"),
        ("Cookie", SESSION, HIDDEN),
        ("X-Trace", f"key {KEY} used", "key ‹secret:1› used"),
        ("Idempotency-Key", SESSION, SESSION),
        ("Accept", "*/*", "*/*"),
    ],
)
def test_what_is_secret_in_a_request_becomes_a_mark(clean, name, value, shown):
    assert clean(Said(sent=((name, value),))).request.headers == ((name, shown),)


def test_what_is_a_mark_already_stays_beside_what_is_none(clean):
    sent = (("Authorization", "Bearer ‹key:reader›"), ("Cookie", SESSION))
    assert clean(Said(sent=sent)).request.headers == (sent[0], ("Cookie", HIDDEN))


def test_a_key_that_was_sent_gives_the_exchange_its_name(clean):
    assert clean(Said()).intent.key == "recorded"
    assert clean(Said(sent=())).intent.key == ""


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("Set-Cookie", f"sid={SESSION}; Path=/; HttpOnly", f"sid={HIDDEN}; Path=/; HttpOnly"),
        ("Set-Cookie", f"{SESSION}; Path=/{ANOTHER}", f"{HIDDEN}; Path=/‹secret:1›"),
        ("X-Refresh-Token", SESSION, HIDDEN),
        ("X-Echo", KEY, "‹key:recorded›"),
        ("X-Other", ANOTHER, "‹secret:1›"),
    ],
)
def test_what_is_secret_in_an_answer_becomes_a_mark(clean, name, value, shown):
    assert clean(Said(headers=((name, value),))).response.headers[0] == (name, shown)


def test_what_is_secret_in_a_url_becomes_a_mark(clean):
    said = Said(url=f"https://u:pw@a/gw/{KEY}/api/v1/creators?limit=1&api_key={SESSION}&search=tga_short", sent=())
    request = clean(said).request
    assert request.target == f"/gw/‹secret:1›/api/v1/creators?limit=1&api_key={HIDDEN}&search=tga_short"


def test_a_token_of_the_query_is_hidden_in_the_answer_too_and_blamed_on_nobody(clean, judged):
    said = Said(
        url=f"https://a/api/v1/creators?access_token={SESSION}", body={**ABSENT, "error": f"no {SESSION}"}, sent=()
    )
    assert clean(said).response.document.value["error"] == f"no {HIDDEN}"
    assert broken(judged(har(said))) == {}


DISGUISES = {
    "plain": KEY,
    "percent": quote(KEY).replace("_", "%5F"),
    "every letter": "".join(f"%{ord(c):02x}" for c in KEY),
    "capitals": KEY.upper(),
    "base64": base64.b64encode(KEY.encode()).decode(),
    "base64, one off": base64.b64encode(b"=" + KEY.encode()).decode(),
    "base64, two off": base64.b64encode(b"k=" + KEY.encode()).decode(),
    "JSON escape": KEY.replace("_", "\\u005f"),
    "HTML": KEY.replace("_", "&#95;"),
}


@pytest.mark.parametrize("disguise", DISGUISES.values(), ids=DISGUISES)
@pytest.mark.parametrize("sent", [(("Authorization", f"Bearer {KEY}"),), ()], ids=["sent", "not sent"])
def test_a_key_is_hidden_in_every_disguise_and_an_answer_that_repeats_the_one_sent_is_found(
    clean, judged, disguise, sent
):
    said = Said(
        body='{"data": null, "error": "The key ' + disguise + ' is bad", "meta": null}',
        sent=sent,
        posted=f"x {disguise}",
    )
    exchange = clean(said)
    for text in (exchange.response.text, exchange.request.body.decode()):
        assert disguise not in text
        assert disguise[8:40] not in text
    assert exchange.response.document.problem == ""
    assert ("error.no-echo" in broken(judged(har(said)))) is bool(sent)


@pytest.mark.parametrize(
    "placeholder", ["[Filtered]", "REDACTED", "{{apiKey}}", "<token>", "Bearer", "********", "your-api-key"]
)
def test_a_recorder_s_placeholder_is_no_key_that_an_answer_could_repeat(judged, placeholder):
    said = Said(
        sent=(("Authorization", f"Bearer {placeholder}"),),
        headers=(("Content-Type", "application/json"), ("X-Odd", placeholder)),
        body={**ABSENT, "error": f"Send {placeholder} instead of the key"},
    )
    assert broken(judged(har(said))) == {}


def test_two_keys_that_are_names_of_one_object_stay_two(clean, judged):
    said = Said(body=json.dumps({**ABSENT, "meta": {KEY: 1, ANOTHER: 2}}), sent=())
    assert list(clean(said).response.document.value["meta"]) == ["‹secret:1›", "‹secret:2›"]
    assert broken(judged(har(said))) == {}


def test_an_entry_without_secrets_is_the_very_same(items):
    (entry,) = items(har(Said(sent=(("Accept", "*/*"),), body={**ABSENT, "error": "No tga_ key, sorry"})))
    assert redacted(entry) is entry


def test_a_body_that_is_no_text_is_searched_too(items):
    entry = {
        "request": {"method": "GET", "url": "/api/v1/creators", "headers": []},
        "response": {
            "status": 404,
            "headers": [],
            "content": {"text": base64.b64encode(b"\xff\xfe " + KEY.encode()).decode(), "encoding": "base64"},
        },
    }
    (read,) = items(har(entry))
    assert redacted(read).exchange.response.body == b"\xff\xfe " + "‹secret:1›".encode()
