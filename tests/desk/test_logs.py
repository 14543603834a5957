"""What is sent from the desk stands in the log that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bulk_loader.cli.logbooks import logbook
from bulk_loader.desk import Desk, DeskOptions
from tests.desk.test_jobs import JOB, put, run_now
from tests.support.uploads import Leads, numbered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bulk_loader.sandbox import Sandbox
    from tests.desk.browsing import Browser


@pytest.fixture
def desk(place: Path) -> Iterator[Desk]:
    """A desk as the command starts it."""
    assert place.is_dir()
    with Desk(DeskOptions(logged=logbook)) as opened:
        yield opened


def test_a_sending_stands_in_the_log(
    browser: Browser,
    sandbox: Sandbox,
    to_dialer: Callable[..., None],
    place: Path,
    leads: Leads,
) -> None:
    """From its beginning to its end, with its run, as that of the command does; no number is in it."""
    to_dialer(sandbox.url, 'campaign = "X<-"', 'log_file = "desk.log"')
    leads.write(*numbered(2))
    results = browser.send(browser.submit(browser.drop(leads.path), "/columns"))
    assert "The list was sent" in results.text
    log = (place / "desk.log").read_text("utf-8")
    assert "Settings are taken from" in log
    assert "leads.csv: 2 leads" in log
    assert log.count("begins.") == 1
    assert "ended with 0: 2 accepted." in log
    assert "099100000" not in log
    run_id = log.splitlines()[-1].split()[2]
    assert run_id in results.text
    assert log.splitlines()[0].split()[2] == "-"


def test_a_sending_that_fails_stands_in_the_log(
    browser: Browser, to_dialer: Callable[..., None], place: Path, leads: Leads
) -> None:
    """In the words of its error, as JSON where that is wanted."""
    to_dialer(
        "http://127.0.0.1:1",
        'campaign = "X<-"',
        'retry_for = "0s"',
        'log_file = "desk.log"',
        'log_format = "json"',
    )
    leads.write(*numbered(2))
    browser.send(browser.submit(browser.drop(leads.path), "/columns"))
    log = (place / "desk.log").read_text("utf-8")
    assert '"event": "stopped"' in log
    assert "ended with 4" in log


def test_a_log_that_cannot_be_written_is_told_and_nothing_is_sent(
    browser: Browser, sandbox: Sandbox, to_dialer: Callable[..., None], leads: Leads
) -> None:
    """As the command has it."""
    to_dialer(sandbox.url, 'campaign = "X<-"', 'log_file = "nowhere/desk.log"')
    leads.write(*numbered(2))
    results = browser.send(browser.submit(browser.drop(leads.path), "/columns"))
    assert "The log can't be written to" in results.text
    assert sandbox.queued == 0


def test_a_run_of_a_job_stands_in_the_log(
    browser: Browser, desk: Desk, sandbox: Sandbox, to_dialer: Callable[..., None], place: Path
) -> None:
    """Each of its lists, and why one was refused."""
    to_dialer(sandbox.url, 'campaign = "X<-"', 'log_file = "desk.log"', *JOB, "min_rows = 2")
    put(place, "few.csv", 1)
    put(place, "leads.csv", 3, first=7)
    run_now(browser, desk, place)
    log = (place / "desk.log").read_text("utf-8")
    assert "few.csv has 1 lead. The job wants 2 at least" in log
    assert "leads.csv: 3 leads" in log
    assert "begins." in log
    assert log.endswith("Job night: refused, 3 accepted\n")
