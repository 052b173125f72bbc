"""403: a key does what its scopes grant and no more; whoever is banned does nothing."""

from goatcheck.conduct import requirement
from goatcheck.errors import NotExercised

FORMS = 4
"""So many forms of a body are tried with a key that may not write: those that differ most come first."""


@requirement("403.scope.write")
def every_write_needs_the_write_scope(api, reader):
    """POST, PATCH and DELETE with a key that lacks `write` are refused, whatever they aim at."""
    for endpoint in api.writes:
        answer = api.refused(endpoint, reader, cause="no write scope", wrong=api.wrong_anyway(endpoint))
        answer.must_be("403.scope", required="write")
    full = api.key("full")
    if full is None or full.org != reader.org:
        return
    for endpoint in api.taking_bodies:
        drafts = endpoint.valids(FORMS, api.workshop.own_ids(full), marker=api.workshop.name("t"))
        forms = [under_a_key(api, endpoint, draft) for draft in drafts[1:] if draft.cause.startswith("smallest")]
        others = of_other_kinds(api, endpoint, full) if api.creates_freely else ()
        for draft in (*drafts, *others) if api.creates_freely else forms:
            answer = api.send(draft, reader, cause=f"no write scope, {draft.cause}", fresh=True, removes_with=full)
            answer.must_be("403.scope", required="write")
    for endpoint in api.idempotent if api.creates_freely else ():
        keyed = under_a_key(api, endpoint, api.workshop.attempt(endpoint, full))
        answer = api.send(keyed, reader, cause="no write scope, under a key", removes_with=full)
        answer.must_be("403.scope", required="write")
    for first in api.keyed_creates(full):
        answer = api.send(first.draft, reader, cause="no write scope, used key", fresh=True, removes_with=full)
        if not answer.is_("409"):  # what it asks for is there: what is told first is another question
            answer.must_be("403.scope", required="write")


def of_other_kinds(api, endpoint, full):
    """The request about things of other kinds, none of which is what the path means: nothing gets into itself."""
    own = api.workshop.own_ids(full)
    aims = {**own, **endpoint.in_path(own), "campaign": api.workshop.another("campaign", full).id}
    return endpoint.of_other_kinds(aims)


def under_a_key(api, endpoint, draft):
    """The draft with an `Idempotency-Key`, where the endpoint takes one."""
    key = ("Idempotency-Key", api.workshop.idempotency_key())
    return draft.with_headers(key) if endpoint in api.idempotent else draft


@requirement("403.scope.read")
def every_read_needs_the_read_scope(api, writer_only):
    """`write` does not include `read`: a GET with a key that lacks it is refused."""
    for endpoint in api.reads:
        api.refused(endpoint, writer_only, cause="no read scope").must_be("403.scope", required="read")
        for other in api.other_forms(endpoint):
            api.send(other, writer_only, cause=f"no read scope, {other.cause}").must_be("403.scope", required="read")
        for other in api.next_pages(endpoint):
            answer = api.send(other, writer_only, cause=f"no read scope, {other.cause}")
            if not answer.is_("400"):  # a cursor may be of use to none but the key that got it
                answer.must_be("403.scope", required="read")


@requirement("403.scope.admin")
def an_admin_endpoint_needs_the_admin_scope(api, reader, full):
    """Neither `read` nor `write` opens an admin endpoint."""
    for key in (reader, full, *api.further(api.keys("writer-only"))):
        if "admin" not in key.scopes:
            answer = api.send(api.request("GET", api.profile.admin_path), key, cause=f"no admin scope:{key.name}")
            # which of two missing scopes is told is open
            answer.must_be("403.scope", **({"required": "admin"} if "read" in key.scopes else {}))


@requirement("403.scope.truthful")
def the_refusal_says_which_scopes_the_key_has(api, reader):
    """`granted` is exactly the set of scopes of the key that was refused."""
    answers = [a for name in ("403.scope.write", "403.scope.read", "403.scope.admin") for a in api.answers_of(name)]
    refused = [answer for answer in answers if answer.is_("403.scope")]
    if not refused:
        raise NotExercised(f"no request of the key {reader.name} was refused for its scope")
    for answer in refused:
        answer.must_be("403.scope", granted=frozenset(api.profile.key(answer.exchange.intent.key).scopes))


@requirement("403.scope.allows", phase="after")
def what_the_scopes_grant_is_not_refused(api, reader, full):
    """A reader reads, a full key reads and writes, a writer writes: in the whole run none of it got a 403, nor a 401 between successes."""
    asked = {(answer.operation, answer.exchange.intent.key) for answer in api.all_answers()}
    for endpoint in api.reads:
        for key in (reader, full):
            if (endpoint.operation.id, key.name) not in asked:
                api.send(endpoint.valid(api.known_ids(reader)), key, cause=f"reads:{key.name}")
    for endpoint in api.writes:
        for key in (full, *api.keys("writer-only")):
            if (endpoint.operation.id, key.name) in asked:
                continue
            # where nothing in the path can be absent, what is wrong with the body keeps it from making something
            harmless = [endpoint.valid()] if endpoint.operation.path_parameters else endpoint.broken_bodies()[:1]
            for draft in harmless:
                api.send(draft, key, cause=f"writes:{key.name}")
    answers = list(what_is_granted(api))
    taken = [(answer.exchange.intent.key, answer.exchange.number) for answer in answers if answer.succeeded]
    first, last = dict(reversed(taken)), dict(taken)
    for answer in answers:
        key, number = answer.exchange.intent.key, answer.exchange.number
        good = key in last and first[key] < number < last[key]
        answer.must_not_be("403", *(["401"] if good else []), why="the key's scopes grant this")
    if not any(answer.succeeded or answer.is_("403") for answer in answers):
        raise NotExercised("nothing that a scope grants was answered with a success: nothing shows that it is granted")


