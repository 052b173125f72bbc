"""Each way to decide what is open, alone: every answer keeps the contract, but for the SHOULD that the choice names."""

import json
from random import Random

import pytest

from goatcheck.checks import observe
from goatcheck.contract.loading import load
from goatcheck.exchange import Exchange, Request
from goatcheck.mock.any_valid import DIMENSIONS, any_valid, breaks, choices
from goatcheck.mock.any_valid.changes import sorted_endings
from goatcheck.model import reference_world

NOTHING = "3f2b8c1e-5d47-4a90-8b6e-1c2d3e4f5a60"
CHOICES = {f"{name}: {choice.name}": choice for name, ways in DIMENSIONS.items() for choice in ways}
JSON = ("Content-Type", "application/json")


def with_choice(choice):
    world = reference_world()
    rules = choice.change(world.rules, Random(0))  # noqa: S311 - answers that repeat, no secrets
    return type(world)(sorted_endings(rules), world.state, world.clock, world.profile)


def requests(world):
    """Requests of every kind, right and wrong, of several keys."""
    key = {k.name: ("Authorization", f"Bearer {k.token}") for k in world.profile.keys}
    project = world.profile.fixtures["project"].id
    full, reader = key["full"], key["reader"]
    new = f"/projects/{project}/creators"

    def send(method, path, who=full, body=None, *headers, query=""):
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        kept = (who,) if who else ()
        return Request(method, path, query, (*kept, *((JSON,) if content else ()), *headers), content)

    idempotent = ("Idempotency-Key", "once")
    days = "from=2026-06-10&to=2026-06-12"
    return [
        *(
            send("GET", path, who)
            for path in ("/projects", "/creators", "/payout-methods")
            for who in (full, reader, None)
        ),
        send("GET", "/creators", query="limit=1"),
        send("GET", "/creators", query="limit=1000"),
        send("GET", "/creators", query="limit=ten"),
        send("GET", "/creators", query="cursor=goat"),
        send("GET", "/creators", query="goat=1"),
        send("GET", "/creators", query=f"project_id={NOTHING}"),
        send("GET", "/creators", query=f"search={'g' * 2000}"),
        send("GET", "/analytics", query=f"entity=creator&entity_id={NOTHING}&metric=views&{days}"),
        send("GET", "/creators", None, None, ("Authorization", full[1].replace("Bearer", "bearer"))),
        send("GET", "/creators", full, None, ("Accept", "text/html")),
        send("GET", "/creators", full, b"goat"),
        send("GET", f"/creators/{NOTHING}/stats"),
        send("POST", f"/creators/{NOTHING}/stats"),
        send("GET", f"/creators/{NOTHING}/stats", None),
        send("PUT", "/creators"),
        send("GET", "/nowhere"),
        send("GET", "/nowhere", None),
        send("HEAD", "/creators"),
        send("POST", new, full, {"tiktok_handle": "Goat.One"}, idempotent),
        send("POST", new, full, {"tiktok_handle": "Goat.One"}, idempotent),
        send("POST", new, full, {"tiktok_handle": "goat.two"}, idempotent),
        send("POST", f"/projects/{project}/campaigns", full, {"name": "Spring"}, idempotent),
        send("POST", new, full, {"tiktok_handle": "goat.one"}),
        send("POST", new, full, {"tiktok_handle": "goat.odd", "goat": 1}),
        send("POST", new, full, {"creators": [{"tiktok_handle": "goat.a"}, {"tiktok_handle": "goat.b"}]}),
        send("POST", new, full, b'{"tiktok_handle": '),
        send("POST", new, full, b"\xef\xbb\xbf" + b'{"tiktok_handle": "goat.bom"}'),
        send("POST", new, full, {"tiktok_handle": "g" * 9000}),
        send("POST", new, None, {}),
        send("POST", new, reader, {"tiktok_handle": "goat.no"}),
        send("POST", "/payout-methods", full, {"name": " Goat's "}),
        send("POST", "/payout-methods", full, {"name": "Bank transfer"}),
        send("DELETE", f"/creators/{NOTHING}"),
        send("DELETE", f"/creators/{NOTHING}", None),
        send("DELETE", "/creators/goat"),
        send("DELETE", f"/payout-methods/{world.profile.fixtures['default_payout_method'].id}"),
        *(send("GET", "/projects", key[name]) for name in ("banned_org", "spent", "expired", "writer")),
        *(
            send(
                "POST",
                f"/projects/{world.profile.fixtures['capped_project'].id}/creators",
                key["capped"],
                {"tiktok_handle": f"g{n}"},
            )
            for n in range(5)
        ),
        *(send("GET", "/projects", key["burst"]) for _ in range(80)),
    ]


def then(world):
    """What can only be asked later: changes and deletions of what was made, and a key whose minute has passed."""
    key = next(k for k in world.profile.keys if k.name == "full")
    headers = (("Authorization", f"Bearer {key.token}"), JSON)
    made = [c for c in world.state.creators.values() if c.handle.lower().startswith("goat.") and not c.removed]
    other = next(iter(world.state.campaigns.values()))
    path = f"/creators/{made[0].id}"
    backwards = f"entity=creator&entity_id={made[0].id}&metric=views&from=2026-06-12&to=2026-06-10"
    burst = next(k for k in world.profile.keys if k.name == "burst")
    world.clock.advance(61)
    return [
        Request("GET", "/projects", "", (("Authorization", f"Bearer {burst.token}"),)),
        Request("GET", "/analytics", backwards, headers[:1]),
        Request("PATCH", path, "", headers, b'{"readme": "goat"}'),
        Request("PATCH", path, "", headers, json.dumps({"tiktok_handle": made[-1].handle}).encode()),
        Request(
            "POST",
            f"/campaigns/{other.id}/items",
            "",
            headers,
            json.dumps({"item_type": "creator", "item_id": NOTHING}).encode(),
        ),
        Request(
            "POST",
            f"/campaigns/{other.id}/items",
            "",
            headers,
            json.dumps({"item_type": "creator", "item_id": made[0].id}).encode(),
        ),
        Request("DELETE", path, "", headers[:1]),
    ]


def broken(contract, world, asked):
    found = {}
    for number, request in enumerate(asked, 1):
        exchange = Exchange(number, request, world.answer(request))
        for judgement in observe(exchange, contract):
            if judgement.problems:
                found[judgement.requirement] = f"{request.method} {request.target}: {judgement.problems[0].message}"
    return found


@pytest.fixture(scope="module")
def contract():
    return load()


@pytest.mark.parametrize("choice", CHOICES.values(), ids=CHOICES.keys())
def test_a_choice_breaks_nothing_but_what_it_says(contract, choice):
    world = with_choice(choice)
    found = broken(contract, world, requests(world)) | broken(contract, world, then(world))
    assert {i: told for i, told in found.items() if i not in choice.breaks} == {}


@pytest.mark.parametrize("seed", range(50))
def test_all_choices_of_a_seed_together_break_nothing_else_either(contract, seed):
    world = any_valid(reference_world(seed), seed)
    found = broken(contract, world, requests(world)) | broken(contract, world, then(world))
    assert {i: told for i, told in found.items() if i not in breaks(seed)} == {}
    assert len(choices(seed)) == len(DIMENSIONS)
