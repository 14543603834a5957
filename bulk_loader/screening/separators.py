"""No value may break the grammar of `data`, where the user wants such rows refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bulk_loader.choices import DataSeparators
from bulk_loader.codes import ProblemCode
from bulk_loader.model import DATA_SEPARATOR, Field, Status
from bulk_loader.screening.faults import Cell, Fault
from bulk_loader.screening.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulk_loader.model import ColumnMap, Problem
    from bulk_loader.screening.rule import Candidates, Check
    from bulk_loader.screening.rules import Rules

_IN_VALUE = Fault(
    ProblemCode.DATA_SEPARATOR,
    "has a : or = or a line break in it, which would break the agent's form.",
    "Take it out, or let a space stand for it with --data-separators space.",
)
_find_separator = re.compile(DATA_SEPARATOR).search


def _asked(rules: Rules, columns: ColumnMap) -> Check | None:
    own = columns.columns.get(Field.DATA, ())

    def check(leads: Candidates) -> Iterator[Problem]:
        """Values that the template would put into `data`, where the row has no `data` itself."""
        frame = leads.frame
        rows = frame[frame[own[0]].str.strip() == ""] if own else frame
        for label in dict.fromkeys(columns.template_columns):
            for row, text in zip(rows.index.tolist(), rows[label].tolist(), strict=True):
                if _find_separator(text.strip()):
                    yield _IN_VALUE.at(Cell(row, label, text.strip()))

    return check if rules.separators is DataSeparators.REJECT else None


SEPARATORS: Final = Rule(frozenset({ProblemCode.DATA_SEPARATOR}), Status.INVALID, _asked)
