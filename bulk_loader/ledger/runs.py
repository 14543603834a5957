"""The runs that the ledger knows, each as a whole."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from socket import gethostname
from typing import TYPE_CHECKING, Any

from bulk_loader.ledger.doubts import open_doubts
from bulk_loader.ledger.run_records import RunPlan, RunRecord
from bulk_loader.ledger.texts import path_from_text, path_to_text, sentence_to_text
from bulk_loader.model import Ending, RunKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulk_loader.ledger.store import Store


class Runs:
    """Finds runs, notes what became of them, and forgets them.

    Every method may raise LedgerError.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> list[RunRecord]:
        """All runs, newest first."""
        return self._where("TRUE ORDER BY id DESC")

    def by_id(self, run: int) -> RunRecord | None:
        """The run of this number; None where it is forgotten."""
        return _first(self._where("id = ?", run))

    def by_name(self, name: str) -> RunRecord | None:
        """The run of that id, or of the one id that begins so; None where there is none."""
        exact = self._where("name = ?", name)
        if exact:
            return exact[0]
        similar = self._where("substr(name, 1, ?) = ? LIMIT 2", len(name), name)
        return similar[0] if len(similar) == 1 else None

    def of_list(self, path: str, digest: str, target: str) -> list[RunRecord]:
        """Runs to this dialer of the file at this path or of this content, newest first."""
        clause = "target = ? AND (path = ? OR digest = ?) ORDER BY id DESC"
        return self._where(clause, target, path_to_text(path), digest)

    def newest_of(self, path: str) -> RunRecord | None:
        """The newest run, to whatever dialer, of the file at this path."""
        clause = "path = ? ORDER BY id DESC LIMIT 1"
        return _first(self._where(clause, path_to_text(path)))

    def newest_with_results(self, results: str) -> RunRecord | None:
        """The newest run, to whatever dialer, that wrote this results file."""
        clause = "results = ? ORDER BY id DESC LIMIT 1"
        return _first(self._where(clause, path_to_text(results)))

    def with_results(self, results: str, target: str) -> list[RunRecord]:
        """Runs to this dialer that wrote this results file, newest first."""
        clause = "results = ? AND target = ? ORDER BY id DESC"
        return self._where(clause, path_to_text(results), target)

    def that_wrote(self, digest: str) -> RunRecord | None:
        """The newest run that wrote a results file of this content."""
        clause = "id = (SELECT max(run) FROM written WHERE digest = ?)"
        return _first(self._where(clause, digest))

    def chain(self, record: RunRecord) -> list[RunRecord]:
        """A run and those that it continues, newest first."""
        found = [record]
        while (before := found[-1].plan.continues) is not None:
            earlier = self._where("id = ?", before)
            if not earlier:
                break
            found += earlier
        return found

    def is_known(self, name: str) -> bool:
        """A run of this name was ever begun with this ledger, though it may be forgotten."""
        query = "SELECT 1 FROM run WHERE name = ? UNION SELECT 1 FROM forgotten WHERE name = ?"
        return bool(self._store.rows(query, (name, name)))

    def end(self, record: RunRecord, ending: Ending, stopped_why: str) -> None:
        """Note that a run has ended now, and how."""
        self._store.change(
            "UPDATE run SET ending = ?, stopped_why = ?, ended_at = ? WHERE id = ?",
            (
                ending.value,
                sentence_to_text(stopped_why),
                datetime.fromtimestamp(self._store.now(), UTC).isoformat(),
                record.id,
            ),
        )

    def move_results(self, record: RunRecord, results: str) -> None:
        """The results file of a run stands elsewhere from now on."""
        self._store.change(
            "UPDATE run SET results = ? WHERE id = ?", (path_to_text(results), record.id)
        )

    def move_list(self, record: RunRecord, path: str, results: str) -> None:
        """The list of a run and its results file stand elsewhere from now on."""
        self._store.change(
            "UPDATE run SET path = ?, results = ? WHERE id = ?",
            (path_to_text(path), path_to_text(results), record.id),
        )

    def note_written(self, record: RunRecord, digest: str) -> None:
        """A results file of this content is about to stand where the run writes its own."""
        self._store.change("INSERT INTO written (run, digest) VALUES (?, ?)", (record.id, digest))

    def note_unsaid(self, name: str, text: str) -> None:
        """Keep with a run what nobody could be told."""
        self._store.change(
            "UPDATE run SET unsaid = ? WHERE name = ?", (sentence_to_text(text), name)
        )

    def forgettable(self, before: datetime, doubts_since: datetime) -> list[RunRecord]:
        """Runs that are over, ended before then, and of which no open doubt is young.

        A run is over when it is finished, or when another one that went on with it is. Newest
        first.
        """
        everything = self._where("TRUE ORDER BY id DESC")
        continued = {run.plan.continues: run for run in reversed(everything)}

        def is_over(run: RunRecord) -> bool:
            head = run
            while (later := continued.get(head.id)) is not None:
                head = later
            return head.ending is Ending.FINISHED

        young = {
            doubt.run
            for target in {run.plan.target for run in everything}
            for doubt in open_doubts(self._store, target, doubts_since.timestamp())
        }
        return [
            run
            for run in everything
            if (run.ended_at or run.started_at) < before and is_over(run) and run.id not in young
        ]

    def forget(self, before: datetime, doubts_since: datetime) -> int:
        """Delete what is `forgettable` now, with its leads; how many.

        The names stay, so that their results files are no riddle.
        """
        with self._store.transaction():
            records = self.forgettable(before, doubts_since)
            old = [(record.id,) for record in records]
            change = self._store.change_all
            change("UPDATE run SET continues = NULL WHERE continues = ?", old)
            change("DELETE FROM run WHERE id = ?", old)
            names = [(record.name,) for record in records]
            change("INSERT INTO forgotten (name) VALUES (?) ON CONFLICT DO NOTHING", names)
        return len(records)

    def _where(self, clause: str, *values: object) -> list[RunRecord]:
        query = f"SELECT {_COLUMNS} FROM run WHERE {clause}"  # noqa: S608 - clauses of ours
        return [_record(row) for row in self._store.rows(query, values)]


