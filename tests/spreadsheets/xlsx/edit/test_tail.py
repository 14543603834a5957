from __future__ import annotations

import pytest

from bulk_loader.spreadsheets.xlsx.edit.tail import with_each, with_element

END = b"</sheetData>"
NEW = b"<conditionalFormatting/>"


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        (b"", b"</worksheet>"),
        (b'<autoFilter ref="A1:B2"/><mergeCells><mergeCell ref="A1:A2"/></mergeCells>', b"<pageMargins/>"),
        (b"<conditionalFormatting><cfRule/></conditionalFormatting>", b"<dataValidations/>"),
        # The margins of a view that somebody has stored are not those of the sheet.
        (b"<customSheetViews><customSheetView><pageMargins/></customSheetView></customSheetViews>",
         b"<pageMargins/>"),
        (b"", b"<mc:AlternateContent><x/></mc:AlternateContent>"),
        (b"", b"""<dataValidations><dataValidation prompt="a > b"/></dataValidations>"""),
    ],
)  # fmt: skip
def test_an_element_is_put_where_it_belongs(before: bytes, behind: bytes) -> None:
    """Excel calls a sheet damaged whose elements stand in another order."""
    rest = b"" if behind == b"</worksheet>" else b"</worksheet>"
    tail = END + before + behind + rest
    found = with_element(tail, b"", "conditionalFormatting", NEW)
    assert found == END + before + NEW + behind + rest


def test_names_may_have_a_prefix() -> None:
    """As some programs write all of them."""
    tail = b"</x:sheetData><x:pageMargins/></x:worksheet>"
    found = with_element(tail, b"x:", "autoFilter", b"<x:autoFilter/>")
    assert found == b"</x:sheetData><x:autoFilter/><x:pageMargins/></x:worksheet>"


@pytest.mark.parametrize("tail", [END + b"<mergeCells><mergeCell/>", END + b"<!-- --></worksheet>"])
def test_a_place_that_is_not_certain_is_none(tail: bytes) -> None:
    """What stands behind a first part is not known, and a comment may hold anything."""
    assert with_element(tail, b"", "conditionalFormatting", NEW) is None


def test_only_elements_of_the_sheet_itself_are_changed() -> None:
    """Not those of the same name inside of others."""
    inner = b"<customSheetViews><customSheetView><autoFilter/></customSheetView></customSheetViews>"
    tail = END + b"<autoFilter>x</autoFilter>" + inner + b"</worksheet>"
    assert with_each(tail, b"", "autoFilter", lambda _old: b"") == END + inner + b"</worksheet>"
