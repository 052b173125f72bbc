"""A mock of somebody else, judged by a profile that comes along: here plain files behind a web server of Python's own."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from goatcheck.cli import main


def handler(folder):
    """Serves the answers of an export, each by its name; what it does not have it tells in its own words."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            index = json.loads((folder / "answers.json").read_text("utf-8"))
            answer = index.get(self.path.strip("/"))
            if answer is None:
                self.send_error(404)
                return
            body = (folder / answer["file"]).read_bytes()
            self.send_response(answer["status"])
            for name, value in {**answer["headers"], "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    return Answers


@pytest.fixture
def answers(tmp_path):
    """The folder of an export, served: its path and the base URL."""
    folder = tmp_path / "answers"
    assert CliRunner().invoke(main, ["export", "--format", "json", str(folder)]).exit_code == 0
    with ThreadingHTTPServer(("127.0.0.1", 0), handler(folder)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield folder, f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def run(url, out, *more):
    """Run goatcheck on the answers: the result, and report.json."""
    result = CliRunner().invoke(main, ["run", "--profile", "urls", "--base-url", url, "--out", str(out), *more])
    return result, json.loads((out / "report.json").read_text("utf-8"))


def test_files_as_exported_are_conformant(answers, tmp_path):
    _, url = answers
    result, report = run(url, tmp_path / "out")
    assert (result.exit_code, report["verdict"]) == (0, "conformant")
    outcomes = {row["outcome"] for row in report["requirements"]}
    assert not outcomes & {"fail", "warn", "error", "not_exercised"}
    # the server's own 404 is in HTML, and that is none of the answers' business
    assert {row["id"] for row in report["requirements"] if row["outcome"] == "waived"} == {"envelope.json"}


def test_a_file_that_is_wrong_is_found_as_an_example_in_every_report(answers, tmp_path):
    folder, url = answers
    spoilt = json.loads((folder / "404.json").read_text("utf-8"))
    (folder / "404.json").write_text(json.dumps({**spoilt, "data": []}), "utf-8")
    result, report = run(url, tmp_path / "out")
    assert result.exit_code == 1
    (row,) = (row for row in report["requirements"] if row["outcome"] == "fail")
    assert (row["id"], [f["answer"] for f in row["findings"]]) == ("envelope.data-null", ["example"])
    assert "broken: 1 by its examples, 1 beyond what such a mock can do" in result.output
    assert "- answer: `example`" in (tmp_path / "out" / "report.md").read_text("utf-8")
    assert f"--profile urls --base-url {url} --replay" in row["findings"][0]["reproduce"]


def test_what_was_found_is_found_again_in_the_journal_and_by_sending_it_again(answers, tmp_path):
    folder, url = answers
    (folder / "404.json").write_text('{"data": null, "error": "", "meta": null}', "utf-8")
    _, report = run(url, tmp_path / "out")
    (row,) = (row for row in report["requirements"] if row["outcome"] == "fail")
    journal = tmp_path / "out" / "exchanges.jsonl"
    again = CliRunner().invoke(main, ["report", str(journal), "--out", str(tmp_path / "again")])
    assert again.exit_code == 1
    told = json.loads(Path(tmp_path / "again" / "report.json").read_text("utf-8"))
    assert [f["answer"] for r in told["requirements"] for f in r["findings"] if r["id"] == row["id"]] == ["example"]
    arguments = ["run", "--profile", "urls", "--base-url", url, "--replay"]
    sent = CliRunner().invoke(main, [*arguments, f"{journal}#{row['findings'][0]['number']}"])
    assert sent.exit_code == 1
    assert "broken (again): envelope.error-text" in sent.output


@pytest.mark.parametrize(("name", "requests"), [("urls", "16 requests"), ("prism", " requests")])
def test_a_plan_is_made_for_a_mock_below_whatever_path(name, requests):
    result = CliRunner().invoke(
        main, ["run", "--profile", name, "--only", "402.code", "--only", "500.forced", "--plan"]
    )
    assert result.exit_code == 0, result.output
    assert requests in result.output
    assert "was asked for and" not in result.output


def test_a_plan_says_what_such_a_mock_cannot_do_and_asks_for_nothing_that_would_not_help():
    result = CliRunner().invoke(main, ["run", "--profile", "prism", "--only", "401.expired", "--only", "404", "--plan"])
    assert result.exit_code == 0
    words = " ".join(result.output.split())
    assert "401.expired: Prism takes any key that is not empty" in words
    assert "404.absent: Prism knows no state, so nothing is there or absent" in words
    assert "To try more" not in words


def test_the_doctor_misses_nothing_that_such_a_mock_cannot_use(target):
    text = target.profile.read_text("utf-8")
    expired = text[text.index('[keys."expired"]') : text.index('[keys."banned_org"]')]
    listed = '[cannot]\n"401.expired" = "it takes any key"\n\n[fixtures]'
    changes = {"kind": ("[target]", '[target]\nkind = "mock"'), "keys": (expired, ""), "limits": ("[fixtures]", listed)}
    profile = target.with_profile(**changes)
    result = CliRunner().invoke(main, ["doctor", "--profile", str(profile)])
    assert "[keys.expired]" not in result.output
    assert "401.expired" not in result.output


def test_a_mock_is_put_into_each_state_through_a_door_of_its_own(target, tmp_path):
    calls = []

    class Door(BaseHTTPRequestHandler):
        def do_PUT(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            calls.append((self.path, body, self.headers["Authorization"]))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        before = f'before = {{ method = "PUT", url = "http://127.0.0.1:{server.server_address[1]}/state", body = "{{variant}}" }}'
        profile = target.with_profile(forced=("[force]", f"[force]\n{before}"))
        arguments = ["run", "--profile", str(profile), "--only", "500.forced", "--out", str(tmp_path / "out")]
        result = CliRunner().invoke(main, arguments)
        server.shutdown()
        thread.join()
    assert result.exit_code == 0, result.output
    assert calls
    assert set(calls) == {("/state", b"500", None)}
