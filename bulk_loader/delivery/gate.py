"""When the next request may start: order, rate, and slowing down where the dialer asks for it."""

from __future__ import annotations

import asyncio
import itertools
from heapq import heappop, heappush
from typing import TypeAlias

_Turn: TypeAlias = tuple[int, int, asyncio.Future[bool]]
"""Row, then order of coming; the future tells whether the lead may enter."""

# A timer of the event loop fires late where the loop is busy; the rate catches up by this much, so
# that it is exact over time.
CATCH_UP_S = 0.1
# Where nobody waited there is less to catch up: after a pause the starts must not come in a burst.
IDLE_CATCH_UP_S = 0.01


class Gate:
    """Lets requests start one after another, in the order of their rows.

    A lead that has to be sent again thus goes before those that were not sent yet.

    At most `limit` are inside at once. `slow_down` halves the limit, each answer afterwards adds
    a little, one whole place for every round of answers (additive increase, multiplicative
    decrease, as TCP does). Where something else judges how many are good, it calls `aim` and
    `pause` instead, and nothing is halved here.

    A `pause` has a length, which the dialer asks for. Where a person wants one, nobody knows how
    long it will be: `hold` begins it and `go_on` ends it.

    Args:
        places: the most that may be inside.
        rate: starts per second; None for no limit.
    """

    def __init__(self, places: int, rate: float | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        self._places = places
        self._limit = float(places)
        self._interval_s = 1 / rate if rate else 0.0
        self._next_start = 0.0
        self._paused_until = 0.0
        self._waiting: list[_Turn] = []
        self._arrivals = itertools.count()
        # Let in, but their tasks have not run since.
        self._called = 0
        self._timer: asyncio.TimerHandle | None = None
        self.inside = 0
        self.is_closed = False
        self.is_held = False

    @property
    def limit(self) -> int:
        """How many may be inside now."""
        return int(self._limit)

    @property
    def is_paused(self) -> bool:
        """Nothing may start for a while: the dialer asked for it, or can't be reached."""
        return self._loop.time() < self._paused_until

    def try_enter(self) -> bool:
        """Enter at once where nobody waits and there is a place."""
        is_next = not self._waiting and not self._called
        return is_next and not self.is_closed and self._admit(IDLE_CATCH_UP_S)

    async def enter(self, row: int) -> bool:
        """Wait for a place; False where the gate was closed, and then there is none."""
        if self.is_closed:
            return False
        place: asyncio.Future[bool] = self._loop.create_future()
        heappush(self._waiting, (row, next(self._arrivals), place))
        # Soon, not now: those that were let in before have to run before.
        self._loop.call_soon(self._let_in)
        try:
            is_in = await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled() and place.result():
                self._called -= 1
                self.leave()
            raise
        self._called -= is_in
        return is_in

    def leave(self) -> None:
        """Give the place back."""
        self.inside -= 1
        if self._waiting:
            self._let_in()

    def quicken(self) -> None:
        """An answer came: get back towards full speed."""
        if self._limit < self._places:
            self._limit = min(self._places, self._limit + 1 / self._limit)

    def aim(self, places: int) -> None:
        """Another number that may be inside at full speed."""
        is_at_full_speed = self._limit >= self._places
        self._places = places
        self._limit = float(places) if is_at_full_speed else min(self._limit, float(places))
        self._let_in()

    def narrow(self, places: int) -> None:
        """Never more than so many inside, until `widen`."""
        self._limit = min(self._limit, float(places))
        self._places = places

    def widen(self, places: int) -> None:
        """Up to so many inside again, at once."""
        self._places = places
        self._limit = float(places)
        self._let_in()

    def slow_down(self, pause_s: float) -> None:
        """Start nothing for a while, then go on with half as many."""
        # The requests that were under way together are told to slow down together: once counts.
        if not self.is_paused:
            self._limit = max(1.0, self._limit / 2)
        self.pause(pause_s)

    def pause(self, pause_s: float) -> None:
        """Start nothing for a while, at least."""
        self._paused_until = max(self._paused_until, self._loop.time() + pause_s)
        # What a pause costs is not caught up.
        self._next_start = max(self._next_start, self._paused_until)

    def hold(self) -> None:
        """Start nothing until `go_on`."""
        self.is_held = True
        self._set_timer()

    def go_on(self) -> None:
        """Let in again those who wait; what the dialer asked for meanwhile still counts."""
        self.is_held = False
        self._next_start = max(self._next_start, self._loop.time())
        self._let_in()

    def probe(self, pause_s: float) -> None:
        """Start nothing for a while, then go on with one at a time."""
        self._limit = 1.0
        self.pause(pause_s)

    def close(self) -> None:
        """Let nobody in any more; whoever waits is told so."""
        self.is_closed = True
        if self._timer is not None:
            self._timer.cancel()
        for *_, place in self._waiting:
            if not place.done():
                place.set_result(False)
        self._waiting.clear()

    def _admit(self, catch_up_s: float) -> bool:
        if self.is_held or self.inside >= int(self._limit):
            return False
        if self._paused_until or self._interval_s:
            now = self._loop.time()
            if now < self._paused_until or now < self._next_start:
                return False
            if self._interval_s:
                self._next_start = max(self._next_start, now - catch_up_s) + self._interval_s
        self.inside += 1
        return True

    def _let_in(self) -> None:
        while self._waiting:
            *_, place = self._waiting[0]
            if place.done():  # cancelled while it waited
                heappop(self._waiting)
            elif self._admit(CATCH_UP_S):
                heappop(self._waiting)
                self._called += 1
                place.set_result(True)
            else:
                break
        self._set_timer()

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._waiting and not self.is_held and self.inside < int(self._limit):
            when = max(self._paused_until, self._next_start)
            self._timer = self._loop.call_at(when, self._let_in)
