"""Audits: what they come to, what their reports say, and the command."""

import io
import json
import re
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from recordings import KEY, LATE, Said, as_har, broken, har, line, outcomes
from rich.console import Console

import goatcheck.audit as module
from goatcheck.audit import audit
from goatcheck.cli import main
from goatcheck.errors import UsageError
from goatcheck.recorded import Api
from goatcheck.report.as_html import render_html
from goatcheck.report.as_junit import render_junit
from goatcheck.report.as_markdown import render_markdown
from goatcheck.report.progress import ReadingProgress
from goatcheck.report.terminal import print_report

SUCCESS = Said(status=200, body={"data": [], "error": None, "meta": None})


def run(*arguments, text=None):
    return CliRunner().invoke(main, ["audit", *arguments], input=text, catch_exceptions=False)


def test_traffic_that_breaks_nothing_is_conformant_and_says_what_it_did_not_show(judged):
    report = judged(har(Said(), SUCCESS))
    assert (report.verdict, report.exit_code, report.run.requests) == ("conformant", 0, 2)
    assert outcomes(report, "envelope.json", "success.envelope", "402.code", "402.limit.enforced") == {
        "envelope.json": "pass",
        "success.envelope": "pass",
        "402.code": "not_exercised",
        "402.limit.enforced": "not_testable",
    }
    assert any(
        re.match(r"Of the \d+ MUSTs that recorded traffic can show, \d+ were met in it\.", n) for n in report.notes
    )


def test_every_requirement_that_must_be_provoked_is_not_testable_and_no_other(judged, current_contract):
    found = outcomes(judged(har(Said())))
    sent = {requirement.id for requirement in current_contract.requirements if requirement.how == "sent"}
    assert {name for name, outcome in found.items() if outcome == "not_testable"} == sent


@pytest.mark.parametrize(
    "entries",
    [
        [],
        [SUCCESS],
        [Said(url="https://cdn.example/logo.png", body="nothing")],
        [Said(status=503, body="busy")],
        [Said(method="OPTIONS", body="")],
        [as_har(Said(status=0))],
    ],
)
def test_traffic_that_shows_no_error_is_never_green(judged, entries):
    report = judged(har(*entries))
    assert (report.verdict, report.exit_code) == ("partial", 3)
    assert any(note.startswith("No error of the API could be judged among") for note in report.notes)


def test_a_finding_says_in_which_file_and_entry_it_is(judged, write):
    path = write(har(Said(), LATE), "late.har")
    report = judged(path)
    assert (report.verdict, report.exit_code) == ("nonconformant", 1)
    assert broken(report) == {"429.window.agree": [f"{path}, entry 2"]}
    (finding,) = next(result.findings for result in report.requirements if result.id == "429.window.agree")
    assert (finding.operation, finding.cause, finding.number) == ("GET /creators", "429.window", 2)
    assert (finding.reproduce, finding.request.line) == ("", "GET /creators")
    assert (
        '"https://api.example/api/v1/creators"' in finding.curl or "https://api.example/api/v1/creators" in finding.curl
    )


def test_a_finding_is_told_with_its_place_in_every_report(judged, write):
    path = write(har(LATE), "late.har")
    report = judged(path)
    screen = io.StringIO()
    print_report(report, Console(file=screen, width=400))
    for text in (screen.getvalue(), render_html(report), render_markdown(report), render_junit(report)):
        assert f"{path}, entry 1" in text
        assert KEY not in text


def test_where_a_recording_names_no_host_nothing_is_made_up_to_send_it_to(judged):
    report = judged(line(LATE))
    (finding,) = next(result.findings for result in report.requirements if result.id == "429.window.agree")
    assert (finding.curl, finding.place.endswith("line 1")) == ("", True)


def test_findings_beyond_the_fifth_are_counted(judged):
    report = judged(har(*[LATE] * 9))
    (result,) = [result for result in report.requirements if result.findings]
    assert (len(result.findings), result.more, result.judged) == (1, 8, 9)


def test_what_belongs_to_others_is_counted_and_told(judged):
    others = [Said(url=f"https://cdn.example/{n}.png", body="x") for n in range(3)]
    report = judged(har(Said(), *others, Said(url="/logo.png")))
    assert (report.exit_code, report.run.requests) == (0, 1)
    told = next(note for note in report.notes if "not of the API" in note)
    assert told.startswith(
        "4 entries not of the API (below /api/v1) and not judged: 3 of https://cdn.example and others."
    )


