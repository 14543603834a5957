"""Finds a good number of requests at once for a dialer whose limits nobody knows.

A dialer shows in two ways that it is asked for too much, and each has its answer.

It gets slower, because requests stand in its queue. From then on the limit goes the way of the
gradient that Netflix published as `concurrency-limits` (Gradient2): as long as answers come about
as fast as usual, it grows by the square root of itself, and as they get slower, it shrinks in
proportion.

It refuses. Then the limit goes back to what the dialer took before, and the number that was refused
is remembered as the bound, as TCP does: half of the distance to it is gone at a time (the binary
search of BIC), the limit stays right below it for long (the plateau of CUBIC, RFC 9438), and only
then goes beyond, by 1, 2, 4, …, so that what was true once is forgotten where it is true no more.

Until the first of both the limit doubles with every round of answers (slow start, RFC 5681). Only
requests that began after a change of the limit tell something of it, so those that were refused
together count once.
"""

from __future__ import annotations

from math import inf, sqrt

FIRST_LIMIT = 4
"""Few enough for any dialer to begin with."""

MOST = 64
"""Never more: what a web server with default settings serves at once is of this order."""

# Answers that take a fifth longer than the best are still as fast as usual: they scatter.
TOLERANCE = 1.2
# How much of a new estimate counts: a single slow round must not halve the speed, and a single fast
# one must not become the best that all others are held against.
SMOOTHING = 0.2
# After so many slow rounds the best is measured anew with half as many requests, so that a dialer
# that has become slower for good is judged by what it can do now.
SLOW_ROUNDS = 50
# What remains of a limit that was good and is refused now (CUBIC's beta).
DECREASE = 0.7
# Rounds right below the bound before one beyond it is tried. Where that is refused at once, the next
# time takes twice as many, up to the most: a limit that stands firm is not run into for ever.
PATIENCE = 10
MOST_PATIENCE = 160
# Below this a clock tells nothing of the dialer.
SHORTEST_S = 1e-6
# One round of judging has as many answers as requests were allowed, but rather these: even of times
# that scatter as exponential ones do, the mean of so many tells something. With one or two at once
# it would take too long, and four times as many must do.
USUAL_ROUND = 16
ANSWERS_EACH = 4


