"""A pause that somebody wants: nothing new is sent, the run stays open, and every way out of it."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from bulk_loader.delivery import Delivery, Policy
from bulk_loader.dialer.answers import NotSentError, ThrottledError
from bulk_loader.model import Ending, Status
from tests.delivery.fakes import Turn, World, invalid, ready

if TYPE_CHECKING:
    from collections.abc import Sequence

HOUR_S = 3600.0


def paused(world: World, after: int, *, length_s: float | None = HOUR_S) -> list[int]:
    """Have a delivery pause at a request; how many had come when the pause was over."""
    counts: list[int] = []

    async def around(world: World, delivery: Delivery) -> None:
        came = asyncio.Event()
        world.dialer.on_start = lambda count: came.set() if count == after else None
        await came.wait()
        delivery.pause()
        counts.append(len(world.dialer.started))
        if length_s is not None:
            await asyncio.sleep(length_s)
            counts.append(len(world.dialer.started))
            delivery.go_on()

    world.around = around
    return counts


@pytest.mark.parametrize("policy", [Policy(1), Policy(4), Policy(8, rate=50), Policy(64, True)])
def test_nothing_begins_in_a_pause_and_all_is_sent_after_it(policy: Policy) -> None:
    """What is under way comes to its end; then the rest goes, each once, in the order of the file."""
    world = World(policy)
    counts = paused(world, after=20)
    report = world.deliver(ready(range(100)))
    world.assert_true(report)
    assert counts == [20, 20]
    assert world.statuses(report) == {Status.ACCEPTED: 100}
    assert report.rested_s == HOUR_S
    assert world.dialer.started == list(range(100))


def test_what_a_pause_costs_is_not_caught_up() -> None:
    """Afterwards the rate is kept as before, without a burst."""
    world = World(Policy(8, rate=10))
    paused(world, after=20)
    world.deliver(ready(range(60)))
    after = [moment for moment in world.dialer.moments if moment >= HOUR_S]
    assert len(after) == 40
    assert after[-1] - after[0] >= 3.85


def test_answers_of_a_pause_are_written_down_at_once() -> None:
    """Only leads that were about to be sent are in doubt, however long it takes."""
    world = World(Policy(4))
    in_doubt: list[set[int]] = []

    async def around(world: World, delivery: Delivery) -> None:
        await asyncio.sleep(1)
        delivery.pause()
        await asyncio.sleep(HOUR_S)
        in_doubt.append(world.ledger.in_doubt - set(world.dialer.started))
        assert set(world.dialer.started) <= world.ledger.outcomes.keys()
        delivery.go_on()

    world.around = around
    world.assert_true(world.deliver(ready(range(900))))
    assert len(in_doubt[0]) <= 2 * 4


def test_a_pause_before_the_first_lead_sends_none() -> None:
    """Who wanted it while the file was still being read is obeyed."""
    world = World()
    counts: list[int] = []

    async def around(world: World, delivery: Delivery) -> None:
        delivery.pause()
        await asyncio.sleep(HOUR_S)
        counts.append(len(world.dialer.started))
        delivery.go_on()

    world.around = around
    assert world.deliver(ready(range(10))).ending is Ending.FINISHED
    assert counts == [0]


def test_a_pause_is_stopped() -> None:
    """All that waits is unsent, without a wait; the pause counts until then."""
    world = World(Policy(4))

    async def around(_world: World, delivery: Delivery) -> None:
        await asyncio.sleep(0.1)
        delivery.pause()
        await asyncio.sleep(HOUR_S)
        delivery.interrupt()

    world.around = around
    report = world.deliver(ready(range(100)), ready(range(100, 200)))
    world.assert_true(report)
    assert report.ending is Ending.INTERRUPTED
    statuses = world.statuses(report)
    assert statuses[Status.ACCEPTED] == len(world.dialer.started)
    assert statuses[Status.ACCEPTED] + statuses[Status.UNSENT] == 200
    assert not world.ledger.in_doubt
    assert world.seconds < HOUR_S + 1


def test_a_stop_is_not_undone_by_going_on() -> None:
    """Whoever presses both has stopped it."""
    world = World(Policy(2))

    async def around(_world: World, delivery: Delivery) -> None:
        await asyncio.sleep(0.05)
        delivery.pause()
        await asyncio.sleep(1)
        delivery.interrupt()
        delivery.go_on()

    world.around = around
    report = world.deliver(ready(range(100)))
    world.assert_true(report)
    assert report.ending is Ending.INTERRUPTED
    assert len(world.dialer.started) < 20


def test_a_run_with_nothing_left_ends_in_its_pause() -> None:
    """Nobody has to end the pause of a list that is sent."""
    world = World(Policy(4))
    paused(world, after=4, length_s=None)
    report = world.deliver(ready(range(4)))
    world.assert_true(report)
    assert report.ending is Ending.FINISHED


def test_bad_rows_are_counted_in_a_pause() -> None:
    """They need no dialer."""
    world = World(Policy(4))
    paused(world, after=1)
    report = world.deliver(ready([1]), invalid(range(2, 50)))
    world.assert_true(report)
    assert world.seconds < HOUR_S


@pytest.mark.parametrize("trouble", [NotSentError("connection refused"), ThrottledError(429, None)])
def test_a_pause_is_no_time_of_trying(trouble: Exception) -> None:
    """A dialer that was out of reach as the pause began is given its full time after it."""
    world = World(Policy(2, retry_for_s=60), {5: [*[Turn(trouble, seconds=0)] * 6, Turn()]})
    paused(world, after=7)
    report = world.deliver(ready(range(20)))
    world.assert_true(report)
    assert report.ending is Ending.FINISHED


@pytest.mark.parametrize(("why", "sent"), [("The shop is closed.", 20), ("", 100)])
def test_what_may_not_be_sent_any_more_stops_where_it_is_gone_on_with(why: str, sent: int) -> None:
    """After a pause is asked once more, and only then."""
    asked: list[str] = []

    def closed() -> str:
        asked.append(why)
        return why

    world = World(Policy(4, closed=closed))
    paused(world, after=20)
    report = world.deliver(ready(range(100)))
    world.assert_true(report)
    assert (len(asked), report.stopped_why) == (1, why)
    assert len(world.dialer.started) == sent


def test_only_what_pauses_is_gone_on_with() -> None:
    """A second wish changes nothing, and neither does one without a pause."""
    world = World(Policy(4))

    async def around(_world: World, delivery: Delivery) -> None:
        delivery.go_on()
        await asyncio.sleep(0.1)
        delivery.pause()
        delivery.pause()
        await asyncio.sleep(10)
        delivery.go_on()
        delivery.go_on()

    world.around = around
    report = world.deliver(ready(range(100)))
    world.assert_true(report)
    assert (report.rested_s, report.ending) == (10, Ending.FINISHED)


def test_a_pause_of_the_dialer_outlasts_that_of_a_person() -> None:
    """What the dialer asked for is kept, whoever goes on before."""
    world = World(Policy(1), {3: [Turn(ThrottledError(429, 100.0), seconds=0), Turn()]})
    paused(world, after=4, length_s=10)
    report = world.deliver(ready(range(10)))
    world.assert_true(report)
    assert gap(world.dialer.moments) >= 100


def gap(moments: Sequence[float]) -> float:
    """The longest time between two requests."""
    return max(b - a for a, b in pairwise(moments))
