"""A list that several machines send: whole uploads, with workers in threads beside them."""

from __future__ import annotations

import sys
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import SettingsError, SourceError
from bulk_loader.model import Ending, Status
from bulk_loader.settings import Settings
from bulk_loader.workflows.retry import retry
from bulk_loader.workflows.upload import upload
from bulk_loader.workflows.work import find_list, work
from tests.runs.machines import Machines, Stopping, machines, phones
from tests.runs.test_shared_ledger import After
from tests.support.faulty_dialer import Fault, FaultyDialer
from tests.support.uploads import Leads, Witness, change_ledger, numbered

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.databases import Server

    MakeSettings = Callable[..., Settings]

__all__ = ["machines"]

SLOW = replace(Fault.ACCEPT, wait_s=0.02)


@pytest.fixture
def ledger_url(database: str) -> str:
    """A ledger that machines share, in which nothing is yet."""
    return database


def test_two_machines_send_each_lead_once(
    leads: Leads, settings: MakeSettings, machines: Machines
) -> None:
    """One results file, of the one that began; its summary and its progress are of both."""
    leads.write(*numbered(400))
    witness = Witness()
    with FaultyDialer(otherwise=SLOW) as dialer:
        helped = machines.help(settings(dialer, concurrency=2))
        summary = upload(leads.path, settings(dialer, concurrency=2, spread=True), witness)
        assert sorted(dialer.recorded) == phones(400)
    assert (summary.ending, summary.sent) == (Ending.FINISHED, 400)
    assert leads.statuses() == ["accepted"] * 400
    assert witness.counts[Status.ACCEPTED] == 400
    there = helped.result().counts[Status.ACCEPTED]
    assert 0 < there < 400
    assert f"{there} leads were sent by other machines." in summary.notes


def test_alone_it_is_a_run_as_any_other(leads: Leads, settings: MakeSettings) -> None:
    """Refused leads, duplicates and rejected ones are told, and a retry goes on from there."""
    leads.write(*numbered(30), ("12", "bad"), *numbered(2))
    with FaultyDialer({"0991000003": Fault.ZERO}) as dialer:
        summary = upload(leads.path, settings(dialer, spread=True))
        again = retry(leads.results, settings(dialer, spread=True))  # as a profile may say
    assert summary.counts[Status.INVALID] == 1
    assert summary.counts[Status.DUPLICATE] == 2
    assert summary.counts[Status.REJECTED] == 1
    assert again.sent == 1


def test_equal_rows_that_are_all_sent_are_told_apart_by_all_machines(
    leads: Leads, settings: MakeSettings, machines: Machines
) -> None:
    """Each of them is sent once, wherever its span is sent."""
    leads.write(*[row for row in numbered(50) for _ in range(6)])
    with FaultyDialer(otherwise=SLOW) as dialer:
        told = {"concurrency": 2, "duplicates": "send"}
        helped = machines.help(settings(dialer, **told))
        summary = upload(leads.path, settings(dialer, spread=True, **told))
        assert sorted(dialer.recorded) == sorted(phones(50) * 6)
    assert summary.counts[Status.ACCEPTED] == 300
    assert helped.result().counts[Status.ACCEPTED] > 0


