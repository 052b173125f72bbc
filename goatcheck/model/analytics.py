"""Figures by day, and whether creators meet their goals."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from goatcheck.exchange import Response
from goatcheck.model import answers
from goatcheck.model.call import Answer, Call
from goatcheck.model.creators import living
from goatcheck.model.state import Project, today

if TYPE_CHECKING:
    from goatcheck.model.world import World

METRICS = ("views", "likes", "comments", "shares", "saves")
PERIODS = ("day", "week", "month")


def refuse_backwards(world: World, call: Call) -> Answer:
    """400 for a range that ends before it starts, 404 for an entity that is not in the org."""
    start, end = _range(world, call)
    if start > end:
        return answers.invalid("query", "The query parameter 'from' must not be after 'to'")
    kind = call.query["entity"]
    found = getattr(world.state, kind + "s").get(call.query["entity_id"])
    if found is None or found.org_id != call.home.id or getattr(found, "removed", False):
        return answers.not_found(kind)
    return None


def refuse_beyond_retention(world: World, call: Call) -> Answer:
    """402 for a range that starts before the history that the plan keeps."""
    start, _ = _range(world, call)
    oldest = today(call.now).toordinal() - call.home.plan.retention_days
    return answers.retention_exceeded() if start < oldest else None


def show(world: World, call: Call) -> Response:
    """A figure for each day of the range up to today, as a series or as CSV."""
    start, end = _range(world, call)
    return _figures(start, min(end, today(call.now).toordinal()), csv=call.query.get("format") == "csv")


@lru_cache(maxsize=32)
def _figures(first: int, last: int, *, csv: bool) -> Response:
    rows = [(dt.date.fromordinal(day).isoformat(), day % 97) for day in range(first, last + 1)]
    if csv:
        return answers.csv([("date", "value"), *rows])
    return answers.success([{"date": day, "value": value} for day, value in rows])


def list_compliance(world: World, call: Call) -> Response:
    """For each creator of the project, whether the goal of the period is met."""
    project, wanted = call.the(Project), call.query.get("creator_id")
    period = call.query.get("period", PERIODS[1])
    reference = call.query.get("reference_date", today(call.now)).isoformat()
    rows: list[dict[str, Any]] = [
        {"creator_id": c.id, "period": period, "reference_date": reference, "goal": 1, "posted": 1, "compliant": True}
        for c in living(world, call.home.id)
        if c.project_id == project.id and wanted in (None, c.id)
    ]
    return answers.success(rows)


def _range(world: World, call: Call) -> tuple[int, int]:
    """First and last day as ordinals; without `to` up to today, without `from` so many days back."""
    end = call.query.get("to", today(call.now)).toordinal()
    start = call.query["from"].toordinal() if "from" in call.query else end - world.rules.numbers.default_days
    return start, end
