"""A document property of our own in a workbook, which spreadsheet programs keep.

Source: ECMA-376, part 2 (packages) and part 1, 22.3 (custom properties).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from bulk_loader.errors import SourceError
from bulk_loader.spreadsheets.limits import Limits
from bulk_loader.spreadsheets.package import Package

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAME = "bulk-loader"

PART = "docProps/custom.xml"
_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_KIND = "custom-properties"
_RELATION = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{_KIND}"

CONTENT_TYPES = "[Content_Types].xml"
RELATIONS = "_rels/.rels"

# These parts have some kilobytes; a workbook in which one is larger keeps no property of ours.
_MAX_BYTES = 1 << 20

_SCHEMA = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_FIRST_ID = 2  # 0 and 1 are reserved

_BEGIN = re.compile(rb'<property\b((?:[^<>"]|"[^"<]*+")*+)>')
_OUR_NAME = re.compile(rb'\sname="bulk-loader"')
_END = b"</property>"
_LONGEST = 8192  # bytes of a value of ours, with what stands around it
_ID = re.compile(rb'\bpid="(\d{1,9})"')

OVERRIDE = f'<Override PartName="/{PART}" ContentType="{_TYPE}"/>'
RELATIONSHIP = f'<Relationship Id="rIdBulkLoader" Type="{_RELATION}" Target="{PART}"/>'


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


def is_ours(part: bytes) -> bool:
    """Whether a `PART` has the property."""
    return any(_OUR_NAME.search(begin[1]) for begin in _BEGIN.finditer(part))


def read_property(path: Path) -> str | None:
    """The value in a workbook; None where there is none, or no workbook."""
    found: list[list[str]] = []
    is_ours = False

    def on_start(_name: str, attributes: dict[str, str], around: list[str]) -> None:
        nonlocal is_ours
        if len(around) == 1:
            is_ours = attributes.get("name") == NAME
            if is_ours:
                found.append([])

    def on_text(text: str, around: list[str]) -> None:
        if is_ours and len(around) > 1:
            found[-1].append(text)

    try:
        with Package(path, Limits(max_unpacked_bytes=2 * _MAX_BYTES)) as package:
            references = package.references("").values()
            part = next((target for kind, target in references if kind == _KIND), None)
            if part is not None:
                package.walk(part, on_start, on_text)
    except (OSError, SourceError):
        return None
    return "".join(found[0]) if found else None


def _exchanged(part: bytes, value: str) -> bytes | None:
    if len(part) > _MAX_BYTES:
        return None
    rest = _without_ours(part)
    used = [int(found) for found in _ID.findall(rest)]
    number = max([_FIRST_ID - 1, *used]) + 1
    # The prefix of the types is declared in the property itself, since the part may use another.
    return _before_end(rest, b"</Properties>", _property(value, number))


def _without_ours(part: bytes) -> bytes:
    kept, at = [], 0
    for begin in _BEGIN.finditer(part):
        if begin.start() >= at and _OUR_NAME.search(begin[1]):
            end = part.find(_END, begin.end(), begin.end() + _LONGEST)
            if end >= 0:
                kept.append(part[at : begin.start()])
                at = end + len(_END)
    return b"".join([*kept, part[at:]])


def _before_end(part: bytes, end: bytes, addition: str) -> bytes | None:
    """The addition before the last end tag; ASCII, so that it fits every encoding with that tag."""
    head, tag, tail = part.rpartition(end)
    return head + addition.encode("ascii") + tag + tail if tag else None


def _property(value: str, number: int) -> str:
    return (
        f'<property fmtid="{_FORMAT}" pid="{number}" name="{NAME}">'
        f'<vt:lpwstr xmlns:vt="{_TYPES}">{escape(value)}</vt:lpwstr></property>'
    )
