"""Do-not-call lists: one number a line, a column of a spreadsheet, or the dialer's own form.

The dialer's own has `phone;campaign;` a line, without a header, and holds for that campaign only.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain, islice, starmap
from typing import TYPE_CHECKING, Final, TypeAlias

from bulk_loader.errors import ColumnError, LoaderError, SettingsError
from bulk_loader.mapping import match_columns
from bulk_loader.model import Field
from bulk_loader.reading import HiddenRows, Patience, ReadingOptions, open_leads, pipe_name
from bulk_loader.reading.pipes import opened_pipe
from bulk_loader.reading.unpacking import spooled
from bulk_loader.screening.faults import Fault
from bulk_loader.screening.phones import read_phone
from bulk_loader.screening.suppression import SuppressionList

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from bulk_loader.model import LeadTable
    from bulk_loader.settings import Settings


_OPTIONS: Final = ReadingOptions(hidden=HiddenRows.SEND)
_WITHOUT_HEADER: Final = replace(_OPTIONS, header_row=0)

# Of a do-not-call list only the numbers matter, and nothing is asked about the rest.
_NO_OTHERS: Final[Mapping[Field, Sequence[str]]] = {
    name: () for name in Field if name is not Field.DESTINATION
}

_OWN_CELLS = 3  # number, campaign, and what stands after the last semicolon: nothing
_LOOKED_AT = 100  # rows by which a list of the dialer's own is told

Entry: TypeAlias = tuple[str, str]
"""What stands for a number, and the campaign that may not call it; "" for every campaign."""


def read_suppression(settings: Settings, now: datetime) -> SuppressionList | None:
    """All the lists that the settings name as one; None where they name none.

    Raises:
        SettingsError: a list can't be read, is too old, or holds nothing but text.
    """
    if not settings.suppress:
        return None
    entries = (entry for path in settings.suppress for entry in _of_list(path, settings, now))
    return SuppressionList.from_entries(entries, _country_code(settings.phone_region))


def _country_code(region: str | None) -> str:
    if not region:
        return ""
    from bulk_loader.screening.phone_plans import (  # noqa: PLC0415 - slow, rarely asked
        country_code_of,
    )

    return country_code_of(region)


def _of_list(path: Path, settings: Settings, now: datetime) -> Iterator[Entry]:
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


def _of_file(path: Path, read_from: Path) -> Iterator[Entry]:
    is_number = False
    for entry in _entries(path, read_from):
        is_number = is_number or _is_number(entry[0])
        yield entry
    # A list without a single number was read wrongly, and would protect nobody.
    if not is_number:
        raise _unusable(path, "It holds no phone number.")


def _entries(path: Path, read_from: Path) -> Iterator[Entry]:
    """What stands in the column of numbers, also where it is no number."""
    # The first row of a bare list is a number like the others; a heading there is passed over.
    bare = open_leads(read_from, _WITHOUT_HEADER)
    if len(bare.source.columns) == 1:
        yield from ((text, "") for text in _column(bare, bare.source.columns[0]))
    elif _is_dialers_own(bare):
        for batch in bare.batches():
            rows = batch.frame.iloc[:, :2].to_numpy().tolist()
            yield from chain.from_iterable(starmap(_by_campaign, rows))
    else:
        table = open_leads(read_from, _OPTIONS)
        yield from ((text, "") for text in _column(table, _numbers_of(path, table)))


def _column(table: LeadTable, label: str) -> Iterator[str]:
    return chain.from_iterable(batch.frame[label].tolist() for batch in table.batches())


def _is_dialers_own(bare: LeadTable) -> bool:
    """The first rows are a number and a campaign each, with the semicolon at their ends.

    Without that semicolon it may be a list of numbers and names, which holds for every campaign.
    """
    dialect = bare.source.dialect
    if dialect is None or dialect.delimiter != ";":
        return False
    rows = [cells for _, cells in islice(bare.records(), _LOOKED_AT) if any(cells)]
    return all(map(_is_own_row, rows)) and any(cells[1].strip() for cells in rows)


def _is_own_row(cells: Sequence[str]) -> bool:
    if len(cells) != _OWN_CELLS or cells[-1].strip():
        return False
    return _is_number(cells[0]) and not _is_number(cells[1])


def _by_campaign(phone: str, campaign: str) -> Iterator[Entry]:
    """The entries of one row; a second number in the place of the campaign is one too."""
    if _is_number(campaign):
        yield from ((phone, ""), (campaign, ""))
    else:
        yield phone, campaign


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


def _numbers_of(path: Path, table: LeadTable) -> str:
    """The label of the column that holds the numbers."""
    try:
        columns = match_columns(table.source.columns, _NO_OTHERS)
    except ColumnError as error:
        raise _unusable(
            path, f"It has several columns, and none is known to hold the numbers. {error.why}"
        ) from error
    return columns.columns[Field.DESTINATION][0]


def _unusable(path: Path, why: str) -> SettingsError:
    return SettingsError(
        f"The do-not-call list {path} can't be used.",
        why,
        "Give a file with one number a line, or a spreadsheet with a column named phone, or the "
        "dialer's own list with phone;campaign; a line. "
        "Nothing is sent without the list.",
    )
