"""What can be seen of the dialing at this moment, and nothing of what is to come."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bulk_loader.simulation import Answer, State

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bulk_loader.sandbox.dialing import Dialing
    from bulk_loader.sandbox.store import Store

MOST_POINTS = 120  # of a chart: as many as a phone can show
_LONGEST_MIN = 24 * 60

_CALLS = """
SELECT calls.id, record, campaign, data, calls.agent, number, answer, began_at, answered_at,
    ended_at, free_at
FROM calls JOIN queue ON queue.id = record
"""
_AFTER = f"{_CALLS} WHERE calls.id > ? ORDER BY calls.id LIMIT ?"
_NEWEST = f"{_CALLS} ORDER BY calls.id DESC LIMIT ?"
_UNDER_WAY = f"{_CALLS} WHERE free_at > ? ORDER BY calls.id"
_LATER = "SELECT COUNT(*) FROM turns WHERE state = 'waiting' AND ready_at > ?"
_FIRST_MINUTE = "SELECT MIN(minute) FROM minutes WHERE minute >= ?"
# Beside a MAX, SQLite takes a bare column from the row that has it: the last that says who waits.
_TIMELINE = """
SELECT (minute - ?) / ?, MAX(CASE WHEN waiting IS NOT NULL THEN minute END), waiting,
    SUM(reached), SUM(busy), SUM(no_answer), SUM(invalid)
FROM minutes WHERE minute >= ? GROUP BY 1
"""


class Doing(StrEnum):
    """What an agent does."""

    IDLE = "idle"
    CALLING = "calling"
    TALKING = "talking"
    WRITING = "writing"


@dataclass(frozen=True, slots=True)
class SeenCall:
    """A call as far as it has gone; moments are by the dialer's clock.

    Attributes:
        record: id of its task.
        data: of its task, which the agent's form shows.
        answered_at: None while it rings, and where nobody was reached.
        ended_at: None while it is under way, as `answer`.
    """

    id: int
    record: int
    campaign: str
    data: str
    agent: str
    number: str
    answer: Answer | None
    began_at: float
    answered_at: float | None
    ended_at: float | None


@dataclass(frozen=True, slots=True)
class SeenAgent:
    """An agent now.

    Attributes:
        call: the one that is under way, or that something is written down about; None if idle.
        calls: how many began.
        busy_s: in calls and after them, up to now.
    """

    agent: str
    doing: Doing
    call: SeenCall | None
    calls: int
    busy_s: float


@dataclass(frozen=True, slots=True)
class Point:
    """A stretch of time.

    Attributes:
        at: its begin.
        waiting: who waited at its end.
        answers: of calls that ended in it.
    """

    at: float
    waiting: int
    answers: Mapping[Answer, int]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The last day, in stretches of so many minutes; at most `MOST_POINTS` of them."""

    minutes: int
    points: tuple[Point, ...]


class Views:
    """Looks at the dialing without changing it."""

    def __init__(self, store: Store, dialing: Dialing) -> None:
        self._store = store
        self._database = store.database
        self._dialing = dialing

    @property
    def now(self) -> float:
        """By the dialer's clock."""
        return self._dialing.now

    def calls_after(self, last_id: int, limit: int) -> list[SeenCall]:
        """Calls that began after that one, in the order in which they did."""
        return self._seen(_AFTER, last_id, limit)

    def newest_calls(self, limit: int) -> list[SeenCall]:
        """The last that began, newest first."""
        return self._seen(_NEWEST, limit)

    def agents(self) -> list[SeenAgent]:
        """All of them, in the order in which they were named."""
        now = self._dialing.now
        rows = self._database.rows(_UNDER_WAY, now)
        calls = {row[4]: (_call(row, now), row[-1] - now) for row in rows if row[7] <= now}
        return [
            self._agent(agent, *calls.get(agent, (None, 0.0))) for agent in self._dialing.agents
        ]

    def campaigns(self) -> dict[str, dict[State, int]]:
        """Tasks by campaign and state, the fullest campaign first."""
        with self._database.alone():
            tally = self._dialing.book.tally.campaigns
            moved = {name: dict(tally[name]) for name in tally}
        return {
            name: _with_waiting(count, moved.get(name, {}))
            for name, count in self._store.counts().items()
        }

    def answers(self) -> dict[Answer, int]:
        """Calls that have ended, by what became of them."""
        with self._database.alone():
            return {answer: self._dialing.book.tally.answers[answer] for answer in Answer}

    def later(self) -> int:
        """How many of those who wait do so for their date, or for another try."""
        ((count,),) = self._database.rows(_LATER, self._dialing.now)
        return int(count)

    def timeline(self) -> Timeline:
        """Who waited, and what became of the calls."""
        last = int(self._dialing.now // 60)
        ((first,),) = self._database.rows(_FIRST_MINUTE, last - _LONGEST_MIN)
        if first is None:
            return Timeline(1, ())
        minutes = -(-(last - first + 1) // MOST_POINTS)
        rows = self._database.rows(_TIMELINE, first, minutes, first)
        return Timeline(minutes, tuple(_points(rows, first, last, minutes)))

    def _seen(self, sql: str, *parameters: int) -> list[SeenCall]:
        now = self._dialing.now
        rows = self._database.rows(sql, *parameters)
        return [_call(row, now) for row in rows if row[7] <= now]

    def _agent(self, agent: str, call: SeenCall | None, left_s: float) -> SeenAgent:
        with self._database.alone():
            work = self._dialing.book.tally.agents[agent]
            busy_s = max(0.0, work.busy_s - left_s)
            return SeenAgent(agent, _doing(call), call, work.calls, busy_s)


def _with_waiting(count: int, moved: Mapping[State, int]) -> dict[State, int]:
    states = {state: moved.get(state, 0) for state in State}
    states[State.WAITING] = count - sum(states.values())
    return states


def _call(row: tuple[Any, ...], now: float) -> SeenCall:
    call_id, record, campaign, data, agent, number = row[:6]
    answer, began_at, answered_at, ended_at = row[6:10]
    has_ended = ended_at <= now
    return SeenCall(
        id=call_id,
        record=record,
        campaign=campaign,
        data=data,
        agent=agent,
        number=number,
        answer=Answer(answer) if has_ended else None,
        began_at=began_at,
        answered_at=answered_at if answered_at is not None and answered_at <= now else None,
        ended_at=ended_at if has_ended else None,
    )


def _doing(call: SeenCall | None) -> Doing:
    if call is None:
        return Doing.IDLE
    if call.ended_at is not None:
        return Doing.WRITING
    return Doing.CALLING if call.answered_at is None else Doing.TALKING


def _points(rows: list[tuple[Any, ...]], first: int, last: int, minutes: int) -> Iterator[Point]:
    """Every stretch up to now: where nothing happened, as many wait as before."""
    by_stretch = {row[0]: row for row in rows}
    waiting = 0
    for stretch in range((last - first) // minutes + 1):
        _, _, said, *counts = by_stretch.get(stretch, (0, None, None, 0, 0, 0, 0))
        waiting = waiting if said is None else said
        answers = dict(zip(Answer, counts, strict=True))
        yield Point((first + stretch * minutes) * 60.0, waiting, answers)
