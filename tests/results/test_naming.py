from __future__ import annotations

from pathlib import Path

import pytest

from bulk_loader.model import FileFormat
from bulk_loader.results import checked_path, dated_path, results_path


@pytest.mark.parametrize(
    ("source", "file_format", "expected"),
    [
        ("leads.csv", FileFormat.CSV, "leads.results.csv"),
        ("LEADS.CSV", FileFormat.CSV, "LEADS.results.CSV"),
        ("leads.tsv", FileFormat.CSV, "leads.results.tsv"),
        ("leads.txt", FileFormat.CSV, "leads.results.txt"),
        ("leads", FileFormat.CSV, "leads.results.csv"),
        ("leads.csv.gz", FileFormat.CSV, "leads.results.csv"),
        ("leads.tsv.gz", FileFormat.CSV, "leads.results.tsv"),
        ("leads.march.zip", FileFormat.CSV, "leads.march.results.csv"),
        ("leads.zip", FileFormat.XLSX, "leads.results.xlsx"),
        ("leads.xlsx", FileFormat.XLSX, "leads.results.xlsx"),
        ("leads.xlsm", FileFormat.XLSM, "leads.results.xlsm"),
        ("leads.xls", FileFormat.XLS, "leads.results.xlsx"),
        ("leads.xlsb", FileFormat.XLSB, "leads.results.xlsx"),
        ("leads.ods", FileFormat.ODS, "leads.results.xlsx"),
        ("leads.xls", FileFormat.CSV, "leads.results.csv"),
        ("leads.csv", FileFormat.XLSX, "leads.results.xlsx"),
        ("leads.2024.03.csv", FileFormat.CSV, "leads.2024.03.results.csv"),
        ("leads.results.csv", FileFormat.CSV, "leads.results.csv"),
        ("leads.results.xlsx", FileFormat.XLSX, "leads.results.xlsx"),
        ("leads.results.xlsm", FileFormat.XLSX, "leads.results.xlsm"),
        ("leads.results.ods", FileFormat.ODS, "leads.results.xlsx"),
        ("leads.checked.xlsx", FileFormat.XLSX, "leads.results.xlsx"),
    ],
)
def test_names_the_results_file(source: str, file_format: FileFormat, expected: str) -> None:
    """The name says what the results file is, and a results file keeps its own."""
    assert results_path(Path("/lists") / source, file_format) == Path("/lists") / expected


@pytest.mark.parametrize(
    ("source", "file_format", "expected"),
    [
        ("leads.csv", FileFormat.CSV, "leads.checked.csv"),
        ("leads.xlsx.gz", FileFormat.XLSX, "leads.checked.xlsx"),
        ("leads.ods", FileFormat.ODS, "leads.checked.xlsx"),
        ("leads.checked.xlsx", FileFormat.XLSX, "leads.checked.xlsx"),
    ],
)
def test_names_what_a_check_writes(source: str, file_format: FileFormat, expected: str) -> None:
    """Its name can't be taken for the results of an upload."""
    assert checked_path(Path("/lists") / source, file_format) == Path("/lists") / expected


def test_what_is_kept_gets_a_name_that_is_free(tmp_path: Path) -> None:
    """A folder and a link that leads nowhere have taken theirs, too."""
    results = tmp_path / "leads.results.csv"
    assert dated_path(results, "before-x").name == "leads.results.before-x.csv"
    (tmp_path / "leads.results.before-x.csv").symlink_to("nowhere")
    (tmp_path / "leads.results.before-x-2.csv").mkdir()
    assert dated_path(results, "before-x").name == "leads.results.before-x-3.csv"


def test_what_is_kept_gets_a_name_that_the_system_takes(tmp_path: Path) -> None:
    """However long the name of the results is, and in whatever letters."""
    results = tmp_path / ("ñ" * 125 + ".csv")
    results.touch()
    kept = dated_path(results, "edited-20260102-030405")
    results.rename(kept)
    assert kept.name.endswith("ñ.edited-20260102-030405.csv")
