from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import LedgerError, SettingsError, SourceError
from bulk_loader.model import Ending, Status
from bulk_loader.workflows.past_runs import forget_runs, past_run, past_runs, rewrite_results
from bulk_loader.workflows.retry import retry
from bulk_loader.workflows.upload import upload
from tests.support.faults import Reaction, Turns
from tests.support.faulty_dialer import Fault, FaultyDialer
from tests.support.uploads import Leads, numbered

WEEK = timedelta(days=7)
NOTHING = dict.fromkeys(Status, 0)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulk_loader.settings import Settings


def test_a_run_is_remembered_with_its_figures(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """What was sent where, when and with which outcome can be asked at any time."""
    leads.write(*numbered(3), ("no tiene", "none"))
    summary = upload(leads.path, settings(dialer))
    (run,) = past_runs(settings().home)
    assert run == past_run(settings().home, summary.run_id[:8])
    assert (run.file, run.results, run.target) == (leads.path, leads.results, dialer.url)
    assert run.counts == summary.counts
    assert run.ending is Ending.FINISHED
    assert run.leads == 4


def test_an_unknown_run_is_named(settings: Callable[..., Settings]) -> None:
    """Who mistypes an id is told how to find the right one."""
    with pytest.raises(SettingsError, match="no-such") as unknown:
        past_run(settings().home, "no-such")
    assert "bulk-loader runs" in unknown.value.remedy


def test_a_lost_results_file_is_written_anew(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """The source file and the ledger hold everything that the results file said."""
    leads.write(*numbered(3), ("no tiene", "none"), ("0991000001", "again"))
    with FaultyDialer({"0991000002": Fault.ZERO}) as dialer:
        summary = upload(leads.path, settings(dialer))
    written = leads.results.read_bytes()
    leads.results.unlink()
    report = rewrite_results(settings().home, summary.run_id)
    assert report.path == leads.results
    assert leads.results.read_bytes() == written


def test_the_results_of_a_changed_file_are_not_invented(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """Outcomes are never put beside rows that they do not belong to."""
    leads.write(*numbered(3))
    summary = upload(leads.path, settings(dialer))
    leads.write(*numbered(4))
    with pytest.raises(SourceError, match="not the file"):
        rewrite_results(settings().home, summary.run_id)


def test_the_results_of_a_retry_are_written_anew(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """The rows that a stopped retry left alone keep what stood beside them."""
    leads.write(*numbered(4))
    script = {"0991000002": Fault.ZERO, "0991000003": Fault.SERVER_ERROR}
    with FaultyDialer(script, otherwise=Fault.ACCEPT) as dialer:
        upload(leads.path, settings(dialer))
        before = leads.rows()
        summary = retry(leads.results, settings(dialer))
        leads.results.write_bytes(leads.results.read_bytes())
    assert summary.counts[Status.REJECTED] == 1
    assert leads.rows() == before


def test_forgotten_runs_are_forgotten_with_their_leads(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """After pruning, the file counts as new; younger runs stay."""
    leads.write(*numbered(2))
    upload(leads.path, settings(dialer))
    assert forget_runs(settings().home, timedelta(days=1), WEEK) == 0
    assert forget_runs(settings().home, timedelta(0), WEEK) == 1
    assert past_runs(settings().home) == []
    upload(leads.path, settings(dialer))
    assert len(dialer.recorded) == 4


def test_a_ledger_whose_key_is_kept_apart_is_used_as_any_other(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings], tmp_path: Path
) -> None:
    """Each command finds the key where the settings say it is, and none works without it."""
    leads.write(*numbered(2))
    told = settings(dialer, key_file=tmp_path / "apart.key")
    run_id = upload(leads.path, told).run_id
    home, place = told.home, told.ledger_place
    assert not (home / "ledger.key").exists()
    assert past_run(place, run_id).run_id == run_id
    assert len(past_runs(place)) == 1
    leads.results.unlink()
    rewrite_results(place, run_id)
    assert retry(leads.results, told).ending is Ending.FINISHED
    assert dialer.recorded.count(numbered(1)[0][0]) == 1
    with pytest.raises(LedgerError, match="is lost"):
        past_runs(home)


def sent_by_each(home: Path) -> list[int]:
    """Leads that each run says it sent, the oldest run first."""
    return [sum(run.sent.values()) for run in reversed(past_runs(home))]


def test_a_lead_counts_for_the_run_that_sent_it(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """A retry tells what it sent itself, be it nothing, and the sum is what the dialer was sent."""
    leads.write(*numbered(3), ("no tiene", "none"), numbered(1)[0])
    script: dict[str, Reaction | Turns] = {
        "0991000002": Turns((Fault.ZERO, Fault.ZERO, Fault.ACCEPT)),
        "0991000003": Fault.SERVER_ERROR,
    }
    with FaultyDialer(script) as dialer:
        upload(leads.path, settings(dialer))
        for _ in range(3):
            retry(leads.results, settings(dialer))
        assert sent_by_each(settings().home) == [3, 1, 1, 0]
        assert len(dialer.received) == 5
    last, accepting, refusing, first = past_runs(settings().home)
    assert first.sent == {**NOTHING, Status.ACCEPTED: 1, Status.REJECTED: 1, Status.UNKNOWN: 1}
    assert refusing.sent == {**NOTHING, Status.REJECTED: 1}
    assert accepting.sent == {**NOTHING, Status.ACCEPTED: 1}
    assert (last.sent, last.counts[Status.ACCEPTED]) == (NOTHING, 2)


def test_a_run_that_goes_on_with_another_counts_only_its_own(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """Also where the list was edited in between, so that it is a run of its own."""
    leads.write(*numbered(6))
    with FaultyDialer({4: Fault.FORBIDDEN}) as dialer:
        upload(leads.path, settings(dialer, concurrency=1))
        retry(leads.results, settings(dialer))
        leads.write(("0991888888", "new"), *reversed(numbered(6)))
        upload(leads.path, settings(dialer, concurrency=1))
        assert len(dialer.recorded) == 7
    each = sent_by_each(settings().home)
    assert (each[0], sum(each)) == (3, 7)
    assert past_runs(settings().home)[0].counts[Status.ACCEPTED] == 7


def test_what_another_run_left_in_doubt_was_sent_by_that_one(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """A lead that is unknown here since its number is in doubt there was not sent here."""
    leads.write(*numbered(2))
    with FaultyDialer({"0991000001": Fault.SERVER_ERROR}) as dialer:
        upload(leads.path, settings(dialer))
        other = Leads(leads.path.with_name("other.csv"))
        other.write(*numbered(1))
        assert upload(other.path, settings(dialer)).counts[Status.UNKNOWN] == 1
    assert sent_by_each(settings().home) == [2, 0]


def test_only_what_is_young_is_listed(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """By when a run ended."""
    leads.write(*numbered(1))
    upload(leads.path, settings(dialer))
    assert len(past_runs(settings().home, since=WEEK)) == 1
    assert past_runs(settings().home, since=timedelta(0)) == []


def test_a_part_of_the_runs_is_the_newest_that_are_asked_for(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """A page of them takes no longer the more there are."""
    for number in range(3):
        leads.write(*numbered(1, first=number + 1))
        upload(leads.path, settings(dialer))
    home = settings().home
    every = past_runs(home)
    assert [past_runs(home, part=slice(at, at + 1)) for at in range(4)] == [
        *([run] for run in every),
        [],
    ]
