import json
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goatcheck.conduct import journal as journal_module
from goatcheck.conduct.journal import Journal, JournalWriter, exchange_from_data, exchange_to_data, read_journal
from goatcheck.conduct.secrets import Secrets
from goatcheck.errors import UsageError
from goatcheck.exchange import Exchange, Intent, Request, Response

KEY = "tga_" + "4f9c27b1d05e83a6" * 4
SECRETS = Secrets({"reader": KEY})

FINITE = st.floats(0, 1e9)
HEADERS = st.lists(st.tuples(st.text(), st.text())).map(tuple)
EXCHANGES = st.builds(
    Exchange,
    number=st.integers(1),
    request=st.builds(
        Request,
        method=st.text(),
        path=st.text(),
        query=st.text(),
        headers=HEADERS,
        body=st.none() | st.binary() | st.text().map(str.encode),
    ),
    response=st.builds(
        Response,
        status=st.integers(100, 999),
        headers=HEADERS,
        body=st.binary() | st.text().map(str.encode),
        oddity=st.text(),
        miscoded=st.text(),
    ),
    intent=st.builds(
        Intent,
        requirement=st.text(),
        purpose=st.text(),
        operation=st.text(),
        key=st.text(),
        cause=st.text(),
        broken=st.lists(st.text()).map(tuple),
        forced=st.text(),
        burst=st.booleans(),
        recorded=st.booleans(),
    ),
    sent=FINITE,
    received=FINITE,
)


def exchange(number=1, **response):
    return Exchange(number, Request("GET", "/creators", "limit=1"), Response(404, **response), Intent("404.absent"))


def written(path, *exchanges, secrets=SECRETS):
    with JournalWriter(path, {"seed": 1}, secrets) as journal:
        for one in exchanges:
            journal.exchange(one)
        journal.close({"verdict": "conformant"})
    return read_journal(path)


@given(EXCHANGES)
@settings(database=None, deadline=None)
def test_an_exchange_survives_json_unchanged(exchange):
    assert exchange_from_data(json.loads(json.dumps(exchange_to_data(exchange)))) == exchange


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("journals")


@given(st.lists(EXCHANGES, unique_by=lambda exchange: exchange.number, max_size=3))
@settings(database=None, deadline=None, max_examples=30)
def test_a_journal_gives_back_what_was_written(folder, exchanges):
    journal = written(folder / "exchanges.jsonl", *exchanges)
    assert journal.exchanges == {exchange.number: exchange for exchange in exchanges}
    assert journal.header == {"schema": "goatcheck-journal/1", "seed": 1}
    assert journal.footer == {"verdict": "conformant"}
    assert journal.complete
    assert [kind for kind, _ in journal.entries] == ["exchange"] * len(exchanges)


def test_each_line_is_on_disk_as_soon_as_it_is_written(tmp_path):
    path = tmp_path / "j"
    with JournalWriter(path, {}) as journal:
        journal.exchange(exchange())
        journal.write("judgement", {"number": 1, "problem": None})
        read = read_journal(path)
    assert read.entries[1] == ("judgement", {"number": 1, "problem": None})
    assert read.exchanges[1] == exchange()
    assert (read.footer, read.complete) == (None, False)


def test_a_lone_surrogate_and_odd_line_ends_survive(tmp_path):
    path = tmp_path / "j"
    odd = "\ud800 \u2028 \x85 \x0b \r\n"
    with JournalWriter(path, {"odd": odd}) as journal:
        journal.write("note", {odd: [odd, 1, 1.5, None, True]})
        journal.close({})
    read = read_journal(path)
    assert read.header["odd"] == odd
    assert read.entries == (("note", {odd: [odd, 1, 1.5, None, True]}),)


def test_no_key_reaches_the_file_whoever_lets_it_through(tmp_path):
    path = tmp_path / "j"
    with JournalWriter(path, {"note": KEY, KEY: (KEY, {"deep": [KEY]})}, SECRETS) as journal:
        journal.exchange(
            Exchange(
                1,
                Request("POST", f"/{KEY}", KEY, ((KEY, f"Bearer {KEY}"),), KEY.encode()),
                Response(400, (("X", KEY),), b"\xff" + KEY.encode(), oddity=KEY),
                Intent(KEY, KEY, broken=(KEY,)),
            )
        )
        journal.close({"why": KEY.upper()})
    text = path.read_text()
    assert KEY[4:20] not in text.lower()
    assert "‹key:reader›" in text
    read = read_journal(path)
    assert read.exchanges[1].request.body == "‹key:reader›".encode()
    assert read.exchanges[1].response.body == b"\xff" + "‹key:reader›".encode()
    assert read.exchanges[1].request.headers == (("‹key:reader›", "Bearer ‹key:reader›"),)


@pytest.mark.parametrize(
    ("body", "kept"),
    [(b"x" * 70_000, 65_536), ("€".encode() * 30_000, 65_535), (b"\xff" * 70_000, 65_536)],
    ids=["ascii", "utf-8", "binary"],
)
def test_a_long_response_is_cut_and_says_so(tmp_path, body, kept):
    response = written(tmp_path / "j", exchange(body=body)).exchanges[1].response
    assert response.body == body[:kept]
    assert response.oddity == f"the journal keeps {kept} of its {len(body)} bytes"


def test_a_cut_response_keeps_its_own_oddity(tmp_path):
    response = (
        written(tmp_path / "j", exchange(body=b"x" * 70_000, oddity="cut off after 70000 bytes")).exchanges[1].response
    )
    assert response.oddity == "cut off after 70000 bytes; the journal keeps 65536 of its 70000 bytes"


