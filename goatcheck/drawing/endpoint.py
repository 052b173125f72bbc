"""All drafts of one operation: valid ones, and ones that are wrong in one named way."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, wraps
from itertools import chain, count
from types import MappingProxyType
from typing import Any, Concatenate, ParamSpec, TypeVar

from goatcheck.contract.parts import Operation, Schema
from goatcheck.drawing.corpora import ODD_SEGMENTS
from goatcheck.drawing.draft import Draft, encode_segment
from goatcheck.drawing.draw import Draw
from goatcheck.drawing.malformed import is_among_together, malformed, together_malformed
from goatcheck.drawing.odd import ODDEST_KEY, odd, oddest
from goatcheck.drawing.queries import Queries, text
from goatcheck.drawing.shapes import Shape, constants, shapes
from goatcheck.drawing.values import PLAIN, Filling, marked, object_of, objects, random_values, together
from goatcheck.drawing.wrong import drawn_bodies, out_of_range, wrong_bodies, wrong_queries
from goatcheck.exchange import Request

Ids = Mapping[str, str]
P = ParamSpec("P")
T = TypeVar("T")

NO_IDS: Ids = MappingProxyType({})
MARKER = "gc-"
"""What names start with where no other marker is given."""


def _made_once(
    make: Callable[Concatenate[Endpoint, P], T],
) -> Callable[Concatenate[Endpoint, P], T]:
    """A method whose drafts are made once for equal arguments: of an endpoint, and of all that share its source of values."""

    @wraps(make)
    def drafts(self: Endpoint, /, *args: P.args, **named: P.kwargs) -> T:
        given = tuple(tuple(a.items()) if isinstance(a, Mapping) else a for a in (*args, *named.values()))
        of = (make.__name__, id(self.operation), self.today, *named, *given)
        # with the operation kept, its identity stays its own
        return self.draw.once(of, lambda: (self.operation, make(self, *args, **named)))[1]

    return drafts


@dataclass(frozen=True)
class Endpoint:
    """Drafts of requests to one operation; `today` is the target's date (UTC).

    Everywhere `ids` are those of what exists, by the name of a parameter or by kind ("project", "creator"). An id in a path
    that is not given is that of nothing, so that a 404 is a right answer too. `marker` is what the names of things that are made
    start with, where they may be that long. Equal arguments give equal drafts: who makes things twice gives two markers.
    """

    operation: Operation
    draw: Draw
    today: dt.date

    def absent(self) -> dict[str, str]:
        """An id that nothing has, for each parameter of the path."""
        return {p.name: self._nothing(p.name) for p in self.operation.path_parameters}

    def in_path(self, ids: Ids) -> dict[str, str]:
        """Of ids by kind, those in the path alone, by the names of its parameters: other places keep theirs."""
        return {p.name: ids[p.resource] for p in self.operation.path_parameters}

    def takes(self, name: str) -> bool:
        """Whether its query has a parameter of that name."""
        return any(parameter.name == name for parameter in self.operation.query_parameters)

    @property
    def notes(self) -> tuple[str, ...]:
        """The members of the body that take any text, and name nothing."""
        return tuple(dict.fromkeys(name for shape in self._shapes for name in shape.notes))

    def exports(self, ids: Ids = NO_IDS) -> tuple[Draft, ...]:
        """The smallest valid request once more for each other format that its answer may have."""
        formats = next((p.schema.get("enum", ()) for p in self.operation.query_parameters if p.name == "format"), ())
        return tuple(self.valid(ids, format=name).because(f"as {name}") for name in formats)

    @_made_once
    def other_bodies(self, ids: Ids = NO_IDS, *, marker: str = MARKER) -> tuple[Draft, ...]:
        """The smallest valid request of each form of the body but that of `valid`, such as a creation of many things at once."""
        bare, fillings = self._draft(ids, self._queries(ids).smallest), self._fillings(ids, marker, "others")
        return tuple(
            bare.with_json(object_of(shape, shape.smallest, next(fillings))).because(
                f"with {' and '.join(shape.smallest)}"
            )
            for shape in self._shapes[1:]
        )

    @_made_once
    def of_other_kinds(self, ids: Ids = NO_IDS, *, marker: str = MARKER) -> tuple[Draft, ...]:
        """The smallest valid request once more for each other kind of thing that an id in its query or body may be that of, and that
        is given.
        """
        if self._schema is None:
            found = self._queries(ids).of_other_kinds()
            return tuple(self._draft(ids, query).because(f"of {label}") for label, query in found)
        return tuple(
            self._with_members(ids, marker, {teller: kind, name: ids[kind]}).because(f"of a {kind}")
            for shape in self._shapes[:1]
            for name, teller in shape.told_kinds
            for kind in constants(shape.members[teller])[1:]
            if kind in ids
        )

    def with_all_parameters(self, ids: Ids = NO_IDS) -> tuple[Draft, ...]:
        """A valid request with every parameter of the query of which a valid value is known, where that is not the smallest one."""
        return tuple(d for d in self.valids(2, ids) if d.cause == "all") if self._schema is None else ()

    def aims_at_something(self, ids: Ids) -> bool:
        """Whether these ids are all that a valid request needs, so that nothing in it is that of nothing."""
        in_path = all(p.name in ids or p.resource in ids for p in self.operation.path_parameters)
        return in_path and self._queries(ids).complete

    def valid(self, ids: Ids = NO_IDS, *, marker: str = MARKER, **members: Any) -> Draft:
        """The smallest request that is documented as valid: what is required and no more, of the plainest values.

        `members` override or add members of the body, or, where there is no body, parameters of the query.
        """
        if not members:
            return self._smallest(ids, marker)
        if self._schema is None:
            query = self._queries(ids).smallest | {name: text(value) for name, value in members.items()}
            return self._draft(ids, query)
        return self._with_members(ids, marker, members)

    @_made_once
    def valids(self, count: int, ids: Ids = NO_IDS, *, marker: str = MARKER) -> tuple[Draft, ...]:
        """Up to `count` distinct requests of values documented as valid: those at the edges first, then random ones.

        There are none where a required id is not given, or where no body is documented as valid.
        """
        schema = self.operation.sure_body
        if not self._queries(ids).complete or (self.operation.body is not None and schema is None):
            return ()
        return _distinct(self._sure_queries(ids) if schema is None else self._sure_bodies(schema, ids, marker), count)

    @_made_once
    def valids_together(self, count: int, ids: Ids = NO_IDS, *, marker: str = MARKER) -> tuple[Draft, ...]:
        """As `valids`, where a request is dear: the smallest, then ones that are at many edges at once."""
        schema = self.operation.sure_body
        if not self._queries(ids).complete or (self.operation.body is not None and schema is None):
            return ()
        if schema is None:
            return _distinct((self._draft(ids, q).because(label) for label, q in self._queries(ids).together()), count)
        bare = self._draft(ids, self._queries(ids).smallest)
        bodies = together(schema, self._fillings(ids, marker, "valids"))
        return _distinct((bare.with_json(value).because(label) for label, value in bodies), count)

    @_made_once
    def broken_queries(self, ids: Ids = NO_IDS) -> tuple[Draft, ...]:
        """The smallest valid request with one parameter of the wrong type. Source: 400.query."""
        return self._with_queries(ids, wrong_queries(self.operation, self.draw))

    @_made_once
    def queries_all_broken(self, ids: Ids = NO_IDS) -> tuple[Draft, ...]:
        """The smallest valid request with every parameter of the wrong type, where it has several. Source: 400.query."""
        wrong = {name: value for _, name, value in wrong_queries(self.operation, self.draw)}
        query = {**self._queries(ids).smallest, **wrong}
        return (self._draft(ids, query).because("all:not-what-they-are", "query"),) if len(wrong) > 1 else ()

    @_made_once
    def queries_broken_in_company(self, ids: Ids = NO_IDS) -> tuple[Draft, ...]:
        """A valid request with all parameters, as CSV, or about another kind of thing, of which one parameter is of the wrong type.

        Source: 400.query.
        """
        whole = [*self.with_all_parameters(ids), *self.exports(ids), *self.of_other_kinds(ids)]
        return tuple(broken for draft in whole for broken in self.broken_beside(draft))

    def broken_beside(self, draft: Draft) -> tuple[Draft, ...]:
        """A valid request once more for each parameter, which is of the wrong type. Source: 400.query."""
        wrong = {name: value for _, name, value in reversed([*wrong_queries(self.operation, self.draw)])}
        return tuple(
            draft.with_parameter(name, value).because(f"{name}:wrong in company, {draft.cause}", "query")
            for name, value in wrong.items()
        )

    @_made_once
    def limits_out_of_range(self, ids: Ids = NO_IDS) -> tuple[Draft, ...]:
        """The smallest valid request with a number out of range: it may be clamped as well as refused."""
        return self._with_queries(ids, out_of_range(self.operation))

    @_made_once
    def broken_bodies(self, ids: Ids = NO_IDS, *, marker: str = MARKER) -> tuple[Draft, ...]:
        """A request whose body is wrong in exactly one way, and whose other names carry the marker. Source: 400.body."""
        schema = self.operation.body
        if schema is None:
            return ()
        fillings = self._fillings(ids, marker, "broken")
        bare = self._draft(ids, self._queries(ids).smallest)
        bodies = chain(wrong_bodies(schema, fillings), drawn_bodies(schema, fillings, self.draw, self.operation.id))
        return _distinct(bare.with_body(body).because(cause, "body") for cause, body in bodies)

    @_made_once
    def broken_paths(self, ids: Ids = NO_IDS) -> tuple[Draft, ...]:
        """A valid request but for one id in the path that is no uuid. Source: 400.params."""
        valid = self.valid(ids)
        found = []
        for parameter in self.operation.path_parameters:
            short = self._nothing(parameter.name)[:-1]
            known = ids.get(parameter.name, ids.get(parameter.resource, ""))
            # a server that cuts it off would carry out a write
            longer = [("one-more", f"{known}0")] if known and not self.operation.writes else []
            for label, segment in (*ODD_SEGMENTS, ("one-short", short), *longer):
                path = self._path({parameter.name: segment})
                found.append(replace(valid, path=path).because(f"{parameter.name}:{label}", "path"))
        return tuple(found)

    @_made_once
    def malformed(self, ids: Ids = NO_IDS, *, marker: str = MARKER) -> tuple[Draft, ...]:
        """Requests that bend HTTP, JSON or text, and may be refused or taken. Source: envelope.malformed-request."""
        members = {name: schema for form in shapes(self.operation.body or {}) for name, schema in form.members.items()}
        valid, absent = self.valid(ids, marker=marker), self._nothing("odd")
        return _distinct(chain(malformed(valid, members), odd(valid, self.operation, members, absent)))

    @_made_once
    def malformed_together(self, ids: Ids = NO_IDS, *, marker: str = MARKER) -> tuple[Draft, ...]:
        """As `malformed`, where a request is dear: requests that bend many things at once, then those that have to be tried alone."""
        members = {name: schema for form in shapes(self.operation.body or {}) for name, schema in form.members.items()}
        valid = self.valid(ids, marker=marker)
        if self.operation.idempotent_by_key:
            valid = valid.with_headers(("Idempotency-Key", ODDEST_KEY))
        alone = (draft for draft in self.malformed(ids, marker=marker) if not is_among_together(draft))
        keyed = ("http",) if self.operation.idempotent_by_key else ()
        several = (d.because(d.cause, *d.broken, *keyed) for d in together_malformed(valid, members))
        return (*several, *alone)

    @_made_once
    def oddest(self, ids: Ids = NO_IDS, *, marker: str = MARKER) -> tuple[Draft, ...]:
        """Requests whose ids, values and header fields are all odd at once. Source: envelope.malformed-request."""
        members = {name: schema for form in shapes(self.operation.body or {}) for name, schema in form.members.items()}
        return _distinct(oddest(self.valid(ids, marker=marker), self.operation, members, self._nothing("odd")))

    @_made_once
    def _smallest(self, ids: Ids, marker: str) -> Draft:
        if self._schema is None:
            return self._draft(ids, self._queries(ids).smallest)
        return self._with_members(ids, marker, {})

    def _with_members(self, ids: Ids, marker: str, members: Mapping[str, Any]) -> Draft:
        forms = self._shapes
        shape = next((form for form in forms if members.keys() <= form.members.keys()), forms[0])
        names = [name for name in shape.smallest if name not in members] if shape.required or not members else []
        body = object_of(shape, names, next(self._fillings(ids, marker, "valid"))) | {**members}
        return self._draft(ids, self._queries(ids).smallest).with_json(body)

    @property
    def _schema(self) -> Schema | None:
        return self.operation.body if self.operation.sure_body is None else self.operation.sure_body

    @cached_property
    def _shapes(self) -> tuple[Shape, ...]:
        return shapes(self._schema or {})

    def _nothing(self, name: str) -> str:
        return self.draw.uuid(f"absent:{self.operation.id}:{name}")

    def _path(self, ids: Ids) -> str:
        path = self.operation.template
        for parameter in self.operation.path_parameters:
            value = ids.get(parameter.name, ids.get(parameter.resource, self._nothing(parameter.name)))
            path = path.replace(f"{{{parameter.name}}}", encode_segment(value))
        return path

    def _draft(self, ids: Ids, query: Mapping[str, str]) -> Draft:
        return Draft(self.operation.method, self._path(ids), tuple(query.items()), operation=self.operation.id)

    def _queries(self, ids: Ids) -> Queries:
        return Queries(self.operation, Filling(PLAIN, ids, self._nothing("query"), self.today))

    def _fillings(self, ids: Ids, marker: str, purpose: str) -> Iterator[Filling]:
        """Fillings without end, no two of which share a mark."""

        def filling(number: int) -> Filling:
            text = f"{self.draw.seed}\0{self.operation.id}\0{purpose}\0{number}"
            mark = f"{marker}{hashlib.sha256(text.encode()).hexdigest()[:6]}"
            return Filling(mark, ids, self._nothing("body"), self.today)

        return map(filling, count())

    def _with_queries(self, ids: Ids, wrong: Iterable[tuple[str, str, str]]) -> tuple[Draft, ...]:
        good = self._queries(ids).smallest
        return _distinct(
            self._draft(ids, {**good, name: value}).because(cause, "query") for cause, name, value in wrong
        )

    def _sure_queries(self, ids: Ids) -> Iterator[Draft]:
        queries = self._queries(ids)
        for label, query in queries.at_edges():
            yield self._draft(ids, query).because(label)
        if queries.random_schema["properties"]:
            found = (queries.of(drawn, number) for number, drawn in enumerate(self._drawn(queries.random_schema)))
            yield from (self._draft(ids, query).because("drawn") for query in found if query is not None)

    def _sure_bodies(self, schema: Schema, ids: Ids, marker: str) -> Iterator[Draft]:
        fillings = self._fillings(ids, marker, "valids")
        bare = self._draft(ids, self._queries(ids).smallest)
        for label, value in objects(schema, fillings):
            yield bare.with_json(value).because(label)
        for drawn in self._drawn(schema):
            yield bare.with_json(marked(drawn, schema, next(fillings).mark)).because("drawn")

    def _drawn(self, schema: Schema) -> tuple[Any, ...]:
        text = json.dumps(schema)
        return self.draw.examples(f"valid:{text}", random_values(text), self.draw.max_examples)


def _distinct(drafts: Iterable[Draft], count: int | None = None) -> tuple[Draft, ...]:
    """The drafts that differ as requests, at most `count` of them; no more are made than are wanted."""
    found: dict[Request, Draft] = {}
    for draft in drafts:
        if count is not None and len(found) >= count:
            break
        found.setdefault(draft.request(), draft)
    return tuple(found.values())
