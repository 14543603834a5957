"""Bad cells: what is wrong in a list that a person can mend by typing, with what stands there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.codes import ProblemCode
from bulk_loader.errors import SourceError
from bulk_loader.model import RESULT_COLUMNS, Field
from bulk_loader.preparation.pipeline import open_table
from bulk_loader.workflows.check import check

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from bulk_loader.model import ColumnMap, LeadTable, Problem
    from bulk_loader.runs.watch import Watch
    from bulk_loader.settings import Settings
    from bulk_loader.workflows.check_report import CheckReport

MAX_CELLS = 2000
"""Cells that are kept; the next come when these are mended. Nobody types more at a time."""

MAX_ELSEWHERE = 100
"""Problems that are kept of those that can't be mended by typing."""

_BESIDE = 2  # cells by which a row is known: a number, a name
_KNOWN_BY = frozenset({Field.DESTINATION, Field.ALTERNATIVES, Field.DATA, Field.AGENT})

# Nothing is wrong with these rows, but they are left out.
_LEFT_OUT = frozenset({ProblemCode.DO_NOT_CALL, ProblemCode.OUTSIDE_CALLING_HOURS})
# Whatever is typed into a cell under a merge, it stays under it.
_NOT_BY_TYPING = frozenset({ProblemCode.MERGED_CELL})


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell with at least one problem.

    Attributes:
        position: of its column; 0 is the first.
        text: what stands there, exactly.
        beside: labels and texts of other cells of the row, to know it by.
    """

    row: int
    position: int
    column: str
    text: str
    problems: tuple[Problem, ...]
    beside: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class BadCells:
    """All that is wrong in a file, as far as it keeps leads from being sent.

    Attributes:
        cells: the first `MAX_CELLS`, row by row.
        count: how many there are.
        elsewhere: the first problems that can't be mended by typing.
        count_elsewhere: how many there are.
    """

    report: CheckReport
    cells: tuple[BadCell, ...]
    count: int
    elsewhere: tuple[Problem, ...]
    count_elsewhere: int


def find_bad_cells(file: Path | str, settings: Settings, watch: Watch | None = None) -> BadCells:
    """Check a list, or what a retry would do with a results file, and look up its bad cells.

    Raises:
        SettingsError: a setting is missing or wrong.
        SourceError: the file can't be read, or its columns do not fit.
        LedgerError: of a results file, the ledger can't be used.
    """
    found = _Found()
    report = check(Path(file), settings, watch, found.take)
    source = report.source
    fed = {label for labels in report.columns.columns.values() for label in labels}
    mendable = (fed | {*report.columns.template_columns, *found.own}) & set(source.columns)
    kept = sorted(
        (row, source.columns.index(label), problems)
        for label in mendable
        for row, problems in found.cells.get(label, {}).items()
    )[:MAX_CELLS]
    table = open_table(Path(file), settings)
    rows = _rows(table, {row for row, *_ in kept}, report)
    alike = {*RESULT_COLUMNS, *_alike(report.columns)}
    cells = tuple(
        _cell(rows[row], row, source.columns, at, problems, alike) for row, at, problems in kept
    )
    others = sorted(found.others(mendable), key=lambda problem: problem.row)
    count = sum(found.counts[label] for label in mendable)
    return BadCells(report, cells, count, tuple(others[:MAX_ELSEWHERE]), found.total - count)


@dataclass(slots=True)
class _Found:
    """Problems in memory that does not grow with the rows.

    Attributes:
        cells: the first of each column: the problems of a cell by its row, by label.
        whole: the first that no cell is to blame for.
        counts: bad cells by label.
        own: columns that a schema of the user's own asks something of.
        total: bad cells, and problems of whole rows.
    """

    cells: dict[str, dict[int, list[Problem]]] = field(default_factory=dict)
    whole: list[Problem] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    own: set[str] = field(default_factory=set)
    total: int = 0
    _last: dict[str, int] = field(default_factory=dict)

    def take(self, problem: Problem) -> None:
        """Take one in; they come in the order of their rows."""
        if not isinstance(problem.code, ProblemCode) or problem.code in _LEFT_OUT:
            return
        label = problem.column
        if label is None or problem.code in _NOT_BY_TYPING:
            self.total += 1
            if len(self.whole) < MAX_ELSEWHERE:
                self.whole.append(problem)
            return
        if problem.code is ProblemCode.OWN_SCHEMA:
            self.own.add(label)
        cells = self.cells.setdefault(label, {})
        if self._last.get(label) != problem.row:
            self._last[label] = problem.row
            self.counts[label] += 1
            self.total += 1
            if len(cells) < MAX_CELLS:
                cells[problem.row] = []
        if problem.row in cells:
            cells[problem.row].append(problem)

    def others(self, mendable: Collection[str]) -> list[Problem]:
        """The first problems that are of no cell with one of these labels."""
        of_cells = (
            problems[0]
            for label, rows in self.cells.items()
            if label not in mendable
            for problems in islice(rows.values(), MAX_ELSEWHERE)
        )
        return [*self.whole, *of_cells]


def _rows(
    table: LeadTable, wanted: Collection[int], report: CheckReport
) -> Mapping[int, Sequence[str]]:
    """The texts of these rows.

    Raises:
        SourceError: the file is not the one that was checked.
    """
    found: dict[int, Sequence[str]] = {}
    if table.source.digest == report.source.digest:
        for batch in table.batches():
            some = batch.frame[batch.frame.index.isin(list(wanted))]
            found.update(zip(some.index.tolist(), some.to_numpy().tolist(), strict=True))
    if len(found) != len(wanted):
        raise SourceError(
            f"{table.source.path.name} was changed while it was being checked.",
            "What was checked before is not what stands in it now.",
            "Reload the page.",
        )
    return found


def _alike(columns: ColumnMap) -> Iterator[str]:
    """Columns by which rows are not known, since most have the same there."""
    for name, labels in columns.columns.items():
        if name not in _KNOWN_BY:
            yield from labels


def _cell(  # noqa: PLR0913, PLR0917 - what a cell is
    texts: Sequence[str],
    row: int,
    columns: Sequence[str],
    position: int,
    problems: Sequence[Problem],
    alike: Collection[str],
) -> BadCell:
    beside = (
        (label, text)
        for at, (label, text) in enumerate(zip(columns, texts, strict=True))
        if at != position and label not in alike and text.strip()
    )
    known_by = tuple(islice(beside, _BESIDE))
    label, text = columns[position], texts[position]
    return BadCell(row, position, label, text, tuple(problems), known_by)
