"""Every field must be readable, and be what the schema says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bulk_loader.codes import ProblemCode
from bulk_loader.model import Field, Status
from bulk_loader.screening.faults import Cell, Fault
from bulk_loader.screening.phones import split_alternatives
from bulk_loader.screening.readers import FieldReaders
from bulk_loader.screening.rule import PERSONAL, Rule, cell
from bulk_loader.screening.schema import FAULTS, Failure, find_failures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulk_loader.model import ColumnMap, Problem
    from bulk_loader.screening.rule import Candidates, Check
    from bulk_loader.screening.rules import Rules

# With fewer digits, or with these faults, a cell tells nobody's number, and to see it whole helps.
_MIN_PERSONAL_DIGITS = 5
_IMPERSONAL_FAULTS = ("_scientific", "_date")


def fault_of(failure: Failure, text: str, readers: FieldReaders) -> Fault:
    """What is wrong with a text that failed the schema."""
    unread = readers.fault(failure.field, text) if failure.code is None else None
    if unread is not None:
        return unread
    assert failure.code is not None, "a reader that gives no value has a reason"
    return FAULTS[failure.code]


@dataclass(frozen=True, slots=True)
class _FieldCheck:
    columns: ColumnMap
    readers: FieldReaders

    def find(self, leads: Candidates) -> Iterator[Problem]:
        for failure in find_failures(leads.read):
            labels = self.columns.columns.get(failure.field, ())
            if failure.field is Field.ALTERNATIVES and labels:
                yield from self._of_alternatives(leads, failure.row, labels)
                continue
            text = cell(leads.fields, failure.row, failure.field.value)
            shown = leads.shown(failure.row, labels[0]).strip() if labels else text
            label = self.columns.label(failure.field)
            fault = fault_of(failure, text, self.readers)
            is_personal = failure.field in PERSONAL and _is_number(shown, fault)
            yield fault.at(Cell(failure.row, label, shown, is_personal))

    def _of_alternatives(
        self, leads: Candidates, row: int, labels: tuple[str, ...]
    ) -> Iterator[Problem]:
        """One problem for each number that can't be read, where it stands."""
        for label in labels:
            for number in split_alternatives(leads.shown(row, label)):
                fault = self.readers.fault(Field.ALTERNATIVES, number)
                if fault:
                    yield fault.at(Cell(row, label, number, _is_number(number, fault)))


def _is_number(shown: str, fault: Fault) -> bool:
    digits = sum(map(str.isdecimal, shown))
    return digits >= _MIN_PERSONAL_DIGITS and not fault.code.endswith(_IMPERSONAL_FAULTS)


def _asked(rules: Rules, columns: ColumnMap) -> Check:
    return _FieldCheck(columns, FieldReaders.by(rules)).find


_OF_READERS = ("phone_", "alternative_", "calldate_", "truth_")

FIELDS: Final = Rule(
    frozenset(code for code in ProblemCode if code.startswith(_OF_READERS))
    | {fault.code for fault in FAULTS.values()},
    Status.INVALID,
    _asked,
)
