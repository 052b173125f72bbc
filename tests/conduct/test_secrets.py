import base64
import json
import time
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goatcheck.conduct import secrets
from goatcheck.conduct.secrets import Secrets
from goatcheck.errors import GeneratorError
from goatcheck.exchange import key_mark

READER = "tga_" + "4f9c27b1d05e83a60b7d92e4c8f1a6359e02c7d4b18f6a53d7e1094cb2a86f35"
FULL = "tga_" + "b81e60d3a94f7c2536c9f0e7d1a2845bf4073be9c6d85a1282a5c4f1e90d3b67"
SECRETS = Secrets({"reader": READER, "full": FULL})
MARK = "‹key:reader›"


def escaped(text):
    return "".join(f"\\u{ord(letter):04x}" for letter in text)


def percent(text):
    return "".join(f"%{ord(letter):02X}" for letter in text)


def base64_of(text, encode=base64.b64encode):
    return encode(text.encode()).decode()


def test_marks_become_keys():
    assert SECRETS.expand("Bearer ‹key:reader›") == f"Bearer {READER}"
    assert SECRETS.expand("‹key:full|upper›") == FULL.upper()
    assert SECRETS.expand("‹key:full|cut›") == FULL[:-1]
    assert SECRETS.expand("‹key:full|bare›") == FULL[4:]
    assert SECRETS.expand("‹key:full|start›") == FULL[:13]
    assert SECRETS.expand("‹key:full|middle›") == FULL[:34] + "6" + FULL[35:]
    assert SECRETS.expand("‹key:full|last›") == FULL[:-1] + "8"
    assert SECRETS.expand("Basic ‹key:full|basic›") == "Basic " + base64_of(f"{FULL}:")
    assert SECRETS.expand(key_mark("reader") + key_mark("full", "cut")) == READER + FULL[:-1]
    assert SECRETS.expand("Bearer") == "Bearer"


@pytest.mark.parametrize("token", ["secret-1", "x", "tga_f", "tga_0", "Z"])
@pytest.mark.parametrize("change", ["middle", "last", "start", "cut"])
def test_a_key_that_was_changed_is_another_one_whatever_its_form(token, change):
    assert Secrets({"odd": token}).expand(key_mark("odd", change)) != token


@pytest.mark.parametrize("mark", ["‹key:nobody›", "‹key:reader|lower›"])
def test_a_mark_without_a_key_is_an_error_that_names_no_key(mark):
    with pytest.raises(GeneratorError) as caught:
        SECRETS.expand(f"Bearer {mark}")
    assert not SECRETS.shows(str(caught.value))


def test_keys_show_in_no_repr():
    assert repr(SECRETS) == "Secrets(reader, full)"


@pytest.mark.parametrize(
    "disguise",
    [
        READER,
        READER.upper(),
        READER.swapcase(),
        READER[:-1],
        READER[4:],
        READER[::-1],
        READER.encode().hex(),
        READER.encode().hex().upper(),
        percent(READER),
        READER[:30] + percent(READER[30]) + READER[31:],
        READER[:12] + percent(READER[12:20]) + READER[20:],
        quote(percent(READER)),
        escaped(READER),
        escaped(READER[:1]) + READER[1:],
        "".join(letter if at % 3 else escaped(letter) for at, letter in enumerate(READER)),
        "".join(f"\\x{ord(letter):02x}" for letter in READER),
        "".join(f"&#{ord(letter)};" for letter in READER),
        "".join(f"&#x{ord(letter):X};" for letter in READER),
        "".join(f"&amp;#{ord(letter)};" for letter in READER),
        READER.replace("_", "&#95;"),
        READER.encode("utf-16-le").decode("latin-1"),
    ],
)
def test_a_key_is_found_in_any_disguise(disguise):
    found = SECRETS.redact(f'{{"error": "{disguise}", "x": 1}}')
    assert found.replace("\0", "") == f'{{"error": "{MARK}", "x": 1}}'


def numbers(text):
    return list(text.encode())


