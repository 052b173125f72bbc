"""402: a plan's limits hold exactly, at once and for everybody; history ends where the plan says."""

import datetime as dt
from dataclasses import dataclass
from functools import partial

from goatcheck.conduct import Answer, id_of, requirement
from goatcheck.errors import Inconclusive, NotExercised

CREATORS = "max_creators_per_org"
"""The documented `limitKey` of the limit that a capped org has."""

LOW = 20
"""A creator cap is low (state "capped" in the profile) where fewer creates than this pass it."""

MANY, TIMES = 50, 5
"""So many creators may be asked for in one request, and so often they are, before an org counts as one without a cap."""

LIMIT_KEYS = {"campaign": "max_campaigns_per_project", "payout_method": "max_payout_methods_per_org"}
"""What else is made one by one, with the documented `limitKey` of each."""

FEW = 10
"""Their cap is low where fewer creates than this pass it; a run has no more to spend on those that may have none."""

ITEMS = "max_campaign_items_per_campaign"
"""The documented `limitKey` of what is in a campaign."""

LONG_AGO = 40
"""Days before today, within which every range begins of which the one end or both are left to the default."""


@dataclass(frozen=True)
class Full:
    """A capped org, filled to its cap: the create that was refused, and how many creators there are.

    `filled` is false where nothing could be created: such an org may have more than its plan now allows.
    """

    refusal: Answer
    count: int
    filled: bool

    @property
    def figures(self):
        """What a refusal has to say of it."""
        return {"current": self.count} | ({"max": self.count} if self.filled else {})


def filled(api, capped):
    """Create one after another in the capped org until one is not carried out, then count."""
    made = []
    while True:
        answer = api.workshop.create("creator", capped, cause="one more")
        if answer.disturbed:
            raise Inconclusive(answer.disturbed)
        if not answer.succeeded:
            break
        made.append(api.workshop.made_by(answer, "creator", capped))
        if len(made) == LOW:
            answer = many_more(api, capped)
            break
    if not made and not answer.is_("402"):
        raise Inconclusive(
            f"creating in the capped org was answered with {answer.summary}: is capped_project one of its projects?"
        )
    count = len(api.workshop.listed_in_org("creator", capped))
    if count < len(made):
        raise Inconclusive(
            f"of {len(made)} creators that were just made the list shows {count}: it can't be counted on"
        )
    return Full(answer, count, filled=bool(made))


def many_more(api, capped):
    """Creations of fifty at once in an org that took so many: one that takes all of these too has no low cap, as the profile says.
    Where creates are dear nothing is said of it.
    """
    room = f"the org of the key {capped.name} has room for more than {LOW} creators"
    advice = "leave room for fewer, or give a key of an org with a lower cap"
    if not api.creates_freely:
        raise NotExercised(f"{room}: {advice}")
    for _ in range(TIMES):
        answer = api.workshop.create_bulk(MANY, capped, cause="many more")
        if not answer.succeeded:
            raise NotExercised(f"{room} ({answer.summary} to {MANY} more): {advice}")
    return answer


def other_ways_to_create(api, capped):
    """Requests that make one creator: under an `Idempotency-Key`, with all members, with a leading @, as a bulk of one."""
    name, today = api.workshop.name, api.operations[0].today
    whole = {"tiktok_handle": name("n"), "tracking_mode": "selective", "tracking_start_date": f"{today}"}
    plain = api.workshop.draft("creator", api.project_of(capped), name("n"))
    return [
        plain.with_headers(("Idempotency-Key", api.workshop.idempotency_key())).because("under a key"),
        plain.with_json(whole).because("all members"),
        plain.with_json({"tiktok_handle": f"@{name('n')}"}).because("leading @"),
        api.workshop.bulk([name("n")], capped).because("bulk of one"),
    ]


def must_not_pass_together(answers, room, count, most):
    """Of concurrent creates no more pass than there is room for, and no more exist than may."""
    passed = [answer for answer in answers if answer.succeeded]
    for answer in passed or answers:
        answer.must(
            ok=len(passed) <= room and count <= most,
            message=f"{len(passed)} of {len(answers)} concurrent creates passed with room for {room}, and {count} exist",
            expected=f"at most {room} successes, and at most {most} exist",
            got=f"{len(passed)} successes, and {count} exist",
        )


