"""Drawn sequences."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goatcheck.drawing.sequences import Cast, sequences

CASTS = {
    "full with two": Cast(("capped",), ("creator",), room=2),
    "two orgs": Cast(("full", "foreign"), ("creator", "campaign"), strangers=("full", "foreign"), clock=True),
}


@pytest.mark.parametrize("cast", CASTS.values(), ids=CASTS)
@settings(max_examples=200)
@given(st.data())
def test_no_idempotency_key_is_used_for_two_creations_whatever_became_of_the_first(cast, data):
    steps = data.draw(sequences(cast, 12))
    labels = [step.under for step in steps if step.do == "create" and step.under]
    assert len(labels) == len(set(labels))
