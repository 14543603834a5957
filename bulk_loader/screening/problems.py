"""All problems of a batch, in the words of its own columns and cells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bulk_loader.codes import ProblemCode
from bulk_loader.model import DATA_SEPARATOR, DataSeparators, Field
from bulk_loader.screening.faults import Fault, Place
from bulk_loader.screening.phones import split_alternatives
from bulk_loader.screening.schema import FAULTS, UNREADABLE, Failure, find_failures

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from bulk_loader.model import ColumnMap, LeadBatch, Problem
    from bulk_loader.screening.readers import FieldReaders
    from bulk_loader.screening.rules import Rules

# Fields that hold phone numbers, which the terminal doesn't show whole; with fewer digits, or
# with these faults, a cell tells nobody's number, and to see it whole helps.
_PERSONAL: Final = frozenset((Field.DESTINATION, Field.ALTERNATIVES, Field.AGENT))
_MIN_PERSONAL_DIGITS = 5
_IMPERSONAL_FAULTS = ("_scientific", "_date")

_SEPARATOR_IN_VALUE = Fault(
    ProblemCode.DATA_SEPARATOR,
    "has a : or = or a line break in it, which would break the agent's form.",
    "Take it out, or let a space stand for it with --data-separators space.",
)


@dataclass(frozen=True, slots=True)
class ProblemFinder:
    """Finds the problems of the leads of one file."""

    columns: ColumnMap
    rules: Rules
    readers: FieldReaders

    def find(self, batch: LeadBatch, fields: pd.DataFrame, read: pd.DataFrame) -> list[Problem]:
        """Every problem of every lead, in the order of rows.

        A damage is the only problem of its cell, or of its row: what was lost can't be judged.

        Args:
            batch: as read from the file.
            fields: as laid out.
            read: the fields as they are to be sent, missing where one can't be read.
        """
        used = {label for labels in self.columns.columns.values() for label in labels}
        used |= set(self.columns.template_columns)
        damages = [problem for problem in batch.damages if problem.column in used | {None}]
        damaged = {(problem.row, problem.column) for problem in damages}
        found = [*self._of_fields(batch.frame, fields, read), *self._of_columns(batch.frame)]
        judged = [
            problem
            for problem in found
            if damaged.isdisjoint(((problem.row, problem.column), (problem.row, None)))
        ]
        return sorted(damages + judged, key=lambda problem: problem.row)

    def fault(self, failure: Failure, text: str) -> Fault:
        """What is wrong with a text that failed the schema."""
        unread = self.readers.fault(failure.field, text) if failure.check == UNREADABLE else None
        return unread or FAULTS[ProblemCode(failure.check)]

    def _of_fields(
        self, frame: pd.DataFrame, fields: pd.DataFrame, read: pd.DataFrame
    ) -> Iterator[Problem]:
        for failure in find_failures(read):
            labels = self.columns.columns.get(failure.field, ())
            if failure.field is Field.ALTERNATIVES and labels:
                yield from self._of_alternatives(frame, failure.row, labels)
                continue
            text = _cell(fields, failure.row, failure.field.value)
            shown = _cell(frame, failure.row, labels[0]).strip() if labels else text
            label = self.columns.label(failure.field)
            fault = self.fault(failure, text)
            is_personal = failure.field in _PERSONAL and _is_number(shown, fault)
            yield fault.at(Place(failure.row, label, shown, is_personal))

    def _of_alternatives(
        self, frame: pd.DataFrame, row: int, labels: tuple[str, ...]
    ) -> Iterator[Problem]:
        """One problem for each number that can't be read, where it stands."""
        for label in labels:
            for number in split_alternatives(_cell(frame, row, label)):
                fault = self.readers.fault(Field.ALTERNATIVES, number)
                if fault:
                    yield fault.at(Place(row, label, number, _is_number(number, fault)))

    def _of_columns(self, frame: pd.DataFrame) -> Iterator[Problem]:
        if self.rules.separators is DataSeparators.REJECT:
            yield from self._of_template(frame)
        if self.rules.own_schema:
            personal = {label for name in _PERSONAL for label in self.columns.columns.get(name, ())}
            for row, column, fault in self.rules.own_schema.find_faults(frame):
                shown = _cell(frame, row, column) if column else ""
                yield fault.at(Place(row, column, shown, column in personal and bool(shown)))

    def _of_template(self, frame: pd.DataFrame) -> Iterator[Problem]:
        """Values that the template would put into `data`, where the row has no `data` itself."""
        own = self.columns.columns.get(Field.DATA, ())
        rows = frame[frame[own[0]].str.strip() == ""] if own else frame
        find_separator = re.compile(DATA_SEPARATOR).search
        for label in dict.fromkeys(self.columns.template_columns):
            for row, text in zip(rows.index.tolist(), rows[label].tolist(), strict=True):
                if find_separator(text.strip()):
                    yield _SEPARATOR_IN_VALUE.at(Place(row, label, text.strip()))


def _is_number(shown: str, fault: Fault) -> bool:
    digits = sum(map(str.isdecimal, shown))
    return digits >= _MIN_PERSONAL_DIGITS and not fault.code.endswith(_IMPERSONAL_FAULTS)


def _cell(frame: pd.DataFrame, row: int, column: str) -> str:
    return str(frame.at[row, column])  # noqa: PD008 - one cell each time, and there may be many
