"""Queries made of documented values: the smallest, those at the edges, and random ones."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from goatcheck.contract.parts import Operation, Parameter, Schema
from goatcheck.drawing.shapes import constants
from goatcheck.drawing.values import Filling, edges, in_turn, outermost, plain

Query = dict[str, str]


@dataclass(frozen=True)
class Queries:
    """The queries of one operation. An optional id that `filling` does not hold is left out, a required one is that of nothing."""

    operation: Operation
    filling: Filling

    @cached_property
    def smallest(self) -> Query:
        """The required parameters, and the days that are documented as valid, each with its plainest value."""
        query = {p.name: self._plain(p) for p in self.operation.query_parameters if p.required or _days(p)}
        return query | {p.name: self._id(p, query) or self.filling.uuid for p in self._linked if p.name in query}

    @property
    def complete(self) -> bool:
        """Whether every required id is that of something."""
        return all(self._id(p, self.smallest) for p in self.operation.query_parameters if p.required and p.resource)

    def at_edges(self) -> Iterator[tuple[str, Query]]:
        """The smallest query, one with all parameters, then the edges of each parameter in turn; each with a label."""
        yield "smallest", self.smallest
        yield from self._with_links("all", self.smallest | {p.name: self._plain(p) for p in self._usable})
        for name, (label, value) in in_turn([[(p.name, edge) for edge in self._edges(p)] for p in self._usable]):
            yield from self._with_links(f"{name}:{label}", self.smallest | {name: value})

    def together(self) -> Iterator[tuple[str, Query]]:
        """The smallest query, then ones in which every parameter is at an edge; each with a label."""
        yield "smallest", self.smallest
        for number in range(max((len(self._edges(p)) for p in self._usable), default=0)):
            edge = {p.name: outermost(self._edges(p), number)[1] for p in self._usable}
            yield from self._with_links(f"together-{number + 1}", self.smallest | edge)

    def of_other_kinds(self) -> Iterator[tuple[str, Query]]:
        """The smallest query once more for each other kind of thing that an id in it may be that of; each with a label."""
        kinds = {p.resource for p in self._linked}
        for parameter in (p for p in self._usable if p.name in kinds):
            for label, value in self._edges(parameter):
                if value != self.smallest.get(parameter.name):
                    yield from self._with_links(f"{parameter.name}:{label}", self.smallest | {parameter.name: value})

    @cached_property
    def random_schema(self) -> Schema:
        """A schema of objects that hold random values of the parameters that are neither ids nor days."""
        free = [p for p in self._usable if not p.resource and not _days(p)]
        return {
            "type": "object",
            "properties": {p.name: p.sure for p in free},
            "required": [p.name for p in free if p.required],
            "additionalProperties": False,
        }

    def of(self, drawn: Mapping[str, Any], number: int) -> Query | None:
        """A query of drawn values (of `random_schema`), with ids and days added: which days, `number` says. None where the
        drawn values ask for an id that is not known.
        """
        fixed = [p for p in self._usable if p.name not in self.random_schema["properties"]]
        values = {p.name: self._edges(p)[number % len(self._edges(p))][1] for p in fixed}
        query = self.smallest | values | {name: text(value) for name, value in drawn.items()}
        return next((linked for _, linked in self._with_links("", query)), None)

    @cached_property
    def _linked(self) -> tuple[Parameter, ...]:
        """The ids whose kind another parameter tells."""
        names = {p.name for p in self.operation.query_parameters}
        return tuple(p for p in self.operation.query_parameters if p.resource in names)

    @cached_property
    def _usable(self) -> tuple[Parameter, ...]:
        """The parameters of which a value documented as valid is known, whatever the others are."""
        sure = (p for p in self.operation.query_parameters if p.sure is not None and p not in self._linked)
        return tuple(p for p in sure if not p.resource or self._id(p, {}))

    def _id(self, parameter: Parameter, query: Query) -> str | None:
        kind = query.get(parameter.resource, parameter.resource)
        return self.filling.ids.get(parameter.name, self.filling.ids.get(kind))

    def _with_links(self, label: str, query: Query) -> Iterator[tuple[str, Query]]:
        ids = {p.name: self._id(p, query) for p in self._linked if p.resource in query}
        known = {name: value for name, value in ids.items() if value}
        if known.keys() == ids.keys():
            yield label, query | known

    def _plain(self, parameter: Parameter) -> str:
        schema = parameter.sure or parameter.schema
        kinds = constants(schema) if parameter.name in {p.resource for p in self._linked} else ()
        known = next((kind for kind in kinds if kind in self.filling.ids), None)
        return self._id(parameter, {}) or known or text(plain(schema, self.filling))

    def _edges(self, parameter: Parameter) -> tuple[tuple[str, str], ...]:
        if parameter.resource:
            return (("given", self._plain(parameter)),)
        return tuple((label, text(value)) for label, value in edges(parameter.sure or {}, self.filling))


def text(value: Any) -> str:
    """A JSON value as it stands in a query."""
    return value if isinstance(value, str) else json.dumps(value)


def _days(parameter: Parameter) -> bool:
    return "x-days-ago" in (parameter.sure or {})