@dataclass(frozen=True)
class Cap:
    """A cap other than the creators': what refused creates got, after so many passed, and how many the list shows."""

    kind: str
    limit_key: str
    refusals: tuple[Answer, ...]
    made: int
    count: int

    @property
    def figures(self):
        """What a refusal has to say of it. Payout methods that were there before, as the seeded one, need not be counted."""
        told = self.refusals[0].response.meta.get("current")
        counted = told if self.kind == "payout_method" and told in range(self.made, self.count) else self.count
        return {"current": counted, "max": counted}


def other_caps(api, capped):
    """The caps of campaigns and of payout methods in the capped org, of those that have a low one; none where creates are dear."""
    shared = any(key.org == capped.org for key in api.profile.keys if key.name != capped.name)
    if shared or not api.creates_freely:
        return []
    caps = [reached(api, capped, kind) for kind in LIMIT_KEYS]
    return [cap for cap in caps if cap]


def reached(api, capped, kind):
    """The cap of a kind, when one after another was made until one was refused; None where none was made, or FEW were."""
    made, before = 0, listed(api, capped, kind)
    while (answer := api.workshop.create(kind, capped, cause="one more")).succeeded:
        made += 1
        if made == FEW:
            return None
    if answer.disturbed:
        raise Inconclusive(answer.disturbed)
    if not made or answer.status >= 500:
        return None
    count = listed(api, capped, kind)
    if count < before + made:
        reason = f"after {made} more were made ({kind}) the list shows {count}, and before it showed {before}"
        raise Inconclusive(f"{reason}: it can't be counted on")
    return Cap(kind, LIMIT_KEYS[kind], (answer, create_under_a_key(api, capped, kind)), made, count)


def listed(api, capped, kind):
    """How many of a kind the list shows that its cap is about: of campaigns those of the project in which this run makes them."""
    project = api.project_of(capped).lower()
    items = api.workshop.listed(kind, capped)
    return sum(str(item.get("project_id", project)).lower() == project for item in items)


def create_under_a_key(api, capped, kind):
    """Ask for one more of a kind under an `Idempotency-Key`."""
    header = ("Idempotency-Key", api.workshop.idempotency_key())
    draft = api.workshop.draft(kind, api.project_of(capped), api.workshop.name("n")).with_headers(header)
    return api.send(draft, capped, cause="under a key", creates=1)


def full_campaign(api, capped):
    """A campaign of this run, filled with what the capped org has until one more was refused, twice, and one of another kind; else None."""
    api.once(other_caps, capped)  # makes campaigns, where that is free
    for campaign in own(api, capped, "campaign")[:1]:
        things, added = what_it_may_hold(api, capped, campaign), 0
        while things and (answer := put_in(api, capped, campaign, things[0])).succeeded:
            things, added = things[1:], added + 1
        if things and added and answer.is_("402"):
            others = [thing for thing in things if thing[0] != things[0][0]][:1]
            again = [put_in(api, capped, campaign, thing) for thing in (things[0], *others)]
            return Cap("item", ITEMS, (answer, *again), added, added)
    return None


def own(api, capped, kind):
    """What is left of a kind that this run made in the capped org."""
    return [made for made in api.workshop.remaining if (made.kind, made.owner) == (kind, capped)]


def what_it_may_hold(api, capped, campaign):
    """The type and id of all that may be put into a campaign: another campaign of this run, the org's creators, more campaigns."""
    creators = [("creator", each) for each in map(id_of, api.workshop.listed_in_org("creator", capped)) if each]
    # the last ones first: the second is filled later, and nothing gets into itself
    campaigns = [("campaign", made.id) for made in own(api, capped, "campaign")[::-1] if made != campaign]
    return [*campaigns[:1], *creators, *campaigns[1:]]


def put_in(api, capped, campaign, thing, cause="one more"):
    """Ask for one more thing to be in a campaign."""
    item_type, item_id = thing
    draft = api.endpoint("POST /campaigns/{id}/items").valid(
        {"campaign": campaign.id}, item_type=item_type, item_id=item_id
    )
    return api.send(draft, capped, cause=cause)


def must_tell(api, refusal, cap):
    """It is 402; and where it names a documented limit, that is the one of its kind, with the true figures."""
    named = refusal.response.meta.get("limitKey") in api.contract.limit_keys
    refusal.must_be("402.limit", **({"limitKey": cap.limit_key, **cap.figures} if named else {}))


def the_other_caps_are_not_passed(api, capped):
    """As the creators': the first create beyond the cap of its kind is told the true count, under an `Idempotency-Key` too."""
    for cap in api.once(other_caps, capped):
        for refusal in cap.refusals:
            must_tell(api, refusal, cap)
    items = api.once(full_campaign, capped)
    if items:
        must_tell(api, items.refusals[0], items)
    for of_another_kind in items.refusals[2:] if items else ():
        of_another_kind.must_be("402.limit")


