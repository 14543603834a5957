from __future__ import annotations

from bulk_loader.spreadsheets.xlsx.edit.cell_markup import number_cell, text_cell


def test_an_empty_cell_has_only_its_format() -> None:
    """No text means no content, so that the cell reads as empty."""
    assert text_cell("A1", 3, "") == '<c r="A1" s="3"/>'


def test_a_text_is_nothing_but_a_text() -> None:
    """A formula stays its signs, and what XML can't hold is written in the workbook's own escape."""
    assert text_cell("A1", 0, "=<1>\x01_x0041_", "x:") == (
        '<x:c r="A1" s="0" t="inlineStr"><x:is><x:t xml:space="preserve">'
        "=&lt;1&gt;_x0001__x005F_x0041_</x:t></x:is></x:c>"
    )


def test_a_number_can_be_summed() -> None:
    """Its cell has no type, which is that of numbers."""
    assert number_cell("B2", 4, "1") == '<c r="B2" s="4"><v>1</v></c>'
