"""Exports of the current contract, by the profiles that come along."""

import sys
from pathlib import Path

import pytest

from goatcheck.export import FORMATS
from goatcheck.profile import load_profile

sys.path.insert(0, str(Path(__file__).parent))  # where the ladder is climbed


@pytest.fixture(scope="session")
def exported(current_contract):
    """The files of a format."""

    def of(name):
        form = FORMATS[name]
        return form.files(current_contract, load_profile(form.profile, {}))

    return of


@pytest.fixture(scope="session")
def profile():
    return load_profile("wiremock", {})
