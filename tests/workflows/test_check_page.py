from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.workflows.check import check
from bulk_loader.workflows.upload import upload
from tests.reports.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulk_loader.settings import Settings
    from tests.support.faulty_dialer import FaultyDialer
    from tests.support.uploads import Leads

    Make = Callable[..., Settings]


def pages(leads: Leads) -> list[str]:
    """Names of the pages beside the list."""
    return sorted(path.name for path in leads.path.parent.glob("*.html"))


def text_of(page: Path | None) -> str:
    """All that a page says."""
    assert page is not None
    return read(page.read_bytes()).text


def test_a_check_is_told_on_a_page(leads: Leads, settings: Make) -> None:
    """What would become of the leads, what is wrong with the others, and what is next."""
    leads.write(("099123456", "Ana"), ("no tiene", "none"), ("099123456", "again"))
    report = check(leads.path, settings(report=True))
    assert report.report == leads.path.with_name("leads.checked.report.html")
    text = text_of(report.report)
    for told in (
        "Nothing was sent. 1 of 3 leads are to be sent; 1 are invalid.",
        "What would become of 3 leads",
        "The phone number is text.",
        f"bulk-loader upload {leads.path}",
    ):
        assert told in text
    assert "099123456" not in text


def test_a_check_leaves_no_page_unasked(leads: Leads, settings: Make) -> None:
    """Nor does a look at results whose upload was told of on one."""
    leads.write(("099123456", "Ana"))
    assert check(leads.path, settings()).report is None
    assert pages(leads) == []


def test_a_look_at_results_leaves_the_page_of_the_run(
    leads: Leads, dialer: FaultyDialer, settings: Make
) -> None:
    """That one was wanted of the upload says nothing of the check."""
    leads.write(("099123456", "Ana"))
    upload(leads.path, settings(dialer, report=True))
    assert check(leads.results, settings()).report is None
    assert pages(leads) == ["leads.report.html"]


def test_a_page_that_can_not_be_written_changes_nothing(leads: Leads, settings: Make) -> None:
    """A note says so; what the check found out is what it was asked for."""
    long = leads.path.with_name(f"{'a' * 245}.csv")
    leads.write(("099123456", "Ana"))
    leads.path.rename(long)
    report = check(long, settings(report=True))
    assert report.report is None
    assert any("The report was not written" in note for note in report.notes)
