"""A good number of requests at once, found by the times of answers."""

from __future__ import annotations

import heapq
import random

import pytest

from bulk_loader.delivery.tuning import FIRST_LIMIT, MOST, ConcurrencyTuner

BASE_S = 0.02


def limits_found(servers: int, answers: int = 6000, most: int = MOST) -> list[int]:
    """The limit after each answer of a dialer that serves so many requests at once."""
    chance = random.Random(7)
    tuner = ConcurrencyTuner(most)
    now, under_way, free = 0.0, [], [0.0] * servers
    limits = []
    while len(limits) < answers:
        while len(under_way) < tuner.limit:
            ended_at = max(now, heapq.heappop(free)) + BASE_S * chance.uniform(0.8, 1.3)
            heapq.heappush(free, ended_at)
            heapq.heappush(under_way, (ended_at, now))
        now, began_at = heapq.heappop(under_way)
        tuner.answered(now - began_at, len(under_way) + 1)
        limits.append(tuner.limit)
    return limits


@pytest.mark.parametrize("servers", [1, 4, 8, 16, 32])
def test_the_limit_settles_where_the_dialer_is_busy_and_its_queue_short(servers: int) -> None:
    """All places of the dialer are used, and few requests more than that stand in its queue."""
    settled = sorted(limits_found(servers)[3000:])
    middle = settled[len(settled) // 2]
    assert servers <= middle <= 2 * servers + 6


def test_the_limit_grows_to_the_bound_where_the_dialer_has_none() -> None:
    """A dialer that serves everything at once gets as much as is allowed, and no more."""
    assert max(limits_found(500)) == MOST
    assert max(limits_found(500, most=10)) == 10


def test_it_begins_with_few() -> None:
    """An unknown dialer is not hit with everything at once."""
    assert limits_found(100)[0] == FIRST_LIMIT
    assert ConcurrencyTuner(2).limit == 2


def test_a_push_back_halves_the_limit() -> None:
    """429 and the like count at once, and one request is always left."""
    tuner = ConcurrencyTuner()
    tuner.pushed_back()
    assert tuner.limit == FIRST_LIMIT // 2
    for _ in range(5):
        tuner.pushed_back()
    assert tuner.limit == 1


def test_nothing_is_learned_where_fewer_were_wanted_than_allowed() -> None:
    """A rate that keeps the dialer idle does not raise the limit."""
    tuner = ConcurrencyTuner()
    for _ in range(500):
        tuner.answered(BASE_S, under_way=1)
    assert tuner.limit == FIRST_LIMIT
