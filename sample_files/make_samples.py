# ruff: noqa: INP001 - a script, not a package
"""Makes the sample spreadsheets that README.md beside this file describes.

    python sample_files/make_samples.py [DIRECTORY]

Two runs make the same bytes. All phone numbers come from ranges that are kept free for fiction:
07700 900000 to 900999 in the United Kingdom (Ofcom), 555-0100 to 555-0199 in an area of the North
American plan.
"""

from __future__ import annotations

import csv
import io
import re
import sys
import zipfile
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

HERE = Path(__file__).parent
LEADS = 200
TEXT_FORMAT = "@"
# The earliest moment that a zip archive can hold; a fixed one, so that two runs are equal.
EPOCH = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")

LEADS_HEADER = ("campaign", "phone", "other phone", "id", "name", "source")
CLIENTES_HEADER = (
    "Campaña",
    "Teléfono",
    "Otro teléfono",
    "Id",
    "Nombre",
    "Origen del dato",
    "Source",
)
DAMAGED_HEADER = ("campaign", "phone", "call date", "id", "name", "source", "what is the matter")

_UK = "07700900"
_TOO_LONG = 447700900123000000

DAMAGED = (
    # phone, call date, what is the matter; campaign and name are the usual ones
    (f"{_UK}300", None, "nothing: a good lead"),
    ("07700 900-301", None, "nothing: spaces and dashes are taken out"),
    ("07700\u00a0900\u200b302", None, "nothing: invisible characters of a web page are taken out"),
    (
        f"{_UK}303",
        datetime(2035, 1, 8, 9, 30),  # noqa: DTZ001 - a cell has no time zone
        "nothing: a real date",
    ),
    (
        7700900304,
        None,
        "a number instead of text: its leading zero is lost, and only a person can see it",
    ),
    ("4.47701E+11", None, "scientific notation kept as text: digits are lost"),
    (_TOO_LONG, None, "a number of more than 15 digits: the last ones are lost"),
    (f"{_UK}307 / {_UK}308", None, "two numbers in one cell"),
    (f"{_UK}309 ext. 12", None, "an extension"),
    ("no tiene", None, "words instead of a number"),
    (None, None, "no number at all"),
    (f"{_UK}300", None, "the same number as in the first row"),
    ("#N/A", None, "an error of the spreadsheet"),
    (f'="{_UK}"&"312"', None, "a formula whose value was never stored"),
    (date(2026, 3, 14), None, "a date in the column of phones"),
    (True, None, "a truth value in the column of phones"),
    (-7700900315, None, "a negative number"),
    (7700900316.5, None, "a broken number"),
    ("12", None, "a number that is too short"),
    (f"{_UK}318", "03/04/2035", "a date that can be read in two ways"),
    (f"{_UK}319", "2035-02-30 10:00:00", "a date that does not exist"),
    (f"{_UK}320", "soon", "no date"),
)


def main() -> None:
    """Write every sample into the directory given, else beside this file."""
    directory = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    leads = list(leads_rows())
    write_csv(directory / "leads.csv", [LEADS_HEADER, *leads])
    write_workbook(directory / "leads.xlsx", "Leads", [LEADS_HEADER, *leads])
    write_workbook(directory / "clientes.xlsx", "Clientes", [CLIENTES_HEADER, *clientes_rows()])
    write_workbook(directory / "damaged.xlsx", "Damaged", [DAMAGED_HEADER, *damaged_rows()])


def leads_rows() -> Iterable[tuple[str, ...]]:
    """Clean leads: two campaigns, numbers with a leading zero, every fifth with a second one."""
    for n in range(LEADS):
        campaign = "POWER<-" if n % 4 else "RENEWALS<-"
        other = f"{_UK}{n + 500}" if n % 5 == 0 else ""
        yield (campaign, f"{_UK}{n:03}", other, f"{n + 1}", f"Customer {n + 1:03}", "samples")


def clientes_rows() -> Iterable[tuple[str, ...]]:
    """Clean leads in Spanish, with the letters that a wrong encoding breaks."""
    for n in range(LEADS):
        area = "787" if n < LEADS // 2 else "939"
        phone = f"{area} 555 01{n % 100:02}"
        other = f"787 555 01{(n + 7) % 100:02}" if n % 5 == 0 else ""
        name = f"Compañía número {n + 1:03}"
        yield ("OTOÑO<-", phone, other, f"{n + 1:05}", name, "Exportación; año 2026", "ejemplos")


def damaged_rows() -> Iterable[tuple[object, ...]]:
    """Every kind of damage once, after some good leads, and one empty row."""
    for n, (phone, call_date, matter) in enumerate(DAMAGED, start=1):
        yield ("POWER<-", phone, call_date, str(n), f"Customer {n:03}", "samples", matter)
    yield (None, f"{_UK}321", None, "23", "Customer 023", "samples", "no campaign")
    yield (None,) * len(DAMAGED_HEADER)
    matter = "a : in the name, which the dialer's form reads as the start of another pair"
    yield ("POWER<-", f"{_UK}322", None, "24", "Customer 024: branch A", "samples", matter)


def write_csv(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """A comma-separated file in UTF-8."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def write_workbook(path: Path, title: str, rows: Iterable[Sequence[object]]) -> None:
    """A workbook of one sheet, with a bold frozen header and phones formatted as text."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    _dress(sheet)
    content = io.BytesIO()
    workbook.save(content)
    path.write_bytes(without_times(content.getvalue()))


def _dress(sheet: Worksheet) -> None:
    sheet.freeze_panes = "A2"
    for letter, column in zip(map(get_column_letter, count(1)), sheet.iter_cols(), strict=False):
        column[0].font = Font(bold=True)
        longest = max(len(str(cell.value or "")) for cell in column)
        sheet.column_dimensions[letter].width = min(longest + 2, 60)
        for cell in column[1:]:
            if isinstance(cell.value, str) and cell.data_type == "s":
                cell.number_format = TEXT_FORMAT


def without_times(workbook: bytes) -> bytes:
    """The same workbook with a fixed date wherever openpyxl writes that of today."""
    fixed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(fixed, "w") as new:
        for name in old.namelist():
            part = _STAMP.sub(rb"\g<1>2026-01-01T00:00:00Z", old.read(name))
            new.writestr(zipfile.ZipInfo(name, EPOCH), part, zipfile.ZIP_DEFLATED)
    return fixed.getvalue()


if __name__ == "__main__":
    main()
