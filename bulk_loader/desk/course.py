"""A watch whose words can be read from another thread while they are said."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from bulk_loader.desk.pace import Pace
from bulk_loader.desk.stopwatch import Stopwatch
from bulk_loader.model import Status
from bulk_loader.reports.timeline import ANSWERED
from bulk_loader.runs.watch import Silent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bulk_loader.model import Source
    from bulk_loader.runs.watch import Watch
    from bulk_loader.sandbox import QueuedTask

MAX_NOTES = 50
"""Sentences that a page holds; the first tell how the run began."""


@dataclass(frozen=True, slots=True)
class Moment:
    """How far a run is.

    Attributes:
        leads: to be accounted for; 0 as long as nothing is sent.
        per_second: answers of each second since the sending began; pauses do not count.
        is_stopping: somebody wants it to end.
        is_paused: somebody wants it to wait.
        curve: the same, piece by piece.
        piece_s: how long each piece of the curve is.
    """

    run_id: str
    leads: int
    counts: Mapping[Status, int]
    notes: tuple[str, ...]
    per_second: float
    is_stopping: bool
    is_paused: bool
    curve: tuple[float, ...]
    piece_s: float

    @property
    def settled(self) -> int:
        """Leads whose fate is known."""
        return sum(self.counts.values())

    @property
    def left_s(self) -> float | None:
        """Seconds that it will go on for at this pace; None where that can't be told yet."""
        if not self.leads or self.per_second <= 0 or self.is_paused:
            return None
        return max(0, self.leads - self.settled) / self.per_second


@dataclass(slots=True)
class Course:
    """What a run says, kept for whoever looks; and the ways to stop it and to have it pause."""

    _run_id: str = ""
    _leads: int = 0
    _counts: Counter[Status] = field(default_factory=Counter)
    _notes: list[str] = field(default_factory=list)
    _pace: Pace = field(default_factory=Pace)
    _watch: Stopwatch = field(default_factory=Stopwatch)
    _stop: Callable[[], None] | None = None
    _pause: Callable[[], None] | None = None
    _go_on: Callable[[], None] | None = None
    _is_stopping: bool = False
    _is_paused: bool = False
    _lock: Lock = field(default_factory=Lock)
    _other: Watch = field(default_factory=Silent)

    def heard_by(self, other: Watch) -> None:
        """Pass on what is said from now on, such as to a log."""
        self._other = other

    @property
    def has_started(self) -> bool:
        """Leads are being sent, or were."""
        return self._leads > 0

    def moment(self) -> Moment:
        """How far it is now."""
        with self._lock:
            seconds = self._watch.seconds
            answered = sum(self._counts[status] for status in ANSWERED)
            return Moment(
                self._run_id,
                self._leads,
                {status: self._counts[status] for status in Status},
                tuple(self._notes),
                answered / seconds if seconds > 0 else 0.0,
                self._is_stopping,
                self._is_paused and not self._is_stopping,
                self._pace.per_second(seconds),
                self._pace.width_s,
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

    @property
    def wishes(self) -> tuple[bool, bool]:
        """What somebody wants of it now; cheap, so that it can be looked at often."""
        return self._is_stopping, self._is_paused

    def pause(self) -> None:
        """Begin nothing more for now; what is under way comes to its end."""
        with self._lock:
            if self._is_paused or self._is_stopping:
                return
            self._is_paused = True
            self._watch.pause()
            if self._pause is not None:
                self._pause()

    def go_on(self) -> None:
        """End the pause."""
        with self._lock:
            if not self._is_paused or self._is_stopping:
                return
            self._is_paused = False
            self._watch.go_on()
            if self._go_on is not None:
                self._go_on()

    def pausable(self, pause: Callable[[], None], go_on: Callable[[], None]) -> None:
        """Pause at once where somebody wanted it while the file was still being read."""
        with self._lock:
            self._pause, self._go_on = pause, go_on
            if self._is_paused:
                pause()

    def opened(self, source: Source) -> None:
        """Keep what was found out about the file."""
        for note in source.notes:
            self._keep(note)
        self._other.opened(source)

    def noted(self, sentence: str) -> None:
        """Keep it, if there are not too many."""
        self._keep(sentence)
        self._other.noted(sentence)

    def _keep(self, sentence: str) -> None:
        with self._lock:
            if len(self._notes) < MAX_NOTES:
                self._notes.append(sentence)

    def waited(self, sentence: str) -> None:
        """Only pass it on: the first one was noted."""
        self._other.waited(sentence)

    def began(self, run_id: str) -> None:
        """Keep the run's name."""
        with self._lock:
            self._run_id = run_id
        self._other.began(run_id)

    def started(self, leads: int) -> None:
        """Begin to count."""
        with self._lock:
            self._leads = leads
            self._watch.begin()
        self._other.started(leads)

    def settled(self, status: Status, count: int = 1) -> None:
        """Count."""
        with self._lock:
            self._counts[status] += count
            if status in ANSWERED:
                self._pace.add(self._watch.seconds, count)
        self._other.settled(status, count)

    def queued(self, queue: Sequence[QueuedTask]) -> None:
        """Keep how much a sandbox took."""
        tasks = "1 task" if len(queue) == 1 else f"{len(queue):,} tasks"
        self._keep(f"The sandbox's queue held {tasks}; it is gone with it.")
        self._other.queued(queue)
