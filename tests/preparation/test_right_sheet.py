"""A summary that happens to be in front is not taken for the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from bulk_loader.errors import ColumnError, ExitCode
from bulk_loader.workflows.check import check

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from bulk_loader.settings import Settings

    Sheets = Callable[..., Path]

_LEADS = (("Teléfono", "Nombre"), ("099123456", "Ana"))


@pytest.fixture
def sheets(tmp_path: Path) -> Sheets:
    """A workbook of these sheets, the first in front."""

    def make(**sheets: Sequence[Sequence[object]]) -> Path:
        book = openpyxl.Workbook()
        assert book.active is not None
        book.remove(book.active)
        for name, rows in sheets.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(list(row))
        path = tmp_path / "leads.xlsx"
        book.save(path)
        return path

    return make


@pytest.mark.parametrize("header", [("Concepto", "Número"), ("Concepto", "Importe")])
def test_a_summary_in_front_is_asked_about(
    sheets: Sheets, settings: Callable[..., Settings], header: tuple[str, str]
) -> None:
    """Whatever it holds; the sheet with the phones is named, with what to add."""
    path = sheets(Resumen=(header, ("Leads", 1250)), Leads=_LEADS)

    with pytest.raises(ColumnError) as caught:
        check(path, settings())

    assert 'The sheet "Resumen" was in front' in caught.value.what
    assert caught.value.why == 'There is such a column in: "Leads".'
    assert caught.value.remedy == "Say which sheet is meant: --sheet Leads or --sheet Resumen"
    assert caught.value.exit_code is ExitCode.BAD_FILE
    assert check(path, settings(sheet="Leads")).source.leads == 1


def test_whoever_names_the_sheet_or_the_column_is_not_asked(
    sheets: Sheets, settings: Callable[..., Settings]
) -> None:
    """Then it is the one that is meant."""
    path = sheets(Resumen=(("Concepto", "Número"), ("Leads", "099123457")), Leads=_LEADS)

    assert check(path, settings(sheet="Resumen")).source.sheet == "Resumen"
    chosen = settings(map={"destination": ["Número"]})
    assert check(path, chosen).source.sheet == "Resumen"


def test_a_list_in_front_is_read_as_ever(sheets: Sheets, settings: Callable[..., Settings]) -> None:
    """Also beside another list, which is named, and beside what is no list."""
    path = sheets(Enero=_LEADS, Febrero=_LEADS, Notas=(("Fijo",),))

    report = check(path, settings())

    assert report.source.sheet == "Enero"
    assert any('there is also "Febrero"' in note for note in report.source.notes)


def test_a_vague_name_is_taken_where_no_other_sheet_has_a_surer_one(
    sheets: Sheets, settings: Callable[..., Settings]
) -> None:
    """There is nothing to choose from."""
    path = sheets(Hoja1=(("Nombre", "Número"), ("Ana", "099123456")), Notas=(("Hola",),))

    assert check(path, settings()).source.sheet == "Hoja1"