@pytest.mark.parametrize(
    "shown",
    [
        f"<Buffer {READER.encode().hex(' ')}>",
        READER.encode().hex(":").upper(),
        READER.encode().hex("-"),
        ", ".join(f"0x{byte:02x}" for byte in READER.encode()),
        str(numbers(READER)),
        " ".join(map(str, numbers(READER[10:30]))),
    ],
    ids=["buffer", "colons", "hyphens", "0x", "list", "part"],
)
def test_a_key_is_found_that_is_shown_byte_by_byte(shown):
    clean = SECRETS.redact(f"before {shown} after")
    assert MARK in clean
    assert not any(part in clean for part in (shown, shown[60:80]))


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("around", ["", 'a quotation mark " and \\ here'])
def test_a_list_of_bytes_that_is_taken_out_of_json_leaves_json(indent, around):
    listed = numbers(READER)
    value = {"said": around, "buffer": {"data": [1, *listed, 300]}, "text": str(listed)}
    clean = json.loads(SECRETS.redact_bytes(json.dumps(value, indent=indent).encode()))
    assert clean == {"said": around, "buffer": {"data": [1, MARK]}, "text": f"[{MARK}]"}


@pytest.mark.parametrize(("before", "after"), [("", ", 1234"), ("", ", 12.5"), ("-", ""), ("1.", ""), ("", ", 12e3")])
def test_numbers_beside_bytes_stay_numbers(before, after):
    text = (
        f'{{"data": [{before}{", ".join(map(str, numbers(READER)))}{after}], "more": [1, {READER.encode().hex()!r}]}}'
    )
    clean = json.loads(SECRETS.redact(text.replace("'", '"')))
    assert not SECRETS.shows(json.dumps(clean))


def test_many_rows_of_bytes_are_taken_out_in_no_time():
    row = ", ".join(map(str, numbers(READER)[:16]))
    text = f"[{', 7, '.join([row] * 3000)}]"
    began = time.process_time()
    clean = SECRETS.redact(text)
    assert time.process_time() - began < 5
    assert len(json.loads(clean)) > 3000


@pytest.mark.parametrize("row", ["48 " * 40, "4f 9c " * 20, "97, " * 30 + "1", "999 " * 30])
def test_rows_of_other_bytes_are_left_alone(row):
    assert SECRETS.redact(row) == row


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize("before", ["", "x", "xy", "Bearer ", "reader:", "Authorization: Bearer "])
@pytest.mark.parametrize("after", ["", ":", ":x", "\r\nHost: x"])
def test_a_key_is_found_in_base64_at_any_alignment(encode, before, after):
    text = base64_of(before + READER + after, encode)
    found = SECRETS.redact(f"Basic {text}")
    assert MARK in found
    left = found.replace(MARK, "")
    assert len(left) <= len("Basic ") + len(base64_of(before + after)) + 8


def test_base64_of_a_key_with_plus_and_slash_is_found_in_both_alphabets():
    key = "\xfb\xff\xfe>?" * 6 + "unlike ~~~???>>>"
    secrets = Secrets({"odd": key})
    assert secrets.redact(base64_of(key)).startswith("‹key:odd›")
    assert secrets.redact(base64_of(key, base64.urlsafe_b64encode)).startswith("‹key:odd›")
    assert secrets.redact(base64_of(key).replace("/", "\\/")).startswith("‹key:odd›")


def test_a_key_cut_into_pieces_is_found_piece_by_piece():
    pieces = {"a": READER[:24], "b": READER[24:44], "c": READER[44:]}
    assert json.loads(SECRETS.redact(json.dumps(pieces))) == {"a": MARK, "b": MARK, "c": MARK}


@pytest.mark.parametrize("start", range(4, 52, 3))
def test_sixteen_characters_show_a_key_and_fifteen_do_not(start):
    for shift in range(12):
        before = " " * shift
        assert SECRETS.shows(before + READER[start : start + 16])
        assert not SECRETS.shows(before + READER[start : start + 15])


def test_each_key_gets_its_own_mark():
    assert SECRETS.redact(f"{READER}{FULL} {FULL.upper()}") == "‹key:reader›‹key:full› ‹key:full›"


def test_a_row_of_zeros_is_no_part_of_a_key():
    low = Secrets({"low": "tga_" + "0" * 60 + "12ab", "same": "tga_" + "a" * 64})
    assert low.redact("0" * 200 + "a" * 200) == "0" * 200 + "a" * 200
    assert low.redact("x tga_" + "0" * 60 + "12ab x") == "x ‹key:low› x"
    assert low.redact("x tga_" + "a" * 64 + " x") == "x ‹key:same› x"


