"""The course of a run, kept in the ledger while leads are sent."""

from __future__ import annotations

import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from bulk_loader.errors import LedgerError
from bulk_loader.reports.timeline_bytes import from_bytes, to_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bulk_loader.delivery import RunLedger, Sender
    from bulk_loader.dialer.answers import Answer
    from bulk_loader.ledger import LeadKey, Ledger, RunRecord, Withheld
    from bulk_loader.model import Outcome, Status
    from bulk_loader.reports.timeline import Timeline

# What a kill loses of the course; of the leads it loses nothing.
INTERVAL_S = 10.0

# Answers are taken in together, since the thread that does it keeps the event loop from going on.
TAKEN_TOGETHER = 1000

_Answered: TypeAlias = "tuple[float, float, Status]"
"""When a request began and when its answer was there, by the monotonic clock; what it made."""


@dataclass(slots=True)
class TimedSender:
    """Sends as another does, and tells how long each answer took.

    Args:
        answered: is told of each answer.
    """

    sender: Sender
    answered: Callable[[_Answered], None]

    async def send(self, body: bytes, doubt: Callable[[], None] | None = None) -> Answer:
        """As `Sender.send`."""
        began_at = time.monotonic()
        answer = await self.sender.send(body, doubt)
        self.answered((began_at, time.monotonic(), answer.status))
        return answer


@dataclass(slots=True)
class TimedRun:
    """A run in the ledger that also keeps its course there, every `INTERVAL_S`.

    Answers are put down in the event loop and taken in where the ledger is written, by one thread
    at a time.

    Args:
        keep: makes the course durable; it may raise LedgerError, which changes nothing about the
            leads.
    """

    run: RunLedger
    keep: Callable[[bytes], None]
    timeline: Timeline
    _answers: deque[_Answered | None] = field(default_factory=deque)
    _began_at: float | None = None
    _is_begun: bool = False
    _kept_at: float = field(default_factory=time.monotonic)

    @classmethod
    def of(cls, run: RunLedger, ledger: Ledger, record: RunRecord) -> TimedRun:
        """A run whose course goes on where it stands, or where that of the run before it does."""
        timeline = from_bytes(ledger.timelines.newest_of(ledger.runs.chain(record)))
        return cls(run, lambda content: ledger.timelines.keep(record, content), timeline)

    def timed(self, sender: Sender) -> TimedSender:
        """A sender whose answers become part of the course."""
        return TimedSender(sender, self._answers.append)

    def commit(
        self,
        outcomes: Sequence[Outcome],
        intents: Sequence[tuple[int, LeadKey]] = (),
        decisions: Sequence[tuple[Outcome, LeadKey | None]] = (),
    ) -> Withheld:
        """As `OpenRun.commit`."""
        withheld = self.run.commit(outcomes, intents, decisions)
        is_due = time.monotonic() - self._kept_at > INTERVAL_S
        if is_due or len(self._answers) >= TAKEN_TOGETHER:
            self._take_in()
        if is_due and self._is_begun:
            self._keep()
        return withheld

    def rested(self) -> None:
        """A pause is over; what follows is another session of the course, which has no pauses."""
        self._answers.append(None)

    def finish(self) -> None:
        """Keep all of it, once nothing is sent any more."""
        self._take_in()
        if self._is_begun:
            self._keep()

    def _take_in(self) -> None:
        while self._answers:
            answered = self._answers.popleft()
            if answered is None:
                self._began_at = None
                continue
            began_at, ended_at, status = answered
            if self._began_at is None:
                # A session in which nothing is answered, such as each of a night without a
                # dialer, is no part of the course.
                self._began_at, self._is_begun = began_at, True
                self.timeline.begin(datetime.now(UTC))
            self.timeline.add(ended_at - self._began_at, status, ended_at - began_at)

    def _keep(self) -> None:
        self._kept_at = time.monotonic()
        with suppress(LedgerError):
            self.keep(to_bytes(self.timeline))
