from __future__ import annotations

import csv
import os
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bulk_loader.errors import AlreadyUploadedError, ExitCode, LockedError
from bulk_loader.jobs.night import NightOutcome
from bulk_loader.jobs.records import last_run
from bulk_loader.jobs.running import Audience, is_under_way, run_job
from bulk_loader.ledger import Ledger
from bulk_loader.model import Ending, Status
from bulk_loader.workflows.retry import retry
from bulk_loader.workflows.upload import upload
from tests.jobs.fakes import TWO, FakeClock, PassingWatch, job, names, put, run
from tests.support.faulty_dialer import Fault, FaultyDialer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulk_loader.settings import Job, Settings

    MakeSettings = Callable[..., Settings]

LIST = "phone,name\n0991000001,Ana\n0991000002,Luz\n"
OTHER = "phone,name\n0991000003,Eva\n"


def port_of(dialer: FaultyDialer) -> int:
    """Where it listens, so that another one can stand in for it the next night."""
    return int(dialer.url.rpartition(":")[2])


def only_name(folder: Path, end: str) -> str:
    """The name of the only file there that ends so."""
    (name,) = [name for name in names(folder) if name.endswith(end)]
    return name


def test_a_list_is_loaded_and_put_away_with_its_results(
    night: Job, dialer: FaultyDialer, inbox: Path
) -> None:
    """Both are dated, stand side by side, and the ledger knows where."""
    put(inbox / "leads.csv", LIST)
    ended = run(night)
    assert (ended.outcome, ended.exit_code) == (NightOutcome.LOADED, ExitCode.OK)
    assert sorted(dialer.recorded) == ["0991000001", "0991000002"]
    assert names(inbox) == names(inbox / "working") == []
    stamp = f"{TWO.astimezone():%Y%m%d-%H%M%S}"
    put_away = [f"{stamp}-leads.{end}" for end in ("csv", "report.html", "results.csv")]
    assert names(inbox / "done") == put_away
    (report,) = ended.files
    assert report.name == "leads.csv"
    assert report.place == inbox / "done" / f"{stamp}-leads.csv"
    assert report.results == inbox / "done" / f"{stamp}-leads.results.csv"
    with Ledger.open(night.settings.home) as ledger:
        (record,) = ledger.runs.all()
    assert (record.plan.path, record.plan.results) == (str(report.place), str(report.results))


def test_what_was_put_away_can_be_retried(settings: MakeSettings, inbox: Path) -> None:
    """Its results know where they come from, wherever they stand."""
    with FaultyDialer({"0991000002": Fault.ZERO}) as dialer:
        made = job(settings(dialer), inbox / "*.csv")
        put(inbox / "leads.csv", LIST)
        ended = run(made)
        assert ended.exit_code is ExitCode.BAD_LEADS
        results = ended.files[0].results
        assert results is not None
        assert retry(results, settings(dialer)).counts[Status.REJECTED] == 1
        assert dialer.recorded == ["0991000001"]


def test_several_lists_are_loaded_in_the_order_of_their_time(
    night: Job, dialer: FaultyDialer, inbox: Path
) -> None:
    """Not of their names."""
    put(inbox / "a.csv", LIST, TWO)
    put(inbox / "b.csv", OTHER, TWO - timedelta(hours=1))
    ended = run(night)
    assert [report.name for report in ended.files] == ["b.csv", "a.csv"]
    assert dialer.recorded[0] == "0991000003"
    assert ended.counts[Status.ACCEPTED] == 3


def test_a_list_of_the_same_name_the_next_night_writes_over_nothing(
    night: Job, dialer: FaultyDialer, inbox: Path
) -> None:
    """Nor does one at the same second, after the clock was set back."""
    for text in (LIST, OTHER, "phone,name\n0991000004,Leo\n"):
        put(inbox / "leads.csv", text)
        assert run(night).exit_code is ExitCode.OK
    assert len(names(inbox / "done")) == 9
    assert len(dialer.recorded) == 4


