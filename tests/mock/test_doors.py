"""The mock over HTTP and without it: the same answers, and none but the world's."""

MIDDAY = 1_781_514_000.0


def test_the_api_answers_under_its_prefix(door, bearer):
    client, _ = door
    response = client.get("/projects", headers=bearer("reader"))
    assert (response.status_code, response.json()["error"]) == (200, None)


def test_the_headers_are_the_worlds_own(door, bearer):
    client, _ = door
    response = client.get("/projects", headers=bearer("reader"))
    assert dict(response.headers) == {
        "content-type": "application/json; charset=utf-8",
        "date": "Mon, 15 Jun 2026 09:00:00 GMT",
        "content-length": str(len(response.content)),
    }


def test_head_tells_the_length_that_get_would_have(door, bearer):
    client, _ = door
    got, head = (client.request(method, "/projects", headers=bearer("reader")) for method in ("GET", "HEAD"))
    assert (head.content, head.headers["content-length"]) == (b"", got.headers["content-length"])


def test_options_has_neither_body_nor_length(door):
    client, _ = door
    response = client.options("/projects")
    assert (response.status_code, response.content) == (204, b"")
    assert "content-length" not in response.headers


def test_odd_paths_under_the_prefix_reach_the_world_as_they_are(door, bearer):
    client, _ = door
    for path in ["/api/v1/projects/", "/api/v1/", "/api/v1", "/api/v1//projects", "/api/v1/%0A", "/api/v1/projects%2F"]:
        assert client.get(client.base_url.join(path), headers=bearer("reader")).status_code == 404
        assert client.get(client.base_url.join(path)).status_code == 401


def test_what_lies_outside_is_an_enveloped_404(door):
    client, _ = door
    for path in ["/", "/api", "/api/v2/projects", "/api/v1projects", "/_clock/", "/%0A"]:
        response = client.post(client.base_url.join(path))
        assert response.status_code == 404
        assert response.json() == {"data": None, "error": "No such route", "meta": None}
        assert response.headers["date"]


def test_any_method_reaches_the_world(door, bearer):
    client, _ = door
    for method in ["PURGE", "TRACE", "PUT"]:
        assert client.request(method, "/projects", headers=bearer("full")).status_code == 405


def test_an_encoded_query_and_a_body_in_utf_8_arrive_unharmed(door, bearer, world):
    client, _ = door
    path = f"/projects/{world.profile.fixtures['project'].id}/campaigns"
    made = client.post(path, headers=bearer("full"), json={"name": "Käse 🐐"})
    assert made.json()["data"]["name"] == "Käse 🐐"
    assert client.get("/creators?search=%ff", headers=bearer("full")).json()["meta"]["code"] == "invalid_query"
    assert client.get("/creators?", headers=bearer("full")).status_code == 200


def test_latin_1_headers_arrive(door, bearer):
    client, _ = door
    headers = {**bearer("full"), "Idempotency-Key": "é".encode("latin-1")}
    bodies = {client.post("/payout-methods", headers=headers, json={"name": "x"}).content for _ in range(2)}
    assert len(bodies) == 1


def test_the_clock_tells_the_time_and_moves(door, bearer):
    client, clock = door
    assert client.get(clock).json() == {"now": MIDDAY}
    assert client.post(clock, json={"advance": 90.5}).json() == {"now": MIDDAY + 90.5}
    assert client.post(clock, json={"advance": 0}).json() == {"now": MIDDAY + 90.5}
    assert client.get("/projects", headers=bearer("full")).headers["date"] == "Mon, 15 Jun 2026 09:01:30 GMT"


def test_a_wish_that_the_clock_can_not_fulfil_is_refused_and_moves_nothing(door):
    client, clock = door
    for content in [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"advance": "1"}',
        b'{"advance": true}',
        b'{"advance": -1}',
        b'{"advance": 1e400}',
        b'{"advance": 1e300}',
    ]:
        response = client.post(clock, content=content)
        assert response.status_code == 400
        assert "clock" in response.json()["error"]
        assert client.get(clock).json() == {"now": MIDDAY}


def test_the_clock_knows_two_methods(door):
    client, clock = door
    response = client.delete(clock)
    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")
