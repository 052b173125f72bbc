"""404: what does not exist and what belongs to somebody else look the same, and stay untouched."""

import json
import re

from goatcheck.conduct import KINDS, items_of, requirement, texts_in

SHORT = 20
"""A part of a request's path that is longer is an id."""

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def asked_by_a_stranger(api, full, foreign):
    """What the full key is answered when it aims each operation with an id in its path at what the foreign key made."""
    mine, theirs = api.workshop.own_ids(full), api.workshop.own_ids(foreign)
    aims = [(endpoint, {**mine, **endpoint.in_path(theirs)}) for endpoint in api.with_ids]
    return [api.attempt(endpoint, ids, full, cause="foreign", owner=foreign) for endpoint, ids in aims]


def foreign_fixtures(api):
    """The foreign things that the profile knows, by kind: they may only be read, and there is more in them than in new ones."""
    known = {kind: api.profile.fixtures.get(f"foreign_{kind}") for kind in KINDS}
    return {kind: fixture.id for kind, fixture in known.items() if fixture is not None}


def lists_for_a_stranger(api, full, foreign):
    """What the full key is shown by every list: unfiltered, filtered by foreign ids, and searched for a foreign name."""
    name = api.workshop.own("creator", foreign).name
    drafts = []
    for endpoint in (e for e in api.reads if not e.operation.path_parameters):
        drafts += [endpoint.valid(), *api.filtered(endpoint, api.workshop.own_ids(foreign))]
        drafts += api.filtered(endpoint, foreign_fixtures(api))
        drafts += [endpoint.valid(search=name)] if endpoint.takes("search") else []
    return [api.send(draft, full, cause="foreign", fresh=True) for draft in dict.fromkeys(drafts)]


def figures_for_a_stranger(api, full, foreign):
    """What the full key is told of each foreign thing that it asks figures of, each beside what it is told of nothing."""
    analytics = api.endpoint("GET /analytics")
    ids = {**api.workshop.own_ids(foreign), **foreign_fixtures(api)}
    told = []
    for kind in ("creator", "campaign") if api.thorough else ("creator",):
        absent = analytics.valid(entity=kind)
        nothing = api.send(absent, full, cause=f"absent:{kind}")
        told.append((api.send(absent.with_parameter("entity_id", ids[kind]), full, cause=f"foreign:{kind}"), nothing))
    return told


def shown_to_a_stranger(answer, things):
    """Which of the foreign ids and names an answer shows; what merely repeats the query does not count."""
    asked = answer.exchange.request.query
    texts, whole = set(texts_in(answer.response.document.value)), answer.response.text.lower()
    listed = {text.lower() for text in texts_in(items_of(answer))}
    return [
        thing
        for thing in things
        if thing.lower() in listed
        or (thing not in asked and (thing in texts or (UUID.fullmatch(thing) and thing in whole)))
    ]


def without_ids(data):
    """A JSON value as text, ids taken out: an answer may repeat the id that was asked for."""
    return UUID.sub("…", json.dumps(data, sort_keys=True, default=repr))


def face(answer):
    """What a client sees of an error: status, code and text, with ids and names taken out."""
    text = UUID.sub("…", str(answer.response.member("error")))
    for part in {part for part in re.split(r"[/?=&]", answer.exchange.request.target) if len(part) > SHORT}:
        text = text.replace(part, "…")
    return f"{answer.summary}: {text}"


@requirement("404.absent")
def an_id_that_nothing_has_is_not_found(api, full):
    """A uuid that no resource has, or has any more, gets 404 from every operation with an id in its path.

    A removed creator may come back: what its id gets meanwhile is open.
    """
    for endpoint in api.with_ids:
        api.send(endpoint.valid(api.nowhere(endpoint, full)), full, cause="absent").must_be("404")
    for kind in ["campaign", "payout_method"] if api.creates_freely else ["campaign"]:
        ids = {**api.known_ids(full), kind: api.workshop.make(kind, full).id}
        aimed = [e for e in api.with_ids if e.operation.target == kind and not e.operation.makes]
        deletion = next(e for e in aimed if e.operation.method == "DELETE")
        if api.send(deletion.valid(ids), full, cause="set-up").succeeded:
            for endpoint in aimed if api.thorough else [deletion]:
                api.send(endpoint.valid(ids), full, cause=f"deleted:{kind}").must_be("404")


@requirement("404.foreign")
def what_belongs_to_another_org_is_not_found(api, full, foreign):
    """Every operation with an id in its path answers 404 for another org's resource, and no list shows it."""
    for answer in api.once(asked_by_a_stranger, full, foreign):
        answer.must_be("404")
    names = [made.name for made in api.workshop.own_things(foreign)]
    theirs = [*api.workshop.own_ids(foreign).values(), *foreign_fixtures(api).values(), *names]
    for answer in api.once(lists_for_a_stranger, full, foreign):
        shown = shown_to_a_stranger(answer, theirs)
        answer.must(
            ok=not shown or not answer.succeeded,
            message="a list shows what belongs to another org",
            expected="nothing of another org",
            got=", ".join(shown),
        )
    for answer, nothing in api.once(figures_for_a_stranger, full, foreign):
        answer.must(
            ok=not answer.succeeded or not answer.data or without_ids(answer.data) == without_ids(nothing.data),
            message="the figures of another org are shown",
            expected=f"nothing, or what is told of an id that nothing has ({nothing.summary})",
            got=answer.response.text,
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
