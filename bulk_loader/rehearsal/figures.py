"""What a rehearsal tells of one day: whole numbers of it, and the queue as it grew and shrank."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bulk_loader.simulation import Answer

MAX_POINTS = 600
"""Of the queue's course, however long the day is."""


@dataclass(frozen=True, slots=True)
class CampaignWaits:
    """How long the leads of one campaign wait for their first call, in seconds.

    Those with a date wait from that date on.
    """

    campaign: str
    leads: int
    median_s: float
    p95_s: float
    longest_s: float


@dataclass(frozen=True, slots=True)
class Figures:
    """One day with one number of agents and one seed.

    Attributes:
        last_lead_s: when the last lead has its first call.
        ended_s: when the last call is over.
        calls: by what became of them.
        reached: leads that somebody has talked to in the end.
        busy_share: of the agents' time until the end, from 0 to 1.
        outside: calls that begin outside of the calling hours.
        waits: by campaign, in the order of names.
        queue: moments and how many leads wait then, `MAX_POINTS` at the most.
    """

    agents: int
    leads: int
    last_lead_s: float
    ended_s: float
    calls: Mapping[Answer, int]
    reached: int
    busy_share: float
    outside: int
    waits: tuple[CampaignWaits, ...]
    queue: tuple[tuple[float, int], ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A figure over several seeds."""

    least: float
    middle: float
    most: float


def span_of(figures: Sequence[float]) -> Span:
    """The least, the median and the most of some figures."""
    return Span(min(figures), median(figures), max(figures))


def waits_of(campaign: str, waits_s: Sequence[float]) -> CampaignWaits:
    """How long the leads of a campaign wait; there is at least one."""
    ordered = sorted(waits_s)
    p95_s = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return CampaignWaits(campaign, len(ordered), median(ordered), p95_s, ordered[-1])


def course(changes: Mapping[int, int], step_s: float) -> tuple[tuple[float, int], ...]:
    """How many wait, from how that changes.

    Args:
        changes: by number of the step in which they happen.
    """
    if not changes:
        return ()
    last = max(changes)
    stride = last // MAX_POINTS + 1
    waiting, points = 0, []
    for begin in range(0, last + 1, stride):
        waiting += sum(changes.get(step, 0) for step in range(begin, begin + stride))
        points.append((begin * step_s, waiting))
    return tuple(points)
