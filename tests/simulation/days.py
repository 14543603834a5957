"""Short days of a simulated dialer, and what was done in them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from bulk_loader.simulation import AnswerModel, Began, Ended, Record, Simulation, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bulk_loader.simulation import Call, Event

EVERYBODY = AnswerModel(invalid=0, reached=1, busy=0)
NOBODY = AnswerModel(invalid=0, reached=0, busy=0)
NO_SUCH_NUMBER = AnswerModel(invalid=1)


def record(number: int, campaign: str = "A<-", **others: object) -> Record:
    """A record with a number of its own."""
    return Record(number, campaign, f"0991{number:06d}", **others)  # type: ignore[arg-type]


def play(
    agents: Iterable[str],
    records: Iterable[Record | tuple[Record, float]],
    model: AnswerModel = EVERYBODY,
    seed: int = 1,
) -> list[Event]:
    """Everything that happens; a record without a moment arrives at 0."""
    simulation = Simulation(agents, seed=seed, model=model)
    for each in records:
        arrived, at = each if isinstance(each, tuple) else (each, 0.0)
        simulation.add(arrived, at)
    return simulation.advance(math.inf)


def calls(events: Iterable[Event]) -> list[Call]:
    """Calls in the order in which they began."""
    return [event.call for event in events if isinstance(event, Began)]


def called(events: Iterable[Event]) -> list[int]:
    """Whose calls they were."""
    return [call.turn.record.id for call in calls(events)]


def states(events: Iterable[Event]) -> dict[int, list[State]]:
    """Every state that each record had after a call."""
    found: dict[int, list[State]] = {}
    for event in events:
        if isinstance(event, Ended):
            found.setdefault(event.call.turn.record.id, []).append(event.state)
    return found
