"""Playing a list: everybody in it is there at the begin, and agents call until all is over."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bulk_loader.rehearsal.figures import Figures, course, waits_of
from bulk_loader.simulation import Answer, AnswerModel, Began, Simulation, Snapshot, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bulk_loader.simulation import Call, Ended, Record

# Events are looked at so often, so that those of a long day are never all there at once.
_STRIDE_S = 3600.0

STEP_S = 60.0
"""How finely the queue's course is kept, in seconds."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who works, and how people answer.

    Attributes:
        agents: their extensions, each once.
        is_open: whether people may be called at a moment.
        shifts: gives begin and end of each time in which the agents work, one after the other and
            without an end; a call that has begun is ended after it.
    """

    agents: tuple[str, ...]
    seed: int = 1
    model: AnswerModel = field(default_factory=AnswerModel)
    is_open: Callable[[float], bool] = lambda _at: True
    shifts: Callable[[], Iterator[tuple[float, float]]] = lambda: iter(((0.0, math.inf),))


def play(records: Sequence[Record], cast: Cast) -> Figures:
    """The day of a list.

    Args:
        records: there is at least one; all who are asked for by name must be in the cast.

    Raises:
        ValueError: somebody asks for an agent who is not there, and would wait for ever.
    """
    if any(record.agent and record.agent not in cast.agents for record in records):
        raise ValueError("a lead asks for an agent who is not there")
    day = _Day(cast)
    simulation = _resumed(cast, Snapshot(0.0), 0.0)
    for record in records:
        turn = simulation.add(record, 0.0)
        day.waiting(turn.ready_at, +1)
    for begin, end in cast.shifts():
        simulation = _resumed(cast, simulation.snapshot(), begin)
        until = begin
        while until < end and day.over < len(records):
            until = min(end, until + _STRIDE_S)
            day.take(simulation.advance(until))
        day.at_work_s += min(end, max(begin, day.ended_s)) - begin
        if day.over == len(records):
            break
    return day.figures(len(records))


def _resumed(cast: Cast, stood: Snapshot, begin: float) -> Simulation:
    """Where the agents left off, from the begin of a shift."""
    stood = replace(stood, off_until=begin)
    return Simulation(cast.agents, seed=cast.seed, model=cast.model, resumed=stood)


@dataclass(slots=True)
class _Day:
    """What has happened so far."""

    cast: Cast
    over: int = 0
    reached: int = 0
    last_lead_s: float = 0.0
    ended_s: float = 0.0
    worked_s: float = 0.0
    at_work_s: float = 0.0
    outside: int = 0
    calls: Counter[Answer] = field(default_factory=Counter)
    waits_s: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    changes: Counter[int] = field(default_factory=Counter)

    def take(self, events: Iterable[Began | Ended]) -> None:
        for event in events:
            if isinstance(event, Began):
                self._begin(event.call)
            else:
                self._end(event)

    def waiting(self, at: float, change: int) -> None:
        """So many more wait from a moment on."""
        self.changes[int(at // STEP_S)] += change

    def _begin(self, call: Call) -> None:
        turn = call.turn
        self.waiting(call.began_at, -1)
        self.calls[call.answer] += 1
        self.worked_s += call.free_at - call.began_at
        self.outside += not self.cast.is_open(call.began_at)
        if turn.position == 0:
            self.waits_s[turn.record.campaign].append(call.began_at - turn.ready_at)
            self.last_lead_s = call.began_at

    def _end(self, event: Ended) -> None:
        self.ended_s = event.call.ended_at
        if event.turn is not None:
            self.waiting(max(event.turn.ready_at, event.call.ended_at), +1)
        self.over += event.state.is_final
        self.reached += event.state is State.REACHED

    def figures(self, leads: int) -> Figures:
        """All of it."""
        waits = (waits_of(name, self.waits_s[name]) for name in sorted(self.waits_s))
        return Figures(
            agents=len(self.cast.agents),
            leads=leads,
            last_lead_s=self.last_lead_s,
            ended_s=self.ended_s,
            calls={answer: self.calls[answer] for answer in Answer},
            reached=self.reached,
            busy_share=min(1.0, self.worked_s / (len(self.cast.agents) * self.at_work_s)),
            outside=self.outside,
            waits=tuple(waits),
            queue=course(self.changes, STEP_S),
        )
