"""Faults of success: what looks like an error, has no envelope, or leads elsewhere."""

from __future__ import annotations

from dataclasses import replace

from goatcheck.exchange import MISSING, Response
from goatcheck.faults.changes import answer, at, body, both, header, members, meta, status, successes, with_json
from goatcheck.faults.fault import Fault
from goatcheck.model.call import Call

_VIDEOS = successes(operation="GET /videos")
_SHOWN = successes(operation="GET /payout-methods/{id}")
_CHANGED = successes(operation="PATCH /payout-methods/{id}")
_COMPLIANCE = successes(operation="GET /projects/{projectId}/goal-compliance")


def _bare(_call: Call, response: Response) -> Response:
    return with_json(response, response.document.value["data"])


def _empty(_call: Call, response: Response) -> Response:
    return replace(response, body=b"")


FAULTS = (
    Fault("success-bare-list", "the list of videos has no envelope", ("success.envelope",), answer(_VIDEOS, _bare)),
    Fault(
        "success-bare-object", "a changed payout method has no envelope", ("success.envelope",), answer(_CHANGED, _bare)
    ),
    Fault(
        "success-error-absent",
        "the list of videos has no member `error`",
        ("success.envelope",),
        answer(_VIDEOS, members(error=MISSING)),
    ),
    Fault(
        "success-error-empty",
        "`error` of the list of videos is an empty text",
        ("success.envelope",),
        answer(_VIDEOS, members(error="")),
    ),
    Fault(
        "success-error-false",
        "`error` of a payout method is false",
        ("success.envelope",),
        answer(_SHOWN, members(error=False)),
    ),
    Fault(
        "success-meta-list",
        "`meta` of a payout method is an empty list",
        ("success.envelope",),
        answer(_SHOWN, members(meta=[])),
    ),
    Fault(
        "success-data-absent",
        "goal compliance has no `data`",
        ("success.envelope",),
        answer(_COMPLIANCE, members(data=MISSING)),
    ),
    Fault("success-empty", "a changed payout method has no body", ("success.envelope",), answer(_CHANGED, _empty)),
    Fault(
        "success-text",
        "a changed payout method is told in plain text",
        ("success.envelope",),
        answer(_CHANGED, body(b"ok", "text/plain")),
    ),
    Fault(
        "success-with-error",
        "the list of videos carries a text for people",
        ("success.no-error", "success.envelope"),
        answer(_VIDEOS, members(error="No videos in this project")),
    ),
    Fault(
        "success-with-code",
        "a payout method carries the code of a limit that is near",
        ("success.no-error",),
        answer(_SHOWN, meta(code="limit_reached", warning="4 of 5")),
    ),
    Fault(
        "success-hides-404",
        "what is not found is a 200 with an error",
        ("success.no-error", "success.envelope", "404.absent", "404.foreign"),
        answer(
            both(at(404, method="PATCH"), lambda call: call.route is not None),
            status(200),
        ),
        ("404.foreign-no-effect",),
    ),
    Fault(
        "redirect-slash",
        "goal compliance redirects to the same path with a slash",
        ("success.no-redirect",),
        answer(_COMPLIANCE, status(308), header("Location", "./"), body(b"", "text/html")),
        ("envelope.malformed-request",),
    ),
    Fault(
        "redirect-after-change",
        "a change redirects to what was changed",
        ("success.no-redirect",),
        answer(_CHANGED, status(303), header("Location", "/api/v1/payout-methods"), body(b"", "text/html")),
        ("envelope.malformed-request",),
    ),
    Fault(
        "redirect-not-modified",
        "a payout method is answered with 304 though nobody asked whether it has changed",
        ("success.no-redirect",),
        answer(_SHOWN, status(304), body(b"")),
        ("envelope.malformed-request",),
    ),
    Fault(
        "redirect-export",
        "an export redirects to another host",
        ("success.no-redirect",),
        answer(
            lambda _call, response: response.media_type == "text/csv",
            status(302),
            header("Location", "https://files.trackagoat.example/export.csv"),
        ),
    ),
)
