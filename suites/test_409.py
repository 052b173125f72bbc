"""409: what would happen twice, or against the state of a thing, does not happen."""

from dataclasses import dataclass

from goatcheck.conduct import Answer, Keyed, requirement
from goatcheck.drawing import Endpoint
from goatcheck.errors import Inconclusive


@dataclass(frozen=True)
class Replay:
    """One operation asked again and again with one `Idempotency-Key` and one body, which asks for so many resources."""

    endpoint: Endpoint
    key: tuple[str, str]
    asked: int
    first: Answer
    again: list[Answer]


def replays(api, full):
    """Each operation that takes an `Idempotency-Key`, asked again with the same key and body; creators also in bulk."""
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
        found.append(Replay(endpoint, first.key, asked, first.answer, again))
    return found


def several(api, full):
    """The creation of two things at once under an `Idempotency-Key`, where creates are free."""
    if not api.creates_freely:
        return []
    key, names = ("Idempotency-Key", api.workshop.name("key-")), [api.workshop.name("n"), api.workshop.name("n")]
    draft = api.workshop.bulk(names, full).with_headers(key)
    first = Keyed(draft, key, api.send(draft, full, cause="bulk, first use", creates=len(names)))
    return [(api.endpoint(draft.operation), len(names), first)]


@requirement("409.idempotency.replay")
def the_same_request_again_gets_the_first_answer_again(api, full):
    """The same `Idempotency-Key`, route and body: the first response again, and one resource, not two."""
    for replay in api.once(replays, full):
        first = replay.first
        for again in replay.again:
            again.must(
                ok=(again.status, again.data) == (first.status, first.data),
                message="the repeated request did not get the first answer again",
                expected=f"{first.status} and {first.data!r}",
                got=f"{again.status} and {again.data!r}",
            )
        count = api.workshop.count_named_in(first, full)
        # it may have been renamed meanwhile, by what should have been refused
        replay.again[-1].must(
            ok=count <= replay.asked,
            message=f"of {replay.asked} asked for {count} are listed",
            expected=str(replay.asked),
            got=str(count),
        )


@requirement("409.idempotency.route")
def an_idempotency_key_belongs_to_one_route(api, full):
    """An `Idempotency-Key` that succeeded on one path template is refused with 409 on another."""
    for replay in api.once(replays, full):
        for endpoint in api.idempotent if replay.asked == 1 else ():
            if endpoint.operation.template != replay.endpoint.operation.template:
                draft = api.workshop.attempt(endpoint, full).with_headers(replay.key)
                api.send(draft, full, cause=f"key used on {replay.endpoint.operation.template}").must_be("409")


def the_handle_again(api, full):
    """Creating a handle that is taken, and renaming another creator to it."""
    taken = api.workshop.own("creator", full)
    other = api.workshop.another("creator", full)
    rename = api.endpoint("PATCH /creators/{id}").valid({"creator": other.id}, tiktok_handle=taken.name)
    return [
        api.workshop.create("creator", full, name=taken.name, cause="create", creates=0),
        api.send(rename, full, cause="rename"),
    ]


@requirement("409.duplicate")
def a_handle_is_there_once(api, full):
    """The same creator handle twice in a project is refused with 409, by a create and by a rename, and is there once."""
    for answer in api.once(the_handle_again, full):
        answer.must_be("409")
        count = api.workshop.count_named_in(answer, full)
        answer.must(ok=count == 1, message=f"the handle is listed {count} times", expected="once", got=str(count))


@requirement("409.duplicate-case")
def a_handle_is_there_once_in_whatever_spelling(api, full):
    """Another letter case or a leading @ does not make it another handle."""
    taken = api.workshop.own("creator", full).name
    for cause, name in (("upper case", taken.upper()), ("leading @", f"@{taken}"), ("both", f"@{taken.upper()}")):
        api.workshop.create("creator", full, name=name, cause=cause, creates=0).must_be("409")
    if api.creates_freely:
        name = api.workshop.name("n")
        both = api.send(api.workshop.bulk([name, name.upper()], full), full, cause="both in one request", creates=1)
        count = api.workshop.count_named_in(both, full)
        both.must(ok=count < 2, message=f"the handle is listed {count} times", expected="once", got=str(count))


@requirement("409.state")
def what_the_state_forbids_is_refused(api, full):
    """Deleting a seeded payout method is refused with 409, every time."""
    for cause in ("once", "and again"):
        api.send(delete_seeded(api), full, cause=cause).must_be("409")


@requirement("409.no-effect")
def a_conflicting_write_changes_nothing(api, full):
    """After a 409 the things concerned are as they were, and nothing that was asked for exists."""
    answers = [*api.answers_of("409.idempotency.route"), *api.once(the_handle_again, full)]
    refused = [answer for answer in answers if answer.is_("409")]
    there = api.everything(full)
    for answer in refused:
        api.must_have_no_effect(answer, there)
    deletions = api.answers_of("409.state") if "default_payout_method" in api.profile.fixtures else []
    if not any(answer.succeeded for answer in deletions):
        for answer in (answer for answer in deletions if answer.is_("409")):
            seeded = api.fixture("default_payout_method").lower()
            answer.must(ok=seeded in there, message="the payout method whose deletion was refused is gone")


def delete_seeded(api):
    """The request that deletes the seeded payout method."""
    return api.endpoint("DELETE /payout-methods/{id}").valid({"payout_method": api.fixture("default_payout_method")})
