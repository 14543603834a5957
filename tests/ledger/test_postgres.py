from __future__ import annotations

import secrets
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from bulk_loader.errors import LedgerError, LockedError
from bulk_loader.ledger import Ledger, LoadLimit, leased
from bulk_loader.ledger.connecting import LedgerAwayError, connect
from bulk_loader.ledger.outcomes import _SENT_BY
from bulk_loader.ledger.postgres_store import PostgresStore
from bulk_loader.ledger.postgres_tables import STEPS, migrate
from bulk_loader.ledger_place import LedgerPlace, shown_url
from bulk_loader.model import Ending, Outcome, Status
from tests.ledger.conftest import BEGAN, OTHER, PLAN, Home, begun, key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulk_loader.ledger import Lease, OpenRun
    from bulk_loader.ledger.pace import Pace
    from tests.ledger.conftest import Awake
    from tests.support.databases import Server

SENT = Outcome(2, Status.ACCEPTED)
FULL_DISK = """
    CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE 'No space left on device' USING ERRCODE = 'disk_full';
    END $$;
    CREATE TRIGGER no_room BEFORE INSERT ON lead FOR EACH STATEMENT EXECUTE FUNCTION no_room();
"""


@pytest.fixture
def home(tmp_path: Path, database: str) -> Home:
    """A machine that shares a ledger in which nothing is yet."""
    return Home(tmp_path / "home", database)


@pytest.fixture
def elsewhere(home: Home, ledger: Ledger, tmp_path: Path) -> Home:
    """Another machine, which has the key."""
    del ledger
    path = tmp_path / "elsewhere"
    path.mkdir(mode=0o700)
    (path / "ledger.key").write_bytes((home.path / "ledger.key").read_bytes())
    return Home(path, home.url)


@contextmanager
def writing(home: Home, *names: str, patience_s: float = 0.0) -> Iterator[tuple[Ledger, Lease]]:
    """A program that sends, at whatever holds those names."""
    place = replace(home.place, patience_s=patience_s)
    home.path.mkdir(mode=0o700, exist_ok=True)  # as the locks of the machine do
    with ExitStack() as stack:
        lease = stack.enter_context(leased(place, names, "Under way."))
        yield stack.enter_context(Ledger.open(place, lease)), lease


def cut(home: Home) -> None:
    """End all connections of others, as a network does or a database that is started anew."""
    home.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE pid <> pg_backend_pid() AND datname = current_database()"
    )


def expire(home: Home) -> None:
    """All programs were heard of for the last time a while ago."""
    home.change("UPDATE holding SET until = clock_timestamp() - interval '1 second'")


def statuses(ledger: Ledger, run: OpenRun) -> list[Status]:
    """Of the leads of a run, in their order."""
    return [outcome.status for outcome in ledger.outcomes.of(run.record)]


def test_all_machines_see_the_same(ledger: Ledger, elsewhere: Home) -> None:
    """What one machine has sent, another knows, by the same hashes."""
    run = ledger.begin(PLAN, BEGAN)
    run.commit([], [(2, key(2))])
    run.commit([SENT])
    with Ledger.open(elsewhere.place) as other:
        assert other.keys == ledger.keys
        assert statuses(other, run) == [Status.ACCEPTED]
        assert other.runs.of_list("/elsewhere", PLAN.digest, PLAN.target) == [run.record]


def test_a_machine_without_the_key_is_told_to_fetch_it(
    ledger: Ledger, home: Home, tmp_path: Path
) -> None:
    """It would recognise nobody; the key is never in the database."""
    with pytest.raises(LedgerError, match="is not on this machine") as refused:
        Ledger.open(LedgerPlace(tmp_path / "new", url=home.url))
    assert "Copy the key" in refused.value.remedy
    assert ledger.keys.secret not in home.content().replace(ledger.keys.secret, b"", 1)


def test_another_key_is_refused(ledger: Ledger, elsewhere: Home) -> None:
    """Such as that of another ledger."""
    del ledger
    (elsewhere.path / "ledger.key").write_bytes(b"x" * 32)
    with pytest.raises(LedgerError, match="does not belong to the ledger"):
        Ledger.open(elsewhere.place)


