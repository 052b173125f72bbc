"""What a run keeps of what it made, and of what is left of that."""

from dataclasses import replace

from goatcheck.conduct.resources import Made
from goatcheck.faults import broken_world


def test_what_is_left_is_what_was_made_and_not_removed(stage):
    workshop = stage.play("409.duplicate").run.api.workshop
    assert workshop.made
    assert workshop.remaining == []
    assert workshop.left == 0
    made = next(iter(workshop.made.values()))
    workshop.keep(made)  # a list has shown it again
    assert workshop.remaining == [made]
    assert workshop.left == 1


def test_what_others_made_is_not_counted_as_removed(stage):
    stage.world = broken_world(stage.world, ["state-ignored"])  # the profile's own payout method can be deleted
    played = stage.play("409.state")
    workshop = played.run.api.workshop
    assert stage.profile.fixtures["default_payout_method"].id not in stage.left()["payout methods"]
    assert workshop.removed.keys() <= workshop.made.keys()
    assert workshop.left == len(workshop.remaining) == 0


def test_what_was_removed_and_is_listed_again_is_back(stage):
    api = stage.play("409.duplicate").run.api
    full, marker = api.key("full"), api.workshop.marker
    gone = next(made for made in api.workshop.made.values() if (made.kind, made.owner) == ("creator", full))
    stage.world.state.creators[gone.id] = replace(stage.world.state.creators[gone.id], removed=False)
    assert gone.name.startswith(marker)
    assert gone not in api.workshop.remaining
    api.workshop.find_made("creator", full)
    assert [made.id for made in api.workshop.remaining] == [gone.id]


def test_an_id_is_this_runs_own_however_it_is_written(stage):
    api = stage.play("410.removed").run.api
    full, made_id = api.key("full"), "ABCDEF12-0000-4000-8000-00000000000A"
    draft = api.endpoint("DELETE /creators/{id}").valid({"creator": made_id.lower()})
    api.workshop.seen.add(made_id.lower())
    assert not api.may_send(draft)
    api.workshop.keep(Made("creator", made_id, "one", full))
    assert api.may_send(draft)
