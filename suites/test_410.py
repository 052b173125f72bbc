"""410: what was removed stays removed, and nothing else is called so."""

from goatcheck.conduct import KINDS, requirement


def other_ways_to_ask(api, endpoint):
    """The removed route with a query, for a client that likes CSV better, and for what is another org's."""
    known = {kind: api.profile.fixtures.get(f"foreign_{kind}") for kind in KINDS}
    foreign = {kind: fixture.id for kind, fixture in known.items() if fixture is not None}
    return [
        endpoint.valid().with_parameter("from", f"{endpoint.today}").because("with a query"),
        endpoint.valid().with_headers(("Accept", "text/csv, application/json;q=0.9")).because("CSV or JSON"),
        *([endpoint.valid(foreign).because("foreign id")] if endpoint.aims_at_something(foreign) else []),
    ]


@requirement("410.removed")
def a_removed_route_says_so(api, reader, full):
    """Each removed route answers 410 for any id, known or not, every time."""
    known = api.known_ids(reader)
    ways = [
        (reader, "unknown id", {}),
        (full, "known id", known),
        (full, "unknown id", {}),
        (reader, "known id", known),
    ]
    for endpoint in api.removed:
        for key, cause, ids in api.few(ways, 0, most=2):
            for time in ("first time", "second time"):
                api.send(endpoint.valid(ids), key, cause=f"{cause}, {time}", fresh=True).must_be("410")
        for draft in api.further(other_ways_to_ask(api, endpoint)):
            api.send(draft, full, fresh=True).must_be("410")
