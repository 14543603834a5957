"""What goes into a simulation, what comes out of it, and what is kept of it.

Every moment (`…_at`) is in seconds from the caller's own begin.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum


class Answer(StrEnum):
    """What became of one call."""

    REACHED = "reached"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    INVALID = "invalid"


class State(StrEnum):
    """Where a record stands; the last two are final."""

    WAITING = "waiting"
    CALLING = "calling"
    REACHED = "reached"
    UNREACHED = "unreached"

    @property
    def is_final(self) -> bool:
        """Nobody will call for it any more."""
        return self in (State.REACHED, State.UNREACHED)


@dataclass(frozen=True, slots=True)
class Record:
    """Somebody who is to be called, as far as that decides when, by whom and with what answer.

    Attributes:
        id: grows with the order of arrival.
        alternatives: in the vendor's grammar, see `attempts_of`.
        agent: the one agent who is to call; "" for any. One who is not there is waited for.
        due_at: not to be called before; None for as soon as possible.
    """

    id: int
    campaign: str
    destination: str
    alternatives: str = ""
    agent: str = ""
    due_at: float | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A record's place in the queue.

    Attributes:
        position: which of its attempts is made next; the first is 0.
        ready_at: since when, or from when on, it waits for its call.
    """

    record: Record
    position: int
    ready_at: float

    @property
    def order(self) -> tuple[float, int]:
        """The least is called first."""
        return (self.ready_at, self.record.id)


@dataclass(frozen=True, slots=True)
class Call:
    """One call of one number by one agent.

    All of it is decided as it begins; who shows it should not tell the future.

    Attributes:
        turn: the turn that it takes.
        answered_at: when the talk begins; None where nobody was reached.
        ended_at: when the line is free again.
        free_at: when the agent is, who writes something down after a talk.
    """

    turn: Turn
    agent: str
    number: str
    answer: Answer
    began_at: float
    answered_at: float | None
    ended_at: float
    free_at: float


@dataclass(frozen=True, slots=True)
class Began:
    """A call began, at its `began_at`."""

    call: Call


@dataclass(frozen=True, slots=True)
class Ended:
    """A call ended, at its `ended_at`.

    Attributes:
        state: where its record stands now: final, or waiting.
        turn: the record's next turn; None where it has none.
    """

    call: Call
    state: State
    turn: Turn | None


Event = Began | Ended


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that is needed to go on.

    Attributes:
        now: everything up to this moment has happened.
        turns: who waits, in any order.
        calls: those whose agent is not free yet.
        idle: agents who are free, the longest idle first; others are taken to be so afterwards.
        off_until: from `now` to this moment the dialer was off: nobody's turn comes, while calls
            under way end as they would have.
    """

    now: float
    turns: tuple[Turn, ...] = ()
    calls: tuple[Call, ...] = ()
    idle: tuple[str, ...] = ()
    off_until: float = -math.inf
