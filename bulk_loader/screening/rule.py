"""What a rule of screening is, and what it sees of the leads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from bulk_loader.model import ColumnMap, Field, Problem

if TYPE_CHECKING:
    import pandas as pd

    from bulk_loader.codes import ProblemCode
    from bulk_loader.model import Status
    from bulk_loader.screening.rules import Rules

PERSONAL: Final = frozenset((Field.DESTINATION, Field.ALTERNATIVES, Field.AGENT))
"""Fields that hold phone numbers, which the terminal doesn't show whole."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Some leads as a rule sees them; three tables with the same rows.

    Attributes:
        frame: as read from the file.
        fields: as laid out.
        read: the fields as they are to be sent, missing where one can't be read.
    """

    frame: pd.DataFrame
    fields: pd.DataFrame
    read: pd.DataFrame

    def shown(self, row: int, column: str) -> str:
        """The text of a cell of the file."""
        return cell(self.frame, row, column)


def cell(frame: pd.DataFrame, row: int, column: str) -> str:
    """The text of one cell."""
    return str(frame.at[row, column])  # noqa: PD008 - one cell each time, and there may be many


Check: TypeAlias = Callable[[Candidates], Iterator[Problem]]
"""Finds what is wrong with leads, or why they are left out."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that a run may ask of its leads.

    Attributes:
        codes: of all that it may find.
        status: of the leads in which it finds something: INVALID, or SUPPRESSED where they are
            left out on purpose. Only leads without a problem are asked whether they are.
        asked: from what a run asks to the check; None where it asks nothing of the kind.
    """

    codes: frozenset[ProblemCode]
    status: Status
    asked: Callable[[Rules, ColumnMap], Check | None]
