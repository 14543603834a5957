"""How often each number was loaded into one dialer: in every campaign, from every list, by every run.

A load is a lead that was sent, and may have been taken: accepted, unknown, or under way. What the
user has looked up in the dialer is none.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from bulk_loader.codes import OutcomeCode
from bulk_loader.ledger.moments import Moments
from bulk_loader.ledger.run_records import SENDING
from bulk_loader.model import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from bulk_loader.ledger.store import Store
    from bulk_loader.model import Outcome

_LOADED = frozenset({Status.ACCEPTED, Status.UNKNOWN})


class LoadLimit(NamedTuple):
    """How often a number may be loaded.

    Attributes:
        most: loads in any so many seconds.
        words: as the user wrote it.
    """

    most: int
    within_s: float
    words: str


class _Doubtful(NamedTuple):
    """A lead that may be taken, or may be still."""

    run: int
    row: int
    at: int
    is_sending: bool


class Loads:
    """The loads of a time, as far as the limits reach back.

    Args:
        own: id of the run that asks.
        is_under_way: whether the run of this id is being carried out at this moment.
    """

    def __init__(
        self,
        store: Store,
        limits: Sequence[LoadLimit],
        own: int,
        is_under_way: Callable[[int], bool],
    ) -> None:
        self._store = store
        self._limits = limits
        self._own = own
        self._is_under_way = is_under_way
        self._since = int(self._store.now() - max(limit.within_s for limit in limits))
        self._moments = Moments()
        self._newest: dict[int, tuple[int, set[int]]] = {}
        self._remembered: set[tuple[int, int]] = set()
        self._doubtful: dict[int, list[_Doubtful]] = {}
        self._sending: dict[int, int] = {}
        self._numbers_sending: Counter[int] = Counter()

    def remember(self, run: int, looked_up: Collection[int]) -> None:
        """Count what a run has loaded that nobody carries out, or one's own in earlier sessions."""
        self._take_accepted(run)
        for number, load in self._doubts(run, looked_up):
            self._moments.add(number, load.at)
            self._remembered.add((run, load.row))

    def follow(self, runs: Collection[int], looked_up: Collection[int]) -> None:
        """Learn what runs under way have loaded until now."""
        self._doubtful = {}
        for run in runs:
            self._take_accepted(run)
            for number, load in self._doubts(run, looked_up):
                if (run, load.row) not in self._remembered:
                    self._doubtful.setdefault(number, []).append(load)

    def reached(self, number: int) -> LoadLimit | None:
        """The limit that is reached for certain; None where none is."""
        return self._first_reached(self._certain(number))

    def may_be_reached(self, number: int) -> bool:
        """A limit is reached if all is taken that is being sent at this moment."""
        under_way = self._numbers_sending[number]
        under_way += sum(map(self._is_under_way_still, self._doubtful.get(number, ())))
        if not under_way:
            return False
        now = int(self._store.now())
        return self._first_reached([*self._certain(number), *[now] * under_way]) is not None

    def intend(self, row: int, number: int) -> None:
        """A lead of one's own is about to be sent."""
        self._sending[row] = number
        self._numbers_sending[number] += 1

    def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Leads of one's own have an outcome, which is not in the ledger yet."""
        now = int(self._store.now())
        for outcome in outcomes:
            number = self._answered(outcome.row)
            if number is not None and outcome.status in _LOADED:
                self._moments.add(number, now)

    def _answered(self, row: int) -> int | None:
        """The number of a lead of one's own; None where it has an outcome that counts already."""
        number = self._sending.pop(row, None)
        if number is None:  # it gets another outcome than it had
            found = self._store.rows(_PASSED_OVER, (self._own, row))
            return found[0][0] if found else None
        self._numbers_sending[number] -= 1
        if not self._numbers_sending[number]:
            del self._numbers_sending[number]
        return number

    def _certain(self, number: int) -> list[int]:
        doubtful = self._doubtful.get(number, ())
        broken_off = [load.at for load in doubtful if not self._is_under_way_still(load)]
        return [*self._moments.of(number), *broken_off]

    def _first_reached(self, moments: Sequence[int]) -> LoadLimit | None:
        now = self._store.now()
        for limit in self._limits:
            if sum(at > now - limit.within_s for at in moments) >= limit.most:
                return limit
        return None

    def _is_under_way_still(self, load: _Doubtful) -> bool:
        return load.is_sending and self._is_under_way(load.run)

    def _take_accepted(self, run: int) -> None:
        # Rows of the newest second are asked for again, since more of them may have come.
        newest, rows = self._newest.get(run, (self._since, set()))
        for row, number, at in self._store.rows(_ACCEPTED, (run, newest)):
            if at == newest and row in rows:
                continue
            if at > newest:
                newest, rows = at, set()
            rows.add(row)
            self._moments.add(number, at)
        self._newest[run] = (newest, rows)

    def _doubts(self, run: int, looked_up: Collection[int]) -> Iterator[tuple[int, _Doubtful]]:
        found = self._store.rows(_IN_DOUBT, (run, self._since))
        for row, number, contact, at, is_sending in found:
            if contact not in looked_up:
                yield number, _Doubtful(run, row, at, bool(is_sending))


_ACCEPTED = """
    SELECT row, number, settled_at FROM lead INDEXED BY lead_accepted
    WHERE run = ? AND status = 'accepted' AND settled_at >= ? AND number IS NOT NULL
    ORDER BY settled_at
"""
_IN_DOUBT = f"""
    SELECT row, number, contact, settled_at, status = '{SENDING}'
    FROM lead INDEXED BY lead_in_doubt
    WHERE run = ? AND status IN ('sending', 'unknown') AND settled_at >= ?
    AND number IS NOT NULL AND code <> '{OutcomeCode.SENT_AGAIN}'
"""  # noqa: S608 - constants of ours
_PASSED_OVER = """
    SELECT number FROM lead WHERE run = ? AND row = ? AND status IN ('rejected', 'unsent')
"""
