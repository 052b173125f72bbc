"""409: what would happen twice, or against the state of a thing, does not happen."""

from dataclasses import dataclass, replace
from functools import partial

from goatcheck.conduct import Answer, Keyed, evidence, requirement, texts_in
from goatcheck.drawing import Draft, Endpoint
from goatcheck.errors import Inconclusive

KEPT = 24 * 3600 - 300
"""Seconds for which the first answer under an `Idempotency-Key` must come again, with some minutes to spare."""


@dataclass(frozen=True)
class Replay:
    """One operation asked again and again with one `Idempotency-Key` and one body, which asks for so many resources, not before
    `at` (Unix seconds).
    """

    endpoint: Endpoint
    key: tuple[str, str]
    asked: int
    first: Answer
    draft: Draft
    again: list[Answer]
    at: float

    def must_be_the_first(self, again):
        """A repetition must get the first answer once more."""
        again.must(
            ok=(again.status, again.data) == (self.first.status, self.first.data),
            message="the repeated request did not get the first answer again",
            expected=f"{self.first.status} and {self.first.data!r}",
            got=f"{again.status} and {again.data!r}",
        )


def replays(api, full):
    """Each operation that takes an `Idempotency-Key`, asked again with the same key and body; creators also in bulk."""
    began = api.now()
    firsts = [(endpoint, 1, api.workshop.keyed(endpoint, full)) for endpoint in api.idempotent]
    found, times = [], ("same again", *api.further(["and again"]))
    for endpoint, asked, first in (*firsts, *several(api, full)):
        if not first.answer.succeeded:
            reason = f"the first use of an Idempotency-Key on {endpoint.operation.id} was answered with {first.answer.summary}"
            if asked == 1:
                raise Inconclusive(reason)
            api.skip(reason)
            continue
        again = [api.send(first.draft, full, cause=time, fresh=True) for time in times]
        found.append(Replay(endpoint, first.key, asked, first.answer, first.draft, again, began))
    return found


def several(api, full):
    """The creation of two things at once under an `Idempotency-Key`, where creates are free."""
    if not api.creates_freely:
        return []
    key, names = ("Idempotency-Key", api.workshop.idempotency_key()), [api.workshop.name("n"), api.workshop.name("n")]
    draft = api.workshop.bulk(names, full).with_headers(key)
    first = Keyed(draft, key, api.send(draft, full, cause="bulk, first use", creates=len(names)))
    return [(api.endpoint(draft.operation), len(names), first)]


@requirement("409.idempotency.replay")
def the_same_request_again_gets_the_first_answer_again(api, full):
    """The same `Idempotency-Key`, route and body: the first response again, and one resource, not two."""
    for replay in api.once(replays, full):
        for again in replay.again:
            replay.must_be_the_first(again)
        count = api.workshop.count_named_in(replay.first, full)
        # it may have been renamed meanwhile, by what should have been refused
        replay.again[-1].must(
            ok=count <= replay.asked,
            message=f"of {replay.asked} asked for {count} are listed",
            expected=str(replay.asked),
            got=str(count),
        )
    for twice in at_once(api, full):
        count = api.workshop.count_named_in(twice[0], full)
        twice[-1].must(
            ok=count <= 1,
            message=f"two requests at once under one Idempotency-Key made {count} things",
            expected="one at the most",
            got=str(count),
        )


def at_once(api, full):
    """For each operation that takes an `Idempotency-Key`, what two requests at once under one got, where creates are free."""
    found = []
    for endpoint in api.idempotent if api.creates_freely else ():
        draft = api.workshop.attempt(endpoint, full).with_headers(("Idempotency-Key", api.workshop.idempotency_key()))
        found.append(api.together([partial(api.send, draft, full, cause="two at once", creates=1)] * 2))
    return found


@evidence("repetitions", "409.idempotency.replay")
def a_repetition_gets_the_first_answer_for_a_day(api):
    """When a day is nearly over, and many other keys were used, the first response comes again still."""
    full = api.key("full")
    if not (api.creates_freely and full and api.profile.writes and api.profile.kind != "mock"):
        return
    found = api.once(replays, full)
    api.wait(0)  # what is known of the target's time may be old
    left = min((replay.at for replay in found), default=0.0) + KEPT - api.now()
    if left > 0 and api.profile.clock:
        api.wait(left)
    for replay in found if left > 0 else ():
        again = api.send(replay.draft, full, cause="at the end of the day", fresh=True)
        replay.must_be_the_first(replace(again, recorder=again.recorder.about("409.idempotency.replay")))


