"""Who waits, in order: for any agent, or for a certain one."""

from __future__ import annotations

from collections import defaultdict
from heapq import heappop, heappush
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulk_loader.simulation.values import Turn

_ANYBODY = ""  # as a record says it


class Lines:
    """Turns that are ready, in one line for all agents and one for each who was asked for."""

    def __init__(self) -> None:
        self._lines: defaultdict[str, list[tuple[tuple[float, int], Turn]]] = defaultdict(list)

    def __iter__(self) -> Iterator[Turn]:
        """Everybody, in no certain order."""
        return (turn for line in self._lines.values() for _, turn in line)

    def join(self, turn: Turn) -> None:
        """Stand behind those who came before."""
        heappush(self._lines[turn.record.agent], (turn.order, turn))

    def next_for(self, agent: str) -> Turn | None:
        """Whoever is the first of those whom this agent may call, and waits no longer."""
        lines = [self._lines[name] for name in (_ANYBODY, agent) if self._lines.get(name)]
        if not lines:
            return None
        _, turn = heappop(min(lines, key=lambda line: line[0][0]))
        return turn
