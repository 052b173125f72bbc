"""What is found on a path: the things whose template it is of, those that name more of it first."""

from dataclasses import dataclass

import pytest

from goatcheck.contract.places import Places


@dataclass(frozen=True)
class Thing:
    template: str


TEMPLATES = ("/", "/{kind}/{id}", "/creators", "/creators/{id}", "/creators/mine", "/{kind}", "/creators/{id}/stats")


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/", ["/"]),
        ("/creators", ["/creators", "/{kind}"]),
        ("/creators/mine", ["/creators/mine", "/creators/{id}", "/{kind}/{id}"]),
        ("/creators/", []),
        ("/videos/1", ["/{kind}/{id}"]),
        ("/creators/1/stats", ["/creators/{id}/stats"]),
        ("/creators/1/more", []),
        ("/creators/1/stats/more", []),
        ("", []),
    ],
)
def test_a_path_has_the_things_whose_steps_it_has(path, found):
    assert [thing.template for thing in Places(map(Thing, TEMPLATES)).on(path)] == found


def test_things_of_one_template_keep_their_order():
    things = [("second", "/creators/{id}"), ("first", "/creators/{name}")]
    named = [type("Named", (Thing,), {"name": name})(template) for name, template in things]
    assert [thing.name for thing in Places(named).on("/creators/x")] == ["second", "first"]
