from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import LedgerError
from bulk_loader.ledger import Ledger, Moved, move_ledger
from bulk_loader.model import Ending, Outcome, Status
from tests.ledger.conftest import BEGAN, OTHER, PLAN, Home, key

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path, database: str) -> Home:
    """A machine with a ledger of its own, and a database in which nothing is yet."""
    home = Home(tmp_path / "home", database)
    fill(home)
    return home


def fill(home: Home) -> None:
    """Two runs, of which one goes on with the other, with leads of each kind."""
    with Ledger.open(home.path) as ledger:
        first = ledger.begin(PLAN, BEGAN)
        first.commit([], [(2, key(2)), (3, key(3))])
        first.commit([Outcome(2, Status.ACCEPTED)], [], [(Outcome(4, Status.INVALID), None)])
        ledger.timelines.keep(first.record, b"\x00course")
        ledger.runs.note_written(first.record, "w1")
        ledger.runs.end(first.record, Ending.STOPPED, "as ñ")
        second = ledger.begin(OTHER, BEGAN)
        ledger.runs.end(second.record, Ending.FINISHED, "")


def told(ledger: Ledger) -> list[object]:
    """All that a ledger says, but for its own numbers of the runs."""
    return [
        (
            *(run.name, run.plan, run.ending, run.stopped_why, run.started_at, run.ended_at),
            *(run.sessions, run.unsaid, list(ledger.outcomes.of(run))),
            ledger.timelines.newest_of([run]),
        )
        for run in ledger.runs.all()
    ]


def test_all_that_was_known_is_known_there(home: Home) -> None:
    """By the same key, so that nobody is called twice."""
    with Ledger.open(home.path) as own:
        before, keys = told(own), own.keys
    assert move_ledger(home.place) == Moved(2, 3)
    with Ledger.open(home.place) as shared:
        assert told(shared) == before
        assert shared.keys == keys
        assert shared.runs.that_wrote("w1") == shared.runs.all()[1]


def test_what_was_moved_lies_in_one_whole_file(home: Home) -> None:
    """Also what SQLite had not brought home yet: nothing is left beside it that belongs to it."""
    with Ledger.open(home.path) as looking:  # keeps the write-ahead log in use
        run = looking.begin(PLAN, BEGAN)
        run.commit([], [(2, key(2))])
    move_ledger(home.place)
    assert {path.name for path in home.path.iterdir()} >= {"ledger.key", "ledger.moved.sqlite3"}
    assert not list(home.path.glob("ledger.sqlite3*"))
    with closing(sqlite3.connect(home.path / "ledger.moved.sqlite3")) as moved:
        assert moved.execute("SELECT count(*) FROM run").fetchone() == (3,)
        assert moved.execute("SELECT count(*) FROM lead").fetchone() == (4,)


def test_what_was_moved_is_not_used_by_mistake(home: Home) -> None:
    """A command that does not name the database finds no ledger, and says where it may be."""
    move_ledger(home.place)
    with pytest.raises(LedgerError, match="is lost") as refused:
        Ledger.open(home.path)
    assert "BULK_LOADER_LEDGER" in refused.value.remedy
    with pytest.raises(LedgerError, match="no ledger in"):
        move_ledger(home.place)


def test_a_move_that_was_cut_off_at_its_end_is_completed(home: Home) -> None:
    """The database had it all, and the file was not put away yet: nothing is there twice."""
    kept = (home.path / "ledger.sqlite3").read_bytes()
    move_ledger(home.place)
    (home.path / "ledger.sqlite3").write_bytes(kept)
    assert move_ledger(home.place) == Moved(0, 0)
    with Ledger.open(home.place) as shared:
        assert len(shared.runs.all()) == 2


def test_the_ledger_of_another_machine_has_another_key(home: Home, tmp_path: Path) -> None:
    """By another key nobody would be recognised; both stay as they are."""
    other = Home(tmp_path / "other", home.url)
    other.path.mkdir(mode=0o700)
    fill(other)
    move_ledger(home.place)
    with pytest.raises(LedgerError, match="has another key"):
        move_ledger(other.place)
    assert other.database.exists(), "nothing of it was changed"
    with Ledger.open(home.place) as shared:
        assert len(shared.runs.all()) == 2


def test_a_database_that_fails_leaves_everything_where_it_was(home: Home) -> None:
    """All of it or nothing, on both sides."""
    Ledger.open(Home(home.path.parent / "first", home.url).place).__exit__(None, None, None)
    home.change("UPDATE ledger SET key_check = ?", _check_of(home))
    home.change("ALTER TABLE timeline ADD CHECK (run < 0)")
    with pytest.raises(LedgerError):
        move_ledger(home.place)
    assert home.query("SELECT count(*) FROM run") == [(0,)]
    with Ledger.open(home.path) as own:
        assert len(own.runs.all()) == 2


def _check_of(home: Home) -> int:
    with Ledger.open(home.path) as own:
        return own.keys.check


def test_a_whole_ledger_is_said_to_be_whole(home: Home) -> None:
    """Of one machine, and of many; who sends is named."""
    with Ledger.open(home.path) as own:
        assert [(each.about, each.remedy) for each in own.verify()] == [
            ("whole", ""),
            ("holds", ""),
        ]
    move_ledger(home.place)
    home.change(
        "INSERT INTO holding (place, machine, process, until)"
        " VALUES ('p', 'desk-7', '99', clock_timestamp() - interval '1 minute')"
    )
    with Ledger.open(home.place) as shared:
        found = {each.about: each for each in shared.verify()}
    assert "2 runs with 3 leads" in found["holds"].told
    assert found["rights"].remedy == ""
    assert "desk-7" in found["sending"].told
    assert "goes on where it stopped" in found["sending"].remedy


def test_a_damaged_ledger_is_said_to_be_damaged(home: Home) -> None:
    """A lead that belongs to no run."""
    home_of_one = Home(home.path)
    home_of_one.change("UPDATE lead SET run = 77 WHERE row = 2")
    with Ledger.open(home.path) as own:
        found = {each.about: each for each in own.verify()}
    assert found["whole"].remedy == "Restore it from a backup."
