from __future__ import annotations

from bulk_loader.spreadsheets.xlsx.edit.columns import NewColumns
from bulk_loader.spreadsheets.xlsx.edit.filters import with_wider_filter, with_wider_filter_name

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
