"""A tuned delivery, its pauses included, to dialers of which it knows nothing."""

from __future__ import annotations

from itertools import pairwise

import pytest

from bulk_loader.delivery.policy import Policy
from bulk_loader.delivery.retries import FIRST_DELAY_S
from bulk_loader.dialer.answers import ThrottledError
from tests.delivery.crowds import Crowded, deliver
from tests.delivery.fakes import ACCEPT, Turn, World, ready

SECONDS = 8.0


@pytest.mark.parametrize(
    ("dialer", "possible", "share"),
    [
        (Crowded(places=4), 200, 0.95),
        (Crowded(places=16), 800, 0.95),
        (Crowded(seconds=0.05, places=64), 1280, 0.85),
        (Crowded(refuses_above=3), 150, 0.85),
        (Crowded(refuses_above=16), 800, 0.85),
        (Crowded(refuses_above=40), 2000, 0.85),
        (Crowded(places=8, refuses_above=16), 400, 0.95),
        (Crowded(seconds=0.0055, rate=500), 500, 0.8),
        (Crowded(scatter=0.9, places=16), 800, 0.9),
        (Crowded(scatter=0.9, refuses_above=16), 800, 0.85),
        (Crowded(scatter=0.9), 3200, 0.85),
    ],
    ids=lambda value: str(value) if isinstance(value, float) else None,
)
def test_most_of_what_is_possible_is_reached_with_few_refusals(
    dialer: Crowded, possible: float, share: float
) -> None:
    """From the first request on, whichever way the dialer shows that it is too much."""
    tuned = deliver(dialer, SECONDS)
    assert dialer.taken >= share * possible * SECONDS
    assert dialer.refused <= 0.03 * dialer.taken
    assert len(tuned.told) <= 2, "refusals belong to the search and are told once"


def test_the_limit_is_found_where_more_is_refused() -> None:
    """Sixteen are taken at once: sixteen is what it uses."""
    assert deliver(Crowded(refuses_above=16), SECONDS).usual_limit(since=2) == 16


def test_the_queue_of_a_dialer_stays_short() -> None:
    """A few requests wait there, so that no place is idle, and not all that are allowed."""
    assert 4 <= deliver(Crowded(places=4), SECONDS).usual_limit(since=2) <= 9
    assert 16 <= deliver(Crowded(places=16), SECONDS).usual_limit(since=2) <= 26


def test_a_dialer_that_takes_more_later_is_given_more() -> None:
    """A remembered limit is tried again, so it does not hold for ever."""
    tuned = deliver(Crowded(refuses_above=16), 16, changes={4: {"refuses_above": 1000}})
    assert max(limit for at, limit in tuned.aims if 2 < at < 4) <= 17
    assert tuned.limit_at(16) == 64


def test_a_dialer_that_takes_less_later_is_given_less() -> None:
    """A few refusals, and the limit fits again."""
    dialer = Crowded(refuses_above=40)
    tuned = deliver(dialer, 8, changes={4: {"refuses_above": 8}})
    assert tuned.usual_limit(since=5) == 8
    assert dialer.refused < 150


def test_a_dialer_that_becomes_slower_for_good_is_judged_anew() -> None:
    """Answers that take three times as long are the usual ones from then on."""
    tuned = deliver(Crowded(places=16), 16, changes={4: {"seconds": 0.06}})
    assert 16 <= tuned.usual_limit(since=10) <= 26


def test_a_dialer_with_more_places_later_is_given_more() -> None:
    """Answers that come as fast as the best again let the limit grow."""
    tuned = deliver(Crowded(places=16), 8, changes={4: {"places": 64}})
    assert tuned.limit_at(8) == 64


def test_a_dialer_that_takes_nothing_is_asked_less_and_less() -> None:
    """The pauses double as long as no answer comes, and the run stops when it was long enough."""
    dialer = Crowded(refuses_above=0)
    policy = Policy(concurrency=64, is_tuned=True, retry_for_s=60)
    tuned = deliver(dialer, 1000, policy)
    assert tuned.seconds <= 61
    assert dialer.refused < 20
    assert "--retry-for allows (60 seconds)" in tuned.told[-1]


def test_an_outage_in_between_is_survived() -> None:
    """Two seconds of refusals, and some time later everything is as before."""
    changes = {4.0: {"refuses_above": 0}, 6.0: {"refuses_above": 16}}
    dialer = Crowded(refuses_above=16)
    tuned = deliver(dialer, 20, changes=changes)
    assert tuned.usual_limit(since=16) == 16
    assert dialer.refused < 100


def test_retry_after_is_kept_to_by_a_tuned_run_too() -> None:
    """Nothing at all starts before it is over, however short answers are."""
    refusal = Turn(ThrottledError(429, 7.0))
    world = World(Policy(concurrency=64, is_tuned=True), {100: [refusal, ACCEPT]})
    report = world.deliver(ready(range(300)))
    moments = world.dialer.moments
    gaps = [after - before for before, after in pairwise(moments)]
    assert max(gaps) == pytest.approx(7, abs=0.1)
    world.assert_true(report)


def test_the_first_pause_is_about_one_answer_long() -> None:
    """Without `Retry-After` a tuned run learns, and need not be put to sleep."""
    refusal = Turn(ThrottledError(429, None))
    world = World(Policy(concurrency=64, is_tuned=True), {100: [refusal, ACCEPT]})
    world.assert_true(world.deliver(ready(range(300))))
    moments = world.dialer.moments
    assert max(b - a for a, b in pairwise(moments)) < FIRST_DELAY_S / 4


def test_a_refused_canary_does_not_widen_the_run() -> None:
    """The first leads go one at a time, also where one of them is refused at first."""
    refusal = Turn(ThrottledError(429, None))
    policy = Policy(concurrency=64, is_tuned=True, canary=3)
    world = World(policy, {1: [refusal, ACCEPT]})
    inside: list[int] = []
    world.dialer.on_start = lambda _count: inside.append(world.dialer.inside)
    world.assert_true(world.deliver(ready(range(40))))
    assert inside[:4] == [1, 1, 1, 1]
