"""Quantiles of a stream in bounded memory: a histogram whose bins grow with what they hold."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

RELATIVE_ERROR = 0.05
"""A quantile is off by no more than this part of its true value."""

# Source for bins and estimate: Masson, Rim, Lee, "DDSketch" (2019), section 2.1.
_GROWTH = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR)
_LOG_GROWTH = math.log(_GROWTH)

SHORTEST_S, LONGEST_S = 1e-4, 3600.0
"""What is shorter or longer counts as this; no answer of a network is."""

MAX_BINS = 1 + math.ceil(math.log(LONGEST_S / SHORTEST_S) / _LOG_GROWTH)
"""Bins that there can be, however much is added."""


@dataclass(slots=True)
class Sketch:
    """Lengths of time, each known as one of its bin."""

    bins: Counter[int] = field(default_factory=Counter)

    def add(self, seconds: float) -> None:
        """Take one in."""
        within = min(max(seconds, SHORTEST_S), LONGEST_S)
        self.bins[math.ceil(math.log(within / SHORTEST_S) / _LOG_GROWTH)] += 1

    def take(self, other: Sketch) -> None:
        """Take all of another in, as if each had been added here."""
        self.bins.update(other.bins)

    @property
    def count(self) -> int:
        """How many were taken in."""
        return self.bins.total()

    def quantile(self, part: float) -> float | None:
        """The length in seconds that this part of them does not exceed; None of nothing.

        Args:
            part: from 0 to 1, such as 0.95.
        """
        rank = part * (self.count - 1)
        passed = 0
        for number, count in sorted(self.bins.items()):
            passed += count
            if passed > rank:
                return _middle_of(number)
        return None


def _middle_of(number: int) -> float:
    """What is off by the same part from both ends of a bin."""
    return SHORTEST_S * 2 * _GROWTH**number / (_GROWTH + 1)


def sketch_of(bins: Mapping[int, int]) -> Sketch:
    """A sketch by the numbers of its bins; what is beyond them counts as their end."""
    sketch = Sketch()
    for number, count in bins.items():
        sketch.bins[min(max(number, 0), MAX_BINS - 1)] += count
    return sketch
