from __future__ import annotations

import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from socket import gethostname
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from pydantic import SecretStr

from bulk_loader.cli.nights import job_line
from bulk_loader.errors import ExitCode, LedgerError, LockedError
from bulk_loader.jobs.listing import listed_job
from bulk_loader.jobs.night import NightOutcome
from bulk_loader.jobs.one_night import ElsewhereError
from bulk_loader.jobs.running import Audience, run_job
from bulk_loader.jobs.same_job import MARK_FILE
from bulk_loader.jobs.schedules.zone import machine_zone
from bulk_loader.jobs.shared_runs import last_shared_run
from bulk_loader.jobs.words import night_text
from bulk_loader.ledger import Ledger
from bulk_loader.settings import Job, load_job_file
from tests.jobs.fakes import TWO, FakeClock, PassingWatch, job, names, put, run
from tests.support.faulty_dialer import Fault, FaultyDialer
from tests.support.web_ear import web_ear

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from bulk_loader.jobs.listing import ListedJob
    from bulk_loader.jobs.night import Night
    from bulk_loader.settings import Settings
    from tests.support.web_ear import WebEar

    Machine = Callable[..., Job]

LIST = "phone,name\n0991000001,Ana\n0991000002,Luz\n"
OTHER = "phone,name\n0991000003,Eva\n"
AT = f"{machine_zone().local(TWO):%H:%M}"
DAY = timedelta(days=1)


@pytest.fixture
def ledger_url(database: str) -> str:
    """A ledger that machines share, in which nothing is yet."""
    return database


@pytest.fixture
def ear() -> Iterator[WebEar]:
    """Somebody who is told of all nights."""
    with web_ear() as listening:
        yield listening


@pytest.fixture
def machine(
    settings: Callable[..., Settings],
    dialer: FaultyDialer,
    inbox: Path,
    ear: WebEar,
    tmp_path: Path,
) -> Machine:
    """The job of the inbox, on the machine of a name, which has the key."""
    key = tmp_path / "ledger.key"
    told = {"alerts": f"json://{ear.host}/alert", "heartbeat": f"http://{ear.host}/beat"}

    def make(name: str, to: FaultyDialer = dialer, source: Path = inbox, **given: Any) -> Job:
        made = settings(to, home=tmp_path / name, key_file=key, **{**told, **given})
        return job(made, source / "*.csv", at=AT)

    with Ledger.open(make("first").settings.ledger_place):
        return make


def at_its_time(made: Job, now: datetime = TWO, act: Callable[[], object] | None = None) -> Night:
    """A run that a timer begins."""
    audience = Audience(lambda: PassingWatch(act)) if act else None
    return run_job(made, audience, FakeClock(now), is_scheduled=True)


def fall_silent(made: Job) -> None:
    """No machine is heard of for so long that others may go on."""
    with psycopg.connect(made.settings.ledger_place.url or "") as changing:
        changing.execute("UPDATE holding SET until = clock_timestamp() - interval '1 s'")


