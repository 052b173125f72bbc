"""401: whoever can't be identified gets nothing, on any operation."""

from dataclasses import replace

from goatcheck.conduct import requirement
from goatcheck.drawing.corpora import bad_authorizations, rarely_bad_authorizations
from goatcheck.errors import NotExercised
from goatcheck.exchange import key_mark


@requirement("401.missing")
def no_operation_answers_without_a_key(api):
    """Without an Authorization header every operation answers 401."""
    for endpoint in api.refusable:
        for answer in api.refused_in_all_forms(endpoint, None, cause="missing"):
            answer.must_be("401")
    for endpoint in api.few(api.reads, 1):
        path = endpoint.valid(api.readable_ids(endpoint)).path
        rarer = (("suffix", f"{path}.json"), ("semicolon", f"{path};x"), ("encoded", f"/%{ord(path[1]):x}{path[2:]}"))
        usual = (("slash", f"{path}/"), ("slashes", f"/{path}"), ("capitals", path.upper()))
        for cause, other in (*usual, *api.further(rarer)):
            must_not_be_served(
                api.send(api.request("GET", other), None, cause=f"missing, {cause}"), IN_ANOTHER_SPELLING
            )
    for endpoint in api.further(api.writes):
        draft = endpoint.valid()
        spelled = replace(draft, path=f"{draft.path}/")
        must_not_be_served(api.send(spelled, None, cause="missing, slash"), IN_ANOTHER_SPELLING)
    for endpoint in api.further(api.refusable):
        draft = endpoint.valid(api.readable_ids(endpoint)).with_headers(*trusted(api))
        must_not_be_served(api.send(draft, None, cause="missing, trusted"), "header fields make up for a missing key")
    must_keep_out_of_admin(api, None, "missing, admin")
    nothing_is_answered_from_memory(api)


def nothing_is_answered_from_memory(api):
    """Where requests are free: what was just answered to a good key is not answered again without one."""
    good = api.key("reader") or api.key("full")
    for endpoint in api.further(api.reads if good else ()):
        draft = endpoint.valid(api.readable_ids(endpoint))
        if api.send(draft, good, cause="just seen", fresh=True).succeeded:
            api.send(draft, None, cause="missing, just seen", fresh=True).must_be("401")
    full = api.key("full")
    for first in api.keyed_creates(full) if full else ():
        api.send(first.draft, None, cause="missing, used key", fresh=True, removes_with=full).must_be("401")


IN_ANOTHER_SPELLING = "without a key the path is served in another spelling"


def must_not_be_served(answer, message):
    """Whoever has no good key may be refused in any way, and gets nothing."""
    expected = "401, or another refusal"
    answer.must(ok=not answer.succeeded, message=message, expected=expected, got=answer.summary)


def must_keep_out_of_admin(api, credential, cause):
    """Where requests are free: the profile's admin path, if it names one, without a good key."""
    for path in api.further([api.profile.admin_path] if api.profile.admin_path else []):
        answer = api.send(api.request("GET", path), credential, cause=cause)
        must_not_be_served(answer, "the admin area is open to whoever has no good key")


def trusted(api):
    """Header fields by which some servers take a request for one of their own."""
    origin = "/".join(api.profile.base_url.split("/")[:3])
    return (
        ("X-Forwarded-For", "127.0.0.1"),
        ("X-Real-IP", "127.0.0.1"),
        ("Origin", origin),
        ("Referer", f"{origin}/"),
    )


@requirement("401.invalid")
def no_operation_answers_a_key_that_was_never_issued(api):
    """A key of the right form that nobody was given is refused with 401 by every operation."""
    for endpoint in api.refusable:
        token = api.draw.token(f"never issued: {endpoint.operation.id}")
        api.refused(endpoint, f"Bearer {token}", cause="never-issued", wrong=api.wrong_anyway(endpoint)).must_be("401")
    for endpoint in api.further(api.reads[:SEEN_AGAIN]):
        draft = endpoint.valid(api.readable_ids(endpoint))
        token = api.draw.token(f"never issued: {endpoint.operation.id}")
        api.send(draft, f"Bearer {token}", cause="never-issued, again", fresh=True).must_be("401")
    must_keep_out_of_admin(api, f"Bearer {api.draw.token('never issued: admin')}", "never-issued, admin")


SEEN_AGAIN = 3
"""So many operations get a key that was never issued once more: what was refused may be remembered as seen."""


CLOSEST = "true-last-changed"
"""What is all but a true key: every operation gets it where requests are free."""


