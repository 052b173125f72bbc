"""What a choice is, and small changes to rules that choices are made of."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from goatcheck.exchange import Headers, Response
from goatcheck.model.world import Rules, Stage

Change = Callable[[Rules, Random], Rules]
"""Makes the rules of a world others; the random source is for what differs from answer to answer."""

ENDINGS = (
    "remember",
    "shape",
    "volatile",
    "errors",
    "retry",
    "day",
    "liberty",
    "type",
    "further",
    "date",
    "layout",
    "framing",
    "head",
    "case",
)
"""The order of endings: what is remembered is the plain answer, what is written is decided last."""


@dataclass(frozen=True)
class Choice:
    """One way to decide what is open. `breaks` are the SHOULDs that it does not keep."""

    name: str
    change: Change = lambda rules, _random: rules
    breaks: tuple[str, ...] = ()


def reordered(rules: Rules, names: Iterable[str]) -> Rules:
    """The rules with these stages asked in this order, where the first of them is asked now; others stay where they are."""
    wanted = list(names)
    moved = set(wanted)
    stages: dict[str, Stage] = {}
    for name, stage in rules.stages.items():
        if name not in moved:
            stages[name] = stage
        elif not moved & stages.keys():
            stages.update({each: rules.stages[each] for each in wanted})
    return replace(rules, stages=stages)


def with_stage_before(rules: Rules, name: str, stage: Stage, before: str) -> Rules:
    """The rules with a new stage asked just before another one."""
    return rules.with_stage(name, stage).with_stage_first(name, before)


def with_stage_after(rules: Rules, name: str, stage: Stage, after: str) -> Rules:
    """The rules with a new stage asked just after another one."""
    stages: dict[str, Stage] = {}
    for other, each in rules.stages.items():
        stages[other] = each
        if other == after:
            stages[name] = stage
    return replace(rules, stages=stages)


def sorted_endings(rules: Rules) -> Rules:
    """The rules with their endings in the order of ENDINGS."""
    return replace(rules, endings={name: rules.endings[name] for name in ENDINGS if name in rules.endings})


def is_json(response: Response) -> bool:
    """Whether a response has a JSON body."""
    return bool(response.body) and response.media_type == "application/json"


def document(response: Response) -> Any:
    """The JSON value in a response of the model, which always is one."""
    return json.loads(response.body)


def with_document(response: Response, value: Any) -> Response:
    """The response with another JSON value; escapes carry what UTF-8 can't."""
    return replace(response, body=json.dumps(value).encode())


def with_headers(response: Response, *headers: tuple[str, str]) -> Response:
    """The response with these header fields, in place of others of their names."""
    names = {name.lower() for name, _ in headers}
    kept: Headers = tuple(field for field in response.headers if field[0].lower() not in names)
    return replace(response, headers=(*kept, *headers))
