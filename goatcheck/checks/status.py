"""Which status an answer may have at all."""

from __future__ import annotations

from goatcheck.checks.earned import HTTPS_OWN, earned
from goatcheck.checks.problems import FINE, broken
from goatcheck.checks.registry import ANSWERS, ERRORS, observed
from goatcheck.checks.view import Reads, View
from goatcheck.exchange import Problem

STATUS = "status"
GONE = 410


@observed("status.documented", "status.listed", on=ERRORS, reads=Reads.HEADERS, alone=False)
def status_is_documented(view: View) -> tuple[Problem, ...] | None:
    """An error has one of the documented statuses, or one of HTTP's own that the request has earned."""
    status = view.response.status
    if status in view.contract.statuses:
        return FINE
    expected = ", ".join(map(str, view.contract.statuses))
    if status not in HTTPS_OWN:
        return broken(f"{status} is no documented error status", STATUS, expected, status)
    deserved = earned(view)
    if deserved is None:
        return None
    return FINE if deserved else broken(f"nothing in the request asked for a {status}", STATUS, expected, status)


@observed("410.only-removed", on=ANSWERS, reads=Reads.HEADERS, relates=True)
def only_removed_routes_are_gone(view: View) -> tuple[Problem, ...] | None:
    """An operation never answers 410; what is no operation may."""
    if view.operation is None:
        return None
    if view.response.status != GONE:
        return FINE
    return broken(f"the live operation {view.operation.id} answers 410", STATUS, "anything but 410", GONE)
