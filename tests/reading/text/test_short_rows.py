from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.reading import ReadingOptions
from bulk_loader.reading.text.opened import TextTable, open_text
from bulk_loader.reading.text.short_rows import BLOCK_ROWS

HEADER = ["phone", "name", "city", "notes"]
FULL = ["0991234567", "Ana", "Quito", "x"]


def as_excel_writes(table: list[list[str]]) -> str:
    """The rows as CSV, each block without the delimiters behind its last filled column."""
    lines = []
    for start in range(0, len(table), BLOCK_ROWS):
        block = table[start : start + BLOCK_ROWS]
        filled = max(place for row in block for place, cell in enumerate(row) if cell)
        lines += [",".join(row[: filled + 1]) for row in block]
    return "\n".join(lines) + "\n"


def opened(folder: Path, content: str) -> TextTable:
    """A text file with this content."""
    path = folder / "leads.csv"
    path.write_text(content)
    return open_text(path, "digest", ReadingOptions())


def damaged(table: TextTable) -> list[int]:
    """Rows that are damaged."""
    return [problem.row for batch in table.batches() for problem in batch.damages]


def test_cells_that_excel_left_out_are_empty(tmp_path: Path) -> None:
    """A sparse last column makes no lead invalid, and it is said."""
    rows = [HEADER, *([*FULL[:3], ""] for _ in range(70))]
    rows[40][3] = "call late"
    table = opened(tmp_path, as_excel_writes(rows))
    assert damaged(table) == []
    (batch,) = table.batches()
    assert batch.frame.to_numpy().tolist() == rows[1:]
    assert "16 rows" in table.source.notes[0]


@given(filled=st.lists(st.integers(0, 3), min_size=31, max_size=120))
def test_whatever_excel_leaves_out_is_read_back(filled: list[int]) -> None:
    """One whole short block shows the habit; then it is known in every shape that it takes."""
    filled[15:31] = [min(last, 2) for last in filled[15:31]]
    table = [HEADER, *(FULL[: last + 1] + [""] * (3 - last) for last in filled)]
    with tempfile.TemporaryDirectory() as folder:
        read = opened(Path(folder), as_excel_writes(table))
        assert damaged(read) == []
        (batch,) = read.batches()
    assert batch.frame.to_numpy().tolist() == table[1:]


def shortened(*rows: int, length: int = 64) -> str:
    """A table in which these rows lack their last cell."""
    table = [HEADER, *(FULL for _ in range(length - 1))]
    return "\n".join(
        ",".join(row[:3] if number in rows else row) for number, row in enumerate(table, start=1)
    )


@pytest.mark.parametrize(
    "rows",
    [
        range(2, 17),
        range(2, 65),
        range(18, 33),
        range(17, 34),
        [20, *range(33, 49)],
        [64],
    ],
    ids=["beside the header", "everywhere", "not all", "one more", "one elsewhere", "the last"],
)
def test_short_rows_elsewhere_are_damaged(tmp_path: Path, rows: list[int]) -> None:
    """Without the whole habit nobody knows which cell is missing, so nothing is filled up."""
    assert damaged(opened(tmp_path, shortened(*rows))) == list(rows)


@pytest.mark.parametrize(
    "line", ["0991234567,Ana,Quito,x,y", '0991234567,"A"x,Quito,x', "0991234567,Ana"]
)
def test_one_odd_row_breaks_the_habit(tmp_path: Path, line: str) -> None:
    """A file that is damaged anywhere gets no benefit of the doubt."""
    lines = shortened(*range(17, 33), length=64).splitlines()
    lines[19] = line
    assert damaged(opened(tmp_path, "\n".join(lines))) == list(range(17, 33))


def test_blank_rows_and_a_last_short_block_keep_the_habit(tmp_path: Path) -> None:
    """Blank rows have no cells to miss, and a file may end within a block."""
    lines = shortened(*range(17, 33), *range(49, 53), length=52).splitlines()
    lines[20] = ""
    assert damaged(opened(tmp_path, "\n".join(lines))) == []


def test_line_ends_inside_cells_keep_the_habit(tmp_path: Path) -> None:
    """A cell of two lines in a short row is not taken for a lost quote."""
    lines = shortened(*range(17, 33)).splitlines()
    lines[20] = '0991234567,"Ana\nVega",Quito'
    assert damaged(opened(tmp_path, "\n".join(lines))) == []
