"""Sums of the dialing, kept as it goes, so that a look at a million calls costs nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulk_loader.simulation import Answer, Began, Ended, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bulk_loader.sandbox.database import Database
    from bulk_loader.simulation import Event

_STATES = """
SELECT campaign, state, COUNT(*) FROM turns JOIN queue USING (id)
WHERE state <> 'waiting' GROUP BY campaign, state
"""
# A call counts with its answer once it has ended: its record has then moved on.
_ANSWERS = """
SELECT answer, COUNT(*) FROM calls JOIN turns ON turns.id = record
WHERE state <> 'calling' OR turns.position <> calls.position GROUP BY answer
"""
_AGENTS = "SELECT agent, COUNT(*), SUM(free_at - began_at) FROM calls GROUP BY agent"


@dataclass(slots=True)
class Work:
    """What one agent has done.

    Attributes:
        busy_s: in calls and after them, up to the end of the last one that began.
    """

    calls: int = 0
    busy_s: float = 0.0


@dataclass(slots=True)
class Tally:
    """Records by campaign and state, as far as they do not wait; ended calls by answer; agents."""

    campaigns: defaultdict[str, Counter[State]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    answers: Counter[Answer] = field(default_factory=Counter)
    agents: defaultdict[str, Work] = field(default_factory=lambda: defaultdict(Work))

    @classmethod
    def of(cls, database: Database) -> Tally:
        """What the file adds up to."""
        tally = cls()
        for campaign, state, count in database.rows(_STATES):
            tally.campaigns[campaign][State(state)] = count
        tally.answers.update({Answer(answer): n for answer, n in database.rows(_ANSWERS)})
        for agent, calls, busy_s in database.rows(_AGENTS):
            tally.agents[agent] = Work(calls, busy_s)
        return tally

    def add(self, events: Iterable[Event]) -> None:
        """Count what has happened."""
        for event in events:
            call = event.call
            states = self.campaigns[call.turn.record.campaign]
            match event:
                case Began():
                    states[State.CALLING] += 1
                    work = self.agents[call.agent]
                    work.calls += 1
                    work.busy_s += call.free_at - call.began_at
                case Ended():
                    states[State.CALLING] -= 1
                    states[event.state] += event.state.is_final
                    self.answers[call.answer] += 1

    def not_waiting(self) -> int:
        """Records that are being called, or will not be any more."""
        return sum(states.total() for states in self.campaigns.values())
