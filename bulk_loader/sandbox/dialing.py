"""Dials the queue: moves the simulation beside the dialer's clock, and keeps what happens."""

from __future__ import annotations

import sqlite3
import threading
import time
from typing import TYPE_CHECKING

from bulk_loader.sandbox.call_book import CallBook
from bulk_loader.sandbox.clock import Clock, read_moment
from bulk_loader.simulation import Record, Simulation

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.sandbox.options import SandboxOptions
    from bulk_loader.sandbox.store import QueuedTask, Store
    from bulk_loader.simulation import Turn

STEP_S = 0.1  # between two looks at the queue: feels instant, and costs nothing
# Tasks that join in one step: what arrives meanwhile waits no longer than it takes to write these.
MOST_JOINED = 1000


class Dialing:
    """Agents who call whoever is in the queue; without any, nobody is called.

    The taking of tasks knows nothing of it: this looks into the queue for those that are new.

    Args:
        announce: is told, as one line, what stops it.
        time_s: seconds since 1970.

    Attributes:
        now: by the dialer's clock; everything up to it has happened and is kept.
    """

    def __init__(
        self,
        options: SandboxOptions,
        store: Store,
        announce: Callable[[str], None],
        time_s: Callable[[], float] = time.time,
    ) -> None:
        self.agents = options.agents
        self.book = CallBook(store.database)
        self._store = store
        self._announce = announce
        self._time_s = time_s
        real_s, kept_s = time_s(), self.book.now()
        # A fast clock is ahead of the day, and goes on from there; a slow one is put right.
        self.now = self._began_at = real_s if kept_s is None else max(real_s, kept_s)
        self.clock = Clock(options.speed, real_s, self._began_at)
        stood_at = self._began_at if kept_s is None else kept_s
        self._simulation = Simulation(
            options.agents,
            seed=options.seed,
            resumed=self.book.snapshot(stood_at, options.agents, off_until=self._began_at),
        )
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sandbox dialing", daemon=True)

    def start(self) -> None:
        """Begin to dial, beside what this thread does."""
        if self.agents:
            self._thread.start()

    def stop(self) -> None:
        """End after the step that is under way; what it has done is kept. Once is enough."""
        self._end.set()
        if self._thread.is_alive():
            self._thread.join()

    def is_ending(self) -> bool:
        """It has been told to stop."""
        return self._end.is_set()

    def step(self) -> None:
        """Take in who is new, let happen what is due, and keep it.

        Raises:
            sqlite3.Error: nothing of this step is kept, and this dialing can't go on.
        """
        now = max(self.now, self.clock.at(self._time_s()))
        new = self._store.after(self.book.joined, MOST_JOINED)
        joined = [self._join(queued, now) for queued in new]
        events = self._simulation.advance(now)
        if joined or events:
            self.book.write(joined, events, now)
        self.now = now

    def _run(self) -> None:
        try:
            while not self._end.wait(STEP_S):
                self.step()
            self.book.write([], [], self.now)
        except sqlite3.Error as error:
            self._announce(f"Nobody is called any more: the calls can't be written: {error}")

    def _join(self, queued: QueuedTask, now: float) -> Turn:
        arrived_at = self.clock.at(queued.received_at.timestamp())
        earliest = max(self._began_at, self._simulation.now)
        return self._simulation.add(_record(queued), min(max(arrived_at, earliest), now))


def _record(queued: QueuedTask) -> Record:
    task = queued.task
    return Record(
        id=queued.id,
        campaign=task.campaign,
        destination=task.destination,
        alternatives=task.alternatives,
        agent=task.agent.strip(),
        due_at=read_moment(task.calldate),
    )
