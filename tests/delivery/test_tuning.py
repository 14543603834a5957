"""A good number of requests at once, found by the times of answers and by refusals."""

from __future__ import annotations

import heapq
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.delivery.tuning import (
    FIRST_LIMIT,
    MOST,
    PATIENCE,
    ConcurrencyTuner,
)

BASE_S = 0.02


class Rounds:
    """A tuner that is told whole rounds of answers, one after the other."""

    def __init__(self, most: int = MOST) -> None:
        self.tuner = ConcurrencyTuner(most)
        self.now = 0.0

    @property
    def limit(self) -> int:
        return self.tuner.limit

    def take(self, rounds: int = 1, seconds: float = BASE_S) -> None:
        """All that is allowed is under way, and all of it is taken."""
        for _ in range(rounds):
            began_at, self.now = self.now, self.now + seconds
            for _ in range(self.tuner.answers_to_judge):
                self.tuner.answered(began_at, self.now, self.limit)

    def refuse(self) -> bool:
        """One request more than was taken is refused."""
        began_at, self.now = self.now, self.now + BASE_S
        return self.tuner.refused(began_at + BASE_S / 2, self.now, self.limit)

    def take_up_to(self, capacity: int, rounds: int) -> list[int]:
        """A dialer that refuses whatever is more than this; the limits of the rounds."""
        limits = []
        for _ in range(rounds):
            limits.append(self.limit)
            if self.limit > capacity:
                self.refuse()
            else:
                self.take()
        return limits


def limits_found(servers: int, answers: int = 6000, most: int = MOST) -> list[int]:
    """The limit after each answer of a dialer that serves so many requests at once."""
    chance = random.Random(7)
    tuner = ConcurrencyTuner(most)
    now, free = 0.0, [0.0] * servers
    under_way: list[tuple[float, float]] = []  # when each ends, and when it began
    limits: list[int] = []
    while len(limits) < answers:
        while len(under_way) < tuner.limit:
            ended_at = max(now, heapq.heappop(free)) + BASE_S * chance.uniform(0.8, 1.3)
            heapq.heappush(free, ended_at)
            heapq.heappush(under_way, (ended_at, now))
        now, began_at = heapq.heappop(under_way)
        tuner.answered(began_at, now, len(under_way) + 1)
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


def test_the_limit_doubles_with_every_round_until_the_dialer_gets_slower() -> None:
    """Slow start: from the first slow answers on, the way is the careful one."""
    rounds = Rounds()
    limits = []
    for seconds in (BASE_S, BASE_S, BASE_S, 2 * BASE_S, BASE_S):
        rounds.take(seconds=seconds)
        limits.append(rounds.limit)
    assert limits[:3] == [8, 16, 32]
    assert limits[3] < 32
    assert limits[3] < limits[4] < limits[3] + 8, "no doubling any more"


def test_answers_to_requests_from_before_a_change_tell_nothing_of_it() -> None:
    """They were under way with fewer others, so they came faster than those to come."""
    rounds = Rounds()
    rounds.take()
    for _ in range(100):
        rounds.tuner.answered(rounds.now - BASE_S, rounds.now, rounds.limit)
    assert rounds.limit == 2 * FIRST_LIMIT


def test_a_refusal_takes_the_limit_back_to_what_was_taken() -> None:
    """The step that was too far is undone, whole and at once."""
    rounds = Rounds()
    rounds.take(2)
    assert rounds.limit == 16
    assert rounds.refuse()
    assert rounds.limit == 8


def test_requests_that_are_refused_together_are_one_refusal() -> None:
    """What was under way at the time of the cut says nothing of the limit after it."""
    rounds = Rounds()
    rounds.take(2)
    began_at = rounds.now
    cuts = [rounds.tuner.refused(began_at, began_at + n / 100, 16 - n) for n in range(1, 9)]
    assert cuts == [True, *[False] * 7]
    assert rounds.limit == 8


def test_refusals_that_follow_each_other_go_down_to_one_request() -> None:
    """Each flight that is refused anew counts, and one request is always left to try with."""
    rounds = Rounds()
    limits = []
    for _ in range(12):
        assert rounds.refuse()
        limits.append(rounds.limit)
    assert limits == sorted(limits, reverse=True)
    assert limits[0] == FIRST_LIMIT // 2
    assert limits[-1] == 1


@pytest.mark.parametrize("capacity", [1, 3, 16, 17, 40, 63])
def test_the_number_that_was_refused_is_remembered(capacity: int) -> None:
    """It is neared by halves, and then kept to, with ever rarer tries beyond it."""
    rounds = Rounds()
    rounds.take_up_to(capacity, 40)
    limits = rounds.take_up_to(capacity, 400)
    assert sum(limits) / len(limits) > 0.95 * capacity
    assert max(limits) == capacity + 1
    assert sum(limit > capacity for limit in limits) <= 400 / PATIENCE / 4


