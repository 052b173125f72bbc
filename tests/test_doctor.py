"""A look at a target: who each key is, what would stay untried, and what is odd; or that there is nothing to judge."""

import datetime as dt
from dataclasses import replace

import pytest
from click.testing import CliRunner

from goatcheck.cli import main
from goatcheck.doctor import examine
from goatcheck.errors import Unusable
from goatcheck.model import Clock, reference_world
from goatcheck.model.answers import failure, success
from goatcheck.session import Wanted


@pytest.fixture
def visit(served):
    """What a doctor finds at a world, with texts of its profile replaced; the requests that it sent."""

    def examined(rules=lambda r: r, clock=None, **profile):
        asked = []
        world = reference_world(clock=clock)

        def count(_world, request, step):
            asked.append(request.header("authorization"))
            return step(request)

        changed = replace(rules(world.rules), around=count)
        with served(replace(world, rules=changed)) as where:
            path = where.with_profile(**profile) if profile else where.profile
            return examine(Wanted.of(profile=path)), asked

    return examined


def answering(make):
    """Rules by which every answer is another one."""
    return lambda rules: rules.with_ending("odd", lambda _world, call, response: make(call, response))


def test_every_key_of_the_reference_world_is_what_its_profile_says(visit):
    found, asked = visit()
    assert found.healthy
    assert (found.remarks, found.untried, found.add) == ((), {}, "")
    assert {e.key.name: e.answer for e in found.keys} == {
        "reader": "200",
        "full": "200",
        "writer": "403 insufficient_scope",
        "foreign": "200",
        "capped": "200",
        "spent": "429 rate_limit_exceeded",
        "spent2": "429 rate_limit_exceeded",
        "expired": "401 invalid_api_key",
        "banned_org": "403",
        "banned_user": "403",
        "burst": "200",
    }
    assert len(asked) == 1 + len(found.keys)


def test_a_key_that_is_not_what_the_profile_says_is_told(visit):
    found, _ = visit(scopes=('scopes = ["read"]', 'scopes = ["write"]'), state=('state = "spent"', 'state = "banned"'))
    wrong = {e.key.name: e.wrong for e in found.keys if e.wrong}
    assert wrong == {
        "reader": "a key that is not allowed to read should get 403.scope",
        "spent": "a key that is banned should get 403.banned",
        "spent2": "a key that is banned should get 403.banned",
    }
    assert not found.healthy


def test_a_key_that_is_refused_is_told(visit):
    found, _ = visit(answering(lambda call, r: r if call.request.method == "HEAD" else failure(401, "no")))
    assert {e.wrong for e in found.keys if e.key.state == "active" and "read" in e.key.scopes} == {
        "an active key that reads should be served: is the token right?"
    }


def test_what_would_stay_untried_is_told_with_what_to_add(visit):
    found, _ = visit(expired=('state = "expired"', 'state = "active"'))
    assert found.untried == {"401.expired": "The profile has no expired key: an expired key."}
    assert 'state = "expired"' in found.add


def test_what_is_called_not_applicable_is_not_missed(visit):
    found, _ = visit(expired=('state = "expired"', 'state = "active"'), none=("[fixtures]", NOT_APPLICABLE))
    assert found.untried == {}


NOT_APPLICABLE = '[not_applicable]\n"401.expired" = "keys never expire"\n\n[fixtures]'
NO_CLOCK = ("clock = ", "# clock = ")


def test_a_target_that_serves_whoever_asks_is_remarked_on(visit):
    obliging = answering(lambda call, r: r if call.request.header("authorization") else success([]))
    found, _ = visit(obliging)
    assert found.remarks == (
        "Without a key GET /projects was answered with 200 (application/json); a 401 was expected.",
    )
    assert not found.healthy


def test_a_clock_that_is_far_off_is_told_where_it_can_not_be_asked(visit):
    now = dt.datetime.now(dt.UTC).timestamp()
    assert visit(clock=Clock(now), no=NO_CLOCK)[0].remarks == ()
    assert visit(clock=Clock(now - 3600), no=NO_CLOCK)[0].remarks[0].startswith("The target's clock is 360")
    assert "s ahead of this machine's" in visit(clock=Clock(now + 3600), no=NO_CLOCK)[0].remarks[0]
    assert visit(clock=Clock(now - 3600))[0].remarks == ()


def test_a_target_without_a_time_is_told(visit):
    dateless = visit(lambda rules: replace(rules, endings={}), no=NO_CLOCK)[0]
    assert "sends no Date header" in dateless.remarks[0]


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/api/v1", "mute"])
def test_a_target_that_is_not_there_is_unusable(url, request):
    base_url = request.getfixturevalue("mute") if url == "mute" else url
    with pytest.raises(Unusable, match=r"no connection|got no answer"):
        examine(Wanted.of(base_url=base_url))


def test_a_plain_web_server_is_no_api(visit):
    page = answering(lambda _call, r: replace(r, status=200, body=b"<p>", headers=(("Content-Type", "text/html"),)))
    with pytest.raises(Unusable, match=r"no trackagoat v1 API: .* answered with 200 \(text/html\)"):
        visit(page)


# On the command line


def doctor(*arguments):
    return CliRunner(env={"COLUMNS": "200"}).invoke(main, ["doctor", *map(str, arguments)])


def test_all_well_is_exit_0(target):
    result = doctor("--profile", target.profile)
    assert result.exit_code == 0
    assert result.output.startswith(f"{target.base_url} answers.\n")
    assert "All well: everything can be tried." in result.output
    for token in target.tokens:
        assert token not in result.output


def test_what_would_stay_untried_is_exit_3(target):
    result = doctor("--base-url", target.base_url)
    assert result.exit_code == 3
    assert "Would stay untried" in result.output
    assert "401.expired: The profile has no expired key" in result.output
    assert "To try more, add to the profile" in result.output
    assert "[keys.reader]" in result.output


def test_a_wrong_key_is_shown_beside_what_was_expected(target):
    path = target.with_profile(state=('state = "spent"', 'state = "banned"'))
    result = doctor("--profile", path)
    assert result.exit_code == 3
    assert "should get" in result.output


def test_without_a_target_it_is_wrong_usage():
    result = doctor()
    assert (result.exit_code, "needs a target" in result.stderr) == (2, True)


def test_a_target_that_is_not_there_is_exit_5_and_one_clear_line():
    result = doctor("--base-url", "http://127.0.0.1:9/api/v1")
    assert result.exit_code == 5
    assert result.stderr.count("\n") == 1
    assert "no connection" in result.stderr
