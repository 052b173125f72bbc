"""404: what does not exist and what belongs to somebody else look the same, and stay untouched."""

import itertools
import json
import re
from dataclasses import replace

from goatcheck.conduct import KINDS, id_of, items_of, requirement, texts_in

WITH_DIGITS = re.compile(r"\w*\d[\w:.-]*")
"""A time, the number of a request, a part of an id."""

ENTITIES = ("creator", "campaign", "video")
"""What figures are told of, and what a campaign holds."""

CAPITALS, ENCODED = "in capitals", "in percent-encoding"
"""How an id may be written otherwise, whether or not it is taken for one then."""

SHORT = 20
"""A part of a request's path that is longer is an id."""

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def asked_by_a_stranger(api, full, foreign):
    """What the full key is answered when it aims each operation with an id in its path at what the foreign key made."""
    mine, theirs = api.workshop.own_ids(full), api.workshop.own_ids(foreign)
    aims = [(endpoint, {**mine, **endpoint.in_path(theirs)}) for endpoint in api.with_ids]
    return [api.attempt(endpoint, ids, full, cause="foreign", owner=foreign) for endpoint, ids in aims]


def asked_by_a_stranger_otherwise(api, full, foreign):
    """The same in the requests' other forms, and with the ids in capitals or partly in percent-encoding."""
    mine, theirs = api.workshop.own_ids(full), api.workshop.own_ids(foreign)
    others = []
    for endpoint in api.further(api.with_ids):
        ids = {**mine, **endpoint.in_path(theirs)}
        capitals = endpoint.valid({kind: value.upper() for kind, value in ids.items()}).because(CAPITALS)
        others += [*api.other_forms(endpoint, ids), capitals, encoded(endpoint.valid(ids), endpoint.in_path(theirs))]
    own = api.workshop.own("creator", foreign)
    for rename in api.further([api.endpoint("PATCH /creators/{id}")]):
        others.append(rename.valid({own.kind: own.id}, tiktok_handle=own.name).because("to the name it has"))
    asked = [api.send(d, full, cause=f"foreign, {d.cause}", fresh=True, removes_with=foreign) for d in others]
    return [*asked, *asked_after_a_change(api, full, foreign)]


def asked_after_a_change(api, full, foreign):
    """Where requests are free, the same of what its owner has just changed and read."""
    theirs = api.workshop.own_ids(foreign)
    aimed = [e for e in api.further(api.with_ids) if e.operation.target in KINDS and e.operation.template.endswith("}")]
    asked = []
    for method, endpoint in itertools.product(("PATCH", "GET"), aimed):
        if endpoint.operation.method != method:
            continue
        ids, same = endpoint.in_path(theirs), {}
        if method == "PATCH":
            # its name stays: whatever the owner is answered, it is known
            made = api.workshop.own(endpoint.operation.target, foreign)
            same = dict.fromkeys(endpoint.notes or (KINDS[made.kind].name,), made.name)
        api.send(endpoint.valid(ids, **same), foreign, cause="by its owner", fresh=True)
        asked.append(api.attempt(endpoint, ids, full, cause="foreign, changed", owner=foreign))
    return asked


def encoded(draft, ids):
    """The draft with the first letter of each id in its path in percent-encoding, which makes it no other id."""
    path = draft.path
    for value in ids.values():
        path = path.replace(value, f"%{ord(value[0]):02X}{value[1:]}")
    return replace(draft, path=path).because(ENCODED)


def foreign_fixtures(api):
    """The foreign things that the profile knows, by kind: they may only be read, and there is more in them than in new ones."""
    known = {kind: api.profile.fixtures.get(f"foreign_{kind}") for kind in KINDS}
    return {kind: fixture.id for kind, fixture in known.items() if fixture is not None}


