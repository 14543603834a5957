"""The ledger's statements about runs and their leads; the caller translates SQLite's errors."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from bulk_loader.ledger.doubts import open_doubts
from bulk_loader.ledger.records import BY_HAND, SENDING, RunPlan, RunRecord
from bulk_loader.ledger.texts import path_from_text, path_to_text, sentence_to_text
from bulk_loader.model import Ending, Outcome, Status

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

Int64Array: TypeAlias = "NDArray[np.int64]"

_COLUMNS = (
    "id, name, kind, path, digest, target, results, settings, shape, leads, ending, stopped_why,"
    " started_at, ended_at, continues, sessions, unsaid, origin"
)


def insert_run(connection: sqlite3.Connection, plan: RunPlan, started_at: datetime) -> RunRecord:
    """A new unfinished run; its name tells the day and the minute and is unique."""
    name = f"{started_at.astimezone(UTC):%Y%m%d-%H%M}-{secrets.token_hex(3)}"
    cursor = connection.execute(
        "INSERT INTO run (name, kind, path, digest, target, results, settings, shape, leads,"
        " ending, started_at, continues, origin) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            name,
            plan.kind,
            path_to_text(plan.path),
            plan.digest,
            plan.target,
            path_to_text(plan.results),
            plan.settings,
            plan.shape,
            plan.leads,
            Ending.UNFINISHED.value,
            started_at.isoformat(),
            plan.continues,
            plan.origin,
        ),
    )
    assert cursor.lastrowid is not None
    return RunRecord(cursor.lastrowid, name, plan, Ending.UNFINISHED, "", started_at, None)


def reopen_run(connection: sqlite3.Connection, record: RunRecord, plan: RunPlan) -> None:
    """Mark a run as going on, with the settings of now."""
    connection.execute(
        "UPDATE run SET ending = ?, ended_at = NULL, stopped_why = '', settings = ?, results = ?,"
        " path = ?, sessions = sessions + 1 WHERE id = ?",
        (
            Ending.UNFINISHED.value,
            plan.settings,
            path_to_text(plan.results),
            path_to_text(plan.path),
            record.id,
        ),
    )


def end_run(connection: sqlite3.Connection, run: int, ending: Ending, stopped_why: str) -> None:
    """Mark a run as ended now."""
    connection.execute(
        "UPDATE run SET ending = ?, stopped_why = ?, ended_at = ? WHERE id = ?",
        (ending.value, sentence_to_text(stopped_why), datetime.now(UTC).isoformat(), run),
    )


def move_results(connection: sqlite3.Connection, run: int, results: str) -> None:
    """Note another path of a run's results file."""
    connection.execute("UPDATE run SET results = ? WHERE id = ?", (path_to_text(results), run))


def doubt_sending(connection: sqlite3.Connection, run: int) -> int:
    """Leads with an intent and no outcome become `unknown`."""
    cursor = connection.execute(
        "UPDATE lead SET status = ?, code = 'broken_off' WHERE run = ? AND status = ?",
        (Status.UNKNOWN.value, run, SENDING),
    )
    return cursor.rowcount


def runs(connection: sqlite3.Connection) -> list[RunRecord]:
    """All runs, newest first."""
    return _records(connection, "ORDER BY id DESC")


def run_by_id(connection: sqlite3.Connection, run: int) -> RunRecord | None:
    """The run of a number."""
    found = _records(connection, "WHERE id = ?", run)
    return found[0] if found else None


def run_by_name(connection: sqlite3.Connection, name: str) -> RunRecord | None:
    """An exact name, or the one that begins so."""
    exact = _records(connection, "WHERE name = ?", name)
    if exact:
        return exact[0]
    similar = _records(connection, "WHERE substr(name, 1, ?) = ? LIMIT 2", len(name), name)
    return similar[0] if len(similar) == 1 else None


def runs_of(connection: sqlite3.Connection, path: str, digest: str, target: str) -> list[RunRecord]:
    """Runs to one dialer of the file at a path or of a content, newest first."""
    clause = "WHERE target = ? AND (path = ? OR digest = ?) ORDER BY id DESC"
    return _records(connection, clause, target, path_to_text(path), digest)


def run_with_results(connection: sqlite3.Connection, results: str) -> RunRecord | None:
    """The newest run that wrote a results file."""
    clause = "WHERE results = ? ORDER BY id DESC LIMIT 1"
    found = _records(connection, clause, path_to_text(results))
    return found[0] if found else None


def runs_with_results(connection: sqlite3.Connection, results: str, target: str) -> list[RunRecord]:
    """Runs to one dialer that wrote a results file, newest first."""
    clause = "WHERE results = ? AND target = ? ORDER BY id DESC"
    return _records(connection, clause, path_to_text(results), target)


def chain(connection: sqlite3.Connection, record: RunRecord) -> list[RunRecord]:
    """A run and those that it continues, newest first."""
    found = [record]
    while (before := found[-1].plan.continues) is not None:
        earlier = _records(connection, "WHERE id = ?", before)
        if not earlier:
            break
        found += earlier
    return found


def counts(connection: sqlite3.Connection, run: int) -> dict[Status, int]:
    """Leads by status, in the order of `Status`, zeros included."""
    result = dict.fromkeys(Status, 0)
    rows = connection.execute("SELECT status, count(*) FROM lead WHERE run = ? GROUP BY 1", (run,))
    for status, count in rows:
        result[_status(status)] += count
    return result


