from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from bulk_loader.codes import ProblemCode
from bulk_loader.model import LeadBatch, Problem
from bulk_loader.reading.batching import is_lead, lead_batches

if TYPE_CHECKING:
    from collections.abc import Iterator

LABELS = ("phone", "name")


def batches(*rows: list[str], size: int = 100) -> list[LeadBatch]:
    """The batches of rows that follow a header in row 1."""
    return list(lead_batches(list(enumerate(rows, start=2)), LABELS, size, []))


def cells(batch: LeadBatch, row: int) -> list[str]:
    """Those of the only lead under this number."""
    found = batch.frame.loc[row]
    assert isinstance(found, pd.Series)
    return found.tolist()


def test_frame_holds_the_cells_as_text_by_row_number() -> None:
    """A lead is found in the frame under the number beside it in the spreadsheet."""
    (batch,) = batches(["099", " Ana "], ["098", ""])
    assert cells(batch, 2) == ["099", " Ana "]
    assert cells(batch, 3) == ["098", ""]
    assert tuple(batch.frame.columns) == LABELS
    assert all(isinstance(dtype, pd.StringDtype) for dtype in batch.frame.dtypes)
    assert batch.damages == ()


def test_blank_rows_are_no_leads_but_count() -> None:
    """The row numbers of later leads stay those of the spreadsheet."""
    (batch,) = batches(["099", ""], [], ["", " \t"], ["098", ""])
    assert batch.frame.index.tolist() == [2, 5]


def test_example_rows_are_no_leads() -> None:
    """What the template shows as an example is never called."""
    assert batches(["#example 099", "Ana"], ["#Example", ""]) == []
    assert is_lead(["# 5", "Ana"])


def test_batches_have_at_most_the_size() -> None:
    """Memory is bounded by the size of a batch."""
    found = batches(*(["099", str(n)] for n in range(5)), size=2)
    assert [len(batch.frame) for batch in found] == [2, 2, 1]


def test_no_rows_make_no_batch() -> None:
    """An empty table has no empty batch."""
    assert batches() == []


def test_row_with_too_few_cells_is_damaged() -> None:
    """Where a cell is lost, nobody knows which one, so the row is not sent."""
    (batch,) = batches(["099", "Ana"], ["098"])
    (problem,) = batch.damages
    assert (problem.code, problem.row, problem.column) == ("too_few_cells", 3, None)
    assert problem.sentence.startswith("the row has 1 cell where the header has 2 columns.")
    assert cells(batch, 3) == ["098", ""]


def test_row_with_too_many_cells_is_damaged() -> None:
    """A cell that holds the delimiter unquoted never moves the others unseen."""
    (batch,) = batches(["099", "Gómez", " Ana"])
    (problem,) = batch.damages
    assert (problem.code, problem.row) == ("too_many_cells", 2)
    assert cells(batch, 2) == ["099", "Gómez"]


def test_trailing_delimiters_are_harmless() -> None:
    """Empty cells too many at the end take nothing away."""
    (batch,) = batches(["099", "Ana", "", " "])
    assert cells(batch, 2) == ["099", "Ana"]
    assert batch.damages == ()


def test_damages_travel_with_their_rows() -> None:
    """Each batch has the damages of its own leads, and a damaged blank row is a lead."""
    damages: list[Problem] = []

    def rows() -> Iterator[tuple[int, list[str]]]:
        for number in range(2, 6):
            if number == 3:
                damages.append(
                    Problem(
                        ProblemCode.FORMULA_WITHOUT_VALUE,
                        3,
                        "phone",
                        "",
                        "has no value.",
                        "Save it.",
                    )
                )
            yield number, ["", ""] if number == 3 else ["099", ""]

    found = list(lead_batches(rows(), LABELS, 2, damages))
    assert [batch.frame.index.tolist() for batch in found] == [[2, 3], [4, 5]]
    assert [[problem.row for problem in batch.damages] for batch in found] == [[3], []]


@pytest.mark.parametrize("size", [1, 3, 7])
def test_every_lead_is_in_exactly_one_batch(size: int) -> None:
    """Nothing is lost or doubled at the seams of batches."""
    found = batches(*(["099", str(n)] for n in range(7)), size=size)
    names = [name for batch in found for name in batch.frame["name"]]
    assert names == [str(n) for n in range(7)]