def room_after_a_delete(api, capped, cap):
    """Remove one of a kind that this run made; how many more fit by what the list shows then, 0 where that can't be told."""
    alive = own(api, capped, cap.kind)
    if not (alive and api.workshop.remove(alive[-1], cause="make room").succeeded):
        return 0
    return max(0, cap.count - listed(api, capped, cap.kind))


def other_refused_creates_leave_nothing_behind(api, capped):
    """As the creators': what was refused is not there, after one delete one create passes; what is not put in is not counted."""
    for cap in api.once(other_caps, capped):
        there = api.everything(capped)
        for refusal in cap.refusals:
            if refusal.is_("402"):
                api.must_have_no_effect(refusal, there)
        if room_after_a_delete(api, capped, cap):
            after = api.workshop.create(cap.kind, capped, cause="after a delete")
            after.must_succeed(why="one was deleted, and there is no room for one")
    items = api.once(full_campaign, capped)
    if items and items.refusals[1].status < 500:
        must_not_be_counted(*items.refusals[:2])


def must_not_be_counted(refused, again):
    """What was not put into a campaign is refused again for the same: as many things are in it as before."""
    before, after = (answer.response.meta.get("current") for answer in (refused, again))
    again.must(
        ok=before == after,
        message="what was refused is counted all the same, or is there",
        where="/meta/current",
        expected=repr(before),
        got=f"{again.summary}, current {after!r}",
    )


def other_creates_cannot_pass_a_cap_together(api, capped):
    """As the creators': at one below the cap several at once, plain and under an `Idempotency-Key`, and at most one passes."""
    for cap in api.once(other_caps, capped):
        for _ in range(api.rounds):
            room = room_after_a_delete(api, capped, cap)
            if room:
                plain = partial(api.workshop.create, cap.kind, capped, cause="at once")
                answers = api.together([plain, partial(create_under_a_key, api, capped, cap.kind)] * 2)
                must_not_pass_together(answers, room, listed(api, capped, cap.kind), cap.count)
    items = api.once(full_campaign, capped)
    if items:
        things_put_in_at_once(api, capped, items.count)


def things_put_in_at_once(api, capped, most):
    """Into another campaign, at one below the cap, all the rest at once: at most one of them is in it then."""
    for campaign in own(api, capped, "campaign")[1:2]:
        things = what_it_may_hold(api, capped, campaign)
        passed = [thing for thing in things[: most - 1] if put_in(api, capped, campaign, thing).succeeded]
        if len(passed) == most - 1 and len(things) > most:
            ways = [partial(put_in, api, capped, campaign, thing, "at once") for thing in things[most - 1 :]]
            answers = api.together(ways)
            must_not_pass_together(answers, 1, most - 1 + sum(answer.succeeded for answer in answers), most)


@requirement("402.limit.enforced")
def the_cap_is_reached_exactly_and_not_passed(api, capped):
    """Creating goes on until exactly `max` exist; the next one, and a bulk that would pass the cap, get 402 with the true count."""
    full = api.once(filled, capped)
    full.refusal.must_be("402.limit", **full.figures)
    bulk = api.workshop.create_bulk(2, capped)
    bulk.must_be("402.limit", **full.figures)
    for draft in other_ways_to_create(api, capped):
        api.send(draft, capped).must_be("402.limit", **full.figures)
    key = full.refusal.response.meta.get("limitKey")
    if full.filled and full.refusal.is_("402.limit") and key in api.contract.limit_keys:
        full.refusal.must_be("402.limit", limitKey=CREATORS)
    the_other_caps_are_not_passed(api, capped)


@requirement("402.limit.no-effect")
def a_refused_create_leaves_nothing_behind(api, capped):
    """Neither the refused create nor any part of a refused bulk exists; after one delete exactly one create passes."""
    refused = [api.once(filled, capped).refusal, api.workshop.create_bulk(2, capped)]
    api.workshop.make_room(capped)
    refused.append(api.workshop.create_bulk(2, capped, cause="bulk of two with room for one"))
    there = api.everything(capped)
    for answer in refused:
        if answer.is_("402"):
            api.must_have_no_effect(answer, there)
    # by the name that was refused: nothing may have been kept back for it
    name = refused[0].exchange.request.document.value["tiktok_handle"] if refused[0].is_("402") else ""
    api.workshop.create("creator", capped, name=name, cause="after a delete").must_succeed(
        why="one was deleted, and there is no room for one"
    )
    api.workshop.create("creator", capped, cause="after a delete and a create", creates=0).must_be("402.limit")
    if api.creates_freely:
        api.workshop.make_room(capped)
        alone = api.send(api.workshop.bulk([api.workshop.name("n")], capped), capped, cause="bulk of one", creates=1)
        alone.must_not_be("402", why="one was deleted, and there is no room for a bulk of one")
    other_refused_creates_leave_nothing_behind(api, capped)