def in_thread(call: Callable[[], object]) -> None:
    """Call it and wait, from where an event loop runs already."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(call).result()


def test_of_many_machines_at_the_same_moment_one_runs_the_night(
    machine: Machine, dialer: FaultyDialer, inbox: Path, ear: WebEar
) -> None:
    """The others are told that it is under way, or how it has ended, and tell nobody."""
    put(inbox / "leads.csv", LIST)
    barrier = threading.Barrier(3)

    def go_off(name: str) -> str:
        made = machine(name)
        barrier.wait()
        try:
            night = at_its_time(made)
        except ElsewhereError:
            return "elsewhere"
        return "told" if night.machine else "run"

    with ThreadPoolExecutor(3) as threads:
        became = Counter(threads.map(go_off, "abc"))
    assert became["run"] == 1
    assert sorted(dialer.recorded) == ["0991000001", "0991000002"]
    assert sorted(ear.calls) == ["GET /beat", "GET /beat/start"]


def test_a_machine_that_is_turned_away_is_told_who_runs_it(
    machine: Machine, inbox: Path, ear: WebEar
) -> None:
    """And that the same command takes it up where that one is gone."""
    put(inbox / "leads.csv", LIST)

    def try_too() -> None:
        with pytest.raises(ElsewhereError) as refused:
            at_its_time(machine("b"), TWO + timedelta(minutes=3))
        assert refused.value.exit_code is ExitCode.LOCKED
        assert refused.value.what == "The job night is under way on another machine."
        assert gethostname() in refused.value.why
        assert "run the command again" in refused.value.remedy

    at_its_time(machine("a"), act=lambda: in_thread(try_too))
    assert ear.calls == ["GET /beat/start", "GET /beat"]


@pytest.mark.parametrize(
    ("text", "code"), [(LIST, 0), ("phone,name\n0991000001,Ana\n12,Luz\n", 1), ("", 3)]
)
def test_a_night_that_was_run_is_not_run_by_a_machine_that_comes_late(  # noqa: PLR0917
    machine: Machine, dialer: FaultyDialer, inbox: Path, ear: WebEar, text: str, code: int
) -> None:
    """It ends as that night did, says where and when that was, and tells nobody once more."""
    if text:
        put(inbox / "leads.csv", text)
    first = at_its_time(machine("a"))
    told, received = list(ear.calls), len(dialer.received)
    put(inbox / "late.csv", OTHER)
    late = at_its_time(machine("b"), TWO + timedelta(minutes=20))
    assert (late.exit_code, late.outcome) == (first.exit_code, first.outcome)
    assert int(late.exit_code) == code
    assert late.machine == gethostname()
    assert f"It was run on {gethostname()} from " in late.why
    assert f"exit code {code}" in late.why
    assert late.why in night_text(late)
    assert ("look on" in night_text(late)) is bool(code)
    assert (ear.calls, len(dialer.received)) == (told, received)
    assert names(inbox) == ["late.csv"]


def test_a_run_by_hand_is_kept_from_nothing(
    machine: Machine, dialer: FaultyDialer, inbox: Path
) -> None:
    """Whatever became of the night, on the same machine and on others."""
    for number, name in enumerate("ab"):
        at_its_time(machine("a"))
        put(inbox / "leads.csv", f"phone,name\n099200000{number},Ana\n")
        assert run(machine(name)).outcome is NightOutcome.LOADED
    assert len(dialer.recorded) == 2


def test_a_job_without_a_time_has_no_nights(machine: Machine, inbox: Path) -> None:
    """Each run of it is a run."""
    made = machine("a")
    made = job(made.settings, made.source)
    for _ in range(2):
        assert at_its_time(made).machine == ""
    assert not (inbox / "working" / MARK_FILE).exists()


def test_another_machine_goes_on_where_one_has_stopped_and_the_same_is_told_once(
    machine: Machine, inbox: Path, ear: WebEar
) -> None:
    """Of ten machines that find the dialer down one alerts, and whoever ends it well says so."""
    put(inbox / "leads.csv", LIST)
    with FaultyDialer(otherwise=Fault.FORBIDDEN) as down:
        for name in "abc":
            night = at_its_time(machine(name, down))
            assert (night.exit_code, night.machine) == (ExitCode.STOPPED, "")
    assert ear.calls == ["GET /beat/start", "POST /alert", "GET /beat/fail"]
    with FaultyDialer(port=int(down.url.rpartition(":")[2])) as up:
        night = at_its_time(machine("d", up))
        assert night.exit_code is ExitCode.OK
        assert "It goes on with what" in night.notes[0]
        assert sorted(up.recorded) == ["0991000001", "0991000002"]
    assert ear.calls[3:] == ["GET /beat"]
    assert at_its_time(machine("a", up)).machine == gethostname()


def test_a_machine_that_can_not_run_it_leaves_the_night_to_others(
    machine: Machine, dialer: FaultyDialer, inbox: Path
) -> None:
    """What its own settings say is no fault of theirs."""
    put(inbox / "leads.csv", LIST)
    assert at_its_time(machine("a", token=None)).exit_code is ExitCode.USAGE
    assert at_its_time(machine("b")).exit_code is ExitCode.OK
    assert len(dialer.recorded) == 2


def test_a_night_that_broke_off_is_taken_over(
    machine: Machine, dialer: FaultyDialer, inbox: Path, ear: WebEar
) -> None:
    """By whoever is asked; it tells of the one before, which has called the heartbeat's begin."""
    put(inbox / "leads.csv", LIST)
    made = machine("b")

    def break_off() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        at_its_time(machine("a"), act=break_off)
    began = last_shared_run(made)
    assert began is not None
    assert (began.outcome, began.is_under_way) == (None, False)
    night = at_its_time(made)
    assert night.exit_code is ExitCode.OK
    assert f" on {gethostname()} broke off" in night.notes[0]
    assert len(dialer.recorded) == 2
    assert Counter(ear.calls)["GET /beat/start"] == 1
    assert ear.calls[-1] == "GET /beat"


