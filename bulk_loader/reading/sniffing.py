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
from bulk_loader.reading.text.encodings import unmarked_utf_16
from bulk_loader.spreadsheets.formats import TEXT, WORKBOOKS
from bulk_loader.spreadsheets.limits import Limits
from bulk_loader.spreadsheets.main_part import content_type
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
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")

_SAVE_AS = "Open it in a spreadsheet program, save it as .xlsx, and upload that file."

_WITH_LIBREOFFICE = (
    "Newer versions of Excel no longer open it: open it in LibreOffice, save it as .xlsx, and "
    "upload that file."
)

# First bytes of what people take for a list by mistake, what that is, and what to do instead.
_OTHERS = (
    (b"%PDF", "a PDF document", "Ask for the list as a spreadsheet: .xlsx or .csv."),
    (b"\x89PNG", "a picture", "Ask for the list as a spreadsheet: .xlsx or .csv."),
    (b"\xff\xd8\xff", "a picture", "Ask for the list as a spreadsheet: .xlsx or .csv."),
    (b"GIF8", "a picture", "Ask for the list as a spreadsheet: .xlsx or .csv."),
    (b"Rar!", "a RAR archive", "Unpack it, and upload the spreadsheet in it."),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "Unpack it, and upload the spreadsheet in it."),
    (b"{\\rtf", "a text document (RTF)", _SAVE_AS),
    (b"SQLite format 3\0", "a database", "Export the list from it as CSV."),
    (b"PAR1", "a Parquet file", "Export the list as CSV."),
    *(
        (start, "a workbook of Excel 2 to 4, from before 1994", _WITH_LIBREOFFICE)
        for start in (b"\x09\0\x04\0", b"\x09\2\x06\0", b"\x09\4\x06\0")
    ),
)

_HTML = re.compile(
    rb"<(?:!doctype|html|head|body|title|meta|style|link|script|base|table|thead|tbody|tr|td|th|div|span"
    rb"|p|br|hr|h[1-6]|b|i|u|font|center|form|a|ul|ol|img|section|main|pre)\b|<!--"
    rb"|<\w[^>]*+>\s*+<(?:table|tr|html)\b",
    re.IGNORECASE,
)
_XML = re.compile(rb"<\?xml\b", re.IGNORECASE)
_JSON = re.compile(rb"\{\s*[\"}]|\[\s*[{\[\]]|\[\s*\"[^\"]*\"\s*[,\]]")

# Characters of control that texts have: tab, line ends, form feed, and the end mark of DOS.
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a"))

_OTHER_DOCUMENT = "another kind of document, such as a text"
_OTHER_TYPES = {b"application/vnd.apple.numbers": "a document of Apple's Numbers or Pages"}

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

# A NUL here and there is damage of a row; more of them is no text at all.
_MAX_CONTROL_SHARE = 0.1


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
    if head.startswith(_ZIP):
        return _zip_format(path, limits or Limits())
    if head.startswith(_OLE):
        return _ole_format(path)
    if head.startswith(_GZIP):
        return Packing.GZIP
    _refuse_others(path, head)
    return TEXT


def not_a_spreadsheet(path: Path, found: str, remedy: str) -> SourceError:
    """For a file that is something else, whatever its name says."""
    return SourceError(
        f"{path.name} is not a spreadsheet.", f"By its content it is {found}.", remedy
    )


def _refuse_others(path: Path, head: bytes) -> None:
    for start, found, remedy in _OTHERS:
        if head.startswith(start):
            raise not_a_spreadsheet(path, found, remedy)
    # Without byte order marks and the NULs of UTF-16, whatever the encoding.
    text = head.lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\0", b"").lstrip()
    if _HTML.match(text) or (_XML.match(text) and b"<html" in text.lower()):
        raise not_a_spreadsheet(path, "a web page (HTML), as some systems export it", _SAVE_AS)
    if _XML.match(text) and b"opendocument:xmlns:office" in text:
        raise not_a_spreadsheet(path, "a flat OpenDocument file (.fods)", _SAVE_AS)
    if _XML.match(text):
        raise not_a_spreadsheet(path, "an XML document", _SAVE_AS)
    if _JSON.match(text):
        raise not_a_spreadsheet(path, "JSON", "Export the list as CSV or .xlsx.")
    if _is_binary(head):
        raise not_a_spreadsheet(
            path, "binary data of an unknown kind", "Check that it is the right file."
        )


def _is_binary(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or unmarked_utf_16(head):
        return False
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls > _MAX_CONTROL_SHARE * len(head)


def _zip_format(path: Path, limits: Limits) -> WorkbookFormat | Packing:
    with archive_errors(path), zipfile.ZipFile(path):
        pass
    kind = content_type(path, limits)
    for workbook in WORKBOOKS:
        if workbook.container is Container.ZIP and any(mark in kind for mark in workbook.marks):
            return workbook
    if kind:
        raise not_a_spreadsheet(path, _OTHER_TYPES.get(kind, _OTHER_DOCUMENT), _SAVE_AS)
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
    raise not_a_spreadsheet(path, "another kind of Office document", _SAVE_AS)


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
