"""410: what was removed stays removed, and nothing else is called so."""

from goatcheck.conduct import requirement


@requirement("410.removed")
def a_removed_route_says_so(api, reader, full):
    """Each removed route answers 410 for any id, known or not, every time."""
    for endpoint in api.removed:
        for key in (reader, full):
            for cause, ids in (("unknown id", {}), ("known id", api.known_ids(reader))):
                for time in ("first time", "second time"):
                    api.send(endpoint.valid(ids), key, cause=f"{cause}, {time}", fresh=True).must_be("410")
