"""The queue that the sandbox keeps."""

from __future__ import annotations

import sqlite3
import stat
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import LoaderError
from bulk_loader.model import DialerTask
from bulk_loader.sandbox.store import Store

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 11, 23, 12, 0, 0, 5000, tzinfo=UTC)


def task(destination: str, campaign: str = "POWER<-") -> DialerTask:
    """A task that differs from the usual in every key."""
    return DialerTask(
        calldate="2026-12-01 09:00:00",
        campaign=campaign,
        destination=destination,
        alternatives="099:098",
        agent="101",
        data="name=Muñoz",
        source="source",
        bulk=True,
        automatic=False,
    )


def fill(store: Store, *tasks: DialerTask) -> None:
    """Queue tasks that arrived a second apart."""
    store.add((NOON + timedelta(seconds=n), each) for n, each in enumerate(tasks))


def test_a_task_is_kept_whole_and_in_order(tmp_path: Path) -> None:
    """What was added is there after the file is opened again: values, order, times, counts."""
    db = tmp_path / "queue.db"
    store = Store(db)
    fill(store, task("1"), task("2", "Ventas"), task("3"))
    store.close()
    again = Store(db)
    queued = list(again.after(0))
    assert [each.id for each in queued] == [1, 2, 3]
    assert [each.task for each in queued] == [task("1"), task("2", "Ventas"), task("3")]
    assert queued[2].received_at == NOON + timedelta(seconds=2)
    assert again.counts() == {"POWER<-": 2, "Ventas": 1}
    again.close()


def test_parts_of_the_queue_follow_each_other() -> None:
    """Reading on after the last id gives every task once; the newest come in reverse."""
    store = Store(None)
    fill(store, *(task(str(n)) for n in range(5)))
    assert [each.id for each in store.after(2, limit=2)] == [3, 4]
    assert [each.id for each in store.after(4)] == [5]
    assert [each.id for each in store.newest(2)] == [5, 4]
    store.close()


def test_a_group_that_fails_leaves_nothing_behind() -> None:
    """Tasks added together are queued all or not at all, and are not counted then."""
    store = Store(None)
    with pytest.raises(sqlite3.Error):
        fill(store, task("1"), task(None))  # type: ignore[arg-type]
    assert list(store.after(0)) == []
    assert store.counts() == {}
    store.close()


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    """A queue of real phone numbers is not readable by others on the machine."""
    db = tmp_path / "queue.db"
    Store(db).close()
    assert stat.S_IMODE(db.stat().st_mode) == 0o600


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    """A database that is not a sandbox's is refused, unchanged."""
    db = tmp_path / "other.db"
    with sqlite3.connect(db) as other:
        other.execute("CREATE TABLE customers (id)")
    other.close()
    before = db.read_bytes()
    with pytest.raises(LoaderError, match="can't keep its queue") as caught:
        Store(db)
    assert "another program" in caught.value.why
    assert db.read_bytes() == before


@pytest.mark.parametrize("kind", ["directory", "spreadsheet", "nowhere"])
def test_an_unusable_file_is_named(tmp_path: Path, kind: str) -> None:
    """What can't be a database gives a message with the path and a way out."""
    db = tmp_path / kind
    if kind == "directory":
        db.mkdir()
    elif kind == "spreadsheet":
        db.write_bytes(b"phone;name\n0991234567;Customer 001\n" * 100)
    else:
        db = db / "queue.db"
    with pytest.raises(LoaderError) as caught:
        Store(db)
    assert str(db) in caught.value.what
    assert caught.value.why
    assert "in memory" in caught.value.remedy
