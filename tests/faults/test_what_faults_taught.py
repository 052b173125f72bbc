"""What a fault showed of the suite itself: what broken targets make is found again, and the innocent are not accused."""

import pytest

from goatcheck.faults import catalogue
from goatcheck.prove.proving import try_fault

pytestmark = pytest.mark.whole

SEED = 1


@pytest.mark.parametrize("name", ["body-trailing-comma", "scope-write-read-is-enough", "limit-on-read"])
def test_what_one_request_did_is_not_blamed_on_another(name):
    trial = try_fault(catalogue()[name], SEED)
    assert trial.unexplained == ()
    assert trial.missed == ()


@pytest.mark.parametrize(
    "name", ["refused-campaign-made", "foreign-figures", "foreign-creators-by-search", "window-refused-but-made-later"]
)
def test_what_hides_well_is_found(name):
    assert try_fault(catalogue()[name], SEED).caught
