"""What is kept of answers for a whole run: enough to judge and to show, never more than memory bears."""

import httpx

from goatcheck.conduct.ledger import Ledger
from goatcheck.exchange import KEPT, Exchange, Problem, Request, Response, light


def exchange(size, oddity=""):
    return Exchange(1, Request("GET", "/projects"), Response(500, body=b"x" * size, oddity=oddity))


def test_an_answer_of_usual_length_is_kept_as_it_is():
    usual = exchange(KEPT)
    assert light(usual) is usual


def test_a_very_long_answer_is_kept_in_part_and_says_so():
    kept = light(exchange(KEPT + 1)).response
    assert len(kept.body) == KEPT
    assert kept.oddity == f"only {KEPT} of its {KEPT + 1} bytes are kept"
    assert light(exchange(KEPT + 1, "cut off")).response.oddity.startswith("cut off; only")


def test_the_ledger_keeps_no_very_long_answer():
    ledger, long = Ledger(), exchange(3 * KEPT)
    ledger.add(long)
    ledger.judge(long, {"500.never": [Problem("it failed")]})
    kept = [ledger.exchanges[0], ledger.record("500.never").breaches[0].exchange]
    assert [len(one.response.body) for one in kept] == [KEPT, KEPT]


def test_a_run_keeps_no_very_long_answer(stage):
    def change(_request, forward, number):
        return httpx.Response(500, content=b"{" + b" " * 3 * KEPT) if number > 3 else forward()

    played = stage.play("500.never", change=change)
    assert max(len(one.response.body) for one in played.run.ledger.exchanges) == KEPT
    assert max(len(answer.response.body) for answer in played.run.api.all_answers()) == KEPT
    assert played.names["500.never"] == "fail"
