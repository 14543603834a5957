"""Problems by kind: thousands of bad cells of one column are one question, asked once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulk_loader.codes import Code
    from bulk_loader.model import Problem

FIRST_ROWS = 5
"""Problems of each kind that are shown; they tell what the others look like."""


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """All problems of one code in one column.

    Attributes:
        column: label; None where whole rows are at fault.
        leads: how many have it.
        first: problems of the first `FIRST_ROWS` of them.
    """

    code: Code
    column: str | None
    leads: int
    first: tuple[Problem, ...]

    @property
    def remedy(self) -> str:
        """What to do, a whole sentence; of the first lead, whose like the others are."""
        return self.first[0].remedy


@dataclass(slots=True)
class Kinds:
    """Counts problems while they are found, in memory that does not grow with the rows."""

    _found: dict[tuple[Code, str | None], _Tally] = field(default_factory=dict)

    def add(self, problem: Problem) -> None:
        """Take one in; those of one kind come in the order of their rows."""
        tally = self._found.setdefault((problem.code, problem.column), _Tally())
        if problem.row == tally.last_row:
            return  # the second bad number of one cell
        tally.last_row = problem.row
        tally.leads += 1
        if len(tally.first) < FIRST_ROWS:
            tally.first.append(problem)

    def listed(self) -> Sequence[ProblemKind]:
        """All kinds, the most frequent first."""
        kinds = [
            ProblemKind(code, column, tally.leads, tuple(tally.first))
            for (code, column), tally in self._found.items()
        ]
        return sorted(kinds, key=lambda kind: -kind.leads)


@dataclass(slots=True)
class _Tally:
    leads: int = 0
    last_row: int = 0
    first: list[Problem] = field(default_factory=list)
