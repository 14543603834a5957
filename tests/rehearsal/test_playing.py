from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.rehearsal import Cast, play
from bulk_loader.simulation import AnswerModel, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

# Everybody answers after five seconds and talks for exactly a minute; nothing comes after it.
PLAIN = AnswerModel(
    invalid=0,
    reached=1,
    busy=0,
    talk_s=60,
    talk_spread=0,
    least_ring_s=5,
    most_ring_s=5,
    wrap_s=0,
)
CALL_S = 65.0


def leads(count: int, campaign: str = "A<-") -> list[Record]:
    """So many people."""
    return [Record(number, campaign, f"09{number:07d}") for number in range(count)]


def cast(agents: int, model: AnswerModel = PLAIN) -> Cast:
    """So many agents."""
    return Cast(tuple(map(str, range(agents))), model=model)


def test_a_list_takes_as_long_as_its_calls_one_after_the_other() -> None:
    """Two agents halve it; both are busy all the time."""
    one, two = play(leads(10), cast(1)), play(leads(10), cast(2))
    assert (one.ended_s, one.last_lead_s) == (10 * CALL_S, 9 * CALL_S)
    assert (two.ended_s, two.last_lead_s) == (5 * CALL_S, 4 * CALL_S)
    assert (one.busy_share, two.busy_share) == (1, 1)
    assert (one.reached, sum(one.calls.values())) == (10, 10)


def test_waits_are_told_by_campaign() -> None:
    """Whoever stands behind in the list waits longer."""
    records = [*leads(2, "A<-"), *[Record(9, "B<-", "0999")]]
    first, second = play(records, cast(1)).waits
    assert (first.campaign, first.leads, first.median_s, first.longest_s) == (
        *("A<-", 2),
        *(CALL_S / 2, CALL_S),
    )
    assert (second.campaign, second.p95_s) == ("B<-", 2 * CALL_S)


def test_a_date_is_waited_for_and_does_not_count_as_waiting() -> None:
    """A lead for tomorrow waits from tomorrow on."""
    tomorrow = 86_400.0
    records = [Record(1, "A<-", "0991", due_at=tomorrow), Record(2, "A<-", "0992")]
    day = play(records, cast(1))
    assert day.last_lead_s == tomorrow
    assert day.waits[0].longest_s == 0
    assert day.busy_share < 0.01


def test_a_lead_for_one_agent_waits_for_them() -> None:
    """Who asks for somebody who is not there would wait for ever, which is refused."""
    records = [Record(number, "A<-", f"099{number}", agent="1") for number in range(4)]
    assert play(records, cast(3)).ended_s == 4 * CALL_S
    with pytest.raises(ValueError, match="who is not there"):
        play(records, cast(1))


def test_agents_work_in_their_shifts_only() -> None:
    """A call that has begun is ended after the shift; the time between shifts is not work."""

    def shifts() -> Iterator[tuple[float, float]]:
        yield 1000.0, 1100.0
        yield 5000.0, math.inf

    day = play(leads(3), Cast(("1",), model=PLAIN, shifts=shifts))
    # At 1000 and at 1065, and the third one in the next shift.
    assert day.last_lead_s == 5000
    assert day.ended_s == 5000 + CALL_S
    assert day.waits[0].longest_s == 5000
    assert day.busy_share == 1


def test_calls_outside_of_hours_are_counted() -> None:
    """By when they begin."""
    told = Cast(("1",), model=PLAIN, is_open=lambda at: at < 2 * CALL_S)
    assert play(leads(5), told).outside == 3


def test_the_same_seed_gives_the_same_day() -> None:
    """Another seed gives another one."""
    agents = tuple("12")
    first, again, other = (play(leads(50), Cast(agents, seed=seed)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


@given(st.integers(1, 60), st.integers(1, 5), st.integers(1, 1000))
def test_every_lead_is_called_and_the_queue_ends_empty(count: int, agents: int, seed: int) -> None:
    """Nobody is left over, and nobody waits less than no time."""
    day = play(leads(count), Cast(tuple(map(str, range(agents))), seed=seed))
    assert sum(waits.leads for waits in day.waits) == count
    assert day.reached <= count <= sum(day.calls.values())
    assert all(waiting >= 0 for _, waiting in day.queue)
    assert day.queue[-1][1] == 0
    assert 0 < day.busy_share <= 1
    assert 0 <= day.last_lead_s < day.ended_s


def test_the_course_of_the_queue_is_bounded() -> None:
    """However long a list takes."""
    day = play(leads(2000), cast(1))
    assert 300 < len(day.queue) <= 600
    assert day.queue[0][1] > day.queue[100][1] > day.queue[-1][1]
