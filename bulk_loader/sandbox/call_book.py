"""What the dialing has done, in the sandbox's file, so that it goes on after any end."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bulk_loader.sandbox.tally import Tally
from bulk_loader.simulation import Answer, Began, Call, Ended, Record, Snapshot, State, Turn

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

    from bulk_loader.sandbox.database import Database
    from bulk_loader.simulation import Event

_JOIN = "INSERT INTO turns (state, position, ready_at, id) VALUES (?, ?, ?, ?)"
_MOVE = "UPDATE turns SET state = ?, position = ?, ready_at = ? WHERE id = ?"
_CALL = """
INSERT INTO calls (record, position, agent, number, answer, began_at, answered_at, ended_at, free_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_MINUTE = """
INSERT INTO minutes (minute, waiting, reached, busy, no_answer, invalid) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (minute) DO UPDATE SET
    waiting = COALESCE(excluded.waiting, waiting),
    reached = reached + excluded.reached,
    busy = busy + excluded.busy,
    no_answer = no_answer + excluded.no_answer,
    invalid = invalid + excluded.invalid
"""
_CLOCK = "INSERT INTO clock VALUES (1, ?) ON CONFLICT DO UPDATE SET now = excluded.now"
_WAITING = """
SELECT id, campaign, destination, alternatives, agent, position, ready_at
FROM turns JOIN queue USING (id) WHERE state = 'waiting'
"""
_UNDER_WAY = """
SELECT record, campaign, destination, alternatives, queue.agent, calls.position, ready_at,
    calls.agent, number, answer, began_at, answered_at, ended_at, free_at
FROM calls JOIN turns ON turns.id = record JOIN queue ON queue.id = record
WHERE free_at > ? ORDER BY calls.id
"""
_LONGEST_IDLE_FIRST = "SELECT agent FROM calls GROUP BY agent ORDER BY MAX(free_at), agent"
_MINUTE_S = 60


class CallBook:
    """Turns, calls and the dialer's clock as they are kept.

    Attributes:
        joined: id of the last task that takes part; those after it are new.
        tally: what all of it adds up to; of one thread at a time, as the database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        ((self.joined, self._joined_count),) = database.rows(
            "SELECT COALESCE(MAX(id), 0), COUNT(*) FROM turns"
        )
        self.tally = Tally.of(database)

    def now(self) -> float | None:
        """Up to when it is kept; None before the first time."""
        rows = self._database.rows("SELECT now FROM clock")
        return rows[0][0] if rows else None

    def snapshot(self, now: float, agents: Sequence[str], off_until: float) -> Snapshot:
        """Where everything stood at the moment up to which it is kept."""
        worked = [agent for (agent,) in self._database.rows(_LONGEST_IDLE_FIRST)]
        return Snapshot(
            now=now,
            turns=tuple(_turn(row) for row in self._database.rows(_WAITING)),
            calls=tuple(_call(row) for row in self._database.rows(_UNDER_WAY, now)),
            idle=(*(agent for agent in agents if agent not in set(worked)), *worked),
            off_until=off_until,
        )

    def write(self, joined: Sequence[Turn], events: Sequence[Event], now: float) -> None:
        """Keep what has happened up to now, all of it or nothing, and count it.

        Raises:
            sqlite3.Error: nothing is kept.
        """
        waiting = self._joined_count + len(joined) - self._not_waiting_after(events)
        with self._database.alone() as connection:
            with connection:
                connection.executemany(_JOIN, map(_joining, joined))
                _write_events(connection, events)
                connection.executemany(_MINUTE, _minutes(events, now, waiting))
                connection.execute(_CLOCK, (now,))
            self.tally.add(events)
        self._joined_count += len(joined)
        self.joined = joined[-1].record.id if joined else self.joined

    def _not_waiting_after(self, events: Iterable[Event]) -> int:
        return self.tally.not_waiting() + sum(map(_step, events))


def _step(event: Event) -> int:
    """Who is called waits no longer; who was called in vain may wait again."""
    if isinstance(event, Began):
        return 1
    return -1 if event.state is State.WAITING else 0


def _write_events(connection: sqlite3.Connection, events: Iterable[Event]) -> None:
    calls = (event.call for event in events if isinstance(event, Began))
    connection.executemany(_CALL, map(_row, calls))
    # The last event of a record says where it stands.
    moves = {event.call.turn.record.id: _moved(event) for event in events}
    connection.executemany(_MOVE, moves.values())


def _joining(turn: Turn) -> tuple[object, ...]:
    return (State.WAITING.value, turn.position, turn.ready_at, turn.record.id)


def _moved(event: Event) -> tuple[object, ...]:
    turn = event.call.turn
    match event:
        case Began():
            return (State.CALLING.value, turn.position, turn.ready_at, turn.record.id)
        case Ended():
            after = event.turn or turn
            return (event.state.value, after.position, after.ready_at, turn.record.id)


def _row(call: Call) -> tuple[object, ...]:
    return (
        call.turn.record.id,
        call.turn.position,
        call.agent,
        call.number,
        call.answer.value,
        call.began_at,
        call.answered_at,
        call.ended_at,
        call.free_at,
    )


def _minutes(events: Iterable[Event], now: float, waiting: int) -> Iterator[tuple[object, ...]]:
    """How many calls ended in each minute, and who waits in the last."""
    last = int(now // _MINUTE_S)
    ended: dict[int, Counter[Answer]] = {last: Counter()}
    for event in events:
        if isinstance(event, Ended):
            minute = int(event.call.ended_at // _MINUTE_S)
            ended.setdefault(minute, Counter())[event.call.answer] += 1
    for minute, answers in ended.items():
        counts = (answers[answer] for answer in Answer)
        yield (minute, waiting if minute == last else None, *counts)


def _turn(row: Sequence[object]) -> Turn:
    """A turn from its columns; its date is in the moment at which it is ready."""
    *record, position, ready_at = row
    return Turn(Record(*record), position, ready_at)  # type: ignore[arg-type]  # as it was written


def _call(row: Sequence[object]) -> Call:
    agent, number, answer, *moments = row[7:]
    return Call(_turn(row[:7]), agent, number, Answer(answer), *moments)  # type: ignore[arg-type]
