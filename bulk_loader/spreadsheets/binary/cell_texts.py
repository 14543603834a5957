"""What the cells of binary workbooks show: numbers by their formats, texts, errors."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from bulk_loader.spreadsheets.cells import UNSEEN_FORMAT, Damaged, error, general
from bulk_loader.spreadsheets.xlsx.styles import Styles

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bulk_loader.spreadsheets.serials import Calendar

# [MS-XLS], 2.5.10, "Bes"; the same in .xlsb.
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!",
    0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip

_EXACT_FLOATS = 1e15  # whole ones below it are the same as their digits


class CellTexts:
    """Shows stored values.

    Args:
        numbers: of the format that each style has.
        codes: of formats that the workbook spells out.
    """

    def __init__(self, numbers: list[int], codes: Mapping[int, str], calendar: Calendar) -> None:
        self._styles = Styles(numbers, dict(codes), calendar)
        self._listed = len(numbers)
        self._numbers: dict[int, Callable[[str], str]] = {}
        self._texts: dict[int, Callable[[str], str] | None] = {}

    def number(self, style: int, value: float) -> str:
        """A number under a style."""
        if style not in self._numbers:
            # Style 0 is that of every cell which was never formatted.
            is_known = style < self._listed or not style
            show = self._styles.number_format(style).renderer() if is_known else _unseen
            self._numbers[style] = show
        is_whole = value.is_integer() and -_EXACT_FLOATS < value < _EXACT_FLOATS
        return self._numbers[style](str(int(value)) if is_whole else repr(value))

    def text(self, style: int, value: str) -> str:
        """A text under a style; a few formats add something to it."""
        if style not in self._texts:
            shown = self._styles.number_format(style)
            self._texts[style] = None if shown.text_section is None else shown.shown_text
        show = self._texts[style]
        return value if show is None else show(value)


def error_text(code: int) -> Damaged:
    """An error by its code."""
    return error(_ERRORS.get(code, "#ERROR"))


def rk_number(body: bytes) -> float:
    """A number in four bytes: the top of a double, or an integer, perhaps in hundredths."""
    (packed,) = struct.unpack("<i", body)
    if packed & 2:
        number = float(packed >> 2)
    else:
        number = float(struct.unpack("<d", b"\0\0\0\0" + struct.pack("<i", packed & ~3))[0])
    return number / 100 if packed & 1 else number


def _unseen(value: str) -> Damaged:
    # With a mark: the plain results file has texts, and bare digits would be a phone number like
    # any other when that file is sent again.
    return Damaged(f"{general(value)} ?", UNSEEN_FORMAT)
