"""What a file is, told by its content and not by its name."""

from __future__ import annotations

import lzma
import re
import struct
import zipfile
import zlib
from contextlib import contextmanager
from enum import Enum, auto
from mmap import ACCESS_READ, mmap
from typing import TYPE_CHECKING

from bulk_loader.errors import SourceError
from bulk_loader.reading.other_kinds import OtherKind, is_flat_spreadsheet, other_kind
from bulk_loader.spreadsheets.binary.format import XLS
from bulk_loader.spreadsheets.formats import TEXT, WORKBOOKS
from bulk_loader.spreadsheets.limits import Limits
from bulk_loader.spreadsheets.main_part import content_type
from bulk_loader.spreadsheets.ods.format import ODS
from bulk_loader.spreadsheets.package import ZIP_BEGIN
from bulk_loader.spreadsheets.workbooks import Container

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bulk_loader.spreadsheets.workbooks import TextFormat, WorkbookFormat


class Packing(Enum):
    """Files that hold another one."""

    GZIP = auto()
    ZIP = auto()


HEAD_BYTES = 8192

_GZIP = b"\x1f\x8b"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# Some programs write the records of a workbook without their container.
_BARE_XLS = re.compile(rb"\t\x08[\x04-\x20]\0\0[\x05\x06]\x05\0")

_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")

_OTHER_DOCUMENT = OtherKind("another kind of document, such as a text")
_OTHER_TYPES = {
    b"application/vnd.apple.numbers": OtherKind("a document of Apple's Numbers or Pages")
}

# All that Python's archive modules raise at broken or strange archives.
_ARCHIVE_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    RuntimeError,  # encrypted, or packed in a way that zipfile does not know
    ValueError,
    OSError,
)


def find_format(path: Path, limits: Limits | None = None) -> TextFormat | WorkbookFormat | Packing:
    """The format of a file, or how it is packed.

    Args:
        limits: on what may be unpacked to find it out; the usual ones for None.

    Raises:
        SourceError: the file is empty, protected by a password, or no spreadsheet.
        OSError: it can't be read.
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if not head:
        raise SourceError(
            f"{path.name} is empty.",
            "It has no bytes at all; the export or the copy may have failed.",
            "Export the list again.",
        )
    if head.startswith(ZIP_BEGIN):
        return _zip_format(path, limits or Limits())
    if head.startswith(_OLE):
        return _ole_format(path)
    if head.startswith(_GZIP):
        return Packing.GZIP
    if is_flat_spreadsheet(head):
        return ODS
    if _BARE_XLS.match(head):
        return XLS
    if (other := other_kind(head)) is not None:
        raise not_a_spreadsheet(path, other)
    return TEXT


def not_a_spreadsheet(path: Path, other: OtherKind) -> SourceError:
    """For a file that is something else, whatever its name says."""
    return SourceError(
        f"{path.name} is not a spreadsheet.", f"By its content it is {other.name}.", other.remedy
    )


def _zip_format(path: Path, limits: Limits) -> WorkbookFormat | Packing:
    with archive_errors(path), zipfile.ZipFile(path):
        pass
    kind = content_type(path, limits)
    for workbook in WORKBOOKS:
        if workbook.container is Container.ZIP and any(mark in kind for mark in workbook.marks):
            return workbook
    if kind:
        raise not_a_spreadsheet(path, _OTHER_TYPES.get(kind, _OTHER_DOCUMENT))
    return Packing.ZIP


def _ole_format(path: Path) -> WorkbookFormat:
    """An old workbook; protected new ones come in the same container."""
    with path.open("rb") as stream, mmap(stream.fileno(), 0, access=ACCESS_READ) as content:
        for workbook in WORKBOOKS:
            is_compound = workbook.container is Container.COMPOUND_FILE
            if is_compound and any(_has(content, mark) for mark in workbook.marks):
                return workbook
        if content.find(_ENCRYPTED_STREAM) >= 0:
            raise password_error(path)
    raise not_a_spreadsheet(path, OtherKind("another kind of Office document"))


def _has(content: mmap, mark: bytes) -> bool:
    """Whether there is such a name; some programs write it in other capitals."""
    return any(content.find(name) >= 0 for name in (mark, mark.upper(), mark.lower()))


def password_error(path: Path) -> SourceError:
    """For a workbook that only its password opens."""
    return SourceError(
        f"{path.name} is protected by a password.",
        "Its content can't be read without it, and this program takes no passwords.",
        "Open it in the spreadsheet program, save it without a password, and upload that file.",
    )


@contextmanager
def archive_errors(path: Path) -> Iterator[None]:
    """Turns whatever a broken archive makes Python raise into one `SourceError`."""
    try:
        yield
    except _ARCHIVE_ERRORS as error:
        raise SourceError(
            f"{path.name} is damaged.",
            "It begins as an archive or workbook does, but can't be unpacked.",
            "Copy or download it again; else open it in a spreadsheet program and save it anew.",
        ) from error