def test_a_request_is_kept_whole_since_it_may_be_sent_again(tmp_path):
    long = Exchange(1, Request("POST", "/x", body=b"x" * 200_000), Response(413))
    assert written(tmp_path / "j", long).exchanges[1] == long


def test_many_threads_write_whole_lines(tmp_path):
    path = tmp_path / "j"
    with JournalWriter(path, {}) as journal:
        threads = [
            threading.Thread(target=lambda first=first: [journal.exchange(exchange(first + at)) for at in range(25)])
            for first in (1, 101, 201, 301)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        journal.close({})
    assert len(read_journal(path).exchanges) == 100


def test_a_cut_last_line_is_forgiven_and_told(tmp_path):
    path = tmp_path / "j"
    written(path, exchange(1), exchange(2))
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    for end in (len(whole) - 1, len(whole) - 20, len(b"".join(lines[:3])) - 1, len(b"".join(lines[:2])) + 5):
        path.write_bytes(whole[:end])
        journal = read_journal(path)
        assert not journal.complete
        assert journal.footer is None
        assert 1 in journal.exchanges


HEADER = '{"kind": "header", "data": {"schema": "goatcheck-journal/1"}}\n'


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{",
        "[]",
        "1",
        "\xff",
        '{"kind": "exchange"}',
        '{"kind": 1, "data": {}}',
        '{"kind": "x", "data": []}',
        "[" * 100_000,
    ],
    ids=lambda line: line[:20],
)
def test_a_damaged_line_in_the_middle_is_named(tmp_path, line):
    path = tmp_path / "run.jsonl"
    path.write_bytes((HEADER + HEADER).encode() + line.encode("latin-1") + b"\n" + HEADER.encode())
    with pytest.raises(UsageError, match=r"run\.jsonl:3 is damaged"):
        read_journal(path)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("request",), None),
        (("number",), "x"),
        (("request", "body"), 5),
        (("request", "body"), {"base64": "!"}),
        (("response", "headers"), [["a"]]),
        (("response", "status"), None),
        (("intent",), {"broken": [], "new": 1}),
        (("intent",), []),
    ],
    ids=str,
)
def test_an_exchange_that_is_none_is_named(tmp_path, path, value):
    data = exchange_to_data(exchange())
    inner = data
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    file = tmp_path / "run.jsonl"
    file.write_text(HEADER + json.dumps({"kind": "exchange", "data": data}) + "\n")
    with pytest.raises(UsageError, match=r"run\.jsonl:2 holds no exchange"):
        read_journal(file)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "hello\n",
        '{"kind": "exchange", "data": {}}\n',
        '{"kind": "header", "data": {"schema": "other/1"}}\n',
        "[1]\n",
    ],
)
def test_a_file_that_is_no_journal_is_refused(tmp_path, text):
    path = tmp_path / "letter.txt"
    path.write_text(text)
    with pytest.raises(UsageError, match=r"letter\.txt is no journal of goatcheck"):
        read_journal(path)


def test_a_file_that_can_t_be_read_or_written_is_told(tmp_path):
    with pytest.raises(UsageError, match="can't be read"):
        read_journal(tmp_path / "none")
    with pytest.raises(UsageError, match="can't be written"):
        JournalWriter(tmp_path / "none" / "j", {})


def test_a_journal_is_a_value():
    assert Journal({}) == Journal({})


def test_a_journal_that_has_grown_large_keeps_little_of_what_a_target_sends(tmp_path, monkeypatch):
    """Whatever a target answers with, and however often: control characters take six times their room in JSON."""
    monkeypatch.setattr(journal_module, "_LARGE", 300_000)
    path = tmp_path / "exchanges.jsonl"
    long = Response(404, tuple((f"X-{n}", "h" * 100) for n in range(200)), b"\x01" * 60_000)
    with JournalWriter(path, {}) as journal:
        for number in range(1, 101):
            journal.exchange(Exchange(number, Request("GET", "/x", body=b"r" * 2000), long))
    assert path.stat().st_size < 1_600_000
    read = read_journal(path).exchanges
    assert (len(read[1].response.body), len(read[1].response.headers)) == (60_000, 200)
    assert (len(read[100].response.body), len(read[100].response.headers)) == (1024, 9)
    assert read[100].response.oddity == "the journal keeps 1024 of its 60000 bytes"
    assert len(read[100].request.body) == 2000


NEIGHBOURS = ["", "x", "\\", "\\u00", "%", "%4", "&#x", "&", "\x00", "\ud800", "tga_", KEY[:9], "aaaaaaaaaaaaaaaaa"]


@given(
    st.sampled_from(
        [KEY, KEY[::-1], KEY.upper(), KEY.encode().hex(), KEY.replace("9", "%39"), KEY.replace("c", "\\u0063")]
    ),
    st.lists(st.sampled_from(NEIGHBOURS) | st.text(max_size=20), max_size=4),
    st.lists(st.sampled_from(NEIGHBOURS) | st.text(max_size=20), max_size=4),
    st.booleans(),
)
def test_a_key_in_one_text_of_a_line_is_taken_out_whatever_stands_beside_it(
    tmp_path_factory, shown, before, after, name
):
    path = tmp_path_factory.mktemp("journal") / "journal.jsonl"
    inner = {shown: 1} if name else {"text": shown}
    with JournalWriter(path, {}, SECRETS) as journal:
        journal.write("note", {"texts": [*before, inner, *after], "number": 7})
    (kept,) = (data for kind, data in read_journal(path).entries if kind == "note")
    assert shown not in json.dumps(kept, ensure_ascii=False)
    assert "‹key:reader›" in json.dumps(kept, ensure_ascii=False)
    assert kept["number"] == 7
