"""Stub libraries: a client's test fails where what they were told to answer breaks the contract."""

import re

import pytest

URL = "https://api.example/api/v1/creators"
GOOD = '{"data": None, "error": "Not found", "meta": None}'
BAD = '{"message": "Not found"}'

STUBS = {
    "respx": """
        import httpx, respx

        @respx.mock
        def test_NAME(goatcheck_contract):
            respx.get("URL").mock(return_value=httpx.Response(404, json=BODY))
            assert httpx.get("URL").status_code == 404
    """,
    "pytest_httpx": """
        import httpx

        def test_NAME(httpx_mock, goatcheck_contract):
            httpx_mock.add_response(404, url="URL", json=BODY)
            assert httpx.get("URL").status_code == 404
    """,
    "responses": """
        import requests, responses

        @responses.activate
        def test_NAME(goatcheck_contract):
            responses.get("URL", json=BODY, status=404)
            assert requests.get("URL").status_code == 404
    """,
    "pytest_httpserver": """
        import httpx, requests

        def test_NAME(httpserver, goatcheck_contract):
            httpserver.expect_request("/api/v1/creators").respond_with_json(BODY, status=404)
            for client in (httpx, requests):
                assert client.get(httpserver.url_for("/api/v1/creators")).status_code == 404
    """,
}


@pytest.mark.parametrize("tool", STUBS)
def test_a_stub_that_breaks_the_contract_fails_its_test_and_a_right_one_does_not(shell, tmp_path, tool):
    pytest.importorskip(tool, reason="tox -e integrations brings it")
    text = "".join(
        "\n".join(line[8:] for line in STUBS[tool].splitlines())
        .replace("NAME", name)
        .replace("URL", URL)
        .replace("BODY", body)
        for name, body in (("good", GOOD), ("bad", BAD))
    )
    (tmp_path / "test_client.py").write_text(text, encoding="utf-8")
    done = shell(
        "-m", "pytest", "-v", "-p", "goatcheck.fixtures", "-p", "no:schemathesis", "-p", "no:randomly", "test_client.py"
    )
    assert dict(re.findall(r"::test_(\w+) (\w+)", done.stdout)) == {"good": "PASSED", "bad": "FAILED"}, done.stdout
    assert "envelope.data-null (MUST)" in done.stdout
