"""What a workbook says about itself: its sheets, its calendar, and where its parts are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulk_loader.spreadsheets.main_part import main_part
from bulk_loader.spreadsheets.markup import is_on, local_name, require_few
from bulk_loader.spreadsheets.serials import Calendar
from bulk_loader.spreadsheets.workbooks import SUMMARY_SHEET, unknown_sheet

if TYPE_CHECKING:
    from bulk_loader.spreadsheets.package import Package


@dataclass(frozen=True, slots=True)
class Listed:
    """One sheet of cells; charts and macro sheets are none.

    Attributes:
        place: number among the sheets of any kind, from 0 on.
    """

    name: str
    part: str
    place: int
    is_hidden: bool


@dataclass(slots=True)
class Listing:
    """The parts of a workbook and what holds for all of its sheets.

    Attributes:
        part: name of the workbook's own part.
        active: name of the sheet that was in front when the file was saved.
        recalculates: the program that wrote it asks to compute all formulas anew, so that their
            stored results may be placeholders.
        strings: name of the part with the shared texts; None where it has none.
        styles: name of the part with the formats; None where it has none.
    """

    part: str
    sheets: list[Listed] = field(default_factory=list)
    active: str | None = None
    calendar: Calendar = Calendar.FROM_1900
    recalculates: bool = False
    strings: str | None = None
    styles: str | None = None

    def require_sheets(self, package: Package) -> None:
        """Make sure that there is something to read.

        Raises:
            SourceError: no sheet of the workbook has cells.
        """
        if not self.sheets:
            raise package.refused("it has no sheet with cells")

    def sheet(self, name: str | None) -> Listed:
        """The sheet of that name, else the active one, else the first that is not hidden.

        Raises:
            SourceError: there is no such sheet.
        """
        if name is None:
            lists = [sheet for sheet in self.sheets if sheet.name != SUMMARY_SHEET] or self.sheets
            visible = [sheet for sheet in lists if not sheet.is_hidden] or lists
            return next((sheet for sheet in visible if sheet.name == self.active), visible[0])
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        alike = [sheet for sheet in self.sheets if _folded(sheet.name) == _folded(name)]
        if len(alike) == 1:
            return alike[0]
        raise unknown_sheet(name, [sheet.name for sheet in self.sheets])


def read_listing(package: Package) -> Listing:
    """Find the sheets and parts of a workbook.

    Raises:
        SourceError: the file is no workbook, or a broken one.
    """
    workbook, references = read_parts(package)
    _read_sheets(package, references, workbook)
    return workbook


def read_parts(package: Package) -> tuple[Listing, dict[str, tuple[str, str]]]:
    """Where the parts of a workbook are, without its sheets; and all that its own part refers to.

    Raises:
        SourceError: the file is no workbook.
    """
    part = main_part(package)
    if part is None:
        raise package.refused("it is a zip archive, but not an Excel workbook")
    references = package.references(part)
    workbook = Listing(part)
    for kind, target in references.values():
        if kind == "sharedStrings":
            workbook.strings = target
        elif kind == "styles":
            workbook.styles = target
    return workbook, references


def _read_sheets(
    package: Package, references: dict[str, tuple[str, str]], workbook: Listing
) -> None:
    names: list[str] = []
    active = 0

    def on_start(name: str, attributes: dict[str, str], _around: list[str]) -> None:
        nonlocal active
        if name == "sheet":
            names.append(attributes.get("name", ""))
            require_few(names, "sheets")
            kind, target = references.get(_reference(attributes), ("", ""))
            if kind == "worksheet":
                is_hidden = attributes.get("state", "visible") != "visible"
                workbook.sheets.append(Listed(names[-1], target, len(names) - 1, is_hidden))
        elif name == "workbookView" and attributes.get("activeTab", "").isdecimal():
            active = int(attributes["activeTab"])
        elif name == "workbookPr" and is_on(attributes.get("date1904")):
            workbook.calendar = Calendar.FROM_1904
        elif name == "calcPr":
            workbook.recalculates = is_on(attributes.get("fullCalcOnLoad"))

    package.walk(workbook.part, on_start)
    workbook.active = names[active] if active < len(names) else None


def _reference(attributes: dict[str, str]) -> str:
    """The identifier of the sheet's part: `r:id`, under whatever prefix."""
    return next(
        (value for key, value in attributes.items() if ":" in key and local_name(key) == "id"), ""
    )


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
