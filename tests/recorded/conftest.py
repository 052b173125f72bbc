"""Recordings made by hand, for what real tools write seldom or never; those that real tools wrote are in tests/integrations,
tests/mocks and tests/browser.
"""

import gzip
import sys
from pathlib import Path

import pytest

from goatcheck.audit import audit
from goatcheck.recorded import Api, open_recording

sys.path.insert(0, str(Path(__file__).parent))  # where the recordings are


@pytest.fixture
def write(tmp_path):
    """Writes a recording and gives its path."""

    def written(text, name="traffic.har"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return written


@pytest.fixture
def zipped(write):
    """Writes a recording compressed, whole or cut after so many bytes."""
    return lambda text, end=None: write(gzip.compress(text.encode(), mtime=0)[:end], "traffic.har.gz")


@pytest.fixture
def items(write):
    """What a recording holds."""

    def read(text, name="traffic.har"):
        with open_recording(write(text, name)) as recording:
            return list(recording.items())

    return read


@pytest.fixture
def api(current_contract):
    return Api(current_contract)


@pytest.fixture
def judged(write, api):
    """The report on recordings; each is a text, or a path that was written."""

    def report(*texts, api=api, **options):
        return audit(
            [text if text.startswith("/") else write(text, f"{n}.rec") for n, text in enumerate(texts)], api, **options
        )

    return report
