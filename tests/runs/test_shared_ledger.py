from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import AlreadyUploadedError, LedgerError, LockedError, StoppedError
from bulk_loader.ledger import leased
from bulk_loader.ledger_place import LedgerPlace
from bulk_loader.model import Ending, Status
from bulk_loader.settings import Settings, dialer_identity
from bulk_loader.workflows.retry import retry
from bulk_loader.workflows.upload import upload
from tests.support.faulty_dialer import Fault, FaultyDialer
from tests.support.uploads import Leads, Witness, change_ledger, numbered

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.databases import Server

    MakeSettings = Callable[..., Settings]

SLOW = replace(Fault.ACCEPT, wait_s=0.05)


@pytest.fixture
def ledger_url(database: str) -> str:
    """A ledger that machines share, in which nothing is yet."""
    return database


@pytest.fixture
def there(settings: MakeSettings, tmp_path: Path) -> MakeSettings:
    """The settings of another machine, which has the key."""

    def make(dialer: FaultyDialer, **given: object) -> Settings:
        home = tmp_path / "there"
        home.mkdir(mode=0o700, exist_ok=True)
        (home / "ledger.key").write_bytes((tmp_path / "home" / "ledger.key").read_bytes())
        return settings(dialer, home=home, **given)

    return make


@dataclass
class After(Witness):
    """Does something when so many leads are settled."""

    count: int = 0
    do: Callable[[], object] = field(default=lambda: None)
    _is_done: bool = False

    def settled(self, status: Status, count: int = 1) -> None:
        super().settled(status, count)
        if sum(self.counts.values()) >= self.count and not self._is_done:
            self._is_done = True
            self.do()


def test_the_same_content_is_loaded_once_from_whatever_machine(
    leads: Leads, dialer: FaultyDialer, settings: MakeSettings, there: MakeSettings, tmp_path: Path
) -> None:
    """The other machine is told of the run, though its file has another name."""
    leads.write(*numbered(10))
    upload(leads.path, settings(dialer))
    copy = tmp_path / "copy.csv"
    copy.write_bytes(leads.path.read_bytes())
    with pytest.raises(AlreadyUploadedError):
        upload(copy, there(dialer))
    assert len(dialer.recorded) == 10


def test_a_list_that_is_being_sent_is_refused_on_another_machine(
    leads: Leads, settings: MakeSettings, there: MakeSettings, tmp_path: Path
) -> None:
    """It is told which machine sends it."""
    leads.write(*numbered(40))
    copy = tmp_path / "copy.csv"
    copy.write_bytes(leads.path.read_bytes())
    refused: list[LockedError] = []

    def try_too() -> None:
        with pytest.raises(LockedError) as caught:
            upload(copy, there(dialer))
        refused.append(caught.value)

    with FaultyDialer(otherwise=SLOW) as dialer:
        upload(leads.path, settings(dialer, concurrency=2), After(count=3, do=_in_thread(try_too)))
        assert len(dialer.recorded) == 40
    assert "holds it since" in refused[0].why


def _in_thread(call: Callable[[], None]) -> Callable[[], None]:
    """Call it and wait, from where an event loop runs already."""

    def do() -> None:
        thread = threading.Thread(target=call)
        thread.start()
        thread.join()

    return do


def test_who_was_loaded_elsewhere_is_skipped_and_doubts_count_everywhere(
    leads: Leads, settings: MakeSettings, there: MakeSettings, tmp_path: Path
) -> None:
    """Machines remember as one."""
    leads.write(*numbered(4))
    other = Leads(tmp_path / "other.csv")
    other.write(*numbered(6))
    with FaultyDialer({2: Fault.SERVER_ERROR}) as dialer:
        upload(leads.path, settings(dialer, concurrency=1))
        upload(other.path, there(dialer, skip_loaded_within="7d", concurrency=1))
        assert other.statuses() == ["duplicate", "unknown", *["duplicate"] * 2, *["accepted"] * 2]
        assert len(dialer.received) == 6


def test_a_run_that_broke_off_is_gone_on_with_on_another_machine(
    leads: Leads, settings: MakeSettings, there: MakeSettings
) -> None:
    """With what was sent, and with what is in doubt."""
    leads.write(*numbered(30))
    with FaultyDialer({11: Fault.UNAUTHORIZED}) as dialer:
        first = upload(leads.path, settings(dialer, concurrency=1))
        assert first.ending is Ending.STOPPED
        second = upload(leads.path, there(dialer))
        assert (second.run_id, second.ending) == (first.run_id, Ending.FINISHED)
        assert sorted(dialer.recorded) == [phone for phone, _ in numbered(30)]


