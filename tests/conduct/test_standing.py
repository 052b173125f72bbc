"""What a recorded request stands on: what its run had made and not removed by then."""

import json

from goatcheck.conduct.standing import ids_in, made_by, stands_on, with_ids
from goatcheck.exchange import Exchange, Intent, Request, Response

A, B, C = (f"{n}0000000-0000-4000-8000-000000000000" for n in range(1, 4))
CREATE = "POST /projects/{projectId}/creators"


def exchange(number, method, path, *, operation="", asked=None, data=None, status=200, query="", forced=""):
    body = None if asked is None else json.dumps(asked).encode()
    answer = json.dumps({"data": data, "error": None, "meta": None}).encode()
    intent = Intent(operation=operation or f"{method} {path}", forced=forced)
    return Exchange(number, Request(method, path, query, body=body), Response(status, (), answer), intent)


def create(number, made, name, **more):
    asked = {"tiktok_handle": name}
    return exchange(number, "POST", "/projects/p/creators", operation=CREATE, asked=asked, data={"id": made}, **more)


def test_what_was_made_is_counted_as_the_answers_tell_it(current_contract):
    gone = exchange(5, "DELETE", f"/creators/{A}", status=204)
    bulk = exchange(6, "POST", "/x", operation=CREATE, data={"creators": [{"id": A}, {"id": B}, {"id": C}]}, status=201)
    untold = exchange(7, "POST", "/x", operation=CREATE, data={}, status=201)
    refused, forced = create(8, C, "x", status=402), create(9, C, "x", forced="402.limit")
    assert made_by([ONE], current_contract) == 1
    assert made_by([ONE, create(4, A, "gc-1")], current_contract) == 1  # a repetition under one key
    assert made_by([bulk, gone, ONE, TWO], current_contract) == 4  # what was removed comes back
    assert made_by([untold, refused, forced, exchange(3, "GET", "/creators")], current_contract) == 1


ONE, TWO = create(1, A, "gc-1"), create(2, B, "gc-12", status=201)


def numbers(later, *earlier, contract):
    return [e.number for e in stands_on(later, earlier, contract)]


def test_a_request_stands_on_the_things_whose_ids_it_has(current_contract):
    later = exchange(9, "PATCH", f"/creators/{A}")
    assert numbers(later, TWO, ONE, later, contract=current_contract) == [1]
    filtered = exchange(9, "GET", "/videos", query=f"creator_id={B.upper()}")
    assert numbers(filtered, ONE, TWO, contract=current_contract) == [2]


def test_a_request_stands_on_the_things_whose_names_it_has_in_whatever_spelling(current_contract):
    for name, expected in (("gc-1", [1]), ("@GC-12", [2]), ("gc-123", []), ("x.gc-1", [])):
        later = create(9, C, name)
        assert numbers(later, ONE, TWO, later, contract=current_contract) == expected


def test_what_was_removed_before_is_not_made_again(current_contract):
    gone = exchange(3, "DELETE", f"/creators/{A}", status=204)
    kept = exchange(3, "DELETE", f"/creators/{A}", status=404)
    later = exchange(9, "PATCH", f"/creators/{A}")
    assert numbers(later, ONE, gone, contract=current_contract) == []
    assert numbers(later, ONE, kept, contract=current_contract) == [1]


def test_what_came_later_was_refused_or_forced_is_nothing_to_stand_on(current_contract):
    later = exchange(9, "PATCH", f"/creators/{A}")
    for other in (create(10, A, "gc-1"), create(1, A, "gc-1", status=409), create(1, A, "gc-1", forced="409")):
        assert numbers(later, other, contract=current_contract) == []


def test_a_bulk_makes_several(current_contract):
    asked = {"creators": [{"tiktok_handle": "gc-a"}, {"tiktok_handle": "gc-b"}]}
    bulk = exchange(
        1, "POST", "/projects/p/creators", operation=CREATE, asked=asked, data={"creators": [{"id": A}, {"id": B}]}
    )
    assert ids_in(bulk.response) == (A, B)
    assert numbers(create(9, C, "gc-b"), bulk, contract=current_contract) == [1]


def test_an_answer_that_tells_no_ids_has_none():
    assert ids_in(Response(204)) == ()
    assert ids_in(Response(200, (), b'{"data": "made"}')) == ()


def test_new_ids_take_the_place_of_old_ones_everywhere():
    request = Request("POST", f"/campaigns/{A}/items", f"x={A}", body=json.dumps({"item_id": B}).encode())
    moved = with_ids(request, {A: C, B: A})
    assert (moved.path, moved.query, moved.body) == (
        f"/campaigns/{C}/items",
        f"x={C}",
        json.dumps({"item_id": A}).encode(),
    )
    assert with_ids(Request("GET", f"/creators/{A}"), {A: B}) == Request("GET", f"/creators/{B}")