def lists_for_a_stranger(api, full, foreign):
    """What the full key is shown by every list: unfiltered, filtered by foreign ids, and searched for a foreign name."""
    name = api.workshop.own("creator", foreign).name
    drafts = []
    # there is more in what the profile knows than in what was just made
    theirs = {**api.workshop.own_ids(foreign), **foreign_fixtures(api)}
    for endpoint in (e for e in api.reads if not e.operation.path_parameters and e.aims_at_something({})):
        drafts += [endpoint.valid(), *api.filtered(endpoint, theirs)]
        drafts += api.further(
            [d.with_parameter("limit", "100") for d in api.filtered(endpoint, theirs) if endpoint.takes("limit")]
        )
        drafts += [endpoint.valid(search=name)] if endpoint.takes("search") else []
        drafts += api.further(searches(api, endpoint, theirs, name)) if endpoint.takes("search") else []
        drafts += beside_own_things(endpoint, api.workshop.own_ids(full), theirs)
    return [send_after_its_owner(api, draft, full, foreign) for draft in drafts]


def send_after_its_owner(api, draft, full, foreign):
    """What the full key is answered; where requests are free, to what the foreign one has just asked: that is nobody else's."""
    if api.thorough:
        api.send(draft, foreign, cause="just seen", fresh=True)
    return api.send(draft, full, cause="foreign", fresh=True)


def searches(api, endpoint, theirs, name):
    """The endpoint's request with searches that mean everything, and with a foreign name beside foreign ids."""
    everything = [endpoint.valid(search=text) for text in ("", "%", "_")]
    return [*everything, *(draft.with_parameter("search", name) for draft in api.filtered(endpoint, theirs))]


def beside_own_things(endpoint, mine, theirs):
    """The endpoint's request with all ids that its query takes: one of them foreign, the others own."""
    kinds = {p.name: p.resource for p in endpoint.operation.query_parameters if p.resource in mine}
    own = {name: mine[kind] for name, kind in kinds.items()}
    return [endpoint.valid(**{**own, name: theirs[kind]}) for name, kind in kinds.items()] if len(own) > 1 else []


def pages_for_a_stranger(api, full, foreign):
    """What the full key is shown page by page: its own first and next page, and where a foreign cursor leads."""
    shown = []
    for endpoint in api.few([endpoint for endpoint in api.reads if endpoint.takes("cursor")], 0, most=3):
        for key in (full, *api.further([foreign])):
            first = api.send(endpoint.valid(limit=1), key, cause="first page", fresh=True)
            shown += [first] if key == full else []
            cursor = first.response.meta.get("nextCursor")
            if isinstance(cursor, str) and cursor:
                behind = endpoint.valid(limit=100, cursor=cursor)
                shown.append(api.send(behind, full, cause=f"page behind the first of {key.name}", fresh=True))
    return shown


def told_to_a_stranger(api, full, foreign):
    """What the full key is told where it asks about one foreign thing; a success beside what it is told of nothing."""
    analytics = api.endpoint("GET /analytics")
    compliance = api.endpoint("GET /projects/{projectId}/goal-compliance").valid(api.workshop.own_ids(full))
    ids = {**api.workshop.own_ids(foreign), **foreign_fixtures(api)}
    asked = [(compliance.with_parameter("creator_id", api.draw.uuid("no creator")), "creator_id", "creator")]
    ids |= videos_of(api, foreign)
    for kind in [kind for kind in ENTITIES if kind in ids] if api.thorough else ["creator"]:
        absent = analytics.valid(entity=kind)
        asked += [(draft, "entity_id", kind) for draft in (absent, absent.with_parameter("format", "csv"))]
    told = []
    for absent, name, kind in asked:
        answer = api.send(absent.with_parameter(name, ids[kind]), full, cause=f"foreign:{kind}", fresh=True)
        if answer.succeeded:
            nothing = [api.send(absent, full, cause=f"absent:{kind}", fresh=True) for _ in range(2)]
            if figures(nothing[0]) == figures(nothing[1]):
                told.append((answer, nothing[0]))
            else:
                api.skip(
                    f"{answer.operation} tells two things of one absent {kind}, so a foreign one can't be compared"
                )
        else:
            told.append((answer, answer))
    return told


