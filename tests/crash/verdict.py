"""The rules of the promise, held against what the dialer truly recorded; pure.

Leads are compared by their name, phone and data together. Where equal rows are all to be sent,
they share a name, so everything is counted by name.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from bulk_loader.errors import ExitCode
from bulk_loader.model import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Name: TypeAlias = tuple[str, str]

FINISHED = (ExitCode.OK, ExitCode.BAD_LEADS, ExitCode.IN_DOUBT)
"""After these nothing is left to be done by the same command."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a results file says of one row."""

    name: Name
    status: str
    result: str = "0"


def untrue(told: Iterable[Told], recorded: Mapping[Name, int]) -> list[str]:
    """Statuses that the record contradicts.

    An accepted lead is recorded exactly once, one that is unknown at most once, all others never.
    """
    by_name: dict[Name, Counter[str]] = {}
    for row in told:
        by_name.setdefault(row.name, Counter())[row.status] += 1
    found = []
    for name, statuses in by_name.items():
        least = statuses[Status.ACCEPTED]
        most = least + statuses[Status.UNKNOWN]
        times = recorded.get(name, 0)
        if not least <= times <= most:
            found.append(f"{name} is {dict(statuses)}, and was recorded {times} times")
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


def repeated(
    recorded: Mapping[Name, int], most: Mapping[str, int], *, all_sent: bool
) -> Counter[str]:
    """By phone, how many calls too many were recorded, whatever the data beside it.

    Args:
        most: for each phone, how often it stood in the file at most, in any version of it.
        all_sent: equal rows are all to be sent, else only the first of them.
    """
    calls = Counter[str]()
    for (phone, _), count in recorded.items():
        calls[phone] += count
    allowed = {phone: count if all_sent else 1 for phone, count in most.items()}
    return Counter({
        phone: count - allowed.get(phone, 0)
        for phone, count in calls.items()
        if count > allowed.get(phone, 0)
    })  # fmt: skip


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


def miscoded(code: int, told: Iterable[Told]) -> list[str]:
    """Whether the exit code of a run that nothing stopped is another than its statuses deserve."""
    statuses = {row.status for row in told}
    deserved = ExitCode.OK
    if Status.UNSENT in statuses:
        deserved = ExitCode.STOPPED
    elif Status.UNKNOWN in statuses:
        deserved = ExitCode.IN_DOUBT
    elif statuses & {Status.INVALID, Status.REJECTED}:
        deserved = ExitCode.BAD_LEADS
    if code == deserved or code in (ExitCode.STOPPED, ExitCode.INTERRUPTED):
        return []
    return [f"the exit code is {code} and should be {deserved}"]
