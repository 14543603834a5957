from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bulk_loader.ledger import Ledger
from bulk_loader.model import Ending, Status
from bulk_loader.reports.places import subject_of
from bulk_loader.runs.reporting import Found, reported
from bulk_loader.workflows.retry import retry
from bulk_loader.workflows.upload import upload
from tests.reports.reading import read
from tests.support.faults import Turns
from tests.support.faulty_dialer import Fault, FaultyDialer
from tests.support.uploads import Leads, numbered

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulk_loader.settings import Settings

    Make = Callable[..., Settings]


def page_of(leads: Leads) -> Path:
    """Where the page of a run of these leads stands."""
    return leads.path.with_name("leads.report.html")


def text_of(page: Path) -> str:
    """All that a page says."""
    return read(page.read_bytes()).text.replace("\u00a0", " ")


def test_a_run_is_told_of_only_where_that_is_wanted(
    leads: Leads, dialer: FaultyDialer, settings: Make
) -> None:
    """No file stands beside the results that nobody has asked for."""
    leads.write(*numbered(2))
    assert upload(leads.path, settings(dialer)).report is None
    assert not page_of(leads).exists()


def test_the_page_stands_beside_the_results(leads: Leads, settings: Make) -> None:
    """With figures, problems and what is next; numbers masked, and no secret."""
    leads.write(*numbered(3), ("no tiene", "none"), ("0991000001", "again"))
    with FaultyDialer({"0991000002": Fault.ZERO}) as dialer:
        summary = upload(leads.path, settings(dialer, report=True))
    assert summary.report == page_of(leads)
    assert subject_of(page_of(leads)) == summary.run_id
    text = text_of(page_of(leads))
    for told in (
        "Finished: 2 of 5 leads accepted.",
        "The dialer answered 0: it refused the record.",
        "Row 3",
        "The phone number is text.",
        'column "phone"',
        "The same campaign and number stand in an earlier row.",
        f"bulk-loader retry {leads.results}",
        "4 answers" if len(dialer.received) == 4 else "3 answers",
    ):
        assert told in text
    for hidden in ("0991000001", "Customer", "no tiene", "secret-token"):
        assert hidden not in text


def test_values_are_shown_whole_where_that_is_asked_for(
    leads: Leads, dialer: FaultyDialer, settings: Make
) -> None:
    """Those of bad cells, which are what there is to correct."""
    leads.write(("no tiene", "none"))
    upload(leads.path, settings(dialer, report=True, report_values=True))
    assert "no tiene is text" in text_of(page_of(leads))


def test_a_retry_brings_the_page_up_to_date(leads: Leads, settings: Make) -> None:
    """It remembers that one was wanted, and writes in the place of the first."""
    leads.write(*numbered(3))
    with FaultyDialer({"0991000002": Turns((Fault.ZERO, Fault.ACCEPT))}) as dialer:
        upload(leads.path, settings(dialer, report=True))
        summary = retry(leads.results, settings(dialer))
    assert subject_of(page_of(leads)) == summary.run_id
    assert "Finished: 3 of 3 leads accepted." in text_of(page_of(leads))
    assert len(list(leads.path.parent.glob("*.html"))) == 1


def test_a_run_that_is_gone_on_with_is_told_as_a_whole(leads: Leads, settings: Make) -> None:
    """Both parts of it: the page of the first is replaced, and its course is kept."""
    leads.write(*numbered(6))
    with FaultyDialer({4: Fault.FORBIDDEN}) as dialer:
        stopped = upload(leads.path, settings(dialer, concurrency=1, report=True))
        before = text_of(page_of(leads))
        upload(leads.path, settings(dialer, concurrency=1, report=True))
    assert stopped.ending is Ending.STOPPED
    assert "Stopped, 3 of 6 leads accepted so far" in before
    assert "the same command goes on where it stopped" in before
    text = text_of(page_of(leads))
    assert "Finished: 6 of 6 leads accepted." in text
    assert "6 answers" in text
    assert "The run was gone on with" in text


def test_the_page_of_another_list_of_that_name_is_kept(
    leads: Leads, dialer: FaultyDialer, settings: Make
) -> None:
    """As its results are."""
    leads.write(*numbered(2))
    first = upload(leads.path, settings(dialer, report=True))
    leads.write(*numbered(2, first=50))
    upload(leads.path, settings(dialer, report=True))
    kept = leads.path.with_name(f"leads.report.{first.run_id}.html")
    assert subject_of(kept) == first.run_id


def test_a_page_that_can_not_be_written_changes_nothing(
    leads: Leads, dialer: FaultyDialer, settings: Make
) -> None:
    """A warning says so, and the run is what it was."""
    leads.write(*numbered(2))
    told = settings(dialer, report=True)
    summary = replace(upload(leads.path, told), report=None, notes=())
    with Ledger.open(told.ledger_place) as ledger:
        (record,) = ledger.runs.all()
        ledger.runs.move_results(record, str(leads.path / "no-folder" / "x.csv"))
        after = reported(summary, Found((), ()), ledger, record, told)
    assert after.report is None
    assert (after.counts, after.ending) == (summary.counts, summary.ending)
    (note,) = after.notes
    assert "The report was not written" in note
    assert f"bulk-loader runs report {record.name}" in note


def test_the_most_frequent_problems_stand_in_the_summary(leads: Leads, settings: Make) -> None:
    """Also where no page is wanted, and without anything of the list."""
    leads.write(*numbered(4), ("no tiene", "none"), ("no", "none"))
    with FaultyDialer({"0991000002": Fault.ZERO}) as dialer:
        summary = upload(leads.path, settings(dialer))
    assert [(each.status, each.leads, each.row) for each in summary.problems] == [
        (Status.INVALID, 2, 6),
        (Status.REJECTED, 1, 3),
    ]
    assert "no tiene" not in repr(summary.problems)
