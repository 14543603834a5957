from __future__ import annotations

import asyncio
import math
from itertools import pairwise
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.delivery.gate import IDLE_CATCH_UP_S, Gate
from tests.support.clock import ManualLoop, run

if TYPE_CHECKING:
    from collections.abc import Sequence


async def now() -> float:
    """The loop's time, in seconds from the beginning of the test."""
    return asyncio.get_running_loop().time()


class Visitors:
    """Leads that go through a gate and stay inside for a while."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.entered: list[tuple[int, float]] = []
        self.turned_away: list[int] = []
        self.most_inside = 0

    async def visit(self, row: int, stays_s: float = 0.0) -> None:
        if not (self.gate.try_enter() or await self.gate.enter(row)):
            self.turned_away.append(row)
            return
        self.entered.append((row, await now()))
        self.most_inside = max(self.most_inside, self.gate.inside)
        try:
            await asyncio.sleep(stays_s)
        finally:
            self.gate.leave()

    @property
    def rows(self) -> list[int]:
        return [row for row, _ in self.entered]

    @property
    def moments(self) -> list[float]:
        return [moment for _, moment in self.entered]

    def send(self, rows: Sequence[int], stays_s: float = 0.0) -> list[asyncio.Task[None]]:
        return [asyncio.create_task(self.visit(row, stays_s)) for row in rows]


def test_no_more_than_the_places_are_inside() -> None:
    """Twenty leads through three places take seven rounds."""

    async def main() -> None:
        visitors = Visitors(Gate(3))
        await asyncio.gather(*visitors.send(range(20), stays_s=1))
        assert visitors.most_inside == 3
        assert visitors.rows == list(range(20))
        assert await now() == pytest.approx(7)

    run(main())


def test_leads_start_in_the_order_of_their_rows() -> None:
    """Who waits is let in by row, whoever came first: so a retried lead goes before new ones."""

    async def main() -> None:
        gate = Gate(1)
        visitors = Visitors(gate)
        assert gate.try_enter()
        tasks = visitors.send([5, 3, 9, 1], stays_s=1)
        await asyncio.sleep(1)
        gate.leave()
        await asyncio.gather(*tasks)
        assert visitors.rows == [1, 3, 5, 9]

    run(main())


def test_nobody_overtakes_a_lead_that_was_let_in_but_has_not_run_yet() -> None:
    """A free place is no reason to start before the lead that was called a moment ago."""

    async def main() -> None:
        gate = Gate(2)
        visitors = Visitors(gate)
        assert gate.try_enter()
        assert gate.try_enter()
        first = visitors.send([1])
        await asyncio.sleep(0)
        gate.leave()
        gate.leave()
        assert not gate.try_enter()
        await asyncio.gather(*first, *visitors.send([2]))
        assert visitors.rows == [1, 2]
        assert gate.inside == 0
        assert gate.try_enter()

    run(main())


@pytest.mark.parametrize("rate", [0.5, 1, 7, 40, 950])
def test_the_rate_is_exact_and_even(rate: float) -> None:
    """Every start comes one interval after the one before, from the very first on."""

    async def main() -> None:
        visitors = Visitors(Gate(8, rate))
        count = min(2400, math.ceil(60 * rate))
        await asyncio.gather(*visitors.send(range(count + 1)))
        assert visitors.rows == list(range(count + 1))
        even = [number / rate for number in range(count + 1)]
        first = visitors.moments[0]
        late = [
            moment - first - ideal for moment, ideal in zip(visitors.moments, even, strict=True)
        ]
        # At the beginning the gate makes up for the time before it was made, and no more.
        assert all(-IDLE_CATCH_UP_S - 1e-6 <= s <= 1e-6 for s in late)

    run(main())


def test_a_pause_between_leads_is_not_made_up_for() -> None:
    """After an idle minute the starts are as far apart as ever."""

    async def main() -> None:
        visitors = Visitors(Gate(8, 10))
        await visitors.visit(1)
        await asyncio.sleep(60)
        begin = await now()
        await asyncio.gather(*visitors.send([2, 3, 4]))
        waits = [moment - begin for moment in visitors.moments[1:]]
        assert waits == pytest.approx([0, 0.1, 0.2], abs=IDLE_CATCH_UP_S + 1e-9)

    run(main())


def test_timers_that_fire_late_do_not_lower_the_rate() -> None:
    """A loop that is always far behind still starts as many in a minute."""

    async def main() -> None:
        loop = cast("ManualLoop", asyncio.get_running_loop())
        visitors = Visitors(Gate(8, 50))
        tasks = visitors.send(range(3001))
        while not all(task.done() for task in tasks):
            loop.now += 0.03
            await asyncio.sleep(0)
        assert visitors.moments[-1] - visitors.moments[0] == pytest.approx(60, rel=0.001)

    run(main())


def test_a_429_pauses_all_and_halves_the_width() -> None:
    """Nothing starts before the pause is over, and then half as many at once."""

    async def main() -> None:
        gate = Gate(8)
        visitors = Visitors(gate)
        gate.slow_down(5)
        assert gate.is_paused
        await asyncio.gather(*visitors.send(range(8), stays_s=1))
        assert visitors.moments == pytest.approx([5] * 4 + [6] * 4)
        assert visitors.most_inside == gate.limit == 4
        assert not gate.is_paused

    run(main())


def test_a_rate_does_not_catch_up_what_a_pause_cost() -> None:
    """After the pause the starts are one interval apart, as before it."""

    async def main() -> None:
        gate = Gate(8, rate=50)
        visitors = Visitors(gate)
        await visitors.visit(0)
        gate.slow_down(5)
        await asyncio.gather(*visitors.send([1, 2, 3]))
        assert visitors.moments[1:] == pytest.approx([5, 5.02, 5.04])

    run(main())


def test_429s_that_come_together_count_once() -> None:
    """Requests that were under way together are slowed down together, by the longest pause."""

    async def main() -> None:
        gate = Gate(16)
        for pause_s in (1, 3, 2):
            gate.slow_down(pause_s)
        assert gate.limit == 8
        await asyncio.sleep(2.5)
        assert gate.is_paused
        await asyncio.sleep(1)
        gate.slow_down(1)
        assert gate.limit == 4

    run(main())


def test_the_width_never_falls_below_one() -> None:
    """However often the dialer says 429, one request at a time may be tried."""

    async def main() -> None:
        gate = Gate(3)
        for _ in range(5):
            gate.slow_down(1)
            await asyncio.sleep(1)
        assert gate.limit == 1
        assert gate.try_enter()
        assert not gate.try_enter()

    run(main())


def test_speed_comes_back_gradually_and_wholly() -> None:
    """One more place for every round of answers, up to the places and no further."""

    async def main() -> None:
        gate = Gate(8)
        gate.slow_down(0)
        widths = [gate.limit]
        for _ in range(60):
            gate.quicken()
            widths.append(gate.limit)
        assert widths[0] == 4
        assert all(0 <= after - before <= 1 for before, after in pairwise(widths))
        assert 20 <= widths.index(8) <= 32, "rounds of 4, 5, 6 and 7 answers"
        assert widths[-1] == 8

    run(main())


def test_a_dialer_out_of_reach_is_tried_by_one_lead_at_a_time() -> None:
    """After the pause one request goes ahead; the others follow once it was answered."""

    async def main() -> None:
        gate = Gate(8)
        gate.probe(2)
        assert not gate.try_enter()
        await asyncio.sleep(2)
        assert gate.try_enter()
        assert not gate.try_enter()
        gate.quicken()
        assert gate.try_enter()

    run(main())


def test_a_narrow_gate_is_widened_at_once() -> None:
    """Who waits for the first leads goes on as soon as they are done."""

    async def main() -> None:
        gate = Gate(4)
        gate.narrow(1)
        visitors = Visitors(gate)
        tasks = visitors.send(range(4), stays_s=1)
        await asyncio.sleep(0.5)
        gate.quicken()
        assert visitors.rows == [0]
        gate.widen(4)
        await asyncio.gather(*tasks)
        assert visitors.moments == pytest.approx([0, 0.5, 0.5, 0.5])

    run(main())


def test_a_closed_gate_turns_everybody_away() -> None:
    """Who waits is told at once, also during a pause, and who comes later too."""

    async def main() -> None:
        gate = Gate(1, rate=1)
        visitors = Visitors(gate)
        assert gate.try_enter()
        tasks = visitors.send([1, 2])
        gate.slow_down(1000)
        await asyncio.sleep(0.5)
        tasks[0].cancel()
        await asyncio.sleep(0)
        gate.close()
        gate.leave()
        await asyncio.gather(*tasks, return_exceptions=True)
        await visitors.visit(3)
        assert visitors.turned_away == [2, 3]
        assert await now() == 0.5
        assert gate.inside == 0

    run(main())


def test_a_cancelled_lead_takes_no_place_with_it() -> None:
    """Neither one that waits, nor one that was let in and had not run yet."""

    async def main() -> None:
        gate = Gate(1)
        visitors = Visitors(gate)
        assert gate.try_enter()
        waiting, let_in, last = visitors.send([1, 2, 3])
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.sleep(0)
        gate.leave()
        let_in.cancel()
        await asyncio.gather(waiting, let_in, last, return_exceptions=True)
        assert visitors.rows == [3]
        assert gate.inside == 0
        assert gate.try_enter()

    run(main())


@given(
    places=st.integers(1, 4),
    rate=st.none() | st.sampled_from([0.7, 10.0]),
    visits=st.lists(
        st.tuples(st.sampled_from([0.0, 0.3, 2.0]), st.sampled_from([None, 0.1, 1.5])), max_size=15
    ),
    pauses=st.lists(st.sampled_from([0.0, 0.5, 3.0]), max_size=3),
)
def test_whatever_happens_every_place_comes_back(
    places: int,
    rate: float | None,
    visits: list[tuple[float, float | None]],
    pauses: list[float],
) -> None:
    """With any stays, cancellations and pauses, nobody waits for ever and no place is lost."""

    async def main() -> None:
        gate = Gate(places, rate)
        visitors = Visitors(gate)
        tasks = [asyncio.create_task(visitors.visit(row, s)) for row, (s, _) in enumerate(visits)]
        for task, (_, cancelled_after) in zip(tasks, visits, strict=True):
            if cancelled_after is not None:
                asyncio.get_running_loop().call_later(cancelled_after, task.cancel)
        for pause_s in pauses:
            gate.slow_down(pause_s)
            await asyncio.sleep(0.4)
        await asyncio.gather(*tasks, return_exceptions=True)
        assert visitors.most_inside <= places
        assert visitors.rows == sorted(visitors.rows)
        assert gate.inside == 0
        for _ in range(50):
            gate.quicken()
        await asyncio.sleep(10)
        assert gate.limit == places
        assert gate.try_enter()

    run(main())