def test_a_machine_that_wakes_after_another_has_gone_on_takes_nothing_and_tells_nobody(
    machine: Machine, dialer: FaultyDialer, inbox: Path, ear: WebEar
) -> None:
    """On a share without locks, too: no lead is sent twice, and the night is the other's."""
    put(inbox / "leads.csv", LIST, TWO - timedelta(minutes=5))
    put(inbox / "more.csv", OTHER)
    second = machine("b")
    told: list[str] = []

    def sleep_long() -> None:
        fall_silent(second)
        (inbox / "working" / ".bulk-loader.lock").unlink()
        assert at_its_time(second).exit_code is ExitCode.OK
        put(inbox / "third.csv", "phone,name\n0991000004,Leo\n")
        told[:] = ear.calls

    night = at_its_time(machine("a"), act=lambda: in_thread(sleep_long))
    assert night.exit_code not in {ExitCode.OK, ExitCode.BAD_LEADS}
    assert night.notes[-1] == "Another machine has gone on with this night, and tells of it."
    assert Counter(dialer.recorded) == Counter(f"099100000{number}" for number in (1, 2, 3))
    assert "third.csv" in names(inbox)
    assert ear.calls == told
    last = last_shared_run(second)
    assert last is not None
    assert (last.outcome, last.exit_code) == (NightOutcome.LOADED, 0)


def test_a_machine_that_wakes_between_two_lists_takes_no_other(
    machine: Machine, inbox: Path
) -> None:
    """What the other one has left is for whoever repeats the night."""
    put(inbox / "leads.csv", LIST, TWO - timedelta(minutes=5))
    put(inbox / "more.csv", OTHER)
    strict = FaultyDialer(token="secret-token")

    def sleep_long(number: int) -> None:
        if number > 1:
            return
        fall_silent(sleeper)
        (inbox / "working" / ".bulk-loader.lock").unlink()
        refused = at_its_time(machine("b", strict, token="out-of-date"))
        assert refused.exit_code is ExitCode.STOPPED

    with strict:
        made = machine("a", strict)
        sleeper = job(made.settings, made.source, at=AT, settle="1s")
        night = run_job(sleeper, clock=FakeClock(meanwhile=sleep_long), is_scheduled=True)
    assert (night.outcome, night.exit_code) == (NightOutcome.BUSY, ExitCode.LOCKED)
    assert "gone on with this night" in night.why
    assert names(inbox) == ["more.csv"]
    assert not strict.recorded


@pytest.mark.parametrize("first", [timedelta(seconds=-40), timedelta(minutes=7)])
def test_clocks_that_differ_make_no_second_night(
    machine: Machine, inbox: Path, first: timedelta
) -> None:
    """One that is asked a little early by a clock that is not its own, or late."""
    put(inbox / "leads.csv", LIST)
    assert at_its_time(machine("a"), TWO + first).machine == ""
    for seconds in (-60, -1, 0, 90, 3600):
        late = at_its_time(machine("b"), TWO + timedelta(seconds=seconds))
        assert late.machine or seconds < 0
    assert at_its_time(machine("b"), TWO + DAY).machine == ""


def test_a_night_that_is_not_over_is_gone_on_with_until_the_next_one_begins(
    machine: Machine, dialer: FaultyDialer, inbox: Path, ear: WebEar
) -> None:
    """A repeat a moment before its time is for last night, and takes nothing from tonight's."""
    put(inbox / "leads.csv", LIST)
    with FaultyDialer(otherwise=Fault.FORBIDDEN) as down:
        assert at_its_time(machine("a", down)).exit_code is ExitCode.STOPPED
        made = machine("b", down)
        nearly = at_its_time(made, TWO + DAY - timedelta(seconds=30))
        assert nearly.exit_code is ExitCode.STOPPED
        assert Counter(ear.calls)["GET /beat/start"] == 1
        put(inbox / "tonight.csv", OTHER)
        assert at_its_time(made, TWO + DAY).machine == ""
        assert Counter(ear.calls)["GET /beat/start"] == 2
        last = last_shared_run(made)
    assert last is not None
    assert not dialer.received
    with psycopg.connect(made.settings.ledger_place.url or "") as asking:
        assert asking.execute("SELECT count(*) FROM night").fetchone() == (2,)


def test_while_last_night_goes_on_elsewhere_tonight_does_not_begin(
    machine: Machine, inbox: Path, ear: WebEar
) -> None:
    """As on one machine; whoever runs it is named, and nobody is told ten times."""
    put(inbox / "leads.csv", LIST)

    def try_tonight() -> None:
        with pytest.raises(ElsewhereError):
            at_its_time(machine("b"), TWO + DAY)

    at_its_time(machine("a"), act=lambda: in_thread(try_tonight))
    assert "POST /alert" not in ear.calls
    assert at_its_time(machine("b"), TWO + DAY).outcome is NightOutcome.NO_FILE


