"""What a way of uploading did, counted from the dialer's own record; pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Word(Enum):
    """The last word about a lead."""

    IN = "in"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Count:
    """Leads, by what became of them and what was said of it.

    Attributes:
        twice: recorded more than once, whatever was said.
        lost: not recorded, and said to be in, or not a word about it.
        false_alarms: recorded, and said to have failed: whoever believes it calls again.
        failed: not recorded, and said so.
        unknown: said to be for a person to look up.
    """

    leads: int = 0
    twice: int = 0
    lost: int = 0
    false_alarms: int = 0
    failed: int = 0
    unknown: int = 0

    @classmethod
    def of(
        cls, phones: Iterable[str], recorded: Mapping[str, int], said: Mapping[str, Word]
    ) -> Self:
        """Count one list of different phones."""
        told = [(recorded.get(phone, 0), said.get(phone)) for phone in phones]
        return cls(
            leads=len(told),
            twice=sum(times > 1 for times, _ in told),
            lost=sum(not times and word in (Word.IN, None) for times, word in told),
            false_alarms=sum(bool(times) and word is Word.FAILED for times, word in told),
            failed=sum(not times and word is Word.FAILED for times, word in told),
            unknown=sum(word is Word.UNKNOWN for _, word in told),
        )

    def __add__(self, other: Count) -> Count:
        return Count(
            self.leads + other.leads,
            self.twice + other.twice,
            self.lost + other.lost,
            self.false_alarms + other.false_alarms,
            self.failed + other.failed,
            self.unknown + other.unknown,
        )
