"""A list that several machines send: cut into spans, each of which one machine holds at a time.

The one that begins it, its leader, decides about every row, and says of each span which of its rows
are to be sent. Who holds a span sends those of them that have no intent. Where a machine was not heard
of for too long, its spans are free again; what it was sending is unknown, and what it wakes up to is
refused with its lease.
"""

from __future__ import annotations

import json
from contextlib import closing, contextmanager
from dataclasses import asdict
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from bulk_loader.codes import OutcomeCode
from bulk_loader.ledger.open_run import SENT
from bulk_loader.ledger.others import Regard
from bulk_loader.ledger.postgres_store import PostgresStore
from bulk_loader.ledger.run_records import SENDING
from bulk_loader.ledger.sharing import COUNTED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from bulk_loader.ledger.leases import Lease
    from bulk_loader.ledger.run_records import RunRecord
    from bulk_loader.ledger_place import LedgerPlace
    from bulk_loader.model import Status


class Terms(NamedTuple):
    """What all machines that send one list keep to.

    Attributes:
        began_at: as an ISO 8601 text, the moment by which dates are judged.
        judged_at: as an ISO 8601 text, the moment by which everything else is.
        asked_at: seconds since 1970 by the ledger's clock, before it was asked what is known of the list.
        batch_size: rows that are read together, in which no span ends amid.
        token: keyed hash of the token by which the dialer knows all of them.
        rate: leads a second, of all together; None for no limit.
        most_errors: leads that may be invalid, rejected or unknown, and whether it is a percentage;
            None for no limit.
        regard: which doubts of other runs keep a lead from being sent.
    """

    began_at: str
    judged_at: str
    asked_at: int
    batch_size: int
    token: int
    rate: float | None
    most_errors: tuple[float, bool] | None
    regard: Regard


class Span(NamedTuple):
    """Rows that one machine holds.

    Attributes:
        first: row number; no lead of another span is between it and `last`.
        leads: row numbers and occurrences of those that are to be sent, in order.
        digest: of their keys, so that whoever makes others of the rows finds it out.
        sent: row numbers of leads that somebody else sent before.
    """

    first: int
    last: int
    leads: Sequence[tuple[int, int]]
    digest: bytes
    sent: frozenset[int] = frozenset()


class Idle(Enum):
    """Why there is no span to be had."""

    NOT_YET = auto()
    OVER = auto()
    LEADERLESS = auto()


class State(NamedTuple):
    """How the sending of a list stands.

    Attributes:
        counts: answers that all machines have noted.
    """

    stopped_why: str
    counts: Mapping[Status, int]


Claimed: TypeAlias = "Span | Idle"


@contextmanager
def open_shares(place: LedgerPlace, lease: Lease | None = None) -> Iterator[Shares]:
    """What machines send together, by a connection of its own, for one thread at a time.

    Args:
        place: of a ledger that machines share, and that was opened before.
        lease: what this program holds, without which nothing is changed.

    Raises:
        LedgerError: the ledger can't be used.
    """
    assert place.url is not None
    with closing(PostgresStore(place.url, lease, place.patience_s)) as store:
        yield Shares(store)


