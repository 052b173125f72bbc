"""Lanes run side by side, wait for each other only where they have to, and end when told."""

import threading
import time
from queue import SimpleQueue

import pytest

from goatcheck.conduct import lanes
from goatcheck.conduct.lanes import StoppedAtOnce, Turns, side_by_side
from goatcheck.conduct.recall import Recall
from goatcheck.conduct.trial import Check
from goatcheck.exchange import Request


@pytest.fixture(autouse=True)
def attentive(monkeypatch):
    monkeypatch.setattr(lanes, "_GLANCE", 0.01)


def nothing():
    """Interrupts nobody."""


def test_all_lanes_run_at_the_same_time():
    meeting = threading.Barrier(4, timeout=5)
    side_by_side([meeting.wait] * 4, interrupt=nothing)


def test_without_lanes_there_is_nothing_to_wait_for():
    side_by_side([], interrupt=nothing)


def test_what_a_lane_raises_is_raised_when_all_are_through():
    ended = []

    def breaks():
        raise ValueError("first")

    with pytest.raises(ValueError, match="first"):
        side_by_side([breaks, lambda: ended.append(True)], interrupt=nothing)
    assert ended == [True]


def interrupted(monkeypatch, times):
    """The next so many looks at the lanes are interrupted."""
    left = [KeyboardInterrupt] * times

    class Queue(SimpleQueue):
        def get(self, timeout):
            if left:
                raise left.pop()
            return super().get(timeout=timeout)

    monkeypatch.setattr(lanes, "SimpleQueue", Queue)


def test_the_first_interruption_ends_the_lanes(monkeypatch):
    stop, ended = threading.Event(), []

    def lane():
        ended.append(stop.wait(5))

    interrupted(monkeypatch, 1)
    with pytest.raises(KeyboardInterrupt) as raised:
        side_by_side([lane] * 3, interrupt=stop.set)
    assert not isinstance(raised.value, StoppedAtOnce)
    assert ended == [True] * 3


def test_an_interruption_loses_no_lane_that_has_just_ended(monkeypatch):
    looking = threading.Event()

    class Queue(SimpleQueue):
        def get(self, timeout):
            looking.set()
            super().get(timeout=5 + timeout)
            raise KeyboardInterrupt

    monkeypatch.setattr(lanes, "SimpleQueue", Queue)
    with pytest.raises(KeyboardInterrupt):
        side_by_side([lambda: looking.wait(5)], interrupt=nothing)


def test_of_lanes_that_were_interrupted_before_all_had_a_thread_none_begins(monkeypatch):
    before, began = threading.active_count(), []
    monkeypatch.setattr(threading.Thread, "start", interrupting(threading.Thread.start, after=2))
    with pytest.raises(KeyboardInterrupt):
        side_by_side([lambda: began.append(True)] * 4, interrupt=nothing)
    while threading.active_count() > before:
        pass
    assert began == []


def interrupting(start, after):
    """Starts so many threads, and is interrupted while it starts the last of them."""
    started = []

    def starts(thread):
        start(thread)
        started.append(thread)
        if len(started) == after:
            raise KeyboardInterrupt

    return starts


def test_the_second_interruption_waits_for_nobody(monkeypatch):
    hang = threading.Event()
    interrupted(monkeypatch, 2)
    with pytest.raises(StoppedAtOnce):
        side_by_side([lambda: hang.wait(5)], interrupt=nothing)
    assert not hang.is_set()
    hang.set()


def test_a_run_that_is_stopped_at_once_says_what_it_leaves(staging, monkeypatch):
    def stops(api, full):
        api.workshop.make("creator", full)
        made.set()
        hang.wait(5)

    made, hang = threading.Event(), threading.Event()

    class Queue(SimpleQueue):
        def get(self, timeout):
            if made.wait(timeout):
                raise KeyboardInterrupt
            return super().get(timeout=timeout)

    monkeypatch.setattr(lanes, "SimpleQueue", Queue)
    checks = {"404.absent": Check("404.absent", stops, "main", ("full",))}
    played = staging.stage.play(*checks, checks=checks, target_clock=staging.clock, clock="", requests_per_minute=50)
    hang.set()
    assert played.verdict.exit_code == 130
    assert [told.endswith("is left on the target: the run was stopped at once") for told in played.run.leftovers] == [
        True
    ]
    assert {method for method, _ in played.transport.asked} == {"GET", "POST"}


def test_the_turn_of_one_thing_is_not_the_turn_of_another():
    turns = Turns()
    assert turns.of("a") is turns.of("a")
    assert turns.of("a") is not turns.of("b")


