"""Every error is an envelope: on unknown routes, for unknown methods, for broken requests, whatever the client prefers."""

from contextlib import suppress

from goatcheck.conduct import requirement
from goatcheck.drawing import Endpoint
from goatcheck.drawing.corpora import ZEROS
from goatcheck.drawing.odd import ODD_KEYS, ODDITIES, large
from goatcheck.errors import Inconclusive, NotExercised

REDIRECTS = range(300, 400)
"""What sends a client elsewhere."""
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
"""What browsers prefer."""
PREFERENCES = ("text/html", "text/csv", "*/*", BROWSER, "")
"""Values of `Accept` that a client may send; "" stands for none."""
RARER_PREFERENCES = ("application/xml", "text/plain", "application/problem+json")
"""Further ones, for which one operation each will do."""


@requirement("envelope.unknown-route")
def a_path_that_no_route_serves_is_not_found(api, full):
    """Below the base URL, for every method: an enveloped 404."""
    nothing = api.draw.uuid("unknown route")
    paths = (
        f"/goatcheck-{nothing}",
        f"/creators/{nothing}/goatcheck",
        f"/projects/{nothing}/creators/{nothing}/goatcheck",
    )
    for number, path in enumerate(paths):
        for method in api.few(METHODS, number, most=2 if number else 5) if api.profile.writes else METHODS[:1]:
            answer = api.send(api.request(method, path), full, cause=method)
            if answer.must_be("404"):
                must_be_enveloped(api, answer)
    served = dict.fromkeys(endpoint.valid().path for endpoint in api.operations)
    deeper = [f"{path}/{nothing}{end}" for path in served for end in ("", "/goatcheck")]
    for path in api.further([path for path in deeper if not api.contract.methods_of(path)]):
        answer = api.send(api.request("GET", path), full, cause="below")
        # what has an id may be served by another method, though no document says so
        if answer.must_be("404", *(["405"] if path.endswith(nothing) else [])):
            must_be_enveloped(api, answer)
    spelled = [f"{path}{end}" for path in served for end in ("/", ".json")]
    for path in api.further([path for path in spelled if not api.contract.methods_of(path)]):
        answer = api.send(api.request("GET", path), full, cause="another spelling")
        if answer.status >= 400:
            must_be_enveloped(api, answer)
    for path in api.further([] if api.profile.kind == "mock" else [f"/goatcheck-{nothing}%FF"]):
        answer = api.send(api.request("GET", path), full, cause="no UTF-8")
        if answer.must_be("404", "400"):
            must_be_enveloped(api, answer)


@requirement("envelope.wrong-method")
def a_method_that_a_path_does_not_serve_is_an_error(api, full):
    """A known path, asked with a method that it does not serve: an enveloped 404, or HTTP's own 405. What was removed may be
    gone whatever the method.
    """
    paths = {endpoint.operation.template: endpoint.valid().path for endpoint in (*api.operations, *api.removed)}
    for number, path in enumerate(paths.values()):
        unserved = [m for m in METHODS if m not in api.contract.methods_of(path) and api.may_send(api.request(m, path))]
        removed = any(endpoint.operation.serves(path) for endpoint in api.removed)
        for method in api.few(unserved, number):
            answer = api.send(api.request(method, path), full, cause=method)
            if answer.is_("400.body"):
                api.skip(f"{method} {path} seems to be served, though no document says so: its body was called invalid")
            elif answer.must_be("404", "405", *(["410"] if removed else [])):
                must_be_enveloped(api, answer)


@requirement("envelope.malformed-request")
def a_broken_request_gets_an_envelope_or_a_success(api, full):
    """Broken JSON, wrong content types, unwanted bodies, odd encodings: an enveloped error or a success, nothing else."""
    for endpoint in api.refusable:
        drafts = (*api.least_tried(bent(api, endpoint, full), 2), *oddest(api, endpoint, full))
        for draft in (draft for draft in drafts if means_nothing(api, draft)):
            answer = api.send(draft, full, creates=api.workshop.would_make(endpoint))
            if not answer.succeeded and answer.must(
                ok=answer.status >= 400,
                message="neither an error nor a success",
                expected="an enveloped error",
                got=answer.summary,
            ):
                must_be_enveloped(api, answer)
            elif answer.succeeded:
                answer.must(ok=True)


