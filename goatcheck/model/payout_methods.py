"""Payout methods, among them the seeded default that can't be deleted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from goatcheck.exchange import Response
from goatcheck.model import answers
from goatcheck.model.call import Answer, Call
from goatcheck.model.limits import cap, one
from goatcheck.model.state import PayoutMethod
from goatcheck.model.validation import members, text

if TYPE_CHECKING:
    from goatcheck.model.world import World

read_named = members({"name": text(1, 100)}, required=("name",))


def list_methods(world: World, call: Call) -> Response:
    """The org's payout methods, all of them."""
    return answers.success([shown(method) for method in _of_org(world, call)])


def show(_world: World, call: Call) -> Response:
    """One payout method."""
    return answers.success(shown(call.the(PayoutMethod)))


def create(world: World, call: Call) -> Response:
    """201 with the new payout method."""
    state = world.state
    method = PayoutMethod(state.new_id(), call.home.id, state.next_order(), call.body["name"])
    state.payout_methods[method.id] = method
    return answers.success(shown(method), status=201)


def change(world: World, call: Call) -> Response:
    """Give it another name."""
    method = replace(call.the(PayoutMethod), name=call.body["name"])
    world.state.payout_methods[method.id] = method
    return answers.success(shown(method))


def remove(world: World, call: Call) -> Response:
    """Delete it."""
    return answers.success({"id": world.state.payout_methods.pop(call.the(PayoutMethod).id).id})


def refuse_seeded(_world: World, call: Call) -> Answer:
    """409 for the seeded default."""
    return answers.conflict("The default payout method can't be deleted") if call.the(PayoutMethod).seeded else None


def existing(world: World, call: Call) -> int:
    """How many payout methods the org has."""
    return len(_of_org(world, call))


refuse_beyond_cap = cap("max_payout_methods_per_org", existing, one)


def shown(method: PayoutMethod) -> dict[str, Any]:
    """A payout method as answers show it."""
    return {"id": method.id, "name": method.name, "is_default": method.seeded}


def _of_org(world: World, call: Call) -> list[PayoutMethod]:
    return [method for method in world.state.payout_methods.values() if method.org_id == call.home.id]
