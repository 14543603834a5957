"""What a list is like as a whole, so that a row unlike all others is noticed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from bulk_loader.model import RESULT_COLUMNS, Field
from bulk_loader.screening.faults import Fault
from bulk_loader.screening.phones import read_phone
from bulk_loader.screening.total_words import Sums, may_sum_up, sums_up

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from bulk_loader.model import ColumnMap

# One number in twenty makes a length one that the list has on purpose; below twenty leads each does.
_COMMON_SHARE = 20

# A column that nine of ten leads fill is one that a row of the list fills.
_USUAL_TENTHS = 9

# Numbers kept to be held against the plans of countries; more would tell the same.
SAMPLE = 200

_MAX_NAMES = 1000  # campaigns; beyond them memory stays as it is


@dataclass(frozen=True, slots=True)
class WholeList:
    """The leads of a list that bear no word for a sum.

    Attributes:
        shortest: digits of the shortest numbers that are common in it; 0 where there are none.
        longest: of the longest.
        usual: columns that nearly all of them fill.
        campaigns: names with a word for a sum that many leads have, so that it is none.
        sample: some of the first different numbers, `SAMPLE` at most.
    """

    shortest: int = 0
    longest: int = 0
    usual: frozenset[str] = frozenset()
    campaigns: frozenset[str] = frozenset()
    sample: tuple[str, ...] = ()


def digits_of(text: str) -> int:
    """Digits of a number without its `+` or `00`; 0 where the text is none."""
    number = read_phone(text)
    return 0 if isinstance(number, Fault) else len(number.removeprefix("+").removeprefix("00"))


def summing_cells(frame: pd.DataFrame) -> dict[int, list[tuple[str, str, Sums]]]:
    """Column, text and kind of the cells that name a sum, by row number."""
    found: dict[int, list[tuple[str, str, Sums]]] = {}
    for label in frame.columns:
        if label in RESULT_COLUMNS:
            continue  # their sentences may tell of such a row
        texts = frame[label].tolist()
        if not may_sum_up("\n".join(texts)):  # one search for the usual case: none at all
            continue
        for row, text in zip(frame.index.tolist(), texts, strict=True):
            if (kind := sums_up(text)) is not Sums.NO:
                found.setdefault(row, []).append((label, text.strip(), kind))
    return found


@dataclass(slots=True)
class Acquaintance:
    """Gets to know a list, batch by batch, in memory that does not grow with it."""

    columns: ColumnMap
    _leads: int = 0
    _all: int = 0
    _lengths: Counter[int] = field(default_factory=Counter)
    _filled: Counter[str] = field(default_factory=Counter)
    _campaigns: Counter[str] = field(default_factory=Counter)
    _sample: dict[str, None] = field(default_factory=dict)

    def add(self, frame: pd.DataFrame) -> None:
        """Take in some leads as they were read."""
        named = summing_cells(frame)
        self._add_campaigns(named)
        self._all += len(frame)
        rest = frame.drop(index=list(named)) if named else frame
        self._leads += len(rest)
        for label in rest.columns:
            if label not in RESULT_COLUMNS:
                self._filled[label] += sum(map(bool, map(str.strip, rest[label].tolist())))
        texts = rest[self.columns.label(Field.DESTINATION)].tolist()
        self._lengths.update(filter(None, map(digits_of, texts)))
        if len(self._sample) < SAMPLE:
            numbers = (number for number in map(read_phone, texts) if isinstance(number, str))
            self._sample |= dict.fromkeys(islice(numbers, SAMPLE))

    def _add_campaigns(self, named: Mapping[int, Sequence[tuple[str, str, Sums]]]) -> None:
        label = self.columns.label(Field.CAMPAIGN)
        for cells in named.values():
            for column, text, _ in cells:
                if column == label and (
                    text in self._campaigns or len(self._campaigns) < _MAX_NAMES
                ):
                    self._campaigns[text] += 1

    def known(self) -> WholeList:
        """What the list is like, once all of it was taken in."""
        usual = (
            label
            for label, filled in self._filled.items()
            if self._leads and filled * 10 >= self._leads * _USUAL_TENTHS
        )
        often = max(1, self._all // _COMMON_SHARE)
        return WholeList(
            shortest=self._common(sorted(self._lengths)),
            longest=self._common(sorted(self._lengths, reverse=True)),
            usual=frozenset(usual),
            campaigns=frozenset(name for name, times in self._campaigns.items() if times > often),
            sample=tuple(islice(self._sample, SAMPLE)),
        )

    def _common(self, lengths: Sequence[int]) -> int:
        """The first of some lengths that, with those before it, more than a few numbers have."""
        few = self._lengths.total() // _COMMON_SHARE
        seen = 0
        for length in lengths:
            seen += self._lengths[length]
            if seen > few:
                return length
        return 0
