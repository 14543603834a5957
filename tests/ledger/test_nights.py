from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import psycopg
import pytest

from bulk_loader.errors import LockedError
from bulk_loader.ledger import HeldNight, Ledger, NightRecord, night_held, nights_of
from bulk_loader.ledger.postgres_tables import NIGHTS, STEPS, migrate
from bulk_loader.ledger_place import LedgerPlace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

AT = datetime(2026, 3, 4, 2, tzinfo=UTC)
REPEATED = {4}
BUSY = "Under way."


@pytest.fixture
def place(tmp_path: Path, database: str) -> Callable[[str], LedgerPlace]:
    """A machine with a home of its own, by its name."""

    def make(name: str) -> LedgerPlace:
        home = tmp_path / name
        home.mkdir(mode=0o700, exist_ok=True)
        return LedgerPlace(home, url=database)

    return make


def sleep_long(database: str) -> None:
    """Nobody was heard of for so long that others may follow."""
    with psycopg.connect(database) as changing:
        changing.execute("UPDATE holding SET until = clock_timestamp() - interval '1 s'")


def held(found: HeldNight | NightRecord) -> HeldNight:
    """It is this machine's."""
    assert isinstance(found, HeldNight)
    return found


def test_a_night_is_run_once(place: Callable[[str], LedgerPlace]) -> None:
    """Another machine is refused while it goes on, and told how it ended afterwards."""
    with night_held(place("a"), "job", AT, REPEATED, BUSY) as found:
        (record,) = nights_of(place("b"), "job")
        assert (record.at, record.is_under_way, record.ended_at) == (AT, True, None)
        with (
            pytest.raises(LockedError, match=r"Under way\."),
            night_held(place("b"), "job", AT, REPEATED, BUSY),
        ):
            raise AssertionError
        assert held(found).end("loaded", 1)
    with night_held(place("b"), "job", AT, REPEATED, BUSY) as told:
        assert isinstance(told, NightRecord)
        assert (told.outcome, told.exit_code, told.is_under_way) == ("loaded", 1, False)
    with night_held(place("b"), "job", AT + timedelta(days=1), REPEATED, BUSY) as following:
        assert held(following).before is None
    with night_held(place("b"), "another", AT, REPEATED, BUSY) as other:
        assert held(other).before is None


def test_a_night_that_stopped_may_be_repeated_and_keeps_how_it_ended(
    place: Callable[[str], LedgerPlace],
) -> None:
    """Whoever goes on knows what was told, even after one more machine has died with it."""
    with night_held(place("a"), "job", AT, REPEATED, BUSY) as found:
        assert held(found).end("stopped", 4)
    with night_held(place("b"), "job", AT, REPEATED, BUSY) as found:
        before = held(found).before
        assert before is not None
        assert (before.outcome, before.exit_code) == ("stopped", 4)
        assert before.ended_at is not None
    with night_held(place("c"), "job", AT, REPEATED, BUSY) as found:
        before = held(found).before
        assert before is not None
        assert (before.exit_code, before.ended_at) == (4, None)


def test_what_another_machine_has_gone_on_with_can_not_be_ended(
    place: Callable[[str], LedgerPlace], database: str
) -> None:
    """A program that wakes has nothing to say any more."""
    with night_held(place("a"), "job", AT, REPEATED, BUSY) as found:
        sleeper = held(found)
        sleeper.require()
        sleep_long(database)
        with night_held(place("b"), "job", AT, REPEATED, BUSY) as second:
            with pytest.raises(LockedError, match="gone on with this night"):
                sleeper.require()
            assert not sleeper.end("stopped", 4)
            assert held(second).end("loaded", 0)
        assert not sleeper.end("stopped", 4)
    (record,) = nights_of(place("a"), "job")
    assert (record.outcome, record.exit_code) == ("loaded", 0)


def test_nights_of_more_than_a_year_ago_are_forgotten(place: Callable[[str], LedgerPlace]) -> None:
    """When another one of the same job begins."""
    for job, at in (("job", AT), ("other", AT), ("job", AT + timedelta(days=401))):
        with night_held(place("a"), job, at, REPEATED, BUSY) as found:
            assert held(found).end("loaded", 0)
    assert [each.at for each in nights_of(place("a"), "job")] == [AT + timedelta(days=401)]
    assert len(nights_of(place("a"), "other")) == 1


def test_an_older_release_works_beside(place: Callable[[str], LedgerPlace], database: str) -> None:
    """It makes the ledger, goes on after its change, and frees what a night was held by."""
    older = STEPS[: [step for step, _ in STEPS].index(NIGHTS)]
    with psycopg.connect(database, autocommit=True) as connection:
        migrate(connection, older)
        with night_held(place("a"), "job", AT, REPEATED, BUSY):
            migrate(connection, older)
            connection.execute("DELETE FROM holding")
            (record,) = nights_of(place("b"), "job")
            assert (record.is_under_way, record.ended_at) == (False, None)
    with Ledger.open(place("a")) as ledger:
        assert ledger.runs.all() == []


def test_no_name_of_a_job_stands_in_the_database(
    place: Callable[[str], LedgerPlace], database: str
) -> None:
    """Only what nobody can read it from."""
    with night_held(place("a"), "a name of a customer", AT, REPEATED, BUSY) as found:
        assert held(found).end("loaded", 0)
        with psycopg.connect(database) as asking:
            tables = [*asking.execute("TABLE night"), *asking.execute("TABLE lock")]
    assert tables
    assert "customer" not in repr(tables)


def test_who_has_no_right_to_nights_sends_lists_all_the_same(
    place: Callable[[str], LedgerPlace], database: str
) -> None:
    """What was granted before there were nights is enough for all else."""
    role = f"loader-{secrets.token_hex(6)}"
    with (
        night_held(place("a"), "job", AT, REPEATED, BUSY),
        psycopg.connect(database, autocommit=True) as asking,
    ):
        asking.execute(f'CREATE ROLE "{role}"'.encode())
        try:
            asking.execute(f'GRANT SELECT, DELETE ON holding TO "{role}"'.encode())
            asking.execute(f'SET ROLE "{role}"'.encode())
            asking.execute("DELETE FROM holding")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                asking.execute("TABLE night")
        finally:
            asking.execute("RESET ROLE")
            asking.execute(f'DROP OWNED BY "{role}"'.encode())
            asking.execute(f'DROP ROLE "{role}"'.encode())
    (record,) = nights_of(place("a"), "job")
    assert not record.is_under_way
