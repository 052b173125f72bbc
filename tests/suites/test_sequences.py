"""Sequences find what no single request shows, tell the shortest that shows it, and accuse no valid server."""

import json
from collections import Counter
from dataclasses import replace

import httpx
import pytest

from goatcheck.conduct.moment import rule
from goatcheck.conduct.run import Options
from goatcheck.conduct.sequences import Troupe, play_all
from goatcheck.conduct.suites import all_checks
from goatcheck.conduct.trial import evidence
from goatcheck.drawing import Draw
from goatcheck.drawing.sequences import add, create, delete, gone, rename
from goatcheck.faults.sequences import FAULTS
from goatcheck.mock.any_valid import any_valid, breaks
from goatcheck.model import reference_world

CAPS = "402.limit.enforced"
CAP = "max_creators_per_org"
LIVE = {"base_url": "https://api.example/api/v1", "max_creates": 200}
FREE = {"max_requests": 0}
BY_NAME = {fault.name: fault for fault in FAULTS}

WORDY = (
    create("c"),
    create("a"),
    gone("c"),
    rename("c", "d"),
    rename("a", "b"),
    create("e", kind="campaign"),
    delete("e", kind="campaign"),
    create("b"),
    delete("d"),
)
"""A sequence of which three steps matter where a handle that was renamed to is free."""


def only_sequences():
    """The sequences with the check that tells them the cap, and no other."""
    return {name: check for name, check in all_checks().items() if name in {"sequences", CAPS}}


def checks_of(rules, *stories):
    """One check that plays these stories by these rules."""

    @evidence("sequences", "409.duplicate", "500.never")
    def play(api):
        """Stories of a test."""
        play_all(api, Troupe(tuple(rules), stories, stories, ()))

    return {"sequences": play.goatcheck}


def own_rules(*names):
    """The rules of the suite for these requirements."""
    play = all_checks()["sequences"].function
    return [each for each in play.__globals__["RULES"] if each.requirement in names]


def sent_by_sequences(played):
    return [e for e in played.run.ledger.exchanges if e.intent.requirement == "sequences"]


def findings(played):
    """The messages of all breaches by requirement."""
    record = played.run.ledger.record
    found = {r.id: [b.problem.message for b in record(r.id).breaches] for r in played.run.requirements}
    return {name: messages for name, messages in found.items() if messages}


def broken(stage, fault):
    stage.world = BY_NAME[fault].apply(stage.world)
    return stage


@pytest.fixture
def hand_written(stage):
    """A stage on which only the stories by hand are played."""
    stage.draw = Draw(Options.seed, 0)
    return stage


# Power


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_what_needs_a_sequence_to_show_is_found(hand_written, fault):
    before = hand_written.left()
    hand_written.world = fault.apply(hand_written.world)
    played = hand_written.play(checks=only_sequences(), **FREE)
    found = findings(played)
    assert set(fault.breaks) <= found.keys() <= set(fault.breaks) | set(fault.may)
    assert played.run.leftovers == []
    assert hand_written.left() == before


def test_the_shortest_sequence_that_was_seen_to_fail_is_told(stage):
    played = broken(stage, "duplicate-forgets-renamed").play(checks=checks_of(own_rules("409.duplicate"), WORDY))
    first = findings(played)["409.duplicate"][0]
    assert first == (
        "409 was expected, and the answer is 201 (after this: full creates creator a; full renames creator a to b)"
    )


def test_a_finding_s_request_is_one_that_was_sent_after_its_sequence(stage):
    played = broken(stage, "duplicate-forgets-renamed").play(checks=checks_of(own_rules("409.duplicate"), WORDY))
    breach = played.run.ledger.record("409.duplicate").breaches[0]
    before = sent_by_sequences(played)[: sent_by_sequences(played).index(breach.exchange)]
    renamed = next(e for e in reversed(before) if e.request.method == "PATCH")
    assert (
        json.loads(breach.exchange.request.body)["tiktok_handle"] == json.loads(renamed.request.body)["tiktok_handle"]
    )
    assert breach.exchange.intent.cause == "in a sequence: full creates creator b"


def test_what_the_check_of_a_requirement_has_found_is_not_told_again(stage):
    stage.world = BY_NAME["duplicate-forgets-renamed"].apply(stage.world)
    checks = checks_of(own_rules("409.duplicate"), WORDY, WORDY)
    played = stage.play(checks=checks, **FREE)
    numbers = {breach.exchange.number for breach in played.run.ledger.record("409.duplicate").breaches}
    assert len(numbers) == 1


def test_drawn_sequences_find_things_by_themselves(stage):
    play = all_checks()["sequences"].function.__globals__

    @evidence("sequences", "410.removed")
    def drawn(api):
        """Nothing by hand."""
        play_all(api, Troupe(play["RULES"], (), (), play["CASTS"]))

    played = broken(stage, "gone-but-for-new").play(checks={"sequences": drawn.goatcheck}, **FREE)
    assert "410.removed" in findings(played)


# Fairness


