from __future__ import annotations

from typing import NamedTuple

import pytest

from tests.ledger.model.bounds import SMALL
from tests.ledger.model.promises import (
    ACCEPTED_STAYS,
    INTENT_FIRST,
    NO_CLASH,
    NONE_FORGOTTEN,
    ONCE,
    ONE_POSTER,
    ONE_STATUS,
    promises,
)
from tests.ledger.model.rule import Rule, Silence
from tests.ledger.model.search import ENDLESS, Promises, Search, Step
from tests.ledger.model.states import Bounds, World
from tests.ledger.model.steps import Steps

ONE_ROW = Bounds([[0]], [0, 0])
DECIDED = Bounds([[0]], [0, 0], decisions=1)
TWO_LISTS = Bounds([[0], [0]], [0, 1])

STATES = {
    "two rows, two programs one after the other": 29_987,
    "one row, three programs, a person decides": 29_533,
    "two lists with the same person, one of them taken over": 115_968,
}


@pytest.mark.parametrize("name", SMALL)
def test_every_promise_holds_whatever_happens(name: str) -> None:
    """In all states that can be reached; a change of the model that loses some is noticed."""
    bounds = SMALL[name]
    found = Search(Steps(bounds), promises(bounds)).explore(bounds.first())
    assert not found.broken, str(found)
    assert found.states == STATES[name]


class Without(NamedTuple):
    """A rule of which a part is left out, and what is not kept then."""

    what: str
    rule: Rule
    bounds: Bounds
    broken: str


BROKEN = [
    Without("intent first", Rule(intends_first=False), ONE_ROW, ONCE),
    Without("rows with an intent left alone", Rule(keeps_intents=False), ONE_ROW, ONCE),
    Without("any fence", Rule(fences_intents=False, fences_outcomes=False), ONE_ROW, NO_CLASH),
    Without("a fence for intents", Rule(fences_intents=False), ONE_ROW, NO_CLASH),
    Without("fence and key", Rule(fences_intents=False, writes_once=False), ONE_ROW, ONCE),
    Without("fence and key, told early", Rule(fences_intents=False, writes_once=False), ONE_ROW, ONE_POSTER),
    Without("a fence for outcomes", Rule(fences_outcomes=False), ONE_ROW, ONE_STATUS),
    Without("a fence for late outcomes", Rule(fences_outcomes=False), DECIDED, ACCEPTED_STAYS),
    Without("doubt of a lost answer", Rule(silence=Silence.IS_SUCCESS), ONE_ROW, ONCE),
    Without("doubt of a lost answer, told early", Rule(silence=Silence.IS_SUCCESS), ONE_ROW, INTENT_FIRST),
    Without("a number of the group", Rule(silence=Silence.IS_FAILURE, checks_number=False), ONE_ROW, NO_CLASH),
    Without("the number in the transaction", Rule(checks_number=False), ONE_ROW, NO_CLASH),
    Without("the row of the dialer held", Rule(holds_dialer=False), TWO_LISTS, ONCE),
    Without("doubts of others", Rule(regards_doubts=False), TWO_LISTS, ONCE),
    Without("a look at who was thought asleep", Rule(regards_sleepers=False), TWO_LISTS, ONCE),
]  # fmt: skip


@pytest.mark.parametrize("without", BROKEN, ids=[one.what for one in BROKEN])
def test_each_part_of_the_rule_is_needed(without: Without) -> None:
    """Left out, it breaks a promise, and the shortest way there is told."""
    asked = only(without.broken, without.bounds)
    steps = Steps(without.bounds, without.rule)
    found = Search(steps, asked).explore(without.bounds.first())
    assert found.broken == without.broken, str(found)
    assert found.trace[0].startswith("program 0 begins")
    assert f"broken: {without.broken}" in str(found)


def only(name: str, bounds: Bounds) -> Promises[World]:
    """One promise alone, whichever way it is asked about."""
    everything = promises(bounds)
    return Promises(
        always={key: holds for key, holds in everything.always.items() if key == name},
        between={key: holds for key, holds in everything.between.items() if key == name},
        at_rest={},
    )


@pytest.mark.parametrize(
    "rule",
    [Rule(writes_once=False), Rule(silence=Silence.IS_FAILURE)],
    ids=["the fence makes up for the key", "the number makes up for the question"],
)
def test_what_is_held_by_two_is_held_by_one(rule: Rule) -> None:
    """Two parts are there twice: with one of each left out, all promises hold."""
    found = Search(Steps(DECIDED, rule), promises(DECIDED)).explore(DECIDED.first())
    assert not found.broken, str(found)


def circle(number: int) -> list[Step[int]]:
    """From 0 to 1 and 2, from there back to 1; and to 3, where it ends, unless something fails."""
    ways = {0: [1], 1: [2], 2: [1, 3], 3: []}
    return [Step(("to", after), True, after) for after in ways[number]]


def test_what_never_comes_to_rest_is_found() -> None:
    """Though no single state of it is wrong."""
    found = Search(circle, Promises({}, {}, {})).explore(0)
    assert (found.broken, list(found.trace)) == (ENDLESS, ["to 1"])


def test_a_row_that_nobody_comes_to_is_found() -> None:
    """Who lives and can do nothing more has forgotten its list."""
    steps = Steps(ONE_ROW)

    def idle(world: World) -> list[Step[World]]:
        return [step for step in steps(world) if "commits" not in step.label]

    found = Search(idle, promises(ONE_ROW)).explore(ONE_ROW.first())
    assert found.broken == NONE_FORGOTTEN
