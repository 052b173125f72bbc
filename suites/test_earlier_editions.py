"""What earlier editions of the contract say in another way than the newest one; each edition's register says which."""

from goatcheck.conduct import requirement


@requirement("401.revoked")
def no_operation_answers_a_revoked_key(api, revoked):
    """A key that was taken back is refused with 401 by every operation."""
    for key in api.keys(revoked.role):
        for endpoint in api.refusable:
            for answer in api.refused_in_all_forms(endpoint, key, cause=f"revoked:{key.name}"):
                answer.must_be("401")


@requirement("403.ban")
def whoever_is_banned_is_refused(api, banned):
    """A key of a banned org, and one of a banned user: 403 on every operation."""
    for key, endpoint in api.spread(api.keys(banned.role), api.refusable):
        api.send(endpoint.valid(api.readable_ids(endpoint)), key, cause=f"banned:{key.name}").must_be("403")
        for other in api.other_forms(endpoint):
            api.send(other, key, cause=f"banned:{key.name}, {other.cause}").must_be("403")


@requirement("403.only-banned", phase="after")
def nobody_else_is_forbidden_anything(api, reader, full):
    """Whoever is not banned never got a 403 in the whole run: there are no scopes, so every key may read and write."""
    asked = {(answer.operation, answer.exchange.intent.key) for answer in api.all_answers()}
    for endpoint in api.operations:
        for key in (reader, full):
            if (endpoint.operation.id, key.name) not in asked:
                harmless = endpoint.valid(api.known_ids(reader)) if endpoint in api.reads else _harmless(endpoint)
                api.send(harmless, key, cause=f"not banned:{key.name}")
    operations = {endpoint.operation.id for endpoint in api.operations}
    for answer in api.all_answers():
        key = api.profile.key(answer.exchange.intent.key)
        if key and key.state in {"active", "capped"} and answer.operation in operations:
            answer.must_not_be("403", why=f"the key {key.name} is not banned")


def _harmless(endpoint):
    """A write that changes nothing: aimed at what does not exist, or wrong in its body where there is nothing to aim."""
    return endpoint.valid() if endpoint.operation.path_parameters else endpoint.broken_bodies()[0]
