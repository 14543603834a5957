from __future__ import annotations

import pytest

from bulk_loader.spreadsheets.xlsx.edit.columns import NewColumns
from bulk_loader.spreadsheets.xlsx.edit.filters import (
    with_filter_name,
    with_wider_filter,
    with_wider_filter_name,
)

COLUMNS = NewColumns(2, 2, (2, 3, 4), {2: 12, 3: 13, 4: 60}, is_clear=True)


def test_a_filter_that_borders_on_new_columns_takes_them_in() -> None:
    """Only the filter of the header, and only where it ends at the last column."""
    assert with_wider_filter(b'<autoFilter ref="A2:B9"/>', COLUMNS) == b'<autoFilter ref="A2:E9"/>'
    for other in (b'<autoFilter ref="A2:A9"/>', b'<autoFilter ref="A1:B9"/>'):
        assert with_wider_filter(other, COLUMNS) == other


def test_the_hidden_name_of_the_filter_follows() -> None:
    """LibreOffice goes by it; those of other sheets, and other names, stay."""
    name = b'<definedName name="%b" localSheetId="%d">Leads!$A$2:$B$9</definedName>'
    own = name % (b"_xlnm._FilterDatabase", 1)
    others = name % (b"_xlnm._FilterDatabase", 0) + name % (b"_xlnm.Print_Area", 1)

    wider = with_wider_filter_name(others + own, 1, COLUMNS)

    assert wider == others + own.replace(b"$B$9", b"$E$9")


@pytest.mark.parametrize(
    "names",
    [
        b"",
        b"<definedNames/>",
        (
            b'<definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="1" hidden="1">'
            b"Old!$A$1:$B$2</definedName></definedNames>"
        ),
    ],
)
def test_a_new_filter_gets_its_hidden_name(names: bytes) -> None:
    """One, in place of what an old filter has left, with the sheet's name as formulas have it."""
    found = with_filter_name(
        b"<workbook><sheets></sheets>" + names + b"<calcPr/></workbook>", 1, "Ana's <list>", "A1:F9"
    )
    name = (
        b'<definedName name="_xlnm._FilterDatabase" localSheetId="1" hidden="1">'
        b"'Ana''s &lt;list&gt;'!$A$1:$F$9</definedName>"
    )
    assert found == (
        b"<workbook><sheets></sheets><definedNames>" + name + b"</definedNames><calcPr/></workbook>"
    )