class ConcurrencyTuner:
    """Judges the times of answers, round by round.

    All moments are of one clock, in seconds. `under_way` are the requests at that moment, the one
    that has just ended included.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = float(most)
        self._limit = float(min(FIRST_LIMIT, most))
        self._bound = self._most
        self._stride = 1
        self._patience = PATIENCE
        self._rounds_at_bound = 0
        # What the last whole round was taken at; 0 where it was refused since.
        self._proven = 0
        self._is_searching = True
        self._best_s = inf
        self._slow_rounds = 0
        # What was found before it is measured anew; 0 while nothing is.
        self._found_before = 0
        self._changed_at = -inf
        self._cut_at = -inf
        self._typical_s: float | None = None
        self._round_s = 0.0
        self._in_round = 0
        self._was_full = False

    @property
    def limit(self) -> int:
        """Requests that should be under way at once, at the most."""
        return int(self._limit)

    @property
    def found(self) -> int:
        """The limit that is good as far as is known: not the half that measures the best anew."""
        return max(self.limit, self._found_before)

    @property
    def answers_to_judge(self) -> int:
        """How many answers one round has."""
        return max(self.limit, min(USUAL_ROUND, ANSWERS_EACH * self.limit))

    @property
    def typical_s(self) -> float | None:
        """What an answer has taken of late, smoothed; None before the first round is over."""
        return self._typical_s

    def answered(self, began_at: float, now: float, under_way: int) -> bool:
        """Take in one answer; True where the limit changed."""
        if began_at < self._changed_at:
            return False
        self._round_s += now - began_at
        self._in_round += 1
        self._was_full = self._was_full or under_way >= self.limit
        if self._in_round < self.answers_to_judge:
            return False
        before = self.limit
        self._judge(now)
        self._begin_round()
        return self.limit != before

    def refused(self, began_at: float, now: float, under_way: int) -> bool:
        """The dialer took nothing and said that it is too much: 429 and the like.

        Returns:
            True where the limit was cut for it; False where the request began before the last cut.
        """
        if began_at <= self._cut_at:
            return False
        was_step = 0 < self._proven < self.limit
        if not was_step:
            self._patience = PATIENCE
        elif self._stride > 1:
            self._patience = min(2 * self._patience, MOST_PATIENCE)
        self._bound = max(1.0, min(self.limit, under_way) - 1.0)
        self._stride, self._rounds_at_bound = 1, 0
        self._is_searching = True
        self._cut(min(self._proven if was_step else self._limit * DECREASE, self._bound), now)
        return True

    def failed(self, began_at: float, now: float) -> bool:
        """The dialer failed, which says that it is too much as often as not.

        It may be the lead's fault too, so no bound is remembered.

        Returns:
            True where the limit was cut for it; False where the request began before the last cut.
        """
        if began_at <= self._cut_at:
            return False
        self._is_searching = False
        self._cut(self._limit / 2, now)
        return True

    def _begin_round(self) -> None:
        self._round_s, self._in_round, self._was_full = 0.0, 0, False

    def _cut(self, limit: float, now: float) -> None:
        self._cut_at = now
        self._proven = self._found_before = 0
        self._move(limit, now)
        self._begin_round()

    def _move(self, limit: float, now: float) -> None:
        before, self._limit = self.limit, max(1.0, limit)
        if self.limit != before:
            self._changed_at = now

    def _judge(self, now: float) -> None:
        mean_s = max(self._round_s / self._in_round, SHORTEST_S)
        if self._typical_s is None or self._best_s == inf:
            self._typical_s = mean_s
        self._typical_s += (mean_s - self._typical_s) * SMOOTHING
        self._best_s = min(self._best_s, self._typical_s)
        if not self._was_full:
            return  # fewer were wanted than allowed, so nothing was learned
        self._proven = self.limit
        gradient = min(1.0, max(0.5, TOLERANCE * self._best_s / mean_s))
        self._slow_rounds += gradient < 1.0
        if self._slow_rounds >= SLOW_ROUNDS:
            self._measure_anew(now)
            return
        if self._is_searching and gradient == 1.0:
            wanted = self._leap()
        else:
            wanted = self._step(gradient)
            self._is_searching, self._found_before = False, 0
        if wanted >= self._bound:
            self._stay_at_bound()
        self._move(min(wanted, self._bound), now)

    def _measure_anew(self, now: float) -> None:
        self._best_s, self._slow_rounds = inf, 0
        self._is_searching, self._found_before = True, self.limit
        self._move(self._limit / 2, now)

    def _leap(self) -> float:
        """Twice the limit, or half of the way to a bound that is remembered."""
        twice = self._limit * 2
        if self._bound == self._most:
            return twice
        return min(twice, self._limit + max(1.0, (self._bound - self._limit) / 2))

    def _step(self, gradient: float) -> float:
        """The gradient's way; what the search leapt too far is taken back at once."""
        wanted = self._limit * gradient + sqrt(self._limit)
        if gradient == 1.0 or self._is_searching:
            return wanted
        return self._limit + (wanted - self._limit) * SMOOTHING

    def _stay_at_bound(self) -> None:
        """Move the bound after a while, by twice as much each time that this goes well."""
        self._rounds_at_bound += 1
        if self._stride > 1:
            self._patience = PATIENCE  # it was taken beyond the old bound
        if self._rounds_at_bound >= self._patience and self._bound < self._most:
            self._bound = min(self._most, self._bound + self._stride)
            self._stride, self._rounds_at_bound = 2 * self._stride, 0
