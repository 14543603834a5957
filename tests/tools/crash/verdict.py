"""The rules of the promise, held against what the dialer truly recorded; pure.

Leads are compared by their name, phone and data together. Where equal rows are all to be sent,
they share a name, so everything is counted by name.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from bulk_loader.model import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

Name: TypeAlias = tuple[str, str]

Bounds: TypeAlias = "dict[Name, tuple[int, int]]"
"""How often each lead is recorded at least and at most, by what results files say of it."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a results file says of one row.

    Attributes:
        was_sent: by this list, as far as its status says so; False where it was left alone for what
            another one sent.
        is_broken_off: in doubt because its program was thought dead.
    """

    name: Name
    status: str
    result: str = "0"
    was_sent: bool = True
    is_broken_off: bool = False

    @property
    def phone(self) -> str:
        return self.name[0]


def bounds(told: Iterable[Told], *, is_anew: bool = False) -> Bounds:
    """What one results file says: accepted is exactly once, unknown at most once, others never.

    Args:
        is_anew: the list had a run before, which another list has gone on with. What that one had
            sent is a duplicate now, which tells of a call at the most.
    """
    maybe = {Status.UNKNOWN, Status.DUPLICATE} if is_anew else {Status.UNKNOWN}
    found: Bounds = {}
    for row in told:
        least, most = found.get(row.name, (0, 0))
        is_accepted = row.status == Status.ACCEPTED
        found[row.name] = least + is_accepted, most + (is_accepted or row.status in maybe)
    return found


def by_strongest(files: Iterable[Bounds]) -> Bounds:
    """What several results files say of one list: each lead is what the strongest word makes it."""
    return _joined(files, max)


def by_all(lists: Iterable[Bounds], *, is_shared: bool = False) -> Bounds:
    """What several lists say: where a lead stands in two of them, both may have sent it.

    Args:
        is_shared: one took over what another had sent, so that both tell of the same call.
    """
    lists = list(lists)
    most = _joined(lists, sum)
    if not is_shared:
        return most
    least = _joined(lists, max)
    return {name: (least[name][0], most[name][1]) for name in most}


def untrue(
    told: Bounds, recorded: Mapping[Name, int], *, others_to_tell: bool = False
) -> list[str]:
    """What the record contradicts.

    Args:
        others_to_tell: not all has been told yet, so that more may be recorded.
    """
    found = []
    for name, (least, most) in told.items():
        times = recorded.get(name, 0)
        if times < least or (times > most and not others_to_tell):
            expected = f"{least} times" if least == most else f"{least} to {most} times"
            found.append(f"{name} is told as recorded {expected}, and was recorded {times} times")
    return found


def incomplete(told: Sequence[Told], names: Sequence[Name]) -> list[str]:
    """Rows of the file that are not in its results file just so, with one status each."""
    found = []
    if [row.name for row in told] != list(names):
        found.append(f"the results file has {len(told)} rows, not the {len(names)} of the file")
    found += [
        f"{row.name} has the status {row.status!r} with {row.result!r}"
        for row in told
        if row.status not in set(Status) or row.result != Status(row.status).result
    ]
    return found


def miscounted(summary: Mapping[str, object], told: Sequence[Told]) -> list[str]:
    """Figures of the summary that are not those of the results file."""
    counts = Counter(row.status for row in told)
    expected = {status.value: counts[status] for status in Status}
    if (summary["counts"], summary["leads"]) == (expected, len(told)):
        return []
    return [f"the summary counts {summary['counts']}, the results file has {expected}"]


def lost(told: Iterable[Told], names: Sequence[Name], recorded: Mapping[Name, int]) -> int:
    """Leads that a finished run does not account for, or calls accepted though nobody calls."""
    told = list(told)
    missing = Counter(names) - Counter(row.name for row in told)
    unsent = sum(row.status == Status.UNSENT for row in told)
    accepted = Counter(row.name for row in told if row.status == Status.ACCEPTED)
    return missing.total() + unsent + (accepted - Counter(recorded)).total()


def forgotten(doubted: Mapping[Name, int], told: Iterable[Told]) -> list[str]:
    """Leads that were in doubt after a crash, still stand in the file, and are not `unknown`."""
    rows, unknown = Counter[Name](), Counter[Name]()
    for row in told:
        rows[row.name] += 1
        unknown[row.name] += row.status == Status.UNKNOWN
    return [
        f"{name} was in doubt after a crash and is not unknown now"
        for name, count in doubted.items()
        if unknown[name] < min(count, rows[name])
    ]


def _joined(several: Iterable[Bounds], join: Callable[[Iterable[int]], int]) -> Bounds:
    by_name: dict[Name, list[tuple[int, int]]] = {}
    for told in several:
        for name, pair in told.items():
            by_name.setdefault(name, []).append(pair)
    return {
        name: (join(least for least, _ in pairs), join(most for _, most in pairs))
        for name, pairs in by_name.items()
    }
