"""A document property of our own in a workbook, which spreadsheet programs keep.

Source: ECMA-376, part 2 (packages) and part 1, 22.3 (custom properties).
"""

from __future__ import annotations

import posixpath
import re
import zlib
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError
from xml.sax.saxutils import escape
from zipfile import BadZipFile, ZipFile

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from xml.etree.ElementTree import Element

NAME = "bulk-loader"

PART = "docProps/custom.xml"
TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"

CONTENT_TYPES = "[Content_Types].xml"
RELATIONS = "_rels/.rels"

# These parts have some kilobytes; a workbook in which one is larger keeps no property of ours.
_MAX_BYTES = 1 << 20

_SCHEMA = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_FIRST_ID = 2  # 0 and 1 are reserved

_OURS = re.compile(
    rb'<property\b(?:[^<>"]|"[^"]*")*\bname="bulk-loader"(?:[^<>"]|"[^"]*")*>.{,8192}?</property>',
    re.DOTALL,
)
_ID = re.compile(rb'\bpid="(\d{1,9})"')

OVERRIDE = f'<Override PartName="/{PART}" ContentType="{TYPE}"/>'
RELATIONSHIP = f'<Relationship Id="rIdBulkLoader" Type="{RELATION}" Target="{PART}"/>'


def properties_part(value: str) -> str:
    """The whole part, without a declaration, for a workbook that has none.

    Args:
        value: ASCII, as in all of these functions.
    """
    return (
        f'<Properties xmlns="{_SCHEMA}" xmlns:vt="{_TYPES}">{_property(value, _FIRST_ID)}'
        "</Properties>"
    )


def with_property(parts: Mapping[str, bytes], value: str) -> dict[str, bytes]:
    """Parts of a package that change for the property, by name.

    Args:
        parts: `CONTENT_TYPES`, `RELATIONS`, and `PART` where the package has it.

    Returns:
        Nothing where the package is written in a way that is not understood for certain.
    """
    if PART in parts:
        changed = _exchanged(parts[PART], value)
        return {} if changed is None else {PART: changed}
    types = _before_end(parts[CONTENT_TYPES], b"</Types>", OVERRIDE)
    relations = _before_end(parts[RELATIONS], b"</Relationships>", RELATIONSHIP)
    if types is None or relations is None:
        return {}
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    part = (declaration + properties_part(value)).encode()
    return {CONTENT_TYPES: types, RELATIONS: relations, PART: part}


def read_property(path: Path) -> str | None:
    """The value in a workbook; None where there is none, or no workbook."""
    try:
        with ZipFile(path) as archive:
            relations = fromstring(_small(archive, RELATIONS), forbid_dtd=True)
            targets = [each.get("Target", "") for each in relations if each.get("Type") == RELATION]
            if not targets:
                return None
            part = posixpath.normpath(posixpath.join("/", targets[0])).lstrip("/")
            return _value(fromstring(_small(archive, part), forbid_dtd=True))
    except (OSError, BadZipFile, KeyError, ValueError, zlib.error, EOFError):
        return None
    except (ParseError, DefusedXmlException, LookupError, NotImplementedError, RuntimeError):
        return None  # the last two: packed or encrypted in a way that zipfile does not know


def _value(root: Element) -> str | None:
    for each in root:
        if each.get("name") == NAME:
            return "".join(each.itertext())
    return None


def _small(archive: ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > _MAX_BYTES:
        raise ValueError("a part of unusual size")
    return archive.read(name)


def _exchanged(part: bytes, value: str) -> bytes | None:
    if len(part) > _MAX_BYTES:
        return None
    rest = _OURS.sub(b"", part)
    used = [int(found) for found in _ID.findall(rest)]
    number = max([_FIRST_ID - 1, *used]) + 1
    # The prefix of the types is declared in the property itself, since the part may use another.
    return _before_end(rest, b"</Properties>", _property(value, number))


def _before_end(part: bytes, end: bytes, addition: str) -> bytes | None:
    """The addition before the last end tag; ASCII, so that it fits every encoding with that tag."""
    head, tag, tail = part.rpartition(end)
    return head + addition.encode("ascii") + tag + tail if tag else None


def _property(value: str, number: int) -> str:
    return (
        f'<property fmtid="{_FORMAT}" pid="{number}" name="{NAME}">'
        f'<vt:lpwstr xmlns:vt="{_TYPES}">{escape(value)}</vt:lpwstr></property>'
    )
