"""A fault is the rules with one part exchanged."""

from dataclasses import replace

from goatcheck.model import REFERENCE, Numbers
from goatcheck.model.answers import success


def with_rules(caller, rules):
    return replace(caller, world=replace(caller.world, rules=rules))


def test_a_stage_can_be_dropped(caller):
    faulty = with_rules(caller, caller.world.rules.without_stage("scope"))
    assert faulty.create("goat", key="reader").status == 201


def test_a_stage_can_be_replaced(caller):
    faulty = with_rules(caller, caller.world.rules.with_stage("ban", lambda _world, _call: None))
    assert faulty.ask("GET", "/projects", key="banned_org").status == 200


def test_a_stage_can_be_asked_earlier(caller):
    faulty = with_rules(caller, caller.world.rules.with_stage_first("path", before="scope"))
    assert caller.ask("DELETE", "/creators/x", key="reader").status == 403
    assert faulty.ask("DELETE", "/creators/x", key="reader").status == 400
    assert set(faulty.world.rules.stages) == set(REFERENCE.stages)


def test_an_action_can_be_replaced(caller):
    faulty = with_rules(caller, caller.world.rules.with_action("GET /projects", lambda _world, _call: success("mine")))
    assert faulty.data("GET", "/projects") == "mine"


def test_a_number_can_be_changed(caller):
    faulty = with_rules(caller, replace(caller.world.rules, numbers=Numbers(window_requests=2)))
    assert [faulty.ask("GET", "/projects").status for _ in range(3)] == [200, 200, 429]


def test_an_ending_changes_every_answer_last(caller):
    faulty = with_rules(
        caller, caller.world.rules.with_ending("teapot", lambda _w, _c, response: replace(response, status=418))
    )
    assert [faulty.ask("GET", path).status for path in ("/projects", "/nowhere")] == [418, 418]


def test_what_is_around_a_step_runs_outside_of_the_lock(caller):
    def around(world, request, step):
        assert not world.state.lock.locked()
        step(request)
        return step(request)

    faulty = with_rules(caller, replace(caller.world.rules, around=around))
    assert faulty.create("goat").status == 409
    assert faulty.handles().count("goat") == 1


def test_worlds_with_other_rules_share_the_state_and_leave_the_reference_alone(caller):
    faulty = with_rules(caller, caller.world.rules.without_stage("scope"))
    faulty.create("goat", key="reader")
    assert "goat" in caller.handles()
    assert caller.create("sheep", key="reader").status == 403


def test_every_served_operation_has_an_action():
    live = {operation for operation, route in REFERENCE.routes.items() if not route.gone}
    assert live == set(REFERENCE.actions)
    assert set(REFERENCE.conflicts) | set(REFERENCE.caps) <= live
