from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from tests.tools.crash.leads import NO_PHONE, LeadFile
from tests.tools.crash.results import ResultsSheet
from tests.tools.crash.sheets import read_sheet, write_sheet

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def list_(tmp_path: Path) -> LeadFile:
    """A list, whose results stand beside it."""
    file = LeadFile(tmp_path / "leads.csv", random.Random(4), 60, repeats=False)
    rows = [
        (*row, "0", "invalid", "") if row.phone == NO_PHONE else (*row, "1", "accepted", "")
        for row in file.rows
    ]
    header = ("phone", "campaign", "data", "dialer_result", "dialer_status", "dialer_error")
    write_sheet(file.results, [header, *rows])
    return file


@pytest.mark.parametrize("seed", range(4))
def test_what_is_typed_over_an_accepted_lead_does_not_make_it_another(
    list_: LeadFile, seed: int
) -> None:
    """The dialer knows it by what was sent; a corrected number is a new lead, to be called once."""
    sheet = ResultsSheet(list_.results, list_)
    before = sheet.names
    sheet.type_into(random.Random(seed))
    corrected, _ = sheet.typed
    changed = [name for name in sheet.names if name not in before]
    assert [phone for phone, _ in changed] == [corrected]
    assert sheet.most[corrected] == 1
    cells = {cell for row in read_sheet(sheet.path) for cell in row.values()}
    assert set(sheet.typed) <= cells


def test_a_results_file_is_found_again_by_what_was_typed_into_it(list_: LeadFile) -> None:
    """Wherever it went; where nothing of that name and no other holds the texts, it is gone."""
    sheet = ResultsSheet(list_.results, list_)
    sheet.type_into(random.Random(1))
    kept = sheet.path.rename(sheet.path.with_name("kept.csv"))
    list_.results.write_text("phone\n", "utf-8")
    assert sheet.follow([kept])
    assert sheet.path == kept
    kept.unlink()
    assert not sheet.follow([list_.results])