class Shares:
    """The lists that several machines send. Every method may raise LedgerError."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    def begin(self, record: RunRecord, terms: Terms, lease: Lease) -> None:
        """A list is about to be cut into spans, by who holds it."""
        told = json.dumps({**terms._asdict(), "regard": asdict(terms.regard)}, default=sorted)
        with self._store.transaction():
            self._execute("DELETE FROM share WHERE run = %s", record.id)
            self._execute("DELETE FROM span WHERE run = %s", record.id)
            self._execute(_BEGIN, record.id, lease.id, told)

    def publish(self, record: RunRecord, spans: Iterable[Span]) -> None:
        """Lay more spans of a list out."""
        rows = [
            (record.id, span.first, span.last, _packed(span.leads), span.digest) for span in spans
        ]

        def lay_out() -> None:
            with self._store.transaction():
                self._store.connection.cursor().executemany(_PUBLISH, rows)

        self._store.patiently(lay_out)

    def laid_out(self, record: RunRecord, invalid: int, *, is_released: bool) -> None:
        """All spans are laid out, and so many leads are in none since they are invalid.

        Args:
            is_released: others may take spans now, and not only when a lead was accepted.
        """
        self._change(_LAID_OUT, (invalid, is_released, record.id))

    def under_way(self, run: int) -> Terms | None:
        """What the machines keep to that send a list; None where there is none such."""
        rows = self._store.rows("SELECT terms FROM share WHERE run = ?", (run,))
        if not rows:
            return None
        told: dict[str, Any] = json.loads(rows[0][0])
        return Terms(**{**told, "regard": _regard(told["regard"])})

    def runs(self) -> list[int]:
        """Ids of the runs whose lists can be helped with now, the oldest first."""
        return [run for (run,) in self._store.rows(_OPEN)]

    def join(self, run: int, lease: Lease) -> None:
        """Help with a list from now on, until the lease ends."""
        with self._store.transaction():
            self._execute("INSERT INTO helper (holding, run) VALUES (%s, %s)", lease.id, run)

    def claim(
        self, record: RunRecord, lease: Lease, held: Collection[int], *, is_leader: bool = False
    ) -> Claimed:
        """The next span that nobody holds, in the order of the list.

        Args:
            held: first rows of the spans that are held here. A further one is one's own already
                whose claim was not heard of.
        """
        return self._store.patiently(lambda: self._claim(record, lease, held, is_leader=is_leader))

    def _claim(
        self, record: RunRecord, lease: Lease, held: Collection[int], *, is_leader: bool
    ) -> Claimed:
        with self._store.transaction():
            rows = self._store.rows(_STATE, (record.id,))
            if not rows or rows[0][0]:
                return Idle.OVER
            (_, is_released, is_led) = rows[0]
            is_led = is_led or self._store.is_just_back
            if not (is_released or is_leader):
                return Idle.NOT_YET if is_led else Idle.LEADERLESS
            if found := self._store.rows(_CLAIM, (lease.id, record.id, lease.id, list(held))):
                first, last, content, digest = found[0]
                sent = self._store.rows(_SENT, (record.id, first, last))
                rows_sent = frozenset(row for (row,) in sent)
                return Span(first, last, _unpacked(content), bytes(digest), rows_sent)
            if not self._store.rows(_ANY_OPEN, (record.id,)):
                return Idle.OVER
        self.bury(record)
        return Idle.NOT_YET if is_led else Idle.LEADERLESS

    def finish(self, record: RunRecord, firsts: Collection[int]) -> None:
        """All rows of these spans are settled, durably."""
        if firsts:
            self._change(_FINISH, (record.id, list(firsts)))

    def state(self, record: RunRecord) -> State:
        """How it stands now; over, where it is no list of several machines any more."""
        rows = self._store.patiently(lambda: self._store.rows(_COUNTS, (record.id,)))
        if not rows:
            return State("", dict.fromkeys(COUNTED, 0))
        ((stopped_why, *counts),) = rows
        return State(stopped_why, dict(zip(COUNTED, counts, strict=True)))

    def stop(self, record: RunRecord, why: str) -> None:
        """No machine may take or send more of the list."""
        self._change(_STOP, (why, record.id))

    def helpers(self, record: RunRecord) -> list[str]:
        """The machines that help, as far as they are heard of; the others are forgotten."""

        def look() -> list[str]:
            self.bury(record)
            return [machine for (machine,) in self._store.rows(_HELPERS, (record.id,))]

        return self._store.patiently(look)

    def bury(self, record: RunRecord) -> None:
        """Free the spans of machines that were not heard of for too long, whatever they wake up to.

        Not when the database has just come back, and nobody could be heard of.
        """
        if self._store.is_just_back or not self._store.rows(_HAS_SILENT, (record.id,)):
            return
        with self._store.transaction(record.plan.target):
            silent = [holding for (holding,) in self._store.rows(_SILENT, (record.id,))]
            self._execute(_BREAK_OFF, record.id, silent)
            self._execute("DELETE FROM holding WHERE id = ANY(%s)", silent)

    def close(self, record: RunRecord) -> None:
        """Forget the spans: the run is one machine's again."""

        def forget() -> None:
            with self._store.transaction():
                self._execute("DELETE FROM span WHERE run = %s", record.id)
                self._execute("DELETE FROM share WHERE run = %s", record.id)

        self._store.patiently(forget)

    def _change(self, statement: str, values: tuple[object, ...]) -> None:
        """What may be done twice, once it can be done."""
        self._store.patiently(lambda: self._store.change(statement, values))

    def _execute(self, statement: str, *values: object) -> None:
        self._store.connection.execute(statement.encode(), values)