@pytest.mark.parametrize("seed", range(1, 5))
def test_no_sequence_accuses_a_valid_server(stage, seed):
    stage.world = any_valid(reference_world(seed), seed)
    played = stage.play(checks=only_sequences(), **FREE)
    assert findings(played).keys() <= breaks(seed)
    assert len(sent_by_sequences(played)) > 100


@pytest.mark.parametrize("seed", range(2))
def test_no_sequence_accuses_the_documented_server_whatever_is_drawn(stage, seed):
    stage.draw = Draw(seed, 12)
    played = stage.play(checks=only_sequences(), **FREE)
    assert findings(played) == {}
    assert played.run.leftovers == []


@pytest.mark.parametrize("seed", range(4))
def test_an_org_with_less_room_than_was_thought_of_is_not_accused(stage, seed):
    """What was to be made is not, so that later steps mean something else than was drawn."""
    state = stage.world.state
    org = next(each for each in state.orgs.values() if each.plan.caps[CAP] < 100)
    there = sum(creator.org_id == org.id for creator in state.creators.values())
    state.orgs[org.id] = replace(org, plan=replace(org.plan, caps={**org.plan.caps, CAP: there + 1}))
    stage.draw = Draw(seed, 40)
    played = stage.play(checks=only_sequences(), **FREE)
    assert findings(played) == {}
    assert any("capped" in exchange.intent.cause for exchange in sent_by_sequences(played))


def test_what_was_deleted_is_not_there_to_be_renamed(stage):
    story = (create("a"), delete("a"), create("b"), rename("a", "b"))
    played = stage.play(checks=checks_of(own_rules("409.duplicate"), story), **FREE)
    assert findings(played) == {}
    assert [e.response.status for e in sent_by_sequences(played) if e.request.method == "PATCH"] == [404]


def test_a_server_that_lists_what_it_deleted_is_not_held_to_what_its_lists_show(hand_written):
    """No document says when a list forgets."""
    world = hand_written.world

    def forgetful(request, forward, _number):
        answer = forward()
        if request.method == "DELETE" and answer.status_code == 200:
            thing = request.url.path.rsplit("/", 1)[-1]
            for table in (world.state.creators, world.state.campaigns, world.state.payout_methods):
                if thing in table and getattr(table[thing], "removed", False):
                    table[thing] = replace(table[thing], removed=False)
        return answer

    played = hand_written.play(checks=only_sequences(), change=forgetful, **FREE)
    assert findings(played) == {}


def test_a_server_whose_lists_lag_is_not_held_to_what_they_show(hand_written):
    def lagging(request, forward, _number):
        answer = forward()
        if request.method == "GET" and request.url.path.endswith(("/creators", "/campaigns", "/payout-methods")):
            return httpx.Response(200, json={**answer.json(), "data": []})
        return answer

    assert findings(hand_written.play(checks=only_sequences(), change=lagging, **FREE)) == {}


@pytest.mark.parametrize("status", [503, 429])
def test_what_gets_in_the_way_is_no_finding(hand_written, status):
    def unwell(request, forward, _number):
        if request.method == "PATCH":
            return httpx.Response(status, json={"data": None, "error": "Not now", "meta": None})
        return forward()

    played = hand_written.play(checks=only_sequences(), change=unwell, **FREE)
    assert set(findings(played)) <= {"429.code", "429.window.meta", "429.window.header", "429.daily.meta"}


def test_what_is_seen_beside_the_shortest_sequence_is_told_with_the_whole_one(stage):
    """A second rule that breaks only in the sequence as it was played."""

    @rule("409.no-effect")
    def no_d(moment):
        """Never after a creation of d."""
        held = moment.step.do != "delete" or moment.before.count < there + 2
        moment.answer.must(ok=held, message="two are there")

    @rule("409.duplicate")
    def no_deletion(moment):
        """Nothing is deleted."""
        moment.answer.must(ok=moment.step.do != "delete", message="deleted")

    there = 2
    checks = checks_of([no_deletion, no_d], (create("a"), create("b"), delete("a")))
    assert findings(stage.play(checks=checks, **FREE)) == {
        "409.duplicate": ["deleted (after this: full creates creator a)"],
        "409.no-effect": ["two are there (after this: full creates creator a; full creates creator b)"],
    }


def test_a_shorter_sequence_that_something_gets_in_the_way_of_does_not_count(stage):
    asked = []

    def unwell(request, forward, _number):
        asked.append(request.method)
        if asked.count("POST") > 2 and request.method == "POST":
            return httpx.Response(503, json={"data": None, "error": "Not now", "meta": None})
        return forward()

    @rule("409.duplicate")
    def no_deletion(moment):
        """Nothing is deleted."""
        moment.answer.must(ok=moment.step.do != "delete", message="deleted")

    played = stage.play(checks=checks_of([no_deletion], (create("a"), create("b"), delete("a"))), change=unwell, **FREE)
    assert findings(played)["409.duplicate"] == ["deleted (after this: full creates creator a; full creates creator b)"]


# A server that fails


