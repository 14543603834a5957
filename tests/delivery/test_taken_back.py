"""Answers that turn out to be another's, when their leads are settled already."""

from __future__ import annotations

import asyncio

import pytest

from bulk_loader.codes import OutcomeCode
from bulk_loader.delivery import Delivery, ErrorLimit, Policy
from bulk_loader.model import Ending, Outcome, Status
from tests.delivery.fakes import REJECT, Turn, World, ready

TAKEN_AND_CALLED_REJECTED = Turn(REJECT.answer, records=True)


def doubting(rows: list[int], after_s: float) -> World:
    """A delivery in which the answers of these rows are put in question after a while."""

    async def doubt(world: World, _delivery: Delivery) -> None:
        await asyncio.sleep(after_s)
        for row in rows:
            world.dialer.doubts[row]()

    return World(around=doubt)


@pytest.mark.parametrize("after_s", [0.035, 0.1, 0.3])
def test_a_settled_lead_becomes_unknown(after_s: float) -> None:
    """Whether its outcome waits for a commit, is being committed, or is durable."""
    world = doubting([1, 2], after_s)
    world.script = {1: [TAKEN_AND_CALLED_REJECTED]}
    world.__post_init__()
    report = world.deliver(ready(range(1, 81)))
    world.assert_true(report)
    assert report.ending is Ending.FINISHED
    assert (report.mixed_up, report.sent) == (2, 80)
    for row in (1, 2):
        mixed_up = Outcome(row, Status.UNKNOWN, OutcomeCode.MIXED_UP)
        assert world.ledger.outcomes[row] == mixed_up
    assert world.ledger.in_doubt == set()
    (note,) = world.notes
    assert "nobody had asked for" in note


def test_an_answer_that_comes_too_often_after_the_last_one_is_noticed() -> None:
    """The run waits a moment before it ends, for what may still come."""
    world = doubting([1], 0.04)
    report = world.deliver(ready([1]))
    world.assert_true(report)
    assert world.ledger.outcomes[1].status is Status.UNKNOWN


def test_a_doubt_is_told_once() -> None:
    """Whoever tells it again says nothing new, and an unknown lead has nothing to take back."""
    world = doubting([1, 1, 2], 0.1)
    world.script = {2: [Turn(TAKEN_AND_CALLED_REJECTED.answer, records=True)]}
    report = world.deliver(ready(range(1, 81)))
    assert report.mixed_up == 2


def test_many_doubts_stop_the_run() -> None:
    """As those that are told with the answer do."""
    world = doubting(list(range(1, 6)), 0.1)
    world.policy = Policy(concurrency=4, max_doubts=5)
    report = world.deliver(ready(range(1, 400)))
    world.assert_true(report)
    assert report.ending is Ending.STOPPED
    assert "--max-doubts" in report.stopped_why


@pytest.mark.parametrize(("first", "is_stopped"), [(REJECT, False), (Turn(), True)])
def test_a_lead_is_one_error_however_often_it_is_settled(first: Turn, is_stopped: bool) -> None:
    """A rejected lead was counted; an accepted one that is unknown now was not."""
    world = doubting([1], 0.1)
    world.script = {1: [first], 2: [REJECT]}
    world.__post_init__()
    world.policy = Policy(concurrency=4, max_errors=ErrorLimit(2 - is_stopped))
    report = world.deliver(ready(range(1, 100)))
    world.assert_true(report)
    assert (report.ending is Ending.STOPPED) is is_stopped
