"""From a path to a table of leads: what kind of file it is, and who reads it."""

from __future__ import annotations

import difflib
import errno
import hashlib
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, assert_never

from bulk_loader.errors import SourceError
from bulk_loader.model import RESULT_COLUMNS
from bulk_loader.reading.copies import PrivateCopy, remove_abandoned
from bulk_loader.reading.pipes import descriptor_of, opened_pipe, pipe_name
from bulk_loader.reading.sniffing import Packing, find_format
from bulk_loader.reading.unpacking import spooled, unpacked
from bulk_loader.spreadsheets.formats import FORMATS
from bulk_loader.spreadsheets.workbooks import TextFormat, WorkbookFormat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bulk_loader.model import LeadBatch, LeadTable, Source
    from bulk_loader.reading.batching import Row
    from bulk_loader.reading.options import ReadingOptions
    from bulk_loader.spreadsheets.limits import Limits

    Item = TypeVar("Item")

# Names that promise a format, whatever is inside.
_PROMISED = {suffix: known for known in FORMATS.values() for suffix in known.suffixes}

# The system never came to the file itself.
_WRONG_PATHS = frozenset({errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG})

_ROWS_PER_LOOK = 1000  # a look takes a microsecond or two, reading so many rows a millisecond


@dataclass(frozen=True, slots=True)
class OpenedTable:
    """A table, with what was found out on the way to it.

    Attributes:
        read_from: the user's file, or the private copy of what it holds.
        stamp: size and time of change of that file when it was looked through.
        copy: kept only so that the private copy lives as long as the table.
    """

    source: Source
    table: LeadTable
    read_from: Path
    stamp: tuple[int, int]
    copy: PrivateCopy | None

    def batches(self, size: int = 1000) -> Iterator[LeadBatch]:
        """All leads in order.

        Raises:
            SourceError: the file is gone, or is not the one that was looked through.
        """
        return self._guarded(lambda: self.table.batches(size), every=1)

    def records(self) -> Iterator[Row]:
        """Every row.

        Raises:
            SourceError: as for `batches`, and where the file was changed in the meantime.
        """
        yield from self._guarded(self.table.records, every=_ROWS_PER_LOOK)
        # Outcomes are put beside these rows: another program may have saved while they were read.
        self.require_unchanged()

    def _guarded(self, read: Callable[[], Iterator[Item]], every: int) -> Iterator[Item]:
        """The items, so many at a time; then a look tells that the file still holds them."""
        try:
            self._require_unchanged()
            items = read()
            while some := list(islice(items, every)):
                self._require_unchanged()
                yield from some
        except OSError as error:
            raise _unreadable(self.source.path, error) from error

    def require_unchanged(self) -> None:
        """Make sure that the file is still the one that was looked through.

        Raises:
            SourceError: it is gone or another one.
        """
        try:
            self._require_unchanged()
        except OSError as error:
            raise _unreadable(self.source.path, error) from error

    def _require_unchanged(self) -> None:
        if _stamp(self.read_from) != self.stamp:
            raise SourceError(
                f"{self.source.path.name} was changed while it was being read.",
                "What was checked before is not what stands in it now.",
                "Close it in the spreadsheet program, and run the same command again.",
            )


def open_leads(path: Path, options: ReadingOptions) -> OpenedTable:
    """The leads of a file, of whatever format; all of it has been looked through.

    Args:
        path: a spreadsheet, a `.gz` or `.zip` that holds one, or a pipe. `-` is standard input;
            its `Source.path` is `stdin.csv` (or `.xlsx`, ...) in the working directory, and that
            of any other descriptor, such as `/dev/fd/63`, is `piped.csv`.
        options: the user's word; the rest is told by content.

    Raises:
        SourceError: the file can't be read as a list of leads.
    """
    remove_abandoned()
    try:
        return _open_piped(path, options) if pipe_name(path) else _open_file(path, options)
    except OSError as error:
        raise _unreadable(path, error) from error


def _open_piped(path: Path, options: ReadingOptions) -> OpenedTable:
    number = descriptor_of(path)
    shown = path if number is None else Path("piped" if number else "stdin")
    with opened_pipe(path, options.patience) as stream:
        copy = spooled(stream, shown.name, options.limits)
    opened = _open_copy(shown, copy, options, _digest(copy.path), ())
    place = shown if number is None else shown.with_suffix(f".{opened.source.format}")
    return replace(opened, source=replace(opened.source, path=place.absolute(), is_piped=True))


