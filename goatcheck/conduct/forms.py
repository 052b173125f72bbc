"""A request in its other forms, which a server may handle elsewhere, and one that is wrong all over."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from goatcheck.conduct.api import Api
    from goatcheck.conduct.resources import Keyed
    from goatcheck.drawing import Draft, Endpoint
    from goatcheck.profile.parts import Key


def other_forms(api: Api, endpoint: Endpoint, ids: dict[str, str]) -> list[Draft]:
    """The smallest valid request once more in each other form; where requests are dear only as CSV."""
    exports = [*endpoint.exports(ids)]
    if not api.thorough:
        return exports
    key = ("Idempotency-Key", api.workshop.idempotency_key())
    marker = api.workshop.name("f")
    others = [*endpoint.other_bodies(ids, marker=marker), *endpoint.with_all_parameters(ids)]
    others += endpoint.of_other_kinds(ids, marker=marker)
    if endpoint in api.idempotent:
        others.append(endpoint.valid(ids, marker=marker).with_headers(key).because("under a key"))
    return [*exports, *others]


def wrong_all_over(api: Api, endpoint: Endpoint) -> list[Draft]:
    """Drafts with more wrong than one place: every parameter of the query wrong, the whole query or body left out, and where
    an operation reads, an id of nothing in its path (a write that must be refused aims at nothing as it is).
    """
    ids, operation = api.readable_ids(endpoint), endpoint.operation
    valid = endpoint.valid(ids)
    wrong = [
        d.with_parameter("format", "goat") if endpoint.takes("format") else d for d in endpoint.queries_all_broken(ids)
    ]
    if valid.query:
        wrong.append(valid.with_query(()).because("no query", "query"))
    if operation.body is not None:
        wrong.append(valid.with_body(b"", "").because("no body", "body"))
    if operation.path_parameters and not operation.writes:
        wrong.append(endpoint.valid({**ids, **endpoint.absent()}).because("absent"))
    return wrong


def next_pages(api: Api, key: Key) -> dict[str, Draft]:
    """By operation, the request for the second page of each list of which a key sees more than one."""
    found = {}
    for endpoint in api.reads:
        if endpoint.takes("cursor"):
            draft = endpoint.valid(api.readable_ids(endpoint), limit=1)
            cursor = api.send(draft, key, cause="look").response.meta.get("nextCursor")
            if isinstance(cursor, str) and cursor:
                found[endpoint.operation.id] = draft.with_parameter("cursor", cursor).because("second page")
    return found


def keyed_creates(api: Api, owner: Key) -> list[Keyed]:
    """Creates that succeeded under an `Idempotency-Key`, one for each operation that takes one."""
    keyed = [api.workshop.keyed(endpoint, owner) for endpoint in api.idempotent]
    return [first for first in keyed if first.answer.succeeded]