def test_a_key_without_its_ledger_is_a_loss(home: Home, server: Server) -> None:
    """A database that was lost, or another one, is not begun anew by the way."""
    Ledger.open(home.place).__exit__(None, None, None)
    empty = server.create(f"{psycopg.conninfo.conninfo_to_dict(home.url or '')['dbname']}-new")
    with pytest.raises(LedgerError, match="is empty, and its key") as refused:
        Ledger.open(replace(home.place, url=empty))
    assert "Restore the database" in refused.value.remedy


def test_a_ledger_of_this_machine_is_not_left_behind(home: Home) -> None:
    """What was sent with it would not be known any more."""
    Ledger.open(home.path).__exit__(None, None, None)
    with pytest.raises(LedgerError, match="a ledger of its own") as refused:
        Ledger.open(home.place)
    assert "bulk-loader ledger move" in refused.value.remedy


def test_machines_that_begin_a_ledger_at_once_begin_one(home: Home, tmp_path: Path) -> None:
    """One of them makes the key, the others are told to fetch it; nothing is left half made."""
    places = [LedgerPlace(tmp_path / str(number), url=home.url) for number in range(4)]
    barrier = threading.Barrier(len(places))

    def open_one(place: LedgerPlace) -> bytes | str:
        barrier.wait()
        try:
            with Ledger.open(place) as ledger:
                return ledger.keys.secret
        except LedgerError as error:
            return error.what

    with ThreadPoolExecutor(len(places)) as threads:
        found = list(threads.map(open_one, places))
    assert sum(isinstance(one, bytes) for one in found) == 1
    assert all("is not on this machine" in one for one in found if isinstance(one, str))
    assert home.query("SELECT count(*) FROM ledger") == [(1,)]


def test_nothing_of_a_shown_address_is_a_secret() -> None:
    """A password may stand in it twice."""
    url = "postgresql://ana:se%40cret@db.example:5433/leads?password=secret&sslmode=require"
    assert shown_url(url) == "postgresql://ana@db.example:5433/leads"
    assert "cret" not in repr(LedgerPlace(Path("home"), url=url))


def test_a_database_that_is_not_there_is_told(tmp_path: Path) -> None:
    """In three parts, without its password."""
    with pytest.raises(LedgerAwayError, match="can't be reached") as refused:
        connect(f"postgresql://ana:secret@/leads?host={tmp_path}")
    assert "secret" not in str(refused.value)


def test_a_list_is_one_machines_alone(home: Home, elsewhere: Home) -> None:
    """Who comes second is told who holds it; at the end it is free."""
    with writing(home, "list"):
        with (
            pytest.raises(LockedError, match=r"Under way\.") as refused,
            writing(elsewhere, "list"),
        ):
            pass
        assert "holds it since" in refused.value.why
        with writing(elsewhere, "another list"):
            pass
    with writing(elsewhere, "list"):
        pass


def test_a_machine_that_is_not_heard_of_is_followed(
    home: Home, elsewhere: Home, awake: Awake
) -> None:
    """What it was sending is in doubt, and what it wakes up to is refused, whatever its clock says."""
    with writing(home, "list") as (ledger, lease):
        run = begun(ledger, awake)
        run.commit([], [(2, key(2)), (3, key(3))])
        expire(home)
        with writing(elsewhere, "list") as (other, _):
            resumed = other.resume(run.record, PLAN)
            assert statuses(other, run) == [Status.UNKNOWN, Status.UNKNOWN]
            for late in ([SENT], []):
                with pytest.raises(LedgerError, match="Another machine has gone on"):
                    run.commit(late, [(4, key(4))])
                assert lease.is_lost, "so that it leaves the results alone, too"
            resumed.commit([], [(4, key(4))])
            assert statuses(other, run) == [Status.UNKNOWN] * 3


def test_a_machine_that_was_followed_begins_no_run(home: Home, elsewhere: Home) -> None:
    """One beside a run that another machine has finished would look like a wish to repeat it."""
    with writing(home, "list") as (ledger, _):
        ledger.runs.of_list(PLAN.path, PLAN.digest, PLAN.target)
        expire(home)
        with writing(elsewhere, "list") as (other, _):
            run = other.begin(PLAN, BEGAN)
            other.runs.end(run.record, Ending.FINISHED, "")
        with pytest.raises(LedgerError, match="Another machine has gone on"):
            ledger.begin(PLAN, BEGAN)
        assert [record.name for record in ledger.runs.all()] == [run.record.name]