def test_a_run_that_another_machine_took_over_stops(
    leads: Leads, settings: MakeSettings, there: MakeSettings
) -> None:
    """It was not heard of for long; nobody is called twice, and all is told."""
    leads.write(*numbered(60))

    def take_over() -> None:
        change_ledger(settings(), "UPDATE holding SET until = clock_timestamp() - interval '1 s'")
        place = there(dialer).ledger_place
        with leased(place, [f"{target}\0{digest}"], "Under way."):
            pass

    witness = After(count=10, do=_in_thread(take_over))
    with FaultyDialer(otherwise=SLOW) as dialer:
        told = settings(dialer, concurrency=2)
        target, digest = _names(leads, told)
        with pytest.raises(StoppedError, match="Another machine"):
            upload(leads.path, told, witness)
        sent = len(dialer.received)
        assert 10 <= sent < 60
        assert upload(leads.path, there(dialer)).ending is Ending.FINISHED
        assert len(dialer.received) == len({request.destination for request in dialer.received})
        statuses = leads.statuses()
        retry(leads.results, there(dialer), include=frozenset({Status.UNKNOWN}))
    assert len(statuses) == 60
    assert statuses.count("unknown") <= 4


def _names(leads: Leads, told: Settings) -> tuple[str, str]:
    assert told.base_url is not None
    return dialer_identity(told.base_url), sha256(leads.path.read_bytes()).hexdigest()


@pytest.mark.parametrize("how", ["fast", "immediate"])
def test_a_database_that_is_away_for_a_while_is_waited_for(
    leads: Leads, settings: MakeSettings, server: Server, how: str
) -> None:
    """Stopped or killed in the middle of a run, it comes back, and every lead was sent once."""
    leads.write(*numbered(200))

    def interrupt() -> None:
        server.stop(how)
        server.start()

    with FaultyDialer(otherwise=replace(Fault.ACCEPT, wait_s=0.01)) as dialer:
        interruption = threading.Thread(target=interrupt)
        witness = After(count=40, do=interruption.start)
        summary = upload(leads.path, settings(dialer, concurrency=4), witness)
        interruption.join()
        assert summary.ending is Ending.FINISHED
        assert sorted(dialer.recorded) == [phone for phone, _ in numbered(200)]


def test_a_database_that_stays_away_stops_the_run_and_nothing_is_lost(
    leads: Leads, settings: MakeSettings, server: Server
) -> None:
    """Once it is back, the same command goes on; what nobody knows is in doubt."""
    leads.write(*numbered(100))
    with FaultyDialer(otherwise=replace(Fault.ACCEPT, wait_s=0.01)) as dialer:
        told = settings(dialer, concurrency=4, retry_for="1s")
        end = threading.Thread(target=server.stop)
        witness = After(count=20, do=end.start)
        with pytest.raises(StoppedError) as stopped:
            upload(leads.path, told, witness)
        assert "any more, now that leads were sent" in stopped.value.what
        sent = len(dialer.received)
        with pytest.raises(LedgerError, match="can't be reached"):
            upload(leads.path, told)
        assert len(dialer.received) == sent, "nothing is sent without it"
        end.join()
        server.start()
        assert upload(leads.path, told).ending is Ending.FINISHED
        assert len(dialer.received) == 100 - leads.statuses().count("unknown") + _doubted(
            dialer, leads
        )
        assert len(set(dialer.recorded)) == len(dialer.recorded)


def _doubted(dialer: FaultyDialer, leads: Leads) -> int:
    """Leads in doubt that were in truth sent."""
    taken = set(dialer.recorded)
    return sum(row["phone"] in taken for row in leads.rows() if row["dialer_status"] == "unknown")


def test_settings_that_are_shown_hold_no_password() -> None:
    """The address of the ledger mostly has one."""
    told = Settings(ledger="postgresql://ana:pa55word@db.example/leads", home=Path("h"))
    assert told.ledger_place == LedgerPlace(
        Path("h"), url="postgresql://ana:pa55word@db.example/leads", patience_s=300
    )
    assert "pa55word" not in repr(told) + str(told.remembered()) + repr(told.ledger_place)
