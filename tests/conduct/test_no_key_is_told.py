"""A target that repeats the key it was sent, in every disguise: no key turns up anywhere, and the echo is a finding."""

import base64
import json
from dataclasses import replace
from urllib.parse import quote

import pytest

from goatcheck.exchange import key_mark
from goatcheck.model import reference_world
from goatcheck.rooms import room


def disguises(text):
    """The text in the forms in which servers repeat what they were sent."""
    return {
        "plain": text,
        "escaped": "".join(f"\\u{ord(letter):04x}" for letter in text),
        "percent": "".join(f"%{ord(letter):02X}" for letter in text),
        "quoted": quote(text),
        "base64": base64.b64encode(text.encode()).decode(),
        "hex": text.encode().hex(),
        "reversed": text[::-1],
        "upper": text.upper(),
    }


def echoing(_world, call, response):
    """The response with the Authorization value in its headers, its error text and its meta."""
    sent = (call.request.header("authorization") or "none").encode("latin-1", "replace").decode("latin-1")
    header = ("X-Echo", f"{disguises(sent)['percent']} {quote(sent)}")
    try:
        body = json.loads(response.body)
    except ValueError:
        return replace(response, headers=(*response.headers, header))
    body["meta"] = {**(body["meta"] or {}), "echo": disguises(sent)}
    if body["error"]:
        body["error"] += f" (with {sent})"
    # the escapes are written as escapes, not as backslashes
    text = json.dumps(body).replace("\\\\u", "\\u").encode()
    return replace(response, headers=(*response.headers, header, ("X-Key", sent)), body=text)


@pytest.fixture(scope="module")
def hostile(served):
    """A target that echoes."""
    world = reference_world()
    with served(replace(world, rules=world.rules.with_ending("echo", echoing))) as where:
        yield where


ONLY = [word for name in ("error.no-echo", "401.malformed", "403.scope.admin") for word in ("--only", name)]


@pytest.fixture(params=["goatcheck run", "pytest suites"])
def leavings(request, hostile, shell, goatcheck, tmp_path):
    """All that a run leaves: its files and what it prints, by name."""
    arguments = ("--profile", hostile.profile, "--out", tmp_path / "out", *ONLY)
    if request.param == "goatcheck run":
        process = goatcheck("run", *arguments)
    else:
        plugins = ("-p", "goatcheck.plugin", "-p", "no:schemathesis", "-p", "no:cacheprovider")
        process = shell("-m", "pytest", "-vv", "-rA", room("suites"), *plugins, *arguments)
    assert process.returncode == 1, process.stderr
    files = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    return files | {"stdout": process.stdout.encode(), "stderr": process.stderr.encode()}


def test_no_key_turns_up_and_the_echo_is_found(leavings, hostile):
    assert leavings.keys() == {
        *("report.json", "report.html", "report.md", "junit.xml", "badge.json", "exchanges.jsonl", "stdout", "stderr"),
    }
    for token in hostile.tokens:
        secret = token.removeprefix("tga_")
        for form, text in disguises(secret).items():
            for name, content in leavings.items():
                assert text.encode() not in content, f"{name} shows a key ({form})"
                assert text.encode().replace(b"\\", b"\\\\") not in content, f"{name} shows a key ({form}, escaped)"
    report = json.loads(leavings["report.json"])
    echo = next(r for r in report["requirements"] if r["id"] == "error.no-echo")
    assert echo["outcome"] == "fail"
    assert "‹key:" in leavings["exchanges.jsonl"].decode()
    assert "‹key:" in json.dumps(echo, ensure_ascii=False)


def test_what_is_repeated_of_a_key_never_reaches_an_exchange(stage):
    world = replace(stage.world, rules=stage.world.rules.with_ending("echo", echoing))
    stage.world = world
    played = stage.play("403.scope.write", "404.absent", "403.scope.admin")
    shown = " ".join(f"{e.request} {e.response.headers} {e.response.text}" for e in played.run.ledger.exchanges)
    for key in world.profile.keys:
        for text in disguises(key.token.removeprefix("tga_")).values():
            assert text not in shown
    assert key_mark("reader") in shown
    assert played.names["403.scope.write"] == "pass"