def test_a_machine_that_is_late_goes_on_where_nobody_followed(home: Home) -> None:
    """Its lease is over by the clock, and still its own."""
    with writing(home, "list") as (ledger, lease):
        run = ledger.begin(PLAN, BEGAN)
        expire(home)
        assert not ledger.is_leased(["list"])
        run.commit([], [(2, key(2))])
        assert ledger.is_leased(["list"])
        assert not lease.is_over


def test_a_program_that_was_killed_leaves_nothing_held_on_its_own_machine(home: Home) -> None:
    """The locks of the machine say that it is gone; nobody waits for a clock."""
    with ExitStack() as killed:
        killed.enter_context(writing(home, "list"))
        with writing(home, "list") as (ledger, _):
            assert ledger.is_leased(["list"])


def test_a_connection_that_is_cut_changes_nothing(home: Home, awake: Awake) -> None:
    """Each group comes to be, once."""
    with writing(home, "list", patience_s=60) as (ledger, _):
        run = begun(ledger, awake)
        for row in range(2, 30):
            if row % 3 == 0:
                cut(home)
            run.commit([Outcome(row - 1, Status.ACCEPTED)] if row > 2 else [], [(row, key(row))])
        assert statuses(ledger, run) == [Status.ACCEPTED] * 27 + [Status.UNKNOWN]


def test_a_commit_of_which_nobody_heard_is_not_made_twice(home: Home, awake: Awake) -> None:
    """The connection is lost when the group is durable already, and before its answer is there."""
    with writing(home, "list", patience_s=60) as (ledger, _):
        run = begun(ledger, awake)
        _lose_answers(ledger, home)
        run.commit([], [(2, key(2))])
        run.commit([SENT], [(3, key(3))])
        assert statuses(ledger, run) == [Status.ACCEPTED, Status.UNKNOWN]


def _lose_answers(ledger: Ledger, home: Home) -> None:
    """Cut the connection after each commit of a group, as if its answer had been on its way."""
    store = ledger._store
    assert isinstance(store, PostgresStore)
    turn, asked = store._turn, iter((True, False, True, False))

    @contextmanager
    def losing(target: str) -> Iterator[None]:
        with turn(target):
            yield
        if target and next(asked, False):
            cut(home)
            raise LedgerAwayError("lost")

    store._turn = losing  # type: ignore[method-assign]


def test_without_patience_a_database_that_is_away_stops_the_run(home: Home) -> None:
    """Nothing of the group is durable, and none of its leads may be sent."""
    with writing(home, "list") as (ledger, _):
        run = ledger.begin(PLAN, BEGAN)
        cut(home)
        with pytest.raises(LedgerAwayError):
            run.commit([], [(2, key(2))])
    assert home.query("SELECT count(*) FROM lead") == [(0,)]


def test_a_full_disk_is_waited_for(home: Home) -> None:
    """Its error is a passing one: the group comes to be, once, as soon as there is room."""
    with writing(home, "list", patience_s=60) as (ledger, _):
        run = ledger.begin(PLAN, BEGAN)
        home.change(FULL_DISK)
        ledger._store.durably(
            PLAN.target,
            lambda: run._commit([], [(2, key(2))], []),
            lambda: home.change("DROP TRIGGER no_room ON lead"),
        )
        assert [outcome.row for outcome in ledger.outcomes.of(run.record)] == [2]


def test_a_full_disk_stops_without_patience(home: Home) -> None:
    """It says why, and nothing of the group may be sent."""
    with writing(home, "list") as (ledger, _):
        run = ledger.begin(PLAN, BEGAN)
        home.change(FULL_DISK)
        with pytest.raises(LedgerAwayError, match="The disk of the database is full"):
            run.commit([], [(2, key(2))])
    assert home.query("SELECT count(*) FROM lead") == [(0,)]


def test_lists_that_are_sent_at_once_share_no_person(
    home: Home, elsewhere: Home, awake: Awake
) -> None:
    """Four programs, two on each of two machines, the same people in another order: each is sent once."""
    contacts = list(range(100, 160))
    sent: list[int] = []

    def send(number: int) -> None:
        plan = replace(OTHER, path=f"/{number}", digest=f"d{number}")
        with writing((home, elsewhere)[number % 2], plan.digest) as (ledger, _):
            run = begun(ledger, awake, plan)
            asked = contacts[number * 7 :] + contacts[: number * 7]
            for row, contact in enumerate(asked):
                withheld = run.commit([], [(row, key(contact))])
                while row in withheld.waiting:
                    withheld = run.commit([], [(row, key(contact))])
                if not withheld.settled:
                    sent.append(contact)
                    run.commit([Outcome(row, Status.ACCEPTED)])

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(send, range(4)))
    assert sorted(sent) == contacts


