"""How fast leads were answered, in so few pieces that a page can hold them, however long it takes."""

from __future__ import annotations

MOST_PIECES = 120
"""A curve on a page shows no more; when there would be more, each two become one."""


class Pace:
    """Answers by the time of their coming.

    Attributes:
        width_s: of each piece.
    """

    def __init__(self) -> None:
        self.width_s = 1.0
        self._counts = [0]

    def add(self, at_s: float, count: int) -> None:
        """So many answers, so long after the beginning; fewer where the count is negative."""
        self._make_room(at_s)
        index = int(at_s / self.width_s)
        self._counts += [0] * (index + 1 - len(self._counts))
        self._counts[index] += count

    def per_second(self, until_s: float) -> tuple[float, ...]:
        """Of each piece that is over by then; those in which nothing came have 0."""
        self._make_room(until_s)
        over = int(until_s / self.width_s)
        counts = [*self._counts, *[0] * over][:over]
        return tuple(max(0, count) / self.width_s for count in counts)

    def _make_room(self, at_s: float) -> None:
        while at_s >= self.width_s * MOST_PIECES:
            self.width_s *= 2
            counts = self._counts
            self._counts = [sum(counts[at : at + 2]) for at in range(0, len(counts), 2)]
