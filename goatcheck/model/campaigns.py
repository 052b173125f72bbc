"""Campaigns and what is in them: creators, videos, other campaigns."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from goatcheck.exchange import Response
from goatcheck.model import answers
from goatcheck.model.call import Answer, Call
from goatcheck.model.limits import cap, one
from goatcheck.model.listing import page
from goatcheck.model.state import Campaign, Item, Project, timestamp
from goatcheck.model.validation import date_time, members, nullable, number, one_of, text, uuid_text

if TYPE_CHECKING:
    from goatcheck.model.world import World

_name = text(1, 200)
read_new = members({"name": _name}, required=("name",))
read_change = members(
    {"name": _name, "readme": nullable(text()), "target_views": nullable(number), "target_at": nullable(date_time)},
    some=True,
)
read_item = members(
    {"item_type": one_of("creator", "video", "campaign"), "item_id": uuid_text},
    required=("item_type", "item_id"),
)


def list_campaigns(world: World, call: Call) -> Response:
    """The org's campaigns, of a project where the query names one."""
    project = call.query.get("project_id")
    rows = (
        campaign
        for campaign in world.state.campaigns.values()
        if campaign.org_id == call.home.id and project in (None, campaign.project_id)
    )
    return page(world, call, rows, shown)


def create(world: World, call: Call) -> Response:
    """201 with the new campaign."""
    project = call.the(Project)
    campaign = Campaign(
        id=world.state.new_id(),
        org_id=project.org_id,
        project_id=project.id,
        order=world.state.next_order(),
        name=call.body["name"],
        created_at=timestamp(call.now),
    )
    world.state.campaigns[campaign.id] = campaign
    return answers.success(shown(campaign), status=201)


def change(world: World, call: Call) -> Response:
    """Change what the body names."""
    campaign = replace(call.the(Campaign), **call.body)
    world.state.campaigns[campaign.id] = campaign
    return answers.success(shown(campaign))


def remove(world: World, call: Call) -> Response:
    """Delete the campaign, and take it out of every other."""
    gone = world.state.campaigns.pop(call.the(Campaign).id)
    for other in list(world.state.campaigns.values()):
        kept = tuple(item for item in other.items if item.item_id != gone.id)
        if kept != other.items:
            world.state.campaigns[other.id] = replace(other, items=kept)
    return answers.success({"id": gone.id})


def add_item(world: World, call: Call) -> Response:
    """201 with the new member."""
    campaign = call.the(Campaign)
    item = Item(world.state.new_id(), call.body["item_type"], call.body["item_id"])
    world.state.campaigns[campaign.id] = replace(campaign, items=(*campaign.items, item))
    data = {"id": item.id, "campaign_id": campaign.id, "item_type": item.kind, "item_id": item.item_id}
    return answers.success(data, status=201)


def refuse_item(world: World, call: Call) -> Answer:
    """404 for an item that is not in the org; 409 for one that is a member already, or that holds the campaign itself."""
    campaign, wanted = call.the(Campaign), call.body["item_id"]
    found = getattr(world.state, call.body["item_type"] + "s").get(wanted)
    if found is None or found.org_id != call.home.id or getattr(found, "removed", False):
        return answers.not_found(call.body["item_type"])
    if any(item.item_id == wanted for item in campaign.items):
        return answers.conflict("This item is in the campaign already")
    if campaign.id in _within(world, wanted):
        return answers.conflict("This would put the campaign inside itself")
    return None


def existing(world: World, call: Call) -> int:
    """How many campaigns the project has."""
    project = call.the(Project)
    return sum(1 for campaign in world.state.campaigns.values() if campaign.project_id == project.id)


def existing_items(_world: World, call: Call) -> int:
    """How many members the campaign has."""
    return len(call.the(Campaign).items)


refuse_beyond_cap = cap("max_campaigns_per_project", existing, one)
refuse_items_beyond_cap = cap("max_campaign_items_per_campaign", existing_items, one)


def shown(campaign: Campaign) -> dict[str, Any]:
    """A campaign as answers show it."""
    return {
        "id": campaign.id,
        "project_id": campaign.project_id,
        "name": campaign.name,
        "readme": campaign.readme,
        "metadata": {},
        "target_views": campaign.target_views,
        "target_at": campaign.target_at,
        "created_at": campaign.created_at,
    }


def _within(world: World, start: str) -> set[str]:
    """The ids of a thing and of all that it holds, however deep."""
    seen, waiting = set[str](), [start]
    while waiting:
        each = waiting.pop()
        if each not in seen:
            seen.add(each)
            campaign = world.state.campaigns.get(each)
            waiting.extend(item.item_id for item in (campaign.items if campaign else ()))
    return seen