def means_nothing(api, draft):
    """Whether a draft's odd id is nobody's: the one of nothing but zeros may be in use."""
    return ZEROS not in draft.path or api.may_send(draft)


def bent(api, endpoint, full):
    """The malformed forms of a request, aimed at nothing where it writes. A broken body is only read where what it is for
    exists: it is aimed at what this run made, as far as the target may take it.
    """
    aims = api.nowhere(endpoint, full) if endpoint.operation.writes else api.known_ids(full)
    malformed = Endpoint.malformed if api.thorough else Endpoint.malformed_together
    drafts = [*malformed(endpoint, aims, marker=api.workshop.name("m")), *oddly(api, endpoint, full, aims)]
    if endpoint not in api.taking_bodies or (endpoint.operation.method != "PATCH" and not api.creates_freely):
        return drafts
    with suppress(Inconclusive, NotExercised):
        real = malformed(endpoint, api.workshop.own_ids(full), marker=api.workshop.name("v"))
        aimed = {draft.cause: draft for draft in real if "body" in draft.broken}
        return [aimed.get(draft.cause, draft) for draft in drafts]
    return drafts


def oddly(api, endpoint, full, aims):
    """Where requests are free: the request in three odd ways, others for each operation, and under odd idempotency keys. Of a mock
    that answers from examples they would show nothing, and some die of them.
    """
    if not api.thorough or api.profile.kind == "mock":
        return []
    number = api.operations.index(endpoint)
    ways = [ODDITIES[(3 * number + i) % len(ODDITIES)] for i in range(3)]
    plain = api.workshop.attempt(endpoint, full, aims)
    odd = [change(plain).because(f"odd:{label}", "http") for label, change in ways]
    odd += large(plain) if endpoint in api.taking_bodies[:1] else []
    if endpoint in api.idempotent and api.creates_freely:
        keyed = [(label, api.workshop.attempt(endpoint, full), key) for label, key in ODD_KEYS]
        odd += [d.with_headers(("Idempotency-Key", key)).because(f"odd-key:{label}", "http") for label, d, key in keyed]
    return odd


def oddest(api, endpoint, full):
    """Everything odd at once; and where requests are dear, lists and bodies of odd sizes, aimed at nothing."""
    if api.workshop.would_make(endpoint):
        return []
    aims, marker = api.nowhere(endpoint, full), api.workshop.name("m")
    number = api.operations.index(endpoint)
    drafts = api.few(endpoint.oddest(aims, marker=marker), number)
    if endpoint in api.taking_bodies[:1] and not api.thorough:
        sizes = [d for d in endpoint.malformed(aims, marker=marker) if d.cause.endswith((":none", ":many"))]
        drafts += [d for d in sizes if d.cause.startswith("odd-")] + large(endpoint.valid(aims, marker=marker))[-1:]
    return drafts


@requirement("envelope.negotiation")
def an_error_is_json_whatever_the_client_prefers(api, reader):
    """`Accept` does not change what an error looks like, nor does `format=csv`."""
    rarer = api.in_turn(api.further(RARER_PREFERENCES), api.reads)
    for preference, endpoint in (*api.spread(PREFERENCES, api.reads), *rarer):
        for draft, key in errors_on(api, endpoint, reader):
            must_be_json_for(api, draft, key, preference)
    for draft, key in api.further(errors_elsewhere(api, reader)):
        # what is broken whatever is preferred is another requirement's finding
        fine = not broken_in(api, api.send(draft, key, cause=f"{draft.cause or 'no key'}, Accept: JSON"))
        for preference in ("text/html", BROWSER, "") if fine else ():
            must_be_json_for(api, draft, key, preference)
    for draft, key in api.further(errors_of_writes(api)):
        page = draft.with_headers(("Accept", "text/html"))
        answer = api.send(page, key, cause=f"{draft.cause}, Accept: text/html")
        if answer.status < 400:
            continue
        if not broken_in(api, answer) or not broken_in(api, api.send(draft, key, cause=f"{draft.cause}, Accept: JSON")):
            must_be_enveloped(api, answer)


