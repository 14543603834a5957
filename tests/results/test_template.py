from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from bulk_loader.errors import LoaderError
from bulk_loader.model import Field
from bulk_loader.results.template import write_template
from tests.results.examples import leads_of, opened

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet


def template(path: Path, *campaigns: str) -> Worksheet:
    """The sheet of a new template."""
    write_template(path, campaigns=campaigns)
    return openpyxl.load_workbook(path).worksheets[0]


def test_has_the_nine_fields_with_a_note_on_each(tmp_path: Path) -> None:
    """The header names every field once, and a note tells what it means."""
    sheet = template(tmp_path / "new.xlsx")

    assert {cell.value for cell in sheet[1]} == {name.value for name in Field}
    assert all(cell.comment and cell.comment.text.endswith(".") for cell in sheet[1])
    assert sheet.freeze_panes == "A2"


def test_formats_every_column_as_text(tmp_path: Path) -> None:
    """A number typed anywhere in a column keeps its zeros and its digits."""
    sheet = template(tmp_path / "new.xlsx")

    formats = {sheet.column_dimensions[letter].number_format for letter in "ABCDEFGHI"}
    assert formats == {"@"}


def test_its_examples_are_no_leads(tmp_path: Path) -> None:
    """A lead below the two examples is the only one."""
    path = tmp_path / "new.xlsx"
    template(path)
    book = openpyxl.load_workbook(path)
    book.worksheets[0].append(["0991234567", "POWER<-"])
    book.save(path)

    leads = leads_of(opened(path))

    assert leads == [(4, ["0991234567", "POWER<-", *[""] * 7])]
    assert str(book.worksheets[0]["A2"].value).startswith("#example 0")
    assert str(book.worksheets[0]["A3"].value).startswith("#example +")


def test_takes_the_columns_of_a_profile(tmp_path: Path) -> None:
    """Labels stand as given; only those that feed a field have notes, and none is a formula."""
    path = tmp_path / "new.xlsx"

    write_template(path, {"=id": None, "tel\u00e9fono": Field.DESTINATION})

    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["=id", "tel\u00e9fono"]
    assert [cell.data_type for cell in sheet[1]] == ["s", "s"]
    assert [bool(cell.comment) for cell in sheet[1]] == [False, True]
    assert [cell.value for cell in sheet[2]] == ["#example", "0991234567"]


def test_offers_the_campaigns_in_a_list(tmp_path: Path) -> None:
    """All rows of the column of campaigns offer them, and the examples use the first."""
    sheet = template(tmp_path / "new.xlsx", "SALES<-", "CARE")

    offers = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert offers == {
        "B2:B1048576": '"SALES<-,CARE"',
        "H2:H1048576": '"true,false"',
        "I2:I1048576": '"true,false"',
    }
    assert sheet["B2"].value == "SALES<-"


@pytest.mark.parametrize("campaigns", [("A, B", "=C"), tuple(f"CAMPAIGN {n}" for n in range(40))])
def test_offers_campaigns_that_a_rule_cannot_hold(
    tmp_path: Path, campaigns: tuple[str, ...]
) -> None:
    """Names with commas, and long lists, stand on a hidden sheet."""
    path = tmp_path / "new.xlsx"
    sheet = template(path, *campaigns)

    hidden = openpyxl.load_workbook(path)["Lists"]
    rule = sheet.data_validations.dataValidation[0]
    assert rule.formula1 == f"Lists!$A$1:$A${len(campaigns)}"
    assert tuple(str(cell.value) for cell in hidden["A"]) == campaigns
    assert hidden.sheet_state == "hidden"
    assert {cell.data_type for cell in hidden["A"]} == {"s"}


def test_never_replaces_a_file(tmp_path: Path) -> None:
    """A template that was filled in is safe from a second one."""
    path = tmp_path / "new.xlsx"
    path.write_bytes(b"filled in")

    with pytest.raises(LoaderError) as caught:
        write_template(path)

    assert caught.value.what == f"{path} exists already."
    assert path.read_bytes() == b"filled in"


def test_says_when_it_cannot_be_written(tmp_path: Path) -> None:
    """A missing folder is named, with the next step."""
    with pytest.raises(LoaderError) as caught:
        write_template(tmp_path / "none/new.xlsx")

    assert "No such file or directory" in caught.value.why
    assert "bulk-loader template" in caught.value.remedy
