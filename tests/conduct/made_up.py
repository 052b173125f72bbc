"""Answers and checks that no target and no suite has."""

import httpx

from goatcheck.conduct.trial import Check


def answer(status, code=None, **headers):
    meta = {"code": code} if code else None
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, json={"data": None, "error": "No", "meta": meta}, headers=fields)


def check_of(requirement, function, roles=("full",), phase="main"):
    return {requirement: Check(requirement, function, phase, roles)}
