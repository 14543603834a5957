"""A lead must pass the user's own schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bulk_loader.codes import ProblemCode
from bulk_loader.model import Status
from bulk_loader.screening.faults import Cell
from bulk_loader.screening.rule import PERSONAL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulk_loader.model import ColumnMap, Problem
    from bulk_loader.screening.rule import Candidates, Check
    from bulk_loader.screening.rules import Rules


def _asked(rules: Rules, columns: ColumnMap) -> Check | None:
    own = rules.own_schema
    personal = {label for name in PERSONAL for label in columns.columns.get(name, ())}

    def check(leads: Candidates) -> Iterator[Problem]:
        assert own is not None
        for row, column, fault in own.find_faults(leads.frame):
            shown = leads.shown(row, column) if column else ""
            yield fault.at(Cell(row, column, shown, column in personal and bool(shown)))

    return check if own else None


OWN_SCHEMA: Final = Rule(frozenset({ProblemCode.OWN_SCHEMA}), Status.INVALID, _asked)
