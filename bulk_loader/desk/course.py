"""A watch whose words can be read from another thread while they are said."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from bulk_loader.model import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bulk_loader.model import Source
    from bulk_loader.sandbox import QueuedTask

MAX_NOTES = 50
"""Sentences that a page holds; the first tell how the run began."""


@dataclass(frozen=True, slots=True)
class Moment:
    """How far a run is.

    Attributes:
        leads: to be accounted for; 0 as long as nothing is sent.
        per_second: leads settled since the sending began, a second of wall time.
        is_stopping: somebody wants it to end.
    """

    run_id: str
    leads: int
    counts: Mapping[Status, int]
    notes: tuple[str, ...]
    per_second: float
    is_stopping: bool

    @property
    def settled(self) -> int:
        """Leads whose fate is known."""
        return sum(self.counts.values())

    @property
    def left_s(self) -> float | None:
        """Seconds that it will go on for at this pace; None where that can't be told yet."""
        if not self.leads or self.per_second <= 0:
            return None
        return max(0, self.leads - self.settled) / self.per_second


@dataclass(slots=True)
class Course:
    """What a run says, kept for whoever looks; and the way to stop it."""

    _run_id: str = ""
    _leads: int = 0
    _counts: Counter[Status] = field(default_factory=Counter)
    _notes: list[str] = field(default_factory=list)
    _began_at: float = 0.0
    _stop: Callable[[], None] | None = None
    _is_stopping: bool = False
    _lock: Lock = field(default_factory=Lock)

    @property
    def has_started(self) -> bool:
        """Leads are being sent, or were."""
        return self._leads > 0

    def moment(self) -> Moment:
        """How far it is now."""
        with self._lock:
            seconds = time.monotonic() - self._began_at
            settled = sum(self._counts.values())
            return Moment(
                self._run_id,
                self._leads,
                {status: self._counts[status] for status in Status},
                tuple(self._notes),
                settled / seconds if self._leads and seconds > 0 else 0.0,
                self._is_stopping,
            )

    def stop(self) -> None:
        """End the sending gently; once is enough, so a second wish changes nothing."""
        with self._lock:
            if self._is_stopping:
                return
            self._is_stopping, stop = True, self._stop
        if stop is not None:
            stop()

    def stoppable(self, stop: Callable[[], None]) -> None:
        """Stop at once where somebody wanted it while the file was still being read."""
        with self._lock:
            self._stop, is_wanted = stop, self._is_stopping
        if is_wanted:
            stop()

    def opened(self, source: Source) -> None:
        """Keep what was found out about the file."""
        for note in source.notes:
            self.noted(note)

    def noted(self, sentence: str) -> None:
        """Keep it, if there are not too many."""
        with self._lock:
            if len(self._notes) < MAX_NOTES:
                self._notes.append(sentence)

    def waited(self, sentence: str) -> None:
        """Nothing: the first one was noted."""

    def began(self, run_id: str) -> None:
        """Keep the run's name."""
        with self._lock:
            self._run_id = run_id

    def started(self, leads: int) -> None:
        """Begin to count."""
        with self._lock:
            self._leads, self._began_at = leads, time.monotonic()

    def settled(self, status: Status, count: int = 1) -> None:
        """Count."""
        with self._lock:
            self._counts[status] += count

    def queued(self, queue: Sequence[QueuedTask]) -> None:
        """Keep how much a sandbox took."""
        tasks = "1 task" if len(queue) == 1 else f"{len(queue):,} tasks"
        self.noted(f"The sandbox's queue held {tasks}; it is gone with it.")