def test_a_list_that_was_loaded_before_is_put_aside_and_nothing_is_sent(
    night: Job, dialer: FaultyDialer, inbox: Path
) -> None:
    """Under whatever name it comes, and whoever loaded it."""
    upload(put(inbox.parent / "by hand.csv", LIST), night.settings)
    put(inbox / "leads.csv", LIST)
    ended = run(night)
    assert ended.outcome is NightOutcome.REPEATED
    assert ended.exit_code is AlreadyUploadedError.exit_code
    assert len(dialer.recorded) == 2
    assert [name[16:] for name in names(inbox / "repeated")] == ["leads.csv"]


def test_a_repeated_list_does_not_hide_behind_a_good_one(night: Job, inbox: Path) -> None:
    """The worst of several files decides how the night ended."""
    upload(put(inbox.parent / "by hand.csv", LIST), night.settings)
    put(inbox / "old.csv", LIST, TWO - timedelta(hours=1))
    put(inbox / "new.csv", OTHER)
    ended = run(night)
    assert ended.outcome is NightOutcome.REPEATED
    assert ended.why.startswith("old.csv: This file was uploaded")
    assert [report.outcome.value for report in ended.files] == ["repeated", "loaded"]


@pytest.mark.parametrize(("no_file", "code"), [("fail", 3), ("ok", 0)])
def test_a_night_without_a_file_is_an_outcome_of_its_own(
    settings: MakeSettings, dialer: FaultyDialer, inbox: Path, no_file: str, code: int
) -> None:
    """Whether it is a failure is the user's word."""
    ended = run(job(settings(dialer), inbox / "*.csv", no_file=no_file))
    assert (ended.outcome, ended.exit_code) == (NightOutcome.NO_FILE, code)
    assert str(inbox / "*.csv") in ended.why


def test_what_is_no_list_is_left_where_it_is_and_named(
    night: Job, dialer: FaultyDialer, inbox: Path
) -> None:
    """A link, a folder, a results file and a file that is being written are no file for tonight."""
    put(inbox.parent / "elsewhere.csv", LIST)
    (inbox / "link.csv").symlink_to(inbox.parent / "elsewhere.csv")
    (inbox / "folder.csv").mkdir()
    put(inbox / "leads.results.csv", LIST)
    put(inbox / ".hidden.csv", LIST)
    ended = run(night)
    assert ended.outcome is NightOutcome.NO_FILE
    assert [note.split(" ")[0] for note in ended.notes] == [
        ".hidden.csv",
        "folder.csv",
        "leads.results.csv",
        "link.csv",
    ]
    assert not dialer.recorded
    assert (inbox / "link.csv").is_symlink()


def test_results_of_an_earlier_run_under_another_name_are_never_sent(
    night: Job, dialer: FaultyDialer, inbox: Path
) -> None:
    """To upload them would call everybody once more."""
    put(inbox / "leads.csv", LIST)
    results = run(night).files[0].results
    assert results is not None
    results.rename(inbox / "tonight.csv")
    ended = run(night)
    assert ended.outcome is NightOutcome.UNREADABLE
    assert len(dialer.recorded) == 2
    assert only_name(inbox / "failed", "tonight.csv")


