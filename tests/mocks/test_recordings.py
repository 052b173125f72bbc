"""What WireMock records of a mock, its mappings and its request journal, is judged as what was said."""

import httpx
import pytest

from goatcheck.audit import audit
from goatcheck.faults import broken_world
from goatcheck.mock import serve as served
from goatcheck.model import reference_world
from goatcheck.recorded import Api

REQUESTS = (("GET", "/creators", None), ("POST", "/payout-methods", {"name": 3}), ("GET", "/nope", None))


@pytest.fixture
def recorded(serve, tmp_path):
    """A function: what WireMock records of a mock with faults: its mappings in one text, its journal, the files of its mappings."""

    def recording(*faults):
        root = tmp_path / "wiremock"
        for folder in ("mappings", "__files"):
            (root / folder).mkdir(parents=True)
        world = broken_world(reference_world(), faults)
        key = next(key.token for key in world.profile.keys if key.role == "full")
        with served(world) as mock, serve("wiremock", root) as base_url, httpx.Client() as client:
            admin = f"{base_url.removesuffix('/api/v1')}/__admin"
            target = mock.base_url.removesuffix("/api/v1")
            client.delete(f"{admin}/requests").raise_for_status()
            client.post(f"{admin}/recordings/start", json={"targetBaseUrl": target}).raise_for_status()
            for method, path, body in REQUESTS:
                for headers in ({"Authorization": f"Bearer {key}"}, {}):
                    client.request(method, base_url + path, json=body, headers=headers)
            client.post(f"{admin}/recordings/stop").raise_for_status()
            texts = {name: client.get(f"{admin}/{name}").text for name in ("mappings", "requests")}
        paths = [tmp_path / f"{name}.json" for name in texts]
        for path, text in zip(paths, texts.values(), strict=True):
            path.write_text(text, encoding="utf-8")
        assert key in texts["requests"]
        return *paths, sorted((root / "mappings").glob("*.json"))

    return recording


@pytest.fixture
def audited(current_contract):
    return lambda *paths: audit([str(path) for path in paths], Api(current_contract))


def test_what_wiremock_recorded_of_a_good_mock_breaks_nothing(recorded, audited):
    mappings, journal, files = recorded()
    for report in (audited(mappings), audited(journal), audited(*files)):
        assert (report.verdict, report.run.requests) == ("conformant", 6)
        assert not any(result.findings for result in report.requirements)
    assert audited(journal).run.requests_per_key == {"recorded": 3, "": 3}


def test_what_it_recorded_of_a_bad_one_shows_what_is_wrong(recorded, audited):
    mappings, journal, files = recorded("challenge-absent")
    for report in (audited(mappings), audited(journal), audited(*files)):
        assert {result.id for result in report.requirements if result.findings} == {"401.challenge"}
        place = next(result.findings[0].place for result in report.requirements if result.id == "401.challenge")
        assert place.partition(", ")[2].startswith(("stub ", "request ", "the stub"))
