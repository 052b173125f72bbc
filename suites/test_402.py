"""402: a plan's limits hold exactly, at once and for everybody; history ends where the plan says."""

from dataclasses import dataclass

from goatcheck.conduct import Answer, requirement
from goatcheck.errors import Inconclusive, NotExercised

CREATORS = "max_creators_per_org"
"""The documented `limitKey` of the limit that a capped org has."""

LOW = 20
"""A creator cap is low (state "capped" in the profile) where fewer creates than this pass it."""

MANY = 50
"""So many creators may be asked for in one request."""


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
    """A creation of fifty at once in an org that took so many: only one that takes these too has no cap."""
    answer = api.workshop.create_bulk(MANY, capped, cause="many more")
    if not answer.succeeded:
        raise NotExercised(f"the org of the key {capped.name} has room for more than {LOW} creators: {answer.summary}")
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


@requirement("402.limit.atomic")
def concurrent_creates_cannot_pass_the_cap_together(api, capped):
    """At one below the cap several creates at once: at most one passes, and never more than `max` exist."""
    full = api.once(filled, capped)
    for _ in range(api.rounds):
        api.workshop.make_room(capped)
        room = full.count - len(api.workshop.listed_in_org("creator", capped))
        if room < 1:
            raise Inconclusive("one creator was deleted, and the list shows as many as before: it can't be counted on")
        answers = api.together([lambda: api.workshop.create("creator", capped, cause="at once")] * 5)
        count = len(api.workshop.listed_in_org("creator", capped))
        passed = [answer for answer in answers if answer.succeeded]
        for answer in passed or answers:
            answer.must(
                ok=len(passed) <= room and count <= full.count,
                message=f"{len(passed)} of {len(answers)} concurrent creates passed with room for {room}, and {count} exist",
                expected=f"at most {room} successes, and at most {full.count} exist",
                got=f"{len(passed)} successes, and {count} exist",
            )


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
        early = draft.with_parameter("from", api.profile.too_old)
        for cause, query in ((draft.cause, early), ("as CSV", early.with_parameter("format", "csv"))):
            api.send(query, reader, cause=f"too old, {cause}").must_be("402.retention")
