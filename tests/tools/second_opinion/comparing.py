"""One workbook as this program reads it, cell by cell beside what LibreOffice shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulk_loader.errors import LoaderError
from bulk_loader.reading import HiddenRows, ReadingOptions, open_leads
from bulk_loader.spreadsheets.references import column_letters
from tests.tools.second_opinion.kinds import Kind, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

Cells = dict[tuple[int, int], str]
"""By row number and position of the column, both from 1; empty cells are left out."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that reads otherwise."""

    path: Path
    place: str
    ours: str
    theirs: str
    kind: Kind


@dataclass(slots=True)
class Findings:
    """What was found in a folder.

    Attributes:
        refused: files with the reason why this program does not read them.
        unopened: files that only LibreOffice does not open.
        texts: files of text, of which LibreOffice has to be told by a person how to read them.
        alike: number of cells with the same text in both.
    """

    refused: list[tuple[Path, str]] = field(default_factory=list)
    unopened: list[Path] = field(default_factory=list)
    texts: list[Path] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    alike: int = 0


def refusal_of(path: Path) -> str | None:
    """Why this program does not read a file, in one line; None where it does."""
    try:
        open_leads(path, ReadingOptions(hidden=HiddenRows.SEND))
    except LoaderError as error:
        return " ".join(str(error).split())
    return None


def is_text(path: Path) -> bool:
    """Whether a file that can be read is one of text."""
    return open_leads(path, ReadingOptions(hidden=HiddenRows.SEND)).source.sheet is None


def compare(path: Path, sheets: Mapping[str, Sequence[Sequence[str]]], found: Findings) -> None:
    """Every cell of every sheet."""
    for name, rows in sheets.items():
        try:
            ours = _our_cells(path, name)
        except LoaderError as error:
            found.refused.append((path, f'sheet "{name}": {" ".join(str(error).split())}'))
            continue
        theirs = cells_of(enumerate(rows, start=1))
        for place, text, other in _beside(ours, theirs):
            kind = kind_of(text, other)
            if kind is None:
                found.alike += 1
            else:
                row, column = place
                cell = f"{name}!{column_letters(column - 1)}{row}"
                found.differences.append(Difference(path, cell, text, other, kind))


def cells_of(rows: Iterable[tuple[int, Sequence[str]]]) -> Cells:
    """The cells with any text."""
    return {
        (number, column): text
        for number, texts in rows
        for column, text in enumerate(texts, start=1)
        if text.strip()
    }


def _our_cells(path: Path, sheet: str) -> Cells:
    table = open_leads(path, ReadingOptions(sheet=sheet, hidden=HiddenRows.SEND))
    return cells_of(table.records())


def _beside(ours: Cells, theirs: Cells) -> Iterator[tuple[tuple[int, int], str, str]]:
    for place in sorted(ours.keys() | theirs.keys()):
        yield place, ours.get(place, ""), theirs.get(place, "")