def outcomes(connection: sqlite3.Connection, run: int) -> Iterator[Outcome]:
    """All leads of a run by row number, streamed."""
    rows = connection.execute(
        "SELECT row, status, code, detail FROM lead WHERE run = ? ORDER BY row", (run,)
    )
    for row, status, code, detail in rows:
        if status == SENDING:
            yield Outcome(row, Status.UNKNOWN, "broken_off")
        else:
            yield Outcome(row, Status(status), code, detail)


def accepted_contacts(connection: sqlite3.Connection, target: str, since: datetime) -> Int64Array:
    """Sorted contact hashes that one dialer accepted since a moment.

    A lead that only keeps the status of its results file has no hash: the run that sent it has.
    """
    rows = connection.execute(
        "SELECT contact FROM lead WHERE run IN (SELECT id FROM run WHERE target = ?)"
        " AND status = ? AND settled_at >= ? AND contact IS NOT NULL",
        (target, Status.ACCEPTED.value, int(since.timestamp())),
    )
    return np.unique(np.fromiter((contact for (contact,) in rows), dtype=np.int64))


def last_seen(connection: sqlite3.Connection, record: RunRecord) -> datetime:
    """When a run ended, or sent something last."""
    if record.ended_at is not None:
        return record.ended_at
    (at,) = connection.execute(
        "SELECT max(settled_at) FROM lead WHERE run = ?", (record.id,)
    ).fetchone()
    return record.started_at if at is None else datetime.fromtimestamp(at, UTC)


def forgettable(
    connection: sqlite3.Connection, before: datetime, doubts_since: float
) -> list[RunRecord]:
    """Runs that are over, ended before a moment, and of which no open doubt is young, newest first.

    A run is over when it is finished, or when another one that went on with it is.
    """
    everything = runs(connection)
    continued = {r.plan.continues: r for r in reversed(everything)}

    def is_over(run: RunRecord) -> bool:
        head = run
        while (later := continued.get(head.id)) is not None:
            head = later
        return head.ending is Ending.FINISHED

    young = {
        doubt.run
        for target in {run.plan.target for run in everything}
        for doubt in open_doubts(connection, target, doubts_since)
    }
    return [
        run
        for run in everything
        if (run.ended_at or run.started_at) < before and is_over(run) and run.id not in young
    ]


def forget(connection: sqlite3.Connection, records: Sequence[RunRecord]) -> None:
    """Delete runs with their leads; their names stay, so that their results files are no riddle."""
    old = [(record.id,) for record in records]
    connection.executemany("UPDATE run SET continues = NULL WHERE continues = ?", old)
    connection.executemany("DELETE FROM run WHERE id = ?", old)
    names = [(record.name,) for record in records]
    connection.executemany("INSERT OR IGNORE INTO forgotten (name) VALUES (?)", names)


def is_known(connection: sqlite3.Connection, name: str) -> bool:
    """A run of this name was ever begun with this ledger."""
    query = "SELECT 1 FROM run WHERE name = ? UNION SELECT 1 FROM forgotten WHERE name = ?"
    return connection.execute(query, (name, name)).fetchone() is not None


def note_written(connection: sqlite3.Connection, run: int, digest: str) -> None:
    """A results file of this content is about to stand in its place."""
    connection.execute("INSERT INTO written (run, digest) VALUES (?, ?)", (run, digest))


def sent(connection: sqlite3.Connection, run: int) -> int:
    """Leads with an intent that was not taken back for certain before anything left."""
    query = (
        "SELECT count(*) FROM lead WHERE run = ? AND (code = ? OR status IN"
        " ('sending', 'accepted', 'rejected', 'unknown'))"
    )
    return int(connection.execute(query, (run, BY_HAND)).fetchone()[0])


def run_that_wrote(connection: sqlite3.Connection, digest: str) -> RunRecord | None:
    """The newest run that wrote a results file of this content."""
    clause = "WHERE id = (SELECT max(run) FROM written WHERE digest = ?)"
    found = _records(connection, clause, digest)
    return found[0] if found else None


def note_unsaid(connection: sqlite3.Connection, name: str, text: str) -> None:
    """Keep what nobody could be told."""
    connection.execute("UPDATE run SET unsaid = ? WHERE name = ?", (sentence_to_text(text), name))


def _status(text: str) -> Status:
    return Status.UNKNOWN if text == SENDING else Status(text)


def _records(connection: sqlite3.Connection, clause: str, *values: object) -> list[RunRecord]:
    rows = connection.execute(f"SELECT {_COLUMNS} FROM run {clause}", values)  # noqa: S608
    return [_record(row) for row in rows]


def _record(row: tuple[Any, ...]) -> RunRecord:
    number, name, kind, path, digest, target, results, settings, shape, leads = row[:10]
    ending, stopped_why, started_at, ended_at, continues, sessions, unsaid, origin = row[10:]
    path, results = path_from_text(path), path_from_text(results)
    return RunRecord(
        id=number,
        name=name,
        plan=RunPlan(
            kind, path, digest, target, results, settings, shape, leads, continues, origin
        ),
        ending=Ending(ending),
        stopped_why=stopped_why,
        started_at=datetime.fromisoformat(started_at),
        ended_at=datetime.fromisoformat(ended_at) if ended_at else None,
        sessions=sessions,
        unsaid=unsaid,
    )
