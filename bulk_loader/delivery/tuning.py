"""Finds a good number of requests at once for a dialer whose limits nobody knows.

The method is the gradient limit that Netflix published as `concurrency-limits` (Gradient2): as long
as answers come about as fast as usual, the limit grows by the square root of itself; as they get
slower, it shrinks in proportion, since what is slower only stands in a queue of the server.
"""

from __future__ import annotations

from math import inf, sqrt

FIRST_LIMIT = 4
"""Few enough for any dialer to begin with."""

MOST = 64
"""Never more: what a web server with default settings serves at once is of this order."""

# Answers that take a quarter longer than the best are still as fast as usual: they scatter.
TOLERANCE = 1.25
# How much of a new estimate counts; a single slow answer must not halve the speed.
SMOOTHING = 0.2
# After so many rounds the best is measured anew with half as many requests, so that a dialer that
# has become slower or faster for good is judged by what it can do now.
ROUNDS_TO_PROBE = 100
# Below this a clock tells nothing of the dialer.
SHORTEST_S = 1e-6
# One round of judging has as many answers as requests were allowed, and at least these.
SHORTEST_ROUND = 10


class ConcurrencyTuner:
    """Judges the times of answers, round by round."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._limit = float(min(FIRST_LIMIT, most))
        self._best_s = inf
        self._rounds = 0
        self._round_s = 0.0
        self._in_round = 0
        self._was_full = False

    @property
    def limit(self) -> int:
        """Requests that should be under way at once, at the most."""
        return int(self._limit)

    def answered(self, seconds: float, under_way: int) -> bool:
        """Take in one answer.

        Args:
            seconds: from the start of the request to its answer.
            under_way: requests at that moment, this one included.

        Returns:
            True where the limit may have changed.
        """
        self._round_s += seconds
        self._in_round += 1
        self._was_full = self._was_full or under_way >= self.limit
        if self._in_round < max(SHORTEST_ROUND, self.limit):
            return False
        self._judge(max(self._round_s / self._in_round, SHORTEST_S))
        self._round_s, self._in_round, self._was_full = 0.0, 0, False
        return True

    def pushed_back(self) -> None:
        """The dialer said that it is too much: 429, 503 and the like."""
        self._limit = max(1.0, self._limit / 2)
        self._round_s, self._in_round = 0.0, 0

    def _judge(self, mean_s: float) -> None:
        self._best_s = min(self._best_s, mean_s)
        if not self._was_full:
            return  # fewer were wanted than allowed, so nothing was learned
        self._rounds += 1
        if self._rounds % ROUNDS_TO_PROBE == 0:
            self._best_s = inf
            self._limit = max(1.0, self._limit / 2)
            return
        gradient = min(1.0, max(0.5, TOLERANCE * self._best_s / mean_s))
        wanted = self._limit * gradient + sqrt(self._limit)
        smoothed = self._limit + (wanted - self._limit) * SMOOTHING
        self._limit = min(float(self._most), max(1.0, smoothed))
