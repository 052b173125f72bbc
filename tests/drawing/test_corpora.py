"""What the corpora call wrong is wrong beyond doubt."""

import re

import h11

from goatcheck.conduct.secrets import Secrets
from goatcheck.drawing.corpora import NOT_OBJECTS, ODD_TEXTS, bad_authorizations, rarely_bad_authorizations
from goatcheck.exchange import key_mark

NEVER_ISSUED = "tga_" + "0123456789abcdef" * 4
TRUE_KEY = "tga_" + "fedcba9876543210" * 4
CLIENT = Secrets({"full": TRUE_KEY})


def on_the_wire(value):
    """The value with marks replaced as the client does it."""
    return CLIENT.expand(value)


def headers(never_issued=NEVER_ISSUED):
    return (
        *bad_authorizations(key_mark("full"), never_issued),
        *rarely_bad_authorizations(key_mark("full"), never_issued),
    )


def test_no_malformed_authorization_is_a_well_formed_key_with_its_scheme():
    values = [on_the_wire(value) for cause, value in headers() if not cause.endswith("-changed")]
    assert not any(re.fullmatch(r"[Bb][Ee][Aa][Rr][Ee][Rr] +tga_[0-9a-f]{64}", value) for value in values)


def test_a_true_key_with_another_digit_is_of_the_right_form_and_no_true_key():
    values = [on_the_wire(value) for cause, value in headers() if cause.endswith("-changed")]
    assert len(values) == 2
    assert all(re.fullmatch("Bearer tga_[0-9a-f]{64}", value) and TRUE_KEY not in value for value in values)


def test_what_the_contract_leaves_open_is_not_tried():
    for _, value in headers():
        assert not value.lower().startswith("bearer") or value.startswith("Bearer")
        assert "  " not in value
        assert value == value.strip()


def test_every_way_of_the_register_is_there():
    causes = {cause for cause, _ in headers()}
    assert len(causes) == len(headers())
    wanted = (
        "scheme-basic scheme-token no-token one-short one-long not-hex uppercase true-uppercase true-cut true-longer"
    )
    assert set(wanted.split()) <= causes


def test_a_true_key_stands_there_only_as_its_mark():
    marked = [value for cause, value in headers() if cause.startswith(("true", "scheme"))]
    assert all("‹key:full" in value and TRUE_KEY[:20] not in value for value in marked)
    assert any("‹key:full|upper›" in value for value in marked)


def test_a_key_of_digits_only_gets_a_letter_before_it_is_put_in_capitals():
    value = dict(headers("tga_" + "1" * 64))["uppercase"]
    assert value == "Bearer tga_A" + "1" * 63


def test_every_authorization_can_be_sent():
    for _, value in headers():
        h11.Request(
            method="GET",
            target="/",
            headers=[("Host", "goat"), ("Authorization", on_the_wire(value).encode("latin-1"))],
        )


def test_labels_are_unique():
    for corpus in (ODD_TEXTS, NOT_OBJECTS):
        assert len(dict(corpus)) == len(corpus)
