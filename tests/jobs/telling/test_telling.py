from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import LedgerError, LockedError, SettingsError
from bulk_loader.jobs.night import NightOutcome
from bulk_loader.jobs.records import Earlier, earlier_runs, note_begun
from bulk_loader.jobs.running import Audience, run_job, tell_unread
from bulk_loader.jobs.telling.channel import NotToldError
from bulk_loader.jobs.telling.telling import Telling, send_trial, telling_faults
from tests.jobs.fakes import TWO, FakeClock, PassingWatch, job, put, run
from tests.jobs.telling.conftest import GOOD
from tests.support.uploads import numbered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bulk_loader.jobs.night import Night
    from bulk_loader.settings import Settings
    from tests.support.faulty_dialer import FaultyDialer
    from tests.support.web_ear import WebEar

LIST = "phone,name\n" + "".join(f"{phone},{name}\n" for phone, name in numbered(3))


@dataclass
class Mute:
    """A channel that can't tell anybody."""

    calls: list[str] = field(default_factory=list)

    def faults(self) -> Iterator[str]:
        return iter(())

    def began(self) -> None:
        self.calls.append("began")
        raise NotToldError("No.")

    def ended(self, night: Night, earlier: Earlier) -> None:
        self.calls.append(f"ended {night.outcome} {earlier.outcome}")
        raise NotToldError("No.")


def test_who_can_not_be_told_is_only_warned_of() -> None:
    """Every channel has its turn."""
    warnings: list[str] = []
    first, second = Mute(), Mute()
    telling = Telling({"first": first, "second": second}, warnings.append)
    telling.began()
    telling.ended(GOOD, Earlier())
    assert first.calls == second.calls == ["began", "ended loaded None"]
    assert warnings == ["No."] * 4


def test_a_night_is_told_to_all_in_one_story(
    settings: Callable[..., Settings], dialer: FaultyDialer, inbox: Path, ear: WebEar
) -> None:
    """Heartbeat, alert and metrics say what the exit code says."""
    told = {
        "alerts": [f"json://{ear.host}/alert"],
        "alert_on": "always",
        "heartbeat": f"http://{ear.host}/beat",
        "metrics_folder": inbox,
    }
    made = job(settings(dialer, **told), inbox / "*.csv")
    put(inbox / "leads.csv", LIST)
    run(made)
    run(made)
    assert ear.calls == [
        *("GET /beat/start", "POST /alert", "GET /beat"),
        *("GET /beat/start", "POST /alert", "GET /beat/fail"),
    ]
    titles = [json.loads(body)["title"] for body in ear.bodies if body]
    assert titles == [
        "bulk-loader, job night: loaded 3 leads",
        "bulk-loader, job night: FAILED (no file)",
    ]
    assert 'exit_code{job="night"} 3.0' in (inbox / "bulk_loader_night.prom").read_text()


def test_alerts_that_do_not_arrive_change_nothing(
    settings: Callable[..., Settings], dialer: FaultyDialer, inbox: Path, unused_tcp_port: int
) -> None:
    """The list is loaded, the exit code is 0, and what went wrong is warned of."""
    nobody = f"127.0.0.1:{unused_tcp_port}"
    told = {
        "alerts": [f"json://{nobody}"],
        "alerts_file": inbox / "none",
        "alert_on": "always",
        "heartbeat": f"http://{nobody}",
        "metrics_folder": inbox / "none",
    }
    warnings: list[str] = []
    put(inbox / "leads.csv", LIST)
    made = job(settings(dialer, **told), inbox / "*.csv")
    night = run_job(made, Audience(warn=warnings.append), FakeClock())
    assert (night.outcome, int(night.exit_code)) == (NightOutcome.LOADED, 0)
    assert len(dialer.recorded) == 3
    assert [warning.partition(":")[0].partition(" (")[0] for warning in warnings] == [
        "the default",
        "The heartbeat/start was not taken",
        "No alert went to alert 1 of 1",
        "The heartbeat was not taken",
        f"No metrics were written to {inbox / 'none'}",
    ]


