"""One sheet of a workbook becomes a table of leads, for every format of workbooks alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.model import Source
from bulk_loader.reading.headers import labels, names_phone
from bulk_loader.reading.sheet_survey import other_sheets, sheets_with_phone, survey_sheet
from bulk_loader.reading.table import SheetTable
from bulk_loader.spreadsheets.limits import OverBudgetError, over_budget_error
from bulk_loader.spreadsheets.merges import merges_below

if TYPE_CHECKING:
    from pathlib import Path

    from bulk_loader.reading.options import ReadingOptions
    from bulk_loader.spreadsheets.workbooks import WorkbookFormat


def open_sheet(
    path: Path, file_format: WorkbookFormat, digest: str, options: ReadingOptions
) -> SheetTable:
    """Look through a whole sheet.

    Raises:
        SourceError: the file is no workbook, is broken, or must not be sent without the user's
            word on its hidden rows.
    """
    workbook = file_format.open(path, options.limits)
    sheet = workbook.sheet(options.sheet)
    others = workbook.others(sheet)
    try:
        survey = survey_sheet(
            sheet, options.header_row, options.limits.spender(path), options.tally
        )
    except OverBudgetError as error:
        raise over_budget_error(path, error) from error
    columns = labels(survey.header, survey.width)
    is_chosen = options.sheet is not None or names_phone(columns)
    merges = merges_below(sheet.merges, survey.header_row)
    source = Source(
        path=path.absolute(),
        format=workbook.format,
        digest=digest,
        columns=columns,
        leads=survey.leads_under(options.hidden),
        header_row=survey.header_row,
        sheet=sheet.name,
        notes=(
            *other_sheets(sheet.name, others),
            *survey.decisions(merges, sheet.hidden_columns, options.hidden),
            *workbook.notes,
        ),
        file_limit=options.limits.factor,
        phone_sheets=() if is_chosen else sheets_with_phone(workbook, others),
    )
    return SheetTable(source, sheet, merges, options.hidden)
