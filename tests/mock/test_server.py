"""The served mock: sockets, threads, starting and stopping."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx
import pytest

from goatcheck.mock import BASE_URL, WorldTransport, serve
from goatcheck.model import reference_world


def client_of(**how):
    """A client of a loopback server; without proxies and certificates, which cost most of its making."""
    return httpx.Client(trust_env=False, verify=False, **how)  # noqa: S501 - there is no TLS on loopback


def status_of(where):
    """What a server says to a request without a key."""
    with client_of() as client:
        return client.get(where.base_url).status_code


def post_all(url, headers, bodies):
    """The responses to POSTs that are sent at once, each from a thread of its own."""
    start = threading.Barrier(len(bodies))

    def post(body):
        start.wait()
        return client.post(url, headers=headers, json=body)

    with client_of() as client, ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(post, bodies))


def test_concurrent_creates_pass_the_cap_by_none(served, world, bearer):
    url = f"{served.base_url}/projects/{world.profile.fixtures['capped_project'].id}/creators"
    responses = post_all(url, bearer("capped"), [{"tiktok_handle": f"h{number}"} for number in range(12)])
    assert sorted(response.status_code for response in responses) == [201] * 3 + [402] * 9
    assert {response.json()["meta"]["current"] for response in responses if response.status_code == 402} == {5}


def test_concurrent_repetitions_under_one_idempotency_key_make_one_thing(served, bearer):
    headers = {**bearer("full"), "Idempotency-Key": "once"}
    responses = post_all(f"{served.base_url}/payout-methods", headers, [{"name": "x"}] * 8)
    assert len({response.json()["data"]["id"] for response in responses}) == 1


def test_a_concurrent_burst_is_served_sixty_times(served, bearer):
    with client_of(headers=bearer("burst")) as client, ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: client.get(f"{served.base_url}/projects").status_code, range(75)))
    assert (statuses.count(200), statuses.count(429)) == (60, 15)


def test_requests_overlap_outside_of_the_worlds_lock(world, bearer):
    both = threading.Barrier(2, timeout=10)

    def around(_world, request, step):
        both.wait()
        return step(request)

    with serve(replace(world, rules=replace(world.rules, around=around))) as where:
        responses = post_all(f"{where.base_url}/payout-methods", bearer("full"), [{"name": "a"}, {"name": "b"}])
    assert [response.status_code for response in responses] == [201, 201]


def raw(where, request):
    """What a socket receives for bytes that no client library would send."""
    url = httpx.URL(where.base_url)
    with socket.create_connection((url.host, url.port), timeout=10) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_odd_request_lines_get_the_worlds_answer(served):
    for target in (
        b"/api/v1/../v1/projects",
        b"/api/v1/projects?a=%&b",
        b"/api/v1/%zz",
        b"*",
        b"http://x/api/v1/projects",
        b"/api/v1/a#b",
    ):
        answer = raw(served, b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert answer.split(b" ", 2)[1] in {b"401", b"404"}
        assert b'"data":null' in answer


def test_two_authorization_fields_arrive_as_two(served, bearer):
    field = f"Authorization: {bearer('full')['Authorization']}\r\n".encode()
    answer = raw(served, b"GET /api/v1/projects HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + field * 2 + b"\r\n")
    assert answer.startswith(b"HTTP/1.1 401")


def test_a_body_in_chunks_arrives_whole(served, bearer):
    with client_of() as client:
        response = client.post(
            f"{served.base_url}/payout-methods", headers=bearer("full"), content=iter([b'{"name"', b': "x"}'])
        )
    assert response.status_code == 201


def test_several_servers_run_side_by_side_and_leave_no_thread():
    with serve(reference_world()) as first, serve(reference_world(seed=1)) as second:
        assert first.base_url != second.base_url
        assert {status_of(where) for where in (first, second)} == {401}
    assert "goatcheck-mock" not in {thread.name for thread in threading.enumerate()}


def test_a_port_is_free_again_after_the_context_and_can_be_asked_for(world):
    with serve(world) as where:
        port = httpx.URL(where.base_url).port
    with serve(world, port) as again:
        assert again == where
        assert status_of(again) == 401


def test_a_port_in_use_is_an_error_at_once(served, world):
    with pytest.raises(OSError, match="in use"), serve(world, httpx.URL(served.base_url).port):
        raise AssertionError("served on a port that another server has")


def test_a_server_that_nobody_asks_stops_too(world):
    with serve(world) as where:
        assert where.base_url.startswith("http://127.0.0.1:")


def test_both_doors_give_the_same_answers_to_the_same_requests(bearer):
    requests = [
        ("GET", "/creators?limit=1", "full", None),
        ("POST", "/payout-methods", "full", b'{"name": "x"}'),
        ("GET", "/payout-methods", "reader", None),
        ("GET", "/nowhere", "full", None),
        ("PUT", "/projects", "full", b"{}"),
        ("DELETE", "/creators/x", "reader", None),
        ("GET", "/creators", "spent", None),
        ("HEAD", "/creators", "full", None),
        ("GET", "/creators/x/stats", "full", None),
        ("GET", "/creators", "expired", None),
    ]
    with serve(reference_world()) as where:
        clients = (
            client_of(base_url=where.base_url),
            httpx.Client(base_url=BASE_URL, transport=WorldTransport(reference_world())),
        )
        for method, target, key, content in requests:
            over, inside = (c.request(method, target, headers=bearer(key), content=content) for c in clients)
            assert (over.status_code, over.headers.items(), over.content) == (
                inside.status_code,
                inside.headers.items(),
                inside.content,
            )
        for client in clients:
            client.close()
