from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.spreadsheets.xlsx.edit.sheet_part import SheetPart, UneditableError

SHEET = (
    b'<?xml version="1.0"?><x:worksheet><x:cols/><x:sheetData>'
    b'<x:row r="1"><x:c r="A1"/><x:c r="C1" s="2"><x:v>1</x:v></x:c></x:row>\n'
    b'<x:row r="3" ht="9"/><x:row ht="9" r="4"></x:row>  '
    b"</x:sheetData><x:mergeCells/></x:worksheet>"
)


def cut_up(content: bytes, size: int) -> SheetPart:
    """The sheet as it streams by in pieces of this size."""
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    return SheetPart(iter(pieces))


@given(st.integers(1, len(SHEET)))
def test_gives_back_every_byte(size: int) -> None:
    """Head, rows and tail are the whole sheet, wherever the pieces of the stream end."""
    part = cut_up(SHEET, size)
    rows = [row for _, *row in part.rows()]

    assert part.prefix == b"x:"
    assert part.head + b"".join(b"".join(row) for row in rows) + b"".join(part.tail()) == SHEET


@given(st.integers(1, len(SHEET)))
def test_tells_rows_by_their_numbers(size: int) -> None:
    """Rows without cells are told like the others."""
    assert [number for number, *_ in cut_up(SHEET, size).rows() if number] == [1, 3, 4]


def test_cuts_a_row_at_a_column() -> None:
    """What stands left of it stays whole, the others come with their positions."""
    part = cut_up(SHEET, len(SHEET))
    (_, _, cells, _), *_ = part.rows()

    assert part.cut(cells, 1) == (
        b'<x:c r="A1"/>',
        [(2, b'<x:c r="C1" s="2"><x:v>1</x:v></x:c>')],
    )


@pytest.mark.parametrize("end", [b"</x:sheetData>", b"<x:sheetData>"])
def test_a_sheet_that_is_cut_short_is_not_edited(end: bytes) -> None:
    """Where its rows do not begin or end, nothing is taken for one."""
    with pytest.raises(UneditableError):
        list(cut_up(SHEET.partition(end)[0], 99).rows())