def _open_file(path: Path, options: ReadingOptions) -> OpenedTable:
    if path.exists() and not path.is_file():
        kind = "a folder" if path.is_dir() else "a socket" if path.is_socket() else "a device"
        raise SourceError(
            f"{path} is {kind}, not a file.", remedy="Give the path of the spreadsheet itself."
        )
    stamp, digest = _stamp(path), _digest(path)
    found = find_format(path, options.limits)
    if isinstance(found, Packing):
        copy = unpacked(path, found, options.limits)
        # What was packed is cheap to make, so what is read must not cost more for being unpacked.
        options = replace(options, limits=replace(options.limits, weight=path.stat().st_size))
        note = f"The list is {copy.path.name}, unpacked from {path.name}."
        return _open_copy(path, copy, options, digest, (note,))
    table = _open_as(found, path, digest, options)
    _check_leads(path, table.source, options.limits)
    notes = (*_misnamed(path, found), *table.source.notes)
    return OpenedTable(replace(table.source, notes=notes), table, path, stamp, None)


def _open_copy(
    shown: Path, copy: PrivateCopy, options: ReadingOptions, digest: str, notes: tuple[str, ...]
) -> OpenedTable:
    found = find_format(copy.path, options.limits)
    if isinstance(found, Packing):
        raise SourceError(
            f"{shown.name} holds an archive, not a list.",
            "Only one packing is taken off.",
            "Unpack it, and upload the list in it.",
        )
    table = _open_as(found, copy.path, digest, options)
    _check_leads(shown, table.source, options.limits)
    notes = (*notes, *_misnamed(copy.path, found), *table.source.notes)
    source = replace(table.source, path=shown.absolute(), notes=notes)
    return OpenedTable(source, table, copy.path, _stamp(copy.path), copy)


def _open_as(
    file_format: TextFormat | WorkbookFormat, path: Path, digest: str, options: ReadingOptions
) -> LeadTable:
    """Hand the file to the reader of its kind; only that one is imported."""
    match file_format:
        case TextFormat():
            from bulk_loader.reading.text.opened import open_text  # noqa: PLC0415

            return open_text(path, digest, options)
        case WorkbookFormat():
            from bulk_loader.reading.sheets import open_sheet  # noqa: PLC0415

            return open_sheet(path, file_format, digest, options)
        case _:
            assert_never(file_format)


def _check_leads(shown: Path, source: Source, limits: Limits) -> None:
    room = limits.max_columns - len(set(RESULT_COLUMNS).difference(source.columns))
    if len(source.columns) > room:
        raise SourceError(
            f"{shown.name} has {len(source.columns):,} columns.",
            f"A spreadsheet has {limits.max_columns:,} at most, and the results need three of them.",
            "Delete columns that are not needed, and save the file.",
        )
    if source.leads:
        return
    header = f"the header in row {source.header_row}" if source.header_row else "the top"
    raise SourceError(
        f"{shown.name} has no leads.",
        f"Below {header} all rows are blank or marked as examples.",
        "Check that it is the right file; another header is named by --header-row N.",
    )


def _misnamed(path: Path, found: TextFormat | WorkbookFormat) -> tuple[str, ...]:
    if _PROMISED.get(path.suffix.lower(), found) is found:
        return ()
    is_text = isinstance(found, TextFormat)
    kind = "text (CSV)" if is_text else f"a workbook of the kind .{found.name}"
    return (f"{path.name} is {kind} by its content, and read as that.",)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _unreadable(path: Path, error: OSError) -> SourceError:
    name = pipe_name(path) or str(path)
    match error:
        case FileNotFoundError() if path.is_symlink():
            return SourceError(
                f"{path} is a link that leads nowhere.",
                f"There is no file {path.parent / path.readlink()}.",
                "Give the path of the spreadsheet itself.",
            )
        case FileNotFoundError():
            return SourceError(f"There is no file {path}.", remedy=_suggestion(path))
        case PermissionError():
            return SourceError(
                f"{name} can't be opened.",
                "This user is not allowed to read it, or another program holds it.",
                "Close it in other programs, or ask for permission to read it.",
            )
        case _ if error.errno in _WRONG_PATHS:
            return SourceError(
                f"{name} is no path of a file.",
                f"The system says: {error.strerror}.",
                "Check the path and the name.",
            )
        case _:
            return SourceError(
                f"{name} can't be read.",
                f"The system says: {error.strerror or error}.",
                "Copy the file to a disk of this machine, and try that copy.",
            )


def _suggestion(path: Path) -> str:
    try:
        names = [entry.name for entry in path.absolute().parent.iterdir() if entry.is_file()]
    except OSError:
        return f"There is no folder {path.parent} either; check the path."
    close = difflib.get_close_matches(path.name, names, n=1)
    return f"Did you mean {path.with_name(close[0])}?" if close else "Check the path and the name."
