"""Following `$ref` from one place in a contract's files to another. Nothing is ever fetched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urljoin

from goatcheck.errors import UsageError

if TYPE_CHECKING:
    from referencing import Registry

OPENAPI = "openapi.yaml"
"""The file of a contract's OpenAPI description, where its relative references start from."""


@dataclass(frozen=True)
class References:
    """All files of a contract by their names, relative to its folder and so to each other."""

    files: Registry[Any]
    _kept: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def among(cls, files: Mapping[str, Any]) -> References:
        """References among these files. Their `$id` does not count: a contract that was copied refers to its own files."""
        from referencing import Registry, Specification  # noqa: PLC0415 - slow to import; the register is read without it

        resources = ((name, Specification.OPAQUE.create_resource(content)) for name, content in files.items())
        return cls(Registry().with_resources(resources))

    def found(self, reference: str, base: str = OPENAPI) -> Any:
        """What a reference means, seen from the file `base`. Raises UsageError where it means nothing."""
        from referencing.exceptions import Unresolvable  # noqa: PLC0415 - the same

        try:
            return self.files.resolver(base).lookup(reference).contents
        except Unresolvable as error:
            raise UsageError(
                f"{base} of the contract refers to {reference!r}, which is not there: "
                "expected a file of the contract's folder or a place in one; correct the reference."
            ) from error

    def inlined(self, value: Any, base: str = OPENAPI, trail: tuple[str, ...] = ()) -> Any:
        """A value that stands in the file `base`, with every reference replaced by what it means.

        Members beside a `$ref` are kept and win. `trail` holds the places that are being replaced already: UsageError
        for a value that holds itself, as for a reference that means nothing.
        """
        if isinstance(value, list):
            return [self.inlined(item, base, trail) for item in value]
        if not isinstance(value, dict):
            return value
        members = {name: self.inlined(member, base, trail) for name, member in value.items() if name != "$ref"}
        if "$ref" not in value:
            return members
        place = urljoin(base, value["$ref"])
        if place in trail:
            raise UsageError(f"{place} of the contract holds itself; what requests are made of has to end somewhere.")
        if place not in self._kept:  # one response is referred to by every operation
            self._kept[place] = self.inlined(self.found(value["$ref"], base), urldefrag(place).url, (*trail, place))
        meant = self._kept[place]
        return meant | members if isinstance(meant, dict) else meant
