"""Answers written in a few words, as what differs from a plain 404."""

import json

NOTHING = ...
JSON_TYPE = ("Content-Type", "application/json")
LIMIT = {"code": "limit_reached", "limitKey": "max_creators_per_org", "current": 5, "max": 5}
SCOPE = {"code": "insufficient_scope", "required": "write", "granted": ["read"]}
WINDOW = {"code": "rate_limit_exceeded", "bucket": "v1Api", "retryAfter": 7}
DAILY = {"code": "rate_limit_exceeded"}
CREATE = {"method": "POST", "path": "/projects/p/creators", "body": b'{"tiktok_handle": "goat"}', "sent": (JSON_TYPE,)}


def limit(request=None, error="Limit reached: max_creators_per_org", **members):
    return {**CREATE, "status": 402, "error": error, "meta": {**LIMIT, **members}, **(request or {})}


def without(meta, name):
    return {key: value for key, value in meta.items() if key != name}


def scope(error="This action requires the 'write' scope. Granted: [read]", **members):
    return {"status": 403, "method": "DELETE", "error": error, "meta": {**SCOPE, **members}}


def window(*retry_after, **members):
    headers = tuple(("Retry-After", value) for value in retry_after)
    return {"status": 429, "meta": {**WINDOW, **members}, "headers": headers}


def code(status, value):
    return {"status": status, "meta": {"code": value}}


def bad(place, value, **more):
    return {"status": 400, "meta": {"code": value}, "requirement": "400.query", "broken": place, **more}


def success(**more):
    return {"status": 200, "path": "/creators", "data": [], "error": None, "meta": None, **more}


def bulk(length):
    return {"body": json.dumps({"creators": [{"tiktok_handle": f"g{n}"} for n in range(length)]}).encode()}


HTML = {"raw": b"<h1>Not found</h1>", "content_type": ("Content-Type", "text/html")}
TRACE = 'Traceback (most recent call last):\n  File "/srv/api/app.py", line 3, in get'
