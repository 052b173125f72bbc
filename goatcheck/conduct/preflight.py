"""Before anything is judged: is this the API at all, and does it know our keys?"""

from __future__ import annotations

from collections.abc import Iterator

from goatcheck.conduct.answer import Answer
from goatcheck.conduct.api import Api
from goatcheck.errors import TargetGone, Unusable
from goatcheck.exchange import MISSING
from goatcheck.profile.parts import Key

_TRIES = 3
"""So many different requests are tried before a target is called unusable; the first good answer ends it."""


def preflight(api: Api) -> None:
    """Ask up to three operations. Raises Unusable where no answer could come from this API with these keys."""
    keys = [key for key in api.profile.keys if key.state == "active" and "read" in key.scopes and not key.burst]
    first = _reached(api)
    if api.profile.force and api.profile.force.has_urls:  # it serves answers, and no operations
        return
    if not keys:
        _decide([first, *(_ask(api, i, None) for i in range(1, _TRIES) if _no_api(first))])
        return
    asked = []
    for answer in _tries(api, keys):
        asked.append(answer)
        if not (_no_api(answer) or answer.is_("401", "429")):
            return
    _decide(asked)


def _tries(api: Api, keys: list[Key]) -> Iterator[Answer]:
    for index in range(max(_TRIES, len(keys))):
        yield _ask(api, index, keys[index % len(keys)])


def _reached(api: Api) -> Answer:
    try:
        return _ask(api, 0, None)
    except TargetGone as error:
        raise Unusable(str(error)) from None


def _ask(api: Api, index: int, key: Key | None) -> Answer:
    endpoint = api.reads[index % len(api.reads)]
    return api.send(endpoint.valid(), key, cause="preflight" if key else "missing", limited=True)


def _no_api(answer: Answer) -> bool:
    """Whether an answer could be any web server's: no JSON at all, or Not Found."""
    return answer.response.document.value is MISSING or answer.is_("404")


def _decide(answers: list[Answer]) -> None:
    url = "the base URL"
    if all(_no_api(answer) for answer in answers):
        kinds = ", ".join(dict.fromkeys(f"{a.status} {a.response.media_type or 'no type'}" for a in answers))
        raise Unusable(
            f"This is no trackagoat v1 API: {len(answers)} different operations were answered with {kinds}. Is {url} right?"
        )
    if all(_no_api(answer) or answer.is_("401") for answer in answers) and answers[0].exchange.intent.key:
        raise Unusable(
            "Every active key of the profile is refused with 401: are the keys right, and do they belong to this target?"
        )
    if all(answer.is_("429.daily") for answer in answers):
        raise Unusable(
            "The daily quota of every active key is spent: run again after UTC midnight, or with other keys."
        )
