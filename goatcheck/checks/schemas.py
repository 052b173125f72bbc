"""Judging a value by a JSON Schema: jsonschema-rs says yes or no, jsonschema says what is wrong and where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import jsonschema_rs

from goatcheck.checks.problems import cut, shown
from goatcheck.contract import Schema
from goatcheck.exchange import MISSING, Problem

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError
    from referencing import Registry

BASE = "https://contract.invalid/"
"""Where the contract's schemas stand for each other's references; the file's name follows."""

MOST = 5
"""How many problems of one value are told."""


class _Fast(Protocol):
    def is_valid(self, instance: Any) -> bool: ...
    def iter_errors(self, instance: Any) -> Iterable[Any]: ...


@dataclass(frozen=True)
class SchemaJudge:
    """One schema, ready to judge values. `home` is the file of the contract that it stands in or belongs to, which its
    relative references start from; `others` are all files of the contract.
    """

    schema: Schema
    home: str
    others: Mapping[str, Schema]

    @classmethod
    def named(cls, reference: str, others: Mapping[str, Schema]) -> SchemaJudge:
        """The schema in a file of the contract, or in a part of it: ``meta/429.window.json#/allOf/0``."""
        return cls({"$ref": BASE + reference}, "", others)

    def holds(self, value: Any) -> bool:
        """Whether a JSON value fits the schema; formats are annotations, as JSON Schema 2020-12 has it."""
        try:
            return self._fast.is_valid(value)
        except ValueError:  # what the fast library can't take in: a lone surrogate
            return next(self._telling.iter_errors(value), None) is None

    def problems(self, value: Any, at: str = "") -> tuple[Problem, ...]:
        """What keeps a value from fitting the schema, nothing where it fits; `at` is the value's own JSON pointer."""
        if self.holds(value):
            return ()
        try:
            told = sorted(
                self._telling.iter_errors(value), key=lambda error: [str(step) for step in error.absolute_path]
            )
        except RecursionError:  # jsonschema writes the whole value into its messages, however deep
            return (Problem("what is nested so deeply does not fit", at, "", shown(value)),)
        if told:
            return tuple(_problem(error, at) for error in told[:MOST])
        # The two differ on patterns alone, where the fast one is nearer to ECMA-262: "$" matches the very end only.
        return tuple(
            Problem(cut(error.message), at + _pointer(error.instance_path), "", "")
            for error in list(self._fast.iter_errors(value))[:MOST]
        )

    @cached_property
    def _fast(self) -> _Fast:
        registry = jsonschema_rs.Registry([(uri, dict(schema)) for uri, schema in self._resources])
        return jsonschema_rs.Draft202012Validator(dict(self.schema), registry=registry, base_uri=BASE + self.home)

    @cached_property
    def _telling(self) -> Draft202012Validator:
        from jsonschema import Draft202012Validator  # noqa: PLC0415 - slow to import, and needed where something is wrong
        from referencing import Registry  # noqa: PLC0415 - the same
        from referencing.jsonschema import DRAFT202012  # noqa: PLC0415 - the same

        resources = [(uri, DRAFT202012.create_resource(schema)) for uri, schema in self._resources]
        registry: Registry[Any] = Registry().with_resources(resources)
        own = {"$id": BASE + self.home, **self.schema}
        return Draft202012Validator(own, registry=registry)

    @property
    def _resources(self) -> list[tuple[str, Schema]]:
        """Every schema by its file's name, and by its own `$id` where it has one."""
        by_name = [(BASE + name, schema) for name, schema in self.others.items()]
        return by_name + [(str(schema["$id"]), schema) for schema in self.others.values() if "$id" in schema]


def _problem(error: ValidationError, at: str) -> Problem:
    """One error of jsonschema as a problem; of alternatives that all fail, the one that came nearest."""
    if error.context:
        from jsonschema.exceptions import best_match  # noqa: PLC0415 - as above

        error = best_match([error]) or error
    where = at + _pointer(error.absolute_path)
    rule: Any = error.validator_value
    instance: Any = error.instance
    if error.validator == "required":
        missing = [name for name in rule if name not in instance]
        return Problem(cut(error.message), f"{where}/{_escaped(missing[0])}", "a member that is there", shown(MISSING))
    return Problem(cut(error.message), where, cut(f"{error.validator}: {shown(rule)}"), shown(instance))


def _pointer(path: Iterable[str | int]) -> str:
    return "".join(f"/{_escaped(str(step))}" for step in path)


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")
