"""How often a password may be guessed: by one asker, and by all who were never let in."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_ASKERS: Final = 10_000  # some megabytes; the one that has been quiet for longest is forgotten
ASKER_BACK_S: Final = 20.0
ALL_BACK_S: Final = 3.0  # so a day has 28,800 guesses at most, of 15 letters or more
_ROUNDING = 1e-6


@dataclass(slots=True)
class _Bucket:
    """Guesses that are left, and how fast they come back."""

    most: int
    back_s: float
    left: float
    at: float

    def wait_s(self, now: float) -> float:
        """Until the next guess; 0 where it is free now."""
        self.left = min(self.most, self.left + (now - self.at) / self.back_s)
        self.at = now
        return 0.0 if self.left > 1 - _ROUNDING else (1 - self.left) * self.back_s


class Guesses:
    """Counts guesses; nobody is ever locked out, but everybody may have to wait.

    A person mistypes some times in a row. A stranger behind a thousand addresses makes strangers
    wait for each other; a browser that was let in before (`is_known`) only ever waits for itself.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._askers: OrderedDict[str, _Bucket] = OrderedDict()
        self._strangers = _Bucket(most=30, back_s=ALL_BACK_S, left=30, at=clock())
        self._lock = Lock()

    def take(self, asker: str, *, is_known: bool) -> float:
        """Take one guess; otherwise the seconds until there is one.

        Args:
            asker: an address or a browser, as what it guesses is counted.
        """
        with self._lock:
            now = self._clock()
            buckets = [self._of(asker, now)] + ([] if is_known else [self._strangers])
            wait_s = max(bucket.wait_s(now) for bucket in buckets)
            if not wait_s:
                for bucket in buckets:
                    bucket.left -= 1
            return wait_s

    def forgive(self, asker: str, *, is_known: bool) -> None:
        """Give a guess back, since it was right or nobody has looked at it."""
        with self._lock:
            now = self._clock()
            for bucket in [self._of(asker, now)] + ([] if is_known else [self._strangers]):
                bucket.left += 1

    def _of(self, asker: str, now: float) -> _Bucket:
        new = _Bucket(most=5, back_s=ASKER_BACK_S, left=5, at=now)
        bucket = self._askers[asker] = self._askers.pop(asker, new)
        while len(self._askers) > MAX_ASKERS:
            self._askers.popitem(last=False)
        return bucket