def test_a_schema_that_judges_rows_by_their_neighbours_is_obeyed(
    leads: Leads,
    settings: MakeSettings,
    machines: Machines,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By all machines alike, although each sends only parts of the list."""
    (tmp_path / "neighbours.py").write_text(
        "import pandera.pandas as pa\n"
        "first = pa.Check(lambda names: names.ne(names.iloc[0]), name='not the first')\n"
        "schema = pa.DataFrameSchema({'name': pa.Column(str, first)})\n",
        "utf-8",
    )
    monkeypatch.chdir(tmp_path)
    leads.write(*numbered(300))
    with FaultyDialer(otherwise=SLOW) as dialer:
        told = {"concurrency": 2, "schema_file": "neighbours:schema"}
        helped = machines.help(settings(dialer, **told))
        summary = upload(leads.path, settings(dialer, spread=True, **told))
    del sys.modules["neighbours"]
    assert (summary.ending, summary.stopped_why) == (Ending.FINISHED, "")
    assert summary.counts[Status.INVALID] == 1
    assert summary.counts[Status.ACCEPTED] == 299
    assert helped.result().counts[Status.ACCEPTED] > 0


def test_nobody_helps_before_the_canaries_are_answered(
    leads: Leads, settings: MakeSettings, machines: Machines
) -> None:
    """Where none of them is accepted, nothing more is sent by anybody."""
    leads.write(*numbered(200))
    with FaultyDialer(otherwise=replace(Fault.ZERO, wait_s=0.2)) as dialer:
        helped = machines.help(settings(dialer))
        summary = upload(leads.path, settings(dialer, spread=True, canary=3))
        assert len(dialer.received) == 3
    assert summary.ending is Ending.STOPPED
    assert "--canary" in summary.stopped_why
    report = helped.result().report
    assert (report.ending, report.stopped_why) == (Ending.STOPPED, summary.stopped_why)
    assert helped.result().counts == {}


def test_bad_leads_of_all_machines_count_together(
    leads: Leads, settings: MakeSettings, machines: Machines
) -> None:
    """A limit that none of them reaches alone stops all of them, and the summary says why."""
    leads.write(*numbered(396), *[("1", "bad")] * 4)
    with FaultyDialer(otherwise=replace(Fault.ZERO, wait_s=0.02)) as dialer:
        helped = machines.help(settings(dialer, concurrency=2))
        told = settings(dialer, spread=True, concurrency=2, max_errors=40)
        summary = upload(leads.path, told)
        sent = len(dialer.received)
    assert 36 < sent < 60, "no more than what was under way, beyond the limit"
    assert summary.ending is Ending.STOPPED
    assert "--max-errors 40" in summary.stopped_why
    assert "--max-errors 40" in helped.result().report.stopped_why
    assert leads.statuses().count("unsent") == 396 - sent


def test_a_share_that_may_fail_is_one_of_the_answers_by_now(
    leads: Leads, settings: MakeSettings, machines: Machines
) -> None:
    """A dialer that rejects everything is not sent a fifth of a large list."""
    leads.write(*numbered(3000))
    with FaultyDialer(otherwise=Fault.ZERO) as dialer:
        helped = machines.help(settings(dialer, concurrency=2))
        told = settings(dialer, spread=True, concurrency=2, max_errors="20%")
        summary = upload(leads.path, told)
        assert 100 <= len(dialer.received) < 200
    assert "--max-errors 20%" in summary.stopped_why
    assert helped.result().report.ending is Ending.STOPPED


def test_what_was_left_out_before_may_be_sent_by_the_next_session(
    leads: Leads, settings: MakeSettings
) -> None:
    """As outside of calling hours; each session judges it anew."""
    leads.write(*numbered(100))
    with FaultyDialer(otherwise=SLOW) as dialer:
        told = settings(dialer, spread=True, concurrency=2)
        upload(leads.path, told, Stopping(count=20))
        change_ledger(
            told,
            "UPDATE lead SET status = 'suppressed', code = 'outside_calling_hours'"
            " WHERE status = 'unsent' AND row > 90",
        )
        summary = upload(leads.path, told)
        assert sorted(dialer.recorded) == phones(100)
    assert summary.counts[Status.ACCEPTED] == 100


def test_a_list_with_too_many_bad_leads_is_not_begun(
    leads: Leads, dialer: FaultyDialer, settings: MakeSettings
) -> None:
    """All of it is looked at before the first is sent."""
    leads.write(*numbered(150), *[("1", "bad")] * 50)
    summary = upload(leads.path, settings(dialer, spread=True, max_errors="20%"))
    assert summary.ending is Ending.STOPPED
    assert dialer.received == []


def test_a_helper_that_is_interrupted_gives_back_what_it_has_not_sent(
    leads: Leads, settings: MakeSettings, machines: Machines
) -> None:
    """The others send it; the list ends as if nothing had been."""
    leads.write(*numbered(300))
    with FaultyDialer(otherwise=SLOW) as dialer:
        helped = machines.help(settings(dialer, concurrency=2), Stopping(count=60))
        summary = upload(leads.path, settings(dialer, spread=True, concurrency=2))
        assert sorted(dialer.recorded) == phones(300)
    assert helped.result().report.ending is Ending.INTERRUPTED
    assert summary.counts[Status.ACCEPTED] == 300


def test_all_stop_with_the_one_that_began_and_the_same_command_goes_on(
    leads: Leads, settings: MakeSettings, machines: Machines
) -> None:
    """What was not sent is told as unsent; then helpers can come again."""
    leads.write(*numbered(300))
    with FaultyDialer(otherwise=SLOW) as dialer:
        told = settings(dialer, spread=True, concurrency=2)
        helped = machines.help(settings(dialer, concurrency=2))
        first = upload(leads.path, told, Stopping(count=80))
        assert first.ending is Ending.INTERRUPTED
        assert helped.result().report.ending is Ending.STOPPED
        assert leads.statuses().count("unsent") == 300 - len(dialer.received) > 0
        machines.help(settings(dialer, concurrency=2))
        assert upload(leads.path, told).ending is Ending.FINISHED
        assert sorted(dialer.recorded) == phones(300)


def test_without_the_option_it_goes_on_alone(leads: Leads, settings: MakeSettings) -> None:
    """A run that was shared out is a run like others."""
    leads.write(*numbered(100))
    with FaultyDialer(otherwise=SLOW) as dialer:
        upload(leads.path, settings(dialer, spread=True, concurrency=2), Stopping(count=20))
        summary = upload(leads.path, settings(dialer))
        assert summary.ending is Ending.FINISHED
        assert sorted(dialer.recorded) == phones(100)


def test_who_makes_other_leads_of_the_list_sends_none(
    leads: Leads, settings: MakeSettings, machines: Machines
) -> None:
    """A machine with other settings is found out by its first span, and the list is sent all the same."""
    leads.write(*numbered(300))
    with FaultyDialer(otherwise=SLOW) as dialer:
        helped = machines.help(settings(dialer, data="name={name}"))
        summary = upload(leads.path, settings(dialer, spread=True, concurrency=2))
        assert sorted(dialer.recorded) == phones(300)
    assert summary.counts[Status.ACCEPTED] == 300
    assert isinstance(helped.result().report.failure, SourceError)
    assert helped.result().counts == {}


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"token": "another"}, "another token"),
        ({"token": None, "user": "ana", "password": "secret"}, "one token"),
    ],
)
def test_who_would_send_otherwise_does_not_help(
    leads: Leads,
    settings: MakeSettings,
    machines: Machines,
    given: dict[str, str | None],
    what: str,
) -> None:
    """With another token, or with a login."""
    leads.write(*numbered(200))
    with FaultyDialer(otherwise=SLOW) as dialer:
        told = Settings(**{**dict(settings(dialer)), **given})
        helped = machines.help(told)
        summary = upload(leads.path, settings(dialer, spread=True, concurrency=2))
        with pytest.raises(SettingsError, match=what):
            helped.result()
    assert summary.counts[Status.ACCEPTED] == 200


def test_a_list_to_another_dialer_is_passed_over(
    leads: Leads, settings: MakeSettings, machines: Machines
) -> None:
    """Where its run is asked for by name, it is told."""
    leads.write(*numbered(200))
    there = machines.expect()
    with FaultyDialer(otherwise=SLOW) as dialer:
        sent = machines.upload(leads, settings(dialer, spread=True))
        run = find_list(settings(dialer), wait_s=60).record.name
        other = settings(url="https://elsewhere.example", token="secret-token")
        with pytest.raises(SettingsError, match="no list to help with"):
            find_list(other)
        with pytest.raises(SettingsError, match="another dialer"):
            work(find_list(other, run), other)
        there.set()
        sent.result()


def test_another_file_is_refused(
    leads: Leads, settings: MakeSettings, machines: Machines, tmp_path: Path
) -> None:
    """A list that was changed, or is another one, is not helped with."""
    leads.write(*numbered(200))
    other = Leads(tmp_path / "other.csv")
    other.write(*numbered(199))
    there = machines.expect()
    with FaultyDialer(otherwise=SLOW) as dialer:
        sent = machines.upload(leads, settings(dialer, spread=True, concurrency=2))
        told = settings(dialer)
        with pytest.raises(SourceError, match="is not the list of run"):
            work(find_list(told, wait_s=60), told, file=other.path)
        there.set()
        sent.result()


def test_without_a_list_there_is_nothing_to_help_with(settings: MakeSettings) -> None:
    """It is told at once, or after the time that was given."""
    with pytest.raises(SettingsError, match="no list to help with"):
        find_list(settings())
    with pytest.raises(SettingsError, match="Run 2026"):
        find_list(settings(), "2026", wait_s=0.1)
    with pytest.raises(SettingsError, match="ledger that machines share"):
        find_list(settings(ledger=None))


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"ledger": None}, "needs a ledger that machines share"),
        ({"max_loads": "1 per 1d"}, "does not go with --max-loads"),
        ({"token": None, "user": "ana", "password": "secret"}, "there is only a login"),
        ({"url": None, "sandbox": True}, "does not go with --sandbox"),
    ],
)
def test_what_several_machines_can_not_keep_is_not_shared_out(
    leads: Leads,
    dialer: FaultyDialer,
    settings: MakeSettings,
    given: dict[str, object],
    what: str,
) -> None:
    """Before anything is read or sent."""
    leads.write(*numbered(3))
    with pytest.raises(SettingsError, match=what):
        upload(leads.path, settings(dialer, spread=True, **given))
    assert dialer.received == []


def test_a_database_that_is_away_for_a_while_is_waited_for_by_all(
    leads: Leads, settings: MakeSettings, machines: Machines, server: Server
) -> None:
    """Killed in the middle, it comes back, and every lead was sent once."""
    leads.write(*numbered(400))

    def interrupt() -> None:
        server.stop("immediate")
        server.start()

    with FaultyDialer(otherwise=SLOW) as dialer:
        interruption = threading.Thread(target=interrupt)
        helped = machines.help(settings(dialer, concurrency=2))
        witness = After(count=60, do=interruption.start)
        summary = upload(leads.path, settings(dialer, spread=True, concurrency=2), witness)
        interruption.join()
        assert summary.ending is Ending.FINISHED
        assert sorted(dialer.recorded) == phones(400)
        report = helped.result().report
        assert (report.ending, report.stopped_why, report.failure) == (Ending.FINISHED, "", None)
