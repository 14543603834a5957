"""A watch for how long something is at work, which stands still while it pauses."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Stopwatch:
    """Counts seconds of work.

    Args:
        clock: seconds of any beginning.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._counted_s = 0.0
        self._since: float | None = None
        self._is_begun = False
        self._is_paused = False

    @property
    def seconds(self) -> float:
        """Of work until now."""
        return self._counted_s + (0.0 if self._since is None else self._clock() - self._since)

    def begin(self) -> None:
        """The work begins, or will with the end of a pause that somebody wanted before."""
        self._is_begun = True
        self._go()

    def pause(self) -> None:
        """Stand still."""
        self._counted_s, self._since, self._is_paused = self.seconds, None, True

    def go_on(self) -> None:
        """Count again."""
        self._is_paused = False
        self._go()

    def _go(self) -> None:
        if self._is_begun and not self._is_paused and self._since is None:
            self._since = self._clock()
