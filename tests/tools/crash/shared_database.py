"""The database of one experiment, on a server that nobody else uses meanwhile."""

from __future__ import annotations

import os
import signal
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.databases import Server

DEATHS = ("all killed", "one killed", "immediate", "fast")
"""How a server ends: all of its processes by `kill -9`, one of them, which makes it begin again by
itself, or when it is told to, without or with an end of what is under way."""

BY_LIMIT, BY_LOG, BY_ERROR = "limit", "log", "error"
"""How room comes to lack: no table may grow, which the server tells as an error of its own kind; the
write-ahead log may not grow, of which the server dies until there is room; every change is refused with
the very error of a full disk."""

# Less than a segment of the write-ahead log, and more than any table of an experiment.
LOG_LIMIT = 12_000_000

KEPT, EARLIER = "-kept", "-earlier"

# A crash of the database's processes loses nothing that the system has; no test pulls the plug.
UNSYNCED = "-c fsync=off"


class SharedDatabase:
    """What machines share; made new.

    Attributes:
        url: its address.
    """

    def __init__(self, server: Server, name: str) -> None:
        self._server = server
        self._name = name
        self.url = server.create(name)

    def drop(self) -> None:
        """With all that was made of it; the server takes connections afterwards."""
        if not self._server.is_up:
            self._server.start(UNSYNCED)
        for suffix in ("", KEPT, EARLIER):
            self._server.drop(f"{self._name}{suffix}")

    def end_leases(self) -> int:
        """As if all programs were heard of for the last time a while ago; how many there were.

        A session that stands still in the middle of a transaction is ended, as the server does it
        by itself after a minute.
        """
        self._ask(f"SELECT {_END} WHERE state ~ '^idle in' AND {_OTHERS}")
        self.await_rest()
        return self.expire()

    def expire(self) -> int:
        """The same, whoever is in the middle of something."""
        return len(self._ask("UPDATE holding SET until = '-infinity' RETURNING id"))

    def is_held_by(self, process: int) -> bool:
        """Whether nobody has gone on with what a program of this number holds."""
        return bool(self._ask("SELECT 1 FROM holding WHERE process = %s", str(process)))

    def cut(self) -> int:
        """End all connections; how many there were."""
        return len(self._ask(f"SELECT {_END} WHERE {_OTHERS}"))

    @contextmanager
    def down(self, how: str) -> Iterator[None]:
        """Not there in the body; with "one killed", it comes back before the end of it."""
        match how:
            case "all killed":
                self._server.kill()
            case "one killed":
                self._kill_one()
            case "immediate" | "fast":
                self._server.stop(how)
        try:
            yield
        finally:
            if how == "one killed":
                self._await_return()
            else:
                self._server.start(UNSYNCED)

    @contextmanager
    def without_room(self, how: str) -> Iterator[None]:
        """In the body, as good as no more leads have room; how, by one of the three names."""
        match how:
            case "limit":
                self._ask(_BALLAST)
                ((size,),) = self._ask("SELECT pg_relation_size('lead')")
                self._server.limit_files(size)
            case "log":
                self._server.limit_files(LOG_LIMIT)
                self._use_up_log()
            case _:
                self._refuse_all()
        try:
            yield
        finally:
            self._make_room(how)

    def _use_up_log(self) -> None:
        """Begin one segment after the other, those that were made before among them."""
        with suppress(psycopg.Error):  # of which the server dies
            while True:
                self._ask("SELECT pg_logical_emit_message(true, 'room', 'is used')")
                self._ask("SELECT pg_switch_wal()")

    def _refuse_all(self) -> None:
        self._ask(_REFUSE)
        for table in _TABLES:
            self._ask(
                f"CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION no_room()"
            )

    def _make_room(self, how: str) -> None:
        match how:
            case "limit":
                self._server.limit_files(None)
            case "log":
                self._revive()
            case _:
                for table in _TABLES:
                    self._ask(f"DROP TRIGGER no_room ON {table}")

    def _revive(self) -> None:
        """Begin the server anew, whether it still tries to get up or has given up."""
        self._server.end()
        self._server.start(UNSYNCED)

    def back_up(self) -> None:
        """Take a copy of it as it is now, when nobody is connected."""
        self._server.copy(self._name, f"{self._name}{EARLIER}")

    def restore(self) -> str:
        """Put the copy in its place; the address of what it was until now."""
        self._server.rename(self._name, f"{self._name}{KEPT}")
        self._server.rename(f"{self._name}{EARLIER}", self._name)
        return self._server.url(f"{self._name}{KEPT}")

    def bring_back(self) -> None:
        """It is again what it was before it was restored."""
        self._server.drop(self._name)
        self._server.rename(f"{self._name}{KEPT}", self._name)

    def _kill_one(self) -> None:
        """Of its sessions, and wait until the server has ended all others because of it."""
        with self._connected() as victim, self._connected() as other:
            os.kill(victim.info.backend_pid, signal.SIGKILL)
            with suppress(psycopg.OperationalError):
                while True:
                    other.execute("SELECT pg_sleep(0.01)")

    def _await_return(self) -> None:
        while not self._server.is_up:
            time.sleep(0.02)

    def await_rest(self) -> None:
        """Until all statements are done that are under way now, be they of a program that died."""
        begun = set(self._ask(_ACTIVE))
        while begun & set(self._ask(_ACTIVE)):
            time.sleep(0.005)

    def _ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._connected() as connection:
            answer = connection.execute(query.encode(), values)
            return answer.fetchall() if answer.description else []

    def _connected(self) -> psycopg.Connection:
        return psycopg.connect(self.url, autocommit=True)


_END = "pg_terminate_backend(pid) FROM pg_stat_activity"
_OTHERS = "pid <> pg_backend_pid() AND datname = current_database()"
_ACTIVE = f"""
    SELECT pid, query_start FROM pg_stat_activity WHERE state = 'active' AND {_OTHERS}
"""  # noqa: S608 - constants of ours

# Longer than a segment of the write-ahead log, which a limit must leave its room; the small rows fill
# what the large ones leave of each page. Of a run of its own, which sent nothing, at no dialer.
_BALLAST = """
    WITH ballast AS (
        INSERT INTO run (name, kind, path, digest, target, results, settings, shape, leads, ending,
            started_at)
        VALUES ('ballast', 'upload', '', '', '', '', '{}', '', 21000, 'finished',
            '2020-01-01T00:00:00+00:00')
        ON CONFLICT DO NOTHING RETURNING id
    )
    INSERT INTO lead (run, row, occurrence, status, code, detail)
    SELECT id, number, 0, 'invalid', '', CASE WHEN number > 9000 THEN '' ELSE repeat('x', 1900) END
    FROM ballast, generate_series(1, 21000) number ORDER BY number
"""
_REFUSE = """
    CREATE OR REPLACE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
    END $$
"""
_TABLES = ("dialer", "holding", "lead", "run", "written", "timeline")
"""In the order in which a group writes them, so that nobody waits for each other."""