def test_of_two_keys_that_begin_alike_the_right_one_is_named():
    alike = Secrets({"one": "tga_" + "0123456789ab" * 5 + "0001", "two": "tga_" + "0123456789ab" * 5 + "0002"})
    assert alike.redact("tga_" + "0123456789ab" * 5 + "0002") == "‹key:two›"
    assert alike.redact("tga_" + "0123456789ab" * 5 + "0001") == "‹key:one›"


@pytest.mark.parametrize("token", ["", "a", "secret1", "xxxxxxxxxxxx"])
def test_a_token_too_short_to_be_a_secret_is_let_be(token):
    assert Secrets({"short": token}).redact("a secret1 text xxxxxxxxxxxx") == "a secret1 text xxxxxxxxxxxx"


def test_a_short_token_is_found_as_a_whole():
    secrets = Secrets({"short": "hunter-22"})
    assert secrets.redact("is it HUNTER-22?") == "is it ‹key:short›?"
    assert secrets.redact(f"or {base64_of('hunter-22')}") != f"or {base64_of('hunter-22')}"
    assert secrets.redact("no hunter-2") == "no hunter-2"


def test_bytes_that_are_no_text_are_searched_too():
    assert SECRETS.redact_bytes(b"\xff\xfe" + READER.encode() + b"\x80") == b"\xff\xfe" + MARK.encode() + b"\x80"


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"error": f'a "{READER}" b', "meta": {"deep": [READER[::-1], 1.0]}}, indent=1),
        '{"error": "' + escaped(READER) + '"}',
        json.dumps({"error": escaped(READER)}),
        json.dumps({"error": json.dumps({"again": escaped(READER)})}),
        json.dumps({"\\" + READER + "\\": "\\"}),
    ],
)
def test_what_was_json_is_json_afterwards(body):
    clean = SECRETS.redact(body)
    assert not SECRETS.shows(clean)
    assert MARK in json.dumps(json.loads(clean), ensure_ascii=False)


TEXTS = st.text() | st.text('%\\u&#x0123456789abcdef;amp"/\0‹›') | st.from_regex(r"tga_[0-9a-f]{64}", fullmatch=True)


@given(st.lists(TEXTS | st.sampled_from([READER, FULL, READER[5:40], percent(FULL)])).map("".join))
@settings(database=None, deadline=None)
def test_redaction_leaves_no_key_and_is_at_rest_after_one_pass(text):
    clean = SECRETS.redact(text)
    assert not SECRETS.shows(clean)
    assert SECRETS.redact(clean) == clean


@given(TEXTS)
@settings(database=None, deadline=None)
def test_a_text_without_keys_comes_back_unchanged(text):
    assert SECRETS.redact(text) is text
    data = text.encode("utf-8", "surrogatepass")
    assert SECRETS.redact_bytes(data) is data


def test_without_keys_everything_is_left_alone():
    assert Secrets({}).redact(READER) == READER
    assert repr(Secrets({})) == "Secrets()"


def test_searching_an_ordinary_body_takes_microseconds():
    body = json.dumps(
        {"data": None, "error": "Limit reached", "meta": {"code": "limit_reached", "pad": "p" * 220}}
    ).encode()
    keys = Secrets({f"key{number}": f"tga_{number:x}" + READER[5:] for number in range(10)})
    started = time.perf_counter()
    for _ in range(1000):
        keys.redact_bytes(body)
    assert time.perf_counter() - started < 0.2


@pytest.mark.parametrize(
    "text",
    [READER * 4_000, "0" * 250_000, "%30" * 80_000, (READER[4:19] + "!") * 15_000],
    ids=["keys", "zeros", "escapes", "pieces"],
)
def test_searching_a_long_and_spiteful_body_takes_no_more_than_seconds(text):
    keys = Secrets({"reader": READER, "low": "tga_" + "0" * 60 + "12ab", "same": "tga_" + "0" * 64})
    started = time.perf_counter()
    keys.redact(text)
    assert time.perf_counter() - started < 3


def test_what_has_only_a_bit_of_a_key_in_it_is_not_looked_at_letter_by_letter(monkeypatch):
    looked = []
    monkeypatch.setattr(secrets, "_run", lambda *given: looked.append(given))
    ids = "".join(f'"{number:08x}-0000-4000-8000-{number:012x}", ' for number in range(200))
    keys = Secrets({"low": "tga_" + "0" * 60 + "12ab"})
    assert keys.redact(ids) == ids
    assert looked == []
    keys.redact(ids + "0" * 60 + "12ab")
    assert looked != []
