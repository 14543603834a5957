from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.spreadsheets.xlsx.edit.widths import with_widths


def test_an_entry_over_many_columns_is_cut_apart() -> None:
    """LibreOffice writes one for the whole rest of the sheet; entries must not overlap."""
    head = b'<worksheet><cols><col min="2" max="9" width="5"/></cols><sheetData>'

    assert with_widths(head, {3: 12}, b"") == (
        b'<worksheet><cols><col min="2" max="3" width="5"/>'
        b'<col min="4" max="4" width="12" customWidth="1"/>'
        b'<col min="5" max="9" width="5"/></cols><sheetData>'
    )


def test_a_sheet_without_widths_gets_some() -> None:
    """They stand right before the rows."""
    column = b'<x:col min="1" max="1" width="7" customWidth="1"/>'
    assert with_widths(b"<x:a/><x:sheetData>", {0: 7}, b"x:") == (
        b"<x:a/><x:cols>" + column + b"</x:cols><x:sheetData>"
    )


@given(
    st.lists(st.integers(1, 9), max_size=5),
    st.sets(st.integers(0, 40), min_size=1, max_size=3),
)
def test_no_column_is_told_of_twice(lengths: list[int], positions: set[int]) -> None:
    """Whatever entries there were, they ascend without overlaps, the new ones among them."""
    entries, following = b"", 1
    for length in lengths:
        last = following + length - 1
        entries += b'<col min="%d" max="%d" width="5"/>' % (following, last)
        following = last + 1
    head = with_widths(
        b"<cols>" + entries + b"</cols><sheetData>", dict.fromkeys(positions, 9), b""
    )

    spans = [tuple(map(int, span)) for span in re.findall(rb'min="(\d+)" max="(\d+)"', head)]
    told = [number for first, last in spans for number in range(first, last + 1)]

    assert told == sorted(set(told))
    assert set(told) == set(range(1, following)) | {position + 1 for position in positions}