def must_be_json_for(api, draft, key, preference):
    """Judge the error, where it is one, that a request gets under a value of `Accept`."""
    wanted = draft.with_headers(("Accept", preference))
    answer = api.send(wanted, key, cause=f"{draft.cause or 'no key'}, Accept: {preference or 'none'}")
    if answer.status >= 400:
        must_be_enveloped(api, answer)
    elif key is None and answer.status in REDIRECTS:
        plain = api.send(draft, key, cause=f"{draft.cause or 'no key'}, Accept: JSON")
        answer.must(
            ok=plain.status in REDIRECTS,
            message="an error became a redirect",
            expected=f"an error, as the {plain.summary} where JSON is preferred",
            got=answer.summary,
        )


def errors_elsewhere(api, reader):
    """Requests that have to fail where no operation reads, each with its key: an unknown path, a write without a key, what was removed."""
    unknown = api.request("GET", f"/goatcheck-{api.draw.uuid('unknown route')}").because("unknown path")
    removed = [(endpoint.valid().because("removed"), reader) for endpoint in api.removed[:1]]
    others = refused_for_more(api, reader) if api.thorough else []
    return [(unknown, reader), *((endpoint.valid(), None) for endpoint in api.writes[:1]), *removed, *others]


def errors_of_writes(api):
    """Writes of a good key that have to fail, each with its key: aimed at nothing, and with a body that is JSON and wrong."""
    full = api.key("full")
    for endpoint in api.writes if full else ():
        if endpoint.operation.path_parameters:
            yield endpoint.valid().because("absent"), full
        yield from [(draft, full) for draft in endpoint.broken_bodies() if not draft.cause.startswith("not-json")][:1]


def refused_for_more(api, reader):
    """Requests of a good key that are refused for its scope, for an id that nothing has, and for days too long ago."""
    yield api.endpoint("DELETE /creators/{id}").valid().because("no scope"), reader
    yield api.endpoint("GET /payout-methods/{id}").valid().because("absent"), reader
    if api.profile.too_old:
        early = api.endpoint("GET /analytics").valid(api.known_ids(reader)).with_parameter("from", api.profile.too_old)
        yield early.because("too old"), reader
        yield early.with_parameter("format", "csv").because("too old, as CSV"), reader


def errors_on(api, endpoint, reader):
    """Requests to an operation that have to fail, each with its key: without a key, with a wrong query, as CSV.

    The last one may succeed: an export that is right, which is an error in the envelope where it is none.
    """
    wrong = endpoint.broken_queries(api.known_ids(reader))[:1]
    ways = [(endpoint.valid(api.known_ids(reader)), None), *((draft, reader) for draft in wrong)]
    yield from api.few(ways, api.reads.index(endpoint))
    if endpoint.takes("format"):
        for draft in wrong:
            yield draft.with_parameter("format", "csv").because(f"{draft.cause}, as CSV", *draft.broken), reader
        export = endpoint.valid(api.known_ids(reader), format="csv")
        yield export.because("no key, as CSV"), None
        yield export.because("as CSV"), reader


def must_be_enveloped(api, answer):
    """Judge an error by what the observed checks of the envelope found."""
    first = broken_in(api, answer)
    answer.must(ok=not first, message=f"the error is not in the envelope ({first})", expected="the envelope", got=first)


def broken_in(api, answer):
    """The first MUST of the envelope that an answer was seen to break, and how; "" for none."""
    broken = {
        name: problems
        for name, problems in answer.problems.items()
        if problems and name.startswith("envelope.") and api.contract.by_id[name].level == "MUST"
    }
    return next((f"{name}: {problems[0].message}" for name, problems in broken.items()), "")
