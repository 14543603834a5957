from __future__ import annotations

import secrets
import shutil
from typing import TYPE_CHECKING

import psycopg
import pytest

from bulk_loader.ledger import Ledger
from bulk_loader.ledger_place import LedgerPlace
from tests.tools.crash.shared_database import BY_ERROR, BY_LIMIT, BY_LOG, DEATHS, SharedDatabase

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.databases import Server

_LEAD = """
    INSERT INTO lead (run, row, occurrence, status, code, detail)
    SELECT id, %s, 0, 'unsent', '', '' FROM run WHERE name = 'r'
"""


@pytest.fixture
def shared(server: Server, tmp_path: Path) -> Iterator[SharedDatabase]:
    """A ledger in which nothing is but one run."""
    database = SharedDatabase(server, f"crash-{secrets.token_hex(6)}")
    with Ledger.open(LedgerPlace(tmp_path / "home", url=database.url)):
        pass
    with _connected(database) as connection:
        connection.execute(
            "INSERT INTO run (name, kind, path, digest, target, results, settings, shape, leads,"
            " ending, started_at) VALUES ('r', 'upload', '', '', '', '', '{}', '', 9, '', '')"
        )
    yield database
    database.drop()


def _connected(database: SharedDatabase) -> psycopg.Connection:
    return psycopg.connect(database.url, autocommit=True)


def _hold(connection: psycopg.Connection, leads: int) -> None:
    for row in range(leads):
        connection.execute(_LEAD, (row,))


def _has_lead(database: SharedDatabase, row: int) -> bool:
    with _connected(database) as connection:
        found = connection.execute("SELECT 1 FROM lead WHERE row = %s", (row,)).fetchone()
    return found is not None


@pytest.mark.parametrize("how", DEATHS)
def test_a_death_of_the_server_cuts_connections_and_loses_nothing(
    how: str, shared: SharedDatabase
) -> None:
    """What was committed is there when it is back, and what was not is gone."""
    with _connected(shared) as committed:
        committed.execute(_LEAD, (1,))
    with _connected(shared) as connection:
        connection.execute("BEGIN")
        connection.execute(_LEAD, (2,))
        with shared.down(how), pytest.raises(psycopg.OperationalError):
            connection.execute(_LEAD, (3,))
    assert [_has_lead(shared, row) for row in (1, 2, 3)] == [True, False, False]


needs_limits = pytest.mark.skipif(not shutil.which("prlimit"), reason="there is no prlimit")


@pytest.mark.parametrize(
    ("how", "error"),
    [
        pytest.param(BY_LIMIT, psycopg.InternalError, marks=needs_limits),
        pytest.param(BY_LOG, psycopg.Error, marks=needs_limits),
        (BY_ERROR, psycopg.errors.DiskFull),
    ],
)
def test_without_room_no_more_leads_are_held(
    how: str, error: type[psycopg.Error], shared: SharedDatabase
) -> None:
    """A page's worth of them at the most; later there is room again."""
    with _connected(shared) as connection, shared.without_room(how), pytest.raises(error):
        _hold(connection, 1000)
    with _connected(shared) as connection:
        connection.execute(_LEAD, (1001,))
    assert _has_lead(shared, 1001)


def test_leases_end_though_a_program_stands_still_in_the_middle(shared: SharedDatabase) -> None:
    """It keeps the row locked until the server ends its session."""
    hold = "INSERT INTO holding (place, machine, process, until) VALUES ('', '', '7', 'infinity')"
    with _connected(shared) as halted:
        halted.execute(hold)
        halted.execute("BEGIN")
        halted.execute("UPDATE holding SET groups = 1")
        assert shared.is_held_by(7)
        assert shared.end_leases() == 1
        with pytest.raises(psycopg.OperationalError):
            halted.execute("COMMIT")
    with _connected(shared) as connection:
        assert connection.execute("SELECT groups, until < now() FROM holding").fetchall() == [
            (0, True)
        ]


def test_an_old_backup_lacks_what_came_later_until_the_newest_is_back(
    shared: SharedDatabase,
) -> None:
    """Both are whole."""
    shared.back_up()
    with _connected(shared) as connection:
        connection.execute(_LEAD, (1,))
    shared.restore()
    assert not _has_lead(shared, 1)
    shared.bring_back()
    assert _has_lead(shared, 1)
