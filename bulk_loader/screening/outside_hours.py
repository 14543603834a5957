"""No call may be asked for outside the calling hours."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from bulk_loader.codes import ProblemCode
from bulk_loader.model import Field, Status
from bulk_loader.screening.faults import Cell, Fault
from bulk_loader.screening.rule import Rule
from bulk_loader.screening.zones import open_zone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulk_loader.model import ColumnMap, Problem
    from bulk_loader.screening.rule import Candidates, Check
    from bulk_loader.screening.rules import Rules


def _asked(rules: Rules, columns: ColumnMap) -> Check | None:
    hours = rules.calling_hours
    label = columns.label(Field.CALLDATE)

    def closed_because(calldate: str) -> str:
        assert hours is not None
        if not calldate:
            return hours.closed_because(rules.now)
        name = rules.dialer_timezone or rules.timezone
        zone = open_zone(name) if name else hours.zone
        return hours.closed_because(datetime.fromisoformat(calldate).replace(tzinfo=zone))

    def check(leads: Candidates) -> Iterator[Problem]:
        texts = leads.read[Field.CALLDATE.value].tolist()
        closed = {text: closed_because(text) for text in set(texts)}
        for row, text in zip(leads.read.index.tolist(), texts, strict=True):
            if closed[text]:
                yield _closed(text, closed[text]).at(Cell(row, label, text))

    return check if hours else None


def _closed(calldate: str, why: str) -> Fault:
    fault = f"is outside the calling hours: {why}."
    if not calldate:
        fault = f"is empty, and now is outside the calling hours: {why}."
    remedy = "Choose another time, or send the lead when people may be called."
    return Fault(ProblemCode.OUTSIDE_CALLING_HOURS, fault, remedy)


CALLING_HOURS: Final = Rule(
    frozenset({ProblemCode.OUTSIDE_CALLING_HOURS}), Status.SUPPRESSED, _asked
)
