"""Faults of identity: keys in a form that no good one has, and who is let in with them."""

from __future__ import annotations

import base64

from goatcheck.faults.admission import all_of, is_malformed, let_in, refused_as, sent_by, token_by
from goatcheck.faults.changes import everyone
from goatcheck.faults.fault import Fault
from goatcheck.model import answers

_USUAL = 80
"""Characters of an Authorization header that no good key reaches."""

FAULTS = (
    Fault(
        "malformed-letter-case",
        "the letter case of a key does not matter",
        ("401.malformed",),
        let_in(everyone, token_by(lambda sent, token: sent.lower() == f"bearer {token}")),
    ),
    Fault(
        "malformed-start-is-enough",
        "a key is found by how it starts",
        ("401.malformed",),
        let_in(everyone, token_by(lambda sent, token: sent.startswith(f"Bearer {token[:-1]}"))),
    ),
    Fault(
        "malformed-more-is-fine",
        "what follows a key is cut off",
        ("401.malformed",),
        let_in(everyone, token_by(lambda sent, token: sent.startswith(f"Bearer {token}"))),
    ),
    Fault(
        "malformed-any-scheme",
        "the scheme does not matter",
        ("401.malformed",),
        let_in(everyone, token_by(lambda sent, token: sent.split(" ")[-1] == token)),
    ),
    Fault(
        "malformed-token-scheme",
        "the scheme Token is taken too",
        ("401.malformed",),
        let_in(everyone, token_by(lambda sent, token: sent == f"Token {token}")),
    ),
    Fault(
        "malformed-word-after-key",
        "what follows the key in the header does not matter",
        ("401.malformed",),
        let_in(is_malformed, token_by(lambda sent, token: sent.split()[:2] == ["Bearer", token])),
    ),
    Fault(
        "malformed-comma-after-key",
        "of several credentials in a header the first counts",
        ("401.malformed",),
        let_in(is_malformed, token_by(lambda sent, token: sent.split(",")[0] == f"Bearer {token}")),
        needs=("requests",),
    ),
    Fault(
        "malformed-without-prefix",
        "a key needs no prefix",
        ("401.malformed",),
        let_in(everyone, token_by(lambda sent, token: sent == f"Bearer {token.removeprefix('tga_')}")),
        needs=("requests",),
    ),
    Fault(
        "malformed-key-alone",
        "the key needs no scheme",
        ("401.malformed",),
        let_in(everyone, token_by(lambda sent, token: sent == token)),
    ),
    Fault(
        "malformed-in-quotes",
        "quotes around a key are taken off",
        ("401.malformed",),
        let_in(everyone, token_by(lambda sent, token: sent == f'Bearer "{token}"')),
    ),
    Fault(
        "malformed-last-digit",
        "the last digit of a key does not matter",
        ("401.malformed",),
        let_in(
            everyone, token_by(lambda sent, token: sent[:-1] == f"Bearer {token[:-1]}" and len(sent) == 7 + len(token))
        ),
        needs=("requests",),
    ),
    Fault(
        "malformed-pattern",
        "a key is looked up as a pattern: % stands for any text",
        ("401.malformed",),
        let_in(
            everyone, token_by(lambda sent, token: "%" in sent and f"Bearer {token}".startswith(sent.split("%")[0]))
        ),
        needs=("requests",),
    ),
    Fault(
        "malformed-other-prefix",
        "any prefix will do",
        ("401.malformed",),
        let_in(everyone, token_by(lambda sent, token: sent.split("_")[-1] == token.removeprefix("tga_"))),
    ),
    Fault(
        "malformed-key-as-user",
        "a key is taken as the user's name of the scheme Basic",
        ("401.malformed",),
        let_in(
            everyone, token_by(lambda sent, token: sent == f"Basic {base64.b64encode(f'{token}:'.encode()).decode()}")
        ),
        needs=("requests",),
    ),
    Fault(
        "malformed-not-ascii-fails",
        "a key with a letter beyond ASCII makes the server fail",
        ("401.malformed", "500.never"),
        refused_as(lambda call: not sent_by(call).isascii(), answers.internal_error()),
        needs=("requests",),
    ),
    Fault(
        "malformed-bad-request",
        "a key of the wrong length is a bad request",
        ("401.malformed",),
        refused_as(
            all_of(is_malformed, lambda call: len(sent_by(call)) > _USUAL), answers.invalid("params", "Bad key")
        ),
    ),
    Fault(
        "malformed-empty-token-fails",
        "a header without a token makes the server fail",
        ("401.malformed", "500.never"),
        refused_as(lambda call: sent_by(call).strip() == "Bearer", answers.internal_error()),
    ),
    Fault(
        "malformed-too-long-431",
        "a key that is much too long is answered with 431",
        ("401.malformed", "status.documented"),
        refused_as(lambda call: len(sent_by(call)) > 10 * _USUAL, answers.failure(431, "Header too large")),
    ),
)