def test_a_release_beside_which_this_one_can_not_write_is_told(home: Home, ledger: Ledger) -> None:
    """A newer schema says which releases may go on beside it."""
    del ledger
    home.change("UPDATE schema_version SET version = version + 1")
    Ledger.open(home.place).__exit__(None, None, None)
    home.change("UPDATE schema_version SET oldest = ?", len(STEPS) + 1)
    with pytest.raises(LedgerError, match="newer release"):
        Ledger.open(home.place)


def test_a_migration_that_fails_changes_nothing(home: Home) -> None:
    """All of it or nothing; the next program finds what was there."""
    assert home.url is not None
    with psycopg.connect(home.url, autocommit=True) as connection:
        with pytest.raises(psycopg.Error):
            migrate(connection, (STEPS[0], ("CREATE TABLE ledger (twice INT)", 1)))
        assert connection.execute(
            "SELECT count(*) FROM pg_tables WHERE tablename = 'lead'"
        ).fetchone() == (0,)
        migrate(connection)
        migrate(connection)


@pytest.mark.parametrize("asked", ["accepted", "sending"])
def test_looking_at_others_reads_no_whole_list(
    home: Home, ledger: Ledger, awake: Awake, asked: str
) -> None:
    """By the plans that PostgreSQL makes while it knows no figures of the tables."""
    begun(ledger, awake)
    home.change(
        "INSERT INTO lead SELECT 1, n, n, 0, n, n, CASE WHEN n < 20 THEN ? ELSE 'rejected' END, '', '',"
        " 1700000000 + n FROM generate_series(1, 50000) n",
        asked,
    )
    questions = {
        "accepted": "SELECT contact FROM lead WHERE run = 1 AND status = 'accepted' AND settled_at >= 1",
        "sending": "SELECT lead.contact FROM run JOIN lead ON lead.run = run.id WHERE run.target = 't'"
        " AND lead.status IN ('sending', 'unknown') AND lead.contact IS NOT NULL ORDER BY run.id",
    }
    plan = " ".join(row for (row,) in home.query(f"EXPLAIN {questions[asked]}"))
    assert "Seq Scan on lead" not in plan


