"""What other runs do at the same dialer, judged in the very transaction that writes intents."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

from bulk_loader.codes import OutcomeCode
from bulk_loader.ledger import doubts as doubting
from bulk_loader.ledger.loads import LoadLimit, Loads
from bulk_loader.model import Ending, Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from bulk_loader.ledger.doubts import Doubt
    from bulk_loader.ledger.keys import LeadKey
    from bulk_loader.ledger.store import Store


@dataclass(frozen=True, slots=True)
class Regard:
    """Which doubts of other runs keep a lead from being sent.

    Attributes:
        since: seconds since 1970 at which this list was begun, in a session before; None for a new
            one. What others accepted from then on was accepted meanwhile.
        joined_since: the same for runs of the same list, where another machine has asked for their
            outcomes at that moment, and this one has not; None where it has.
        hold_s: how long a doubt lasts, in seconds.
        ageless: ids of runs whose doubts last for ever: those of the same list.
        apart: ids of runs whose doubts are looked for by task and occurrence, not here.
        repeated: ids of runs that the user asked to repeat, doubts included.
        looked_up: contacts that the user wants sent although they are in doubt.
        limits: how often a number may be loaded, in whatever campaign.
    """

    since: int | None = None
    joined_since: int | None = None
    hold_s: float = 0.0
    ageless: frozenset[int] = frozenset()
    apart: frozenset[int] = frozenset()
    repeated: frozenset[int] = frozenset()
    looked_up: frozenset[int] = frozenset()
    limits: tuple[LoadLimit, ...] = ()


class Withheld(NamedTuple):
    """Leads that must not be sent, or not yet.

    Attributes:
        settled: by another run, durably; an outcome each.
        waiting: row numbers whose contact another run is sending at this moment, or whose number
            somebody is sending, be it this run, for the last time that is allowed; or whose time
            has not come, by the rate that all machines keep together.
        pause_s: the dialer asked some machine for a pause, which goes on for so long.
        stop: why nothing more may be sent, by what all machines that send the list know; "" where
            it may.
    """

    settled: Sequence[Outcome] = ()
    waiting: frozenset[int] = frozenset()
    pause_s: float = 0.0
    stop: str = ""


NOTHING = Withheld()


class _Soon(Enum):
    """Whether a lead may be sent turns out when an answer comes that somebody waits for."""

    SOON = auto()


@dataclass(slots=True)
class Others:
    """All runs to one dialer but one's own.

    Made before anything else is asked of the ledger, so that whatever another run does from then
    on is noticed. While nobody else writes, a look costs next to nothing.

    Args:
        is_under_way: whether the run of this id is being carried out at this moment.
        called_at: when one's own command was given. A run that ended while it read its list was
            under way at the same time, for whoever gave both.
    """

    store: Store
    target: str
    is_under_way: Callable[[int], bool]
    called_at: datetime
    own: int = 0
    name: str = ""
    regard: Regard = field(default_factory=Regard)
    _asleep: dict[int, int] = field(init=False)
    _seen: dict[int, int] = field(init=False)
    _seen_first: dict[int, int] = field(init=False)
    _dozing: dict[int, frozenset[tuple[int, int]]] = field(init=False)
    _version: int | None = None
    _doubts: dict[int, list[Doubt]] = field(default_factory=dict)
    _accepted: dict[int, str] = field(default_factory=dict)
    _loads: Loads | None = None

    def __post_init__(self) -> None:
        rows = self.store.rows(_RUNS, (self.target,))
        asleep = [
            (run, sessions, ending)
            for run, _, sessions, ending, ended_at in rows
            if not self._is_beside(run, ending, ended_at)
        ]
        # A run that sleeps now may be gone on with: its next session has another number.
        self._asleep = {run: sessions for run, sessions, _ in asleep}
        self._seen = {
            run: self._newest(run) for run, _, ending in asleep if ending != Ending.FINISHED
        }
        self._seen_first = dict(self._seen)
        # Its program may only not have been heard of for a while. It wakes up with the same number,
        # so what it accepts is asked for again and again, less what it had accepted by now.
        self._dozing = {
            run: frozenset(self.store.rows(_ACCEPTED, (run, self._seen[run])))
            for run, _, ending in asleep
            if ending == Ending.UNFINISHED
        }

    def _is_beside(self, run: int, ending: str, ended_at: str | None) -> bool:
        """Whether a run is, or was until a moment ago, under way at the same time."""
        if ending == Ending.UNFINISHED and self.is_under_way(run):
            return True
        # One that ended in the future tells of a clock that was set, and of nothing else.
        now = datetime.fromtimestamp(self.store.now(), UTC)
        return ended_at is not None and self.called_at <= datetime.fromisoformat(ended_at) <= now

    def begin_anew(self) -> None:
        """Forget what was learnt of the others, to learn it again: a group has not come to be."""
        self._version, self._loads = None, None
        self._doubts, self._accepted = {}, {}
        self._seen = dict(self._seen_first)

    def look_up(self, contacts: Iterable[int]) -> None:
        """These are sent although they are in doubt: the user has looked in the dialer."""
        self.regard = replace(self.regard, looked_up=self.regard.looked_up | frozenset(contacts))

    def judge(
        self, intents: Sequence[tuple[int, LeadKey]], outcomes: Sequence[Outcome] = ()
    ) -> Withheld:
        """Which of these leads may not be sent; call it with the write lock held.

        Doubts of the others, which end because the user wants their contact sent all the same,
        are noted as ended.

        Args:
            outcomes: of leads of one's own, which are about to be noted.
        """
        if intents:
            self._look()
        if self._loads is not None:
            self._loads.settle(outcomes)
        if not intents or not (self._doubts or self._accepted or self._loads):
            return NOTHING
        settled: list[Outcome] = []
        waiting: set[int] = set()
        ended: list[Doubt] = []
        for row, key in intents:
            verdict = self._verdict(row, key)
            if isinstance(verdict, Outcome):
                settled.append(verdict)
            elif verdict is _Soon.SOON:
                waiting.add(row)
            else:
                ended += self._doubts.pop(key.contact, ())
                if self._loads is not None:
                    self._loads.intend(row, key.number)
        if ended:
            doubting.supersede(self.store, ended, self.name)
        return Withheld(settled, frozenset(waiting))

    def _verdict(self, row: int, key: LeadKey) -> Outcome | _Soon | None:
        """What keeps a lead from being sent; SOON where that turns out soon, None for nothing."""
        doubts = self._doubts.get(key.contact, ())
        holding = [doubt for doubt in doubts if not self._is_over(doubt)]
        if any(doubt.is_sending and self.is_under_way(doubt.run) for doubt in doubts):
            return _Soon.SOON
        if holding:
            return Outcome(row, Status.UNKNOWN, OutcomeCode.IN_DOUBT, holding[-1].name)
        if name := self._accepted.get(key.contact):
            return Outcome(row, Status.DUPLICATE, OutcomeCode.TAKEN_MEANWHILE, name)
        return None if self._loads is None else _by_loads(row, self._loads, key.number)

    def _is_over(self, doubt: Doubt) -> bool:
        return doubt.run in self.regard.repeated or doubt.contact in self.regard.looked_up

    def _look(self) -> None:
        """Learn what the others have written since the last look."""
        version = self.store.writes_of_others(self.target)
        if version == self._version:
            return
        if self._version is None and self.regard.since is not None:
            self._look_back(self.regard.since)
        self._version = version
        self._doubts = {}
        since = self.store.now() - self.regard.hold_s
        ageless = self.regard.ageless
        for doubt in doubting.open_doubts(self.store, self.target, since, ageless):
            if doubt.run != self.own and doubt.run not in self.regard.apart:
                self._doubts.setdefault(doubt.contact, []).append(doubt)
        runs = self.store.rows(_RUNS, (self.target,))
        awake = {
            run: name
            for run, name, sessions, *_ in runs
            if run != self.own and (run in self._dozing or self._asleep.get(run) != sessions)
        }
        for run, name in awake.items():
            self._take_accepted(run, name)
        if self.regard.limits:
            self._count_loads({run for run, *_ in runs} - awake.keys(), awake)

    def _count_loads(self, asleep: Collection[int], awake: Collection[int]) -> None:
        regard = self.regard
        if self._loads is None:
            self._loads = Loads(self.store, regard.limits, self.own, self.is_under_way)
            for run in asleep:
                self._loads.remember(run, regard.looked_up)
        self._loads.follow(awake, regard.looked_up)

    def _look_back(self, since: int) -> None:
        """Learn what the runs that sleep now have taken since this list was begun."""
        same_list = {*self.regard.ageless, *self.regard.repeated}
        for run, name, *_ in self.store.rows(_RUNS, (self.target,)):
            begin = self.regard.joined_since if run in same_list else since
            if run in self._asleep and run != self.own and begin is not None:
                self._seen[run] = begin
                if run in self._dozing:
                    self._dozing[run] = frozenset()
                self._take_accepted(run, name)

    def _take_accepted(self, run: int, name: str) -> None:
        since, before = self._seen.get(run, 0), self._dozing.get(run, frozenset())
        for contact, at in self.store.stream(_ACCEPTED, (run, since)):
            if (contact, at) not in before:
                self._accepted[contact] = name
            self._seen[run] = at

    def _newest(self, run: int) -> int:
        ((newest,),) = self.store.rows(_NEWEST, (run,))
        return newest or 0


def _by_loads(row: int, loads: Loads, number: int) -> Outcome | _Soon | None:
    if limit := loads.reached(number):
        return Outcome(row, Status.DUPLICATE, OutcomeCode.LOADED_OFTEN, limit.words)
    return _Soon.SOON if loads.may_be_reached(number) else None


_RUNS = "SELECT id, name, sessions, ending, ended_at FROM run WHERE target = ?"
_ACCEPTED = """
    SELECT contact, settled_at FROM lead INDEXED BY lead_accepted
    WHERE run = ? AND status = 'accepted' AND settled_at >= ? AND contact IS NOT NULL
    ORDER BY settled_at
"""
_NEWEST = "SELECT max(settled_at) FROM lead WHERE run = ? AND status = 'accepted'"
