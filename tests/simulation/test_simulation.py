from __future__ import annotations

import math
from dataclasses import replace

import pytest

from bulk_loader.simulation import AnswerModel, Began, Ended, Simulation, Snapshot, State
from tests.simulation.days import (
    EVERYBODY,
    NO_SUCH_NUMBER,
    NOBODY,
    called,
    calls,
    play,
    record,
    states,
)


def test_who_came_first_is_called_first() -> None:
    """One agent calls in the order of arrival, whatever the campaign."""
    assert called(play(["1"], [record(n, "AB"[n % 2]) for n in range(1, 7)])) == [1, 2, 3, 4, 5, 6]


def test_a_record_is_called_as_soon_as_an_agent_is_there() -> None:
    """At once where one is idle, else at the moment that the first is free."""
    first, second, third = calls(play(["1", "2"], [record(1), record(2), record(3)]))
    assert (first.began_at, second.began_at) == (0, 0)
    assert third.began_at == min(first.free_at, second.free_at)


def test_the_longest_idle_agent_calls() -> None:
    """So that work is shared, and is the same every time."""
    day = [(record(1), 0.0), (record(2), 5000.0), (record(3), 5001.0)]
    assert [call.agent for call in calls(play(["1", "2"], day))] == ["1", "2", "1"]


def test_a_date_is_waited_for_and_then_has_its_turn() -> None:
    """It holds up nobody before, and at its time stands behind those who wait already."""
    first, *others = calls(
        play(["1"], [(record(1, due_at=50.0), 0), (record(2), 0), (record(3), 40.0)])
    )
    assert first.turn.record.id == 2
    assert first.free_at > 50
    assert [call.turn.record.id for call in others] == [3, 1]


def test_a_date_without_anybody_before_it_is_kept_to_the_second() -> None:
    """The agent waits, too."""
    (call,) = calls(play(["1"], [record(1, due_at=50.5)]))
    assert call.began_at == 50.5


def test_a_date_that_has_passed_is_as_soon_as_possible() -> None:
    """It does not come before those who were there."""
    day = [(record(1), 0.0), (record(2), 1.0), (record(3, due_at=-99.0), 2.0), (record(4), 3.0)]
    assert called(play(["1"], day)) == [1, 2, 3, 4]


def test_a_record_for_an_agent_waits_for_that_one() -> None:
    """Others behind it are called meanwhile, by others."""
    made = calls(play(["1", "2"], [record(1), *(record(n, agent="1") for n in (2, 3)), record(4)]))
    assert {call.turn.record.id: call.agent for call in made} == {
        1: "1",
        2: "1",
        3: "1",
        4: "2",
    }
    assert made[1].turn.record.id == 4
    assert made[1].began_at == 0


def test_a_record_for_an_agent_keeps_its_place_for_that_one() -> None:
    """That agent, too, calls first who came first."""
    assert called(play(["1"], [record(1), record(2), record(3, agent="1"), record(4)])) == [
        *(1, 2, 3, 4)
    ]


def test_a_record_for_an_agent_who_is_not_there_waits() -> None:
    """It is never called, and holds nobody up."""
    simulation = Simulation(["1"], model=EVERYBODY)
    for number, agent in ((1, "9"), (2, "")):
        simulation.add(record(number, agent=agent), 0)
    assert called(simulation.advance(math.inf)) == [2]
    assert [turn.record.id for turn in simulation.snapshot().turns] == [1]


def test_without_agents_nobody_is_called() -> None:
    """The queue grows."""
    assert play([], [record(1)]) == []


def test_alternatives_are_tried_in_order_until_somebody_answers() -> None:
    """A new number at once, in its record's old place; the same number again after a pause."""
    made = calls(play(["1"], [record(1, alternatives="M=1=2:3"), record(2)], NOBODY))
    assert [(call.turn.record.id, call.number) for call in made] == [
        (1, "0991000001"),
        (1, "2"),
        (2, "0991000002"),
        (1, "2"),
        (1, "3"),
    ]
    assert made[3].began_at == made[1].ended_at + NOBODY.pause_s
    assert called(play(["1"], [record(1, alternatives="2:3")], EVERYBODY)) == [1]


