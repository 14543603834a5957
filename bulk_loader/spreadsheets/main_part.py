"""What a zip archive holds: its main part says so, and no other one is asked where it does."""

from __future__ import annotations

from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING

from bulk_loader.spreadsheets.package import Package

if TYPE_CHECKING:
    from pathlib import Path

    from bulk_loader.spreadsheets.limits import Limits

CONTENT_TYPES = "[Content_Types].xml"

BINARY_MAIN = b"application/vnd.ms-excel.sheet.binary.macroEnabled.main"
_XML_MAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_UNNAMED = b"application/octet-stream"
_NUMBERS = b"application/vnd.apple.numbers"

_BEGIN_BOOK = b"\x83\x01"  # kind of the first record of an .xlsb, BrtBeginBook
_USUAL = ("xl/workbook.xml", "xl/workbook.bin")
_LONGEST_TYPE = 200
_GET_ANEW = "The file is incomplete: copy or download it again, or have it saved anew as .xlsx."


def content_type(path: Path, limits: Limits) -> bytes:
    """The type of the document in an archive; nothing where it is a mere archive.

    Programs name types for parts that they do not write: SheetJS names that of .xlsb in each
    .xlsx. Nor is a name to be believed where the bytes of the main part speak against it.

    Raises:
        SourceError: the archive is broken, is a workbook without its main part, or passes a limit.
    """
    with Package(path, limits) as package:
        if found := _mime_type(package):
            return found
        main = main_part(package)
        if main is not None:
            return _type_of(package, main)
        if package.has("content.xml"):
            return _ODS if _has_spreadsheet(package) else _UNNAMED
        names = [entry.filename.lower().replace("\\", "/") for entry in package.entries]
        if any(name.endswith(".iwa") for name in names):
            return _NUMBERS
        if any(name.startswith("xl/") for name in names):
            raise package.refused("the part that says which sheets it has is missing", _GET_ANEW)
        return _UNNAMED if package.has(CONTENT_TYPES) else b""


def main_part(package: Package) -> str | None:
    """Name of the part that an Excel workbook begins with; None where there is none."""
    roots = package.references("").values()
    named = [target for kind, target in roots if kind == "officeDocument"]
    return next((part for part in (*named, *_USUAL) if package.has(part)), None)


def _mime_type(package: Package) -> bytes:
    """What an OpenDocument file says of itself, in whatever place of the archive."""
    if package.has("mimetype"):
        return _begin(package, "mimetype")[:_LONGEST_TYPE].strip()
    types: list[str] = []

    def on_start(name: str, attributes: dict[str, str], _around: list[str]) -> None:
        named = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if name == "file-entry" and named.get("full-path") == "/":
            types.append(named.get("media-type", ""))

    if package.has("META-INF/manifest.xml"):
        package.walk("META-INF/manifest.xml", on_start)
    return types[0].encode() if types else b""


def _type_of(package: Package, part: str) -> bytes:
    begin = _begin(package, part)
    if begin.startswith(_BEGIN_BOOK):
        return BINARY_MAIN
    declared = _declared(package, part)
    if declared and declared != BINARY_MAIN:
        return declared
    return _XML_MAIN if _root(package, part) == "workbook" else _UNNAMED


def _declared(package: Package, part: str) -> bytes:
    """The type that the list of content types gives for a part itself."""
    found: list[str] = []

    def on_start(name: str, attributes: dict[str, str], _around: list[str]) -> None:
        named = attributes.get("PartName", "").replace("\\", "/").lstrip("/")
        if name == "Override" and named.lower() == part.lower():
            found.append(attributes.get("ContentType", ""))

    if package.has(CONTENT_TYPES):
        package.walk(CONTENT_TYPES, on_start)
    return found[0].encode() if found else b""


def _root(package: Package, part: str) -> str:
    names: list[str] = []

    def on_start(name: str, _attributes: dict[str, str], around: list[str]) -> None:
        if not around:
            names.append(name)

    package.walk(part, on_start)
    return names[0] if names else ""


def _has_spreadsheet(package: Package) -> bool:
    found: list[str] = []

    def on_start(name: str, _attributes: dict[str, str], around: list[str]) -> None:
        if len(around) == 2 and around[-1] == "body":  # noqa: PLR2004 (the document and its body)
            found.append(name)

    package.walk("content.xml", on_start)
    return found[:1] == ["spreadsheet"]


def _begin(package: Package, part: str) -> bytes:
    with closing(package.chunks(part)) as chunks:
        return b"".join(islice(chunks, 1))