def test_a_file_that_is_no_list_fails_and_the_next_one_goes_out(
    night: Job, dialer: FaultyDialer, inbox: Path
) -> None:
    """One bad file does not keep the queue empty, nor does the night look right."""
    put(inbox / "a.csv", "phone,name\n", TWO - timedelta(hours=1))
    put(inbox / "b.csv", OTHER)
    ended = run(night)
    assert (ended.outcome, ended.exit_code) == (NightOutcome.UNREADABLE, ExitCode.BAD_FILE)
    assert dialer.recorded == ["0991000003"]
    assert only_name(inbox / "failed", "a.csv")


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ({"min_rows": 3}, "has 2 leads"),
        ({"columns": ["phone", "surname"]}, 'lacks the column "surname" (it has "name")'),
        ({"max_invalid": "40%"}, "has 1 invalid leads of 2"),
        ({"max_invalid": 0}, "has 1 invalid leads of 2"),
    ],
)
def test_a_list_that_breaks_a_rule_is_judged_before_anything_is_sent(
    settings: MakeSettings, dialer: FaultyDialer, inbox: Path, rules: dict[str, Any], told: str
) -> None:
    """It goes to failed, and nobody is called."""
    put(inbox / "leads.csv", LIST.replace("0991000002", "no number"))
    ended = run(job(settings(dialer), inbox / "*.csv", **rules))
    assert (ended.outcome, ended.exit_code) == (NightOutcome.REFUSED, ExitCode.BAD_FILE)
    assert told in ended.why
    assert not dialer.received
    assert only_name(inbox / "failed", "leads.csv")


def test_a_list_that_keeps_the_rules_is_sent(
    settings: MakeSettings, dialer: FaultyDialer, inbox: Path
) -> None:
    """Just at each limit."""
    put(inbox / "leads.csv", LIST.replace("0991000002", "no number"))
    rules = {"min_rows": 2, "columns": [" PHONE"], "max_invalid": "50%", "max_age": "20h"}
    ended = run(job(settings(dialer), inbox / "*.csv", **rules))
    assert ended.exit_code is ExitCode.BAD_LEADS
    assert dialer.recorded == ["0991000001"]


@pytest.mark.parametrize("age", [timedelta(hours=21), -timedelta(days=2)])
def test_old_files_are_not_taken_for_those_of_tonight(
    settings: MakeSettings, dialer: FaultyDialer, inbox: Path, age: timedelta
) -> None:
    """Nor one from the future, whose age is not known; a person decides, so it stays."""
    put(inbox / "leads.csv", LIST, TWO - age)
    ended = run(job(settings(dialer), inbox / "*.csv", max_age="20h"))
    assert (ended.outcome, ended.exit_code) == (NightOutcome.STALE, ExitCode.BAD_FILE)
    assert names(inbox) == ["leads.csv"]
    assert not dialer.received


def test_a_file_is_taken_only_when_it_has_come_to_rest(
    settings: MakeSettings, dialer: FaultyDialer, inbox: Path
) -> None:
    """Half a copy is no list, and the clock of the machine may jump meanwhile."""
    path = put(inbox / "leads.csv", "phone,name\n0991000001,Ana\n")
    clock = FakeClock()

    def copy_on(number: int) -> None:
        clock.time = TWO - timedelta(days=number)
        if number == 5:
            put(path, LIST)

    clock.meanwhile = copy_on
    ended = run_job(job(settings(dialer), inbox / "*.csv", settle="30s"), clock=clock)
    assert ended.outcome is NightOutcome.LOADED
    assert len(dialer.recorded) == 2
    assert clock.passed_s == 40


def test_a_file_that_never_rests_is_a_failure_of_its_own(
    settings: MakeSettings, dialer: FaultyDialer, inbox: Path
) -> None:
    """It stays for the next run, and a good file beside it does not hide it."""
    path = put(inbox / "growing.csv", "phone,name\n")
    put(inbox / "leads.csv", LIST)
    clock = FakeClock()

    def grow(number: int) -> None:
        path.write_text("x" * number)

    clock.meanwhile = grow
    ended = run_job(job(settings(dialer), inbox / "*.csv", settle="30s"), clock=clock)
    assert (ended.outcome, ended.exit_code) == (NightOutcome.INCOMPLETE, ExitCode.BAD_FILE)
    assert len(dialer.recorded) == 2
    assert names(inbox) == ["growing.csv"]


