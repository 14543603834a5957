"""Leads that are left out on purpose: do-not-call lists and calling hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bulk_loader.codes import ProblemCode
from bulk_loader.model import Field
from bulk_loader.screening.faults import Fault, Place
from bulk_loader.screening.phones import split_alternatives
from bulk_loader.screening.zones import open_zone

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from bulk_loader.model import ColumnMap, Problem
    from bulk_loader.screening.calling_hours import CallingHours
    from bulk_loader.screening.rules import Rules
    from bulk_loader.screening.suppression import SuppressionList

_ON_LIST = Fault(ProblemCode.DO_NOT_CALL, "is on a do-not-call list.", "")


@dataclass(frozen=True, slots=True)
class Exclusions:
    """Finds the leads of one file that are left out on purpose."""

    columns: ColumnMap
    rules: Rules

    def find(self, fields: pd.DataFrame) -> list[Problem]:
        """Why leads are left out, the first reason of each, in the order of rows.

        Args:
            fields: leads without a problem, as they are to be sent.
        """
        found: dict[int, Problem] = {}
        reasons = []
        if self.rules.suppression:
            reasons.append(self._on_list(fields, self.rules.suppression))
        if self.rules.calling_hours:
            reasons.append(self._outside_hours(fields, self.rules.calling_hours))
        for problems in reasons:
            for problem in problems:
                found.setdefault(problem.row, problem)
        return [found[row] for row in sorted(found)]

    def _on_list(self, fields: pd.DataFrame, suppression: SuppressionList) -> Iterator[Problem]:
        """Leads of which any number is on the list: the dialer may call each of them."""
        rows = fields.index.tolist()
        destinations = fields[Field.DESTINATION.value].tolist()
        label = self.columns.label(Field.DESTINATION)
        for position in suppression.holding(destinations):
            place = Place(rows[position], label, destinations[position], is_personal=True)
            yield _ON_LIST.at(place)
        others = [
            (row, number.rpartition("=")[2])
            for row, text in zip(rows, fields[Field.ALTERNATIVES.value].tolist(), strict=True)
            if text
            for number in split_alternatives(text)
        ]
        label = self.columns.label(Field.ALTERNATIVES)
        for position in suppression.holding([number for _, number in others]):
            row, number = others[position]
            yield _ON_LIST.at(Place(row, label, number, is_personal=True))

    def _outside_hours(self, fields: pd.DataFrame, hours: CallingHours) -> Iterator[Problem]:
        texts = fields[Field.CALLDATE.value].tolist()
        closed = {text: self._closed_because(text, hours) for text in set(texts)}
        label = self.columns.label(Field.CALLDATE)
        for row, text in zip(fields.index.tolist(), texts, strict=True):
            if closed[text]:
                fault = f"is outside the calling hours: {closed[text]}."
                if not text:
                    fault = f"is empty, and now is outside the calling hours: {closed[text]}."
                remedy = "Choose another time, or send the lead when people may be called."
                yield Fault(ProblemCode.OUTSIDE_CALLING_HOURS, fault, remedy).at(
                    Place(row, label, text)
                )

    def _closed_because(self, calldate: str, hours: CallingHours) -> str:
        if not calldate:
            return hours.closed_because(self.rules.now)
        name = self.rules.dialer_timezone or self.rules.timezone
        zone = open_zone(name) if name else hours.zone
        return hours.closed_because(datetime.fromisoformat(calldate).replace(tzinfo=zone))
