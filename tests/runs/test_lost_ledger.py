from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import LedgerError, SettingsError
from bulk_loader.model import Status
from bulk_loader.results import read_stamp
from bulk_loader.results.stamps import stamp_path
from bulk_loader.workflows.retry import retry
from bulk_loader.workflows.upload import upload
from tests.support.faulty_dialer import Fault, FaultyDialer
from tests.support.uploads import Leads, numbered

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulk_loader.settings import Settings

    MakeSettings = Callable[..., Settings]


@pytest.fixture
def ledger_url() -> None:
    """What is lost here are the files of one machine."""


def test_a_lost_directory_is_noticed_by_the_results(
    leads: Leads, dialer: FaultyDialer, settings: MakeSettings
) -> None:
    """Nothing is sent; the error names the run, and how to send only what was not taken."""
    leads.write(*numbered(3))
    summary = upload(leads.path, settings(dialer))
    shutil.rmtree(settings().home)
    with pytest.raises(LedgerError, match="does not know of it") as caught:
        upload(leads.path, settings(dialer))
    assert summary.run_id in caught.value.why
    assert f"bulk-loader retry {leads.results}" in caught.value.remedy
    assert "--again" in caught.value.remedy
    assert len(dialer.received) == 3
    assert upload(leads.path, settings(dialer, again=True)).sent == 3


def test_a_lost_directory_is_noticed_before_there_are_results(
    leads: Leads, settings: MakeSettings, tmp_path: Path
) -> None:
    """What a killed upload leaves beside the list is enough."""
    leads.write(*numbered(3))
    with FaultyDialer() as dialer:
        upload(leads.path, settings(dialer))
        leads.results.unlink()
        with pytest.raises(LedgerError, match="does not know of it") as caught:
            upload(leads.path, settings(dialer, home=tmp_path / "another machine"))
        assert "retry" not in caught.value.remedy, "there is no file to retry"
        assert len(dialer.received) == 3


def test_results_that_say_nothing_of_themselves_are_held_against_the_list(
    leads: Leads, dialer: FaultyDialer, settings: MakeSettings
) -> None:
    """Most of what they call accepted stands in the list: it was sent, whoever sent it."""
    leads.write(*numbered(3))
    upload(leads.path, settings(dialer))
    shutil.rmtree(settings().home)
    stamp_path(leads.results).unlink()
    leads.write(*numbered(4))
    with pytest.raises(LedgerError, match="does not know of it"):
        upload(leads.path, settings(dialer))
    leads.write(*numbered(4, first=100))
    assert upload(leads.path, settings(dialer)).sent == 4, "another list may go"


def test_results_of_another_dialer_are_no_evidence(
    leads: Leads, dialer: FaultyDialer, settings: MakeSettings, tmp_path: Path
) -> None:
    """The same list may go to a second dialer from another machine."""
    leads.write(*numbered(3))
    upload(leads.path, settings(dialer))
    with FaultyDialer() as second:
        assert upload(leads.path, settings(second, home=tmp_path / "new")).sent == 3


def test_results_without_a_taken_lead_are_no_evidence(leads: Leads, settings: MakeSettings) -> None:
    """What was certainly not taken may be sent by any ledger."""
    leads.write(*numbered(2))
    with FaultyDialer({1: Fault.ZERO, 2: Fault.ZERO}) as dialer:
        upload(leads.path, settings(dialer))
        shutil.rmtree(settings().home)
        stamp_path(leads.results).unlink()
        assert upload(leads.path, settings(dialer)).sent == 2


def test_a_ledger_restored_from_an_old_copy_is_noticed(
    leads: Leads, settings: MakeSettings, tmp_path: Path
) -> None:
    """It knows the run, but less of it than stands beside the list."""
    leads.write(*numbered(6))
    home, copy = settings().home, tmp_path / "copy"
    with FaultyDialer({3: Fault.UNAUTHORIZED, 6: Fault.UNAUTHORIZED}) as dialer:
        upload(leads.path, settings(dialer, concurrency=1))
        shutil.copytree(home, copy)
        upload(leads.path, settings(dialer, concurrency=1))
        newest = tmp_path / "newest"
        home.rename(newest)
        copy.rename(home)
        before = len(dialer.recorded)
        with pytest.raises(LedgerError, match="is older than what it wrote") as caught:
            upload(leads.path, settings(dialer))
        assert "backup" in caught.value.remedy
        assert len(dialer.recorded) == before
        shutil.rmtree(home)
        newest.rename(home)
        upload(leads.path, settings(dialer))
        assert leads.statuses() == ["accepted"] * 6
        assert sorted(dialer.recorded) == [phone for phone, _ in numbered(6)]


def test_what_stands_beside_the_list_tells_no_number_and_no_token(
    leads: Leads, dialer: FaultyDialer, settings: MakeSettings
) -> None:
    """It says which run it was, of what content, to whom, and how many leads."""
    leads.write(*numbered(3))
    summary = upload(leads.path, settings(dialer))
    text = stamp_path(leads.results).read_text("utf-8")
    assert "0991" not in text
    assert "secret-token" not in text
    stamp = read_stamp(leads.results)
    assert stamp is not None
    assert (stamp.run, stamp.sent, stamp.leads) == (summary.run_id, 3, 3)


def test_a_retry_without_its_ledger_asks_for_what_it_would_leave_empty(
    leads: Leads, settings: MakeSettings, tmp_path: Path
) -> None:
    """Nothing is sent with empty data only because the first upload's template is lost."""
    leads.write(*numbered(2))
    with FaultyDialer({1: Fault.ZERO}) as dialer:
        upload(leads.path, settings(dialer, concurrency=1, data="name={name}"))
        lost = settings(dialer, home=tmp_path / "new")
        with pytest.raises(SettingsError, match="does not know which upload") as caught:
            retry(leads.results, lost)
        assert "data" in caught.value.why
        assert len(dialer.received) == 2
        retry(leads.results, settings(dialer, home=tmp_path / "new", data="name={name}"))
        assert leads.statuses() == ["accepted"] * 2
        assert dialer.recorded_tasks[-1]["data"] == "name=Customer 1"


def test_a_results_file_with_doubts_counts_as_evidence(
    leads: Leads, settings: MakeSettings
) -> None:
    """A lead in doubt may stand in the queue as well as an accepted one."""
    leads.write(*numbered(1))
    with FaultyDialer({1: Fault.SERVER_ERROR}) as dialer:
        upload(leads.path, settings(dialer))
        shutil.rmtree(settings().home)
        with pytest.raises(LedgerError, match="does not know of it"):
            upload(leads.path, settings(dialer))
        assert retry(leads.results, settings(dialer, data="")).counts[Status.UNKNOWN] == 1
        assert len(dialer.received) == 1
