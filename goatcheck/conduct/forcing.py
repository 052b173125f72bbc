"""Answers on demand: how a mock is told which error to give, and whether what came is that error.

A mock says so in its own way (the profile's [force]): by a header, a query parameter, a URL for each variant, or a call that
puts it into a state. What came is judged only where it is what was asked for.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from urllib.parse import quote, urlsplit

from goatcheck.checks import variant_of
from goatcheck.contract import Contract, Variant
from goatcheck.errors import GeneratorError, NotExercised, TargetGone, Unusable
from goatcheck.exchange import Exchange, Request, Response
from goatcheck.profile.parts import Call, Force

Post = Callable[[str, Request], Response]
"""Sends a request to an origin such as "http://127.0.0.1:8080", and returns what came; raises TargetGone."""

_OF_BODIES = {"content-type", "idempotency-key"}
_NOT_FOUND = 404
_ERROR = 400


def filled(template: str, variant: Variant) -> str:
    """A template with the words of a variant in it; other braces stay as they are."""
    words = {"status": str(variant.status), "variant": variant.id, "code": variant.code}
    for name, word in words.items():
        template = template.replace(f"{{{name}}}", word)
    return template


def demanding(request: Request, force: Force, variant: Variant) -> Request:
    """The request with which a mock is asked for one variant.

    Raises NotExercised where it has a URL for each, and none for this one.
    """
    if force.has_urls:
        path = force.paths.get(variant.id, force.path)
        if not path:
            raise NotExercised(f"the profile's force.paths has no URL for {variant.id}")
        path, _, query = filled(path, variant).partition("?")
        headers = tuple(field for field in request.headers if field[0].lower() not in _OF_BODIES)
        request = Request("GET", path, query, headers)
    value = filled(force.value, variant)
    if force.header:
        request = replace(request, headers=(*request.headers, (force.header, value)))
    if force.query:
        pair = f"{quote(force.query, safe='')}={quote(value, safe='')}"
        request = replace(request, query="&".join(filter(None, (request.query, pair))))
    return request


def forcing_failed(exchange: Exchange, contract: Contract, force: Force | None) -> str:
    """Why a forced answer is not the one that was asked for; "" where it is, or where nothing was forced.

    A mock that can't force answers with its own errors: another status, a media type or a text of its own, or the example of
    another variant. None of them says anything about the variant that was wanted.
    """
    wanted = exchange.intent.forced
    if not wanted:
        return ""
    variant = contract.variant_by_id[wanted]
    response = exchange.response
    if response.status != variant.status:
        return f"{wanted} was asked for and {response.status} came"
    if sign := _strange(response) or own_error(response, force or Force()):
        return f"{wanted} was asked for and the mock answered with an error of its own ({sign})"
    came = variant_of(exchange, contract)
    if came is not None and came.id != wanted and came.code and came.select is not None:
        return f"{wanted} was asked for and {came.id} came"
    return ""


def _strange(response: Response) -> str:
    """A media type that no answer on demand has, by whatever mock; "" for any other."""
    kind = response.media_type
    strange = kind == "application/problem+json" or (response.status == _NOT_FOUND and kind != "application/json")
    return (kind or "no type") if strange else ""


def own_error(response: Response, force: Force) -> str:
    """The sign, named by the profile, by which an answer shows that it is an error of the mock's own; "" where it shows none."""
    if response.media_type in force.media_types:
        return response.media_type
    whole = "\n".join([*(f"{name}: {value}" for name, value in response.headers), response.text])
    return next((marker for marker in force.markers if marker in whole), "")


@dataclass
class States:
    """Puts a mock into the state that an answer on demand needs, and back. While it is in one nothing else is sent to it.

    `base_url` is the target's: a call's path is one of its origin.
    """

    force: Force | None
    base_url: str
    contract: Contract
    post: Post

    def __post_init__(self) -> None:
        """Whoever asks for a state keeps all others waiting, from whatever thread."""
        self._turn = threading.RLock()

    def needed_for(self, forced: str) -> AbstractContextManager[None]:
        """The time of one request, in the state that it needs: `forced` names the variant, "" none.

        Raises NotExercised where the mock can't be put into the state, Unusable where it can't be put back: whatever it
        answers from then on says nothing.
        """
        calls = self.force is not None and self.force.before is not None
        return self._state(self.contract.variant_by_id.get(forced)) if calls else nullcontext()

    @contextmanager
    def _state(self, variant: Variant | None) -> Iterator[None]:
        force = self.force or Force()
        with self._turn:
            if variant is None or force.before is None:
                yield
                return
            if trouble := self._trouble("before", force.before, variant):
                raise NotExercised(trouble)
            try:
                yield
            finally:
                if force.after is not None and (trouble := self._trouble("after", force.after, variant)):
                    raise Unusable(trouble)

    def _trouble(self, name: str, call: Call, variant: Variant) -> str:
        """Why a call did not do what it should, "" where it did."""
        url = urlsplit(filled(call.url, variant))
        here = urlsplit(self.base_url)
        origin = f"{url.scheme or here.scheme}://{url.netloc or here.netloc}"
        body = filled(call.body, variant).encode() if call.body else None
        headers = (("Content-Type", "application/json"),) if call.body else ()
        line = f"force.{name}: {call.method} {origin}{url.path}"
        try:
            response = self.post(origin, Request(call.method, url.path, url.query, headers, body))
        except (TargetGone, GeneratorError) as error:
            return f"{line} failed: {error}"
        return f"{line} was answered with {response.status}" if response.status >= _ERROR else ""
