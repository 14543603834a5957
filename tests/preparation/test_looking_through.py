"""A list is known as a whole before its first row is judged, by every verb in the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from bulk_loader.codes import ProblemCode
from bulk_loader.mapping import match_columns
from bulk_loader.model import Ending, Status
from bulk_loader.preparation.looking_through import LOOKED_AT, look_through
from bulk_loader.preparation.pipeline import open_table
from bulk_loader.workflows.check import check
from bulk_loader.workflows.retry import retry
from bulk_loader.workflows.upload import upload
from tests.spreadsheets.raw_workbooks import RawWorkbook
from tests.support.faulty_dialer import FaultyDialer
from tests.support.uploads import Leads, numbered

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulk_loader.settings import Settings

_HEADER = ("phone", "name", "id")


def _write(leads: Leads) -> None:
    """Forty leads, of which the fifth has a code for a number, and their total in row 42."""
    rows = [(*row, str(at)) for at, row in enumerate(numbered(40))]
    rows[4] = ("1234", "Customer 5", "5")
    leads.write(*rows, ("250", "TOTAL", ""), header=_HEADER)


def test_odd_rows_are_found_by_check_and_left_out_by_upload(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """Even where the batch that holds them tells nothing of the list."""
    _write(leads)
    told = settings(dialer, batch_size=1)

    report = check(leads.path, told)
    summary = upload(leads.path, told)

    assert [(problem.row, problem.code) for problem in report.problems] == [
        (6, ProblemCode.NUMBER_UNLIKE_OTHERS),
        (42, ProblemCode.TOTALS_ROW),
    ]
    assert summary.counts[Status.INVALID] == report.counts[Status.INVALID] == 2
    assert not {"1234", "250"} & set(dialer.recorded)
    assert "far fewer digits" in leads.rows()[4]["dialer_error"]
    assert "sum up" in leads.rows()[40]["dialer_error"]


def test_a_long_list_is_known_by_its_first_leads(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """A totals row at its end is found all the same, and the rest of it is not read once more."""
    rows = [(*row, str(at)) for at, row in enumerate(numbered(LOOKED_AT))]
    later = [(f"09950{at:05}", f"Later {at}", "") for at in range(LOOKED_AT, LOOKED_AT + 2000)]
    leads.write(*rows, *later, ("250", "TOTAL", ""), header=_HEADER)
    told = settings()
    table = open_table(leads.path, told)
    columns = match_columns(table.source.columns, {})

    known = look_through(table, columns, 700)

    assert {"id", "name"} <= known.usual  # of all leads, too few have an id
    report = check(leads.path, told)
    assert [problem.row for problem in report.problems] == [LOOKED_AT + 2002]


def test_odd_rows_are_left_out_by_a_run_that_goes_on_and_by_a_retry(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """What is still to be sent is held against the whole list, not against the rest of it."""
    _write(leads)
    with FaultyDialer() as dialer:
        told = settings(dialer, max_errors=0, canary=1, concurrency=1, batch_size=1)
        assert upload(leads.path, told).ending is Ending.STOPPED
        told = settings(dialer, batch_size=1)
        assert upload(leads.path, told).counts[Status.INVALID] == 2
        assert retry(leads.results, told).counts[Status.INVALID] == 2

        assert not {"1234", "250"} & set(dialer.recorded)


def test_odd_rows_are_sent_where_that_is_asked_for(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """After an upload that left them out it is a retry that sends them, and nothing else."""
    _write(leads)
    upload(leads.path, settings(dialer))
    before = set(dialer.recorded)

    summary = retry(leads.results, settings(dialer, odd_rows="send"))

    assert summary.counts[Status.ACCEPTED] == 41
    assert set(dialer.recorded) - before == {"1234", "250"}


def test_a_total_in_a_workbook_is_found(tmp_path: Path, settings: Callable[..., Settings]) -> None:
    """Numbers that are stored as such read like others."""
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (
        ("Name", "Id", "Phone"),
        ("a", 1, 991000001),
        ("b", 2, 991000003),
        ("Total", None, 2500),
    ):
        book.active.append(row)
    path = tmp_path / "leads.xlsx"
    book.save(path)

    (problem,) = check(path, settings()).problems

    assert (problem.row, problem.code) == (4, ProblemCode.TOTALS_ROW)


def test_check_suggests_the_country_of_the_numbers(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """Unless one is given, or the list is too short to tell."""
    note = "The numbers look like those of UY: with --phone-region UY each is checked by its plan."
    numbers = [(f"0991{at:05}", "Ana") for at in range(20)]
    leads.write(*numbers)

    assert note in check(leads.path, settings()).notes
    assert note not in check(leads.path, settings(phone_region="UY")).notes
    leads.write(*numbers[1:])
    assert note not in check(leads.path, settings()).notes


def _workbook(path: Path, formula: str) -> Path:
    """Sixty leads whose numbers are computed, and a row of the same shape with this formula."""
    formulas = [*(f"B{at}" for at in range(2, 62)), formula]
    rows = (
        f'<row r="{at}"><c r="A{at}"><f>{written}</f><v>{991_234_000 + at}</v></c></row>'
        for at, written in enumerate(formulas, 2)
    )
    header = '<row r="1"><c r="A1" t="inlineStr"><is><t>phone</t></is></c></row>'
    return RawWorkbook(header + "".join(rows)).write(path)


@pytest.mark.parametrize("formula", ["SUM(A2:A61)", "SUBTOTAL(109,A2:A61)", "SUM(Leads[phone])"])
def test_a_sum_of_the_rows_above_is_no_phone(
    settings: Callable[..., Settings], tmp_path: Path, formula: str
) -> None:
    """However it looks, and also where its row is written like those before it."""
    path = _workbook(tmp_path / "sums.xlsx", formula)
    found = check(path, settings()).problems
    assert [(problem.row, problem.code) for problem in found] == [(62, ProblemCode.SUM_OF_ROWS)]
    assert not check(path, settings(odd_rows="send")).problems


@pytest.mark.parametrize("formula", ["SUM(B62:D62)", "B62+0", "VALUE(B62)"])
def test_a_number_that_is_computed_from_its_own_row_is_a_phone(
    settings: Callable[..., Settings], tmp_path: Path, formula: str
) -> None:
    """A formula alone says nothing against a lead."""
    assert not check(_workbook(tmp_path / "leads.xlsx", formula), settings()).problems


def test_a_sum_beside_a_lead_says_nothing_of_its_phone(
    settings: Callable[..., Settings], tmp_path: Path
) -> None:
    """What stands in a column that is not dialled may well be computed from other rows."""
    text = '<c r="{}" t="inlineStr"><is><t>{}</t></is></c>'
    rows = f'<row r="1">{text.format("A1", "phone")}{text.format("B1", "calls")}</row>'
    rows += "".join(
        f'<row r="{at}">{text.format(f"A{at}", phone)}<c r="B{at}"><f>SUM(C1:C9)</f><v>7</v></c></row>'
        for at, (phone, _) in enumerate(numbered(3), 2)
    )
    path = RawWorkbook(rows).write(tmp_path / "leads.xlsx")

    report = check(path, settings(data="calls={calls}"))

    assert report.counts[Status.UNSENT] == 3
    assert '"data": "calls=7"' in report.first_tasks[0]
