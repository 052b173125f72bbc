"""Answers in place of a target's own."""

import httpx


def answer(status, meta=None, data=None, **headers):
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    error = None if status < 400 else "no"
    return httpx.Response(status, json={"data": data, "error": error, "meta": meta}, headers=fields)


def keyed(request, key):
    """Whether a request was sent with a key of the reference world."""
    return key.token in request.headers.get("authorization", "")
