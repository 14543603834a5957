"""The results file of a workbook: a copy with every sheet, format and formula, and three columns."""

from __future__ import annotations

import hashlib
import re
import shutil
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from bulk_loader.errors import SourceError
from bulk_loader.results import properties
from bulk_loader.results.package import Parts, find_parts, read_part
from bulk_loader.results.sheet_edit import edited
from bulk_loader.results.sheet_part import SheetPart, UneditableError
from bulk_loader.results.sheet_plan import SheetPlan, plan_sheet
from bulk_loader.results.styles import with_status_styles
from bulk_loader.spreadsheets.references import column_letters

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bulk_loader.model import Source
    from bulk_loader.results.rows import Accounting
    from bulk_loader.results.stamps import Stamp

# Sheets pack well at any level; 1 takes a third of the time of 6.
_COMPRESSION_LEVEL = 1

_COPIED_BYTES = 1 << 20

# From here on the archive needs the fields of ZIP64, which must be known beforehand.
_LARGE_BYTES = 1 << 30

_DEFINED_NAME = re.compile(rb"(definedName\s[^<>]*>)([^<>]*)")


def write_workbook(
    source: Source, accounting: Accounting, file: BinaryIO, stamp: Stamp | None = None
) -> tuple[str, ...]:
    """Copy the workbook part by part; only its sheet, its styles and the filter's name change.

    The stamp becomes a document property.

    Nothing is taken out of `accounting` before all that can be foreseen is looked at, so that
    another way of writing can still be tried after an `UneditableError`.

    Returns:
        Notes, one sentence each.

    Raises:
        UneditableError: the workbook can't be edited with certainty.
        ResultsError: the results do not fit the rows.
        SourceError: the workbook is not the one that was read before.
    """
    if not source.header_row or source.sheet is None:
        raise UneditableError("no header")
    if not source.path.is_file():
        raise UneditableError("come through standard input")
    _require_unchanged(source)
    with (
        _unless_damaged(UneditableError("an archive that is damaged or encrypted")),
        ZipFile(source.path) as archive,
        ZipFile(file, "w", ZIP_DEFLATED, compresslevel=_COMPRESSION_LEVEL) as copy,
    ):
        parts = find_parts(archive, source.sheet)
        property_parts = _stamped(archive, stamp)
        plan = _copy_all_but_sheet(archive, copy, parts, source, property_parts)
        with _unless_damaged(_changed_error(source)):
            _copy_sheet(archive, copy, parts.sheet, plan, accounting)
    return ()


def _require_unchanged(source: Source) -> None:
    with source.path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != source.digest:
            raise _changed_error(source)


def _changed_error(source: Source) -> SourceError:
    return SourceError(
        f"{source.path.name} was changed while the run went on,",
        "so the outcomes may not stand beside their own leads any more. Put it back as it was.",
    )


@contextmanager
def _unless_damaged(otherwise: Exception) -> Iterator[None]:
    try:
        yield
    except (BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise otherwise from error


def _stamped(archive: ZipFile, stamp: Stamp | None) -> dict[str, bytes]:
    """The parts that change for a stamp, or are added; none where there is no place for it."""
    if stamp is None:
        return {}
    names = {properties.CONTENT_TYPES, properties.RELATIONS, properties.PART}
    known = names & set(archive.namelist())
    return properties.with_property(
        {name: read_part(archive, name) for name in known}, stamp.to_json()
    )


def _copy_all_but_sheet(
    archive: ZipFile,
    copy: ZipFile,
    parts: Parts,
    source: Source,
    property_parts: Mapping[str, bytes],
) -> SheetPlan:
    """Copy what can be copied before the results are needed, and look through the sheet."""
    styles, status_styles = with_status_styles(read_part(archive, parts.styles))
    with archive.open(parts.sheet) as stream:
        plan = plan_sheet(SheetPart(stream), source, status_styles)
    workbook = _with_filter(read_part(archive, parts.workbook), parts.sheet_place, plan)
    changed = {**property_parts, parts.styles: styles, parts.workbook: workbook}
    for part in archive.infolist():
        if part.filename in changed:
            copy.writestr(part.filename, changed.pop(part.filename))
        elif part.filename != parts.sheet and not part.is_dir():
            _copy_part(archive, copy, part.filename)
    for name, content in changed.items():
        copy.writestr(name, content)
    return plan


def _copy_sheet(
    archive: ZipFile, copy: ZipFile, name: str, plan: SheetPlan, accounting: Accounting
) -> None:
    is_large = archive.getinfo(name).file_size > _LARGE_BYTES
    with archive.open(name) as stream, copy.open(name, "w", force_zip64=is_large) as target:
        for block in edited(SheetPart(stream), plan, accounting):
            target.write(block)


def _copy_part(archive: ZipFile, copy: ZipFile, name: str) -> None:
    is_large = archive.getinfo(name).file_size > _LARGE_BYTES
    with archive.open(name) as stream, copy.open(name, "w", force_zip64=is_large) as target:
        shutil.copyfileobj(stream, target, _COPIED_BYTES)


def _with_filter(workbook: bytes, sheet_place: int, plan: SheetPlan) -> bytes:
    """The workbook part with the hidden name of the sheet's filter over the new columns.

    LibreOffice goes by this name, Excel by the sheet's own element.
    """
    if not plan.places.added:
        return workbook
    old = column_letters(plan.places.width - 1).encode()
    new = column_letters(max(plan.places.positions)).encode()
    reference = re.compile(rb"(\$%d:\$)%b(\$\d+)$" % (plan.header_row, old))
    of_this_sheet = b'localSheetId="%d"' % sheet_place

    def widened(found: re.Match[bytes]) -> bytes:
        if b'"_xlnm._FilterDatabase"' not in found[1] or of_this_sheet not in found[1]:
            return found[0]
        return found[1] + reference.sub(rb"\g<1>%b\g<2>" % new, found[2])

    return _DEFINED_NAME.sub(widened, workbook)
