"""No number of a lead may be on a do-not-call list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bulk_loader.codes import ProblemCode
from bulk_loader.model import Field, Status
from bulk_loader.screening.faults import Cell, Fault
from bulk_loader.screening.phones import split_alternatives
from bulk_loader.screening.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulk_loader.model import ColumnMap, Problem
    from bulk_loader.screening.rule import Candidates, Check
    from bulk_loader.screening.rules import Rules


_ON_LIST: Final = Fault(ProblemCode.DO_NOT_CALL, "is on a do-not-call list.", "")


def _asked(rules: Rules, columns: ColumnMap) -> Check | None:
    listed = rules.suppression

    def check(leads: Candidates) -> Iterator[Problem]:
        """Candidates of which any number is on the list: the dialer may call each of them."""
        assert listed is not None
        rows = leads.read.index.tolist()
        campaigns = leads.read[Field.CAMPAIGN.value].tolist()
        destinations = leads.read[Field.DESTINATION.value].tolist()
        label = columns.label(Field.DESTINATION)
        for position in listed.holding(destinations, campaigns):
            cell = Cell(rows[position], label, destinations[position], is_personal=True)
            yield _ON_LIST.at(cell)
        texts = leads.read[Field.ALTERNATIVES.value].tolist()
        others = [
            (row, campaign, number.rpartition("=")[2])
            for row, campaign, text in zip(rows, campaigns, texts, strict=True)
            if text
            for number in split_alternatives(text)
        ]
        label = columns.label(Field.ALTERNATIVES)
        numbers, of_campaigns = [other[2] for other in others], [other[1] for other in others]
        for position in listed.holding(numbers, of_campaigns):
            cell = Cell(others[position][0], label, numbers[position], is_personal=True)
            yield _ON_LIST.at(cell)

    return check if listed else None


DO_NOT_CALL: Final = Rule(frozenset({ProblemCode.DO_NOT_CALL}), Status.SUPPRESSED, _asked)