def test_a_job_of_two_times_has_two_nights_a_day(machine: Machine, inbox: Path) -> None:
    """Each is run once."""
    noon = TWO + timedelta(hours=10)
    times = [f"{machine_zone().local(each):%H:%M}" for each in (TWO, noon)]
    one, two = [
        Job(each.name, each.config, each.settings, job(each.settings, each.source, at=times).rules,
            each.source)
        for each in (machine("a"), machine("b"))
    ]  # fmt: skip
    for now, number in ((TWO, 1), (noon, 2)):
        put(inbox / "leads.csv", f"phone,name\n099100000{number},Ana\n")
        assert at_its_time(one, now).outcome is NightOutcome.LOADED
        assert at_its_time(two, now).machine == gethostname()


def test_machines_with_lists_of_their_own_each_run_their_job(
    machine: Machine, dialer: FaultyDialer, inbox: Path, tmp_path: Path
) -> None:
    """Branches with the same settings, or customers whose jobs have one name, are not one job."""
    branch = tmp_path / "branch"
    put(inbox / "leads.csv", LIST)
    put(branch / "leads.csv", OTHER)
    assert at_its_time(machine("a")).outcome is NightOutcome.LOADED
    assert at_its_time(machine("b", source=branch)).outcome is NightOutcome.LOADED
    assert len(dialer.recorded) == 3


def test_a_folder_is_the_same_by_whatever_path(
    machine: Machine, inbox: Path, tmp_path: Path
) -> None:
    """Machines see a share at places of their own."""
    elsewhere = tmp_path / "share"
    elsewhere.symlink_to(inbox)
    put(inbox / "leads.csv", LIST)
    assert at_its_time(machine("a")).machine == ""
    assert at_its_time(machine("b", source=elsewhere)).machine == gethostname()


def test_a_job_of_another_name_or_dialer_is_another_job(
    machine: Machine, dialer: FaultyDialer, inbox: Path
) -> None:
    """A night that was run under the old name is run under the new one, and sends nothing twice."""
    put(inbox / "leads.csv", LIST)
    made = machine("a")
    at_its_time(made)
    renamed = Job("evening", made.config, made.settings, made.rules, made.source)
    assert at_its_time(renamed).outcome is NightOutcome.NO_FILE
    with FaultyDialer() as other:
        assert at_its_time(machine("a", other)).outcome is NightOutcome.NO_FILE
    assert len(dialer.recorded) == 2


@pytest.mark.parametrize("content", ["", "not a mark", "0" * 1000])
def test_a_mark_that_can_not_be_read_keeps_nobody_from_loading(
    machine: Machine, dialer: FaultyDialer, inbox: Path, content: str
) -> None:
    """Each machine runs the job then, as without a shared ledger, and says why."""
    put(inbox / "working" / MARK_FILE, content)
    put(inbox / "leads.csv", LIST)
    night = at_its_time(machine("a"))
    assert night.outcome is NightOutcome.LOADED
    assert "the mark of its folder can't be read" in night.notes[0]
    assert at_its_time(machine("b")).outcome is NightOutcome.NO_FILE
    assert len(dialer.recorded) == 2


def test_a_machine_without_the_folder_takes_the_night_from_nobody(
    machine: Machine, dialer: FaultyDialer, inbox: Path, tmp_path: Path
) -> None:
    """A share that is not there is its own trouble."""
    put(inbox / "leads.csv", LIST)
    made = machine("a")
    absent = Job(made.name, made.config, made.settings, made.rules, tmp_path / "share" / "*.csv")
    assert at_its_time(absent).exit_code is ExitCode.USAGE
    assert not (tmp_path / "share").exists()
    assert at_its_time(machine("b")).exit_code is ExitCode.OK
    assert len(dialer.recorded) == 2


def test_without_the_database_nothing_is_sent_and_somebody_is_told(
    machine: Machine, dialer: FaultyDialer, inbox: Path, ear: WebEar, tmp_path: Path
) -> None:
    """Nobody knows then who runs the night."""
    put(inbox / "leads.csv", LIST)
    made = machine("a", ledger=f"postgresql://tester@/gone?host={tmp_path}")
    with pytest.raises(LedgerError, match="can't be reached") as refused:
        at_its_time(made)
    assert refused.value.exit_code is ExitCode.USAGE
    assert not dialer.received
    assert names(inbox) == ["leads.csv"]
    assert ear.calls == ["POST /alert", "GET /beat/fail"]


