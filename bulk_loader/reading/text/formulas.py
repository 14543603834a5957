"""Texts that a program wrote as formulas, `="0991234567"`, so that Excel keeps their zeros."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bulk_loader.reading.batching import Row

NOTE = 'Cells written as formulas of a text, such as ="0991", are read as that text.'
"""What has to be said before such a file is sent."""

# A quote inside the text would be doubled, and never is in a phone number or a key.
_TEXT_FORMULA = re.compile(r'="([^"]*)"')


def is_text(cell: str) -> bool:
    """Whether the cell is a text in a formula, also with the guard that a results file adds."""
    return bool(_TEXT_FORMULA.fullmatch(cell.lstrip("'")))


def shown(cell: str) -> str:
    """What a person sees in the cell: the text of such a formula, or the cell as it stands."""
    formula = _TEXT_FORMULA.fullmatch(cell)
    return formula[1] if formula else cell


def with_shown_texts(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows with such cells as a person sees them."""
    for number, cells in rows:
        yield number, [shown(cell) if cell[:2] == '="' else cell for cell in cells]
