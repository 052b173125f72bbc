"""400: what is invalid is refused by name, what is documented as valid is not, and what is refused leaves nothing behind."""

from goatcheck.conduct import KINDS, requirement
from goatcheck.errors import NotExercised

UTF_8 = ("Content-Type", "application/json; charset=utf-8")
"""What JSON is anyway; many clients say so."""

MOST = 50
"""So many creators may be asked for in one request."""


@requirement("400.query")
def a_query_parameter_of_the_wrong_type_is_refused(api, reader):
    """Ids that are no uuids, limits that are no numbers, dates that are none: 400 with `invalid_query` or `invalid_params`."""
    ids = api.known_ids(reader)
    for endpoint in api.reads:
        together = [*endpoint.queries_all_broken(ids), *endpoint.queries_broken_in_company(ids)]
        for draft in (*api.some(endpoint.broken_queries(ids)), *api.further(together)):
            answer = api.send(draft, (api.key("full") or reader) if draft in together else reader)
            if answer.is_("404") and not endpoint.aims_at_something(ids):
                api.skip(f"the key {reader.name} sees nothing that {endpoint.operation.id} could be about")
            else:
                answer.must_be("400.query", "400.params")
        for draft in (beside for page in api.next_pages(endpoint) for beside in endpoint.broken_beside(page)):
            api.send(draft, reader).must_be("400.query", "400.params")
        for draft in api.some(endpoint.limits_out_of_range(ids)):
            answer = api.send(draft, reader)
            if not answer.succeeded:
                answer.must_be("400.query", "400.params")


@requirement("400.body")
def a_body_of_the_wrong_shape_is_refused(api, full):
    """No JSON, no object, a required member missing or one of the wrong type: 400 with `invalid_body` or `invalid_params`."""
    for endpoint in api.taking_bodies:
        drafts = endpoint.broken_bodies(api.workshop.own_ids(full), marker=api.workshop.name("b"))
        for draft in api.some(drafts):
            api.send(draft, full).must_be("400.body", "400.params")
    if api.creates_freely:
        # whether its plan has room for so many is another question, which may be asked first
        api.workshop.create_bulk(MOST + 1, full, cause="one too many").must_be("400.body", "400.params", "402.limit")


@requirement("400.params")
def a_path_id_that_is_no_uuid_is_refused_or_not_found(api, full):
    """A path id that can't be an id gets 400 or 404, no third answer."""
    for endpoint in api.refusable:
        for draft in api.some(endpoint.broken_paths(api.known_ids(full))):
            api.send(draft, full).must_be("400", "404")


@requirement("400.no-effect")
def what_was_refused_as_invalid_left_nothing_behind(api, full):
    """No list shows anything that a refused request asked for, and what it aimed at is as it was."""
    refused = [answer for answer in api.answers_of("400.body") if answer.is_("400")]
    if not refused:
        raise NotExercised("no invalid body was refused with 400, so there is nothing to look for")
    there = api.everything(full)
    for answer in refused:
        api.must_have_no_effect(answer, there)
    if api.creates_freely:
        a_refused_deletion_deletes_nothing(api, full)


def a_refused_deletion_deletes_nothing(api, full):
    """A deletion whose needless body is no JSON may be refused or done; what was refused with 400 is there still."""
    for kind in KINDS:
        made = api.workshop.make(kind, full)
        draft = api.workshop.removal(made).with_body(b'{"goat": ').because("needless broken body", "http")
        answer = api.send(draft, full, fresh=True)
        if answer.is_("400"):
            api.must_have_no_effect(answer, api.everything(full))


@requirement("400.accepts-valid")
def what_is_documented_as_valid_is_not_refused(api, reader, full):
    """Requests made only of values that the documents show as valid never get a 400, nor do those that the run itself needs."""
    try:
        ask_what_is_valid(api, reader, full)
    finally:
        for answer in api.all_answers():
            if answer.is_("400") and answer.exchange.intent.cause in {"look", "set-up"}:
                answer.must_not_be("400", why="a request of documented values was refused as invalid")


def ask_what_is_valid(api, reader, full):
    """Send each operation what is documented as valid: to read, then to write."""
    ids = api.known_ids(reader)
    for endpoint in api.reads:
        for draft in api.valids(endpoint, ids):
            answer = api.send(draft, reader)
            answer.must_not_be("400", why="a request of documented values was refused as invalid")
            if answer.is_("404") and endpoint.aims_at_something(ids) and api.profile.kind != "mock":
                api.skip(f"{answer.operation} says 404 of what a list shows: what it takes as valid was not seen")
    ids = api.workshop.own_ids(full)
    for endpoint in api.taking_bodies:
        marker = api.workshop.name("v")
        for number, draft in enumerate(api.affordable(api.valids(endpoint, ids, marker=marker), endpoint)):
            sent = draft.with_headers(UTF_8) if api.thorough and number % 2 else draft
            answer = api.send(sent, full, creates=api.workshop.asks_for(draft, endpoint))
            answer.must_not_be("400", why="a request of documented values was refused as invalid")
            # what is renamed next is what this check made: others rely on the names of the rest
            ids |= api.workshop.made_in(answer)
    capped = api.key("capped")
    if capped is not None and api.creates_freely:
        # where only few fit none is made
        as_many = api.workshop.create_bulk(MOST, capped, cause="as many as may be")
        as_many.must_not_be("400", why=f"a bulk of {MOST} was refused as invalid")
