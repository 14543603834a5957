"""Numbers that must not be called, and which leads hold one."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from bulk_loader.screening.faults import Fault
from bulk_loader.screening.phones import read_phone

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt


# A shorter rest is no number of a subscriber, so the digits before it were no country code.
_MIN_NATIONAL_DIGITS = 6


@dataclass(frozen=True, slots=True)
class SuppressionList:
    """A do-not-call list, eight bytes a number.

    Numbers are compared by their digits without the zeros they begin with: spreadsheets lose
    those, they stand for a trunk or an international prefix, and a call to a person on the
    list weighs more than a lead left out.

    Attributes:
        unreadable: entries that are no phone number, such as a heading.
    """

    unreadable: int = 0
    _keys: npt.NDArray[np.uint64] = field(
        default_factory=lambda: np.empty(0, np.uint64), repr=False, compare=False
    )
    _country_code: str = ""

    @classmethod
    def from_numbers(cls, numbers: Iterable[str], country_code: str = "") -> SuppressionList:
        """Read a list, as often as a number may stand in it, empty texts left out.

        Args:
            numbers: as people write them.
            country_code: digits of the country of numbers without one, such as `598`; with it
                `099123456` and `+59899123456` are the same. "" compares digits alone.
        """
        keys = array("Q")
        unreadable = 0
        for text in numbers:
            number = read_phone(text.strip())
            if not isinstance(number, Fault):
                keys.extend(_keys_of(number, country_code))
            elif text.strip():
                unreadable += 1
        unique = np.unique(np.frombuffer(keys, np.uint64)) if keys else np.empty(0, np.uint64)
        return cls(unreadable, unique, country_code)

    def __len__(self) -> int:
        return len(self._keys)

    def holding(self, numbers: Sequence[str]) -> list[int]:
        """Positions of the numbers that are on the list, ascending.

        Args:
            numbers: dialable, without separators.
        """
        keys = array("Q")
        positions = array("Q")
        for position, number in enumerate(numbers):
            for key in _keys_of(number, self._country_code):
                keys.append(key)
                positions.append(position)
        if not keys or not len(self):
            return []
        wanted = np.frombuffer(keys, np.uint64)
        nearest = np.searchsorted(self._keys, wanted).clip(max=len(self) - 1)
        found = np.frombuffer(positions, np.uint64)[self._keys[nearest] == wanted]
        return sorted(set(found.tolist()))


def _keys_of(number: str, country_code: str) -> tuple[int, ...]:
    """The numbers under which it may stand in a list: its digits, and those of its country."""
    digits = number.lstrip("+0")
    if not country_code or not digits.startswith(country_code):
        return (int(digits),)
    national = digits[len(country_code) :].lstrip("0")
    if len(national) < _MIN_NATIONAL_DIGITS:
        return (int(digits),)
    if number.startswith(("+", "00")):
        return (int(national),)
    return (int(digits), int(national))  # the first digits may be no country code at all
