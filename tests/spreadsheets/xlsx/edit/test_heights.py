from __future__ import annotations

import pytest

from bulk_loader.spreadsheets.xlsx.edit.heights import height_of, lines_of, with_height


@pytest.mark.parametrize(("text", "lines"), [("", 1), ("a" * 54, 1), ("a" * 55, 2), ("a\nb", 2)])
def test_lines_are_counted_on_the_safe_side(text: str, lines: int) -> None:
    """Words are not broken, so a line takes fewer letters than its width."""
    assert lines_of(text, 60) == lines


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (b'<row r="5">', b'<row r="5" ht="45">'),
        (b'<row r="5"/>', b'<row r="5" ht="45"/>'),
        (b'<row r="5" ht="12.8" customHeight="false" s="1">', b'<row r="5" customHeight="false" s="1" ht="45">'),
        (b'<row r="5" ht="60">', b'<row r="5" ht="60">'),
        (b'<row r="5" ht="12" customHeight="1">', b'<row r="5" ht="12" customHeight="1">'),
    ],
)  # fmt: skip
def test_a_row_becomes_higher_but_never_lower(start: bytes, expected: bytes) -> None:
    """And one that somebody has set by hand stays as it is."""
    assert with_height(start, 3) == expected


def test_no_row_is_higher_than_excel_allows() -> None:
    """A sentence of thousands of letters is cut on the screen."""
    assert height_of(1000) == 409
