"""Recordings that real tools write are read as what was said: VCR cassettes by vcrpy, HAR and cassettes by schemathesis."""

import httpx
import pytest
import requests

from goatcheck.recorded import Entry, open_recording, redacted
from goatcheck.rooms import room

REPEATS = "echo-in-401"
"""A fault: a 401 repeats the key that was sent."""


def entries(path):
    with open_recording(str(path)) as recording:
        return list(recording.items())


@pytest.fixture
def cassette(mock, talk, tmp_path):
    """A function: what vcrpy records of a few requests in a notation, sent by a client; and the key that stands in it."""
    vcr = pytest.importorskip("vcr", reason="tox -e integrations brings it")

    def recording(notation, send):
        path = tmp_path / f"cassette.{notation}"
        base_url, token = mock()
        with vcr.VCR(serializer=notation).use_cassette(str(path), record_mode="all"):
            talk(base_url, token, send)
        return path, token

    return recording


@pytest.mark.parametrize("notation", ["yaml", "json"])
@pytest.mark.parametrize("send", [httpx.request, requests.request], ids=["httpx", "requests"])
def test_a_cassette_of_vcrpy_is_judged_entry_by_entry(cassette, audited, notation, send):
    path, token = cassette(notation, send)
    assert token in path.read_text("utf-8")
    read = entries(path)
    assert [item.exchange.response.status for item in read] == [200, 401, 400, 401, 404, 401]
    assert all(isinstance(item, Entry) and not item.exchange.response.document.problem for item in read)
    assert token not in repr([redacted(item) for item in read])
    report = audited(path)
    assert (report.exit_code, report.run.requests, report.run.requests_per_key) == (0, 6, {"recorded": 3, "": 3})


def test_a_cassette_of_what_is_wrong_shows_it(mock, audited, tmp_path):
    vcr = pytest.importorskip("vcr", reason="tox -e integrations brings it")
    path = tmp_path / "cassette.yaml"
    base_url, _ = mock(REPEATS)
    token = "tga_" + "0123456789abcdef" * 4
    with vcr.use_cassette(str(path)):
        requests.get(f"{base_url}/creators", headers={"Authorization": f"Bearer {token}"}, timeout=10)
    report = audited(path)
    assert report.exit_code == 1
    (result,) = [result for result in report.requirements if result.findings]
    assert (result.id, result.findings[0].place) == ("error.no-echo", f"{path}, entry 1")
    assert token not in repr(report)


@pytest.fixture
def recorded(mock, shell, tmp_path):
    """A function: what schemathesis records of a mock with faults, as HAR and as a cassette."""

    def recording(*faults):
        base_url, token = mock(*faults)
        folder = tmp_path / "recorded"
        document = room("contracts") / "2026-06" / "openapi.yaml"
        done = shell(
            *("-m", "schemathesis.cli", "run", document, "--url", base_url, "-H", f"Authorization: Bearer {token}"),
            *("--report", "har,vcr", "--report-dir", folder, "--checks", "not_a_server_error", "--seed", "1"),
            *("--phases", "fuzzing", "--max-examples", "3", "--output-sanitize", "false"),
        )
        (har,), (cassette,) = folder.glob("har-*"), folder.glob("vcr-*")
        assert token in har.read_text("utf-8"), done.stdout
        return har, cassette

    return recording


def test_what_schemathesis_records_is_judged_alike_in_both_formats(recorded, audited):
    har, cassette = recorded()
    reports = [audited(path) for path in (har, cassette)]
    assert [report.exit_code for report in reports] == [0, 0]
    assert reports[0].run.requests > 40
    assert reports[0].requirements == reports[1].requirements
    assert reports[0].statuses == reports[1].statuses


def test_what_schemathesis_records_of_a_broken_mock_shows_it(recorded, audited):
    for path in recorded("envelope-data-empty-object", "envelope-json-no-type"):
        report = audited(path)
        found = [result for result in report.requirements if result.findings]
        assert [result.id for result in found] == ["envelope.json", "envelope.data-null"]
        assert all(finding.place.startswith(f"{path}, entry ") for result in found for finding in result.findings)
