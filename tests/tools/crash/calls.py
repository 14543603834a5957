"""How often each number may be called, over several lists and runs; pure."""

from __future__ import annotations

import operator
from collections import Counter
from functools import reduce
from itertools import combinations
from typing import TYPE_CHECKING

from bulk_loader.model import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from tests.tools.crash.verdict import Name, Told


def by_phone(recorded: Mapping[Name, int]) -> Counter[str]:
    """How often each number was recorded, whatever the data beside it."""
    calls = Counter[str]()
    for (phone, _), count in recorded.items():
        calls[phone] += count
    return calls


def allowed(most: Mapping[str, int], *, all_sent: bool) -> Counter[str]:
    """How often one list may have each number called.

    Args:
        most: for each phone, how often it stood in the file at most, in any version of it.
        all_sent: equal rows are all to be sent, else only the first of them.
    """
    return Counter({phone: count if all_sent else 1 for phone, count in most.items()})


def allowed_by_all(
    lists: Sequence[Counter[str]],
    *,
    are_together: Callable[[int, int], bool],
    doubted: Collection[str] = (),
) -> Counter[str]:
    """How often several lists may have each number called.

    Args:
        lists: what each of them allows, in the order in which they were uploaded.
        are_together: whether the runs of two of them, by their places, were under way at the same
            time, so that nobody is called by both; else the later one calls everybody again.
        doubted: numbers in doubt by the first when the later lists began, which those leave alone.
    """
    places = range(len(lists))
    found = Counter[str]()
    for size in places:
        for chosen in combinations(places, size + 1):
            if not any(are_together(*pair) for pair in combinations(chosen, 2)):
                found |= reduce(operator.add, (lists[place] for place in chosen))
    later = Counter({phone: lists[0][phone] for phone in doubted if phone in found})
    return Counter({phone: later.get(phone, count) for phone, count in found.items()})


def repeated(calls: Counter[str], allowed: Counter[str]) -> Counter[str]:
    """By phone, how many calls too many were recorded."""
    return calls - allowed


def called_again(before: Counter[str], after: Counter[str]) -> Counter[str]:
    """Calls of numbers that had been called before."""
    return Counter({phone: count for phone, count in (after - before).items() if before[phone]})


def in_doubt(told: Iterable[Told]) -> set[str]:
    """Numbers of which nobody knows whether they are queued."""
    return {row.phone for row in told if row.status == Status.UNKNOWN}


def doubted_first(told: Iterable[Told], *, but_broken_off: bool = False) -> set[str]:
    """Those of them that this list sent itself.

    What another one was sending when it was not heard of is a doubt for this one, and the other
    may hear what came of it later.

    Args:
        but_broken_off: what this list calls broken off may have been sent by another one.
    """
    own = (row for row in told if row.was_sent)
    return in_doubt(row for row in own if not (but_broken_off and row.is_broken_off))


def disregarded(
    doubted: Iterable[str], told: Iterable[Told], *, is_together: bool = False
) -> list[str]:
    """Numbers in doubt by one list that another list sent, or told away as something else.

    The first row of such a number is `unknown` there as well; further ones are its duplicates.

    Args:
        is_together: the dialer may have refused the number from the other list before the
            doubt arose.
    """
    statuses = _by_phone(told)
    right = {Status.UNKNOWN, Status.REJECTED} if is_together else {Status.UNKNOWN}
    found = {phone: statuses[phone] for phone in doubted if phone in statuses}
    return [
        f"{phone} is in doubt by another list, and here {' and '.join(sorted(here))}"
        for phone, here in sorted(found.items())
        if not here & right or not here <= right | {Status.DUPLICATE}
    ]


def told_away(told: Iterable[Told], known: Collection[str]) -> list[str]:
    """Numbers that a list calls duplicate in every row, and that nobody else called either.

    Args:
        known: numbers that were recorded, or are in doubt by any list.
    """
    return [
        f"{phone} is a duplicate, and of nothing that was called"
        for phone, here in sorted(_by_phone(told).items())
        if here == {Status.DUPLICATE} and phone not in known
    ]


def _by_phone(told: Iterable[Told]) -> dict[str, set[str]]:
    """The statuses that each number has, over all of its rows."""
    statuses: dict[str, set[str]] = {}
    for row in told:
        statuses.setdefault(row.phone, set()).add(row.status)
    return statuses
