from __future__ import annotations

import pytest

from bulk_loader.spreadsheets.xlsx.edit.views import (
    behind,
    in_front,
    is_frozen,
    with_active_sheet,
    with_frozen_rows,
)

PANE = b'<pane ySplit="2" topLeftCell="A3" activePane="bottomLeft" state="frozen"/>'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            b'<sheetViews><sheetView workbookViewId="0"/></sheetViews><sheetData>',
            b'<sheetViews><sheetView workbookViewId="0">' + PANE + b"</sheetView></sheetViews>"
            b"<sheetData>",
        ),
        (
            (
                b'<sheetViews><sheetView topLeftCell="A90" workbookViewId="0">'
                b'<selection activeCell="B2" sqref="B2"/></sheetView></sheetViews><sheetData>'
            ),
            b'<sheetViews><sheetView workbookViewId="0">'
            + PANE
            + b'<selection pane="bottomLeft" activeCell="B2" sqref="B2"/></sheetView></sheetViews>'
            b"<sheetData>",
        ),
        (
            b"<dimension/><cols><col/></cols><sheetData>",
            b'<dimension/><sheetViews><sheetView workbookViewId="0">'
            + PANE
            + b"</sheetView></sheetViews><cols><col/></cols><sheetData>",
        ),
    ],
)
def test_the_header_stays_in_sight(before: bytes, after: bytes) -> None:
    """However the sheet was looked at before; it is not left scrolled away under its header."""
    assert not is_frozen(before)
    assert with_frozen_rows(before, b"", 2) == after
    assert is_frozen(after)


def test_one_sheet_alone_is_in_front() -> None:
    """Of two chosen sheets, both would take what is typed into one of them."""
    view = b'<sheetViews><sheetView tabSelected="1" workbookViewId="0"/></sheetViews>'
    other = view.replace(b' tabSelected="1"', b"")
    assert behind(view) == other
    assert behind(other) == other
    assert in_front(other) == in_front(view) == view


@pytest.mark.parametrize("attributes", [b"", b' activeTab="0"', b' firstSheet="1" activeTab="3"'])
def test_the_workbook_opens_on_a_sheet(attributes: bytes) -> None:
    """Whichever was in front when it was saved."""
    found = with_active_sheet(b"<bookViews><workbookView%b/></bookViews>" % attributes, 2)
    assert found.count(b"activeTab") == found.count(b' activeTab="2"/>') == 1
