"""One cell of an OpenDocument sheet, which keeps beside its value the text that was shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bulk_loader.spreadsheets.cells import (
    Damaged,
    error,
    exact_number,
    formula_without_value,
    general,
    iso_date,
    truth,
)
from bulk_loader.spreadsheets.serials import clock

if TYPE_CHECKING:
    from collections.abc import Mapping

_DURATION = re.compile(r"PT(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:[.,]\d*)?S)?")


def cell_text(attributes: Mapping[str, str], shown: str) -> str:
    """The text that a person sees in a cell, or `Damaged`.

    Numbers read as they were shown when the file was saved, dates and times as ISO.

    Args:
        attributes: of the cell, by local names; `value-type` is the office's own.
        shown: its paragraphs, joined.
    """
    kind = attributes.get("value-type", "")
    if attributes.get("calcext-type") == "error":
        return error(shown)
    if not kind and not shown and "formula" in attributes:
        return formula_without_value(attributes["formula"].partition("=")[2])
    return _shown_value(kind, attributes, shown)


def _shown_value(kind: str, attributes: Mapping[str, str], shown: str) -> str:
    match kind:
        case "date":
            return iso_date(attributes.get("date-value", shown))
        case "time":
            return _time(attributes.get("time-value", ""), shown)
        case "boolean":
            return truth(attributes.get("boolean-value", ""))
        case "float" | "percentage" | "currency":
            return _number(attributes.get("value", ""), shown)
        case _:
            return shown or attributes.get("string-value", "")


def _number(value: str, shown: str) -> str:
    number = exact_number(value)
    if isinstance(number, Damaged):
        return number
    return shown or general(value)


def _time(value: str, shown: str) -> str:
    match = _DURATION.fullmatch(value)
    if match is None:
        return shown
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return clock(hours * 3600 + minutes * 60 + seconds)
