"""The sample files are what their script makes, and show what their README says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "sample_files"


def cells(path: Path) -> Sequence[Sequence[object]]:
    """Every cell of the only sheet, by a library that reads all kinds of workbooks."""
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory in which the script has just written its samples."""
    directory = tmp_path_factory.mktemp("samples")
    subprocess.run([sys.executable, SAMPLES / "make_samples.py", directory], check=True)
    return directory


def test_the_script_still_makes_the_text_file(made: Path) -> None:
    """The committed file is byte for byte the script's."""
    assert (made / "leads.csv").read_bytes() == (SAMPLES / "leads.csv").read_bytes()


@pytest.mark.parametrize("name", ["leads.xlsx", "clientes.xlsx", "damaged.xlsx"])
def test_the_script_still_makes_the_workbooks(made: Path, name: str) -> None:
    """The committed workbook has the script's cells, formulas and formats."""

    def contents(path: Path) -> list[list[tuple[object, str]]]:
        sheet = load_workbook(path).active
        assert sheet is not None
        return [[(cell.value, cell.number_format) for cell in row] for row in sheet.iter_rows()]

    assert contents(made / name) == contents(SAMPLES / name)


def test_two_runs_make_the_same_bytes(made: Path, tmp_path: Path) -> None:
    """Nothing in a sample depends on the moment at which it was made."""
    subprocess.run([sys.executable, SAMPLES / "make_samples.py", tmp_path], check=True)
    for sample in made.iterdir():
        assert (tmp_path / sample.name).read_bytes() == sample.read_bytes()


def test_the_same_leads_stand_in_four_kinds_of_file() -> None:
    """What LibreOffice converted holds the cells of the workbook that it came from."""
    rows = cells(SAMPLES / "clientes.xlsx")
    assert len(rows) == 201
    assert cells(SAMPLES / "clientes.ods") == rows
    assert cells(SAMPLES / "clientes.xls") == rows


def test_the_spanish_text_file_is_written_as_excel_does() -> None:
    """Windows-1252, semicolons, and quotes around a cell that holds one."""
    first, *leads = (SAMPLES / "clientes.csv").read_bytes().decode("windows-1252").splitlines()
    assert first.startswith("Campaña;Teléfono;")
    assert len(leads) == 200
    assert all('"Exportación; año 2026"' in lead for lead in leads)
    with pytest.raises(UnicodeDecodeError):
        (SAMPLES / "clientes.csv").read_bytes().decode("utf-8")


def test_every_damage_is_found(tmp_path: Path) -> None:
    """`check --all` names each row of which the last column says that something is the matter."""
    path = SAMPLES / "damaged.xlsx"
    expected = {
        number
        for number, row in enumerate(cells(path), start=1)
        if number > 1 and row[-1] and not str(row[-1]).startswith("nothing")
    }
    # No program can tell a lost zero, and a : in a name is replaced where a template uses it.
    unseen = {6, 26}
    ran = subprocess.run(
        [sys.executable, "-m", "bulk_loader", "check", path, "--all"],
        cwd=ROOT,
        env=os.environ | {"BULK_LOADER_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    named = {
        int(number)
        for number in re.findall(r"^ *Row (\d+),", ran.stdout + ran.stderr, re.MULTILINE)
    }
    assert named == expected - unseen
    assert ran.returncode == 1