def test_a_run_that_is_turned_away_alerts(
    settings: Callable[..., Settings], dialer: FaultyDialer, inbox: Path, ear: WebEar
) -> None:
    """Somebody has to know that tonight's run did not begin, and who runs."""
    told = {"alerts": f"json://{ear.host}", "heartbeat": f"http://{ear.host}/beat"}
    made = job(settings(dialer, **told), inbox / "*.csv")
    put(inbox / "leads.csv", LIST)

    def run_again() -> None:
        with pytest.raises(LockedError):
            run(made)

    run_job(made, Audience(lambda: PassingWatch(run_again)), FakeClock())
    (told_of,) = [json.loads(body) for body in ear.bodies if body]
    assert told_of["title"] == "bulk-loader, job night: FAILED (busy)"
    assert "The job night is under way already." in told_of["message"]
    assert ear.calls == ["GET /beat/start", "POST /", "GET /beat"]


def test_a_fault_of_the_program_alerts(
    settings: Callable[..., Settings], dialer: FaultyDialer, inbox: Path, ear: WebEar
) -> None:
    """It ends the night as before, and whoever waits for the list is told."""
    made = job(settings(dialer, alerts=f"json://{ear.host}"), inbox / "*.csv")
    (made.settings.home / "jobs").mkdir(parents=True, mode=0o700)
    put(inbox / "leads.csv", LIST)

    class Broken(FakeClock):
        def monotonic(self) -> float:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_job(made, clock=Broken())
    (body,) = ear.bodies
    assert "A fault of the program ended it. It is of the kind ZeroDivisionError" in body


def test_a_ledger_that_can_not_be_used_alerts(
    settings: Callable[..., Settings], dialer: FaultyDialer, inbox: Path, ear: WebEar
) -> None:
    """Not even the locks can be written, so that nothing begins."""
    made = job(settings(dialer, alerts=f"json://{ear.host}"), inbox / "*.csv")
    made.settings.home.write_text("no directory")
    with pytest.raises(LedgerError):
        run(made)
    assert "FAILED" in ear.bodies[0]


def test_settings_that_are_wrong_alert(
    settings: Callable[..., Settings], inbox: Path, ear: WebEar
) -> None:
    """A slip made during the day is known before the morning."""
    told = settings(alerts=f"json://{ear.host}", alert_on="change")
    tell_unread("night", inbox / "bulk_loader.toml", told, SettingsError("No."), Audience())
    assert "FAILED (held)" in ear.bodies[0]


def test_the_night_after_one_that_broke_off_says_so(
    settings: Callable[..., Settings], dialer: FaultyDialer, inbox: Path
) -> None:
    """A program that was killed could tell nobody; the time of the last success is not lost."""
    made = job(settings(dialer), inbox / "*.csv")
    where = made.settings.home, made.config, made.name
    put(inbox / "a.csv", LIST)
    run(made)
    succeeded_at = earlier_runs(*where).last_success_at
    note_begun(made, TWO, earlier_runs(*where))
    earlier = earlier_runs(*where)
    assert (earlier.outcome, earlier.broke_off_at, earlier.last_success_at) == (
        None,
        TWO,
        succeeded_at,
    )
    night = run(made)
    began = f"{TWO.astimezone():%Y-%m-%d %H:%M}"
    assert f"The run of {began} broke off" in night.notes[0]
    assert earlier_runs(*where).last_success_at == succeeded_at


def test_a_check_tells_whom_nothing_can_be_told(
    settings: Callable[..., Settings], tmp_path: Path
) -> None:
    """Each setting with what is wrong, and without its value."""
    file = tmp_path / "alerts.txt"
    file.write_text("# mine\n\nsecret\njson://127.0.0.1\nnonsense://secret\n")
    told = settings(alerts_file=file, metrics_folder=tmp_path / "none", heartbeat="https://[::1]/x")
    faults = [fault.wrong for fault in telling_faults("night", told)]
    assert faults == [
        f'line 3 of {file} holds what is no address: write one such as "mailto://user:key@host".',
        "apprise can't make anything of alert 2 of 2 (nonsense://…).",
        f"there is no folder {tmp_path / 'none'}.",
    ]


def test_a_trial_goes_to_all_who_get_alerts(
    settings: Callable[..., Settings], tmp_path: Path, ear: WebEar
) -> None:
    """Those of the file, too; where there is nobody, that is said."""
    file = tmp_path / "alerts.txt"
    file.write_text(f"json://{ear.host}/two\n")
    send_trial("night", settings(alerts=f"json://{ear.host}/one", alerts_file=file))
    assert ear.calls == ["POST /one", "POST /two"]
    with pytest.raises(NotToldError, match="names nobody"):
        send_trial("night", settings())
