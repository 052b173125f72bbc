"""The pytest plugin, in a pytest of its own: which tests of a client fail, and how that is told."""

import re

import pytest

pytest_plugins = "pytester"

HEAD = """
import asyncio
import io
import httpx
import pytest
import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

URL = "https://api.example/api/v1/creators"
GOOD = {"data": None, "error": "Not found", "meta": None}
BAD = {"error": "Not found"}


def client(body, status=404, **options):
    return httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(status, json=body)), **options)


class Adapter(BaseAdapter):
    def __init__(self, body, status=404, fields=(("Content-Type", "application/json"),)):
        super().__init__()
        self.body, self.status, self.fields = body, status, fields

    def send(self, request, **_):
        response = requests.Response()
        response.status_code, response.request, response.url = self.status, request, request.url
        response.raw = HTTPResponse(io.BytesIO(self.body), headers=list(self.fields), status=self.status, preload_content=False)
        response.headers.update(dict(self.fields))
        return response

    def close(self):
        pass


def session(*how, **more):
    made = requests.Session()
    made.mount("https://", Adapter(*how, **more))
    return made
"""

TESTS = """
def test_good(goatcheck_contract):
    assert client(GOOD).get(URL).status_code == 404

def test_bad(goatcheck_contract):
    assert client(BAD).get(URL).status_code == 404

def test_bad_without_the_fixture():
    assert client(BAD).get(URL).status_code == 404

def test_bad_twice(goatcheck_contract):
    client(BAD).get(URL)
    client(BAD).get(URL)

def test_bad_async(goatcheck_contract):
    async def ask():
        async with httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(404, json=BAD))) as one:
            return await one.get(URL)
    assert asyncio.run(ask()).status_code == 404

def test_bad_redirect(goatcheck_contract):
    def answer(request):
        if request.url.path.endswith("/creators"):
            return httpx.Response(404, json=BAD) if request.url.query else httpx.Response(302, headers={"Location": "?a=b"})
        raise AssertionError
    with httpx.Client(transport=httpx.MockTransport(answer), follow_redirects=True) as one:
        assert one.get(URL).status_code == 404

def streaming(status):
    transport = httpx.MockTransport(lambda _: httpx.Response(status, content=iter([b"<p>"])))
    return httpx.Client(transport=transport).stream("GET", URL)

def test_good_stream(goatcheck_contract):
    with streaming(404) as response:
        assert b"".join(response.iter_raw()) == b"<p>"

def test_bad_stream_by_its_status(goatcheck_contract):
    with streaming(418) as response:
        assert response.status_code == 418

def test_good_requests(goatcheck_contract):
    twice = (("Content-Type", "application/json"),) * 2
    assert session(b'{"data": null, "error": "Not found"}', fields=twice).get(URL).json()["data"] is None

def test_bad_requests(goatcheck_contract):
    assert session(b'{"error": "Not found"}').post(URL, json={"a": 1}).status_code == 404

def test_bad_requests_with_text(goatcheck_contract):
    assert session(b'{"error": "Not found"}').post(URL, data="text").status_code == 404

def test_good_requests_stream(goatcheck_contract):
    answer = session(b"<p>").get(URL, stream=True)
    assert answer.raw.read() == b"<p>"

def test_good_elsewhere(goatcheck_contract):
    assert client(BAD).get("https://api.example/login").status_code == 404

def test_bad_looked_at(goatcheck_contract):
    client(BAD).get(URL)
    assert [breach.requirement for breach in goatcheck_contract.breaches] == ["envelope.data-null"]
    goatcheck_contract.breaches.clear()

def test_bad_and_failing(goatcheck_contract):
    client(BAD).get(URL)
    raise ValueError("the test's own")
"""

OVERRIDE = """
@pytest.fixture
def goatcheck_conformance():
    from goatcheck.conformance import Conformance
    return Conformance(base_path="/v9", ignore=("envelope.data-null",))

def test_ignored(goatcheck_contract):
    assert client(BAD).get("https://a/v9/creators").status_code == 404

def test_not_ignored(goatcheck_contract):
    assert client({"data": None}).get("https://a/v9/creators").status_code == 404

def test_elsewhere(goatcheck_contract):
    assert client({"data": None}).get(URL).status_code == 404
"""


@pytest.fixture
def outcomes(pytester, monkeypatch):
    """Runs tests of a client in a pytest of its own, and gives the outcome of each with the whole output."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run(tests, *arguments, conftest=""):
        pytester.makeconftest(conftest)
        pytester.makepyfile(test_client=HEAD + tests)
        output = pytester.runpytest_inprocess("-v", "-p", "no:cacheprovider", *arguments).stdout.str()
        return dict(re.findall(r"::test_(\w+) (PASSED|FAILED|ERROR)", output)), output

    return run


def test_a_test_fails_where_an_answer_breaks_the_contract_and_nowhere_else(outcomes):
    found, output = outcomes(TESTS, "-p", "goatcheck.fixtures")
    failed = {name for name, outcome in found.items() if outcome == "FAILED"}
    assert failed == {
        "bad",
        "bad_twice",
        "bad_async",
        "bad_redirect",
        "bad_stream_by_its_status",
        "bad_requests",
        "bad_requests_with_text",
    }, output
    assert (len(found), found["bad_and_failing"]) == (15, "ERROR")
    assert "envelope.data-null (MUST): `data` of an error is not null at /data" in output
    assert "the test's own" in output


def test_the_plugin_can_be_named_in_a_conftest_and_told_what_to_judge(outcomes):
    found, output = outcomes(OVERRIDE, conftest='pytest_plugins = ["goatcheck.fixtures"]\n')
    assert found == {"ignored": "PASSED", "not_ignored": "FAILED", "elsewhere": "PASSED"}, output