@requirement("402.limit.atomic")
def concurrent_creates_cannot_pass_the_cap_together(api, capped):
    """At one below the cap several creates at once: at most one passes, and never more than `max` exist."""
    full = api.once(filled, capped)
    for number in range(api.rounds):
        api.workshop.make_room(capped)
        listed = len(api.workshop.listed_in_org("creator", capped))
        room = full.count - listed
        if room < 1:
            raise Inconclusive(
                f"with {full.count} creators the org was full, one was deleted, and the list shows {listed}"
            )
        answers = api.together(creates_at_once(api, capped, number))
        must_not_pass_together(answers, room, len(api.workshop.listed_in_org("creator", capped)), full.count)
    other_creates_cannot_pass_a_cap_together(api, capped)


def creates_at_once(api, capped, number):
    """Five creates of one creator each to be sent at once: all plain ones; in further rounds bulks of one, then some of both."""
    single = partial(api.workshop.create, "creator", capped, cause="at once")
    bulk = partial(api.workshop.create_bulk, 1, capped, cause="bulk at once", creates=1)
    rounds = ([single] * 5, [bulk] * 5, [single, bulk, single, bulk, single]) if api.creates_freely else ([single] * 5,)
    return rounds[number % len(rounds)]


@requirement("402.retention")
def history_ends_where_the_plan_says(api, reader):
    """A range that starts before the retained history is 402 `retention_exceeded`; one inside it is not."""
    analytics = api.endpoint("GET /analytics")
    drafts = api.some(api.valids(analytics, api.known_ids(reader)))
    for draft in (d for d in drafts if dict(d.request().parameters).get("from", "") > api.profile.too_old):
        inside = api.send(draft, reader)
        inside.must_not_be("402", why="the range is inside the last week")
        if inside.is_("404"):
            api.skip(f"what {draft.operation} was asked about is not there any more")
            continue
        early = too_old(api, draft)
        for cause, query in ((draft.cause, early), ("as CSV", early.with_parameter("format", "csv"))):
            api.send(query, reader, cause=f"too old, {cause}").must_be("402.retention")
    for draft in api.further(one_of_each_entity(drafts, api.profile.too_old)):
        ends_left_to_the_default(api, reader, draft)


def too_old(api, draft):
    """The same request for two days that are too long ago: how long a range may be is open."""
    first = dt.date.fromisoformat(api.profile.too_old)
    return draft.with_parameter("from", f"{first}").with_parameter("to", f"{first + dt.timedelta(days=1)}")


def one_of_each_entity(drafts, oldest):
    """Of requests for figures in the history one for each entity: a creator's, a campaign's."""
    queries = [(dict(draft.query), draft) for draft in drafts]
    return list({q["entity"]: draft for q, draft in reversed(queries) if q.get("from", "") > oldest}.values())


def ends_left_to_the_default(api, reader, draft):
    """As CSV, with one end of the range left out or both, history ends where it does with both ends told."""
    csv = api.send(draft.with_parameter("format", "csv"), reader, cause="as CSV")
    csv.must_not_be("402", why="the range is inside the last week")
    since = without(draft, "to")
    alone = api.send(since, reader, cause="from alone")
    alone.must_not_be("402", why="the range starts inside the last week")
    if alone.succeeded:
        early = since.with_parameter("from", api.profile.too_old)
        # it goes on for longer than a range may be perhaps
        api.send(early, reader, cause="too old, from alone").must_be("402.retention", "400.query")
    begin = api.endpoint("GET /analytics").today - dt.timedelta(days=LONG_AGO)
    if api.send(draft.with_parameter("from", f"{begin}"), reader, cause="longer than the default").succeeded:
        for cause, query in (("to alone", without(draft, "from")), ("no range", without(draft, "from", "to"))):
            default = api.send(query, reader, cause=cause)
            default.must_not_be("402", why="the default range of thirty days is refused, and a longer one is not")


def without(draft, *names):
    """The same request without these parameters."""
    return draft.with_query(tuple(pair for pair in draft.query if pair[0] not in names))