def test_several_hosts_are_told_and_one_can_be_named(judged, current_contract):
    text = har(Said(), Said(url="https://b/api/v1/creators"), Said(url="https://b/api/v1/projects"))
    assert (
        "Judged as one API: 2 of https://b, 1 of https://api.example. --host narrows it to one." in judged(text).notes
    )
    report = judged(text, api=Api(current_contract, hosts=frozenset({"b"})))
    assert report.run.requests == 2
    assert any("(below /api/v1 on b)" in note for note in report.notes)


def test_more_damage_than_is_told_is_counted(judged):
    report = judged("\n".join([line(), *["{broken"] * 30]))
    assert report.exit_code == 3
    assert "10 more places could not be read." in report.notes


def test_a_finding_outweighs_a_damage(judged):
    assert judged("\n".join([line(LATE), "{broken"])).exit_code == 1


def test_answers_on_demand_are_judged_by_their_form_alone(judged):
    limit = {
        "data": None,
        "error": "max_creators_per_org",
        "meta": {"code": "limit_reached", "limitKey": "max_creators_per_org", "current": 1, "max": 5},
    }
    said = Said(
        status=402, body=limit, method="POST", url=Said().url.replace("creators", "payout-methods"), posted="{}"
    )
    assert broken(judged(line(said, forced="402.limit"))) == {}
    assert list(broken(judged(line(said)))) == ["402.limit.reached"]


def test_figures_are_told_by_status_and_operation(judged):
    report = judged(har(Said(), LATE, SUCCESS, Said(url="https://api.example/api/v1/nope")))
    rows = {status: (row.exchanges, row.operations, dict(row.variants)) for status, row in report.statuses.items()}
    assert rows["404"] == (2, 1, {"404": 2})
    assert rows["envelope"] == (3, 1, {"404": 2, "429.window": 1})
    assert rows["success"] == (1, 1, {})
    cells = next(row.statuses for row in report.coverage if row.operation == "GET /creators")
    assert (cells["429"].seen, cells["404"].seen, cells["success"].documented, cells["success"].seen) == (1, 1, True, 1)
    assert report.run.requests_per_key == {"recorded": 4}


def test_several_recordings_are_one_audit(judged):
    report = judged(har(Said()), line(LATE), har(Said()))
    assert (report.run.requests, report.exit_code) == (3, 1)
    assert [place.rpartition("/")[2] for place in broken(report)["429.window.agree"]] == ["1.rec, line 1"]
    assert report.target.name.count(".rec") == 3


def test_nothing_is_judged_where_one_recording_is_unknown(write, api):
    told = []
    with pytest.raises(UsageError, match="no recording that is known"):
        audit([write(har(Said())), write("<x>", "b")], api, told=lambda *seen: told.append(seen))
    assert told == []


def test_standard_input_can_t_be_named_twice(api):
    with pytest.raises(UsageError, match="named twice"):
        audit(["-", "-"], api)


def test_pieces_that_are_judged_side_by_side_come_to_the_same(write, api, monkeypatch):
    monkeypatch.setattr("goatcheck.audit.pieces.PIECE", 7)
    others = ["", '{"kind": "header", "data": {}}']
    lines = others + [line(LATE if n % 10 == 9 else Said(), number=n) for n in range(62)]
    lines += [line(Said(body="<p>")), "{broken"]
    path = write("\n".join(lines), "j.jsonl")
    seen = []
    one, two = audit([path], api), audit([path], api, jobs=2, told=lambda _recording, entries: seen.append(entries))
    assert (two.requirements, two.notes, two.statuses) == (one.requirements, one.notes, one.statuses)
    assert seen == sorted(seen)
    assert two.exit_code == 1


def test_an_empty_journal_is_judged_side_by_side_too(judged):
    assert judged("", jobs=2).exit_code == 3


def test_a_compressed_journal_that_breaks_off_is_told_side_by_side_too(api, zipped):
    path = zipped("\n".join(line(Said(body=str(n * 7919 % 10007))) for n in range(500)), end=-2000)
    report = audit([path], api, jobs=2)
    assert any(note.endswith("the compressed data breaks off") for note in report.notes)


