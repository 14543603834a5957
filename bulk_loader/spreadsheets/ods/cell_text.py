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
    sum_of_rows,
    truth,
)
from bulk_loader.spreadsheets.serials import DAY_S, clock, duration_s, iso_date

if TYPE_CHECKING:
    from collections.abc import Mapping

_FIRST_NUMBER = re.compile(r"\d{1,18}", re.ASCII)
_MOST_MINUTES = 59
_NUMBERS = frozenset({"float", "percentage", "currency"})


def cell_text(attributes: Mapping[str, str], shown: str | None) -> str:
    """The text that a person sees in a cell, or `Damaged`.

    Numbers read as they were shown when the file was saved, dates and times as ISO.

    Args:
        attributes: of the cell, by local names; `value-type` is the office's own.
        shown: its paragraphs, joined; None where it has none, as some programs leave out what a
            spreadsheet program would show. An empty one is a number that its format hides.
    """
    text = _value_text(attributes, shown)
    return sum_of_rows(text, attributes["formula"]) if "formula" in attributes else text


def _value_text(attributes: Mapping[str, str], shown: str | None) -> str:
    kind = attributes.get("value-type", "")
    if attributes.get("calcext-type") == "error":
        return error(shown or "")
    if kind in _NUMBERS:
        return _number(attributes.get("value", ""), shown)
    if not kind and not shown and "formula" in attributes:
        return formula_without_value(attributes["formula"].partition("=")[2])
    return _other_value(kind, attributes, shown or "")


def _number(value: str, shown: str | None) -> str:
    number = exact_number(value)
    if isinstance(number, Damaged):
        return number
    return general(value) if shown is None else shown


def _other_value(kind: str, attributes: Mapping[str, str], shown: str) -> str:
    match kind:
        case "date":
            return iso_date(attributes.get("date-value", shown))
        case "time":
            return _time(attributes.get("time-value", ""), shown)
        case "boolean":
            return truth(attributes.get("boolean-value", ""))
        case _:
            return shown or attributes.get("string-value", "")


def _time(value: str, shown: str) -> str:
    """A time of day, or hours that count on beyond 24 where they were shown so.

    LibreOffice stores both as the time since its first day, so that a date that is shown as a time
    has a million hours.
    """
    seconds = duration_s(value)
    if seconds is None:
        return shown
    return clock(seconds if _is_elapsed(seconds, shown) else seconds % DAY_S)


def _is_elapsed(seconds: int, shown: str) -> bool:
    first = _FIRST_NUMBER.search(shown)
    if first is None or seconds < DAY_S:
        return True
    # Of a time of day the first number is an hour, or a minute where hours are left out.
    number, hours = int(first[0]), seconds // 3600
    return number > _MOST_MINUTES or number in {hours, hours + 1}
