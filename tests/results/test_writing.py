from __future__ import annotations

import os
import resource
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bulk_loader.errors import LedgerError, ResultsError
from bulk_loader.results import Edition, ResultRow, write_results
from tests.results.examples import opened, result, stamp, table_of

CsvFile = Callable[..., Path]


def test_says_what_to_do_when_a_folder_is_missing(csv_file: CsvFile, tmp_path: Path) -> None:
    """An error of the system has three parts, and the run whose outcomes are safe in the ledger."""
    table = opened(csv_file("phone\n099\n"))

    with pytest.raises(ResultsError) as caught:
        write_results(table, [result(2)], tmp_path / "none/out.csv", Edition(stamp("7f3a")))

    error = caught.value
    assert error.what == f"{tmp_path / 'none/out.csv'} was not written."
    assert "No such file or directory" in error.why
    assert error.remedy == (
        "The ledger holds every outcome. When this is mended, write the results file with: "
        "bulk-loader runs results 7f3a"
    )


def test_a_full_disk_leaves_the_old_results_file(csv_file: CsvFile, tmp_path: Path) -> None:
    """Where the system refuses to write on, the file from before stays, and nothing beside it."""
    path = csv_file("phone\n099\n")
    rows = [(1, ["phone", "name"]), *((number, ["9" * 1000, "x"]) for number in range(2, 900))]
    table = table_of(path, rows, 898)
    out = tmp_path / "out.csv"
    out.write_bytes(b"old")
    child = os.fork()
    if not child:  # a limit on the size of files can't be taken back, so another process has it
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        try:
            write_results(table, [result(number) for number in range(2, 900)], out)
        except ResultsError as error:
            os._exit(0 if "File too large" in error.why else 1)
        os._exit(2)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert out.read_bytes() == b"old"
    assert sorted(tmp_path.iterdir()) == sorted([path, out])


def test_says_when_the_source_was_changed(csv_file: CsvFile, tmp_path: Path) -> None:
    """A source that is not what it was gives no results file, whatever reads it."""
    table = opened(csv_file("phone\n099\n"))
    csv_file("phone\n098\n097\n")

    with pytest.raises(ResultsError) as caught:
        write_results(table, [result(2)], tmp_path / "out.csv")

    assert caught.value.why.startswith("leads.csv was changed while it was being read.")
    assert caught.value.remedy.endswith("bulk-loader runs results ID")
    assert not (tmp_path / "out.csv").exists()


def test_says_when_the_outcomes_do_not_fit(csv_file: CsvFile, tmp_path: Path) -> None:
    """A lead without an outcome stops the writing, and names both numbers."""
    table = opened(csv_file("phone\n099\n098\n"))

    with pytest.raises(ResultsError) as caught:
        write_results(table, [result(2)], tmp_path / "out.csv")

    assert caught.value.why == (
        "The outcomes do not fit the rows of the file. 1 of 2 leads have an outcome."
    )


def test_lets_the_ledger_speak_for_itself(csv_file: CsvFile, tmp_path: Path) -> None:
    """An error of the outcomes' own source is passed on as it is."""
    table = opened(csv_file("phone\n099\n"))

    def rows() -> Iterator[ResultRow]:
        yield from ()
        raise LedgerError("The ledger is damaged.")

    with pytest.raises(LedgerError, match="The ledger is damaged"):
        write_results(table, rows(), tmp_path / "out.csv")