def test_a_number_that_nobody_has_is_not_tried_again() -> None:
    """Its retries are left out, and the next number has its turn."""
    made = calls(play(["1"], [record(1, alternatives="M=5=2:3")], NO_SUCH_NUMBER))
    assert [call.number for call in made] == ["0991000001", "2", "3"]


def test_a_record_waits_between_its_calls_and_ends_once() -> None:
    """Reached as soon as somebody answers, unreached after its last number."""
    assert states(play(["1"], [record(1, alternatives="2:3")], NOBODY)) == {
        1: [State.WAITING, State.WAITING, State.UNREACHED]
    }
    assert states(play(["1"], [record(1, alternatives="2:3")], EVERYBODY)) == {1: [State.REACHED]}
    assert [state for state in State if state.is_final] == [State.REACHED, State.UNREACHED]


def test_a_number_is_not_called_twice_at_once() -> None:
    """A second record of it waits for the end of the first call, and others are called meanwhile."""
    twice = [record(1), replace(record(2), destination=record(1).destination), record(3)]
    first, other, second = calls(play(["1", "2", "3"], twice))
    assert (other.turn.record.id, other.began_at) == (3, 0)
    assert (second.turn.record.id, second.began_at) == (2, first.ended_at)
    assert second.agent == "3"


def test_a_day_in_steps_is_the_day_at_once() -> None:
    """A clock that is looked at now and then changes nothing."""
    records = [record(n, alternatives=f"M=1=77{n}") for n in range(40)]
    whole = play(["1", "2", "3"], records, AnswerModel())
    simulation, parts = Simulation(["1", "2", "3"]), []
    for each in records:
        simulation.add(each, 0)
    for minute in range(3000):
        parts += simulation.advance(minute * 60.0)
    assert parts == whole


def test_moments_only_grow() -> None:
    """Nothing arrives in the past, a look backwards shows nothing, and the end is told."""
    simulation = Simulation(["1"], model=EVERYBODY)
    assert simulation.now == -math.inf
    simulation.advance(100)
    with pytest.raises(ValueError, match="past"):
        simulation.add(record(1), 99.9)
    simulation.add(record(1), 100)
    assert simulation.advance(50) == []
    assert simulation.now == 100
    began, ended = simulation.advance(math.inf)
    assert isinstance(began, Began)
    assert isinstance(ended, Ended)
    assert simulation.now == ended.call.free_at


@pytest.mark.parametrize("agents", [["1", "1"], ["1", ""]])
def test_agents_have_extensions_of_their_own(agents: list[str]) -> None:
    """Else nobody could tell who is busy."""
    with pytest.raises(ValueError, match="extension"):
        Simulation(agents)


def test_an_agent_who_is_gone_ends_the_call_and_takes_no_other() -> None:
    """And one who is new begins at once."""
    simulation = Simulation(["1"], model=EVERYBODY)
    for number in (1, 2, 3):
        simulation.add(record(number), 0)
    (began,) = simulation.advance(0)
    later = Simulation(["2"], model=EVERYBODY, resumed=simulation.snapshot())
    events = later.advance(math.inf)
    assert [call.agent for call in calls(events)] == ["2", "2"]
    assert Ended(began.call, State.REACHED, None) in events


def test_while_the_dialer_is_off_nobody_is_called() -> None:
    """A call under way ends as it would have; whoever waits has their turn from then on."""
    simulation = Simulation(["1"], model=NOBODY)
    simulation.add(record(1, alternatives="2"), 0)
    simulation.advance(0)
    off = replace(simulation.snapshot(), off_until=9000.0)
    ended, second, *_ = Simulation(["1"], model=NOBODY, resumed=off).advance(math.inf)
    assert isinstance(ended, Ended)
    assert ended.call.ended_at == NOBODY.most_ring_s
    assert isinstance(second, Began)
    assert (second.call.number, second.call.began_at) == ("2", 9000)


def test_nothing_is_taken_up_from_nothing() -> None:
    """An empty snapshot is a beginning at its moment."""
    simulation = Simulation(["1"], resumed=Snapshot(7.0))
    assert (simulation.now, simulation.advance(math.inf)) == (7, [])
