"""Requests that bend HTTP, JSON or text. An API may refuse them or take them; it may not fail on them.

Source: envelope.malformed-request. Every one of them can be sent by a strict HTTP client.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from goatcheck.contract.parts import Schema
from goatcheck.drawing.corpora import ODD_QUERY_TEXTS, ODD_TEXTS
from goatcheck.drawing.draft import Draft, encode_query
from goatcheck.drawing.shapes import is_free_text, types_of
from goatcheck.drawing.values import in_turn

_DEPTH = 3000
"""Deeper than the recursion that a parser is commonly allowed."""
_LITERALS = (
    ("deep-array", "[" * _DEPTH + "]" * _DEPTH),
    ("deep-object", '{"g":' * _DEPTH + "1" + "}" * _DEPTH),
    ("huge-exponent", "1e400"),
    ("beyond-32-bits", f"{2**32}"),
    ("beyond-64-bits", f"{2**64}"),
    ("many-digits", "1" + "0" * 400),
    ("fraction", "1.5"),
    ("nan", "NaN"),
    ("infinity", "-Infinity"),
)
_FATAL = {"deep-array", "deep-object", "huge-exponent", "nan", "infinity", "nul", "lone-surrogate", "blank", "long"}
"""What a server may refuse before it looks at anything else: these are tried alone."""
_TYPES = (
    ("text", "text/plain"),
    ("none", ""),
    ("form", "application/x-www-form-urlencoded"),
    ("multipart", "multipart/form-data"),
    ("xml", "application/xml"),
    ("odd-charset", "application/json; charset=goat"),
    ("utf-16-charset", "application/json; charset=utf-16"),
    ("no-slash", "json"),
    ("empty-charset", "application/json; charset="),
)
_QUERIES = (
    ("twice", "limit=1&limit=2"),
    ("brackets", "limit[]=1&limit[goat]=2"),
    ("semicolon", "limit=1;limit=2"),
    ("no-names", "=goat&&="),
    ("no-value", "limit"),
    ("nul", "search=%00"),
    ("not-utf-8", "search=%ff%fe"),
    ("lone-surrogate", "search=%ed%a0%80"),
    ("overlong", "search=%c0%af"),
    ("bare-percent", "search=100%&goat=%zz"),
    ("prototype", "__proto__[goat]=1"),
    ("long", f"search={'g' * 2000}"),
    ("many", "&".join(f"g{number}=1" for number in range(200))),
)


_TOGETHER = {
    "query": frozenset(label for label, _ in _QUERIES),
    "value": frozenset({label for label, _ in _LITERALS if label not in _FATAL} | {"prototype"}),
    "text": frozenset(label for label, _ in ODD_TEXTS if label not in _FATAL),
}


def malformed(valid: Draft, members: Mapping[str, Schema]) -> Iterator[Draft]:
    """Bent forms of a valid request whose body, if it has one, may have these members."""
    if valid.body is None:
        yield from _with_needless_body(valid)
    else:
        value = json.loads(valid.body)
        kinds = (_bent_types(valid, valid.body), _bent_bytes(valid, valid.body), _bent_values(valid, value, members))
        # where only some are tried, some of each kind
        yield from in_turn((*kinds, _bent_texts(valid, value, members)))
    yield from _bent_queries(valid)


def together_malformed(valid: Draft, members: Mapping[str, Schema]) -> Iterator[Draft]:
    """Requests that are bent in many ways at once, those that do not keep a server from reading the rest."""
    yield from _queries_together(valid)
    if valid.body is None:
        return
    free = [name for name, schema in members.items() if is_free_text(schema)]
    if free and valid.method == "PATCH":
        text = "".join(text for label, text in ODD_TEXTS if label not in _FATAL)
        yield valid.with_json({**json.loads(valid.body), free[-1]: text}).because("text:together")
        for label, text in ODD_TEXTS:
            if label in _FATAL:
                yield valid.with_json({**json.loads(valid.body), free[-1]: text}).because(f"{free[-1]}:{label}")
    literals = [literal for label, literal in _LITERALS if label not in _FATAL]
    odd = "".join(f', "goat{number}": {literal}' for number, literal in enumerate(literals))
    body = f'{valid.body.decode()[:-1]}{odd}, "__proto__": {{"goat": 1}}, "constructor": null}}'
    yield valid.with_body(body.encode()).because("value:together", "body")


def is_among_together(draft: Draft) -> bool:
    """Whether a malformed request bends what one of `together_malformed` bends with others."""
    place, _, label = draft.cause.partition(":")
    if place in {"query", "value"}:
        return label in _TOGETHER[place]
    return not draft.broken and label in _TOGETHER["text"]


def _queries_together(valid: Draft) -> Iterator[Draft]:
    rest = valid.query if isinstance(valid.query, str) else encode_query(valid.query)
    bent = [query for _, query in _QUERIES if "search" not in query]
    texts = [query.partition("=")[2] for _, query in _QUERIES if "search" in query]
    signs = "".join(quote(value, safe="") for label, value in ODD_QUERY_TEXTS if label not in {"encoded", "number"})
    for label, query in (
        ("names", "&".join(bent)),
        ("signs", f"search={signs}"),
        ("bytes", "&".join(f"goat{number}={text}" for number, text in enumerate(texts))),
    ):
        yield valid.with_query("&".join(filter(None, (rest, query)))).because(f"query:{label}-together", "query")


def _with_needless_body(valid: Draft) -> Iterator[Draft]:
    yield valid.with_json({"goat": 1}).because("needless-body:json", "http")
    yield valid.with_body(b'{"goat": ').because("needless-body:broken-json", "http")
    yield valid.with_body(b"goat", "text/plain").because("needless-body:text", "http")
    yield valid.with_body(b"").because("needless-body:empty", "http")


def _bent_types(valid: Draft, body: bytes) -> Iterator[Draft]:
    for label, media_type in _TYPES:
        yield valid.with_body(body, media_type).because(f"type:{label}", "http")
    form = encode_query(tuple((name, f"{value}") for name, value in json.loads(body).items()))
    yield valid.with_body(form.encode(), "application/x-www-form-urlencoded").because("type:real-form", "http")
    for coding in ("gzip", "goat"):
        yield valid.with_headers(("Content-Encoding", coding)).because(f"coding:{coding}", "http")


def _bent_bytes(valid: Draft, body: bytes) -> Iterator[Draft]:
    text = body.decode()
    for label, bent in (
        ("truncated", body[:-1]),
        ("not-utf-8", body.replace(b'"', b'"\xff\xfe', 1)),
        ("utf-16", text.encode("utf-16")),
        ("byte-order-mark", b"\xef\xbb\xbf" + body),
        ("nul-bytes", body + b"\0\0"),
        ("comment", b"/* goat */" + body),
    ):
        yield valid.with_body(bent).because(f"bytes:{label}", "body")


def _bent_values(valid: Draft, value: dict[str, str], members: Mapping[str, Schema]) -> Iterator[Draft]:
    name = next((name for name, schema in members.items() if "integer" in types_of(schema)), next(iter(value)))
    for label, literal in _LITERALS:
        yield valid.with_body(f'{{"{name}": {literal}}}'.encode()).because(f"value:{label}", "body")
    twice = json.dumps(value)[1:-1]
    yield valid.with_body(f"{{{twice}, {twice}}}".encode()).because("value:members-twice", "body")
    yield valid.with_json({**value, "__proto__": {"goat": 1}, "constructor": None}).because("value:prototype", "body")


def _bent_texts(valid: Draft, value: dict[str, str], members: Mapping[str, Schema]) -> Iterator[Draft]:
    for member in (name for name, schema in members.items() if is_free_text(schema)):
        # no name of a run's own is in these: nothing may be made of them
        for label, text in ODD_TEXTS:
            yield valid.with_json({**value, member: f"{value.get(member, '')}{text}"}).because(f"{member}:{label}")
        for label, text in (("empty", ""), ("space", " ")) if valid.method == "PATCH" else ():
            yield valid.with_json({**value, member: text}).because(f"{member}:{label}", "body")


def _bent_queries(valid: Draft) -> Iterator[Draft]:
    rest = valid.query if isinstance(valid.query, str) else encode_query(valid.query)
    for at, (name, _) in enumerate(() if isinstance(valid.query, str) else valid.query):
        others = (*valid.query[:at], *valid.query[at + 1 :])
        yield valid.with_query(others).because(f"query:without-{name}", "query")
        for label, value in (("empty", ""), ("unknown", "goat")):
            yield valid.with_query((*others, (name, value))).because(f"query:{label}-{name}", "query")
    for label, query in _QUERIES:
        yield valid.with_query("&".join(filter(None, (rest, query)))).because(f"query:{label}", "query")
