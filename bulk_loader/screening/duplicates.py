"""The same campaign and destination twice in one file, found in little memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

# With more of its slots taken, an open hash table needs ever more looks for a key.
_MOST_TAKEN = 0.8
_FEWEST_SLOTS = 1024


class Repetition(NamedTuple):
    """What a lead repeats of those before it.

    Attributes:
        first_row: row of the first lead with this contact; None where this one is the first.
        occurrence: how many equal tasks stand before it.
    """

    first_row: int | None
    occurrence: int


class SeenLeads:
    """Remembers the contacts of all leads so far, in 20 bytes a lead.

    Args:
        leads: that will be seen, as far as that is known; for more of them the memory grows.
    """

    def __init__(self, leads: int = 0) -> None:
        self._firsts = _Table(leads)
        # Equal tasks have equal contacts, so only leads whose contact was seen are counted here.
        self._repeats: dict[int, int] = {}

    def repetitions(
        self, contacts: Sequence[int], tasks: Sequence[int], rows: Sequence[int]
    ) -> list[Repetition]:
        """What each of some consecutive leads repeats; they are remembered from now on.

        Args:
            contacts: 64-bit keys of campaign and destination.
            tasks: 64-bit keys of the whole task, in the same order.
            rows: row numbers from 1, in the same order.
        """
        known = self._firsts.look_up(contacts)
        first_of: dict[int, tuple[int, int]] = {}
        result: list[Repetition] = []
        for contact, task, row, earlier in zip(contacts, tasks, rows, known, strict=True):
            first = earlier or first_of.get(contact)
            if first is None:
                first_of[contact] = (row, _shortened(task))
                result.append(Repetition(None, 0))
            else:
                result.append(Repetition(first[0], self._count(task, first[1])))
        self._firsts.add(first_of)
        return result

    def _count(self, task: int, first_task: int) -> int:
        repeats = self._repeats.get(task, 0)
        self._repeats[task] = repeats + 1
        return repeats + (_shortened(task) == first_task)


def _shortened(task: int) -> int:
    """32 bits of a task's key: enough to tell it from another task with the same contact."""
    return task & 0xFFFF_FFFF


class _Table:
    """Row and shortened task by contact: a hash table with open addressing, in three arrays.

    The keys are hashes, so they are their own hash values. An empty slot has row 0.
    """

    def __init__(self, expected: int) -> None:
        self._taken = 0
        self._make_slots(expected)

    def _make_slots(self, expected: int) -> None:
        slots = max(_FEWEST_SLOTS, int(expected / _MOST_TAKEN) + 1)
        self._contacts = np.zeros(slots, np.int64)
        self._rows = np.zeros(slots, np.uint32)
        self._tasks = np.zeros(slots, np.uint32)

    def look_up(self, contacts: Sequence[int]) -> list[tuple[int, int] | None]:
        """Row and task of each contact that was added."""
        found: list[tuple[int, int] | None] = [None] * len(contacts)
        wanted = np.fromiter(contacts, np.int64, len(contacts))
        indices = np.arange(len(contacts))
        slots = self._first_slots(wanted)
        while len(indices):
            rows = self._rows[slots]
            is_hit = (self._contacts[slots] == wanted[indices]) & (rows > 0)
            hits = slots[is_hit]
            entries = zip(self._rows[hits].tolist(), self._tasks[hits].tolist(), strict=True)
            for index, entry in zip(indices[is_hit].tolist(), entries, strict=True):
                found[index] = entry
            goes_on = ~is_hit & (rows > 0)
            indices, slots = indices[goes_on], self._next_slots(slots[goes_on])
        return found

    def add(self, new: dict[int, tuple[int, int]]) -> None:
        """Add contacts that are not there yet, each with a row of its own."""
        self._taken += len(new)
        if self._taken > _MOST_TAKEN * len(self._rows):
            self._grow()
        contacts = np.fromiter(new, np.int64, len(new))
        entries = np.array(list(new.values()), np.uint32).reshape(len(new), 2)
        self._put(contacts, entries[:, 0], entries[:, 1])

    def _put(
        self, contacts: NDArray[np.int64], rows: NDArray[np.uint32], tasks: NDArray[np.uint32]
    ) -> None:
        slots = self._first_slots(contacts)
        while len(slots):
            is_free = self._rows[slots] == 0
            # Of several that want one free slot, the last one gets it.
            self._rows[slots[is_free]] = rows[is_free]
            is_placed = is_free & (self._rows[slots] == rows)
            placed = slots[is_placed]
            self._contacts[placed], self._tasks[placed] = contacts[is_placed], tasks[is_placed]
            waits = ~is_placed
            contacts, rows, tasks = contacts[waits], rows[waits], tasks[waits]
            slots = self._next_slots(slots[waits])

    def _grow(self) -> None:
        is_taken = self._rows > 0
        there = self._contacts[is_taken], self._rows[is_taken], self._tasks[is_taken]
        self._make_slots(2 * self._taken)
        self._put(*there)

    def _first_slots(self, contacts: NDArray[np.int64]) -> NDArray[np.int64]:
        return (contacts.view(np.uint64) % np.uint64(len(self._rows))).astype(np.int64)

    def _next_slots(self, slots: NDArray[np.int64]) -> NDArray[np.int64]:
        return (slots + 1) % len(self._rows)


def is_among(keys: Sequence[int], known: NDArray[np.int64]) -> list[bool]:
    """For each key whether it stands in `known`, which is sorted."""
    if not len(known) or not keys:
        return [False] * len(keys)
    wanted = np.fromiter(keys, dtype=np.int64, count=len(keys))
    nearest = np.minimum(known.searchsorted(wanted), len(known) - 1)
    hits: list[bool] = (known[nearest] == wanted).tolist()
    return hits
