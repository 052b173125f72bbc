"""An audit of a run's journal says of each observed requirement what the run itself said."""

import json

import pytest

from goatcheck.audit.judging import Judge
from goatcheck.conduct.journal import exchange_to_data
from goatcheck.faults import broken_world
from goatcheck.recorded import Api
from goatcheck.recorded.journal import read_lines


def said_by_a_run(played, contract):
    seen = [r.id for r in contract.requirements if r.how == "seen"]
    return {
        name: (record.judged, len(record.breaches) > 0)
        for name in seen
        if (record := played.run.ledger.record(name)).judged
    }


def said_by_an_audit(played, contract):
    lines = [
        json.dumps({"kind": "exchange", "data": exchange_to_data(e)}).encode() for e in played.run.ledger.exchanges
    ]
    tally = Judge(Api(contract), "exchanges.jsonl").tally(read_lines(lines, 1))
    return {name: (count, tally.broken[name] > 0) for name, count in tally.kept.items()}


@pytest.mark.parametrize("fault", [None, "challenge-absent"])
def test_an_audit_judges_a_journal_as_the_run_did(stage, current_contract, fault):
    if fault:
        stage.world = broken_world(stage.world, [fault])
    played = stage.play("401.missing", "401.invalid", "403.scope.admin", "429.daily.enforced")
    run = said_by_a_run(played, current_contract)
    assert run == said_by_an_audit(played, current_contract)
    assert run["401.challenge"][1] is bool(fault)
