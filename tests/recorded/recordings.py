"""Recordings made by hand, and how reports on them are read."""

import json
from dataclasses import dataclass, field

KEY = "tga_" + "0123456789abcdef" * 4
ANOTHER = "tga_" + "9f86d081884c7d65" * 4
ORIGIN = "https://api.example"
ABSENT = {"data": None, "error": "Not found", "meta": None}
WINDOW = {
    "data": None,
    "error": "Rate limit exceeded",
    "meta": {"code": "rate_limit_exceeded", "bucket": "v1Api", "retryAfter": 7},
}


@dataclass(frozen=True)
class Said:
    """One exchange, as each format may write it down; a body that is no text is JSON."""

    status: int = 404
    body: object = field(default_factory=lambda: ABSENT)
    method: str = "GET"
    url: str = f"{ORIGIN}/api/v1/creators"
    headers: tuple = (("Content-Type", "application/json"),)
    sent: tuple = (("Authorization", f"Bearer {KEY}"),)
    posted: str | None = None

    @property
    def text(self):
        return self.body if isinstance(self.body, str) else json.dumps(self.body)


LATE = Said(status=429, body=WINDOW, headers=(("Content-Type", "application/json"), ("Retry-After", "99")))
"""An answer whose header and body disagree."""


def as_har(said, **content):
    """An entry of a HAR file; `content` is added to what is told of the body, None takes a member away."""
    told = {"size": len(said.text), "mimeType": "application/json", "text": said.text, **content}
    posted = {} if said.posted is None else {"postData": {"mimeType": "application/json", "text": said.posted}}
    return {
        "request": {
            "method": said.method,
            "url": said.url,
            "headers": [{"name": name, "value": value} for name, value in said.sent],
            **posted,
        },
        "response": {
            "status": said.status,
            "headers": [{"name": name, "value": value} for name, value in said.headers],
            "content": {name: value for name, value in told.items() if value is not None},
        },
    }


def har(*entries):
    """A HAR file of entries, or of exchanges."""
    made = [as_har(entry) if isinstance(entry, Said) else entry for entry in entries]
    return json.dumps({"log": {"version": "1.2", "creator": {"name": "by hand"}, "entries": made}})


def line(said=None, number=1, **intent):
    """A line of a journal."""
    said = said or Said()
    path, _, query = said.url.removeprefix(f"{ORIGIN}/api/v1").partition("?")
    told = dict.fromkeys(("requirement", "purpose", "operation", "key", "cause", "forced"), "")
    request = {"method": said.method, "path": path, "query": query, "headers": said.sent, "body": said.posted}
    response = {"status": said.status, "headers": said.headers, "body": said.text, "oddity": ""}
    data = {
        "number": number,
        "request": request,
        "response": response,
        "intent": {**told, "broken": [], "burst": False, "recorded": False, **intent},
        "sent": 0.0,
        "received": 0.1,
    }
    return json.dumps({"kind": "exchange", "data": data})


def outcomes(report, *names):
    """The outcome of each requirement, or of those named."""
    return {result.id: result.outcome for result in report.requirements if not names or result.id in names}


def broken(report):
    """What is broken, with the places where it was seen."""
    return {result.id: [f.place for f in result.findings] for result in report.requirements if result.findings}
