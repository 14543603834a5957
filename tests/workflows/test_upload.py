from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import (
    AlreadyUploadedError,
    ColumnError,
    ExitCode,
    LedgerError,
    LoaderError,
    LockedError,
    ResultsError,
    SettingsError,
    SourceError,
    StoppedError,
)
from bulk_loader.model import Ending, Status
from bulk_loader.settings import Settings
from bulk_loader.workflows.past_runs import past_runs
from bulk_loader.workflows.retry import retry
from bulk_loader.workflows.upload import upload
from tests.support.faulty_dialer import Fault, FaultyDialer
from tests.support.uploads import Leads, Witness, numbered

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulk_loader.model import Source
    from tests.support.faulty_dialer import Reaction, Request

MakeSettings = "Callable[..., Settings]"


def test_every_lead_reaches_the_dialer_once_in_the_order_of_the_file(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """With one request at a time, the queue has the order of the spreadsheet."""
    leads.write(*numbered(50))
    summary = upload(leads.path, settings(dialer, concurrency=1))
    assert dialer.recorded == [phone for phone, _ in numbered(50)]
    assert summary.counts[Status.ACCEPTED] == summary.leads == summary.sent == 50
    assert leads.statuses() == ["accepted"] * 50


def test_a_task_has_the_nine_keys_with_columns_template_and_defaults(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """What the spreadsheet shows is what the dialer gets, the leading zero and ñ included."""
    leads.write(("0991234567", "Muñoz"))
    upload(leads.path, settings(dialer, data="name={name}", agent="101"))
    assert dialer.recorded_tasks == [
        {
            "calldate": None,
            "campaign": "SALES",
            "destination": "0991234567",
            "alternatives": "",
            "agent": "101",
            "data": "name=Muñoz",
            "source": "source",
            "bulk": False,
            "automatic": True,
        }
    ]


def test_the_results_say_for_every_row_what_became_of_it(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """Accepted, rejected, unknown, invalid and duplicate stand beside their rows, with why."""
    leads.write(
        ("0991000001", "taken"),
        ("0991000002", "refused"),
        ("0991000003", "in doubt"),
        ("5.21551E+12", "shortened"),
        ("0991000001", "again"),
    )
    script = {"0991000002": Fault.ZERO, "0991000003": Fault.SERVER_ERROR}
    with FaultyDialer(script) as dialer:
        summary = upload(leads.path, settings(dialer))
    rows = leads.rows()
    assert leads.statuses() == ["accepted", "rejected", "unknown", "invalid", "duplicate"]
    assert [row["dialer_result"] for row in rows] == ["1", "0", "0", "0", "0"]
    assert rows[0]["dialer_error"] == ""
    assert "answered 0" in rows[1]["dialer_error"]
    assert "HTTP 500" in rows[2]["dialer_error"]
    assert "digits are lost" in rows[3]["dialer_error"]
    assert "row 2" in rows[4]["dialer_error"]
    assert {status: n for status, n in summary.counts.items() if n} == {
        Status.ACCEPTED: 1,
        Status.REJECTED: 1,
        Status.UNKNOWN: 1,
        Status.INVALID: 1,
        Status.DUPLICATE: 1,
    }


def test_a_finished_file_is_refused(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """The same command twice calls nobody twice, also where the file was copied or renamed."""
    leads.write(*numbered(3))
    upload(leads.path, settings(dialer))
    copy = leads.path.with_name("copy.csv")
    shutil.copy(leads.path, copy)
    for path in (leads.path, copy):
        with pytest.raises(AlreadyUploadedError, match="uploaded to this dialer on") as refused:
            upload(path, settings(dialer))
        assert "3 accepted" in refused.value.why
        assert "retry" in refused.value.remedy
    assert len(dialer.recorded) == 3


def test_again_sends_a_finished_file_once_more(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """Who says --again is believed."""
    leads.write(*numbered(3))
    upload(leads.path, settings(dialer))
    summary = upload(leads.path, settings(dialer, again=True))
    assert summary.counts[Status.ACCEPTED] == 3
    assert len(dialer.recorded) == 6


@pytest.mark.parametrize("told_again", [{"again": True}, {}])
def test_again_that_was_cut_short_goes_on_where_it_stopped(
    leads: Leads, settings: Callable[..., Settings], told_again: dict[str, bool]
) -> None:
    """--again sends each lead once more and not oftener, however often its run is cut short."""
    leads.write(*numbered(6))
    with FaultyDialer({10: Fault.UNAUTHORIZED}) as dialer:
        upload(leads.path, settings(dialer, concurrency=1))
        stopped = upload(leads.path, settings(dialer, concurrency=1, again=True))
        assert stopped.ending is Ending.STOPPED
        went_on = upload(leads.path, settings(dialer, concurrency=1, **told_again))
        assert dialer.recorded == [phone for phone, _ in numbered(6)] * 2
        with pytest.raises(AlreadyUploadedError):
            upload(leads.path, settings(dialer))
    assert went_on.run_id == stopped.run_id
    assert went_on.counts[Status.ACCEPTED] == 6


def test_another_spelling_of_a_dialer_is_the_same_dialer(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """Both localhost and 127.0.0.1 are one machine, so a list that it has is refused under both."""
    leads.write(*numbered(3))
    localhost = dialer.url.replace("127.0.0.1", "localhost")
    first = upload(leads.path, settings(dialer, url=localhost))
    assert (first.target, first.counts[Status.ACCEPTED]) == (localhost, 3)
    for url in (dialer.url, f"{localhost.upper()}/", localhost.replace("localhost", "localhost.")):
        with pytest.raises(AlreadyUploadedError):
            upload(leads.path, settings(dialer, url=url))
    assert len(dialer.recorded) == 3


def test_another_dialer_is_another_matter(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """A file that one dialer has can still go to another."""
    leads.write(*numbered(3))
    upload(leads.path, settings(dialer))
    with FaultyDialer() as other:
        upload(leads.path, settings(other))
        assert len(other.recorded) == 3


def test_an_edited_copy_of_a_finished_file_sends_only_what_is_new(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """Rows inserted, removed and sorted do not matter: a lead is known by its task."""
    leads.write(*numbered(5))
    upload(leads.path, settings(dialer))
    leads.write(*reversed(numbered(4, first=2)), ("0991999999", "new"))
    summary = upload(leads.path, settings(dialer))
    assert len(dialer.recorded) == 6
    assert summary.counts[Status.ACCEPTED] == 1
    assert summary.counts[Status.DUPLICATE] == 4
    assert "--again" in leads.rows()[0]["dialer_error"]


def test_a_results_file_is_refused_and_retry_named(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """Who uploads the results by mistake does not call everybody again."""
    leads.write(*numbered(2))
    upload(leads.path, settings(dialer))
    with pytest.raises(SettingsError, match="results file") as refused:
        upload(leads.results, settings(dialer))
    assert "bulk-loader retry" in refused.value.remedy
    assert len(dialer.recorded) == 2


def test_a_stopped_run_goes_on_where_it_stopped(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """Refused credentials stop the run; with the same command the rest is sent, nothing twice."""
    leads.write(*numbered(40))
    with FaultyDialer({21: Fault.UNAUTHORIZED}) as dialer:
        first = upload(leads.path, settings(dialer, concurrency=4))
        assert first.ending is Ending.STOPPED
        assert "refused the credentials" in first.stopped_why
        assert leads.statuses().count("unsent") == first.counts[Status.UNSENT] > 0
        witness = Witness()
        second = upload(leads.path, settings(dialer, concurrency=4), witness)
        assert sorted(dialer.recorded) == [phone for phone, _ in numbered(40)]
    assert second.run_id == first.run_id
    assert second.counts[Status.ACCEPTED] == 40
    assert f"{first.counts[Status.ACCEPTED]} leads are settled" in witness.notes[-1]
    assert witness.counts == {Status.ACCEPTED: 40}


def test_a_file_edited_after_a_stop_is_gone_on_with_lead_by_lead(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """Leads already accepted are not sent again even where rows were inserted and sorted."""
    leads.write(*numbered(30))
    with FaultyDialer({16: Fault.FORBIDDEN}) as dialer:
        first = upload(leads.path, settings(dialer, concurrency=2))
        assert first.ending is Ending.STOPPED
        leads.write(("0991888888", "new"), *reversed(numbered(30)))
        witness = Witness()
        second = upload(leads.path, settings(dialer, concurrency=2), witness)
        assert sorted(dialer.recorded) == sorted(
            ["0991888888", *(phone for phone, _ in numbered(30))]
        )
    assert second.counts[Status.ACCEPTED] == 31
    assert "changed" in witness.notes[-1]
    assert leads.statuses() == ["accepted"] * 31


def test_a_lead_changed_after_it_was_accepted_is_not_sent_again(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """The name is corrected, the number is the same: a second task would be a second call."""
    leads.write(*numbered(10))
    with FaultyDialer({6: Fault.UNAUTHORIZED}) as dialer:
        upload(leads.path, settings(dialer, concurrency=1, data="n={name}"))
        leads.write(("0991000001", "Corrected"), *numbered(9, first=2))
        summary = upload(leads.path, settings(dialer, concurrency=1, data="n={name}"))
        assert dialer.recorded.count("0991000001") == 1
    assert summary.counts[Status.DUPLICATE] == 1
    assert "changed since" in leads.rows()[0]["dialer_error"]


def test_other_settings_do_not_go_on_with_a_run_that_sent_leads(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """With another campaign no lead would be recognised, so the user is asked."""
    leads.write(*numbered(10))
    with FaultyDialer({6: Fault.UNAUTHORIZED}) as dialer:
        upload(leads.path, settings(dialer, concurrency=1))
        with pytest.raises(SettingsError, match="other settings"):
            upload(leads.path, settings(dialer, concurrency=1, campaign="OTHER"))
        assert len(dialer.recorded) == 5


CONSENT = """
schema_type: dataframe
columns:
  consent:
    dtype: str
    checks:
      equal_to: "yes"
"""


def test_settings_that_would_count_equal_tasks_otherwise_do_not_go_on(
    leads: Leads, settings: Callable[..., Settings], tmp_path: Path
) -> None:
    """A schema refuses one of two equal leads; without it, each would be taken for the other."""
    schema = tmp_path / "consent.yaml"
    schema.write_text(CONSENT, "utf-8")
    rows = [("0991000001", "no"), ("0991000001", "yes"), *[(n, "yes") for n, _ in numbered(5, 2)]]
    leads.write(*rows, header=("phone", "consent"))
    with FaultyDialer({4: Fault.UNAUTHORIZED}) as dialer:
        given = settings(dialer, concurrency=1, duplicates="send", schema_file=str(schema))
        assert upload(leads.path, given).counts[Status.ACCEPTED] == 3
        with pytest.raises(SettingsError, match="other settings"):
            upload(leads.path, settings(dialer, concurrency=1, duplicates="send"))
        assert upload(leads.path, given).ending is Ending.FINISHED
        assert sorted(dialer.recorded) == [phone for phone, _ in numbered(6)]


def test_a_past_date_that_is_judged_otherwise_does_not_go_on(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """With --past-dates now a date becomes none, so the leads that were sent are not known."""
    rows = [(phone, "2020-01-02 10:00:00") for phone, _ in numbered(6)]
    leads.write(*rows, header=("phone", "calldate"))
    with FaultyDialer({4: Fault.UNAUTHORIZED}) as dialer:
        given = {"concurrency": 1, "duplicates": "send"}
        upload(leads.path, settings(dialer, past_dates="keep", **given))
        with pytest.raises(SettingsError, match="other settings"):
            upload(leads.path, settings(dialer, past_dates="now", **given))
        assert len(dialer.recorded) == 3


def test_other_settings_begin_anew_where_nothing_was_sent(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """A wrong campaign that the canary found is corrected, and the file goes out."""
    leads.write(*numbered(10))

    def only_sales(request: Request) -> Reaction:
        return Fault.ACCEPT if request.task["campaign"] == "SALES" else Fault.ZERO

    with FaultyDialer(only_sales) as dialer:
        first = upload(leads.path, settings(dialer, canary=3, campaign="SALE"))
        assert first.ending is Ending.STOPPED
        assert first.counts[Status.REJECTED] == 3
        second = upload(leads.path, settings(dialer, canary=3))
    assert second.counts[Status.ACCEPTED] == 10


def test_recent_contacts_are_left_out_from_any_file(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings], tmp_path: Path
) -> None:
    """--skip-loaded-within knows the number and the campaign, not the file."""
    leads.write(*numbered(3))
    upload(leads.path, settings(dialer))
    other = Leads(tmp_path / "other.csv")
    other.write(("0991000002", "other name"), ("0991777777", "new"))
    summary = upload(other.path, settings(dialer, skip_loaded_within="7d"))
    assert other.statuses() == ["duplicate", "accepted"]
    assert summary.counts[Status.DUPLICATE] == 1
    third = Leads(tmp_path / "third.csv")
    third.write(("0991000002", "other campaign"))
    upload(third.path, settings(dialer, skip_loaded_within="7d", campaign="SUPPORT"))
    assert third.statuses() == ["accepted"]


def test_duplicates_can_be_sent(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """--duplicates send sends every row, and a resumed run still knows them apart."""
    leads.write(("0991000001", "a"), ("0991000001", "a"), ("0991000001", "b"))
    summary = upload(leads.path, settings(dialer, duplicates="send"))
    assert summary.counts[Status.ACCEPTED] == len(dialer.recorded) == 3


def test_a_lock_keeps_a_second_run_out(leads: Leads, settings: Callable[..., Settings]) -> None:
    """While one run is under way, another of the same file is told who holds it."""
    leads.write(*numbered(2))
    path = leads.path
    refused: list[LockedError] = []

    class Impatient(Witness):
        def started(self, leads: int) -> None:
            super().started(leads)
            with pytest.raises(LockedError) as error:
                upload(path, settings(dialer))
            refused.append(error.value)

    with FaultyDialer() as dialer:
        upload(leads.path, settings(dialer), Impatient())
        assert len(dialer.recorded) == 2
    assert "The process" in refused[0].why


def test_nothing_is_sent_without_a_campaign(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """A required field with neither column nor default stops the run before anything is sent."""
    leads.write(*numbered(2))
    with pytest.raises(SettingsError, match="No campaign given"):
        upload(leads.path, settings(dialer, campaign=""))
    assert dialer.received == []


def test_nothing_is_sent_without_a_column_of_numbers(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """Columns are judged before rows."""
    leads.write(("x", "y"), header=("first", "second"))
    with pytest.raises(ColumnError):
        upload(leads.path, settings(dialer))
    assert dialer.received == []


def test_nothing_is_sent_without_a_ledger(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings], tmp_path: Path
) -> None:
    """A damaged ledger stops the run before anything is sent."""
    leads.write(*numbered(2))
    home = tmp_path / "home"
    home.mkdir()
    (home / "ledger.key").write_bytes(b"k" * 32)
    (home / "ledger.sqlite3").write_bytes(b"this is not a database, and longer than its header" * 9)
    with pytest.raises(LedgerError):
        upload(leads.path, settings(dialer))
    assert dialer.received == []


class Vanishing(Witness):
    """A folder for the results that is gone when they are to be written."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        folder.mkdir(exist_ok=True)

    def settled(self, status: Status, count: int = 1) -> None:
        super().settled(status, count)
        if sum(self.counts.values()) == 2:
            shutil.rmtree(self.folder)


def test_results_that_cannot_be_written_are_made_anew_from_the_ledger(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings], tmp_path: Path
) -> None:
    """The leads are sent and known; the error says how to get the file, and so does resuming."""
    leads.write(*numbered(2))
    place = tmp_path / "soon gone" / "out.csv"
    with pytest.raises(ResultsError) as failed:
        upload(leads.path, settings(dialer, results=place), Vanishing(place.parent))
    assert "bulk-loader runs results" in str(failed.value)
    summary = upload(leads.path, settings(dialer))
    assert leads.statuses() == ["accepted"] * 2
    assert (summary.ending, summary.sent, len(dialer.recorded)) == (Ending.FINISHED, 0, 2)


@pytest.mark.parametrize(("results", "failure"), [("", StoppedError), ("no/", ResultsError)])
def test_a_ledger_that_fails_at_the_very_end_stops_the_run(
    leads: Leads,
    dialer: FaultyDialer,
    settings: Callable[..., Settings],
    results: str,
    failure: type[LoaderError],
) -> None:
    """It is never told that nothing was sent, also where the results file fails too."""
    leads.write(*numbered(2))

    path = leads.path.parent / f"{results}leads.results.csv"

    class Saboteur(Vanishing):
        def settled(self, status: Status, count: int = 1) -> None:
            if results:
                super().settled(status, count)
            else:
                Witness.settled(self, status, count)
            if sum(self.counts.values()) == 2:
                with closing(
                    sqlite3.connect(leads.path.parent / "home" / "ledger.sqlite3")
                ) as ledger:
                    ledger.execute("DROP TABLE run")

    with pytest.raises(failure) as failed:
        upload(leads.path, settings(dialer, results=path), Saboteur(path.parent))
    assert failed.value.exit_code is ExitCode.STOPPED
    assert len(dialer.recorded) == 2
    assert results or leads.statuses() == ["accepted"] * 2


def test_a_file_changed_while_it_is_sent_is_not_annotated(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """Outcomes never stand beside rows that they do not belong to."""
    leads.write(*numbered(5))

    class Meddler(Witness):
        def settled(self, status: Status, count: int = 1) -> None:
            super().settled(status, count)
            if sum(self.counts.values()) == 5:
                leads.write(*numbered(6))

    with pytest.raises(ResultsError) as failed:
        upload(leads.path, settings(dialer), Meddler())
    assert "was changed while" in failed.value.why
    summary = upload(leads.path, settings(dialer))
    assert summary.counts[Status.ACCEPTED] == 6
    assert len(dialer.recorded) == 6


def test_a_sandbox_shows_its_queue_and_is_forgotten(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """A trial can be repeated as often as one likes."""
    leads.write(*numbered(3))
    for _ in range(2):
        witness = Witness()
        summary = upload(leads.path, settings(sandbox=True, concurrency=1), witness)
        assert summary.target == "sandbox"
        assert [queued.task.destination for queued in witness.queue] == [
            phone for phone, _ in numbered(3)
        ]


def test_a_good_concurrency_is_found_and_said(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """--concurrency auto never goes above its bound, and the summary says what it found."""
    leads.write(*numbered(600))
    summary = upload(leads.path, settings(dialer, concurrency="auto"))
    assert summary.counts[Status.ACCEPTED] == len(dialer.recorded) == 600
    assert dialer.most_at_once <= 64
    assert any("--concurrency auto found" in note for note in summary.notes)


def test_a_fault_of_the_program_stops_the_run_and_is_handed_on(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """What broke is in the summary for a report, and every lead is accounted for."""
    leads.write(*numbered(20))

    class Faulty(Witness):
        def settled(self, status: Status, count: int = 1) -> None:
            super().settled(status, count)
            raise ZeroDivisionError

    summary = upload(leads.path, settings(dialer), Faulty())
    assert isinstance(summary.fault, ZeroDivisionError)
    assert summary.ending is Ending.STOPPED
    assert summary.leads == 20
    assert summary.counts[Status.ACCEPTED] == len(dialer.recorded)


def test_the_results_never_take_the_place_of_the_list(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """A slip in --results does not cost the user's own file, and nothing is sent."""
    leads.write(*numbered(2))
    with pytest.raises(SettingsError, match="take the place of"):
        upload(leads.path, settings(dialer, results=leads.path))
    assert dialer.received == []


def test_a_corrected_name_in_a_finished_list_calls_nobody_again(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """The task is another one, the person is the same: only --again would call."""
    leads.write(("0991000001", "Ana"), ("0991000002", "Eva"))
    upload(leads.path, settings(dialer, data="n={name}"))
    leads.write(("0991000001", "Anna"), ("0991000002", "Eva"), ("0991000003", "Ida"))
    summary = upload(leads.path, settings(dialer, data="n={name}", source="crm"))
    assert sorted(dialer.recorded) == ["0991000001", "0991000002", "0991000003"]
    assert summary.counts[Status.DUPLICATE] == 2


def test_what_a_retry_sent_stands_when_the_upload_goes_on(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """The results file of the upload says `accepted` of leads that a retry brought in between."""
    leads.write(*numbered(20))
    with FaultyDialer({11: Fault.UNAUTHORIZED}) as dialer:
        upload(leads.path, settings(dialer, concurrency=1))
        retry(leads.results, settings(dialer))
        assert leads.statuses() == ["accepted"] * 20
        summary = upload(leads.path, settings(dialer, concurrency=1))
        assert len(dialer.recorded) == 20
    assert summary.counts[Status.ACCEPTED] == 20
    assert leads.statuses() == ["accepted"] * 20


def test_a_setting_that_does_not_fit_the_file_is_refused(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """No option is silently ignored."""
    leads.write(*numbered(2))
    with pytest.raises(SettingsError, match="--sheet does not fit"):
        upload(leads.path, settings(dialer, sheet="Nope"))


def test_the_results_of_another_run_are_kept(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """A second dialer, or tomorrow's list under the same name, does not cost today's results."""
    leads.write(*numbered(2))
    with FaultyDialer({1: Fault.ZERO}) as first, FaultyDialer() as second:
        summary = upload(leads.path, settings(first, concurrency=1))
        again = upload(leads.path, settings(second))
        kept = leads.results.with_name(f"leads.results.{summary.run_id}.csv")
        assert any(kept.name in note for note in again.notes)
        assert leads.statuses() == ["accepted"] * 2
        retried = retry(kept, Settings(home=settings().home, token="secret-token"))
    assert retried.target == first.url
    assert retried.counts[Status.ACCEPTED] == 2


def test_a_file_of_the_users_own_is_kept_out_of_the_way(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """What stood where the results go is never lost."""
    leads.write(*numbered(2))
    leads.results.write_text("precious", "utf-8")
    summary = upload(leads.path, settings(dialer))
    kept = leads.results.with_name(f"leads.results.before-{summary.run_id}.csv")
    assert kept.read_text("utf-8") == "precious"
    assert leads.statuses() == ["accepted"] * 2


@pytest.mark.parametrize(
    "place", ["no/such/r.csv", ".", "r.xlsx", "dangling.csv", "pipe.csv", f"{'x' * 252}.csv"]
)
def test_a_place_that_cannot_hold_the_results_is_refused_at_once(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings], place: str
) -> None:
    """Nothing is sent where its outcome could not be written down."""
    leads.write(*numbered(2))
    (leads.path.parent / "dangling.csv").symlink_to("nowhere.csv")
    os.mkfifo(leads.path.parent / "pipe.csv")
    with pytest.raises(SettingsError, match="can't be written to"):
        upload(leads.path, settings(dialer, results=leads.path.parent / place))
    assert dialer.received == []


def test_a_results_file_whose_name_would_be_too_long_is_refused_at_once(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """The system would refuse it only when all leads are sent."""
    long = Leads(leads.path.with_name(f"{'x' * 250}.csv"))
    long.write(*numbered(2))
    with pytest.raises(SettingsError, match="can't be written to") as refused:
        upload(long.path, settings(dialer))
    assert "too long" in refused.value.why
    assert dialer.received == []
    assert upload(long.path, settings(dialer, results=leads.results)).sent == 2


def test_what_stands_there_is_kept_however_long_its_name_is(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """The name under which it is kept loses letters, and not the run its results."""
    long = Leads(leads.path.with_name(f"{'x' * 230}.csv"))
    long.write(*numbered(2))
    long.results.write_text("somebody's work")
    assert upload(long.path, settings(dialer)).sent == 2
    (kept,) = long.path.parent.glob("x*.before-*.csv")
    assert kept.read_text() == "somebody's work"
    assert long.statuses() == ["accepted"] * 2


def test_a_link_that_is_put_there_while_leads_are_sent_is_not_followed(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """In a folder that others can write to: what it leads to stays, and the results are written."""
    shared, precious = leads.path.parent / "shared", leads.path.parent / "precious"
    shared.mkdir()
    shared.chmod(0o777)
    precious.write_text("precious")
    results = shared / "results.csv"

    class Planter(Witness):
        def started(self, leads: int) -> None:
            super().started(leads)
            results.symlink_to(precious)

    leads.write(*numbered(2))
    summary = upload(leads.path, settings(dialer, results=results), Planter())
    assert summary.ending is Ending.FINISHED
    assert precious.read_text() == "precious"
    assert not results.is_symlink()
    assert results.read_text().count("accepted") == 2


def test_a_file_that_changes_before_the_sending_is_not_sent(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """What was checked is what is sent, or the file can't be read, and no run begins."""
    meddlings: tuple[Callable[[], None], ...] = (
        leads.path.unlink,
        lambda: leads.write(*numbered(3)),
    )
    for meddle in meddlings:

        class Meddler(Witness):
            def opened(self, source: Source) -> None:
                super().opened(source)
                meddle()  # noqa: B023 - called within the loop

        leads.write(*numbered(2))
        with pytest.raises(SourceError):
            upload(leads.path, settings(dialer), Meddler())
    assert dialer.received == []
    assert past_runs(settings().home) == []
