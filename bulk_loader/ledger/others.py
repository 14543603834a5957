"""What other runs do at the same dialer, judged in the very transaction that writes intents."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from bulk_loader.codes import OutcomeCode
from bulk_loader.ledger import doubts as doubting
from bulk_loader.model import Ending, Outcome, Status

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Sequence

    from bulk_loader.ledger.doubts import Doubt
    from bulk_loader.ledger.keys import LeadKey


@dataclass(frozen=True, slots=True)
class Regard:
    """Which doubts of other runs keep a lead from being sent.

    Attributes:
        since: seconds since 1970 at which this list was begun, in a session before; None for a new
            one. What others accepted from then on was accepted meanwhile.
        hold_s: how long a doubt lasts, in seconds.
        ageless: ids of runs whose doubts last for ever: those of the same list.
        apart: ids of runs whose doubts are looked for by task and occurrence, not here.
        repeated: ids of runs that the user asked to repeat, doubts included.
        looked_up: contacts that the user wants sent although they are in doubt.
    """

    since: int | None = None
    hold_s: float = 0.0
    ageless: frozenset[int] = frozenset()
    apart: frozenset[int] = frozenset()
    repeated: frozenset[int] = frozenset()
    looked_up: frozenset[int] = frozenset()


class Withheld(NamedTuple):
    """Leads that must not be sent, or not yet.

    Attributes:
        settled: by another run, durably; an outcome each.
        waiting: row numbers whose contact another run is sending at this moment.
    """

    settled: Sequence[Outcome] = ()
    waiting: frozenset[int] = frozenset()


NOTHING = Withheld()


@dataclass(slots=True)
class Others:
    """All runs to one dialer but one's own.

    Made before anything else is asked of the ledger, so that whatever another run does from then
    on is noticed. While nobody else writes, a look costs one question to SQLite.

    Args:
        is_under_way: whether the run of this id is being carried out at this moment.
    """

    connection: sqlite3.Connection
    target: str
    is_under_way: Callable[[int], bool]
    own: int = 0
    name: str = ""
    regard: Regard = field(default_factory=Regard)
    _asleep: dict[int, int] = field(init=False)
    _seen: dict[int, int] = field(init=False)
    _version: int | None = None
    _doubts: dict[int, list[Doubt]] = field(default_factory=dict)
    _accepted: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rows = self.connection.execute(_RUNS, (self.target,)).fetchall()
        asleep = [
            (run, sessions, ending)
            for run, _, sessions, ending in rows
            if ending != Ending.UNFINISHED or not self.is_under_way(run)
        ]
        # A run that sleeps now may be gone on with: its next session has another number.
        self._asleep = {run: sessions for run, sessions, _ in asleep}
        self._seen = {
            run: self._newest(run) for run, _, ending in asleep if ending != Ending.FINISHED
        }

    def look_up(self, contacts: Iterable[int]) -> None:
        """These are sent although they are in doubt: the user has looked in the dialer."""
        self.regard = replace(self.regard, looked_up=self.regard.looked_up | frozenset(contacts))

    def judge(self, intents: Sequence[tuple[int, LeadKey]]) -> Withheld:
        """Which of these leads may not be sent; call it with the write lock held.

        Doubts of the others, which end because the user wants their contact sent all the same,
        are noted as ended.
        """
        self._look()
        if not (self._doubts or self._accepted):
            return NOTHING
        settled: list[Outcome] = []
        waiting: set[int] = set()
        ended: list[Doubt] = []
        for row, key in intents:
            doubts = self._doubts.get(key.contact, ())
            holding = [doubt for doubt in doubts if not self._is_over(doubt)]
            if any(doubt.is_sending and self.is_under_way(doubt.run) for doubt in doubts):
                waiting.add(row)
            elif holding:
                settled.append(Outcome(row, Status.UNKNOWN, OutcomeCode.IN_DOUBT, holding[-1].name))
            elif name := self._accepted.get(key.contact):
                settled.append(Outcome(row, Status.DUPLICATE, OutcomeCode.TAKEN_MEANWHILE, name))
            else:
                ended += self._doubts.pop(key.contact, ())
        if ended:
            doubting.supersede(self.connection, ended, self.name)
        return Withheld(settled, frozenset(waiting))

    def _is_over(self, doubt: Doubt) -> bool:
        return doubt.run in self.regard.repeated or doubt.contact in self.regard.looked_up

    def _look(self) -> None:
        """Learn what the others have written since the last look."""
        (version,) = self.connection.execute("PRAGMA data_version").fetchone()
        if version == self._version:
            return
        if self._version is None and self.regard.since is not None:
            self._look_back(self.regard.since)
        self._version = version
        self._doubts = {}
        since = time.time() - self.regard.hold_s
        ageless = self.regard.ageless
        for doubt in doubting.open_doubts(self.connection, self.target, since, ageless):
            if doubt.run != self.own and doubt.run not in self.regard.apart:
                self._doubts.setdefault(doubt.contact, []).append(doubt)
        for run, name, sessions, _ in self.connection.execute(_RUNS, (self.target,)).fetchall():
            if run != self.own and self._asleep.get(run) != sessions:
                self._take_accepted(run, name)

    def _look_back(self, since: int) -> None:
        """Learn what the runs that sleep now have taken since this list was begun."""
        same_list = {self.own, *self.regard.ageless, *self.regard.repeated}
        for run, name, _, _ in self.connection.execute(_RUNS, (self.target,)).fetchall():
            if run in self._asleep and run not in same_list:
                self._seen[run] = since
                self._take_accepted(run, name)

    def _take_accepted(self, run: int, name: str) -> None:
        since = self._seen.get(run, 0)
        for contact, at in self.connection.execute(_ACCEPTED, (run, since)):
            self._accepted[contact] = name
            self._seen[run] = at

    def _newest(self, run: int) -> int:
        return self.connection.execute(_NEWEST, (run,)).fetchone()[0] or 0


_RUNS = "SELECT id, name, sessions, ending FROM run WHERE target = ?"
_ACCEPTED = """
    SELECT contact, settled_at FROM lead INDEXED BY lead_accepted
    WHERE run = ? AND status = 'accepted' AND settled_at >= ? AND contact IS NOT NULL
    ORDER BY settled_at
"""
_NEWEST = "SELECT max(settled_at) FROM lead WHERE run = ? AND status = 'accepted'"
