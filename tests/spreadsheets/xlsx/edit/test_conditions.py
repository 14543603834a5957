from __future__ import annotations

from bulk_loader.spreadsheets.xlsx.edit.conditions import Condition, with_condition

CONDITION = Condition("A2:F9", '$F2="invalid"', 3)
OWN = (
    b'<conditionalFormatting sqref="A2:A9"><cfRule type="duplicateValues" priority="4"/>'
    b"</conditionalFormatting>"
)


def tail(*elements: bytes) -> bytes:
    """What stands behind the rows of a sheet with these elements."""
    return b"".join((b"</sheetData>", *elements, b"<pageMargins/></worksheet>"))


def test_a_condition_goes_behind_those_of_the_sheet() -> None:
    """What its author wanted to see stays as it was, and wins."""
    found = with_condition(tail(OWN), b"", CONDITION)
    assert found is not None
    assert found.startswith(b"</sheetData>" + OWN)
    assert b'sqref="A2:F9"><cfRule type="expression" dxfId="3" priority="5">' in found


def test_it_takes_the_place_of_an_earlier_one_of_ours() -> None:
    """However often the results are written, also where another program has saved them."""
    once = with_condition(tail(OWN), b"", CONDITION)
    assert once is not None
    assert with_condition(once, b"", CONDITION) == once
    saved = once.replace(b'"invalid"', b"&quot;invalid&quot;").replace(
        b'N("bulk-loader")', b"N(&quot;bulk-loader&quot;)"
    )
    assert with_condition(saved, b"", CONDITION) == once


def test_conditions_that_share_its_cells_stay() -> None:
    """A program may write all conditions of the same cells into one element."""
    once = with_condition(tail(), b"", CONDITION)
    assert once is not None
    theirs = b'<cfRule type="duplicateValues" priority="9"/>'
    shared = once.replace(b"<cfRule", theirs + b"<cfRule", 1)
    again = with_condition(shared, b"", CONDITION)
    assert again is not None
    assert again.count(theirs) == 1
    assert again.count(b"bulk-loader") == 1
    assert b'priority="10"' in again


def test_without_a_certain_place_there_is_none() -> None:
    """The results are written all the same."""
    assert with_condition(b"</sheetData><!-- --></worksheet>", b"", CONDITION) is None
