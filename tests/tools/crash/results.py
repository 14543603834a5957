"""A results file, as an operator copies it, types into it and retries it."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING

from bulk_loader.model import Status
from tests.tools.crash.sheets import read_sheet, write_sheet

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tests.tools.crash.leads import LeadFile
    from tests.tools.crash.verdict import Name


class ResultsSheet:
    """A results file that is read by `retry`.

    Attributes:
        path: where it stands now.
        origin: the list whose results it has.
        most: for each phone, how often it stood in list or results at most.
        names: of its leads as the dialer knows them, whatever was typed over them later.
        typed: what was typed into it, each text nowhere else.
    """

    def __init__(self, path: Path, origin: LeadFile) -> None:
        self.path = path
        self.origin = origin
        self.most = Counter(origin.most)
        self.typed: list[str] = []
        self._names: dict[Name, Name] = {}
        self.names = [self.name_of(row) for row in read_sheet(path)]

    @property
    def results(self) -> Path:
        """The outcomes are written into it."""
        return self.path

    @property
    def digest(self) -> str:
        return sha256(self.path.read_bytes()).hexdigest()

    def name_of(self, cells: Mapping[str, str]) -> Name:
        """Which lead a row tells of."""
        name = cells["phone"], cells["data"]
        return self._names.get(name, name)

    def type_into(self, dice: random.Random) -> None:
        """Give an invalid lead a number, and change a cell of one that was accepted."""
        rows = read_sheet(self.path)
        if row := _any(rows, Status.INVALID, dice):
            row["phone"] = self._text(f"0993{dice.randrange(10**6):06d}")
            self.most[row["phone"]] = 1
        if row := _any(rows, Status.ACCEPTED, dice):
            name = row["phone"], row["data"]
            text = f"{dice.randrange(10**6):06d}"
            column, start = dice.choice((("phone", "0994"), ("data", "typed=")))
            row[column] = self._text(f"{start}{text}")
            self._names[row["phone"], row["data"]] = name
        self.names = [self.name_of(row) for row in rows]
        write_sheet(self.path, [list(rows[0]), *(list(row.values()) for row in rows)])

    def follow(self, files: Iterable[Path]) -> bool:
        """Find it again, by what was typed into it; whether it is still there."""
        for path in (self.path, *files):
            text = path.read_text("utf-8") if path.exists() else ""
            if text and all(typed in text for typed in self.typed):
                self.path = path
                return True
        return False

    def _text(self, text: str) -> str:
        self.typed.append(text)
        return text


def _any(rows: list[dict[str, str]], status: Status, dice: random.Random) -> dict[str, str] | None:
    found = [row for row in rows if row["dialer_status"] == status]
    return dice.choice(found) if found else None
