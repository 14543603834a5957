"""The parts of a workbook that change where one of its sheets is edited."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_loader.errors import SourceError
from bulk_loader.spreadsheets.limits import OverBudgetError
from bulk_loader.spreadsheets.markup import MarkupError
from bulk_loader.spreadsheets.workbooks import SUMMARY_SHEET
from bulk_loader.spreadsheets.xlsx.edit.sheet_part import UneditableError
from bulk_loader.spreadsheets.xlsx.listing import read_listing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulk_loader.spreadsheets.package import Package

# The workbook part of 1,000 sheets takes about 0.2 MB, styles with all 65,490 formats 15 MB.
MAX_PART_BYTES = 24 << 20

_IS_ENCRYPTED = 1  # bit 0 of the general purpose flags (APPNOTE 4.4.4)


@dataclass(frozen=True, slots=True)
class Parts:
    """Names inside the archive.

    Attributes:
        sheet_name: as people see it.
        sheet_place: number of the sheet among all, from 0 on.
        summary: the sheet of ours that sums a run up; "" where there is none.
        others: the other sheets, where one of them is in front and this one could be; else none.
    """

    workbook: str
    sheet: str
    styles: str
    sheet_name: str
    sheet_place: int
    summary: str = ""
    others: frozenset[str] = frozenset()

    @property
    def is_behind(self) -> bool:
        """Another sheet is in front."""
        return bool(self.others)


def find_parts(package: Package, sheet_name: str) -> Parts:
    """The parts that change.

    Raises:
        UneditableError: one is missing or no XML that is safe to read, or the package is unusual.
    """
    names = {entry.filename for entry in package.entries}
    if "[Content_Types].xml" not in names:
        raise UneditableError("been packed in an archive")
    if any(entry.flag_bits & _IS_ENCRYPTED for entry in package.entries):
        raise UneditableError("encrypted parts")
    if len({entry.filename.lower() for entry in package.entries}) < len(package.entries):
        raise UneditableError("two parts of one name")
    with certainly():
        kinds = [kind for kind, _ in package.references("").values()]
        if kinds.count("officeDocument") != 1:
            several = "officeDocument" in kinds
            raise UneditableError(
                "more than one workbook in it" if several else "no workbook in it"
            )
        listing = read_listing(package)
    if listing.styles is None:
        raise UneditableError("no such sheet, or no styles")
    sheet = next((sheet for sheet in listing.sheets if sheet.name == sheet_name), None)
    if sheet is None or sheet.part not in names:
        raise UneditableError("a sheet that is no worksheet, or is missing")
    if not names.issuperset((listing.part, listing.styles)):
        raise UneditableError("a part that is missing")
    others = frozenset(other.part for other in listing.sheets if other is not sheet)
    stays = sheet.is_hidden or sheet.name == listing.active
    summary = next((other.part for other in listing.sheets if other.name == SUMMARY_SHEET), "")
    return Parts(
        listing.part,
        sheet.part,
        listing.styles,
        sheet_name,
        sheet.place,
        summary,
        frozenset() if stays else others,
    )


def read_part(package: Package, name: str) -> bytes:
    """A whole part, where it is small.

    Raises:
        UneditableError: it is damaged, or too large.
    """
    if package.size(name) > MAX_PART_BYTES:
        raise UneditableError("a part of unusual size")
    with certainly():
        return b"".join(package.chunks(name))


@contextmanager
def certainly() -> Iterator[None]:
    """Say of what can't be read that it can't be edited."""
    try:
        yield
    except SourceError as error:
        match error.__cause__:
            case MarkupError():
                why = "XML of an unknown kind"
            case OverBudgetError():
                why = "parts that unpack to far more than a workbook of its size (--file-limit)"
            case _:
                why = "an archive that is damaged or encrypted"
        raise UneditableError(why) from error