def _packed(leads: Sequence[tuple[int, int]]) -> bytes:
    return np.array(leads, dtype="<i8").tobytes()


def _unpacked(content: bytes) -> list[tuple[int, int]]:
    pairs = np.frombuffer(content, dtype="<i8").reshape(-1, 2).tolist()
    return [(row, occurrence) for row, occurrence in pairs]


def _regard(told: Mapping[str, Any]) -> Regard:
    sets = {name: frozenset(each) for name, each in told.items() if isinstance(each, list)}
    return Regard(**{**told, **sets, "limits": ()})


_BEGIN = "INSERT INTO share (run, leader, terms) VALUES (%s, %s, %s)"
_PUBLISH = b"INSERT INTO span (run, first, last, content, digest) VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"
_OPEN = """
    SELECT share.run FROM share JOIN holding ON holding.id = leader
    WHERE stopped_why = '' AND until > clock_timestamp() ORDER BY share.run
"""
_LAID_OUT = """
    UPDATE share SET invalid = ?, is_released = is_released OR ? WHERE run = ?
"""
_STOP = "UPDATE share SET stopped_why = ? WHERE run = ? AND stopped_why = ''"
_STATE = """
    SELECT stopped_why, is_released, COALESCE(until > clock_timestamp(), false)
    FROM share LEFT JOIN holding ON holding.id = leader WHERE run = ?
"""
_CLAIM = """
    UPDATE span SET holding = ? WHERE (run, first) = (
        SELECT run, first FROM span WHERE run = ? AND NOT is_done
        AND (holding IS NULL OR (holding = ? AND first <> ALL(?)))
        ORDER BY first LIMIT 1 FOR UPDATE SKIP LOCKED
    ) RETURNING first, last, content, digest
"""
_ANY_OPEN = "SELECT 1 FROM span WHERE run = ? AND NOT is_done LIMIT 1"
_SENT = f"SELECT row FROM lead WHERE run = ? AND row BETWEEN ? AND ? AND status IN {SENT}"  # noqa: S608 - ours
_FINISH = "UPDATE span SET is_done = true WHERE run = ? AND first = ANY(?)"
_COUNTS = "SELECT stopped_why, accepted, rejected, unknown FROM share WHERE run = ?"
_HELPERS = """
    SELECT machine FROM helper JOIN holding ON holding.id = helper.holding WHERE run = ? ORDER BY 1
"""
_HAS_SILENT = """
    SELECT 1 FROM helper JOIN holding ON holding.id = helper.holding
    WHERE run = ? AND until < clock_timestamp() LIMIT 1
"""
_SILENT = """
    SELECT id FROM holding WHERE until < clock_timestamp()
    AND id IN (SELECT holding FROM helper WHERE run = ?) FOR UPDATE
"""
_BREAK_OFF = f"""
    UPDATE lead SET status = 'unknown', code = '{OutcomeCode.BROKEN_OFF}' FROM span
    WHERE lead.run = %s AND lead.status = '{SENDING}' AND span.run = lead.run
    AND lead.row BETWEEN span.first AND span.last AND span.holding = ANY(%s)
"""  # noqa: S608 - constants of ours
