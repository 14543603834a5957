"""What holds for every list, every number of agents and every seed."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.simulation import AnswerModel, Ended, Record, Simulation, State
from tests.simulation.days import calls, states

if TYPE_CHECKING:
    from bulk_loader.simulation import Call, Event

AGENTS = ("1001", "1002", "1003")
# Few numbers, so that records share them, and alternatives are destinations of others.
_NUMBERS = st.sampled_from([f"0991{n}" for n in range(8)])
_ALTERNATIVES = st.lists(
    st.builds("{}={}={}".format, st.sampled_from("PMWHU"), st.integers(0, 2), _NUMBERS), max_size=3
).map(":".join)
_SHORT = AnswerModel(talk_s=30, pause_s=20, wrap_s=5)


@st.composite
def days(draw: st.DrawFn, agents: tuple[str, ...] = AGENTS) -> list[tuple[Record, float]]:
    """Records with the moments at which they arrive."""
    moments = sorted(draw(st.lists(st.integers(0, 300), max_size=25)))
    return [
        (
            Record(
                number,
                campaign=draw(st.sampled_from(["A<-", "B->"])),
                destination=draw(_NUMBERS),
                alternatives=draw(_ALTERNATIVES),
                agent=draw(st.sampled_from(("", "", *agents))),
                due_at=draw(st.none() | st.integers(0, 600).map(float)),
            ),
            float(at),
        )
        for number, at in enumerate(moments, start=1)
    ]


def begin(day: list[tuple[Record, float]], seed: int, count: int) -> Simulation:
    """A simulation to which all of them will come."""
    simulation = Simulation(AGENTS[:count], seed=seed, model=_SHORT)
    for record, at in day:
        simulation.add(record, at)
    return simulation


def overlap(made: list[Call], name: str, end: str) -> bool:
    """Two calls with the same value under that name are under way at once."""
    by_value: dict[object, list[Call]] = {}
    for call in made:
        by_value.setdefault(getattr(call, name), []).append(call)
    return any(
        getattr(one, end) > other.began_at
        for group in by_value.values()
        for one, other in pairwise(group)
    )


@given(days(), st.integers(), st.integers(0, 3))
def test_nobody_is_called_twice_at_once(
    day: list[tuple[Record, float]], seed: int, count: int
) -> None:
    """No number is in two calls at the same time, nor is any record."""
    made = calls(begin(day, seed, count).advance(math.inf))
    assert not overlap(made, "number", "ended_at")
    of_records = sorted(made, key=lambda call: (call.turn.record.id, call.turn.position))
    for one, other in pairwise(of_records):
        if one.turn.record == other.turn.record:
            assert one.ended_at <= other.began_at
            assert one.turn.position < other.turn.position


@given(days(), st.integers(), st.integers(0, 3))
def test_an_agent_has_one_call_at_a_time(
    day: list[tuple[Record, float]], seed: int, count: int
) -> None:
    """And the time after it that was promised to them; a record for an agent is that one's."""
    made = calls(begin(day, seed, count).advance(math.inf))
    assert not overlap(made, "agent", "free_at")
    assert all(call.turn.record.agent in ("", call.agent) for call in made)


@given(days(), st.integers(), st.integers(0, 3))
def test_every_record_ends_in_exactly_one_state(
    day: list[tuple[Record, float]], seed: int, count: int
) -> None:
    """It has one final state, as the last; only one for an agent who is not there waits for ever."""
    simulation = begin(day, seed, count)
    ended = states(simulation.advance(math.inf))
    waiting = {turn.record.id for turn in simulation.snapshot().turns}
    for record, _ in day:
        can_be_called = record.agent in ("" if count else None, *AGENTS[:count])
        assert (record.id in waiting) is not can_be_called
        if can_be_called:
            *before, last = ended[record.id]
            assert set(before) <= {State.WAITING}
            assert last.is_final
    assert ended.keys().isdisjoint(waiting)


@given(days(agents=()), st.integers(), st.integers(1, 3))
def test_a_campaign_is_called_in_its_order(
    day: list[tuple[Record, float]], seed: int, count: int
) -> None:
    """By when a turn came and then by arrival, as far as nobody's line is taken by another call."""
    numbered = [
        (Record(r.id, r.campaign, str(r.id), due_at=r.due_at), at)  # a number for each
        for r, at in day
    ]
    made = calls(begin(numbered, seed, count).advance(math.inf))
    for campaign in ("A<-", "B->"):
        order = [call.turn.order for call in made if call.turn.record.campaign == campaign]
        assert order == sorted(order)
    assert all(call.began_at >= call.turn.ready_at for call in made)


@given(days(), st.integers(), st.integers(0, 3), st.integers(0, 900))
def test_a_day_that_was_broken_off_goes_on_as_it_would_have(
    day: list[tuple[Record, float]], seed: int, count: int, moment: int
) -> None:
    """Whenever that is: what was kept gives the same events as the day at once."""
    whole = begin(day, seed, count).advance(math.inf)
    first = begin(day, seed, count)
    events: list[Event] = first.advance(moment)
    later = Simulation(AGENTS[:count], seed=seed, model=_SHORT, resumed=first.snapshot())
    events += later.advance(math.inf)
    assert events == whole


@given(days(), st.integers(), st.integers(0, 3))
def test_every_call_that_began_ends_once(
    day: list[tuple[Record, float]], seed: int, count: int
) -> None:
    """Events come in the order of their moments."""
    events = begin(day, seed, count).advance(math.inf)
    ended = [event for event in events if isinstance(event, Ended)]
    assert sorted(map(id, (event.call for event in ended))) == sorted(map(id, calls(events)))
    moments = [
        event.call.ended_at if isinstance(event, Ended) else event.call.began_at for event in events
    ]
    assert moments == sorted(moments)
