"""Where the parts of a workbook stand in its archive."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bulk_loader.results.sheet_part import UneditableError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element
    from zipfile import ZipFile

# The workbook part of 1,000 sheets takes about 0.2 MB, styles with all 65,490 formats 15 MB.
_MAX_PART_BYTES = 64 << 20

_IS_ENCRYPTED = 1  # bit 0 of the general purpose flags (APPNOTE 4.4.4)


@dataclass(frozen=True, slots=True)
class Parts:
    """Names inside the archive.

    Attributes:
        sheet_place: number of the sheet among all, from 0 on.
    """

    workbook: str
    sheet: str
    styles: str
    sheet_place: int


def find_parts(archive: ZipFile, sheet_name: str) -> Parts:
    """The parts that a results file changes.

    Raises:
        UneditableError: a part is missing, too large, or no XML that is safe to read.
    """
    if "[Content_Types].xml" not in archive.namelist():
        raise UneditableError("been packed in an archive")
    if any(part.flag_bits & _IS_ENCRYPTED for part in archive.infolist()):
        raise UneditableError("encrypted parts")
    if len(set(archive.namelist())) < len(archive.namelist()):
        raise UneditableError("two parts of one name")
    workbooks = list(_targets(archive, "", "officeDocument").values())
    if len(workbooks) != 1:
        raise UneditableError("more than one workbook in it" if workbooks else "no workbook in it")
    (workbook,) = workbooks
    sheets = [each for each in _xml(archive, workbook).iter() if _local(each.tag) == "sheet"]
    names = [each.get("name") for each in sheets]
    styles = list(_targets(archive, workbook, "styles").values())
    if sheet_name not in names or not styles:
        raise UneditableError("no such sheet, or no styles")
    place = names.index(sheet_name)
    identifier = next((value for key, value in sheets[place].items() if _local(key) == "id"), "")
    sheet = _targets(archive, workbook, "worksheet").get(identifier, "")
    if sheet not in archive.namelist():
        raise UneditableError("a sheet that is no worksheet, or is missing")
    return Parts(workbook, sheet, styles[0], place)


def read_part(archive: ZipFile, name: str) -> bytes:
    """A whole part, where it is small.

    Raises:
        UneditableError: it is not there, or too large.
    """
    try:
        if archive.getinfo(name).file_size > _MAX_PART_BYTES:
            raise UneditableError("a part of unusual size")
    except KeyError as error:
        raise UneditableError("a part that is missing") from error
    return archive.read(name)


def _targets(archive: ZipFile, part: str, kind: str) -> dict[str, str]:
    """Names of the parts of this kind that a part refers to, by identifier."""
    folder, name = posixpath.split(part)
    relations = _xml(archive, posixpath.join(folder, "_rels", f"{name}.rels"))
    return {
        each.get("Id", ""): posixpath.normpath(
            posixpath.join("/", folder, each.get("Target", ""))
        ).lstrip("/")
        for each in relations
        if each.get("Type", "").endswith(f"/{kind}")
    }


def _xml(archive: ZipFile, name: str) -> Element:
    try:
        root: Element = fromstring(read_part(archive, name), forbid_dtd=True)
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        # The last two: an encoding that Python does not know, or that is not for text.
        raise UneditableError("XML of an unknown kind") from error
    return root


def _local(name: str) -> str:
    return name.rpartition("}")[2]
