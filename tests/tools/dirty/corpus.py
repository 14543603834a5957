"""The odd files with what a person sees in them, and the verdict on what a reader saw."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FOLDER = Path(__file__).parent

OUR_OWN = frozenset(
    {"csv_example_row", "csv_results_guarded", "csv_vendor_list", "layout_example_row"}
)
"""Files that only a program for this dialer can know how to read."""

# These speak of a fault of the program, not of the file.
CRASHES = frozenset(
    {"AttributeError", "AssertionError", "LookupError", "MemoryError", "NameError", "RangeError",
     "RecursionError", "ReferenceError", "StopIteration", "TimeoutError", "TypeError"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """One odd file.

    Attributes:
        rows: the leads as a person sees them, in order.
        damaged: places of cells that must not be sent, by position in `rows` and column.
        is_readable: otherwise it has to be refused.
    """

    path: Path
    options: dict[str, Any]
    rows: Sequence[Sequence[str]]
    damaged: frozenset[tuple[int, int]]
    is_readable: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reader made of a file.

    Attributes:
        rows: its rows below the header, blank ones left out; None where it gave an error.
        named: places of cells that it named as damaged.
        error: names of the error's class and the classes above it.
    """

    rows: Sequence[Sequence[str]] | None = None
    named: frozenset[tuple[int, int]] = frozenset()
    error: frozenset[str] = frozenset()


class Verdict(Enum):
    """On one file."""

    RIGHT = "read as a person sees it, or rightly refused"
    SILENTLY_WRONG = "silently wrong"
    REFUSED = "refused though readable"
    CRASHED = "crashed"


def load_cases() -> list[Case]:
    """The whole corpus, in the order of its names."""
    return [_load(path) for path in sorted(FOLDER.glob("*.json"))]


def judge(case: Case, seen: Seen) -> Verdict:
    """The verdict on one file; a named damage is right whatever its cell reads."""
    if seen.rows is None:
        if seen.error & CRASHES:
            return Verdict.CRASHED
        return Verdict.REFUSED if case.is_readable else Verdict.RIGHT
    if not case.is_readable or len(seen.rows) != len(case.rows):
        return Verdict.SILENTLY_WRONG
    cells = count_cells(case, seen)
    return Verdict.SILENTLY_WRONG if cells["wrong"] else Verdict.RIGHT


def count_cells(case: Case, seen: Seen) -> Counter[str]:
    """How many cells of the leads are `exact`, `named` as damage, `wrong`, or `unread`."""
    counts: Counter[str] = Counter()
    for at, expected in enumerate(case.rows):
        given = seen.rows[at] if seen.rows is not None and at < len(seen.rows) else ()
        for column, text in enumerate(expected):
            if seen.rows is None:
                counts["unread"] += 1
            elif (at, column) in seen.named and (at, column) in case.damaged:
                counts["named"] += 1
            else:
                found = given[column] if column < len(given) else ""
                is_there = at < len(seen.rows) and _is_alike(found, text)
                counts["exact" if is_there else "wrong"] += 1
    return counts


def _is_alike(found: str, expected: str) -> bool:
    """The same text; a day may have the time 00:00:00, a truth value other capitals."""
    return (
        found == expected
        or found.removesuffix(" 00:00:00") == expected
        or (expected in {"TRUE", "FALSE"} and found.upper() == expected)
    )


def filled(rows: Iterable[Sequence[str]]) -> list[Sequence[str]]:
    """The rows with any text."""
    return [row for row in rows if "".join(row).strip()]


def damaged_places(
    damages: Iterable[tuple[int, str]], numbers: Sequence[int], columns: Sequence[str]
) -> frozenset[tuple[int, int]]:
    """Where damages stand; one of a whole row, whose column is empty, is in each of its cells."""
    return frozenset(
        (numbers.index(row), place)
        for row, column in damages
        for place, label in enumerate(columns)
        if column in {"", label}
    )


def _load(path: Path) -> Case:
    expected = json.loads(path.read_text("utf-8"))
    (source,) = (file for file in FOLDER.glob(f"{path.stem}.*") if file.suffix != ".json")
    damages = [(int(row), column) for row, cells in expected["damages"].items() for column in cells]
    numbers = [int(row) for row in expected["rows"]]
    return Case(
        source,
        expected["options"],
        list(expected["rows"].values()),
        damaged_places(damages, numbers, expected["columns"]),
        is_readable=not expected["error"],
    )
