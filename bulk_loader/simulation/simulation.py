"""The dialer's day as a chain of events, one after the other by the moment that each happens."""

from __future__ import annotations

import math
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from bulk_loader.simulation.answers import AnswerModel, Answers
from bulk_loader.simulation.attempts import attempts_of
from bulk_loader.simulation.lines import Lines
from bulk_loader.simulation.values import (
    Answer,
    Began,
    Call,
    Ended,
    Event,
    Snapshot,
    State,
    Turn,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bulk_loader.simulation.values import Record

# What happens at one moment: lines become free, then agents, and then somebody's turn comes.
_LINE_FREE, _AGENT_FREE, _READY = range(3)

_Entry = tuple[float, int, tuple[float, int] | str, Call | Turn | str]


class Simulation:
    """Agents who call whoever is in the queue.

    Args:
        agents: their extensions, each once.
        seed: equal seeds give equal answers, see `Answers`.
        resumed: where an earlier simulation stood. Agents may have come and gone since: a call of
            one who is gone goes on to its end.

    Raises:
        ValueError: an agent has no extension, or two have the same.
    """

    def __init__(
        self,
        agents: Iterable[str],
        *,
        seed: int = 1,
        model: AnswerModel | None = None,
        resumed: Snapshot | None = None,
    ) -> None:
        names = tuple(agents)
        if "" in names or len(set(names)) < len(names):
            raise ValueError("every agent needs an extension of their own")
        self._agents = frozenset(names)
        self._model = model or AnswerModel()
        self._answers = Answers(seed, self._model)
        self._lines = Lines()
        self._agenda: list[_Entry] = []
        self._idle = dict.fromkeys(names)  # the longest idle first
        self._on_line: dict[str, list[Turn]] = {}  # numbers in a call, and who waits for its end
        self._busy: dict[str, Call] = {}  # by agent
        self._events: list[Event] = []
        self._now = self._off_until = -math.inf
        if resumed is not None:
            self._resume(resumed)

    @property
    def now(self) -> float:
        """Everything up to this moment has happened; -inf before anything has."""
        return self._now

    def add(self, record: Record, at: float) -> Turn:
        """A record arrives, now or later; ids must grow with the moments.

        Returns:
            Its first turn.

        Raises:
            ValueError: that moment has passed.
        """
        if at < self._now:
            raise ValueError("a record can't arrive in the past")
        due_at = at if record.due_at is None else record.due_at
        turn = Turn(record, position=0, ready_at=max(at, due_at))
        self._await(turn)
        return turn

    def advance(self, until: float) -> list[Event]:
        """Let everything happen up to and at this moment; `math.inf` plays it to the end.

        Returns:
            The events since the last call, in order.
        """
        while self._agenda and self._agenda[0][0] <= until:
            self._now, _, _, subject = heappop(self._agenda)
            match subject:
                case Call():
                    self._end(subject)
                case Turn():
                    self._offer(subject)
                case agent:
                    self._free(agent)
        if until < math.inf:
            self._now = max(self._now, until)
        events, self._events = self._events, []
        return events

    def snapshot(self) -> Snapshot:
        """Where everything stands now, for a later simulation."""
        planned = (entry[-1] for entry in self._agenda)
        on_hold = (turn for turns in self._on_line.values() for turn in turns)
        turns = (*self._lines, *on_hold, *(each for each in planned if isinstance(each, Turn)))
        return Snapshot(self._now, turns, tuple(self._busy.values()), tuple(self._idle))

    def _resume(self, snapshot: Snapshot) -> None:
        self._now, self._off_until = snapshot.now, snapshot.off_until
        for call in snapshot.calls:
            self._idle.pop(call.agent, None)
            self._take_line(call, is_over=call.ended_at <= self._now)
        known = [name for name in snapshot.idle if name in self._idle]
        self._idle = dict.fromkeys([*known, *self._idle])
        for turn in sorted(snapshot.turns, key=lambda turn: turn.order):
            self._await(turn)

    def _await(self, turn: Turn) -> None:
        """Have its turn come when it is ready, which may have been before."""
        at = max(turn.ready_at, self._now, self._off_until)
        heappush(self._agenda, (at, _READY, turn.order, turn))

    def _offer(self, turn: Turn) -> None:
        """Its turn has come: it is called by whoever has been idle longest, or it waits."""
        if self._is_on_hold(turn):
            return
        wanted = turn.record.agent or next(iter(self._idle), None)
        if wanted in self._idle:
            del self._idle[wanted]
            self._begin(turn, wanted)
        else:
            self._lines.join(turn)

    def _free(self, agent: str) -> None:
        """An agent calls the next, or is idle."""
        del self._busy[agent]
        if agent not in self._agents:
            return
        while turn := self._lines.next_for(agent):
            if not self._is_on_hold(turn):
                self._begin(turn, agent)
                return
        self._idle[agent] = None

    def _is_on_hold(self, turn: Turn) -> bool:
        """Its number is in a call for another record, whose end it now waits for."""
        on_hold = self._on_line.get(_number(turn))
        if on_hold is None:
            return False
        on_hold.append(turn)
        return True

    def _begin(self, turn: Turn, agent: str) -> None:
        number = _number(turn)
        call = self._answers.call(turn, number, agent, self._now)
        self._take_line(call, is_over=False)
        self._events.append(Began(call))

    def _take_line(self, call: Call, *, is_over: bool) -> None:
        self._busy[call.agent] = call
        heappush(self._agenda, (call.free_at, _AGENT_FREE, call.agent, call.agent))
        if not is_over:
            self._on_line[call.number] = []
            heappush(self._agenda, (call.ended_at, _LINE_FREE, call.turn.order, call))

    def _end(self, call: Call) -> None:
        on_hold = self._on_line.pop(call.number)
        turn = self._turn_after(call)
        self._events.append(Ended(call, _state_after(call, turn), turn))
        # Before the agent is free: whoever is tried with another number has kept their place.
        for each in sorted((*on_hold, *([turn] if turn else [])), key=lambda turn: turn.order):
            if max(each.ready_at, self._off_until) <= self._now:
                self._offer(each)
            else:
                self._await(each)

    def _turn_after(self, call: Call) -> Turn | None:
        """The next number keeps its record's place; the same number again waits a while."""
        if call.answer is Answer.REACHED:
            return None
        record, made = call.turn.record, call.turn.position
        attempts = attempts_of(record.destination, record.alternatives)
        for position in range(made + 1, len(attempts)):
            if not attempts[position].is_retry:
                return Turn(record, position, call.turn.ready_at)
            if call.answer is not Answer.INVALID:  # nobody calls such a number again
                return Turn(record, position, call.ended_at + self._model.pause_s)
        return None


def _number(turn: Turn) -> str:
    record = turn.record
    return attempts_of(record.destination, record.alternatives)[turn.position].number


def _state_after(call: Call, turn: Turn | None) -> State:
    if call.answer is Answer.REACHED:
        return State.REACHED
    return State.UNREACHED if turn is None else State.WAITING