def videos_of(api, owner):
    """The id of a video that a key sees, by kind, where requests are free: a run can't make any."""
    listed = items_of(api.send(api.endpoint("GET /videos").valid(), owner, cause="look")) if api.thorough else []
    found = next(filter(None, map(id_of, listed)), "")
    return {"video": found} if found else {}


def taken_from_a_stranger(api, full, foreign):
    """What the full key is answered that puts foreign things into its own campaign; a success beside what nothing gets."""
    into = api.endpoint("POST /campaigns/{id}/items")
    mine, theirs = api.workshop.own_ids(full), {**api.workshop.own_ids(foreign), **foreign_fixtures(api)}
    theirs |= videos_of(api, foreign)
    taken = []
    for kind in [kind for kind in ENTITIES if kind in theirs][: None if api.thorough else 1]:
        answer = api.send(into.valid(mine, item_type=kind, item_id=theirs[kind]), full, cause=f"foreign item:{kind}")
        nothing = into.valid(mine, item_type=kind, item_id=api.draw.uuid("no item"))
        taken.append((answer, api.send(nothing, full, cause=f"absent item:{kind}") if answer.succeeded else answer))
    return taken


def replayed_to_a_stranger(api, full, foreign):
    """What the full key is answered under an `Idempotency-Key` that the foreign one has used; with the id of what that made."""
    replayed = []
    for endpoint in api.idempotent:
        key, theirs = ("Idempotency-Key", api.workshop.idempotency_key()), api.workshop.attempt(endpoint, foreign)
        first = api.send(theirs.with_headers(key), foreign, cause="under a key", creates=1)
        if first.succeeded:
            made = api.workshop.made_by(first, endpoint.operation.makes, foreign)
            mine = replace(theirs, path=api.workshop.attempt(endpoint, full).path).with_headers(key)
            replayed.append((made.id, api.send(mine, full, cause="under another org's key", creates=1)))
    return replayed


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


def figures(answer):
    """What a success tells, as text, ids taken out: it may repeat the id that was asked for. "" where that is nothing."""
    if answer.response.media_type == "text/csv":
        head, _, rows = answer.response.text.strip().partition("\n")
        return UUID.sub("…", rows and f"{head}\n{rows}")
    return UUID.sub("…", json.dumps(answer.data, sort_keys=True, default=repr)) if answer.data else ""


def face(answer):
    """What a client sees of an error: status, code and text, with ids and names taken out."""
    text = WITH_DIGITS.sub("…", UUID.sub("…", str(answer.response.member("error"))))
    for part in {part for part in re.split(r"[/?=&]", answer.exchange.request.target) if len(part) > SHORT}:
        text = text.replace(part, "…")
    return f"{answer.summary}: {text}"


@requirement("404.absent")
def an_id_that_nothing_has_is_not_found(api, full):
    """A uuid that no resource has, or has any more, gets 404 from every operation with an id in its path.

    A removed creator may come back: what its id gets meanwhile is open.
    """
    for endpoint in api.with_ids:
        ids = api.nowhere(endpoint, full)
        api.send(endpoint.valid(ids), full, cause="absent").must_be("404")
        for other in api.further(api.other_forms(endpoint, ids)):
            api.send(other, full, cause=f"absent, {other.cause}").must_be("404")
    for kind in ("campaign", "payout_method"):
        made = api.workshop.make(kind, full) if api.creates_freely else api.workshop.spare(kind, full)
        if made is None:
            continue
        ids = {**api.known_ids(full), kind: made.id}
        aimed = [e for e in api.with_ids if e.operation.target == kind and not e.operation.makes]
        if api.workshop.remove(made, cause="set-up").succeeded:
            for endpoint in api.few(aimed[::-1], 0, most=2):
                api.send(endpoint.valid(ids), full, cause=f"deleted:{kind}").must_be("404")
    if api.creates_freely:
        refer_to_what_was_deleted(api, full)


