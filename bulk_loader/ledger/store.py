"""What the ledger asks of the database that holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from bulk_loader.ledger.pace import Pace

T = TypeVar("T")

Values: TypeAlias = "Sequence[object] | Mapping[str, object]"
"""For the marks of a statement: `?` in their order, or `:name`."""

Row: TypeAlias = "tuple[Any, ...]"


class Store(Protocol):
    """A database: SQLite's of one machine, or PostgreSQL's of many.

    Statements are written once, for both: SQLite's marks, and what both understand. Every method
    may raise LedgerError; outside of a transaction each statement is durable when it returns.
    """

    def rows(self, statement: str, values: Values = ()) -> list[Row]:
        """All rows that a question has."""

    def stream(self, statement: str, values: Values = ()) -> Iterator[Row]:
        """The same where there may be millions, a few at a time."""

    def change(self, statement: str, values: Values = ()) -> int:
        """How many rows it changed."""

    def change_all(self, statement: str, rows: Iterable[Sequence[object]]) -> int:
        """The same statement for each of the rows; how many it changed in all."""

    def transaction(self, target: str = "") -> AbstractContextManager[None]:
        """Make the body durable as a whole, or nothing of it.

        Args:
            target: a dialer; until the end nobody else writes what matters to it. "" where no run
                that is under way looks at what is written.
        """

    def writes_of_others(self, target: str) -> int:
        """A number that is another one as soon as somebody else wrote what matters to a dialer.

        Asked inside of a transaction for that dialer.
        """

    def places(self, target: str, wanted: int, pace: Pace) -> int:
        """How many of so many leads may be sent now, by the rate that all machines keep together.

        Asked inside of a transaction for that dialer.
        """

    def take_places(self, target: str, taken: int, pace: Pace) -> float:
        """So many are about to be sent; how long all pause because the dialer asked for it.

        Asked inside of a transaction for that dialer; what `pace` has to tell is told the others.
        """

    def now(self) -> float:
        """Seconds since 1970, by the one clock that all who share the ledger go by."""

    def durably(self, target: str, group: Callable[[], T], again: Callable[[], object]) -> T:
        """Make one group of leads durable, once, though the connection may be lost meanwhile.

        Args:
            group: what is done in a transaction for that dialer.
            again: called before it is done once more, when nothing of it has come to be.
        """

    def is_leased(self, names: Iterable[str]) -> bool:
        """Whether a program of any machine holds one of the names."""

    def is_helped(self, run: int) -> bool:
        """Whether programs that did not begin a run send leads of it."""

    def begin_writing(self) -> None:
        """From now on something is written that must not be lost."""

    def close(self) -> None:
        """End gently."""


def first(rows: Sequence[Row]) -> Row | None:
    """The only row, where there is one."""
    return rows[0] if rows else None
