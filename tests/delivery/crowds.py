"""Dialers that can take only so much, and a tuned delivery to them in manual time."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from bulk_loader.delivery.courier import Courier, Voice
from bulk_loader.delivery.gate import Gate
from bulk_loader.delivery.policy import Policy
from bulk_loader.delivery.stopping import StopRules
from bulk_loader.dialer.answers import ACCEPTED, Answer, ThrottledError
from bulk_loader.model import Status
from tests.delivery.fakes import lead
from tests.support.clock import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

BURST_S = 0.1
"""So much of a second's rate is forgiven by a dialer that counts."""


@dataclass
class Crowded:
    """A sender for which the limits are known; each may be changed while it is used.

    Attributes:
        seconds: an answer takes, give or take the scatter.
        places: requests that are worked on at once; the others stand in a queue.
        refuses_above: requests under way at which one more is refused.
        rate: tasks a second above which they are refused.
        retry_after_s: what a refusal says.
    """

    seconds: float = 0.02
    places: int = 1000
    refuses_above: int = 1000
    rate: float = 1e9
    retry_after_s: float | None = None
    scatter: float = 0.1
    taken: int = 0
    refused: int = 0
    _inside: int = 0
    _earned_at: float = -BURST_S
    _busy_until: list[float] = field(default_factory=list)
    _chance: random.Random = field(default_factory=lambda: random.Random(7))

    async def send(self, _body: bytes, _doubt: Callable[[], None] | None = None) -> Answer:
        """Take the task, or refuse it at once."""
        now = asyncio.get_running_loop().time()
        self._earned_at = max(self._earned_at, now - BURST_S)
        if self._inside >= self.refuses_above or self._earned_at + 1 / self.rate > now:
            self.refused += 1
            await asyncio.sleep(0.001)
            raise ThrottledError(429, self.retry_after_s)
        self._earned_at += 1 / self.rate
        self._inside += 1
        await asyncio.sleep(self._finish(now) - now)
        self._inside -= 1
        self.taken += 1
        return ACCEPTED

    def _finish(self, now: float) -> float:
        begins = now
        while len(self._busy_until) >= self.places:
            begins = max(now, heappop(self._busy_until))
        ends = begins + self.seconds * self._chance.uniform(1 - self.scatter, 1 + self.scatter)
        heappush(self._busy_until, ends)
        return ends


@dataclass
class Tuned:
    """What a tuned delivery did.

    Attributes:
        aims: the moment and the limit, for each that was aimed at.
        told: what it said.
    """

    seconds: float
    policy: Policy
    aims: list[tuple[float, int]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def limit_at(self, moment: float) -> int:
        """How many were allowed at once then."""
        return next(limit for at, limit in reversed(self.aims) if at <= moment)

    def usual_limit(self, since: float) -> int:
        """The median over the time from a moment to the end."""
        moments = [since + (self.seconds - since) * n / 500 for n in range(500)]
        return sorted(self.limit_at(moment) for moment in moments)[250]


def deliver(
    dialer: Crowded,
    seconds: float,
    policy: Policy = Policy(concurrency=64, is_tuned=True),  # noqa: B008 - it is frozen
    changes: Mapping[float, Mapping[str, float]] | None = None,
) -> Tuned:
    """Send for so long, with always more to send.

    Args:
        changes: what becomes different about the dialer, by the moment.
    """
    return run(_deliver(dialer, Tuned(seconds, policy), changes or {}))


async def _deliver(
    dialer: Crowded, tuned: Tuned, changes: Mapping[float, Mapping[str, float]]
) -> Tuned:
    loop = asyncio.get_running_loop()
    policy = tuned.policy
    gate = Gate(policy.concurrency, policy.rate)

    def aim(limit: int) -> None:
        tuned.aims.append((loop.time(), limit))
        gate.aim(limit)

    def stop(why: str) -> None:
        tuned.told.append(why)
        gate.close()

    voice = Voice(stop, tuned.told.append, lambda _: None, aim, lambda _row, _status: None)
    courier = Courier(dialer, gate, policy, StopRules(policy), voice)
    aim(courier.first_concurrency)
    for moment, change in changes.items():
        loop.call_at(moment, vars(dialer).update, change)
    loop.call_at(tuned.seconds, gate.close)
    rows = iter(range(10**9))
    await asyncio.gather(*[_work(courier, rows) for _ in range(policy.concurrency)])
    tuned.seconds = loop.time()
    return tuned


async def _work(courier: Courier, rows: Iterator[int]) -> None:
    while (await courier.deliver(lead(next(rows)))).status is not Status.UNSENT:
        pass