def what_is_granted(api):
    """The answers of this run to what the scopes of the sending key grant."""
    operations = {endpoint.operation.id for endpoint in api.operations}
    for answer in api.all_answers():
        key = api.profile.key(answer.exchange.intent.key)
        wanted = "read" if answer.exchange.request.method == "GET" else "write"
        if "http" in answer.exchange.intent.broken:
            continue  # what stands before an API may refuse odd header fields in its own name
        if key and key.state in {"active", "capped"} and wanted in key.scopes and answer.operation in operations:
            yield answer


@requirement("403.scope.first")
def a_missing_scope_is_told_before_validation_and_look_up(api, reader):
    """A write without the scope is refused for the scope, whatever it aims at and whatever else is wrong with it."""
    written = [answer for answer in api.answers_of("403.scope.write") if answer.exchange.intent.key == reader.name]
    for answer in written:
        answer.must_not_be("400", "404", why=TOO_EARLY)
    for endpoint in api.writes if api.thorough else []:
        for draft in api.wrong_in_one_way(endpoint):
            api.send(draft, reader, cause=f"no write scope, {draft.cause}").must_not_be("400", "404", why=TOO_EARLY)
    for endpoint in refused_for_its_scope(api.further(api.writes), written, "no write scope"):
        for draft in api.wrong_all_over(endpoint):
            api.send(draft, reader, cause=f"no write scope, {draft.cause}").must_not_be("400", "404", why=TOO_EARLY)
    for writer in api.further(api.keys("writer-only")):
        for endpoint in refused_for_its_scope(api.reads, api.answers_of("403.scope.read"), "no read scope"):
            for draft in (*api.wrong_in_one_way(endpoint), *api.wrong_all_over(endpoint)):
                api.send(draft, writer, cause=f"no read scope, {draft.cause}").must_not_be("400", "404", why=TOO_EARLY)


TOO_EARLY = "validation or look-up came before the missing scope"


def refused_for_its_scope(endpoints, answers, cause):
    """Those whose plain request was refused for the scope: where that is not missed, what comes first is another question."""
    refused = {a.operation for a in answers if a.exchange.intent.cause == cause and a.is_("403.scope")}
    return [endpoint for endpoint in endpoints if endpoint.operation.id in refused]


@requirement("403.no-effect")
def a_write_without_the_scope_changes_nothing(api, reader, full):
    """What the refused writes aimed at is as it was, and nothing that they asked for exists."""
    ids = api.workshop.own_ids(full)
    answers = [api.attempt(endpoint, ids, reader, cause="aimed at real things", owner=full) for endpoint in api.writes]
    if api.thorough:
        asked = [answer for answer in api.answers_of("403.scope.write") if answer.exchange.intent.key == reader.name]
        # what was sent under a used key was asked for by a full key before, and is there
        answers += [answer for answer in asked if not answer.exchange.intent.cause.endswith("used key")]
    there = api.everything(full)
    for answer in answers:
        if answer.is_("403"):
            api.must_have_no_effect(answer, there)
    if api.creates_freely:
        a_refused_item_is_not_there(api, reader, full)


def a_refused_item_is_not_there(api, reader, full):
    """What was not added to a campaign for want of the scope can be added; no list shows what a campaign has."""
    item = fresh_item(api, full)
    if api.send(item, reader, cause="item without the scope", fresh=True).is_("403"):
        again = api.send(item, full, cause="the refused item")
        # a target that takes no fresh item tells nothing by refusing this one
        if not again.is_("409") or api.send(fresh_item(api, full), full, cause="a fresh item").succeeded:
            again.must_not_be("409", why="the refused item is there")


def fresh_item(api, full):
    """The request that adds a new creator to a new campaign."""
    campaign, creator = api.workshop.make("campaign", full), api.workshop.make("creator", full)
    into = api.endpoint("POST /campaigns/{id}/items")
    return into.valid({"campaign": campaign.id}, item_type=creator.kind, item_id=creator.id)


@requirement("403.banned")
def whoever_is_banned_does_nothing(api, banned):
    """A key of a banned org, and one of a banned user: 403 on every operation, and not for its scope."""
    for key, endpoint in api.spread(api.keys(banned.role), api.refusable):
        if not endpoint.operation.granted_by(key.scopes):
            continue  # whether the ban or the scope is told is open
        api.send(endpoint.valid(api.readable_ids(endpoint)), key, cause=f"banned:{key.name}").must_be("403.banned")
        for other in api.other_forms(endpoint):
            api.send(other, key, cause=f"banned:{key.name}, {other.cause}").must_be("403.banned")
