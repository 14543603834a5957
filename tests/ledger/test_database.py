from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import ExitCode, LedgerError
from bulk_loader.ledger import Ledger
from bulk_loader.ledger import keys as key_module
from bulk_loader.ledger.tables import STEPS, migrate
from bulk_loader.ledger_place import LedgerPlace
from bulk_loader.model import Outcome, Status
from tests.ledger.conftest import BEGAN, PLAN, TASK, Home, connection_of, key
from tests.support.users import NOBODY, needs_root

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


is_root = pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Where nothing is yet, for a ledger of this machine."""
    return Home(tmp_path / "home")


def test_everything_is_for_its_owner_only(home: Home, ledger: Ledger) -> None:
    """The directory has mode 0700, and every file in it 0600, SQLite's own included."""
    ledger.begin(PLAN, BEGAN).commit([], [(2, key(7))])
    files = {file.name: stat.S_IMODE(file.stat().st_mode) for file in home.path.iterdir()}
    assert stat.S_IMODE(home.path.stat().st_mode) == 0o700
    assert set(files) == {
        "ledger.busy",
        "ledger.key",
        "ledger.sqlite3",
        "ledger.sqlite3-shm",
        "ledger.sqlite3-wal",
    }
    assert set(files.values()) == {0o600}


def test_what_an_earlier_release_left_open_is_closed(home: Home) -> None:
    """Directory and files of one's own become private again before they are used."""
    with Ledger.open(home.path) as ledger:
        ledger.begin(PLAN, BEGAN).commit([], [(2, key(7))])
        home.path.chmod(0o755)
        files = list(home.path.iterdir())
        for file in files:
            file.chmod(0o644)
        with Ledger.open(home.path):
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in files}
    assert set(modes.values()) == {0o600}
    assert len(modes) == 5
    assert stat.S_IMODE(home.path.stat().st_mode) == 0o700


@needs_root
@pytest.mark.parametrize("name", ["", "ledger.sqlite3", "ledger.key"])
def test_a_ledger_of_another_user_is_refused(home: Home, name: str) -> None:
    """Who can write there decides whom this user calls twice; and the superuser falls for it too."""
    Ledger.open(home.path).__exit__(None, None, None)
    os.chown(home.path / name, NOBODY, NOBODY)
    with pytest.raises(LedgerError, match="is not this user's alone") as caught:
        Ledger.open(home.path)
    assert caught.value.why.startswith(f"{home.path / name} belongs to nobody.")
    assert f"sudo chown 0 {home.path / name}\n" in caught.value.remedy


def test_a_commit_survives_the_power_cut(home: Home, ledger: Ledger) -> None:
    """The ledger writes ahead and waits for the disk at every commit."""
    assert home.query("PRAGMA journal_mode") == [("wal",)]
    assert connection_of(ledger).execute("PRAGMA synchronous").fetchone() == (2,)


def test_programs_that_begin_a_ledger_at_once_share_one_key(home: Home) -> None:
    """Whoever comes first makes the key, and the others use it."""

    def open_it(_: int) -> int:
        with Ledger.open(home.path, busy_timeout_s=300) as ledger:  # a disk may be slow
            return ledger.keys.check

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(open_it, range(8)))) == 1


@pytest.fixture
def rival(home: Home) -> Iterator[sqlite3.Connection]:
    """Writes a ledger that has no write-ahead log yet, as while another program begins it."""
    Ledger.open(home.path).__exit__(None, None, None)
    file = home.path / "ledger.sqlite3"
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("BEGIN IMMEDIATE")
        yield connection


