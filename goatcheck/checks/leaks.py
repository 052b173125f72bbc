"""What no response may show: the inside of the service, and the key that was sent."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

from goatcheck.checks.leak_signs import SIGNS, Sign
from goatcheck.checks.problems import FINE, broken, cut
from goatcheck.checks.registry import ANSWERS, ERRORS, observed
from goatcheck.checks.texts import quotable, texts_of
from goatcheck.checks.view import Reads, View
from goatcheck.exchange import KEY_MARK, Headers, Problem, Response

SHORTEST = 8
"""Characters of a token below which its return may be chance."""

_SAID_AGAIN = 1000
"""Characters up to which a text is remembered: servers say the same few things again and again, and hostile ones much at length."""

_SHOWN = "shown"
_MARK = "‹key:"
_MARK_BYTES = _MARK.encode()
_WORD = re.compile(r"[A-Za-z_]{1,24}")
_DEBUGGING = re.compile(r"(?i)x-(?:(?:debug|exception|error)-|upstream|backend|served-by|pod|node)")
_OWN = frozenset({"X-", "x-"})
"""How the names of such fields start; looked at first, because it takes the least time."""
_KEY_HEADER = re.compile(r"(?i)(?:x-)?(?:api|auth|access)[-_]?(?:key|token)|authorization")


@observed("error.no-leak", on=ERRORS, reads=Reads.HEADERS, alone=False)
def nothing_of_the_inside_shows(view: View) -> tuple[Problem, ...] | None:
    """No stack trace, source path, SQL, environment or internal host; what the request itself said is a quotation.

    Besides the body, the header fields are searched by which frameworks tell what they made an error of, and proxies who did. A body that came in part is searched all the same, but its silence proves nothing.
    """
    told = view.response.told
    if _SHOWN not in told:
        told[_SHOWN] = _shown(view.response)
    if shows := told[_SHOWN]:
        said = quotable(view.request)
        for name, where, excerpt in shows:
            if excerpt not in said:
                return broken(f"the error shows {name}", where, "nothing of the inside", cut(excerpt))
    return None if view.response.oddity or view.response.miscoded else FINE


@observed("error.no-echo", on=ANSWERS, reads=Reads.HEADERS, alone=False)
def key_is_not_repeated(view: View) -> tuple[Problem, ...] | None:
    """Neither header nor body repeats a key; a bad key that was sent in clear counts where it comes back whole."""
    response = view.response
    for name, value in response.headers:
        if _MARK in value or _MARK in name:
            return broken("a response header repeats an API key", name, "no key", cut(value))
    if _MARK_BYTES in response.body:
        where = next((at for at, text in texts_of(response) if KEY_MARK.search(text)), "")
        return broken("the response repeats an API key", where, "no key", "the key")
    if tokens := _clear_tokens(view.request.headers):
        pattern = re.compile("|".join(rf"(?<!\w){re.escape(token)}(?!\w)" for token in tokens))
        for where, text in (*response.headers, *texts_of(response)):
            if pattern.search(text):
                return broken("the response repeats the token that was sent", where, "no token", cut(text))
    return None if response.oddity or response.miscoded else FINE


def _shown(response: Response) -> list[tuple[str, str, str]]:
    """What of the inside an answer seems to show: the sign by which it is known, the place, the excerpt."""
    fields = [(name, unquote(value)) for name, value in response.headers if name[:2] in _OWN and _DEBUGGING.match(name)]
    texts = [*fields, *texts_of(response)]
    everything = "\n".join(text for _, text in texts)
    return [
        (sign.name, where, match.group().strip())
        for sign in _hinted(everything)
        for where, text in texts
        for match in sign.pattern.finditer(text)
    ]


def _hinted(text: str) -> tuple[Sign, ...]:
    """The signs that a text could hold, by its substrings."""
    return _hinted_again(text) if len(text) <= _SAID_AGAIN else _hinted_once(text)


def _hinted_once(text: str) -> tuple[Sign, ...]:
    return tuple(sign for sign in SIGNS if any(map(text.__contains__, sign.hints)))


_hinted_again = lru_cache(maxsize=256)(_hinted_once)


@lru_cache(maxsize=256)
def _clear_tokens(headers: Headers) -> tuple[str, ...]:
    """The tokens that stand in clear in a request's headers, long enough and no mere words such as "undefined"."""
    values = [value.strip() for name, value in headers if _KEY_HEADER.fullmatch(name) and _MARK not in value]
    tokens = [value.partition(" ")[2].strip() or value for value in values]
    return tuple(token for token in tokens if len(token) >= SHORTEST and not _WORD.fullmatch(token))
