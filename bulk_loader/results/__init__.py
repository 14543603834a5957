"""The results file: the user's rows with the outcome beside them, in the format of the input."""

from __future__ import annotations

from bulk_loader.results.correcting import (
    UNSURE,
    CorrectedFile,
    SharedFormulaError,
    is_guarded,
    write_corrected,
)
from bulk_loader.results.edition import Edition
from bulk_loader.results.naming import checked_path, dated_path, results_path
from bulk_loader.results.probing import obstacle
from bulk_loader.results.rows import ResultRow, ResultsReport
from bulk_loader.results.stamps import (
    Stamp,
    columns_digest,
    move_stamp,
    read_stamp,
    stamps_in,
    write_stamp,
)
from bulk_loader.results.writing import foresee_results, write_checked, write_results

__all__ = [
    "UNSURE",
    "CorrectedFile",
    "Edition",
    "ResultRow",
    "ResultsReport",
    "SharedFormulaError",
    "Stamp",
    "checked_path",
    "columns_digest",
    "dated_path",
    "foresee_results",
    "is_guarded",
    "move_stamp",
    "obstacle",
    "read_stamp",
    "results_path",
    "stamps_in",
    "write_checked",
    "write_corrected",
    "write_results",
    "write_stamp",
]
