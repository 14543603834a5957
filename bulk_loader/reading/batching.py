"""Rows become batches of leads; those of a text file one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pandas as pd

from bulk_loader.codes import ProblemCode
from bulk_loader.model import EXAMPLE_MARK, LeadBatch, Problem
from bulk_loader.spreadsheets.blocks import filled_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bulk_loader.spreadsheets.blocks import Block

# A batch of a very wide list has fewer leads, so that it takes no more memory than others.
_MAX_CELLS_OF_BATCH = 500_000

Row: TypeAlias = tuple[int, list[str]]
"""A row number and the text of the cells, as many as the row has."""


def is_lead(cells: Sequence[str]) -> bool:
    """Whether a row below the header is a lead: it has some text and is no example."""
    if cells and cells[0][:1].isalnum():  # nearly every lead, so decided first
        return True
    if not "".join(cells).strip():
        return False
    return not is_example(cells[0])


def is_example(first: str) -> bool:
    """Whether a row with this first cell is an example of the template."""
    return first[:1] == "#" and first.lower().startswith(EXAMPLE_MARK)


def lead_rows(block: Block, start: int = 0) -> tuple[int, list[int]]:
    """As `filled_rows`, without the places of examples of the template, which are no leads."""
    width, places = filled_rows(block, start)
    if places and block.positions[0] == 0:
        first = block.column(0)
        places = [place for place in places if not is_example(first[place])]
    return width, places


def to_batch(
    numbers: Sequence[int], columns: Mapping[str, Sequence[str]], damages: Sequence[Problem]
) -> LeadBatch:
    """The batch of some leads, given by their row numbers and by column."""
    frame = pd.DataFrame(columns, index=pd.Index(numbers), dtype="str")
    return LeadBatch(frame, tuple(damages))


def bounded_size(size: int, width: int) -> int:
    """Leads of a batch, at most `size`; fewer where each has very many cells."""
    return max(1, min(size, _MAX_CELLS_OF_BATCH // max(width, 1)))


def lead_batches(
    rows: Iterable[Row],
    labels: Sequence[str],
    size: int,
    damages: list[Problem],
) -> Iterator[LeadBatch]:
    """The leads among the rows below the header, at most `size` a batch.

    A row is never shifted: one with other cells than the header has columns is damaged as a
    whole, except for empty cells too many at its end (a trailing delimiter).

    Args:
        rows: in the order of the sheet; taken one at a time.
        labels: of the columns; each row is held to their number.
        size: of a batch, in leads; fewer where there are very many columns.
        damages: what the reader of `rows` finds wrong with a row it adds here before it yields
            that row; a damaged row is a lead even where it has no text. Emptied batch by batch.
    """
    numbers: list[int] = []
    leads: list[list[str]] = []
    width, seen = len(labels), 0
    size = bounded_size(size, width)
    for number, cells in rows:
        is_damaged = len(damages) > seen
        seen = len(damages)
        if not is_damaged and not is_lead(cells):
            continue
        if len(cells) != width:
            cells, problem = _fitted(number, cells, width)  # noqa: PLW2901
            if problem and not is_damaged:
                damages.append(problem)
                seen += 1
        numbers.append(number)
        leads.append(cells)
        if len(leads) == size:
            yield to_batch(numbers, _by_column(labels, leads), damages)
            numbers, leads, seen = [], [], 0
            damages.clear()
    if leads:
        yield to_batch(numbers, _by_column(labels, leads), damages)
        damages.clear()


def _by_column(labels: Sequence[str], leads: Sequence[Sequence[str]]) -> dict[str, Sequence[str]]:
    return dict(zip(labels, zip(*leads, strict=True), strict=True))


def _fitted(number: int, cells: list[str], width: int) -> tuple[list[str], Problem | None]:
    """The cells at the width of the header, and the damage where that loses or invents any."""
    if len(cells) < width:
        filled = cells + [""] * (width - len(cells))
        return filled, _miscounted(ProblemCode.TOO_FEW_CELLS, number, len(cells), width)
    kept, extra = cells[:width], cells[width:]
    if not "".join(extra).strip():
        return kept, None
    return kept, _miscounted(ProblemCode.TOO_MANY_CELLS, number, len(cells), width)


def _miscounted(code: ProblemCode, number: int, cells: int, width: int) -> Problem:
    fault = f"has {_counted(cells, 'cell')} where the header has {_counted(width, 'column')}."
    remedy = {
        ProblemCode.TOO_FEW_CELLS: (
            "Add the missing cells; a delimiter may be lost, or the line cut short."
        ),
        ProblemCode.TOO_MANY_CELLS: (
            "Put quotes around a cell that holds the delimiter, or remove what is too many."
        ),
    }
    return Problem(code, number, None, "", fault, remedy[code])


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
