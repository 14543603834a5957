from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import ErrorCode, ExitCode, SourceError
from bulk_loader.model import Ending, Status
from bulk_loader.workflows.past_runs import past_runs
from bulk_loader.workflows.retry import retry
from bulk_loader.workflows.upload import upload
from tests.support.uploads import numbered

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.settings import Settings
    from tests.support.faulty_dialer import FaultyDialer
    from tests.support.uploads import Leads

BAD = ("5.21551E+12", "shortened")


def test_nothing_is_sent_while_any_row_is_wrong(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """What is wrong is told by kind, the run stands in the history, and no results are written."""
    leads.write(*numbered(3), BAD, BAD)
    with pytest.raises(SourceError) as caught:
        upload(leads.path, settings(dialer, strict=True, batch_size=2))
    assert caught.value.exit_code is ExitCode.BAD_FILE
    assert caught.value.code is ErrorCode.ROWS
    assert caught.value.what.startswith("Nothing was sent: 2 of 5 leads are wrong")
    assert caught.value.why == 'column "phone": 2 (phone_scientific).'
    assert f"bulk-loader check {leads.path} --results" in caught.value.remedy
    assert dialer.recorded == []
    assert not leads.results.exists()
    (run,) = past_runs(settings(dialer).ledger_place)
    assert (run.ending, run.stopped_why) == (Ending.STOPPED, caught.value.what)


def test_the_corrected_list_is_sent_whole(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """Duplicates are left out on purpose, and are not wrong."""
    leads.write(*numbered(2), BAD)
    with pytest.raises(SourceError):
        upload(leads.path, settings(dialer, strict=True))
    leads.write(*numbered(3), *numbered(1))
    summary = upload(leads.path, settings(dialer, strict=True))
    assert summary.counts[Status.ACCEPTED] == 3
    assert summary.counts[Status.DUPLICATE] == 1
    assert len(dialer.recorded) == 3


def test_without_it_the_same_run_goes_on(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """Who then wants the others sent needs no other option."""
    leads.write(*numbered(2), BAD)
    with pytest.raises(SourceError):
        upload(leads.path, settings(dialer, strict=True))
    summary = upload(leads.path, settings(dialer))
    assert summary.counts[Status.ACCEPTED] == 2
    assert len(past_runs(settings(dialer).ledger_place)) == 1


def test_a_retry_sends_what_it_is_for(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """Its wrong rows are known, so a profile that is strict does not keep it from the others."""
    leads.write(*numbered(1), BAD, ("7.21551E+12", "shortened"))
    upload(leads.path, settings(dialer))
    text = leads.results.read_text("utf-8").replace(BAD[0], "0991000009")
    leads.results.write_text(text, "utf-8")
    summary = retry(leads.results, settings(dialer, strict=True))
    assert summary.sent == 1
    assert summary.counts[Status.INVALID] == 1
