"""The same campaign and destination twice in one file, found in little memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


class Place(NamedTuple):
    """Where a lead stands among those like it.

    Attributes:
        first_row: row of the first lead with this contact; None where this one is the first.
        occurrence: how many equal tasks stand before it.
    """

    first_row: int | None
    occurrence: int


class SeenLeads:
    """Remembers the contacts of all leads so far: 24 bytes a contact, however long the file.

    The contacts lie in a few sorted arrays. A batch is one more array, and two arrays are merged
    while the last is at least half as long as the one before it, so that there are never more of
    them than the logarithm of the number of contacts.
    """

    def __init__(self) -> None:
        self._levels: list[NDArray[np.void]] = []
        # Equal tasks have equal contacts, so only leads whose contact was seen are counted here.
        self._repeats: dict[int, int] = {}

    def places(
        self, contacts: Sequence[int], tasks: Sequence[int], rows: Sequence[int]
    ) -> list[Place]:
        """Where each of some consecutive leads stands; they are remembered from now on.

        Args:
            contacts: 64-bit keys of campaign and destination.
            tasks: 64-bit keys of the whole task, in the same order.
            rows: row numbers, in the same order.
        """
        known = self._look_up(contacts)
        first_of: dict[int, tuple[int, int]] = {}
        result: list[Place] = []
        for contact, task, row, earlier in zip(contacts, tasks, rows, known, strict=True):
            first = earlier or first_of.get(contact)
            if first is None:
                first_of[contact] = (row, task)
                result.append(Place(None, 0))
            else:
                result.append(Place(first[0], self._count(task, first[1])))
        self._add(first_of)
        return result

    def _count(self, task: int, first_task: int) -> int:
        repeats = self._repeats.get(task, 0)
        self._repeats[task] = repeats + 1
        return repeats + (task == first_task)

    def _look_up(self, contacts: Sequence[int]) -> list[tuple[int, int] | None]:
        wanted = np.fromiter(contacts, dtype=np.int64, count=len(contacts))
        found: list[tuple[int, int] | None] = [None] * len(contacts)
        for level in self._levels:
            places = np.minimum(level["contact"].searchsorted(wanted), len(level) - 1)
            for hit in np.flatnonzero(level["contact"][places] == wanted).tolist():
                entry = level[places[hit]]
                found[hit] = (int(entry["row"]), int(entry["task"]))
        return found

    def _add(self, new: dict[int, tuple[int, int]]) -> None:
        if not new:
            return
        entries = ((contact, row, task) for contact, (row, task) in new.items())
        level = np.fromiter(entries, dtype=_ENTRY, count=len(new))
        while self._levels and 2 * len(level) >= len(self._levels[-1]):
            level = np.concatenate((self._levels.pop(), level))
        self._levels.append(level[np.argsort(level["contact"], kind="stable")])


_ENTRY = np.dtype([("contact", np.int64), ("row", np.int64), ("task", np.int64)])


def is_among(keys: Sequence[int], known: NDArray[np.int64]) -> list[bool]:
    """For each key whether it stands in `known`, which is sorted."""
    if not len(known) or not keys:
        return [False] * len(keys)
    wanted = np.fromiter(keys, dtype=np.int64, count=len(keys))
    places = np.minimum(known.searchsorted(wanted), len(known) - 1)
    hits: list[bool] = (known[places] == wanted).tolist()
    return hits