@pytest.mark.skipif(sys.platform != "linux", reason="only /proc tells it")
def test_a_file_that_is_open_for_writing_is_not_taken(night: Job, inbox: Path) -> None:
    """However long its writer pauses."""
    with put(inbox / "leads.csv", LIST).open("a"):
        assert run(night).outcome is NightOutcome.INCOMPLETE
    assert run(night).outcome is NightOutcome.LOADED


def test_what_was_stopped_goes_on_the_next_night_without_a_second_call(
    settings: MakeSettings, inbox: Path
) -> None:
    """The list waits in working, and those behind it in the inbox."""
    put(inbox / "a.csv", LIST, TWO - timedelta(hours=1))
    put(inbox / "b.csv", OTHER)
    with FaultyDialer({"0991000002": Fault.FORBIDDEN}) as dialer:
        made = job(settings(dialer, concurrency=1), inbox / "*.csv")
        ended = run(made)
        assert (ended.outcome, ended.exit_code) == (NightOutcome.STOPPED, ExitCode.STOPPED)
        assert names(inbox) == ["b.csv"]
        assert only_name(inbox / "working", "-a.csv")
        port = port_of(dialer)
    with FaultyDialer(port=port) as dialer:
        ended = run(made)
        assert ended.exit_code is ExitCode.OK
        assert sorted(dialer.recorded) == ["0991000002", "0991000003"]
    assert len(names(inbox / "done")) == 6
    assert names(inbox / "working") == []


def test_the_rules_are_not_held_against_a_list_that_was_begun(
    settings: MakeSettings, inbox: Path
) -> None:
    """Some of its people were called; to stop there helps nobody."""
    put(inbox / "a.csv", LIST)
    with FaultyDialer({"0991000002": Fault.FORBIDDEN}) as dialer:
        given = settings(dialer, concurrency=1)
        assert run(job(given, inbox / "*.csv")).outcome is NightOutcome.STOPPED
        port = port_of(dialer)
    with FaultyDialer(port=port) as dialer:
        strict = {"min_rows": 9, "max_invalid": 0, "max_age": "1s", "columns": ["x"]}
        assert run(job(given, inbox / "*.csv", **strict)).exit_code is ExitCode.OK
        assert dialer.recorded == ["0991000002"]


def test_a_crash_between_the_sending_and_the_putting_away_is_mended(
    night: Job, dialer: FaultyDialer, inbox: Path
) -> None:
    """The next run knows that all was sent, wherever the results stand by then."""
    for number, text in enumerate((LIST, OTHER)):
        taken = put(inbox / "working" / f"20260303-02000{number}-leads.csv", text)
        upload(taken, night.settings)
    (inbox / "done").mkdir()
    first = inbox / "working" / "20260303-020000-leads.results.csv"
    first.rename(inbox / "done" / first.name)
    ended = run(night)
    assert ended.exit_code is ExitCode.OK
    assert {report.results and report.results.parent for report in ended.files} == {inbox / "done"}
    assert ended.counts[Status.ACCEPTED] == 3
    assert len(dialer.recorded) == 3
    assert names(inbox / "working") == []
    assert len(names(inbox / "done")) == 4
    assert names(inbox / "repeated") == []


def test_a_pattern_for_everything_spares_what_is_the_jobs_own(
    settings: MakeSettings, dialer: FaultyDialer, inbox: Path
) -> None:
    """Its settings file may stand in the folder, and must be there the next night."""
    made = job(settings(dialer), inbox / "*")
    put(made.config, "[job.night]\n")
    put(inbox / "leads.csv", LIST)
    ended = run(made)
    assert (ended.exit_code, ended.notes) == (ExitCode.OK, ())
    assert made.config.exists()
    assert run(made).outcome is NightOutcome.NO_FILE


