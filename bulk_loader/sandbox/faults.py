"""Faults on purpose, for training: which task is refused, answered 500, cut off or put off."""

from __future__ import annotations

import random
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bulk_loader.sandbox.options import SandboxOptions

_BURST_S = 1.0  # what was not used of the rate is kept for so long


class Fault(Enum):
    """What happens to a good task on purpose."""

    NONE = "none"
    REFUSE = "refuse"
    ERROR = "error"
    CUT = "cut"


class Faults:
    """Throws the dice; equal seeds throw the same."""

    def __init__(self, options: SandboxOptions) -> None:
        self._options = options
        self._dice = random.Random(options.seed)  # noqa: S311 - no secret hangs on it
        # Dice of their own, so that whether a task is taken in spite of all moves no other fault.
        self._taking = random.Random(options.seed)  # noqa: S311 - as above

    def next(self) -> Fault:
        """What happens to the next good task."""
        options = self._options
        thrown = self._dice.uniform(0, 100)
        for fault, percent in (
            (Fault.REFUSE, options.fail_percent),
            (Fault.ERROR, options.error_percent),
            (Fault.CUT, options.drop_percent),
        ):
            if thrown < percent:
                return fault
            thrown -= percent
        return Fault.NONE

    def is_taken_all_the_same(self) -> bool:
        """A task without a clear answer stands in the queue: nobody can know, as with real ones."""
        return self._taking.random() < 0.5  # noqa: PLR2004 - as often as not


class Rate:
    """Tells which requests come too fast.

    Args:
        limit: a second; 0 for no limit.
    """

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._most = max(1.0, limit * _BURST_S)
        self._left = self._most
        self._at_s: float | None = None

    def is_over(self, now_s: float) -> bool:
        """One more request at this moment is too many; else it is counted."""
        if not self._limit:
            return False
        passed_s = 0.0 if self._at_s is None else now_s - self._at_s
        self._left = min(self._most, self._left + passed_s * self._limit)
        self._at_s = now_s
        if self._left < 1:
            return True
        self._left -= 1
        return False