def refer_to_what_was_deleted(api, full):
    """Name deleted things elsewhere than in a path: as a filter, as what figures are of, as an item. The observed checks judge it."""
    for kind in ("creator", "campaign"):
        own, deleted = api.workshop.own_ids(full), api.workshop.make(kind, full)
        api.workshop.remove(deleted, cause="set-up")
        filters = [(e, p.name) for e in api.reads for p in e.operation.query_parameters if p.resource == kind]
        drafts = [endpoint.valid(own).with_parameter(name, deleted.id) for endpoint, name in filters]
        drafts.append(api.endpoint("GET /analytics").valid(own, entity=kind, entity_id=deleted.id))
        into = api.endpoint("POST /campaigns/{id}/items")
        drafts.append(into.valid(own, item_type=kind, item_id=deleted.id))
        if kind == "creator":  # what its id gets is open
            drafts += [e.valid({kind: deleted.id}) for e in api.with_ids if e.operation.target == kind]
        for draft in drafts:
            api.send(draft, full, cause=f"refers to deleted:{kind}")
    back = api.workshop.make("creator", full)
    api.workshop.remove(back, cause="set-up")
    both = api.workshop.bulk([back.name, api.workshop.name("n")], full)
    api.send(both, full, cause="brings back, among several", creates=2)


@requirement("404.foreign")
def what_belongs_to_another_org_is_not_found(api, full, foreign):
    """Every operation with an id in its path answers 404 for another org's resource, and no list shows it."""
    for answer in api.once(asked_by_a_stranger, full, foreign):
        answer.must_be("404")
    for answer in api.once(asked_by_a_stranger_otherwise, full, foreign):
        answer.must_be("404", *(["400"] if answer.exchange.intent.cause.endswith((CAPITALS, ENCODED)) else []))
    names = [made.name for made in api.workshop.own_things(foreign)]
    theirs = [*api.workshop.own_ids(foreign).values(), *foreign_fixtures(api).values(), *names]
    for answer in (*api.once(lists_for_a_stranger, full, foreign), *api.once(pages_for_a_stranger, full, foreign)):
        shown = shown_to_a_stranger(answer, theirs)
        answer.must(
            ok=not shown or not answer.succeeded,
            message="a list shows what belongs to another org",
            expected="nothing of another org",
            got=", ".join(shown),
        )
    for answer, nothing in api.once(told_to_a_stranger, full, foreign):
        answer.must(
            ok=not answer.succeeded or figures(answer) in {"", figures(nothing)},
            message="the figures of another org are shown",
            expected=f"nothing, or what is told of an id that nothing has ({nothing.summary})",
            got=answer.response.text,
        )
    for answer, nothing in api.once(taken_from_a_stranger, full, foreign):
        answer.must(
            ok=not answer.succeeded or nothing.succeeded,
            message="a campaign takes what belongs to another org",
            expected=f"a refusal, as for an id that nothing has ({nothing.summary})",
            got=answer.summary,
        )
    for made, answer in api.once(replayed_to_a_stranger, full, foreign) if api.creates_freely else ():
        answer.must(
            ok=made not in texts_in(answer.response.document.value),
            message="an Idempotency-Key of another org brings that org's answer",
            expected="an answer of one's own",
            got=answer.response.text,
        )


@requirement("404.indistinguishable")
def a_stranger_cannot_tell_that_it_exists(api, full, foreign):
    """Absent and foreign get the same status, code and text, ids aside."""
    plain = [answer for answer in api.answers_of("404.absent") if answer.exchange.intent.cause == "absent"]
    absent = {answer.operation: answer for answer in plain if answer.is_("404")}
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
    answers = api.once(asked_by_a_stranger, full, foreign) + api.once(asked_by_a_stranger_otherwise, full, foreign)
    there = api.everything(foreign)
    for answer in answers:
        if not answer.disturbed and answer.exchange.request.method != "GET":
            api.must_have_no_effect(answer, there)
