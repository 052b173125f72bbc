"""One request on its way through the pipeline, and the route that serves it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from goatcheck.exchange import Request, Response
from goatcheck.model.state import ApiKey, Campaign, Creator, Org, PayoutMethod, Project

Reader = Callable[[Any], Any]
"""Turns a value as sent into the value meant; raises `Refused` where it is none."""

BodyReader = Callable[[Any], dict[str, Any]]
"""Turns a request body's JSON value into the members meant; raises `Refused` where it is none."""

Found = Project | Creator | Campaign | PayoutMethod
"""A resource that an id in a path means."""


Kind = TypeVar("Kind", Project, Creator, Campaign, PayoutMethod)


class Refused(ValueError):  # noqa: N818 - it says what happened, as the project's other exceptions do
    """A value that breaks the description of the request; the text goes to the caller and repeats nothing of the value."""


@dataclass(frozen=True)
class Route:
    """An operation as it is served: method, path template, needed scope.

    `target` names the table that holds what the path's id means ("" where there is no id). `query` maps parameters to
    readers, `required` names those that must be there, `body` reads the body (None: it is ignored). `creates` makes the
    route obey idempotency keys, `gone` makes it answer 410.
    """

    method: str
    template: str
    scope: str
    target: str = ""
    query: Mapping[str, Reader] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    body: BodyReader | None = None
    creates: bool = False
    gone: bool = False

    @property
    def operation(self) -> str:
        """Its id, such as ``GET /creators``."""
        return f"{self.method} {self.template}"

    @cached_property
    def id_at(self) -> int:
        """Which step of its paths, counted from 0, is the first id; 0 for none."""
        return next((at for at, step in enumerate(self.template.split("/")) if step.startswith("{")), 0)


@dataclass
class Call:
    """A request with what the stages have learned of it so far; `now` is the time of the step in Unix seconds.

    `method` is the request's, GET for HEAD. `known` lists the routes on its path, `route` is the one it means, if any,
    `path_id` the id in its path, still as sent. `key` and `org` are there once the key is accepted, `query` and `body`
    once they are read, `found` once the path's id is looked up.
    """

    request: Request
    now: float
    method: str
    known: Sequence[Route] = ()
    route: Route | None = None
    path_id: str = ""
    key: ApiKey | None = None
    org: Org | None = None
    query: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    found: Found | None = None

    def the(self, kind: type[Kind]) -> Kind:
        """The resource that the path's id means, in stages that come after its look-up; `kind` is what the route says it is."""
        found = self.found
        if isinstance(found, kind):
            return found
        raise AssertionError(f"a stage asked for a {kind.__name__} before it was looked up")

    @property
    def served(self) -> Route:
        """The route, in stages that come after the one that refuses unknown ones."""
        if self.route is None:
            raise AssertionError("a stage asked for the route before there was one")
        return self.route

    @property
    def caller(self) -> ApiKey:
        """The key, in stages that come after the one that refuses bad ones."""
        if self.key is None:
            raise AssertionError("a stage asked for the key before it was accepted")
        return self.key

    @property
    def home(self) -> Org:
        """The key's org, in stages that come after the one that refuses bad keys."""
        if self.org is None:
            raise AssertionError("a stage asked for the org before the key was accepted")
        return self.org


Answer = Response | None
"""What a stage says: a response that ends the call, or None to go on."""
