"""What a browser records as HAR is judged as what was said; what it leaves out is held against nobody."""

import pytest

from goatcheck.audit import audit
from goatcheck.faults import broken_world
from goatcheck.mock import serve
from goatcheck.model import reference_world
from goatcheck.recorded import Api

ASK = """async key => {
    for (const [method, path, body] of [
        ["GET", "creators"], ["POST", "payout-methods", '{"name": 3}'], ["GET", "payout-methods/3fa85f64-5717-4562-b3fc-2c963f66afa6"], ["GET", "nope"],
    ]) {
        const headers = {Authorization: `Bearer ${key}`, "Content-Type": "application/json"}
        const answer = await fetch(`/api/v1/${path}`, {method, body, headers})
        await answer.text()
    }
}"""


@pytest.fixture
def recorded(chromium, tmp_path):
    """A function: the HAR file of a browser that talks to a mock with faults, and the key that stands in it."""

    def recording(*faults, **options):
        world = broken_world(reference_world(), faults)
        key = next(key.token for key in world.profile.keys if key.role == "full")
        path = tmp_path / "traffic.har"
        with serve(world) as mock:
            context = chromium.new_context(record_har_path=path, **options)
            page = context.new_page()
            page.goto(f"{mock.base_url}/projects")
            page.evaluate(ASK, key)
            context.close()
        assert key in path.read_text("utf-8")
        return path, key

    return recording


@pytest.fixture
def audited(current_contract):
    return lambda path: audit([str(path)], Api(current_contract))


def broken(report):
    return {result.id: result.findings[0].place for result in report.requirements if result.findings}


def test_what_a_browser_recorded_of_a_good_mock_breaks_nothing(recorded, audited):
    path, key = recorded()
    report = audited(path)
    assert (broken(report), report.exit_code, report.run.requests) == ({}, 0, 5)
    assert key not in repr(report)


def test_what_it_recorded_of_a_bad_one_shows_what_is_wrong(recorded, audited):
    path, _ = recorded("envelope-data-empty-object")
    report = audited(path)
    assert report.exit_code == 1
    assert broken(report) == {"envelope.data-null": f"{path}, entry 4"}


def test_bodies_that_were_left_out_of_the_recording_are_held_against_nobody(recorded, audited):
    path, _ = recorded(record_har_content="omit")
    report = audited(path)
    assert (broken(report), report.exit_code) == ({}, 3)
    told = next(result.reason for result in report.requirements if result.id == "envelope.json")
    assert told.endswith("can't be judged: the recording does not hold the body")
