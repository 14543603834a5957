"""How fast all machines together send to one dialer, and when they pause because it asked for it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from threading import Lock

AHEAD_S = 1.0
"""Leads are let through so long before their time, so that no request waits for the database."""


@dataclass(slots=True)
class Pace:
    """What one run keeps to, and what it has to tell the others.

    Attributes:
        rate: leads a second; None for no limit.
    """

    rate: float | None = None
    _paused_until: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def slow_down(self, pause_s: float) -> None:
        """The dialer asked for a pause, which the others learn by the next group."""
        with self._lock:
            self._paused_until = max(self._paused_until, time.monotonic() + pause_s)

    @property
    def pause_s(self) -> float:
        """How long the pause goes on that the dialer asked this run for; 0 for none."""
        return max(0.0, self._paused_until - time.monotonic())
