"""Creators: what can be created, changed, removed and found again."""

import pytest


def test_a_creator_is_created_with_defaults_and_without_its_leading_at(caller):
    response = caller.create("@Goat.Farmer-1_x")
    assert response.status == 201
    made = response.member("data")
    assert (made["tiktok_handle"], made["project_id"]) == ("Goat.Farmer-1_x", caller.project)
    assert (made["tracking_mode"], made["tracking_start_date"]) == ("auto", "2026-06-15")
    assert made in caller.data("GET", "/creators")


def test_mode_and_start_date_are_kept(caller):
    wanted = {"tiktok_handle": "h", "tracking_mode": "selective", "tracking_start_date": "2026-01-31"}
    assert wanted.items() <= caller.data("POST", f"/projects/{caller.project}/creators", body=wanted).items()


def test_bulk_creates_up_to_fifty_at_once(caller):
    wanted = [{"tiktok_handle": f"h{number}"} for number in range(50)]
    response = caller.ask("POST", f"/projects/{caller.project}/creators", body={"creators": wanted})
    assert response.status == 201
    assert [made["tiktok_handle"] for made in response.member("data")] == [each["tiktok_handle"] for each in wanted]


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        None,
        "x",
        {"tiktok_handle": None},
        {"tiktok_handle": 7},
        {"tiktok_handle": ""},
        {"tiktok_handle": "@"},
        {"tiktok_handle": "@@x"},
        {"tiktok_handle": "x" * 31},
        {"tiktok_handle": "x y"},
        {"tiktok_handle": "x\n"},
        {"tiktok_handle": "é"},
        {"tiktok_handle": "٣"},
        {"tiktok_handle": "x", "tracking_mode": "AUTO"},
        {"tiktok_handle": "x", "tracking_mode": None},
        {"tiktok_handle": "x", "tracking_start_date": "2026-02-30"},
        {"tiktok_handle": "x", "tracking_start_date": "20260230"},
        {"tiktok_handle": "x", "tracking_start_date": 20260101},
        {"creators": []},
        {"creators": {}},
        {"creators": ["x"]},
        {"creators": [{"tiktok_handle": "fine"}, {"tiktok_handle": "not fine"}]},
        {"creators": [{"tiktok_handle": f"h{number}"} for number in range(51)]},
    ],
    ids=repr,
)
def test_a_body_that_describes_no_creator_is_refused_and_leaves_nothing_behind(caller, body):
    before = caller.handles()
    response = caller.ask(
        "POST", f"/projects/{caller.project}/creators", raw=b"null" if body is None else None, body=body
    )
    assert (response.status, response.code) == (400, "invalid_body")
    assert caller.handles() == before


@pytest.mark.parametrize("again", ["goat", "GOAT", "@goat", "@Goat"])
def test_a_handle_that_is_in_the_project_is_a_conflict_in_any_letter_case(caller, again):
    caller.create("goat")
    assert caller.create(again).status == 409
    assert [handle.lower() for handle in caller.handles()].count("goat") == 1


def test_a_bulk_request_with_a_duplicate_is_refused_whole(caller):
    caller.create("goat")
    before = caller.handles()
    for pair in (("new", "GOAT"), ("new", "New")):
        body = {"creators": [{"tiktok_handle": handle} for handle in pair]}
        assert caller.ask("POST", f"/projects/{caller.project}/creators", body=body).status == 409
    assert caller.handles() == before


def test_the_same_handle_may_be_in_the_project_of_another_org(caller):
    caller.create("goat")
    assert caller.create("goat", key="foreign", project=caller.fixture("foreign_project")).status == 201


def test_a_removed_handle_comes_back_under_its_old_id_with_200(caller):
    made = caller.create("goat").member("data")
    caller.data("DELETE", f"/creators/{made['id']}")
    assert "goat" not in caller.handles()
    back = caller.create("@GOAT")
    assert (back.status, back.member("data")["id"]) == (200, made["id"])
    assert "goat" in caller.handles()


def test_a_bulk_request_is_a_creation_if_anything_in_it_is_new(caller):
    made = caller.create("goat").member("data")
    caller.data("DELETE", f"/creators/{made['id']}")
    body = {"creators": [{"tiktok_handle": "goat"}, {"tiktok_handle": "new"}]}
    assert caller.ask("POST", f"/projects/{caller.project}/creators", body=body).status == 201


def test_readme_and_handle_can_be_changed(caller):
    made = caller.create("goat").member("data")
    path = f"/creators/{made['id']}"
    assert caller.data("PATCH", path, body={"readme": "Fridays"})["readme"] == "Fridays"
    changed = caller.data("PATCH", path, body={"tiktok_handle": "@kid"})
    assert (changed["tiktok_handle"], changed["readme"]) == ("kid", "Fridays")
    assert caller.data("PATCH", path, body={"readme": None})["readme"] is None


def test_a_rename_to_a_taken_or_unchanged_handle_is_a_conflict_and_changes_nothing(caller):
    made, other = (caller.create(handle).member("data") for handle in ("goat", "kid"))
    gone = caller.create("gone").member("data")
    caller.data("DELETE", f"/creators/{gone['id']}")
    for handle in ("goat", "@GOAT", "kid", "KID", "gone"):
        response = caller.ask("PATCH", f"/creators/{made['id']}", body={"tiktok_handle": handle, "readme": "new"})
        assert response.status == 409
    assert made in caller.data("GET", "/creators")
    assert other in caller.data("GET", "/creators")


@pytest.mark.parametrize(
    "body",
    [{}, [], {"other": 1}, {"readme": 7}, {"tiktok_handle": None}, {"readme": "\x00"}, {"readme": "\ud800"}],
    ids=repr,
)
def test_a_change_that_says_nothing_usable_is_refused(caller, body):
    made = caller.create("goat").member("data")
    response = caller.ask("PATCH", f"/creators/{made['id']}", body=body)
    assert (response.status, response.code) == (400, "invalid_body")


def test_a_removed_creator_is_not_found_any_more(caller):
    path = f"/creators/{caller.create('goat').member('data')['id']}"
    assert caller.ask("DELETE", path).status == 200
    assert caller.ask("DELETE", path).status == 404
    assert caller.ask("PATCH", path, body={"readme": "x"}).status == 404


def test_lists_can_be_narrowed_by_project_and_word(caller, absent):
    caller.create("Goat.one")
    caller.create("sheep")
    assert len(caller.data("GET", "/creators", query="search=goat")) == 1
    assert len(caller.data("GET", "/creators", query=f"search=e&project_id={caller.project.upper()}")) > 1
    assert caller.data("GET", "/creators", query=f"project_id={absent}") == []
    assert caller.data("GET", "/creators", query=f"project_id={caller.fixture('foreign_project')}") == []


def test_pages_follow_the_cursor_until_it_is_null_and_miss_nothing(caller):
    for number in range(7):
        caller.create(f"h{number}")
    told, cursor, pages = [], "", 0
    while cursor is not None:
        response = caller.ask("GET", "/creators", query=f"limit=3{cursor and '&cursor='}{cursor}")
        told += [creator["tiktok_handle"] for creator in response.member("data")]
        if pages == 0:
            caller.data("DELETE", f"/creators/{response.member('data')[-1]['id']}")
        cursor, pages = response.meta["nextCursor"], pages + 1
    assert told == ["first.seeded", "second.seeded", *(f"h{number}" for number in range(7))]
    assert pages == 3
