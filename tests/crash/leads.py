"""Generated files of leads: with repeated rows, rows that are no leads to send, and edits."""

from __future__ import annotations

import csv
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable
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
    """A CSV file that can be edited.

    Args:
        repeats: equal rows are common, and each of them is meant to be sent.

    Attributes:
        most: for each phone, how often it stood in the file at most, in any version of it.
    """

    def __init__(self, path: Path, dice: random.Random, size: int, *, repeats: bool) -> None:
        self.path = path
        self._dice = dice
        self._next = 0
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

    def _fresh(self, count: int) -> list[Lead]:
        numbers = range(self._next, self._next + count)
        self._next += count
        return [Lead(f"0991{number:06d}", "SALES", f"id={number}") for number in numbers]

    def _write(self, rows: Iterable[Lead]) -> None:
        self.rows = list(rows)
        self.most |= Counter(row.phone for row in self.rows)
        with self.path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([COLUMNS, *self.rows])
