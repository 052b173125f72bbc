"""A transport that climbs the ladders of an export: what every tool should do with them."""

import json
import re
from urllib.parse import parse_qs

import httpx
import jsonschema_rs

from goatcheck.conduct.forcing import filled
from goatcheck.export.ladder import first_of, ladders
from goatcheck.profile.address import is_loopback


class Climber(httpx.BaseTransport):
    """Answers by the first rung that holds; what is no operation is not found."""

    def __init__(self, contract, profile):
        assert is_loopback(profile.base_url)
        self.ladders = {o.id: (o, rungs) for o, rungs in ladders(contract, profile)}
        self.nowhere = first_of(contract, "404")
        self.contract = contract
        self.force = profile.force

    def handle_request(self, request):
        target = request.extensions["target"].decode().removeprefix("/api/v1")
        path, _, query = target.partition("?")
        answer = self._answer(request, path, parse_qs(query, keep_blank_values=True))
        return httpx.Response(
            answer.status, headers=list(answer.headers), stream=httpx.ByteStream(answer.body.encode())
        )

    def _answer(self, request, path, query):
        body = request.read()
        for operation, rungs in self.ladders.values():
            if operation.method == request.method and operation.serves(path):
                names = dict(zip(operation.template.split("/"), path.split("/"), strict=True))
                params = {name.strip("{}"): value for name, value in names.items() if name.startswith("{")}
                return next(r.answer for r in rungs if self._holds(r.asked, request.headers, params, query, body))
        return self.nowhere

    def _holds(self, asked, headers, params, query, body):
        if asked.demand:
            told = filled(self.force.value, self.contract.variant_by_id[asked.demand])
            return headers.get(self.force.header) == told
        return (
            (not asked.tokens or headers.get("Authorization") in [f"Bearer {token}" for token in asked.tokens])
            and all(re.fullmatch(form, params[name]) for name, form in asked.path.items())
            and all(name in query for name in asked.needed)
            and all(re.fullmatch(form, value) for name, form in asked.query.items() for value in query.get(name, ()))
            and (asked.body is None or _valid(asked.body, body))
        )


def _valid(schema, body):
    try:
        value = json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return False
    return jsonschema_rs.validator_for(schema, validate_formats=True).is_valid(value)


def _refuse(name):
    raise ValueError(name)