@requirement("409.idempotency.route")
def an_idempotency_key_belongs_to_one_route(api, full):
    """An `Idempotency-Key` that succeeded on one path template is refused with 409 on another."""
    for replay in api.once(replays, full):
        for endpoint in api.idempotent:
            if endpoint.operation.template != replay.endpoint.operation.template:
                draft = api.workshop.attempt(endpoint, full).with_headers(replay.key)
                api.send(draft, full, cause=f"key used on {replay.endpoint.operation.template}").must_be("409")


def the_handle_again(api, full):
    """Creating a handle that is taken, in every way that there is, and renaming another creator, or its own, to it."""
    taken = api.workshop.own("creator", full)
    other = api.workshop.another("creator", full)
    rename = api.endpoint("PATCH /creators/{id}").valid({"creator": other.id}, tiktok_handle=taken.name)
    unchanged = api.endpoint("PATCH /creators/{id}").valid({"creator": taken.id}, tiktok_handle=taken.name)
    return [
        api.workshop.create("creator", full, name=taken.name, cause="create", creates=0),
        api.send(rename, full, cause="rename"),
        *(api.send(draft, full, cause="rename to its own") for draft in api.further([unchanged])),
        *(
            api.send(draft, key, cause=f"create {draft.cause}", removes_with=full)
            for draft, key in api.further(other_ways_to_create(api, full, taken.name))
        ),
    ]


def must_be_there_once_of_many(api, full):
    """What was made as one of several is refused once more, and is there once."""
    name = api.workshop.name("n")
    bulk = api.send(api.workshop.bulk([name, api.workshop.name("n")], full), full, cause="set-up", creates=2)
    if bulk.succeeded:
        again = api.workshop.create("creator", full, name=name, cause="create what is there of many", creates=0)
        again.must_be("409")
        count = api.workshop.count_named_in(again, full)
        again.must(ok=count < 2, message=f"the handle is listed {count} times", expected="once", got=str(count))


def other_ways_to_create(api, full, taken):
    """Requests that would make what is there already, each with its key: under an `Idempotency-Key`, with all members, as a
    bulk of one, and by another key of the org.
    """
    plain, today = api.workshop.draft("creator", api.project_of(full), taken), f"{api.operations[0].today}"
    whole = {"tiktok_handle": taken, "tracking_mode": "selective", "tracking_start_date": today}
    own = [
        plain.with_headers(("Idempotency-Key", api.workshop.idempotency_key())).because("under a key"),
        plain.with_json(whole).because("with all members"),
        api.workshop.bulk([taken], full).because("as a bulk of one"),
    ]
    writers = [k for k in api.profile.keys if k.org == full.org and k.state == "active" and "write" in k.scopes]
    others = [key for key in writers if key != full and not key.burst]
    return [*((draft, full) for draft in own), *((plain.because("by another key"), key) for key in others[:1])]


@requirement("409.duplicate")
def a_handle_is_there_once(api, full):
    """The same creator handle twice in a project is refused with 409, by a create and by a rename, and is there once."""
    for answer in api.once(the_handle_again, full):
        # what a bulk comes to of which nothing can be made is open
        if "bulk" not in answer.exchange.intent.cause:
            answer.must_be("409")
        count = api.workshop.count_named_in(answer, full)
        answer.must(ok=count == 1, message=f"the handle is listed {count} times", expected="once", got=str(count))
    if api.creates_freely:
        must_be_there_once_of_many(api, full)
        create = partial(api.workshop.create, "creator", full, name=api.workshop.name("n"), cause="three at once")
        first, *_ = api.together([create] * 3)
        count = api.workshop.count_named_in(first, full)
        first.must(
            ok=count < 2, message=f"made at once, the handle is listed {count} times", expected="once", got=str(count)
        )


@requirement("409.duplicate-case")
def a_handle_is_there_once_in_whatever_spelling(api, full):
    """Another letter case or a leading @ does not make it another handle."""
    taken = api.workshop.own("creator", full).name
    for cause, name in (("upper case", taken.upper()), ("leading @", f"@{taken}"), ("both", f"@{taken.upper()}")):
        api.workshop.create("creator", full, name=name, cause=cause, creates=0).must_be("409")
    if api.creates_freely:
        mixed = f"{taken[0]}{taken[1:].upper()}"
        api.workshop.create("creator", full, name=mixed, cause="mixed case", creates=0).must_be("409")
        capital = api.workshop.make("creator", full, name=f"{api.workshop.name('n')}Goat")
        small = api.workshop.create("creator", full, name=capital.name.lower(), cause="lower case", creates=0)
        small.must_be("409")
        other = api.workshop.another("creator", full)
        rename = api.endpoint("PATCH /creators/{id}").valid({"creator": other.id}, tiktok_handle=taken.upper())
        api.send(rename, full, cause="rename, upper case").must_be("409")
        for cause, other in (("upper case", str.upper), ("leading @", "@{}".format)):
            name = api.workshop.name("n")
            both = api.workshop.bulk([name, other(name)], full)
            answer = api.send(both, full, cause=f"both in one request, {cause}", creates=1)
            count = api.workshop.count_named_in(answer, full)
            answer.must(ok=count < 2, message=f"the handle is listed {count} times", expected="once", got=str(count))


