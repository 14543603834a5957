from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from bulk_loader.choices import HiddenRows
from bulk_loader.reading import Counted, ReadingOptions, Tally, open_leads
from bulk_loader.reading.tally import MAX_LENGTH, MAX_TEXTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ROWS = [
    ["phone", "campaign", "agent"],
    ["0991", "A", "101"],
    ["0992", "B", " "],
    [],
    ["#example 1", "C", "102"],
    ["0993", "A", ""],
    ["0994"],
    ["0995", "A", "103"],
]


def by_campaign(labels: Sequence[str]) -> Counted | None:
    """Leads by campaign, and those with an agent."""
    return Counted("campaign", ("agent", None)) if "campaign" in labels else None


@pytest.fixture(params=["csv", "xlsx"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The rows as a text file, and as a workbook."""
    file = tmp_path / f"leads.{request.param}"
    if request.param == "csv":
        file.write_text("\n".join(",".join(cells) for cells in ROWS), "utf-8")
        return file
    book = openpyxl.Workbook()
    assert book.active is not None
    for number, cells in enumerate(ROWS, 1):
        for column, text in enumerate(cells, 1):
            book.active.cell(number, column, text)
    book.active.row_dimensions[8].hidden = True
    book.save(file)
    return file


def counted(tally: Tally) -> dict[str, tuple[int, int, list[int]]]:
    """Leads, first row and filled columns by text."""
    return {text: (each.leads, each.first_row, each.filled) for text, each in tally.counts.items()}


def test_leads_are_counted_while_the_file_is_looked_through(path: Path) -> None:
    """Blank rows and examples are none; a row that ends before the column counts without a text."""
    tally = Tally(by_campaign)
    opened = open_leads(path, ReadingOptions(hidden=HiddenRows.SEND, tally=tally))
    assert counted(tally) == {"A": (3, 2, [2, 0]), "B": (1, 3, [0, 0]), "": (1, 7, [0, 0])}
    assert opened.source.leads == 5


def test_hidden_leads_are_left_out_where_they_are_not_sent(path: Path) -> None:
    """The counts are of what would be sent; a text file has no hidden rows."""
    tally = Tally(by_campaign, skips_hidden=True)
    opened = open_leads(path, ReadingOptions(hidden=HiddenRows.SKIP, tally=tally))
    assert sum(each.leads for each in tally.counts.values()) == opened.source.leads
    assert tally.counts["A"].leads == (3 if path.suffix == ".csv" else 2)


def test_a_file_without_the_column_is_not_counted(path: Path) -> None:
    """What it has none of is asked of nobody."""
    tally = Tally(lambda _labels: None)
    open_leads(path, ReadingOptions(hidden=HiddenRows.SEND, tally=tally))
    assert (tally.counted, tally.counts) == (None, {})


def test_columns_without_a_header_have_letters(path: Path) -> None:
    """They can be counted by, as they can be mapped."""
    tally = Tally(lambda labels: Counted("[B]") if "[B]" in labels else None)
    open_leads(path, ReadingOptions(hidden=HiddenRows.SEND, header_row=0, tally=tally))
    assert tally.counts["A"].leads == 3
    assert tally.counts["campaign"].leads == 1


def test_each_file_is_counted_anew(path: Path) -> None:
    """A list that is opened twice has as many leads as before."""
    tally = Tally(by_campaign)
    for _ in range(2):
        open_leads(path, ReadingOptions(hidden=HiddenRows.SEND, tally=tally))
    assert tally.counts["A"].leads == 3


def test_no_more_texts_are_kept_than_any_list_has_campaigns(tmp_path: Path) -> None:
    """The leads of the others are counted together, so that memory stays bounded."""
    file = tmp_path / "leads.csv"
    names = [f"C{number}" for number in range(MAX_TEXTS + 5)]
    file.write_text("phone,campaign\n" + "".join(f"0991,{name}\n" for name in [*names, *names]))
    tally = Tally(lambda _labels: Counted("campaign"))
    open_leads(file, ReadingOptions(tally=tally))
    assert (len(tally.counts), tally.more) == (MAX_TEXTS, 10)
    assert {each.leads for each in tally.counts.values()} == {2}


def test_no_text_is_kept_that_is_too_long_for_a_name(tmp_path: Path) -> None:
    """A column of remarks takes no memory."""
    file = tmp_path / "leads.csv"
    file.write_text(f"phone,campaign\n0991,{'x' * (MAX_LENGTH + 1)}\n0992,{'x' * MAX_LENGTH}\n")
    tally = Tally(lambda _labels: Counted("campaign"))
    open_leads(file, ReadingOptions(tally=tally))
    assert (list(tally.counts), tally.more) == (["x" * MAX_LENGTH], 1)