def test_only_what_a_job_has_taken_is_taken_up_again(
    night: Job, dialer: FaultyDialer, inbox: Path
) -> None:
    """What a person put into working, or left there unfinished, is no list of the job."""
    put(inbox / "working" / "mine.csv", LIST)
    put(inbox / "working" / "20260303-020000-leads.results.csv", LIST)
    (inbox / "working" / "20260303-020000-link.csv").symlink_to(inbox / "working" / "mine.csv")
    assert run(night).outcome is NightOutcome.NO_FILE
    assert not dialer.received


def test_a_person_may_move_a_list_away_while_it_is_loaded(
    night: Job, dialer: FaultyDialer, inbox: Path
) -> None:
    """No results can be written then, and whoever brings it back calls nobody twice."""
    put(inbox / "leads.csv", LIST)

    def move() -> None:
        (path,) = (inbox / "working").glob("*-leads.csv")
        path.rename(inbox.parent / "mine.csv")

    ended = run_job(night, Audience(lambda: PassingWatch(move)), FakeClock())
    assert (ended.outcome, ended.exit_code) == (NightOutcome.STOPPED, ExitCode.STOPPED)
    put(inbox / "back.csv", LIST)
    assert run(night).exit_code is ExitCode.OK
    assert sorted(dialer.recorded) == ["0991000001", "0991000002"]


def test_two_runs_of_a_job_can_not_overlap(night: Job, inbox: Path) -> None:
    """The second says which process runs, and takes nothing."""
    put(inbox / "leads.csv", LIST)
    told = []

    def run_again() -> None:
        assert is_under_way(night)
        with pytest.raises(LockedError, match="night is under way already") as refused:
            run(night)
        told.append(refused.value)

    ended = run_job(night, Audience(lambda: PassingWatch(run_again)), FakeClock())
    assert ended.exit_code is ExitCode.OK
    (error,) = told
    assert error.exit_code is ExitCode.LOCKED
    assert f"The process {os.getpid()} on" in error.why
    assert not is_under_way(night)


def test_of_two_machines_that_share_a_folder_one_works_in_it(
    settings: MakeSettings, dialer: FaultyDialer, night: Job, inbox: Path
) -> None:
    """Each has a ledger of its own, so what one has taken must be safe from the other."""
    put(inbox / "leads.csv", LIST)
    elsewhere = job(settings(dialer, home=inbox.parent / "other home"), inbox / "*.csv")
    told = []
    ended = run_job(
        night, Audience(lambda: PassingWatch(lambda: told.append(run(elsewhere)))), FakeClock()
    )
    (other,) = told
    assert (other.outcome, other.exit_code) == (NightOutcome.BUSY, ExitCode.LOCKED)
    assert f"The process {os.getpid()} on" in other.why
    assert ended.exit_code is ExitCode.OK
    assert len(dialer.recorded) == 2
    assert run(elsewhere).outcome is NightOutcome.NO_FILE


def test_a_job_can_be_tried_with_the_sandbox(settings: MakeSettings, inbox: Path) -> None:
    """It needs no credentials, and files go their way."""
    put(inbox / "leads.csv", LIST)
    ended = run(job(settings(sandbox=True), inbox / "*.csv"))
    assert ended.exit_code is ExitCode.OK
    assert len(names(inbox / "done")) == 3


def test_without_credentials_nothing_is_taken(
    settings: MakeSettings, dialer: FaultyDialer, inbox: Path
) -> None:
    """All lists would end in working else, and none would be sent."""
    put(inbox / "leads.csv", LIST)
    ended = run(job(settings(dialer, token=None), inbox / "*.csv"))
    assert (ended.outcome, ended.exit_code) == (NightOutcome.HELD, ExitCode.USAGE)
    assert ended.error is not None
    assert names(inbox) == ["leads.csv"]


def test_a_list_that_can_not_be_shared_out_is_not_taken(
    settings: MakeSettings, dialer: FaultyDialer, inbox: Path
) -> None:
    """The settings are told to be wrong, and the list stays where it is."""
    put(inbox / "leads.csv", LIST)
    ended = run(job(settings(dialer, spread=True), inbox / "*.csv"))
    assert (ended.outcome, ended.exit_code) == (NightOutcome.HELD, ExitCode.USAGE)
    assert ended.error is not None
    assert "ledger that machines share" in ended.error.what
    assert names(inbox) == ["leads.csv"]


