"""Observed checks as checks of schemathesis: one for each MUST that one answer can break, such as `goatcheck_429_window_agree`.

    SCHEMATHESIS_HOOKS=goatcheck.schemathesis schemathesis run openapi.yaml --url https://staging.example/api/v1

`--checks` and `--exclude-checks` choose among them by name. With GOATCHECK_STRICT=1 the SHOULDs have checks too. The document's
paths must be relative to the API's base URL, as in goatcheck's own.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import schemathesis
from schemathesis import Case, CheckContext, Response

from goatcheck.conformance import Breach, Conformance
from goatcheck.exchange import Headers

STRICT = "GOATCHECK_STRICT"
"""The environment variable that adds the SHOULDs, where it is 1."""

PREFIX = "goatcheck_"
"""What the name of each check starts with."""

_last = threading.local()


def name_of(requirement: str) -> str:
    """The name of a requirement's check: `goatcheck_400_code_place` for 400.code-place."""
    return PREFIX + requirement.replace(".", "_").replace("-", "_")


def breaches_of(response: Response, case: Case[Any]) -> tuple[Breach, ...]:
    """What an answer breaks; worked out once for all checks that are asked about it."""
    if getattr(_last, "response", None) is not response:
        _last.response, _last.breaches = response, _judged(response, case)
    found: tuple[Breach, ...] = _last.breaches
    return found


def _judged(response: Response, case: Case[Any]) -> tuple[Breach, ...]:
    request = response.request
    body = request.body.encode() if isinstance(request.body, str) else request.body
    cut = response.content_size > len(response.content or b"")
    return _conformance(case.operation.full_path.removesuffix(case.operation.path)).breaches(
        method=request.method or case.method,
        url=request.url or "/",
        request_headers=tuple((name, _text(value)) for name, value in request.headers.items()),
        request_body=body if isinstance(body, bytes) else None,
        status=response.status_code,
        headers=_fields(response),
        body=response.content or b"",
        oddity="schemathesis kept a part of the body only" if cut else "",
    )


def _fields(response: Response) -> Headers:
    return tuple((name, value) for name, values in response.headers.items() for value in values)


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")


@cache
def _conformance(base_path: str) -> Conformance:
    return Conformance(base_path=base_path, strict=_strict())


def _strict() -> bool:
    return os.environ.get(STRICT) == "1"


def _check(requirement: str, meaning: str) -> Callable[[CheckContext, Response, Case[Any]], bool | None]:
    def check(_context: CheckContext, response: Response, case: Case[Any]) -> bool | None:
        told = [str(breach) for breach in breaches_of(response, case) if breach.requirement == requirement]
        if told:
            raise AssertionError("\n".join(told))
        return None

    check.__name__ = check.__qualname__ = name_of(requirement)
    check.__doc__ = meaning
    return check


def _checks() -> Iterator[Callable[[CheckContext, Response, Case[Any]], bool | None]]:
    for requirement in Conformance().api.contract.requirements:
        if requirement.how == "seen" and (requirement.level == "MUST" or _strict()):
            yield _check(requirement.id, requirement.meaning)


for _one in _checks():
    schemathesis.check(_one)
