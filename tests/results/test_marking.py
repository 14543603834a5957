from __future__ import annotations

import csv
import shutil
import subprocess
from typing import TYPE_CHECKING

import openpyxl
import pytest
from openpyxl.formula.translate import Translator

from bulk_loader.model import Status
from bulk_loader.results import ResultRow, write_results
from tests.results.examples import opened

if TYPE_CHECKING:
    from pathlib import Path

HEADER = ["Tel", "Tel fijo", "Tel\nmóvil", "Tel", "", "A"]
SENTENCES = [
    (Status.INVALID, 'column "Tel fijo": 12 is too short.', "B"),
    (Status.INVALID, 'column "Tel móvil": 12 is too short. column "A": x is odd.', "CF"),
    (Status.INVALID, 'column "Tel [D]": 12 is too short.', "D"),
    (Status.INVALID, 'column "[E]": 12 is too short.', "E"),
    (Status.INVALID, "the row has too few cells.", ""),
    (Status.REJECTED, 'column "A": 12 is too short.', ""),
    (Status.ACCEPTED, "", ""),
]


def marked_by(program: str, results: Path) -> list[str]:
    """For each row the letters of the cells that a spreadsheet program would colour."""
    book = openpyxl.load_workbook(results)
    sheet = book.worksheets[0]
    (condition,) = sheet.conditional_formatting
    formula = Translator(f"={condition.rules[0].formula[0]}", origin="A2")
    asked = book.create_sheet("asked")
    for row in range(2, len(SENTENCES) + 2):
        for letter in "ABCDEF":
            cell = f"{letter}{row}"
            there = formula.translate_formula(cell)
            for part in ("$H", "$I", *(f"{column}$1" for column in "ABCDEF")):
                there = there.replace(part, f"Sheet!{part}")
            asked[cell] = there
    sheet.title = "Sheet"
    book.move_sheet(asked, -1)
    book.active = 0
    path = results.with_name("asked.xlsx")
    book.save(path)
    arguments = [program, f"-env:UserInstallation=file://{results.parent}/profile", "--headless"]
    arguments += ["--convert-to", "csv", "--outdir", str(results.parent), str(path)]
    subprocess.run(arguments, check=True, capture_output=True, timeout=120)
    with path.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return [
        "".join(x for x, cell in zip("ABCDEF", row, strict=True) if cell == "TRUE") for row in rows
    ]


@pytest.mark.timeout(180)
def test_a_spreadsheet_program_marks_just_the_cells_that_are_named(tmp_path: Path) -> None:
    """Whatever the header looks like: on two lines, twice, or empty."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not here")
    book = openpyxl.Workbook()
    for row in (HEADER, *([*"123456"] for _ in SENTENCES)):
        book.worksheets[0].append(row)
    book.save(tmp_path / "leads.xlsx")
    rows = [ResultRow(at, status, text) for at, (status, text, _) in enumerate(SENTENCES, 2)]

    report = write_results(opened(tmp_path / "leads.xlsx"), rows, tmp_path / "out.xlsx")

    assert marked_by(program, report.path) == [letters for _, _, letters in SENTENCES]