def failing(stage, times):
    """Lets the creation of what was deleted fail so many times."""
    left = [times]

    def fail(request, forward, _number):
        if request.method == "PATCH" and left[0] > 0:
            left[0] -= 1
            return httpx.Response(500, json={"data": None, "error": "Oh", "meta": {"code": "internal_error"}})
        return forward()

    checks = checks_of(own_rules("500.never"), (create("a"), rename("a", "b")))
    return stage.play(checks=checks, change=fail, **FREE)


def test_a_500_that_comes_again_is_a_finding(stage):
    assert "500.never" in findings(failing(stage, 9))


def test_a_500_that_comes_once_is_neither_a_finding_nor_fine(stage):
    played = failing(stage, 1)
    assert findings(played) == {}
    cause, reason = played.run.ledger.record("500.never").error
    assert cause == "inconclusive"
    assert reason.startswith("PATCH /creators/{id} was answered with 500 internal_error once and not again (exchange ")


# Means


def test_two_runs_with_one_seed_play_the_same(stage):
    def played():
        stage.world, stage.draw = reference_world(), Draw(7)
        run = stage.play(checks=only_sequences(), **FREE)
        return [(e.intent.cause, e.intent.operation, e.response.status) for e in sent_by_sequences(run)]

    assert played() == played()


def test_where_requests_are_free_a_few_hundred_are_sent(stage):
    assert 150 <= len(sent_by_sequences(stage.play(checks=only_sequences(), **FREE))) <= 400


@pytest.mark.parametrize(("bound", "most"), [(600, 60), (3000, 300), (0, 60)])
def test_elsewhere_they_take_a_tenth_of_the_budget_at_most(stage, bound, most):
    played = stage.play(checks=only_sequences(), **LIVE, max_requests=bound)
    sent = [e for e in sent_by_sequences(played) if e.intent.cause != "after a sequence"]
    assert 25 <= len(sent) <= most + 30
    assert not bound or played.run.budget.requests <= bound


def test_where_little_is_left_they_send_nothing(stage):
    assert sent_by_sequences(stage.play(checks=only_sequences(), **LIVE, max_requests=40)) == []


@pytest.mark.parametrize("lack", [{"writes": False}, {"kind": "mock"}, {"keys": ()}])
def test_without_what_they_need_they_send_nothing_and_say_nothing(stage, lack):
    played = stage.play(checks=only_sequences(), **lack, **FREE)
    assert sent_by_sequences(played) == []


def test_with_fewer_keys_they_play_what_they_can(hand_written):
    keys = hand_written.world.profile.with_role("full")
    played = hand_written.play(checks=only_sequences(), keys=keys, **FREE)
    assert {e.intent.key for e in sent_by_sequences(played)} == {"full"}
    assert findings(played) == {}


def test_a_selection_plays_them_where_requests_are_free_and_they_may_show_something(stage):
    assert sent_by_sequences(stage.play("410", checks=only_sequences(), **FREE))
    assert not sent_by_sequences(stage.play("401", checks=only_sequences(), **FREE))
    assert not sent_by_sequences(stage.play("410", checks=only_sequences(), **LIVE, max_requests=600))


def test_nothing_is_green_for_them_alone(stage):
    """What a requirement's own check could not try stays untried."""
    keys = tuple(key for key in stage.world.profile.keys if key.role != "reader")
    played = stage.play("410", keys=keys, **FREE)
    assert played.names == {"410.removed": "not_exercised", "410.only-removed": "pass"}


def test_a_bug_of_ours_is_an_error_of_all_that_they_show(stage):
    @rule("409.duplicate")
    def buggy(_moment):
        """Never holds."""
        raise ZeroDivisionError

    played = stage.play(checks=checks_of([buggy], (create("a"),)))
    record = played.run.ledger.record
    assert {record("409.duplicate").error[0], record("500.never").error[0]} == {"suite"}


def test_a_cap_that_does_not_hold_is_left_to_its_own_check(hand_written):
    """With a count that can't be relied on nothing can be said of what comes and goes."""
    played = hand_written.play(checks=only_sequences(), **FREE)
    assert Counter(e.intent.key for e in sent_by_sequences(played))["capped"] > 20
    hand_written.world = replace(
        hand_written.world,
        rules=replace(hand_written.world.rules, caps={}),
    )
    again = hand_written.play(checks=only_sequences(), **FREE)
    assert "capped" not in {e.intent.key for e in sent_by_sequences(again)}


def test_a_creator_is_added_to_a_campaign_where_both_were_made(stage):
    """A step without its creator means nothing, and is left out."""
    story = (create("b", kind="campaign"), add("b", "a"), create("a"), add("b", "a"))
    played = stage.play(checks=checks_of(own_rules("500.never"), story), **FREE)
    added = [e for e in sent_by_sequences(played) if e.intent.operation == "POST /campaigns/{id}/items"]
    assert {e.intent.cause for e in added} == {"in a sequence: full adds creator a to campaign b"}
    assert all(e.response.status in {200, 201} for e in added)
