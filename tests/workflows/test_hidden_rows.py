from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from bulk_loader.model import Status
from bulk_loader.workflows.retry import retry
from bulk_loader.workflows.upload import upload
from tests.spreadsheets.binary_workbooks import old_text, write_xls
from tests.support.costly_files import biff
from tests.support.faulty_dialer import Fault, FaultyDialer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulk_loader.settings import Settings

HIDDEN = biff(0x0208, struct.pack("<HHHHHHHH", 2, 0, 2, 0, 0, 0, 0x20, 0))
"""The third row of the sheet."""


def test_a_row_that_was_left_out_as_hidden_is_left_out_by_a_retry(
    settings: Callable[..., Settings], tmp_path: Path
) -> None:
    """Also where the results are another workbook than the list: nobody wanted it called."""
    numbers = ("0991000001", "0991000002", "0991000003")
    cells = old_text(1, 0, "phone")
    for row, number in enumerate(numbers, 2):
        cells += old_text(row, 0, number)
    path = write_xls(tmp_path / "leads.xls", cells + HIDDEN)
    with FaultyDialer({1: Fault.ZERO}) as dialer:
        told = settings(dialer, hidden="skip", concurrency=1)
        first = upload(path, told)
        assert first.counts[Status.REJECTED] == first.counts[Status.ACCEPTED] == 1
        assert first.results is not None
        assert first.results.name == "leads.results.xlsx"
        assert retry(first.results, settings(dialer, concurrency=1)).counts[Status.ACCEPTED] == 2
        assert sorted(dialer.recorded) == [numbers[0], numbers[2]]
