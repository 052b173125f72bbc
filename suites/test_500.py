"""500: the server's own failure, which no request may provoke, and which is told in the envelope when it happens."""

from goatcheck.conduct import requirement
from goatcheck.errors import Inconclusive


@requirement("500.never", phase="after")
def no_request_of_this_run_made_the_server_fail(api, reader, full):
    """Valid, invalid and odd requests alike: none of them is answered with 500. One that was is sent once more."""
    for provider in ("400.query", "400.body", "400.accepts-valid", "envelope.malformed-request"):
        api.answers_of(provider)
    failed = {}
    for answer in api.all_answers():
        if answer.is_("500"):
            failed.setdefault((answer.operation, answer.exchange.intent.cause), answer)
        else:
            answer.must(ok=True)
    once = []
    for answer in failed.values():
        again = api.repeat(answer.exchange)
        if again.is_("500"):
            again.must_not_be("500", why="the request made the server fail, twice")
        else:
            once.append(f"{answer.operation} ({answer.exchange.intent.cause}), exchange {answer.exchange.number}")
    if once:
        raise Inconclusive(f"a 500 came once and not again: {'; '.join(once)}")


@requirement("500.forced")
def a_forced_500_is_well_formed(api):
    """A target that answers on demand answers a 500 in the envelope, with the code `internal_error`."""
    variant = api.contract.variant_by_id["500"]
    endpoints = (
        api.operations if api.demands_everywhere or (api.thorough and api.profile.kind == "live") else api.reads[:1]
    )
    for endpoint in endpoints:
        answer = api.force(endpoint, variant)
        broken = [
            name for name, problems in answer.problems.items() if problems and api.contract.by_id[name].level == "MUST"
        ]
        answer.must(
            ok=not broken, message="the forced 500 is not well-formed", expected="nothing broken", got=", ".join(broken)
        )