def test_a_folder_that_is_missing_is_a_failure(
    settings: MakeSettings, dialer: FaultyDialer, inbox: Path
) -> None:
    """And not an empty one; no folder is made where the path is only mistyped."""
    made = job(settings(dialer), inbox / "*.csv")
    inbox.rmdir()
    ended = run(made)
    assert (ended.outcome, ended.exit_code) == (NightOutcome.HELD, ExitCode.USAGE)
    assert not inbox.exists()


def test_a_folder_in_the_way_is_told(night: Job, inbox: Path) -> None:
    """Before anything is taken."""
    put(inbox / "leads.csv", LIST)
    put(inbox / "done", "not a folder")
    ended = run(night)
    assert ended.exit_code is ExitCode.USAGE
    assert names(inbox) == ["done", "leads.csv"]


def test_a_name_that_is_no_text_goes_all_the_way(
    night: Job, dialer: FaultyDialer, inbox: Path
) -> None:
    """Of a list that comes from an old machine, and one as long as the system allows."""
    put(inbox / os.fsdecode(b"caf\xe9.csv"), LIST)
    put(inbox / f"{'x' * 251}.csv", OTHER)
    ended = run(night)
    assert ended.exit_code is ExitCode.OK, ended.why
    assert len(names(inbox / "done")) == 6
    assert len(dialer.recorded) == 3


def test_the_last_run_is_kept(night: Job, inbox: Path) -> None:
    """For whoever asks in the morning; a run that breaks off is not taken for the one before."""
    assert last_run(night.settings.home, night.config, "night") is None
    put(inbox / "leads.csv", LIST)
    run(night)
    kept = last_run(night.settings.home, night.config, "night")
    assert kept is not None
    assert (kept.outcome, kept.exit_code) == (NightOutcome.LOADED, 0)
    assert kept.counts is not None
    assert kept.counts[Status.ACCEPTED] == 2

    def crash() -> None:
        raise ZeroDivisionError

    put(inbox / "b.csv", OTHER)
    with pytest.raises(ZeroDivisionError):
        run_job(night, Audience(lambda: PassingWatch(crash)), FakeClock())
    kept = last_run(night.settings.home, night.config, "night")
    assert kept is not None
    assert kept.outcome is None
    assert run(night).exit_code is ExitCode.OK


def statuses(results: Path) -> list[str]:
    """Of the leads in a results file."""
    with results.open(encoding="utf-8", newline="") as file:
        return [row["dialer_status"] for row in csv.DictReader(file)]


def test_an_inbox_of_many_files_is_looked_through(
    settings: MakeSettings, dialer: FaultyDialer, inbox: Path
) -> None:
    """Ten thousand files that are none of the job's don't keep it from its own."""
    for number in range(10_000):
        (inbox / f"{number}.txt").touch()
    put(inbox / "leads.csv", LIST)
    ended = run(job(settings(dialer), inbox / "*.csv"))
    assert ended.exit_code is ExitCode.OK
    results = ended.files[0].results
    assert results is not None
    assert statuses(results) == ["accepted", "accepted"]


def test_a_stopped_run_is_unfinished_business_of_the_ledger(
    settings: MakeSettings, inbox: Path
) -> None:
    """Whoever looks at the runs sees where the list waits."""
    put(inbox / "a.csv", LIST)
    with FaultyDialer({"0991000001": Fault.FORBIDDEN}) as dialer:
        made = job(settings(dialer), inbox / "*.csv")
        report = run(made).files[0]
    with Ledger.open(made.settings.home) as ledger:
        (record,) = ledger.runs.all()
    assert record.ending is Ending.STOPPED
    assert record.plan.path == str(report.place)