@requirement("401.malformed")
def no_operation_answers_a_malformed_key(api):
    """Another scheme, an empty token, a wrong length or alphabet, a true key changed: all of them 401."""
    true_key = next((key_mark(key.name) for key in api.profile.keys if key.state == "active"), "")
    never_issued = api.draw.token("malformed")

    def forms(corpus):
        """Those that can be made: without a true key none can be changed."""
        made = corpus(true_key or never_issued, never_issued)
        made = [form for form in made if true_key or "true" not in form[0]]
        # what has the right form and is nobody's only who knows the keys can tell
        return [form for form in made if api.profile.kind != "mock" or not form[0].endswith("-changed")]

    for (cause, value), endpoint in api.spread(forms(bad_authorizations), api.refusable):
        api.refused(endpoint, value, cause=cause).must_be("401")
    rare = api.further(forms(rarely_bad_authorizations))
    closest = [(form, endpoint) for form in rare if form[0] == CLOSEST for endpoint in api.refusable]
    for (cause, value), endpoint in (*api.in_turn([f for f in rare if f[0] != CLOSEST], api.refusable), *closest):
        answer = api.refused(endpoint, value, cause=cause)
        answer.must_be("401", *(["400"] if cause == "not-ascii" else []))


@requirement("401.expired")
def no_operation_answers_an_expired_key(api, expired):
    """A key past its expiry is refused with 401 by every operation."""
    for key in api.keys(expired.role):
        for endpoint in api.refusable:
            for answer in api.refused_in_all_forms(endpoint, key, cause=f"expired:{key.name}"):
                answer.must_be("401")
    schemes = [(scheme, key) for key in api.further(api.keys(expired.role)) for scheme in ("bearer", "BEARER")]
    for (scheme, key), endpoint in api.in_turn(schemes, api.reads):
        value = f"{scheme} {key_mark(key.name)}"
        api.refused(endpoint, value, cause=f"expired:{key.name}, {scheme}").must_be("401")


@requirement("401.first")
def a_bad_key_is_told_before_anything_else(api):
    """Whatever else is wrong with a request (an unknown id, an invalid body or query): the answer to a bad key is 401."""
    operations = {endpoint.operation.id for endpoint in api.operations}
    answers = [
        answer
        for answer in api.answers_of("401.missing") + api.answers_of("401.invalid")
        if answer.operation in operations
        and not answer.exchange.intent.key
        and not answer.exchange.request.path.endswith("/")
    ]
    for answer in answers:
        answer.must_not_be("400", "404", why="what else is wrong was told before the missing or unknown key")
    for endpoint in api.refusable if api.thorough else []:
        for draft in api.wrong_in_one_way(endpoint):
            api.send(draft, None, cause=f"missing, {draft.cause}").must_be("401")
    expired = api.answers_of("401.expired") if api.further(api.keys("expired")) else []
    refused = refused_for_the_key([*answers, *expired])
    for answer in expired:
        if asked(answer) in refused:
            answer.must_not_be("400", "404", why="what else is wrong was told before the expired key")
    for endpoint, key, cause in api.further(bad_keys(api)):
        if (endpoint.operation.id, cause) in refused:
            for draft in api.wrong_all_over(endpoint):
                answer = api.send(draft, key, cause=f"{cause}, {draft.cause}")
                answer.must_not_be("400", "404", why="what else is wrong was told before the bad key")
    if not any(answer.is_("401") or answer.is_("400", "404") for answer in answers):
        raise NotExercised("no bad key was refused for itself or for what else was wrong, so neither came first")


def bad_keys(api):
    """Each operation without a key and with each expired one, and what that is called where nothing else is wrong."""
    named = [(None, "missing"), *((key, f"expired:{key.name}") for key in api.keys("expired"))]
    return [(endpoint, key, cause) for endpoint in api.refusable for key, cause in named]


def asked(answer):
    """What was asked, whatever it aimed at."""
    return answer.operation, answer.exchange.intent.cause


def refused_for_the_key(answers):
    """What was refused with 401 in the end: where a key is taken for good, what comes first is another question."""
    return {asked(answer) for answer in answers if answer.is_("401")}


@requirement("401.uniform")
def a_client_cannot_tell_why_its_key_is_bad(api):
    """Missing, unknown and expired keys get the same status and the same code."""
    plain = [answer for answer in api.answers_of("401.missing") if answer.exchange.intent.cause == "missing"]
    missing = {answer.operation: answer for answer in plain if answer.is_("401")}
    others = [answer for answer in api.answers_of("401.invalid") + api.answers_of("401.expired") if answer.is_("401")]
    if not missing or not others:
        raise NotExercised("there is nothing to compare: only one kind of bad key was refused with 401")
    for answer in others:
        other = missing.get(answer.operation)
        if other is not None:
            answer.must(
                ok=answer.response.code == other.response.code,
                message=f"the code tells {answer.exchange.intent.cause} from missing",
                where="/meta/code",
                expected=f"{other.response.code!r}, as without a key",
                got=f"{answer.response.code!r}",
            )
