from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from bulk_loader.errors import LoaderError, SettingsError
from bulk_loader.model import Field
from bulk_loader.settings import Settings
from bulk_loader.workflows.template import columns_of, template

if TYPE_CHECKING:
    from pathlib import Path


def header(path: Path) -> list[object]:
    """The first row of a workbook."""
    return [cell.value for cell in openpyxl.load_workbook(path).worksheets[0][1]]


def test_without_settings_it_has_the_nine_fields(tmp_path: Path) -> None:
    """Each field has a column of its own name, the number to dial first."""
    path = template(tmp_path / "leads.xlsx", Settings())
    assert path == tmp_path / "leads.xlsx"
    assert header(path)[0] == "destination"
    assert set(header(path)) == {field.value for field in Field}


def test_it_has_the_columns_that_the_settings_expect() -> None:
    """Mapped columns and those of the template for data stand there under their own labels."""
    settings = Settings(
        map={Field.DESTINATION: ("Phone",), Field.ALTERNATIVES: ("Home", "Work")},
        data="id={ID}:name={Name}:again={ID}",
    )
    assert list(columns_of(settings).items())[:6] == [
        ("Phone", Field.DESTINATION),
        ("campaign", Field.CAMPAIGN),
        ("ID", None),
        ("Name", None),
        ("Home", Field.ALTERNATIVES),
        ("Work", Field.ALTERNATIVES),
    ]


@pytest.mark.parametrize(("given", "offered"), [((), '"One"'), (("Two", "Three"), '"Two,Three"')])
def test_it_offers_the_campaigns(tmp_path: Path, given: tuple[str, ...], offered: str) -> None:
    """Campaigns that were named are to choose from, else that of the settings."""
    path = template(tmp_path / "leads.xlsx", Settings(campaign="One"), given)
    rules = openpyxl.load_workbook(path).worksheets[0].data_validations.dataValidation
    assert offered in {rule.formula1 for rule in rules}


def test_only_a_workbook_can_be_a_template(tmp_path: Path) -> None:
    """A text file has no text format for its columns, so it is refused."""
    with pytest.raises(SettingsError, match=r"can't be written to leads\.csv") as caught:
        template(tmp_path / "leads.csv", Settings())
    assert caught.value.remedy == "Name it leads.xlsx."


def test_it_is_never_written_over_another_file(tmp_path: Path) -> None:
    """A list that was filled in is safe from a second `template`."""
    template(tmp_path / "leads.xlsx", Settings())
    with pytest.raises(LoaderError):
        template(tmp_path / "leads.xlsx", Settings())
