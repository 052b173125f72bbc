"""410: what was removed stays removed, and nothing else is called so."""

from goatcheck.conduct import requirement


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
