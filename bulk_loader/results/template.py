"""A spreadsheet to fill in, whose cells keep what is typed into them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from bulk_loader.errors import LoaderError
from bulk_loader.model import EXAMPLE_MARK, Field
from bulk_loader.spreadsheets.references import column_letters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

_SHEET_NAME = "Leads"

_TEXT_FORMAT = "@"

# Rows of a sheet; a drop-down holds for all of them.
_LAST_ROW = 1_048_576

# What Excel takes as a list written into the rule itself.
_MAX_LIST_LENGTH = 255

# In the order in which people fill them in, the needed ones first.
_NOTES: Mapping[Field, str] = {
    Field.DESTINATION: "The phone number to dial, with its leading zero or its +. Needed.",
    Field.CAMPAIGN: "The name of the campaign, exactly as the dialer has it. Needed here or with --campaign.",
    Field.DATA: "What the agent's form shows: name=value pairs joined by a colon.",
    Field.ALTERNATIVES: "Other numbers to try when the first does not answer, joined by a colon.",
    Field.CALLDATE: "When to call, as YYYY-MM-DD HH:MM:SS. Leave it empty to call as soon as possible.",
    Field.AGENT: "The phone or extension of the one agent who is to take the call. May be empty.",
    Field.SOURCE: "Where the lead comes from, in a word of your own. May be empty.",
    Field.BULK: "true or false; leave it empty for false.",
    Field.AUTOMATIC: "true or false; leave it empty for true.",
}

_EXAMPLES: Mapping[Field, tuple[str, str]] = {
    Field.DESTINATION: ("0991234567", "+593 99 765 4321"),
    Field.CAMPAIGN: ("POWER<-", "POWER<-"),
    Field.DATA: ("idcustomer=7:name=Mario", "idcustomer=8:name=Ana"),
    Field.ALTERNATIVES: ("", "022345678:0987654321"),
    Field.CALLDATE: ("", "2030-01-15 09:30:00"),
    Field.AGENT: ("", "101"),
    Field.SOURCE: ("web", "fair"),
    Field.BULK: ("false", "false"),
    Field.AUTOMATIC: ("true", "true"),
}


def write_template(
    path: Path,
    columns: Mapping[str, Field | None] | None = None,
    campaigns: Sequence[str] = (),
) -> None:
    """Write a workbook with a header, notes on it, and two rows of examples that are no leads.

    All columns are formatted as text, so that no number loses a zero or a digit.

    Args:
        path: of an `.xlsx` that does not exist yet.
        columns: labels in their order, with the field that each feeds; None for another use,
            such as in a template for `data`. None for the nine fields under their own names.
        campaigns: to choose from in a drop-down; empty for free text.

    Raises:
        LoaderError: the file exists or can't be written.
    """
    columns = columns or {name.value: name for name in _NOTES}
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = _SHEET_NAME
    _write_header(sheet, columns)
    _write_examples(sheet, columns, campaigns)
    for position, name in enumerate(columns.values()):
        letter = column_letters(position)
        if name is Field.CAMPAIGN and campaigns:
            _offer(book, sheet, letter, campaigns)
        elif name in (Field.BULK, Field.AUTOMATIC):
            _offer(book, sheet, letter, ("true", "false"))
    content = io.BytesIO()
    book.save(content)
    _write_new(path, content.getvalue())


def _write_header(sheet: Worksheet, columns: Mapping[str, Field | None]) -> None:
    for position, (label, name) in enumerate(columns.items(), 1):
        cell = sheet.cell(1, position, label)
        cell.data_type = "s"  # a label is never a formula
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="FFD9E1F2")
        if name is not None:
            cell.comment = Comment(_NOTES[name], "bulk-loader", height=90, width=260)
        column = sheet.column_dimensions[column_letters(position - 1)]
        column.number_format = _TEXT_FORMAT
        column.width = max(18, len(label) + 4)
    sheet.freeze_panes = "A2"


def _write_examples(
    sheet: Worksheet, columns: Mapping[str, Field | None], campaigns: Sequence[str]
) -> None:
    for which in (0, 1):
        for position, name in enumerate(columns.values(), 1):
            text = _EXAMPLES[name][which] if name else ""
            if name is Field.CAMPAIGN and campaigns:
                text = campaigns[0]
            if position == 1:
                text = f"{EXAMPLE_MARK} {text}".rstrip()
            cell = sheet.cell(which + 2, position, text or None)
            cell.number_format = _TEXT_FORMAT
            cell.font = Font(italic=True, color="FF808080")
            if text:
                cell.data_type = "s"


def _offer(book: Workbook, sheet: Worksheet, letter: str, choices: Sequence[str]) -> None:
    """A drop-down of these texts for all rows of a column."""
    written = ",".join(choices)
    if len(written) > _MAX_LIST_LENGTH or any(
        sign in choice for choice in choices for sign in ',"'
    ):
        source = _listed(book, choices)
    else:
        source = f'"{written}"'
    rule = DataValidation(type="list", formula1=source, allow_blank=True)
    rule.error = "Choose one of the list."
    rule.add(f"{letter}2:{letter}{_LAST_ROW}")
    sheet.add_data_validation(rule)


def _listed(book: Workbook, choices: Sequence[str]) -> str:
    """A reference to a hidden sheet that holds the texts."""
    hidden = book.create_sheet("Lists")
    hidden.sheet_state = "hidden"
    for row, choice in enumerate(choices, 1):
        hidden.cell(row, 1, choice).data_type = "s"
    return f"Lists!$A$1:$A${len(choices)}"


def _write_new(path: Path, content: bytes) -> None:
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError as error:
        raise LoaderError(
            f"{path} exists already.",
            "A template never takes the place of a file, which may be filled in.",
            "Give another name: bulk-loader template NAME.xlsx",
        ) from error
    except OSError as error:
        raise LoaderError(
            f"{path} can't be written.",
            f"The system says: {error.strerror or error}.",
            "Give a name in a folder that you may write to: bulk-loader template NAME.xlsx",
        ) from error