def test_ctrl_c_ends_the_reading_and_what_was_judged_is_reported(write, api, monkeypatch):
    monkeypatch.setattr(module, "OFTEN", 2)

    def stop(_recording, entries):
        if entries == 4:
            raise KeyboardInterrupt

    report = audit([write(har(*[Said()] * 9))], api, told=stop)
    assert (report.verdict, report.exit_code, report.run.requests, report.run.complete) == (
        "interrupted",
        130,
        4,
        False,
    )


def test_ctrl_c_keeps_the_pieces_that_were_judged_side_by_side(write, api, monkeypatch):
    monkeypatch.setattr("goatcheck.audit.pieces.PIECE", 7)

    def stop(_recording, _lines):
        raise KeyboardInterrupt

    report = audit([write("\n".join([line()] * 62))], api, jobs=2, told=stop)
    assert (report.verdict, report.run.requests) == ("interrupted", 7)


def test_a_pattern_names_every_recording_that_it_matches(write, api, tmp_path):
    one, two = write(line(), "b.jsonl"), write(line(LATE), "a.jsonl")
    report = audit([str(tmp_path / "*.jsonl")], api)
    assert (report.run.requests, report.target.name) == (2, str(tmp_path / "*.jsonl"))
    assert broken(report) == {"429.window.agree": [f"{two}, line 1"]}
    assert broken(audit([one], api)) == {}


def test_the_command_writes_the_same_reports_as_a_run(tmp_path, write):
    out = tmp_path / "out"
    done = run(write(har(LATE)), "--out", str(out), "--label", "nightly")
    assert done.exit_code == 1
    assert {path.name for path in out.iterdir()} >= {"report.json", "report.html", "report.md", "junit.xml"}
    report = json.loads((out / "report.json").read_text("utf-8"))
    assert (report["target"]["kind"], report["target"]["label"], report["target"]["base_url"]) == (
        "recorded",
        "nightly",
        "",
    )
    assert "429.window.agree" in done.output
    assert "entry 1" in done.output


def test_the_command_reads_standard_input_and_knows_where_the_api_is(tmp_path):
    text = har(Said(url="https://a/v2/creators"), Said(url="https://b/v2/creators"))
    done = run("-", "--base-path", "v2/", "--host", "a", "--quiet", "--out", str(tmp_path), text=text)
    assert done.exit_code == 0
    assert json.loads((tmp_path / "report.json").read_text("utf-8"))["run"]["requests"] == 1
    done = run(
        "-", "--base-path", "/", "--quiet", "--strict", "--out", str(tmp_path), text=har(Said(url="https://a/creators"))
    )
    assert done.exit_code == 0


def test_the_command_refuses_what_it_can_t_read(tmp_path):
    refused = run(str(tmp_path / "gone"))
    assert (refused.exit_code, "can't be read" in refused.output) == (2, True)
    assert run().exit_code == 2
    assert run("x", "--contract", "1999-01").exit_code == 2


class Source(SimpleNamespace):
    def position(self):
        return self.done


def test_progress_is_a_line_now_and_then_where_there_is_no_terminal():
    screen = io.StringIO()
    with ReadingProgress(Console(file=screen, width=80)) as progress:
        for entries in (500, 99_500, 100_000, 100_500, 200_500):
            progress.read(Source(name="a.har", size=1000, done=entries // 1000), entries)
        progress.read(Source(name="standard input", size=None, done=0), 100_000)
    assert screen.getvalue().splitlines() == [
        "a.har: 100,000 entries read, 10% of the file",
        "a.har: 200,500 entries read, 20% of the file",
        "standard input: 100,000 entries read",
    ]


def test_progress_is_a_bar_on_a_terminal():
    screen = io.StringIO()
    with ReadingProgress(Console(file=screen, width=80, force_terminal=True)) as progress:
        progress.read(Source(name="a.har", size=1000, done=500), 100_000)
        progress._progress.refresh()
    assert "a.har: 100,000 entries" in screen.getvalue()
    assert "entries read" not in screen.getvalue()


def test_a_long_recording_tells_how_far_it_is(write, api, monkeypatch):
    monkeypatch.setattr(module, "OFTEN", 3)
    seen = []
    path = write(har(*[Said()] * 10))
    audit([path], api, told=lambda recording, entries: seen.append((recording.name, entries, recording.position())))
    assert [entries for _, entries, _ in seen] == [3, 6, 9]
    assert all(name == path and position > 0 for name, _, position in seen)
