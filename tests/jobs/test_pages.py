from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bulk_loader.jobs.checking import Would, check_job
from bulk_loader.jobs.night import NightOutcome
from bulk_loader.reports.places import subject_of
from bulk_loader.settings.jobs import JobReading
from tests.jobs.fakes import TWO, job, names, put, run
from tests.reports.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulk_loader.settings import Job, Settings
    from tests.support.faulty_dialer import FaultyDialer

LIST = "phone,name\n099123456,Ana\nno tiene,Luis\n"


def test_each_run_of_a_job_has_its_page(night: Job, inbox: Path) -> None:
    """It stands beside the results, wherever these are put away."""
    put(inbox / "leads.csv", LIST)
    (report,) = run(night).files
    assert report.report is not None
    assert report.results is not None
    assert report.report.parent == report.results.parent == inbox / "done"
    assert report.report.name == f"{report.results.name.removesuffix('.results.csv')}.report.html"
    assert subject_of(report.report) == report.run_id
    assert [each.leads for each in report.problems] == [1]
    assert names(inbox / "working") == []


def test_a_list_that_is_refused_has_the_page_of_its_check(
    settings: Callable[..., Settings], dialer: FaultyDialer, inbox: Path
) -> None:
    """Whoever finds it in failed finds out what is wrong with it."""
    put(inbox / "leads.csv", LIST)
    (report,) = run(job(settings(dialer), inbox / "*.csv", max_invalid="10%")).files
    assert report.outcome is NightOutcome.REFUSED
    assert report.report is not None
    assert report.report.parent == inbox / "failed"
    assert "The phone number is text." in read(report.report.read_bytes()).text
    assert dialer.received == []


def test_a_job_may_say_that_it_wants_none(
    settings: Callable[..., Settings], dialer: FaultyDialer, inbox: Path
) -> None:
    """Then nothing of ours stands there but the results."""
    put(inbox / "leads.csv", LIST)
    (report,) = run(job(settings(dialer, report=False), inbox / "*.csv")).files
    assert report.report is None
    assert not [name for name in names(inbox / "done") if name.endswith(".html")]


@pytest.mark.parametrize("name", ["x.report.html", "x.checked.report.html"])
def test_a_page_is_never_taken_for_a_list(
    settings: Callable[..., Settings], dialer: FaultyDialer, inbox: Path, name: str
) -> None:
    """Neither where it comes in, nor where a crash has left it."""
    put(inbox / name, "<p>")
    left = put(inbox / "working" / f"20260101-020000-{name}", "<p>")
    night = run(job(settings(dialer), inbox / "*"))
    assert night.files == ()
    assert any(name in note for note in night.notes)
    assert left.exists()


def test_to_look_at_a_job_leaves_nothing(
    settings: Callable[..., Settings], dialer: FaultyDialer, inbox: Path
) -> None:
    """Also where its settings say that pages are wanted."""
    put(inbox / "leads.csv", LIST)
    made = job(settings(dialer, report=True), inbox / "*.csv", max_invalid="10%")
    reading = JobReading(made.config, made, made.settings, made.rules, made.source, ())
    looked = check_job(made.name, reading, TWO)
    assert [step.would for step in looked.steps] == [Would.FAIL]
    assert names(inbox) == ["leads.csv"]
