"""What must hold of every file, however odd: it is read and written alike, or refused in words."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_loader.errors import LoaderError
from bulk_loader.model import RESULT_COLUMNS, Status
from bulk_loader.reading import HiddenRows, ReadingOptions, open_leads
from bulk_loader.results import ResultRow, results_path, write_results
from tests.tools.dirty.corpus import load_cases
from tests.tools.fuzz.mutations import Mutator

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bulk_loader.model import LeadTable

SAMPLES = tuple(case.path for case in load_cases())

_OUTCOMES = (Status.ACCEPTED, Status.REJECTED, Status.UNKNOWN, Status.DUPLICATE)


@dataclass(frozen=True, slots=True)
class Leads:
    """The leads of a file, as far as they are to be found again in its results file.

    Attributes:
        rows: row numbers and cells, the columns of results left out.
        damaged: places in `rows` of leads with a damage of any kind.
        broken: row numbers of leads that are damaged as a whole.
    """

    columns: tuple[str, ...]
    rows: Sequence[tuple[int, list[str]]]
    damaged: frozenset[int]
    broken: frozenset[int]


def try_seed(seed: int, place: Path) -> str:
    """Write the odd file of a seed into a directory, and try it.

    Returns:
        What it is: `read`, or `refused` and by whom.

    Raises:
        Exception: of any kind: the promise is broken.
    """
    chance = random.Random(seed)
    sample = chance.choice(SAMPLES)
    others = [chance.choice(SAMPLES).read_bytes() for _ in range(3)]
    path = place / f"{seed}-{sample.name}"
    path.write_bytes(Mutator(chance, others).mutate(sample.read_bytes()))
    options = ReadingOptions(
        hidden=chance.choice((HiddenRows.SEND, HiddenRows.SEND, HiddenRows.SKIP)),
        header_row=chance.choice((None, None, None, 0, 2)),
    )
    return try_file(path, options, chance)


def try_file(path: Path, options: ReadingOptions, chance: random.Random) -> str:
    """Read a file, write its results, and read these."""
    try:
        table = open_leads(path, options)
        found = leads_of(table, chance.choice((1, 2, 1000)))
        for _ in table.records():
            pass
    except LoaderError as error:
        _check_words(error)
        return "refused"
    assert len(found.rows) == table.source.leads, "the number of leads that was said is wrong"
    results = results_path(path, table.source.format)
    outcomes = (
        ResultRow(row, Status.INVALID if row in found.broken else chance.choice(_OUTCOMES))
        for row, _ in found.rows
    )
    try:
        write_results(table, outcomes, results)
    except LoaderError as error:
        _check_words(error)
        return "read, its results refused"
    if options.hidden is HiddenRows.SEND:
        compare(found, results, table)
    return "read"


def leads_of(table: LeadTable, size: int) -> Leads:
    """All leads, in batches of a size."""
    own = [label for label in table.source.columns if label not in RESULT_COLUMNS]
    rows: list[tuple[int, list[str]]] = []
    damaged: set[int] = set()
    broken: set[int] = set()
    for batch in table.batches(size):
        assert tuple(batch.frame.columns) == table.source.columns
        assert list(batch.frame.index) == sorted(set(batch.frame.index))
        first, numbers = len(rows), [int(number) for number in batch.frame.index]
        rows += zip(numbers, batch.frame[own].to_numpy().tolist(), strict=True)
        damaged |= {first + numbers.index(damage.row) for damage in batch.damages}
        broken |= {damage.row for damage in batch.damages if damage.column is None}
    return Leads(tuple(own), rows, frozenset(damaged), frozenset(broken))


def compare(found: Leads, results: Path, table: LeadTable) -> None:
    """The results file has the same leads; a damaged one may read in another way, but is there."""
    dialect = table.source.dialect
    options = ReadingOptions(
        hidden=HiddenRows.SEND,
        header_row=table.source.header_row or 1,
        encoding=dialect.encoding if dialect else None,
        delimiter=dialect.delimiter if dialect else None,
    )
    again = leads_of(open_leads(results, options), 1000)
    assert len(again.rows) == len(found.rows), "a lead is lost or won in the results file"
    shift = 0 if table.source.header_row else 1
    for position, ((row, cells), (row_again, cells_again)) in enumerate(
        zip(found.rows, again.rows, strict=True)
    ):
        if position in found.damaged:
            continue
        assert row_again == row + shift, f"row {row} became row {row_again}"
        assert cells_again[: len(cells)] == cells, f"row {row} is {cells_again}, not {cells}"
        assert position not in again.damaged, f"row {row} is damaged in the results file"


def _check_words(error: LoaderError) -> None:
    assert error.what, "an error that says nothing"
    assert error.remedy, f"an error that says not what to do: {error.what}"
