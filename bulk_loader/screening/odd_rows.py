"""A row that sums up others, or a number unlike all others of the list, is not called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bulk_loader.codes import ProblemCode
from bulk_loader.model import Field, Status
from bulk_loader.screening.faults import Cell, Fault
from bulk_loader.screening.rule import Rule, cell
from bulk_loader.screening.total_words import Sums
from bulk_loader.screening.whole_list import digits_of, summing_cells

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bulk_loader.model import ColumnMap, Problem
    from bulk_loader.screening.rule import Candidates, Check
    from bulk_loader.screening.rules import Rules
    from bulk_loader.screening.whole_list import WholeList

# The shortest numbers of subscribers have six digits; what is shorter is an extension, a service
# number, or no number at all.
_DIGITS_OF_A_SUBSCRIBER = 6
_FEWER = 3
# With their country's code the numbers of nearly all countries have up to 13.
_DIGITS_FROM_ABROAD = 13
_MORE = 4

_ALLOW = "send it all the same with --odd-rows send."
TOTALS_ROW: Final = Fault(
    ProblemCode.TOTALS_ROW,
    "seems to sum up others, so its number is nobody's phone.",
    f"Delete the row, or {_ALLOW}",
)
TOO_SHORT: Final = Fault(
    ProblemCode.NUMBER_UNLIKE_OTHERS,
    "has far fewer digits than the other numbers of the list, so it may be no phone number.",
    f"Correct it, or {_ALLOW}",
)
TOO_LONG: Final = Fault(
    ProblemCode.NUMBER_UNLIKE_OTHERS,
    "has far more digits than the other numbers of the list, so it may be no phone number.",
    f"Correct it, or {_ALLOW}",
)


@dataclass(frozen=True, slots=True)
class _OddRows:
    columns: ColumnMap
    others: WholeList

    def find(self, leads: Candidates) -> Iterator[Problem]:
        """At most one problem a lead; a cell that is no number has its own already."""
        named = summing_cells(leads.frame)
        label = self.columns.label(Field.DESTINATION)
        numbers = leads.fields[Field.DESTINATION.value]
        for row, number in zip(numbers.index.tolist(), numbers.tolist(), strict=True):
            if _is_usual(number) and row not in named:
                continue
            digits = digits_of(number)
            if not digits:
                continue
            if row in named and self._sums_up(leads, row, digits, named[row]):
                yield TOTALS_ROW.at(Cell(row, None, ""))
            elif fault := self._unlike(digits):
                is_personal = digits >= _DIGITS_OF_A_SUBSCRIBER - 1
                yield fault.at(Cell(row, label, number, is_personal))

    def _sums_up(
        self, leads: Candidates, row: int, digits: int, cells: Sequence[tuple[str, str, Sums]]
    ) -> bool:
        """The words alone tell nothing: a person, a company or a campaign may have them as a name.

        So the row must leave cells empty that the others fill, or have a number like no other.
        """
        campaign = self.columns.label(Field.CAMPAIGN)
        kinds = {
            kind
            for label, text, kind in cells
            if not (label == campaign and text in self.others.campaigns)
        }
        lacking = [
            label for label in self.others.usual if not cell(leads.frame, row, label).strip()
        ]
        is_sparse = len(lacking) * 2 >= len(self.others.usual) > 0
        is_odd = not self.others.shortest <= digits <= self.others.longest
        is_tiny = digits < _DIGITS_OF_A_SUBSCRIBER <= self.others.shortest
        if Sums.ALONE in kinds:
            return is_tiny or is_sparse or (bool(lacking) and is_odd)
        return Sums.BESIDE_A_NAME in kinds and bool(lacking) and is_odd and (is_sparse or is_tiny)

    def _unlike(self, digits: int) -> Fault | None:
        others = self.others
        if digits < _DIGITS_OF_A_SUBSCRIBER and digits + _FEWER <= others.shortest:
            return TOO_SHORT
        if digits > _DIGITS_FROM_ABROAD and digits >= others.longest + _MORE:
            return TOO_LONG
        return None


def _is_usual(number: str) -> bool:
    """A quick look that passes most numbers, and none that may be too short or too long."""
    is_long_enough = _DIGITS_OF_A_SUBSCRIBER <= len(number) <= _DIGITS_FROM_ABROAD
    return is_long_enough and number.isdigit() and not number.startswith("00")


def _asked(rules: Rules, columns: ColumnMap) -> Check | None:
    others = rules.whole_list
    # Of a list in which every row bears a word for a sum nothing is known.
    return _OddRows(columns, others).find if others and others.shortest else None


ODD_ROWS: Final = Rule(
    frozenset({ProblemCode.TOTALS_ROW, ProblemCode.NUMBER_UNLIKE_OTHERS}), Status.INVALID, _asked
)
