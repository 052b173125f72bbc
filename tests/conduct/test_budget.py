import threading

import pytest

from goatcheck.conduct.budget import Budget, BudgetEnded
from goatcheck.errors import NotExercised


def test_requests_are_counted_by_key_up_to_the_bound():
    budget = Budget(3, 0)
    for key in ("reader", "", "reader"):
        budget.spend_request(key)
    with pytest.raises(BudgetEnded, match=r"3 requests are spent; raise target\.max_requests"):
        budget.spend_request("full")
    assert budget.requests == 3
    assert budget.requests_per_key == {"": 1, "reader": 2}


def test_without_a_bound_requests_are_only_counted():
    budget = Budget(0, 0)
    for _ in range(1000):
        budget.spend_request("reader")
    assert budget.requests == 1000


def test_creates_are_allowed_whole_or_not_at_all():
    budget = Budget(0, 5)
    budget.spend_creates(3)
    with pytest.raises(BudgetEnded, match=r"creating 3 more would make 6 .* allows 5; raise target\.max_creates"):
        budget.spend_creates(3)
    budget.spend_creates(2)
    assert budget.creates == 5


def test_without_creates_none_is_allowed():
    with pytest.raises(NotExercised):
        Budget(0, 0).spend_creates()


def test_many_threads_spend_no_more_than_there_is():
    budget = Budget(100, 0)
    ended = []

    def spend():
        for _ in range(50):
            try:
                budget.spend_request("k")
            except BudgetEnded as error:
                ended.append(error)

    threads = [threading.Thread(target=spend) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (budget.requests, len(ended)) == (100, 100)


def test_what_the_target_refused_to_create_is_given_back():
    budget = Budget(0, 2)
    budget.spend_creates(2)
    budget.settle_creates(2, 1)
    budget.spend_creates(1)
    assert budget.creates == 2


def test_a_request_is_kept_back_for_everything_that_has_to_be_removed():
    budget = Budget(5, 5)
    alive = []
    budget.remaining = lambda: len(alive)
    budget.spend_creates(2)
    budget.spend_request("full")
    budget.settle_creates(2, 2)
    alive += ["a", "b"]
    budget.spend_request("full")
    budget.spend_request("full")
    with pytest.raises(BudgetEnded, match=r"5 requests are spent \(2 of them are kept for removing what it made\)"):
        budget.spend_request("full")
    alive.pop()
    budget.spend_request("full")
    budget.spend_request("full", cleaning=True)
    assert budget.requests == 5


def test_what_is_being_created_has_its_request_kept_back_too():
    budget = Budget(2, 1)
    budget.spend_request("full")
    budget.spend_creates(1)
    with pytest.raises(BudgetEnded):
        budget.spend_request("full")
    budget.settle_creates(1, 0)
    budget.spend_request("full")


def test_cleaning_up_is_counted_but_never_refused():
    budget = Budget(1, 0)
    budget.spend_request("full")
    budget.spend_request("full", cleaning=True)
    assert budget.requests_per_key == {"full": 2}


def test_what_creates_nothing_is_sent_even_after_a_target_made_too_much():
    budget = Budget(0, 1)
    budget.spend_creates(1)
    budget.settle_creates(1, 2)
    budget.spend_creates(0)
    assert budget.creates == 2