def test_a_remembered_limit_is_forgotten_where_the_dialer_takes_more_now() -> None:
    """The tries beyond it go further each time, until there is no bound any more."""
    rounds = Rounds()
    rounds.take_up_to(16, 1000)
    limits = rounds.take_up_to(1000, 400)
    assert limits[-1] == MOST


def test_a_limit_that_was_good_is_given_up_where_the_dialer_takes_less_now() -> None:
    """A few refusals later the limit is below what it takes."""
    rounds = Rounds()
    rounds.take_up_to(40, 1000)
    limits = rounds.take_up_to(8, 60)
    assert sum(limit > 8 for limit in limits) < 20
    assert set(limits[-5:]) <= {7, 8, 9}


def test_a_refusal_of_fewer_than_allowed_counts_by_what_was_under_way() -> None:
    """With three under way and 64 allowed, a refusal says that three are too many."""
    rounds = Rounds()
    rounds.take(5)
    assert rounds.limit == MOST
    rounds.tuner.refused(rounds.now, rounds.now + BASE_S, 3)
    assert rounds.limit == 2


def test_a_failure_halves_the_limit_and_is_not_remembered() -> None:
    """A 5xx may be the lead's fault as well: nothing holds the limit down afterwards."""
    rounds = Rounds()
    rounds.take(5)
    began_at = rounds.now
    assert rounds.tuner.failed(began_at, began_at + BASE_S)
    assert not rounds.tuner.failed(began_at, began_at + 2 * BASE_S), "one flight counts once"
    assert rounds.limit == MOST // 2
    rounds.now = began_at + 2 * BASE_S
    rounds.take(10)
    assert rounds.limit == MOST


def test_what_was_found_stands_while_the_best_is_measured_anew() -> None:
    """Half as many requests are a measurement; a run that ends in it must not report them."""
    rounds = Rounds()
    rounds.take(3)
    halves = []
    for _ in range(200):
        before, found = rounds.limit, rounds.tuner.found
        assert found >= before
        rounds.take(seconds=BASE_S * rounds.limit / 8)
        if rounds.limit == before // 2:
            halves.append(before)
            assert rounds.tuner.found == before
            rounds.take(seconds=BASE_S * rounds.limit / 8)
            rounds.take(seconds=BASE_S * rounds.limit / 8)
            assert rounds.tuner.found < 2 * before
    assert halves
    rounds.refuse()
    assert rounds.tuner.found == rounds.limit, "a refusal says more than what was found before"


def test_nothing_is_learned_where_fewer_were_wanted_than_allowed() -> None:
    """A rate that keeps the dialer idle does not raise the limit."""
    tuner = ConcurrencyTuner()
    for n in range(500):
        tuner.answered(n * BASE_S, (n + 1) * BASE_S, under_way=1)
    assert tuner.limit == FIRST_LIMIT


def test_the_time_of_a_typical_answer_is_known_after_the_first_round() -> None:
    """A later round moves it, but a single one not by much."""
    rounds = Rounds()
    at_first = rounds.tuner.typical_s
    assert at_first is None
    rounds.take()
    assert rounds.tuner.typical_s == pytest.approx(BASE_S)
    rounds.take(seconds=3 * BASE_S)
    assert rounds.tuner.typical_s is not None
    assert BASE_S < rounds.tuner.typical_s < 2 * BASE_S
    rounds.take(30, seconds=3 * BASE_S)
    assert rounds.tuner.typical_s == pytest.approx(3 * BASE_S, rel=0.01)


@given(
    most=st.sampled_from([1, 2, 10, MOST]),
    told=st.lists(
        st.tuples(
            st.sampled_from(["round", "round", "refused", "failed"]),
            st.floats(0, 2, allow_subnormal=False),
            st.integers(1, MOST),
        ),
        max_size=300,
    ),
)
def test_whatever_is_told_the_limit_stays_within_its_bounds(
    most: int, told: list[tuple[str, float, int]]
) -> None:
    """At least one request, never more than allowed, and no refusal raises it."""
    rounds = Rounds(most)
    tuner = rounds.tuner
    for what, seconds, under_way in told:
        before, began_at = rounds.limit, rounds.now
        if what == "round":
            rounds.take(seconds=seconds)
        elif what == "refused":
            tuner.refused(began_at, began_at + seconds, under_way)
            assert rounds.limit <= before
        else:
            tuner.failed(began_at, began_at + seconds)
            assert rounds.limit <= before
        rounds.now = began_at + seconds
        assert 1 <= rounds.limit <= most
