"""What a contract is made of: requirements, variants, operations. Frozen values, read from data under contracts/."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Requirement:
    """One sentence of the contract.

    `level` is "MUST" or "SHOULD"; `group` is "400" … "500", "envelope" or "success"; `how` is "seen" (judged on every
    exchange) or "sent" (the suite provokes it); `source` is "S", "P" or "D". `needs` says what a profile must offer
    (tokens: ``role:NAME``, ``roles:NAME:COUNT``, ``fixture:NAME``, ``writes``, ``bursts``, ``clock``, ``force``,
    ``stateful``). `provided_by` names the requirements whose exchanges let a seen one be judged. `variant` and `schema`
    say on which variant it is judged ("402.*": every answer with status 402), and against which schema of the contract
    (a file's name, or a part of it by JSON pointer), where data alone judges it; an absent `meta` is judged as null.
    `not_testable` is empty, or the reason why a target that can't force answers may never show it.
    """

    id: str
    level: str
    group: str
    how: str
    meaning: str
    source: str
    needs: tuple[str, ...] = ()
    provided_by: tuple[str, ...] = ()
    variant: str = ""
    schema: str = ""
    not_testable: str = ""


@dataclass(frozen=True)
class Variant:
    """One documented form of an error.

    `code` is its documented `meta.code`, "" where none is documented. `schema` judges `meta`; `schema_name` is its file
    relative to the contract's folder. `select` is a schema that tells this variant from others of its status by `meta`,
    None for the variant that all others of the status fall to. `own_burst` makes an answer to the suite's own burst this
    variant whatever its meta says. `example` is a full response body; `example_headers` what goes with it.
    """

    id: str
    status: int
    title: str
    code: str
    schema_name: str
    schema: Schema
    select: Schema | None = None
    own_burst: bool = False
    example: Mapping[str, Any] = field(default_factory=dict)
    example_headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Parameter:
    """A parameter of an operation: `place` is "path", "query" or "header"; `resource` names the kind of thing its value is
    the id of, or the parameter whose value tells that kind ("" for none). `sure` is the narrower schema of the values that
    are documented as valid, None for none; beside a `resource` it means the ids of what exists.
    """

    name: str
    place: str
    required: bool
    schema: Schema
    resource: str = ""
    sure: Schema | None = None


@dataclass(frozen=True)
class Operation:
    """A method on a path template. `id` is such as ``POST /projects/{projectId}/creators``.

    `body` is the schema of the JSON request body (None for none), `sure_body` the narrower one whose values are documented
    as valid. `makes` and `target` name the kind of resource that it creates, or that its last path id means.
    `removed` marks a route that the contract documents as gone. `statuses` are the documented response statuses, `examples`
    the names of the examples of its responses: those of errors are the ids of the variants that it documents.
    """

    id: str
    method: str
    template: str
    parameters: tuple[Parameter, ...] = ()
    body: Schema | None = None
    sure_body: Schema | None = None
    makes: str = ""
    target: str = ""
    removed: bool = False
    idempotent_by_key: bool = False
    statuses: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()

    @property
    def writes(self) -> bool:
        """Whether it may change something: every method but GET, HEAD and OPTIONS."""
        return self.method not in {"GET", "HEAD", "OPTIONS"}

    def granted_by(self, scopes: Collection[str]) -> bool:
        """Whether one of these scopes grants it."""
        return ("write" if self.writes else "read") in scopes

    @property
    def path_parameters(self) -> tuple[Parameter, ...]:
        """The ids in its path, in order."""
        return tuple(p for p in self.parameters if p.place == "path")

    @property
    def query_parameters(self) -> tuple[Parameter, ...]:
        """The parameters of its query."""
        return tuple(p for p in self.parameters if p.place == "query")

    @cached_property
    def ids_at(self) -> tuple[tuple[int, str], ...]:
        """Which steps of its paths are ids, counted from 0, and what of ("creator", "project")."""
        kinds = [p.resource or p.name for p in self.path_parameters]
        places = [at for at, step in enumerate(self.template.split("/")) if step.startswith("{")]
        return tuple(zip(places, kinds, strict=True))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("/".join("[^/]+" if p.startswith("{") else re.escape(p) for p in self.template.split("/")))

    def serves(self, path: str) -> bool:
        """Whether a path (relative to the base URL, without query) is one of this operation's template."""
        return self._pattern.fullmatch(path) is not None
