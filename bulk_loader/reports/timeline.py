"""What was answered when, and how long it took: the course of a run, however long it is.

Time is counted while answers come. A run that was killed and gone on with days later has a break
there and not days of nothing.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import zip_longest
from typing import TYPE_CHECKING

from bulk_loader.model import Status
from bulk_loader.reports.sketch import Sketch

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_STRETCHES = 600
"""A chart on a wide screen shows no more; when there would be more, each two become one."""

MAX_SESSIONS = 100
"""Sessions whose beginning is kept: the first, and the newest."""

ANSWERED = (Status.ACCEPTED, Status.REJECTED, Status.UNKNOWN)
"""What an answer can make of a lead."""


@dataclass(slots=True)
class Stretch:
    """A piece of the course.

    Attributes:
        counts: answers by what they made of their lead.
        times: from each request to its answer, or until none was waited for any more.
    """

    counts: Counter[Status] = field(default_factory=Counter)
    times: Sketch = field(default_factory=Sketch)

    def take(self, other: Stretch) -> None:
        """Become both."""
        self.counts.update(other.counts)
        self.times.take(other.times)


@dataclass(frozen=True, slots=True)
class Session:
    """One process at work on the run.

    Attributes:
        at_s: where it begins in the course.
        began_at: when that was; UTC.
    """

    at_s: float
    began_at: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the course with its ends, in seconds of the course."""

    begin_s: float
    end_s: float
    stretch: Stretch

    @property
    def per_second(self) -> float:
        """Answers of each second."""
        return self.stretch.times.count / (self.end_s - self.begin_s)


@dataclass(slots=True)
class Timeline:
    """The course of a run in at most `MAX_STRETCHES` pieces of equal length.

    Attributes:
        width_s: of each stretch.
        sessions: by the time of their beginning.
    """

    width_s: float = 1.0
    stretches: list[Stretch] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)

    def begin(self, now: datetime) -> None:
        """A session begins, after all that was there before."""
        if len(self.sessions) == MAX_SESSIONS:
            del self.sessions[1]
        self.sessions.append(Session(self.length_s, now.astimezone(UTC)))

    def add(self, elapsed_s: float, status: Status, seconds: float) -> None:
        """Take in an answer of the session that began last.

        Args:
            elapsed_s: since that session began.
            seconds: that the answer took.
        """
        at_s = max(self.sessions[-1].at_s + elapsed_s, 0.0)
        while at_s >= self.width_s * MAX_STRETCHES:
            self._halve()
        index = int(at_s / self.width_s)
        while len(self.stretches) <= index:
            self.stretches.append(Stretch())
        stretch = self.stretches[index]
        stretch.counts[status] += 1
        stretch.times.add(seconds)

    @property
    def length_s(self) -> float:
        """Of the whole course."""
        return len(self.stretches) * self.width_s

    @property
    def total(self) -> Stretch:
        """All of it as one."""
        return merged(self.stretches)

    def spans(self, most: int) -> list[Span]:
        """The same in at most so many pieces of equal length, the last of which may be shorter."""
        size = max(1, math.ceil(len(self.stretches) / most))
        pieces = [self.stretches[at : at + size] for at in range(0, len(self.stretches), size)]
        return [
            Span(
                index * size * self.width_s,
                min((index + 1) * size * self.width_s, self.length_s),
                merged(piece),
            )
            for index, piece in enumerate(pieces)
        ]

    def _halve(self) -> None:
        self.width_s *= 2
        firsts, seconds = self.stretches[::2], self.stretches[1::2]
        pairs = zip_longest(firsts, seconds, fillvalue=Stretch())
        self.stretches = [merged(pair) for pair in pairs]


def merged(stretches: Iterable[Stretch]) -> Stretch:
    """Several as one."""
    whole = Stretch()
    for stretch in stretches:
        whole.take(stretch)
    return whole