@requirement("409.state")
def what_the_state_forbids_is_refused(api, full):
    """Deleting a seeded payout method is refused with 409, every time; and no campaign gets into itself."""
    if api.thorough:
        api.once(seeded_name, full)
    for cause in ("once", "and again"):
        api.send(delete_seeded(api), full, cause=cause).must_be("409")
    for answer in in_a_circle(api, full) if api.creates_freely else ():
        answer.must(
            ok=not answer.succeeded, message="a campaign is inside itself", expected="a refusal", got=answer.summary
        )


def seeded_name(api, full):
    """What the seeded payout method is called; None where no answer tells."""
    look = api.endpoint("GET /payout-methods/{id}").valid({"payout_method": api.fixture("default_payout_method")})
    data = api.send(look, full, cause="look", fresh=True).data
    return data.get("name") if isinstance(data, dict) else None


def in_a_circle(api, full):
    """What is answered where a campaign is put into itself, at once or by way of another."""
    outer, inner = (api.workshop.make("campaign", full).id for _ in range(2))
    into = api.endpoint("POST /campaigns/{id}/items")

    def put(item, campaign, cause):
        return api.send(into.valid({"campaign": campaign}, item_type="campaign", item_id=item), full, cause=cause)

    refused = [put(outer, outer, "into itself")]
    return [*refused, put(outer, inner, "into each other")] if put(inner, outer, "set-up").succeeded else refused


@requirement("409.no-effect")
def a_conflicting_write_changes_nothing(api, full):
    """After a 409 the things concerned are as they were, and nothing that was asked for exists."""
    answers = [*api.answers_of("409.idempotency.route"), *api.once(the_handle_again, full)]
    if api.creates_freely:
        new, there = api.workshop.name("n"), api.workshop.own("creator", full).name
        gone = api.workshop.make("creator", full)
        api.workshop.remove(gone, cause="set-up")
        was_gone = not is_listed(api, gone)
        asked = api.workshop.bulk([there, new, gone.name], full)
        partly = api.send(asked, full, cause="bulk, one is there", creates=2)
        answers.append(partly)
    refused = [answer for answer in answers if answer.is_("409")]
    there = api.everything(full)
    for answer in refused:
        api.must_have_no_effect(answer, there)
    if api.creates_freely and partly.is_("409"):
        partly.must(
            ok=not (was_gone and gone.name.lower() in there and is_listed(api, gone)),
            message=f"the removed creator {gone.name} is back, which was asked for beside one that is there, and refused",
            expected="nothing changed",
            got=f"{gone.name} is there",
        )
        after = api.workshop.create("creator", full, name=new, cause="what the bulk did not make")
        after.must_not_be("409", why="a handle is taken that was asked for beside one that is there, and refused")
    forbidden = api.answers_of("409.state") if "default_payout_method" in api.profile.fixtures else []
    deletions = [answer for answer in forbidden if answer.exchange.request.method == "DELETE"]
    if not any(answer.succeeded for answer in deletions):
        for answer in (answer for answer in deletions if answer.is_("409")):
            seeded = api.fixture("default_payout_method").lower()
            answer.must(ok=seeded in there, message="the payout method whose deletion was refused is gone")
        for answer in api.further([answer for answer in deletions[-1:] if answer.is_("409")]):
            before, after = api.once(seeded_name, full), seeded_name(api, full)
            answer.must(
                ok=before == after or not (before and after),
                message="the payout method whose deletion was refused has another name",
                expected=f"{before!r}",
                got=f"{after!r}",
            )


def is_listed(api, made):
    """Whether its list shows a thing just now."""
    items = api.workshop.listed(made.kind, made.owner, fresh=True)
    return made.name.lower() in {text.lower() for text in texts_in(items)}


def delete_seeded(api):
    """The request that deletes the seeded payout method."""
    return api.endpoint("DELETE /payout-methods/{id}").valid({"payout_method": api.fixture("default_payout_method")})
