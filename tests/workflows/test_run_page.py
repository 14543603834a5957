from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import LoaderError, SettingsError
from bulk_loader.reports.places import subject_of
from bulk_loader.workflows.past_runs import past_runs
from bulk_loader.workflows.run_page import write_run_page
from bulk_loader.workflows.upload import upload
from tests.reports.reading import read
from tests.support.faulty_dialer import Fault, FaultyDialer
from tests.support.uploads import Leads, numbered

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulk_loader.settings import Settings

    Make = Callable[..., Settings]

# Sends until the dialer has two leads, and is killed in the middle of the third.
KILLED = """
import os, signal, sys
from bulk_loader import Settings, upload
class Killed:
    count = 0
    def settled(self, status, count=1):
        self.count += count
        if self.count == 2:
            os.kill(os.getpid(), signal.SIGKILL)
    def __getattr__(self, name):
        return lambda *given: None
home, url, file = sys.argv[1:]
upload(file, Settings(home=home, url=url, token="t", campaign="SALES", concurrency=1), Killed())
"""


def text_of(page: Path) -> str:
    """All that a page says."""
    return read(page.read_bytes()).text.replace("\u00a0", " ")


def test_any_run_can_be_told_of_later(leads: Leads, dialer: FaultyDialer, settings: Make) -> None:
    """With what is wrong in which cell, as long as the list is there as it was."""
    leads.write(*numbered(3), ("no tiene", "none"))
    summary = upload(leads.path, settings(dialer))
    written = write_run_page(settings().home, summary.run_id[:8])
    assert written.path == leads.path.with_name("leads.report.html")
    assert subject_of(written.path) == summary.run_id
    text = text_of(written.path)
    assert "Finished: 3 of 4 leads accepted." in text
    assert 'column "phone"' in text
    assert "3 answers" in text


def test_a_run_whose_list_is_gone_is_told_from_the_ledger(
    leads: Leads, dialer: FaultyDialer, settings: Make, tmp_path: Path
) -> None:
    """Which holds no value of any row, and the page says so."""
    leads.write(*numbered(3), ("no tiene", "none"))
    summary = upload(leads.path, settings(dialer))
    leads.path.unlink()
    written = write_run_page(settings().home, summary.run_id, path=tmp_path / "page.html")
    assert written.path == tmp_path / "page.html"
    text = text_of(written.path)
    assert "The phone number is text." in text
    assert "written from the ledger" in text


def test_a_killed_run_is_told_before_and_after_it_is_gone_on_with(
    leads: Leads, settings: Make
) -> None:
    """All leads are accounted for, whatever was known when it was killed; then both parts show."""
    leads.write(*numbered(5))
    home = settings().home
    with FaultyDialer() as dialer:
        arguments = [str(home), dialer.url, str(leads.path)]
        killed = subprocess.run([sys.executable, "-c", KILLED, *arguments], check=False)
        assert killed.returncode == -signal.SIGKILL
        (run,) = past_runs(home)
        before = text_of(write_run_page(home, run.run_id).path)
        assert "Not finished" in before
        assert "What became of 5 leads" in before
        upload(leads.path, settings(dialer, concurrency=1))
    after = text_of(write_run_page(home, run.run_id).path)
    assert "What became of 5 leads" in after
    assert "Finished: " in after


def test_a_run_that_nobody_knows_is_named(settings: Make) -> None:
    """Who mistypes an id is told how to find the right one."""
    with pytest.raises(SettingsError, match="no-such"):
        write_run_page(settings().home, "no-such")


def test_a_page_that_can_not_be_written_is_an_error_here(
    leads: Leads, settings: Make, tmp_path: Path
) -> None:
    """It is all that was asked for; the message says what else to give."""
    leads.write(*numbered(2))
    with FaultyDialer({"0991000002": Fault.ZERO}) as dialer:
        run_id = upload(leads.path, settings(dialer)).run_id
    with pytest.raises(LoaderError, match="was not written") as caught:
        write_run_page(settings().home, run_id, path=tmp_path / "none" / "page.html")
    assert "--output" in caught.value.remedy
