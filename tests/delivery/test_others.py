"""What a delivery does with leads that another run keeps from being sent."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.codes import OutcomeCode
from bulk_loader.delivery import Policy
from bulk_loader.ledger import LeadKey, Withheld
from bulk_loader.model import Ending, Outcome, Status
from tests.delivery.fakes import World, ready

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulk_loader.delivery import Delivery


def taken(row: int) -> Outcome:
    """Another run has called this contact."""
    return Outcome(row, Status.DUPLICATE, OutcomeCode.TAKEN_MEANWHILE, "other")


def test_what_another_run_has_taken_is_counted_and_not_sent() -> None:
    """The listener hears of it, and the run comes to its end as if it were not there."""
    world = World(Policy(concurrency=2))
    world.ledger.judge = lambda intents: Withheld([taken(row) for row, _ in intents if row % 3])
    report = world.deliver(ready(range(12)))
    world.assert_true(report)
    assert report.ending is Ending.FINISHED
    assert sorted(world.dialer.recorded) == [0, 3, 6, 9]
    assert world.told == {Status.ACCEPTED: 4, Status.DUPLICATE: 8}


def test_a_run_that_is_stopped_does_not_wait_for_another() -> None:
    """Leads that wait for another run's answer are unsent, like all that were not sent."""

    async def interrupt(_world: World, delivery: Delivery) -> None:
        await asyncio.sleep(5)
        delivery.interrupt()

    world = World(Policy(concurrency=2), around=interrupt)
    world.ledger.judge = lambda intents: Withheld(waiting=frozenset(row for row, _ in intents))
    report = world.deliver(ready(range(6)))
    world.assert_true(report)
    assert report.ending is Ending.INTERRUPTED
    assert world.dialer.recorded == []
    assert world.told == {Status.UNSENT: 6}


def test_a_pause_that_another_machine_was_asked_for_is_kept_to() -> None:
    """Nothing begins until it is over, and it is said once."""
    world = World(Policy(concurrency=2))
    pauses = iter([0.0, 30.0])
    world.ledger.judge = lambda _intents: Withheld(pause_s=next(pauses, 0.0))
    report = world.deliver(ready(range(8)))
    world.assert_true(report)
    assert world.dialer.recorded == list(range(8))
    assert max(world.dialer.moments) - min(world.dialer.moments) >= 29
    assert [note for note in world.notes if "another machine" in note] == [
        "The dialer asked another machine to slow down: waiting 30.0 seconds with it."
    ]


@given(
    fates=st.lists(st.integers(0, 4), min_size=1, max_size=40),
    concurrency=st.integers(1, 5),
    stops_after_s=st.one_of(st.none(), st.floats(0, 0.5)),
)
def test_every_lead_gets_one_status_whatever_others_do(
    fates: list[int], concurrency: int, stops_after_s: float | None
) -> None:
    """Taken, waited for some times, or free, and stopped at any moment: all is accounted for."""

    async def stop(_world: World, delivery: Delivery) -> None:
        if stops_after_s is not None:
            await asyncio.sleep(stops_after_s)
            delivery.stop("Because.")

    looks: dict[int, int] = {}

    def judge(intents: Sequence[tuple[int, LeadKey]]) -> Withheld:
        waiting = set()
        for row, _ in intents:
            looks[row] = looks.get(row, 0) + 1
            if looks[row] <= fates[row] - 1:
                waiting.add(row)
        settled = [taken(row) for row, _ in intents if fates[row] == 4 and row not in waiting]
        return Withheld(settled, frozenset(waiting))

    world = World(Policy(concurrency=concurrency), around=stop)
    world.ledger.judge = judge
    report = world.deliver(ready(range(len(fates))))
    world.assert_true(report)
    assert world.told.total() == len(fates)
    assert all(fates[row] != 4 for row in world.dialer.recorded)
    if stops_after_s is None:
        assert sorted(world.dialer.recorded) == [row for row, fate in enumerate(fates) if fate != 4]
