"""The number formats of a workbook's cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.spreadsheets.markup import require_few
from bulk_loader.spreadsheets.number_formats import NumberFormat, built_in, parsed

if TYPE_CHECKING:
    from bulk_loader.spreadsheets.package import Package
    from bulk_loader.spreadsheets.serials import Calendar


class Styles:
    """The number format of each style; General for one that the workbook does not list."""

    def __init__(self, numbers: list[int], codes: dict[int, str], calendar: Calendar) -> None:
        self._numbers = numbers
        self._codes = codes
        self._calendar = calendar

    def number_format(self, style: int) -> NumberFormat:
        """The number format of a style, by its place in the list of styles."""
        number = self._numbers[style] if style < len(self._numbers) else 0
        code = self._codes.get(number)
        if code is None:
            return built_in(number, self._calendar)
        return parsed(code, self._calendar)


def read_styles(package: Package, part: str | None, calendar: Calendar) -> Styles:
    """Read the formats of a workbook; `part` is None for one that has none.

    Raises:
        SourceError: the part is broken.
    """
    numbers: list[int] = []
    codes: dict[int, str] = {}

    def on_start(name: str, attributes: dict[str, str], around: list[str]) -> None:
        if name == "numFmt" and around[-1:] == ["numFmts"]:
            codes[_number(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
            require_few(codes, "number formats")
        elif name == "xf" and around[-1:] == ["cellXfs"]:
            numbers.append(_number(attributes.get("numFmtId")))
            require_few(numbers, "cell formats")

    if part is not None and package.has(part):
        package.walk(part, on_start)
    return Styles(numbers, codes, calendar)


def _number(value: str | None) -> int:
    return int(value) if value and value.isdecimal() and value.isascii() else 0
