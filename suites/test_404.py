"""404: what does not exist and what belongs to somebody else look the same, and stay untouched."""

import re

from goatcheck.conduct import requirement, texts_in

SHORT = 20
"""A part of a request's path that is longer is an id."""

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def asked_by_a_stranger(api, full, foreign):
    """What the full key is answered when it aims each operation with an id in its path at what the foreign key made."""
    mine, theirs = api.workshop.own_ids(full), api.workshop.own_ids(foreign)
    aims = [(endpoint, {**mine, **endpoint.in_path(theirs)}) for endpoint in api.with_ids]
    return [api.attempt(endpoint, ids, full, cause="foreign", owner=foreign) for endpoint, ids in aims]


def lists_for_a_stranger(api, full, foreign):
    """What the full key is shown by every list, unfiltered and filtered by the foreign ids."""
    ids = api.workshop.own_ids(foreign)
    lists = [endpoint for endpoint in api.reads if not endpoint.operation.path_parameters]
    drafts = [draft for endpoint in lists for draft in (endpoint.valid(), *api.filtered(endpoint, ids))]
    return [api.send(draft, full, cause="foreign", fresh=True) for draft in drafts]


def face(answer):
    """What a client sees of an error: status, code and text, with ids and names taken out."""
    text = UUID.sub("…", str(answer.response.member("error")))
    for part in {part for part in re.split(r"[/?=&]", answer.exchange.request.target) if len(part) > SHORT}:
        text = text.replace(part, "…")
    return f"{answer.summary}: {text}"


@requirement("404.absent")
def an_id_that_nothing_has_is_not_found(api, full):
    """A uuid that no resource has gets 404 from every operation with an id in its path."""
    for endpoint in api.with_ids:
        api.send(endpoint.valid(api.nowhere(endpoint, full)), full, cause="absent").must_be("404")


@requirement("404.foreign")
def what_belongs_to_another_org_is_not_found(api, full, foreign):
    """Every operation with an id in its path answers 404 for another org's resource, and no list shows it."""
    for answer in api.once(asked_by_a_stranger, full, foreign):
        answer.must_be("404")
    theirs = api.workshop.own_things(foreign)
    for answer in api.once(lists_for_a_stranger, full, foreign):
        asked = answer.exchange.request.query
        texts, whole = set(texts_in(answer.response.document.value)), answer.response.text.lower()
        ids = [made.id for made in theirs if made.id.lower() in whole and made.id not in asked]
        shown = ids + [made.name for made in theirs if made.name in texts]
        answer.must(
            ok=not shown or not answer.succeeded,
            message="a list shows what belongs to another org",
            expected="nothing of another org",
            got=", ".join(shown),
        )


@requirement("404.indistinguishable")
def a_stranger_cannot_tell_that_it_exists(api, full, foreign):
    """Absent and foreign get the same status, code and text, ids aside."""
    absent = {answer.operation: answer for answer in api.answers_of("404.absent") if answer.is_("404")}
    for answer in api.once(asked_by_a_stranger, full, foreign):
        other = absent.get(answer.operation)
        if other is not None and not answer.disturbed:
            answer.must(
                ok=face(answer) == face(other),
                message="foreign and absent can be told apart",
                expected=face(other),
                got=face(answer),
            )


@requirement("404.foreign-no-effect")
def what_belongs_to_another_org_is_unchanged(api, full, foreign):
    """The owner sees its resources as they were, and nothing that the stranger asked for."""
    answers = api.once(asked_by_a_stranger, full, foreign)
    there = api.everything(foreign)
    for answer in answers:
        if not answer.disturbed and answer.exchange.request.method != "GET":
            api.must_have_no_effect(answer, there)
