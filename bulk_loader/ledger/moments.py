"""Moments by number, of millions of numbers in little memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

# So many wait in a dictionary before they are sorted in; more of them the more there are.
_FEW = 50_000


class Moments:
    """When something happened to each number, in seconds since 1970; 16 bytes a moment."""

    def __init__(self) -> None:
        self._numbers = np.empty(0, np.int64)
        self._moments = np.empty(0, np.int64)
        self._new: dict[int, list[int]] = {}

    def add(self, number: int, at: int) -> None:
        """One more moment of this number."""
        self._new.setdefault(number, []).append(at)
        if len(self._new) > max(_FEW, len(self._numbers) // 4):
            self._sort_in()

    def of(self, number: int) -> Sequence[int]:
        """The moments of this number, in no order."""
        new = self._new.get(number, ())
        if not len(self._numbers):
            return new
        start = int(self._numbers.searchsorted(number, "left"))
        end = int(self._numbers.searchsorted(number, "right"))
        return [*self._moments[start:end].tolist(), *new]

    def _sort_in(self) -> None:
        pairs = [(number, at) for number, moments in self._new.items() for at in moments]
        new = np.array(pairs, np.int64)
        numbers = np.concatenate([self._numbers, new[:, 0]])
        order = numbers.argsort(kind="stable")
        self._numbers = numbers[order]
        self._moments = np.concatenate([self._moments, new[:, 1]])[order]
        self._new = {}
