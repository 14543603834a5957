"""What people take for a list by mistake: other kinds of files, told by their first bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bulk_loader.reading.text.encodings import unmarked_utf_16

_SAVE_AS = "Open it in a spreadsheet program, save it as .xlsx, and upload that file."
_ASK = "Ask for the list as a spreadsheet: .xlsx or .csv."
_UNPACK = "Unpack it, and upload the spreadsheet in it."
_EXPORT = "Export the list as CSV or .xlsx."


@dataclass(frozen=True, slots=True)
class OtherKind:
    """A kind of files that is no list.

    Attributes:
        name: with its article, as the end of a sentence.
        remedy: how to get a list out of it.
    """

    name: str
    remedy: str = _SAVE_AS


_WITH_LIBREOFFICE = (
    "Newer versions of Excel no longer open it: open it in LibreOffice, save it as .xlsx, and "
    "upload that file."
)
_OLD_WORKBOOK = OtherKind("a workbook of Excel 2 to 4, from before 1994", _WITH_LIBREOFFICE)

_BEGINNINGS = (
    (b"%PDF", OtherKind("a PDF document", _ASK)),
    (b"\x89PNG", OtherKind("a picture", _ASK)),
    (b"\xff\xd8\xff", OtherKind("a picture", _ASK)),
    (b"GIF8", OtherKind("a picture", _ASK)),
    (b"Rar!", OtherKind("a RAR archive", _UNPACK)),
    (b"7z\xbc\xaf\x27\x1c", OtherKind("a 7-Zip archive", _UNPACK)),
    (b"PK\x05\x06", OtherKind("an archive that holds nothing (ZIP)", "Pack the list again.")),
    (b"PK\x07\x08", OtherKind("the first part of a split archive (ZIP)", _UNPACK)),
    (b"BZh", OtherKind("an archive (bzip2)", _UNPACK)),
    (b"\xfd7zXZ\0", OtherKind("an archive (xz)", _UNPACK)),
    (b"\x28\xb5\x2f\xfd", OtherKind("an archive (Zstandard)", _UNPACK)),
    (b"{\\rtf", OtherKind("a text document (RTF)")),
    (b"SQLite format 3\0", OtherKind("a database", "Export the list from it as CSV.")),
    (b"PAR1", OtherKind("a Parquet file", "Export the list as CSV.")),
    (b"\x09\0\x04\0", _OLD_WORKBOOK),
    (b"\x09\2\x06\0", _OLD_WORKBOOK),
    (b"\x09\4\x06\0", _OLD_WORKBOOK),
    (b"\x09\x08", OtherKind("a part of a workbook of Excel 5 or later", _WITH_LIBREOFFICE)),
)

_WEB_PAGE = OtherKind("a web page (HTML), as some systems export it")
_FLAT_DOCUMENT = OtherKind("another kind of document, such as a text (flat OpenDocument)")
_XML_OF_EXCEL = OtherKind('a workbook in the XML of Excel 2003 ("XML Spreadsheet")')
_BINARY = OtherKind("binary data of an unknown kind", "Check that it is the right file.")

# A tag of pages, or whatever else in angle brackets or before them where the head has a table.
_HTML = re.compile(
    rb"<(?:!doctype|html|head|body|title|meta|style|link|script|base|table|thead|tbody|tr|td|th|div|span"
    rb"|p|br|hr|h[1-6]|b|i|u|font|center|form|a|ul|ol|img|section|main|pre)\b|<!--"
    rb"|<\w[^>]*+>\s*+<(?:table|tr|html)\b",
    re.IGNORECASE,
)
_PAGE_OR_TABLE = re.compile(rb"<(?:html|body|table)\b", re.IGNORECASE)
_ROW = re.compile(rb"<tr\b", re.IGNORECASE)
# What servers put before a page: processing instructions, entities, and lines of warnings.
_BEFORE_A_PAGE = re.compile(
    rb"<[\w!?%/]|(?:&\w+;\s*+)++<|(?:[^<>\n,;\t]*+\n){1,5}?\s*<(?:table|html|!doctype)\b",
    re.IGNORECASE,
)
_XML = re.compile(
    rb"<\?xml\b|<[\w:.-]++\s[^<>]*?\bxmlns\b|<[a-z_][\w:.-]*+(?:\s[^<>]*+)?>\s*+<[a-z_/!?]",
    re.IGNORECASE,
)
_JSON = re.compile(rb"\{\s*[\"}]|\[\s*[{\[\]]|\[\s*\"[^\"]*\"\s*[,\]]")

_MIME = re.compile(
    rb"(?:(?!MIME-Version:)[\w-]++:[^\n]*+\n(?:[ \t][^\n]*+\n)*+){0,20}+MIME-Version:\s*+1"
    rb"|Content-Type:\s*+multipart/",
    re.IGNORECASE,
)
_SYLK = re.compile(rb"ID;P\w*+(?:;[^\r\n]*+)?+\r?\n[PFBCO];")
_DIF = re.compile(rb"TABLE\r?\n0,1\r?\n\"")
_CONTACTS = re.compile(rb"BEGIN:VCARD\b", re.IGNORECASE)

_TEXTS = (
    (_MIME, OtherKind("a web archive or a mail (MIME), as Excel saves pages")),
    (_SYLK, OtherKind("a symbolic link file (SYLK)")),
    (_DIF, OtherKind("a data interchange file (DIF)")),
    (_CONTACTS, OtherKind("a file of contacts (vCard)", "Export the contacts as CSV.")),
    (_JSON, OtherKind("JSON", _EXPORT)),
)

# Characters of control that texts have: tab, line ends, form feed, and the end mark of DOS.
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a"))

# A NUL here and there is damage of a row; more of them is no text at all.
_MAX_CONTROL_SHARE = 0.1


def is_flat_spreadsheet(head: bytes) -> bool:
    """Whether a file that begins so is an OpenDocument spreadsheet in one piece of XML (.fods)."""
    text = _bare(head)
    return _is_flat_document(text) and b"oasis.opendocument.spreadsheet" in text


def other_kind(head: bytes) -> OtherKind | None:
    """What a file that begins so is; None for a text that may be a list."""
    found = next((kind for start, kind in _BEGINNINGS if head.startswith(start)), None)
    found = found or _other_text(_bare(head))
    return found or (_BINARY if _is_binary(head) else None)


def _bare(head: bytes) -> bytes:
    """Without byte order marks and the NULs of UTF-16, whatever the encoding."""
    return head.lstrip(b"\xef\xbb\xbf\xff\xfe\0").replace(b"\0", b"").lstrip()


def _other_text(text: bytes) -> OtherKind | None:
    if _is_flat_document(text):
        return _FLAT_DOCUMENT
    if _XML.match(text) and b"schemas-microsoft-com:office:spreadsheet" in text[:2000]:
        return _XML_OF_EXCEL
    if _is_web_page(text):
        return _WEB_PAGE
    if _XML.match(text):
        return OtherKind("an XML document")
    return next((kind for pattern, kind in _TEXTS if pattern.match(text)), None)


def _is_flat_document(text: bytes) -> bool:
    return bool(_XML.match(text)) and b"opendocument:xmlns:office" in text


def _is_web_page(text: bytes) -> bool:
    if _HTML.match(text):
        return True
    has_page = _PAGE_OR_TABLE.search(text) is not None
    is_xml = text[:5].lower() == b"<?xml"
    return has_page and bool(_BEFORE_A_PAGE.match(text) and (is_xml or _ROW.search(text)))


def _is_binary(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or unmarked_utf_16(head):
        return False
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls > _MAX_CONTROL_SHARE * len(head)
