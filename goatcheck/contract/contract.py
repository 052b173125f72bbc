"""A contract: its parts, and the questions that the rest of goatcheck asks of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from goatcheck.contract.parts import Operation, Requirement, Schema, Variant
from goatcheck.contract.places import Places


@dataclass(frozen=True, eq=False)
class Contract:
    """One version of the contract, whole. `schemas` maps a file name (relative to its folder) to the JSON Schema in it;
    `document` is the OpenAPI description as it was read; `limit_keys` and `codes` are the documented vocabularies.
    """

    version: str
    requirements: tuple[Requirement, ...]
    variants: tuple[Variant, ...]
    operations: tuple[Operation, ...]
    removed: tuple[Operation, ...]
    schemas: Mapping[str, Schema]
    document: Mapping[str, Any]
    limit_keys: tuple[str, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Requirement]:
        """Every requirement by its id."""
        return {requirement.id: requirement for requirement in self.requirements}

    @cached_property
    def variant_by_id(self) -> Mapping[str, Variant]:
        """Every variant by its id."""
        return {variant.id: variant for variant in self.variants}

    @cached_property
    def statuses(self) -> tuple[int, ...]:
        """The documented error statuses, ascending."""
        return tuple(sorted({variant.status for variant in self.variants}))

    @cached_property
    def codes(self) -> Mapping[str, frozenset[int]]:
        """Each documented `meta.code` with the statuses that it belongs to."""
        found: dict[str, set[int]] = {}
        for variant in self.variants:
            if variant.code:
                found.setdefault(variant.code, set()).add(variant.status)
        return {code: frozenset(statuses) for code, statuses in found.items()}

    def operation(self, method: str, path: str) -> Operation | None:
        """The live operation that a request line means, or None. HEAD means GET's."""
        wanted = "GET" if method == "HEAD" else method
        return next((o for o in self._live.on(path) if o.method == wanted), None)

    def removed_route(self, method: str, path: str) -> Operation | None:
        """The removed route that a request line means, or None."""
        return next((o for o in self._gone.on(path) if o.method == method), None)

    def methods_of(self, path: str) -> frozenset[str]:
        """The methods that the contract documents for a path, removed routes included."""
        return frozenset(o.method for o in (*self._live.on(path), *self._gone.on(path)))

    def named(self, operation: str) -> Operation | None:
        """The operation with that id, live or removed, or None."""
        return self._by_id.get(operation)

    @cached_property
    def _by_id(self) -> Mapping[str, Operation]:
        return {operation.id: operation for operation in (*self.removed, *self.operations)}

    @cached_property
    def _live(self) -> Places[Operation]:
        return Places(self.operations)

    @cached_property
    def _gone(self) -> Places[Operation]:
        return Places(self.removed)