def test_a_scene_that_waits_holds_up_only_those_who_want_it(staging):
    """While a reader's scene takes its time, another key's scene is played."""
    played_meanwhile = threading.Event()

    def slow(_api, _reader):
        return "slow" if played_meanwhile.wait(5) else "held up"

    def quick(_api, _full):
        played_meanwhile.set()
        return "quick"

    def reads(api, reader):
        assert api.once(slow, reader) == "slow"
        api.send(api.endpoint("GET /projects").valid(), reader).must_not_be("403", why="it reads")

    def writes(api, full):
        assert api.once(quick, full) == "quick"
        api.send(api.endpoint("GET /projects").valid(), full).must_not_be("403", why="it reads")

    checks = {
        "403.scope.write": Check("403.scope.write", reads, "main", ("reader",)),
        "404.absent": Check("404.absent", writes, "main", ("full",)),
    }
    played = staging.stage.play(*checks, checks=checks, target_clock=staging.clock, clock="", requests_per_minute=50)
    assert set(played.names.values()) == {"pass"}


def test_two_checks_that_want_each_others_scenes_do_not_wait_for_ever(staging):
    """Each lane plays a scene that needs the other key's own things, in the opposite order."""

    def scene(api, key):
        return api.workshop.own_ids(key)

    def first(api, full, foreign):
        for key in (full, foreign) * 3:
            api.once(scene, key)
        api.send(api.endpoint("GET /projects").valid(), full).must_not_be("403", why="it reads")

    def second(api, foreign, full):
        for key in (foreign, full) * 3:
            api.workshop.own("creator", key)
            api.once(scene, key)
        api.answers_of("404.absent")
        api.send(api.endpoint("GET /projects").valid(), full).must_not_be("403", why="it reads")

    checks = {
        "404.absent": Check("404.absent", first, "main", ("full", "foreign")),
        "404.foreign": Check("404.foreign", second, "main", ("foreign", "full")),
    }
    played = staging.stage.play(*checks, checks=checks, target_clock=staging.clock, clock="", requests_per_minute=50)
    assert set(played.names.values()) == {"pass"}


@pytest.mark.parametrize("milliseconds", [0, 1, 3])
def test_however_slow_the_answers_no_lane_disturbs_another(staging, milliseconds):
    def slow(_request, forward, number):
        time.sleep((number % 4) * milliseconds / 1000)
        return forward()

    played = staging.play("400.accepts-valid", "403", "404", "409", "401.first", change=slow)
    assert {name: o for name, o in played.names.items() if o != "pass"} == {}


# What is known already


class Told:
    disturbed = ""

    def __init__(self, *, long=False):
        self.kept = "half of it" if long else self


LIST = Request("GET", "/creators")
WRITE = Request("POST", "/creators")


def tell(recall, request, *, reusable=True, long=False):
    left, answer = recall.leaves(request), Told(long=long)
    recall.came(request, answer if reusable else None, left)
    return answer


def test_an_answer_is_known_until_something_is_written():
    recall = Recall()
    assert recall.of(LIST) is None
    answer = tell(recall, LIST)
    assert recall.of(LIST) is answer
    tell(recall, WRITE, reusable=False)
    assert recall.of(LIST) is None
    tell(recall, LIST)
    recall.forget()
    assert recall.of(LIST) is None


def test_an_answer_that_crossed_a_write_is_not_known():
    recall = Recall()
    left = recall.leaves(LIST)
    tell(recall, WRITE, reusable=False)
    recall.came(LIST, Told(), left)
    assert recall.of(LIST) is None
    left = recall.leaves(WRITE)
    tell(recall, LIST)
    recall.came(WRITE, None, left)
    assert recall.of(LIST) is None
    left = recall.leaves(LIST)
    under_way = recall.leaves(WRITE)
    recall.came(LIST, Told(), left)
    recall.came(WRITE, None, under_way)
    assert recall.of(LIST) is None


def test_what_is_fresh_or_was_not_answered_is_not_known():
    recall = Recall()
    tell(recall, LIST, reusable=False)
    recall.came(LIST, None, recall.leaves(LIST))
    assert recall.of(LIST) is None


def test_what_would_fill_the_memory_is_not_known():
    recall = Recall()
    tell(recall, LIST, long=True)
    assert recall.of(LIST) is None


def test_where_keys_send_side_by_side_nothing_is_known():
    recall = Recall(side_by_side=True)
    tell(recall, LIST)
    assert recall.of(LIST) is None
