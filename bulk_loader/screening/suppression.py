"""Numbers that must not be called, and which leads hold one."""

from __future__ import annotations

from array import array
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from bulk_loader.screening.faults import Fault
from bulk_loader.screening.phones import read_phone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

Keys: TypeAlias = "npt.NDArray[np.uint64]"
"""Digits of numbers, ascending."""

_EMPTY: Final = np.empty(0, np.uint64)

# A shorter rest is no number of a subscriber, so the digits before it were no country code.
_MIN_NATIONAL_DIGITS = 6


@dataclass(frozen=True, slots=True)
class SuppressionList:
    """A do-not-call list, eight bytes a number.

    Numbers are compared by their digits without the zeros they begin with: spreadsheets lose
    those, they stand for a trunk or an international prefix, and a call to a person on the
    list weighs more than a lead left out.

    A number may be listed for one campaign only; campaigns are compared without regard to case and
    white space, for the same reason.

    Attributes:
        unreadable: entries that are no phone number, such as a heading.
    """

    unreadable: int = 0
    _everywhere: Keys = field(default_factory=lambda: _EMPTY, repr=False, compare=False)
    _of_campaigns: Mapping[str, Keys] = field(default_factory=dict, repr=False, compare=False)
    _country_code: str = ""

    @classmethod
    def from_numbers(cls, numbers: Iterable[str], country_code: str = "") -> SuppressionList:
        """Read a list of numbers that no campaign may call; see `from_entries`."""
        return cls.from_entries(((text, "") for text in numbers), country_code)

    @classmethod
    def from_entries(
        cls, entries: Iterable[tuple[str, str]], country_code: str = ""
    ) -> SuppressionList:
        """Read a list, as often as a number may stand in it, empty texts left out.

        Args:
            entries: numbers as people write them, each with the campaign that may not call it; ""
                for every campaign.
            country_code: digits of the country of numbers without one, such as `598`; with it
                `099123456` and `+59899123456` are the same. "" compares digits alone.
        """
        keys: defaultdict[str, array[int]] = defaultdict(lambda: array("Q"))
        unreadable = 0
        for text, campaign in entries:
            number = read_phone(text.strip())
            if not isinstance(number, Fault):
                keys[_folded(campaign)].extend(_keys_of(number, country_code))
            elif text.strip():
                unreadable += 1
        listed = {name: np.unique(np.frombuffer(own, np.uint64)) for name, own in keys.items()}
        return cls(unreadable, listed.pop("", _EMPTY), listed, country_code)

    def __len__(self) -> int:
        return len(self._everywhere) + self.of_campaigns

    @property
    def of_campaigns(self) -> int:
        """How many numbers are listed for single campaigns."""
        return sum(map(len, self._of_campaigns.values()))

    def holding(self, numbers: Sequence[str], campaigns: Sequence[str] = ()) -> list[int]:
        """Positions of the numbers that are on the list, ascending.

        Args:
            numbers: dialable, without separators.
            campaigns: of each number; none where only those matter that are listed for all.
        """
        keys = array("Q")
        positions = array("Q")
        for position, number in enumerate(numbers):
            for key in _keys_of(number, self._country_code):
                keys.append(key)
                positions.append(position)
        if not keys:
            return []
        wanted, places = np.frombuffer(keys, np.uint64), np.frombuffer(positions, np.uint64)
        is_listed = _is_in(self._everywhere, wanted)
        for name in set(campaigns) if self._of_campaigns else ():
            if (own := self._of_campaigns.get(_folded(name))) is not None:
                is_of_it = np.array([campaign == name for campaign in campaigns])[places]
                is_listed |= is_of_it & _is_in(own, wanted)
        return sorted(set(places[is_listed].tolist()))


def _is_in(listed: Keys, wanted: Keys) -> npt.NDArray[np.bool_]:
    if not len(listed):
        return np.zeros(len(wanted), np.bool_)
    nearest = np.searchsorted(listed, wanted).clip(max=len(listed) - 1)
    is_there: npt.NDArray[np.bool_] = listed[nearest] == wanted
    return is_there


def _folded(campaign: str) -> str:
    return " ".join(campaign.split()).casefold()


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
