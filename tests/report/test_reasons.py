"""Why what is only seen was not seen: the reason that a report gives."""

import datetime as dt

import pytest

from goatcheck.conduct.ledger import Ledger
from goatcheck.contract import load
from goatcheck.profile import Force, Profile
from goatcheck.report.build import Facts, build_report
from goatcheck.report.model import Run

LIVE = Profile("http://127.0.0.1:1")
MOCK = Profile("http://127.0.0.1:1", kind="mock", force=Force("Prefer", "example={variant}"))


@pytest.mark.parametrize(
    ("requirement", "profile", "unforced", "reason"),
    [
        (
            "402.limit.reached",
            LIVE,
            {},
            (
                "No answer showed it. It is seen where one of these is exercised: "
                "402.limit.enforced, 402.limit.no-effect, 402.limit.atomic."
            ),
        ),
        ("402.limit.reached", MOCK, {}, "An answer on demand can't show it: it would have to fit its request."),
        ("402.limit.meta", MOCK, {"402.limit": "another came"}, "another came"),
        ("403.scope.missing", MOCK, {"403.scope": "another came"}, "another came"),
        ("429.code", MOCK, {"402.limit": "another came", "429.daily": "none came"}, "none came"),
    ],
)
def test_the_reason_says_what_stood_in_the_way_of_seeing_it(requirement, profile, unforced, reason):
    run = Run(seed=1, started="2026-06-15T09:00:00Z", seconds=0.0, requests=0, requests_per_key={})
    facts = Facts(load(), profile, Ledger(), (requirement,), (), run, unforced=unforced)
    report = build_report(facts, dt.date(2026, 6, 15))
    assert [(row.outcome, row.reason) for row in report.requirements] == [("not_exercised", reason)]
