"""The operations of the API under test that a run may aim at, as its profile allows it."""

from __future__ import annotations

import datetime as dt

from goatcheck.conduct.extent import Extent
from goatcheck.contract import Contract
from goatcheck.drawing import Draft, Draw, Endpoint
from goatcheck.drawing.shapes import shapes
from goatcheck.profile.parts import Profile


class Surface(Extent):
    """What there is to ask: the endpoints, in groups. `today` is the target's date (UTC)."""

    def __init__(self, contract: Contract, profile: Profile, draw: Draw, today: dt.date) -> None:
        super().__init__(profile)
        self.contract = contract
        self.draw = draw
        self.operations = tuple(Endpoint(operation, draw, today) for operation in contract.operations)
        self._members: dict[str, frozenset[str]] = {}
        self.removed = tuple(Endpoint(operation, draw, today) for operation in contract.removed)

    @property
    def reads(self) -> tuple[Endpoint, ...]:
        """Every GET operation."""
        return tuple(e for e in self.operations if not e.operation.writes)

    @property
    def refusable(self) -> tuple[Endpoint, ...]:
        """Every operation that can be aimed at nothing: without `writes`, a write needs an id in its path for that."""
        allowed = self.profile.writes
        return tuple(e for e in self.operations if allowed or not e.operation.writes or e.operation.path_parameters)

    @property
    def writes(self) -> tuple[Endpoint, ...]:
        """Every POST, PATCH and DELETE operation among the refusable ones."""
        return tuple(e for e in self.refusable if e.operation.writes)

    @property
    def with_ids(self) -> tuple[Endpoint, ...]:
        """Every operation with an id in its path."""
        return tuple(e for e in self.operations if e.operation.path_parameters)

    @property
    def taking_bodies(self) -> tuple[Endpoint, ...]:
        """Every operation with a request body, where the profile allows writes in a project; else none."""
        allowed = self.profile.writes and "project" in self.profile.fixtures
        return tuple(e for e in self.operations if allowed and e.operation.body is not None)

    @property
    def idempotent(self) -> tuple[Endpoint, ...]:
        """Every operation that takes an `Idempotency-Key`."""
        return tuple(e for e in self.operations if e.operation.idempotent_by_key)

    def endpoint(self, operation: str) -> Endpoint:
        """The endpoint of an operation such as "GET /creators"."""
        return next(e for e in (*self.operations, *self.removed) if e.operation.id == operation)

    def members(self, kind: str) -> frozenset[str]:
        """The names of all that a body may hold which makes or changes a thing of that kind."""
        if kind not in self._members:
            about = [e.operation for e in self.operations if kind in {e.operation.makes, e.operation.target}]
            forms = (shape for operation in about for shape in shapes(operation.body or {}))
            self._members[kind] = frozenset(name for shape in forms for name in shape.members)
        return self._members[kind]

    @staticmethod
    def filtered(endpoint: Endpoint, ids: dict[str, str]) -> list[Draft]:
        """The endpoint's plain request once for each query parameter that takes one of these ids."""
        named = [(p.name, ids[p.resource]) for p in endpoint.operation.query_parameters if p.resource in ids]
        return [endpoint.valid().with_parameter(*pair) for pair in named]
