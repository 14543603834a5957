"""The table of what was answered, a row a client and a column a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.tools.clients.cases import CASES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.tools.clients.trial import Outcome

_GAP = "  "


@dataclass(frozen=True, slots=True)
class Row:
    """What one client was answered.

    Attributes:
        origin: where its requests came from, and why, in words.
        outcomes: in the order of the cases.
    """

    name: str
    origin: str
    outcomes: tuple[Outcome, ...]


def table(rows: Sequence[Row]) -> str:
    """Every answer; `(!)` stands behind one that is not as it must be, or not queued so."""
    lines = [("", *(case.name for case in CASES))]
    lines += [(row.name, *map(_cell, row.outcomes)) for row in rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(_GAP.join(map(str.ljust, line, widths)).rstrip() for line in lines)


def notes(rows: Sequence[Row]) -> Iterator[str]:
    """Where each row is from, and what is not as it must be."""
    for row in rows:
        yield f"{row.name}: {row.origin}."
    for row in rows:
        for outcome in row.outcomes:
            if outcome.fault:
                yield f"(!) {row.name}, {outcome.fault}"


def _cell(outcome: Outcome) -> str:
    return f"{outcome.answer} (!)" if outcome.fault else outcome.answer
