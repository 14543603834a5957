"""Generated lists of leads: with repeated rows, rows that are no leads to send, and edits."""

from __future__ import annotations

import itertools
from collections import Counter
from copy import copy
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from tests.tools.crash.sheets import results_beside, write_sheet

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Mapping
    from pathlib import Path

NO_PHONE = "no tiene"
COLUMNS = ("phone", "campaign", "data")


class Lead(NamedTuple):
    """A row of the file; phone and data together tell it from all others."""

    phone: str
    campaign: str
    data: str

    @property
    def name(self) -> tuple[str, str]:
        """What a row of the file, a row of the results and a recorded task have in common."""
        return self.phone, self.data


class LeadFile:
    """A list that can be edited, saved otherwise, and made into another list.

    Args:
        repeats: equal rows are common, and each of them is meant to be sent.

    Attributes:
        origin: the list that this one is another form of; itself where it is none.
        most: for each phone, how often it stood in the list at most, in any version of it.
    """

    def __init__(self, path: Path, dice: random.Random, size: int, *, repeats: bool) -> None:
        self.path = path
        self.origin = self
        self._dice = dice
        self._numbers = itertools.count()
        self.most: Counter[str] = Counter()
        rows = self._fresh(size)
        rows += dice.choices(rows, k=size // 3 if repeats else size // 30)
        rows += [Lead(NO_PHONE, "SALES", f"id=x{number}") for number in range(size // 30)]
        dice.shuffle(rows)
        self._write(rows)

    @property
    def digest(self) -> str:
        """As the ledger knows this version of the file."""
        return sha256(self.path.read_bytes()).hexdigest()

    @property
    def names(self) -> list[tuple[str, str]]:
        """Of all rows, in their order."""
        return [row.name for row in self.rows]

    @property
    def results(self) -> Path:
        return results_beside(self.path)

    @staticmethod
    def name_of(cells: Mapping[str, str]) -> tuple[str, str]:
        """Which lead a row of the results tells of."""
        return cells["phone"], cells["data"]

    def edit(self) -> None:
        """Insert rows, take some out, change a cell here and there, and perhaps sort anew."""
        dice = self._dice
        rows = [row for row in self.rows if dice.random() > 0.1]
        rows = [row._replace(data=f"{row.data}b") if dice.random() < 0.1 else row for row in rows]
        for row in self._fresh(dice.randint(1, 20)):
            rows.insert(dice.randrange(len(rows) + 1), row)
        if dice.random() < 0.5:
            dice.shuffle(rows)
        self._write(rows)

    def move(self, path: Path) -> None:
        """To another place, and nothing of it stays here."""
        self.path = self.path.rename(path)

    def saved_as(self, path: Path, *, rows_more: int = 0) -> LeadFile:
        """The same list in another file, in the form that its name tells; this one stays."""
        saved = copy(self)
        saved.path = path
        saved._write([*self.rows, *self._fresh(rows_more)])
        return saved

    def other(self, path: Path, *, mark: str = "") -> LeadFile:
        """Another list: mostly the same people, in another order.

        Args:
            mark: stands behind the data of every row, so that no task is one of this list.
        """
        other = copy(self)
        other.path, other.origin, other.most = path, other, Counter()
        rows = [row for row in self.rows if self._dice.random() > 0.1]
        rows += self._fresh(len(rows) // 10)
        self._dice.shuffle(rows)
        other._write(row._replace(data=f"{row.data}{mark}") for row in rows)
        return other

    def _fresh(self, count: int) -> list[Lead]:
        numbers = itertools.islice(self._numbers, count)
        return [Lead(f"0991{number:06d}", "SALES", f"id={number}") for number in numbers]

    def _write(self, rows: Iterable[Lead]) -> None:
        self.rows = list(rows)
        self.most |= Counter(row.phone for row in self.rows)
        write_sheet(self.path, [COLUMNS, *self.rows])
