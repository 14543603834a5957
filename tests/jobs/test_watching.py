from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bulk_loader.errors import ExitCode
from bulk_loader.jobs.night import NightOutcome
from bulk_loader.jobs.running import watch_job
from bulk_loader.workflows.upload import upload
from tests.jobs.fakes import TWO, FakeClock, PassingWatch, job, names, put, run
from tests.support.faulty_dialer import FaultyDialer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulk_loader.jobs.night import Night
    from bulk_loader.settings import Job, Settings

    MakeSettings = Callable[..., Settings]

LIST = "phone,name\n0991000001,Ana\n0991000002,Luz\n"
OTHER = "phone,name\n0991000003,Eva\n"


def test_a_watching_job_waits_for_whoever_sends_the_same_list(
    night: Job, dialer: FaultyDialer, inbox: Path
) -> None:
    """It asks once a minute, and sends nothing twice."""
    by_hand = put(inbox.parent / "by hand.csv", LIST)
    put(inbox / "leads.csv", LIST)
    nights: list[Night] = []
    clock = FakeClock()

    def come(number: int) -> None:
        if number == 40:
            raise KeyboardInterrupt

    clock.meanwhile = come
    meanwhile = PassingWatch(lambda: watch_job(night, nights.append, clock=clock))
    upload(by_hand, night.settings, meanwhile)
    assert [each.outcome.value for each in nights] == ["busy", "busy"]
    assert len(dialer.recorded) == 2
    assert run(night).outcome is NightOutcome.REPEATED


def test_a_watching_job_takes_files_as_they_come(
    settings: MakeSettings, dialer: FaultyDialer, inbox: Path
) -> None:
    """And ends between two of them when it is asked to, which is no failure."""
    clock = FakeClock()

    def come(number: int) -> None:
        if number == 3:
            put(inbox / "a.csv", LIST)
        if number == 20:
            put(inbox / "b.csv", OTHER)
        if number == 60:
            raise KeyboardInterrupt

    clock.meanwhile = come
    nights: list[Night] = []
    made = job(settings(dialer), inbox / "*.csv", settle="10s")
    assert watch_job(made, nights.append, clock=clock) is ExitCode.OK
    assert [[report.name for report in night.files] for night in nights] == [["a.csv"], ["b.csv"]]
    assert len(dialer.recorded) == 3


def test_a_watching_job_may_be_ended_while_it_tells_of_a_file(night: Job, inbox: Path) -> None:
    """The file is loaded and put away by then, so nothing was cut short."""
    put(inbox / "leads.csv", LIST)

    def tell(_night: Night) -> None:
        raise KeyboardInterrupt

    assert watch_job(night, tell, clock=FakeClock()) is ExitCode.OK
    assert len(names(inbox / "done")) == 3


def test_a_watching_job_goes_on_after_a_pause_where_the_dialer_was_down(
    settings: MakeSettings, inbox: Path
) -> None:
    """It neither gives up nor asks without end."""
    put(inbox / "a.csv", LIST)
    nights: list[Night] = []
    with FaultyDialer() as dialer:
        made = job(settings(dialer, retry_for="0s", max_doubts=1), inbox / "*.csv")
        clock = FakeClock()

        def come(number: int) -> None:
            if number == 40:
                dialer.listen_again()
            if number == 100:
                raise KeyboardInterrupt

        clock.meanwhile = come
        dialer.stop_listening()
        assert watch_job(made, nights.append, clock=clock) is ExitCode.OK
        assert [night.outcome.value for night in nights] == ["stopped", "stopped", "loaded"]
        assert sorted(dialer.recorded) == ["0991000001", "0991000002"]


def test_a_watching_job_tells_the_same_fault_once(
    settings: MakeSettings, dialer: FaultyDialer, inbox: Path
) -> None:
    """A share that is away for an hour, and files that are too old, fill no log."""
    clock = FakeClock()
    put(inbox / "old.csv", LIST, TWO - timedelta(days=9))

    def come(number: int) -> None:
        if number == 5:
            inbox.rename(inbox.parent / "away")
        if number == 10:
            (inbox.parent / "away").rename(inbox)
        if number == 20:
            raise KeyboardInterrupt

    clock.meanwhile = come
    nights: list[Night] = []
    made = job(settings(dialer), inbox / "*.csv", max_age="1d")
    assert watch_job(made, nights.append, clock=clock) is ExitCode.OK
    assert [night.outcome.value for night in nights] == ["stale", "held", "stale"]


def test_a_watching_job_ends_at_once_where_it_could_never_take_anything(
    settings: MakeSettings, dialer: FaultyDialer, inbox: Path
) -> None:
    """A service manager then shows what is wrong."""
    nights: list[Night] = []
    made = job(settings(dialer, token=None), inbox / "*.csv")
    assert watch_job(made, nights.append, clock=FakeClock()) is ExitCode.USAGE
    assert nights[0].error is not None
