"""Do-not-call lists: one number a line, or a column of a spreadsheet."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from bulk_loader.errors import ColumnError, LoaderError, SettingsError
from bulk_loader.mapping import match_columns
from bulk_loader.model import Field, FileFormat
from bulk_loader.reading import HiddenRows, Patience, ReadingOptions, open_leads, pipe_name
from bulk_loader.reading.pipes import opened_pipe
from bulk_loader.reading.unpacking import spooled
from bulk_loader.screening.faults import Fault
from bulk_loader.screening.phones import read_phone
from bulk_loader.screening.suppression import SuppressionList

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bulk_loader.model import LeadTable
    from bulk_loader.settings import Settings


_OPTIONS: Final = ReadingOptions(hidden=HiddenRows.SEND)


def read_suppression(settings: Settings, now: datetime) -> SuppressionList | None:
    """All the lists that the settings name as one; None where they name none.

    Raises:
        SettingsError: a list can't be read, is too old, or holds nothing but text.
    """
    if not settings.suppress:
        return None
    numbers = (number for path in settings.suppress for number in _of_list(path, settings, now))
    return SuppressionList.from_numbers(numbers, _country_code(settings.phone_region))


def _country_code(region: str | None) -> str:
    if not region:
        return ""
    from bulk_loader.screening.phone_plans import (  # noqa: PLC0415 - slow, rarely asked
        country_code_of,
    )

    return country_code_of(region)


def _of_list(path: Path, settings: Settings, now: datetime) -> Iterator[str]:
    """What stands in one list, which may be looked through more than once."""
    try:
        _require_fresh(path, settings, now)
        if not pipe_name(path):
            yield from _of_file(path, path)
            return
        with opened_pipe(path, Patience()) as stream:
            copy = spooled(stream, path.name, _OPTIONS.limits)
        yield from _of_file(path, copy.path)
    except OSError as error:
        raise _unusable(path, f"{error.strerror}.") from error
    except SettingsError:
        raise
    except LoaderError as error:
        raise _unusable(path, str(error)) from error


def _of_file(path: Path, read_from: Path) -> Iterator[str]:
    table, label = _open_list(path, read_from)
    is_number = False
    for batch in table.batches():
        texts = batch.frame[label].tolist()
        is_number = is_number or any(map(_is_number, texts))
        yield from texts
    # A list without a single number was read wrongly, and would protect nobody.
    if not is_number:
        raise _unusable(path, "It holds no phone number.")


def _is_number(text: str) -> bool:
    return not isinstance(read_phone(text.strip()), Fault)


def _require_fresh(path: Path, settings: Settings, now: datetime) -> None:
    longest = settings.suppress_max_age
    changed_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    if longest is not None and now - changed_at > longest:
        raise SettingsError(
            f"The do-not-call list {path} is too old.",
            f"It was last changed on {changed_at:%Y-%m-%d}, and --suppress-max-age is "
            f"{longest.days} days.",
            "Fetch a new one, and run the command again.",
        )


def _open_list(path: Path, read_from: Path) -> tuple[LeadTable, str]:
    """The table and the label of the column that holds the numbers."""
    table = open_leads(read_from, _OPTIONS)
    if len(table.source.columns) == 1:
        if table.source.format is FileFormat.CSV:
            # The first line of a bare list is a number like the others; a heading in its place
            # is no number and is passed over.
            table = open_leads(read_from, ReadingOptions(header_row=0))
        return table, table.source.columns[0]
    try:
        columns = match_columns(table.source.columns, {})
    except ColumnError as error:
        raise _unusable(
            path, f"It has several columns, and none is known to hold the numbers. {error.why}"
        ) from error
    return table, columns.columns[Field.DESTINATION][0]


def _unusable(path: Path, why: str) -> SettingsError:
    return SettingsError(
        f"The do-not-call list {path} can't be used.",
        why,
        "Give a file with one number a line, or a spreadsheet with a column named phone. "
        "Nothing is sent without the list.",
    )
