"""Whether a file is complete: its size and time stay the same for a while, and nobody writes it.

Its time is only compared with itself, never with the clock of this machine: a copying program may
set it, the server of a network share has a clock of its own, and clocks jump.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulk_loader.jobs.open_files import written_now

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulk_loader.jobs.clock import Clock
    from bulk_loader.jobs.inbox import Candidate, Inbox

POLL_S = 2.0
"""Seconds between two looks; a look at ten thousand files takes a tenth of one."""

PATIENCE = 20
"""How many times the time of rest one run waits for files that are still being written."""


@dataclass(frozen=True, slots=True)
class Rested:
    """Candidates of one moment, told apart; both in the order of their time."""

    ready: tuple[Candidate, ...] = ()
    restless: tuple[Candidate, ...] = ()


@dataclass(slots=True)
class Resting:
    """Remembers since when each file has not changed.

    Args:
        settle_s: how long that must be.
        written: gives the files that are open for writing.
    """

    settle_s: float
    written: Callable[[], frozenset[tuple[int, int]]] = written_now
    _since: dict[Path, tuple[Candidate, float]] = field(default_factory=dict)

    def sort(self, inbox: Inbox, at: float) -> Rested:
        """Tell apart what may be taken.

        Args:
            at: seconds of a clock that never jumps.
        """
        # Whoever is gone and comes back begins anew.
        known, self._since = self._since, {}
        for found in inbox.candidates:
            before, since = known.get(found.path, (None, at))
            self._since[found.path] = (found, since if before == found else at)
        still = [
            each for each in inbox.candidates if at - self._since[each.path][1] >= self.settle_s
        ]
        open_now = self.written() if still else frozenset()
        ready = tuple(each for each in still if each.inode not in open_now)
        taken = {each.path for each in ready}
        restless = tuple(each for each in inbox.candidates if each.path not in taken)
        return Rested(ready, restless)


def wait_for_rest(
    look: Callable[[], Inbox], resting: Resting, clock: Clock
) -> tuple[Rested, Inbox]:
    """Look until all files rest, or for so long that one must be broken; and what was seen last."""
    ends_at = clock.monotonic() + PATIENCE * resting.settle_s
    while True:
        inbox = look()
        rested = resting.sort(inbox, clock.monotonic())
        if not rested.restless or clock.monotonic() >= ends_at:
            return rested, inbox
        clock.sleep(min(POLL_S, resting.settle_s))
