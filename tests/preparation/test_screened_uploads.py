"""The rules of screening that stand in files and settings, on their way into an upload."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from bulk_loader.codes import OutcomeCode
from bulk_loader.errors import LedgerError, SettingsError
from bulk_loader.model import Outcome, Status
from bulk_loader.preparation.pipeline import open_table
from bulk_loader.runs.tally import assert_adds_up, complete_outcomes
from bulk_loader.workflows.check import check
from bulk_loader.workflows.upload import upload
from tests.support.uploads import Leads, numbered

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.settings import Settings
    from tests.support.faulty_dialer import FaultyDialer

DAY_S = 86_400


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """A do-not-call list with a heading, one number a line."""
    path = tmp_path / "do-not-call.txt"
    path.write_text("numbers\n0991000002\n+598 99 555 003\n", "utf-8")
    return path


def test_numbers_of_a_do_not_call_list_are_not_sent(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings], listed: Path
) -> None:
    """They are left out on purpose: suppressed, exit code 0, and the dialer never sees them."""
    leads.write(*numbered(4))
    summary = upload(leads.path, settings(dialer, suppress=[listed]))
    assert leads.statuses() == ["accepted", "suppressed", "accepted", "accepted"]
    assert sorted(dialer.recorded) == ["0991000001", "0991000003", "0991000004"]
    assert summary.counts[Status.SUPPRESSED] == 1


def test_a_do_not_call_list_can_be_a_column_of_a_spreadsheet(
    leads: Leads, settings: Callable[..., Settings], tmp_path: Path
) -> None:
    """The column is found by its name, as that of a list of leads."""
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (("Name", "Phone"), ("a", "0991000001"), ("b", "0991000003")):
        book.active.append(row)
    path = tmp_path / "blocked.xlsx"
    book.save(path)
    leads.write(*numbered(4))
    report = check(leads.path, settings(suppress=[path]))
    assert report.counts[Status.SUPPRESSED] == 2
    assert {problem.row for problem in report.problems} == {2, 4}


def test_an_old_do_not_call_list_stops_the_run(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings], listed: Path
) -> None:
    """Who asked not to be called yesterday may not stand in last month's list."""
    leads.write(*numbered(2))
    month_ago = time.time() - 31 * DAY_S
    os.utime(listed, (month_ago, month_ago))
    with pytest.raises(SettingsError, match="too old"):
        upload(leads.path, settings(dialer, suppress=[listed], suppress_max_age="30d"))
    upload(leads.path, settings(dialer, suppress=[listed], suppress_max_age="32d"))


@pytest.mark.parametrize("content", [None, "", "no numbers\nat all\n", "a,b\n1,2\n"])
def test_a_list_that_protects_nobody_stops_the_run(
    leads: Leads,
    dialer: FaultyDialer,
    settings: Callable[..., Settings],
    tmp_path: Path,
    content: str | None,
) -> None:
    """A list that is missing, empty or misread is never taken for one without numbers."""
    leads.write(*numbered(2))
    path = tmp_path / "list.csv"
    if content is not None:
        path.write_text(content, "utf-8")
    with pytest.raises(SettingsError, match="do-not-call list"):
        upload(leads.path, settings(dialer, suppress=[path]))
    assert dialer.received == []


def test_calls_outside_the_calling_hours_are_not_made(
    leads: Leads, settings: Callable[..., Settings], tmp_path: Path
) -> None:
    """By weekday, in a zone, and never on a holiday."""
    holidays = tmp_path / "holidays.txt"
    holidays.write_text("2035-01-01\n", "utf-8")
    hours = {
        "zone": "America/Montevideo",
        "holidays": holidays,
        "monday": "09:00-18:00",
        "tuesday": "09:00-18:00",
    }
    leads.write(
        ("0991000001", "2035-01-02 10:00:00"),  # a Tuesday
        ("0991000002", "2035-01-02 18:00:00"),  # closed since this moment
        ("0991000003", "2035-01-03 10:00:00"),  # a Wednesday
        ("0991000004", "2035-01-01 10:00:00"),  # a Monday, but a holiday
        header=("phone", "calldate"),
    )
    report = check(leads.path, settings(calling_hours=hours))
    assert report.counts[Status.UNSENT] == 1
    assert [problem.row for problem in report.problems] == [3, 4, 5]


def test_calling_hours_without_a_zone_or_with_lost_holidays_stop_the_run(
    leads: Leads, settings: Callable[..., Settings], tmp_path: Path
) -> None:
    """Whose clock counts is asked, not guessed; and so are days off."""
    leads.write(*numbered(1))
    with pytest.raises(SettingsError, match="no time zone"):
        check(leads.path, settings(calling_hours={"monday": "09:00-18:00"}))
    hours = {"zone": "UTC", "monday": "09:00-18:00"}
    with pytest.raises(SettingsError, match="can't be read"):
        check(leads.path, settings(calling_hours=hours | {"holidays": tmp_path / "none.txt"}))
    with pytest.raises(SettingsError, match="can't be read"):
        check(leads.path, settings(calling_hours=hours | {"holidays": Path("/dev/zero")}))


def test_leads_that_nobody_came_to_are_accounted_for(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """What the ledger holds, what only memory holds, and the rest: each lead exactly once."""
    leads.write(*numbered(4))
    table = open_table(leads.path, settings())
    durable = iter(
        [Outcome(2, Status.ACCEPTED), Outcome(4, Status.UNKNOWN, OutcomeCode.BROKEN_OFF)]
    )
    unsaved = [Outcome(4, Status.REJECTED, OutcomeCode.ANSWERED_0)]
    outcomes = list(complete_outcomes(table, durable, unsaved))
    assert [(outcome.row, outcome.status) for outcome in outcomes] == [
        (2, Status.ACCEPTED),
        (3, Status.UNSENT),
        (4, Status.REJECTED),
        (5, Status.UNSENT),
    ]


def test_counts_that_do_not_add_up_are_never_told() -> None:
    """A lead without a status is a fault of the program, and is said to be one."""
    with pytest.raises(LedgerError, match="accounts for 3 leads, but the file has 4"):
        assert_adds_up({Status.ACCEPTED: 3}, 4)
