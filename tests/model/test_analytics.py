"""Analytics, goal compliance, videos and projects: what is only read."""

import pytest


def ask(caller, rest="", **changes):
    creator = caller.data("GET", "/creators", key="reader")[0]["id"]
    query = {"entity": "creator", "entity_id": creator, "metric": "views"} | changes
    return caller.ask("GET", "/analytics", key="reader", query="&".join(f"{n}={v}" for n, v in query.items()) + rest)


def test_a_series_has_a_figure_for_each_day_of_the_range(caller):
    series = ask(caller, "&from=2026-06-08&to=2026-06-14").member("data")
    assert [point["date"] for point in series] == [f"2026-06-{day:02}" for day in range(8, 15)]


def test_without_a_range_it_is_the_last_thirty_days_up_to_today(caller):
    series = ask(caller).member("data")
    assert (series[0]["date"], series[-1]["date"]) == ("2026-05-16", "2026-06-15")


def test_the_future_has_no_figures(caller):
    assert len(ask(caller, "&from=2026-06-15&to=9999-12-31").member("data")) == 1
    assert ask(caller, "&from=9999-12-30&to=9999-12-31").member("data") == []


def test_csv_has_no_envelope(caller):
    response = ask(caller, "&from=2026-06-14&format=csv")
    assert (response.status, response.media_type) == (200, "text/csv")
    assert [line.split(",")[0] for line in response.text.splitlines()] == ["date", "2026-06-14", "2026-06-15"]


@pytest.mark.parametrize(
    "rest", ["&from=2019-01-01", "&from=0001-01-01", "&to=2020-01-01", "&from=2025-06-14&format=csv"]
)
def test_a_range_that_starts_before_the_history_is_402(caller, rest):
    response = ask(caller, rest)
    assert (response.status, response.meta) == (402, {"code": "retention_exceeded"})


def test_the_oldest_day_of_the_history_is_inside(caller):
    assert ask(caller, "&from=2025-06-15").status == 200


@pytest.mark.parametrize(
    "changes", [{"entity_id": "00000000-0000-4000-8000-000000000000"}, {"entity": "video"}, {"entity": "campaign"}]
)
def test_an_entity_that_is_not_there_or_of_another_kind_is_not_found(caller, changes):
    assert ask(caller, **changes).status == 404


def test_an_entity_of_another_org_is_not_found(caller):
    assert ask(caller, entity_id=caller.fixture("foreign_creator")).status == 404
    assert ask(caller, entity="campaign", entity_id=caller.fixture("foreign_campaign")).status == 404


def test_campaigns_and_videos_have_figures_too(caller):
    for entity in ("campaign", "video"):
        assert ask(caller, entity=entity, entity_id=caller.data("GET", f"/{entity}s")[0]["id"]).status == 200


@pytest.mark.parametrize(
    "rest",
    [
        "&from=x",
        "&to=2026-02-30",
        "&from=2026-06-10&to=2026-06-09",
        "&format=xml",
        "&entity=creator",
        "&from=",
        "&from=\uff12\uff10\uff12\uff16-01-01",
    ],
)
def test_a_query_that_can_not_be_read_is_400(caller, rest):
    response = ask(caller, rest)
    assert (response.status, response.code) == (400, "invalid_query")


@pytest.mark.parametrize("changes", [{"entity": "goat"}, {"entity_id": "1"}, {"metric": "goats"}])
def test_entity_id_and_metric_must_be_what_they_are(caller, changes):
    assert ask(caller, **changes).code == "invalid_query"


@pytest.mark.parametrize("query", ["", "entity=creator", "entity=creator&metric=views"])
def test_entity_id_and_metric_are_required(caller, query):
    assert caller.ask("GET", "/analytics", query=query).code == "invalid_query"


def test_goal_compliance_tells_of_each_creator_of_the_project(caller):
    path = f"/projects/{caller.project}/goal-compliance"
    rows = caller.data("GET", path, query="period=month&reference_date=2026-06-01")
    assert [row["period"] for row in rows] == ["month", "month"]
    chosen = rows[0]["creator_id"]
    assert [row["creator_id"] for row in caller.data("GET", path, query=f"creator_id={chosen}")] == [chosen]
    assert caller.ask("GET", path, query="period=aeon").code == "invalid_query"


def test_videos_can_be_narrowed_by_project_and_creator(caller, absent):
    videos = caller.data("GET", "/videos")
    assert caller.data("GET", "/videos", query=f"creator_id={videos[0]['creator_id']}") == videos[:1]
    assert caller.data("GET", "/videos", query=f"project_id={caller.project}") == videos
    assert caller.data("GET", "/videos", query=f"project_id={absent}") == []


def test_an_org_sees_its_own_projects_only(caller):
    assert [each["id"] for each in caller.data("GET", "/projects")] == [caller.project]