def test_a_ledger_that_another_begins_is_waited_for(
    home: Home, rival: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite refuses the write-ahead log at once while somebody writes; it comes a moment later."""
    waits = iter((lambda: None, lambda: rival.execute("COMMIT")))
    monkeypatch.setattr("time.sleep", lambda _: next(waits)())
    Ledger.open(home.path).__exit__(None, None, None)
    assert list(waits) == []


@pytest.mark.usefixtures("rival")
def test_a_ledger_that_stays_locked_is_not_waited_for_without_end(home: Home) -> None:
    """After the time that was given it is said that another holds it."""
    with pytest.raises(LedgerError) as caught:
        Ledger.open(home.path, busy_timeout_s=0.05)
    assert "Another process" in caught.value.why


def test_a_lead_has_the_same_key_tomorrow(home: Home) -> None:
    """Opened again, the ledger recognises its leads."""
    with Ledger.open(home.path) as ledger:
        before = ledger.keys.task(TASK), ledger.keys.contact("SALES", "0991")
    with Ledger.open(home.path) as ledger:
        assert (ledger.keys.task(TASK), ledger.keys.contact("SALES", "0991")) == before


def test_another_ledger_knows_leads_by_other_keys(tmp_path: Path) -> None:
    """A hash says nothing to who has not the key."""
    with Ledger.open(tmp_path / "a") as one, Ledger.open(tmp_path / "b") as two:
        assert one.keys.task(TASK) != two.keys.task(TASK)


def test_campaign_and_number_do_not_run_together(ledger: Ledger) -> None:
    """Contacts differ where only the border between campaign and number does."""
    assert ledger.keys.contact("A1", "23") != ledger.keys.contact("A", "123")


def test_the_key_is_never_shown(ledger: Ledger) -> None:
    """`repr` of the keys holds no secret."""
    assert repr(ledger.keys) == "Keys()"


def test_a_lost_key_stops_and_no_other_takes_its_place(home: Home) -> None:
    """Without the key all leads would be sent again, so nothing is sent, and nothing is changed."""
    Ledger.open(home.path).__exit__(None, None, None)
    file = home.path / "ledger.key"
    file.unlink()
    with pytest.raises(LedgerError, match="is lost") as caught:
        Ledger.open(home.path)
    assert "backup" in caught.value.remedy
    assert not file.exists()


def test_a_foreign_key_stops(home: Home, tmp_path: Path) -> None:
    """A key from another ledger is noticed."""
    Ledger.open(home.path).__exit__(None, None, None)
    Ledger.open(tmp_path / "other").__exit__(None, None, None)
    shutil.copy(tmp_path / "other" / "ledger.key", home.path)
    with pytest.raises(LedgerError, match="does not belong"):
        Ledger.open(home.path)


def test_a_key_is_kept_where_the_user_wants_it(home: Home, tmp_path: Path) -> None:
    """Who copies the directory of the ledger has no key to its numbers then."""
    place = tmp_path / "elsewhere" / "night.key"
    place.parent.mkdir()
    with Ledger.open(LedgerPlace(home.path, place)) as ledger:
        before = ledger.keys.check
    assert not list(home.path.glob("*.key"))
    assert [path.name for path in place.parent.iterdir()] == ["night.key"]
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    place.chmod(0o644)
    with Ledger.open(LedgerPlace(home.path, place)) as ledger:
        assert ledger.keys.check == before
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_a_key_that_was_not_moved_yet_is_not_made_anew(home: Home, tmp_path: Path) -> None:
    """The message says how to move it; moved, it is the key."""
    place = tmp_path / "night.key"
    with Ledger.open(home.path) as ledger:
        before = ledger.keys.check
    with pytest.raises(LedgerError, match="is lost") as caught:
        Ledger.open(LedgerPlace(home.path, place))
    assert f"move it: mv {home.path / 'ledger.key'} {place}\n" in caught.value.remedy
    assert not place.exists()
    (home.path / "ledger.key").rename(place)
    with Ledger.open(LedgerPlace(home.path, place)) as ledger:
        assert ledger.keys.check == before
    with pytest.raises(LedgerError, match="is lost") as caught:
        Ledger.open(home.path)
    assert "name its place with --key-file or BULK_LOADER_KEY_FILE" in caught.value.remedy


def test_a_key_of_another_ledger_is_noticed_elsewhere_too(home: Home, tmp_path: Path) -> None:
    """It makes no new ledger, and opens no other; the message tells of the one beside."""
    place = tmp_path / "night.key"
    Ledger.open(LedgerPlace(home.path, place)).__exit__(None, None, None)
    with pytest.raises(LedgerError, match="is lost: its key"):
        Ledger.open(LedgerPlace(tmp_path / "other", place))
    Ledger.open(tmp_path / "third").__exit__(None, None, None)
    with pytest.raises(LedgerError, match="does not belong") as caught:
        Ledger.open(LedgerPlace(tmp_path / "third", place))
    assert "leave --key-file out" in caught.value.remedy


def test_a_key_has_no_place_in_a_folder_that_is_not_there(home: Home, tmp_path: Path) -> None:
    """A disk that is not mounted is not taken for a new beginning."""
    with pytest.raises(LedgerError, match="can't be used") as caught:
        Ledger.open(LedgerPlace(home.path, tmp_path / "not mounted" / "night.key"))
    assert "--key-file" in caught.value.remedy


def test_a_damaged_key_stops(home: Home) -> None:
    """A key of another length is no key."""
    Ledger.open(home.path).__exit__(None, None, None)
    (home.path / "ledger.key").write_bytes(b"short")
    with pytest.raises(LedgerError, match="is damaged") as caught:
        Ledger.open(home.path)
    assert "5 bytes instead of 32" in caught.value.why


def test_a_key_that_cannot_be_read_stops(home: Home) -> None:
    """The operating system's reason is passed on."""
    Ledger.open(home.path).__exit__(None, None, None)
    (home.path / "ledger.key").unlink()
    (home.path / "ledger.key").mkdir()
    with pytest.raises(LedgerError, match="can't be used") as caught:
        Ledger.open(home.path)
    assert caught.value.why == "Is a directory."


@pytest.mark.parametrize("loss", ["deleted", "emptied", "made anew"])
def test_a_lost_ledger_stops_and_no_other_takes_its_place(home: Home, loss: str) -> None:
    """A key without its ledger tells that people were called of whom nothing is known any more."""
    with Ledger.open(home.path) as ledger:
        ledger.begin(PLAN, BEGAN).commit([], [(2, key(2))])
    key_before = (home.path / "ledger.key").read_bytes()
    home.database.unlink()
    if loss == "emptied":
        home.database.touch()
    if loss == "made anew":
        with closing(sqlite3.connect(home.database, isolation_level=None)) as connection:
            migrate(connection)
    with pytest.raises(LedgerError, match="is lost") as caught:
        Ledger.open(home.path)
    assert "backup" in caught.value.remedy
    assert str(home.path / "ledger.key") in caught.value.remedy
    assert (home.path / "ledger.key").read_bytes() == key_before


def test_a_log_lost_after_a_crash_stops(home: Home, tmp_path: Path) -> None:
    """What was committed last lies in SQLite's log: without it the ledger is an older one."""
    crashed = tmp_path / "crashed"
    with Ledger.open(home.path) as ledger:
        ledger.begin(PLAN, BEGAN).commit([], [(2, key(2))])
        shutil.copytree(home.path, crashed)
    (crashed / "ledger.sqlite3-wal").rename(tmp_path / "log")
    with pytest.raises(LedgerError, match="part of the ledger is lost") as caught:
        Ledger.open(crashed)
    assert "ledger.sqlite3-wal" in caught.value.what
    (tmp_path / "log").rename(crashed / "ledger.sqlite3-wal")
    with Ledger.open(crashed) as ledger:
        assert [
            status for status, n in ledger.outcomes.counts(ledger.runs.all()[0]).items() if n
        ] == [Status.UNKNOWN]


def test_after_a_clean_end_nothing_depends_on_the_log(home: Home) -> None:
    """The mark that a log is needed goes with the log; looking at runs neither makes nor takes it."""
    with Ledger.open(home.path) as ledger:
        ledger.begin(PLAN, BEGAN)
        with Ledger.open(home.path) as other:
            other.runs.all()
        assert (home.path / "ledger.busy").exists()
    assert {file.name for file in home.path.iterdir()} == {"ledger.key", "ledger.sqlite3"}


def test_a_look_after_a_crash_takes_nothing_away(home: Home, tmp_path: Path) -> None:
    """Whoever comes first after it brings the log home, and the mark goes with the log."""
    with Ledger.open(home.path) as ledger:
        ledger.begin(PLAN, BEGAN)
        crashed = shutil.copytree(home.path, tmp_path / "crashed")
    for _ in range(2):
        with Ledger.open(crashed) as ledger:
            assert len(ledger.runs.all()) == 1
    assert {file.name for file in crashed.iterdir()} == {"ledger.key", "ledger.sqlite3"}


def test_an_answer_that_nobody_reads_to_its_end_does_not_keep_the_log(home: Home) -> None:
    """Where the writing of results breaks off, the ledger is closed like any other time."""
    with Ledger.open(home.path) as ledger:
        run = ledger.begin(PLAN, BEGAN)
        run.commit([], [(row, key(row)) for row in range(2, 2000)])
        outcomes = ledger.outcomes.of(run.record)
        next(outcomes)
    assert {file.name for file in home.path.iterdir()} == {"ledger.key", "ledger.sqlite3"}
    with Ledger.open(home.path) as ledger:
        assert ledger.outcomes.counts(run.record)[Status.UNKNOWN] == 1998


def test_a_program_killed_at_its_very_end_has_lost_nothing(home: Home) -> None:
    """The log is home already, and only the mark was not taken away any more."""
    with Ledger.open(home.path) as ledger:
        run = ledger.begin(PLAN, BEGAN)
        run.commit([], [(2, key(2))])
        mark = (home.path / "ledger.busy").read_bytes()
    (home.path / "ledger.busy").write_bytes(mark)
    with Ledger.open(home.path) as ledger:
        assert [record.name for record in ledger.runs.all()] == [run.record.name]
    assert not (home.path / "ledger.busy").exists()
    (home.path / "ledger.busy").write_bytes(b"another program's")
    with pytest.raises(LedgerError, match="part of the ledger is lost"):
        Ledger.open(home.path)


def test_a_beginning_that_was_cut_off_is_no_loss(home: Home) -> None:
    """Killed at any moment while its first ledger is made, the program makes it at the next try."""
    home.path.mkdir()
    home.database.touch()
    (home.path / "ledger.new").write_bytes(b"a crash left this")
    with Ledger.open(home.path) as ledger:
        assert len(ledger.keys.secret) == key_module.KEY_BYTES
        check = ledger.keys.check
    # Killed between the ledger's note of its key and the key's taking of its place:
    (home.path / "ledger.key").rename(home.path / "ledger.new")
    with Ledger.open(home.path) as ledger:
        assert ledger.keys.check == check
    assert not (home.path / "ledger.new").exists()


def test_a_key_that_cannot_be_written_stops(home: Home) -> None:
    """A ledger without a key never comes to be."""
    (home.path / "ledger.new" / "in the way").mkdir(parents=True)
    with pytest.raises(LedgerError, match="can't be used"):
        Ledger.open(home.path)
    assert home.query("SELECT * FROM ledger") == []


def test_a_system_that_cannot_sync_directories_is_no_trouble(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where directories can't be opened, the file alone is made durable."""
    monkeypatch.delattr(os, "O_DIRECTORY")
    with Ledger.open(home.path) as ledger:
        assert ledger.runs.all() == []


def test_a_directory_in_the_way_of_the_home_stops(home: Home) -> None:
    """A home that is a file is named with the remedy."""
    home.path.write_text("not a directory")
    with pytest.raises(LedgerError, match="can't be used") as caught:
        Ledger.open(home.path)
    assert "BULK_LOADER_HOME" in caught.value.remedy


def test_a_locked_ledger_stops_before_anything_is_sent(home: Home) -> None:
    """Who holds the ledger is waited for, but not for ever."""
    Ledger.open(home.path).__exit__(None, None, None)
    with (
        closing(sqlite3.connect(home.database, isolation_level=None)) as other,
        Ledger.open(home.path, busy_timeout_s=0.01) as ledger,
    ):
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LedgerError) as caught:
            ledger.begin(PLAN, BEGAN)
        other.execute("ROLLBACK")
        assert "Another process" in caught.value.why
        assert ledger.begin(PLAN, BEGAN).record.id == 1, "afterwards it goes on"


def test_a_ledger_kept_by_another_program_cannot_be_opened(home: Home) -> None:
    """A program that shares with nobody is told apart from a damage."""
    Ledger.open(home.path).__exit__(None, None, None)
    with closing(sqlite3.connect(home.database, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError) as caught:
            Ledger.open(home.path, busy_timeout_s=0.01)
    assert "Another process" in caught.value.why
    assert caught.value.exit_code is ExitCode.USAGE


def test_a_file_that_is_no_ledger_stops(home: Home) -> None:
    """Whatever lies there under the ledger's name is left alone."""
    home.path.mkdir()
    home.database.write_text("phone;name\n0991;someone\n" * 100)
    before = home.database.read_bytes()
    with pytest.raises(LedgerError) as caught:
        Ledger.open(home.path)
    assert caught.value.why == "Its file is not a ledger."
    assert home.database.read_bytes() == before
    assert not (home.path / "ledger.key").exists()


def test_a_damaged_ledger_stops(home: Home) -> None:
    """Overwritten pages are noticed and named, wherever they are met."""
    with Ledger.open(home.path) as ledger:
        run = ledger.begin(PLAN, BEGAN)
        run.commit([], [(row, key(row)) for row in range(5000)])
    content = bytearray(home.database.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    home.database.write_bytes(content)
    with pytest.raises(LedgerError) as caught, Ledger.open(home.path) as ledger:
        ledger.runs.all()
    assert caught.value.why == "Its file is damaged."
    assert "backup" in caught.value.remedy


@is_root
def test_a_read_only_ledger_stops_before_anything_is_sent(home: Home) -> None:
    """Neither the file nor the directory can be written: nothing may be sent."""
    Ledger.open(home.path).__exit__(None, None, None)
    home.database.chmod(0o400)
    home.path.chmod(0o500)
    try:
        with pytest.raises(LedgerError), Ledger.open(home.path) as ledger:
            ledger.begin(PLAN, BEGAN)
    finally:
        home.path.chmod(0o700)


def test_a_ledger_that_may_only_be_read_stops(ledger: Ledger) -> None:
    """SQLite's word for it is translated, and the remedy names the directory's variable."""
    connection_of(ledger).execute("PRAGMA query_only = ON")
    with pytest.raises(LedgerError) as caught:
        ledger.begin(PLAN, BEGAN)
    assert caught.value.why == "Its file or directory is read-only."
    assert "BULK_LOADER_HOME" in caught.value.remedy


def test_an_error_without_a_known_cause_says_what_sqlite_says(ledger: Ledger) -> None:
    """No error of the database comes out untranslated."""
    with ledger:
        pass
    with pytest.raises(LedgerError) as caught:
        ledger.runs.all()
    assert "closed database" in caught.value.why


def test_a_full_disk_stops_and_leaves_the_ledger_as_it_was(home: Home, ledger: Ledger) -> None:
    """A group that finds no room is not durable at all, and the ledger stays whole."""
    run = ledger.begin(PLAN, BEGAN)
    run.commit([], [(1, key(1))])
    (pages,) = connection_of(ledger).execute("PRAGMA page_count").fetchone()
    connection_of(ledger).execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(LedgerError) as caught:
        run.commit([Outcome(1, Status.ACCEPTED)], [(row, key(row)) for row in range(2, 5000)])
    assert caught.value.why == "The disk is full."
    assert "goes on where it stopped" in caught.value.remedy
    assert home.query("SELECT row, status FROM lead") == [(1, "sending")]


FILL_THE_DISK = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from bulk_loader.errors import LedgerError
from bulk_loader.ledger import Ledger, LeadKey, RunPlan

with Ledger.open(Path(sys.argv[1])) as ledger:
    run = ledger.begin(RunPlan("upload", "p", "d", "t", "r", "{}", "s", 9), datetime.now(UTC))
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
    done = 0
    try:
        while True:
            run.commit([], [(row, LeadKey(row, 0, row, row)) for row in range(done, done + 100)])
            done += 100
    except LedgerError as error:
        print(done, error.why)
"""


def test_a_limit_of_the_file_system_stops_and_what_was_durable_stays(home: Home) -> None:
    """When the disk itself refuses, every group that was said to be durable is."""
    ended = subprocess.run(
        [sys.executable, "-c", FILL_THE_DISK, str(home.path)],
        capture_output=True,
        text=True,
        check=True,
    )
    done, why = ended.stdout.split(maxsplit=1)
    assert int(done) > 0
    assert "disk" in why
    assert home.query("SELECT count(*) FROM lead") == [(int(done),)]


def test_an_older_ledger_takes_the_steps_it_lacks(home: Home) -> None:
    """A ledger of the first release keeps its runs when the tables grow."""
    with Ledger.open(home.path) as ledger:
        ledger.begin(PLAN, BEGAN)
    grown = (*STEPS, "ALTER TABLE run ADD COLUMN note TEXT; CREATE INDEX by_note ON run (note)")
    with closing(sqlite3.connect(home.database, isolation_level=None)) as connection:
        migrate(connection, grown)
        migrate(connection, grown)
        assert connection.execute("PRAGMA user_version").fetchone() == (len(grown),)
        assert connection.execute("SELECT path, note FROM run").fetchall() == [(PLAN.path, None)]


def test_a_migration_that_fails_changes_nothing(home: Home) -> None:
    """All of the steps are taken, or none."""
    Ledger.open(home.path).__exit__(None, None, None)
    broken = (*STEPS, "CREATE TABLE half (a); CREATE NONSENSE")
    with closing(sqlite3.connect(home.database, isolation_level=None)) as connection:
        with pytest.raises(sqlite3.OperationalError):
            migrate(connection, broken)
        assert not connection.in_transaction
    assert home.query("PRAGMA user_version") == [(len(STEPS),)]
    assert home.query("SELECT * FROM sqlite_master WHERE name = 'half'") == []
    with Ledger.open(home.path) as ledger:
        assert ledger.runs.all() == []


def test_a_newer_ledger_is_refused_and_left_alone(home: Home) -> None:
    """An older release does not touch what it does not know."""
    with Ledger.open(home.path) as ledger:
        ledger.begin(PLAN, BEGAN)
    home.change(f"PRAGMA user_version = {len(STEPS) + 1}")
    before = home.database.read_bytes()
    with pytest.raises(LedgerError, match="newer release") as caught:
        Ledger.open(home.path)
    assert f"version {len(STEPS) + 1}" in caught.value.why
    assert home.database.read_bytes() == before
