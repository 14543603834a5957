"""Time, as a job sees it: a seam, so that no test waits."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What the time is, and how it passes."""

    def now(self) -> datetime:
        """Aware, UTC; may jump whenever somebody sets it."""

    def monotonic(self) -> float:
        """Seconds since some moment; never jumps."""

    def sleep(self, seconds: float) -> None:
        """Let so much time pass; an interrupt ends it at once."""


class SystemClock:
    """That of the machine."""

    def now(self) -> datetime:
        """As the system says it."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """As the system says it."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)
