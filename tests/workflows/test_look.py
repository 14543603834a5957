from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl

from bulk_loader.model import Field
from bulk_loader.workflows.look import SeenColumn, look
from bulk_loader.workflows.upload import upload

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.settings import Settings
    from tests.support.faulty_dialer import FaultyDialer
    from tests.support.uploads import Leads

SAMPLES = Path(__file__).parents[2] / "sample_files"


def test_tells_what_each_column_holds_and_feeds(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """The first three cells that are not empty tell a person which column it is."""
    leads.write(("0991", ""), ("0992", "Ana"), ("0993", "Eva"), ("0994", "Iris"), ("0995", "Ida"))
    seen = look(leads.path, settings())
    assert seen.columns == (
        SeenColumn("phone", ("0991", "0992", "0993")),
        SeenColumn("name", ("Ana", "Eva", "Iris")),
    )
    assert seen.fed.columns == {Field.DESTINATION: ("phone",)}
    assert (seen.fault, seen.is_results, seen.sheets) == (None, False, ())


def test_a_list_whose_columns_do_not_fit_is_shown_with_the_fault(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """Who is to say which column holds the number must see the columns."""
    leads.write(("a", "b"), header=("uno", "dos"))
    seen = look(leads.path, settings())
    assert [column.label for column in seen.columns] == ["uno", "dos"]
    assert seen.fault is not None
    assert seen.fed.columns == {}


def test_columns_stand_although_something_else_is_missing(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """A campaign that nobody has named does not hide what was recognised."""
    leads.write(("0991234567", "Ana"))
    seen = look(leads.path, settings(campaign=""))
    assert seen.fed.columns == {Field.DESTINATION: ("phone",)}
    assert seen.fault is not None
    assert "campaign" in seen.fault.what


def test_the_sheets_of_a_workbook_are_named_even_where_the_one_in_front_is_no_list(
    tmp_path: Path, settings: Callable[..., Settings]
) -> None:
    """Who can't say which sheet is meant is stuck."""
    book = openpyxl.Workbook()
    book.active["A1"] = "Notes"  # type: ignore[index]
    sheet = book.create_sheet("Ventas")
    sheet.append(["telefono"])
    sheet.append(["0991234567"])
    book.save(tmp_path / "list.xlsx")
    seen = look(tmp_path / "list.xlsx", settings())
    assert seen.source is None
    assert seen.sheets == ("Sheet", "Ventas")
    assert look(tmp_path / "list.xlsx", settings(sheet="Ventas")).fault is None


def test_a_results_file_is_told_from_a_list(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """It is for a retry, and its columns are not to be chosen again."""
    leads.write(("0991234567", "Ana"))
    upload(leads.path, settings(dialer))
    assert look(leads.results, settings()).is_results


def test_what_is_no_list_is_a_fault(tmp_path: Path, settings: Callable[..., Settings]) -> None:
    """The reading says why, in its own words."""
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    seen = look(tmp_path / "picture.png", settings())
    assert seen.source is None
    assert seen.fault is not None