def test_an_end_that_can_not_be_noted_is_told(machine: Machine, inbox: Path, ear: WebEar) -> None:
    """The list is loaded, the exit code says so, and a repeat finds nothing to send."""
    put(inbox / "leads.csv", LIST)
    made = machine("a")
    url = made.settings.ledger_place.url or ""
    with psycopg.connect(url, autocommit=True) as changing:
        changing.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '53100'; END $$"
        )
        changing.execute(
            "CREATE TRIGGER refuse BEFORE UPDATE OF outcome ON night"
            " FOR EACH ROW EXECUTE FUNCTION refuse()"
        )
    night = at_its_time(made)
    assert night.exit_code is ExitCode.OK
    assert "How it ended can't be noted for other machines" in night.notes[-1]
    assert ear.calls[-1] == "GET /beat"


def test_a_change_is_one_of_the_job_and_not_of_the_machine(
    machine: Machine, inbox: Path, ear: WebEar
) -> None:
    """The night before counts, wherever it was run."""
    for number, name in enumerate("aba"):
        put(inbox / "leads.csv", f"phone,name\n099100000{number},Ana\n")
        night = at_its_time(machine(name, alert_on="change"), TWO + number * DAY)
        assert night.exit_code is ExitCode.OK
    titles = [json.loads(body)["title"] for body in ear.bodies if body]
    assert titles == ["bulk-loader, job night: loaded 1 lead"]


def test_a_second_timer_of_the_same_machine_is_refused_as_ever(
    machine: Machine, inbox: Path
) -> None:
    """By the lock of the machine, which it had before there were others."""
    put(inbox / "leads.csv", LIST)
    made = machine("a")

    def try_too() -> None:
        with pytest.raises(LockedError, match="under way already") as refused:
            at_its_time(made)
        assert not isinstance(refused.value, ElsewhereError)

    at_its_time(made, act=lambda: in_thread(try_too))


def listed(made: Job) -> tuple[ListedJob, str]:
    """What the list of jobs shows of a job, on its machine."""
    shared = made.settings.ledger_place.url
    put(
        made.config,
        f"[job.night]\nurl = '{made.settings.url}'\ncampaign = 'SALES'\ntoken = 't'\nat = '{AT}'\n"
        f"ledger = '{shared}'\nkey_file = '{made.settings.key_file}'\nfile = '{made.source}'\n",
    ).chmod(0o600)
    flags = {"config": made.config, "home": made.settings.home}
    found = listed_job("night", load_job_file(flags), flags)
    return found, job_line(found)


def test_the_list_of_jobs_shows_what_other_machines_did(
    machine: Machine, inbox: Path, tmp_path: Path
) -> None:
    """Under way, broken off and ended, with the machine; without the database only its own."""
    made = machine("b")
    put(inbox / "leads.csv", LIST)
    seen: list[tuple[ListedJob, str]] = []

    def look() -> None:
        in_thread(lambda: seen.append(listed(made)))
        fall_silent(made)
        in_thread(lambda: seen.append(listed(made)))

    at_its_time(machine("a"), act=look)
    (going, line), (silent, other) = seen
    assert (going.is_under_way, silent.is_under_way) == (True, False)
    assert f"under way on {gethostname()} since" in line
    assert f" on {gethostname()}  broke off" in other
    found, line = listed(made)
    assert found.last is not None
    assert (found.last.outcome, found.last.exit_code) == (NightOutcome.LOADED, 0)
    assert f" on {gethostname()}  loaded (exit code 0)" in line
    gone = replace_ledger(made, f"postgresql://tester@/gone?host={tmp_path}")
    found, line = listed(gone)
    assert found.last is None
    assert "never ran" in line
    assert "What other machines did is not known." in line


def replace_ledger(made: Job, url: str) -> Job:
    """The same job, whose ledger is elsewhere."""
    settings = made.settings.model_copy(update={"ledger": SecretStr(url)})
    return Job(made.name, made.config, settings, made.rules, made.source)


def test_what_is_told_once_is_still_counted_on_the_machine_itself(
    machine: Machine, inbox: Path, tmp_path: Path, ear: WebEar
) -> None:
    """Metrics are of a machine, and say how its last run ended."""
    put(inbox / "leads.csv", LIST)
    with FaultyDialer(otherwise=Fault.FORBIDDEN) as down:
        for name in "ab":
            metrics = tmp_path / f"metrics of {name}"
            metrics.mkdir()
            at_its_time(machine(name, down, metrics_folder=metrics))
            assert 'exit_code{job="night"} 4.0' in (metrics / "bulk_loader_night.prom").read_text()
    assert Counter(ear.calls)["POST /alert"] == 1
