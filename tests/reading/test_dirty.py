"""The corpus of odd files: each reads as the text that a person sees, or as a named damage."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bulk_loader.errors import SourceError
from bulk_loader.reading import HiddenRows, ReadingOptions, open_leads
from bulk_loader.reading.sheets import open_sheet
from bulk_loader.reading.table import SheetTable
from bulk_loader.spreadsheets.xlsx.format import XLSX
from bulk_loader.spreadsheets.xlsx.workbook import XlsxSheet

if TYPE_CHECKING:
    from bulk_loader.model import LeadTable

CORPUS = Path(__file__).parents[1] / "tools" / "dirty"
EXPECTED = sorted(CORPUS.glob("*.json"))


def read(table: LeadTable) -> tuple[dict[str, list[str]], dict[str, dict[str, str]]]:
    """All rows and the codes of all damages, as the corpus has them."""
    rows: dict[str, list[str]] = {}
    damages: dict[str, dict[str, str]] = {}
    for batch in table.batches(size=2):
        leads = zip(batch.frame.index, batch.frame.to_numpy().tolist(), strict=True)
        rows.update((str(number), cells) for number, cells in leads)
        for damage in batch.damages:
            damages.setdefault(str(damage.row), {})[damage.column or ""] = damage.code
    return rows, damages


def case(path: Path) -> tuple[Path, dict[str, Any], ReadingOptions]:
    """The file, what is expected of it, and how it is to be read."""
    expected = json.loads(path.read_text("utf-8"))
    options = dict(expected["options"])
    if "hidden" in options:
        options["hidden"] = HiddenRows(options["hidden"])
    (source,) = (file for file in CORPUS.glob(f"{path.stem}.*") if file.suffix != ".json")
    return source, expected, ReadingOptions(**options)


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.stem)
def test_reads_as_a_person_sees_it(path: Path) -> None:
    """Rows, damages, columns and notes are those written down beside the file."""
    source, expected, options = case(path)
    if expected["error"]:
        with pytest.raises(SourceError) as caught:
            open_leads(source, options)
        assert expected["error"] in str(caught.value)
        assert caught.value.what
        assert caught.value.remedy
        return
    table = open_leads(source, options)
    rows, damages = read(table)
    assert rows == expected["rows"]
    assert damages == expected["damages"]
    assert list(table.source.columns) == expected["columns"]
    assert table.source.leads == len(rows)
    notes = "\n".join(table.source.notes)
    assert [note for note in expected["notes"] if note not in notes] == []


def has_two_ways(path: Path) -> bool:
    """The case is a workbook that can be read, so it can be read in the exact way too."""
    book = path.with_suffix(".xlsx")
    is_archive = book.exists() and book.read_bytes().startswith(b"PK")
    return is_archive and not json.loads(path.read_text("utf-8"))["error"]


@pytest.mark.parametrize(
    "path", [path for path in EXPECTED if has_two_ways(path)], ids=lambda path: path.stem
)
def test_fast_and_exact_way_agree(path: Path) -> None:
    """A sheet read through the parser alone gives the same leads, damages and decisions."""
    source, _, options = case(path)
    fast = open_sheet(source, XLSX, "", options)
    assert isinstance(fast.sheet, XlsxSheet)
    exact = SheetTable(fast.source, replace(fast.sheet, is_plain=False), fast.merges, fast.hidden)
    assert read(exact) == read(fast)
    assert list(exact.records()) == list(fast.records())


def test_is_a_large_corpus() -> None:
    """A hundred files and more, so that a lost folder does not pass as success."""
    assert len(EXPECTED) > 100