def insert_run(store: Store, plan: RunPlan, started_at: datetime) -> RunRecord:
    """A new unfinished run; its name tells the day and the minute and is unique."""
    # By the ledger's clock where that of a machine is fast: else what others took meanwhile would
    # look as if it had been before.
    started_at = min(started_at, datetime.fromtimestamp(store.now(), UTC))
    name = f"{started_at.astimezone(UTC):%Y%m%d-%H%M}-{secrets.token_hex(3)}"
    ((number,),) = store.rows(
        "INSERT INTO run (name, kind, path, digest, target, results, settings, shape, leads,"
        " ending, started_at, continues, origin, machine)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (
            name,
            str(plan.kind),
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
            gethostname(),
        ),
    )
    ending = Ending.UNFINISHED
    return RunRecord(number, name, plan, ending, "", started_at, None, machine=gethostname())


def reopen_run(store: Store, record: RunRecord, plan: RunPlan) -> None:
    """Mark a run as going on, with the settings of now."""
    store.change(
        "UPDATE run SET ending = ?, ended_at = NULL, stopped_why = '', settings = ?, results = ?,"
        " path = ?, machine = ?, sessions = sessions + 1 WHERE id = ?",
        (
            Ending.UNFINISHED.value,
            plan.settings,
            path_to_text(plan.results),
            path_to_text(plan.path),
            gethostname(),
            record.id,
        ),
    )


_COLUMNS = (
    "id, name, kind, path, digest, target, results, settings, shape, leads, ending, stopped_why,"
    " started_at, ended_at, continues, sessions, unsaid, origin, machine"
)


def _first(records: Sequence[RunRecord]) -> RunRecord | None:
    return records[0] if records else None


def _record(row: tuple[Any, ...]) -> RunRecord:
    number, name, kind, path, digest, target, results, settings, shape, leads = row[:10]
    ending, stopped_why, started_at, ended_at, continues, sessions, unsaid, origin, machine = row[
        10:
    ]
    path, results = path_from_text(path), path_from_text(results)
    return RunRecord(
        id=number,
        name=name,
        plan=RunPlan(
            RunKind(kind), path, digest, target, results, settings, shape, leads, continues, origin
        ),
        ending=Ending(ending),
        stopped_why=stopped_why,
        started_at=datetime.fromisoformat(started_at),
        ended_at=datetime.fromisoformat(ended_at) if ended_at else None,
        sessions=sessions,
        unsaid=unsaid,
        machine=machine,
    )