def test_the_least_rights_are_enough_and_what_lacks_is_named(home: Home) -> None:
    """Programs need no table of their own, only rows; the tables are made by somebody else."""
    Ledger.open(home.place).__exit__(None, None, None)
    user = f"loader_{secrets.token_hex(4)}"
    home.change(f"CREATE ROLE {user} LOGIN")
    home.change("REVOKE CREATE ON SCHEMA public FROM public")
    home.change(f"GRANT USAGE ON SCHEMA public TO {user}")
    home.change(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {user}")
    as_user = Home(home.path, (home.url or "").replace("tester@", f"{user}@"))
    with writing(as_user, "list") as (ledger, _):
        run = ledger.begin(PLAN, BEGAN)
        run.commit([], [(2, key(2))])
        run.commit([SENT])
        assert next(each for each in ledger.verify() if each.about == "rights").remedy == ""
        home.change(f"REVOKE INSERT, DELETE ON lead FROM {user}")
        (found,) = (each for each in ledger.verify() if each.about == "rights")
        assert "DELETE on lead, INSERT on lead" in found.told
        with pytest.raises(LedgerError, match="can't be used") as refused:
            run.commit([], [(3, key(3))])
        assert "grant what is missing" in refused.value.remedy
    home.change(f"DROP OWNED BY {user}")
    home.change(f"DROP ROLE {user}")


def test_all_machines_together_keep_to_one_rate(home: Home, elsewhere: Home) -> None:
    """What one lets through is no place for another; nothing is lost that has to wait."""
    plans = [PLAN, OTHER]
    with writing(home, "a") as (one, _), writing(elsewhere, "b") as (two, _):
        runs = [ledger.begin(plan, BEGAN) for ledger, plan in zip((one, two), plans, strict=True)]
        for run in runs:
            run.pace.rate = 10
        wanted = [(row, key(row)) for row in range(2, 102)]
        first, second = (run.commit([], wanted) for run in runs)
        sent = [100 - len(withheld.waiting) for withheld in (first, second)]
        assert 10 <= sent[0] <= 12, "what may begin within a second"
        assert sent[1] <= 2
        # The time that they took is over.
        home.change("UPDATE dialer SET free_at = free_at - 1.1")
        later = runs[1].commit([], wanted[sent[1] :])
        assert 9 <= 100 - sent[1] - len(later.waiting) <= 13


def test_a_low_rate_lets_one_through_when_it_is_due(home: Home) -> None:
    """One in ten seconds is less than one within the next second."""
    with writing(home, "list") as (ledger, _):
        run = ledger.begin(PLAN, BEGAN)
        run.pace.rate = 0.1
        assert run.commit([], [(2, key(2)), (3, key(3))]).waiting == {3}
        assert run.commit([], [(3, key(3))]).waiting == {3}
        home.change("UPDATE dialer SET free_at = free_at - 10")
        assert not run.commit([], [(3, key(3))]).waiting


def test_a_pause_that_the_dialer_asks_for_is_one_for_all(home: Home, elsewhere: Home) -> None:
    """A machine learns with its next group what another was told."""
    with writing(home, "a") as (one, _), writing(elsewhere, "b") as (two, _):
        told, learns = one.begin(PLAN, BEGAN), two.begin(OTHER, BEGAN)
        assert learns.commit([], [(2, key(2))]).pause_s == 0
        told.pace.slow_down(300)
        told.commit([], [(2, key(3))])
        assert 200 < learns.commit([Outcome(2, Status.ACCEPTED)]).pause_s <= 300
        other = two.begin(replace(OTHER, target="https://other.example"), BEGAN)
        assert other.commit([], [(2, key(4))]).pause_s == 0


def test_leads_that_wait_for_their_time_are_counted_once(home: Home, awake: Awake) -> None:
    """How often a number may be loaded is judged only when its lead may go."""
    limit = LoadLimit(1, 86_400, "1 per 1d")
    with writing(home, "list") as (ledger, _):
        run = begun(ledger, awake, limits=(limit,))
        run.pace.rate = 0.1
        assert run.commit([], [(2, key(2)), (3, key(3))]).waiting == {3}
        for _ in range(3):
            assert run.commit([], [(3, key(3))]).waiting == {3}
        home.change("UPDATE dialer SET free_at = 0")
        withheld = run.commit([Outcome(2, Status.ACCEPTED)], [(3, key(3))])
        assert len(withheld.waiting) + len(withheld.settled) == 0


def test_a_program_that_stood_still_in_a_group_begins_it_anew(home: Home, awake: Awake) -> None:
    """The database has ended its transaction, so that others need not wait; nothing is made twice."""
    with writing(home, "list", patience_s=60) as (ledger, _):
        run = begun(ledger, awake)
        store = ledger._store
        assert isinstance(store, PostgresStore)
        store.connection.execute("SET idle_in_transaction_session_timeout = '50ms'")
        places, stands_still = store.places, iter([True])

        def stand_still(target: str, wanted: int, pace: Pace) -> int:
            if next(stands_still, False):
                time.sleep(0.5)
            return places(target, wanted, pace)

        store.places = stand_still  # type: ignore[method-assign]
        run.commit([], [(2, key(2))])
        assert statuses(ledger, run) == [Status.UNKNOWN]


def test_what_a_run_sent_itself_is_joined_and_not_looked_up_row_by_row(
    home: Home, ledger: Ledger
) -> None:
    """A list of a million that goes on with another is counted in a moment."""
    first = ledger.begin(PLAN, BEGAN)
    ledger.begin(replace(PLAN, continues=first.record.id), BEGAN)
    home.change(
        "INSERT INTO lead SELECT run, n, n, 0, n, n, 'accepted', '', '', 1700000000"
        " FROM generate_series(1, 30000) n, (VALUES (1), (2)) runs (run)"
    )
    plan = " ".join(line for (line,) in home.query(f"EXPLAIN {_SENT_BY}".replace(":run", "2")))
    assert "SubPlan" not in plan
    (second, _) = ledger.runs.all()
    assert set(ledger.outcomes.sent_by(second).values()) == {0}
