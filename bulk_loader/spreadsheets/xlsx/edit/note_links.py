"""How a sheet refers to the parts with its notes."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_loader.spreadsheets.xlsx.edit.notes import ForeignNotesError
from bulk_loader.spreadsheets.xlsx.edit.tail import with_each, with_element

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CONTENT_TYPES = "[Content_Types].xml"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_BOXES_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NO_RELATIONS = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b"</Relationships>"
)
_RELATION = re.compile(rb"<(?:[\w.-]++:)?Relationship\s[^<>]*+>")
_OVERRIDE = re.compile(rb"<(?:[\w.-]++:)?Override\s[^<>]*+>")


@dataclass(frozen=True, slots=True)
class NotePlaces:
    """Where the notes of a sheet stand.

    Attributes:
        comments: name of the part with their texts.
        boxes: name of the part with their boxes.
        identifiers: of both, as the sheet names them.
        are_new: neither of the parts is there.
    """

    comments: str
    boxes: str
    identifiers: tuple[str, str] = ("rIdBulkLoaderNotes", "rIdBulkLoaderBoxes")
    are_new: bool = True


def relations_of(sheet: str) -> str:
    """The part that says what a sheet refers to."""
    folder, name = posixpath.split(sheet)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def places_of(sheet: str, references: Mapping[str, tuple[str, str]]) -> NotePlaces:
    """Where the notes of a sheet stand, or would.

    Raises:
        ForeignNotesError: what stands in the place of their boxes may be something else.
    """
    by_kind: dict[str, list[tuple[str, str]]] = {"comments": [], "vmlDrawing": []}
    for identifier, (kind, part) in references.items():
        by_kind.setdefault(kind, []).append((identifier, part))
    comments, boxes = by_kind["comments"], by_kind["vmlDrawing"]
    if not comments and not boxes:
        stem = posixpath.basename(sheet).partition(".")[0]
        return NotePlaces(f"xl/notes-{stem}.xml", f"xl/drawings/notes-{stem}.vml")
    if len(comments) != 1 or len(boxes) != 1:
        raise ForeignNotesError
    identifiers = comments[0][0], boxes[0][0]
    return NotePlaces(comments[0][1], boxes[0][1], identifiers, are_new=False)


def with_links(
    relations: bytes | None, types: bytes, places: NotePlaces
) -> tuple[bytes, bytes] | None:
    """What the sheet refers to, and of what kind each part is, with the new parts of its notes.

    Returns:
        None where that is not written as spreadsheet programs do it.
    """
    kinds = zip(
        places.identifiers,
        ("comments", "vmlDrawing"),
        (places.comments, places.boxes),
        strict=True,
    )
    added = "".join(
        f'<Relationship Id="{identifier}" Type="{_KINDS}/{kind}" Target="/{part}"/>'
        for identifier, kind, part in kinds
    )
    overrides = (
        f'<Override PartName="/{places.comments}" ContentType="{_COMMENTS_TYPE}"/>'
        f'<Override PartName="/{places.boxes}" ContentType="{_BOXES_TYPE}"/>'
    )
    linked = _before_end(relations or _NO_RELATIONS, b"</Relationships>", added)
    typed = _before_end(types, b"</Types>", overrides)
    return None if linked is None or typed is None else (linked, typed)


def without_links(relations: bytes, types: bytes, places: NotePlaces) -> tuple[bytes, bytes]:
    """The same where a sheet loses its notes."""
    ids = [f'Id="{identifier}"'.encode() for identifier in places.identifiers]
    names = [f'"/{part}"'.encode() for part in (places.comments, places.boxes)]
    relations = _RELATION.sub(lambda found: _kept(found, ids), relations)
    types = _OVERRIDE.sub(lambda found: _kept(found, names), types)
    return relations, types


def _kept(found: re.Match[bytes], dropped: Iterable[bytes]) -> bytes:
    return b"" if any(text in found[0] for text in dropped) else found[0]


def with_notes_link(tail: bytes, prefix: bytes, identifier: str) -> bytes | None:
    """What stands behind the rows of a sheet with its notes; "" for no notes any more.

    Returns:
        None where there is no certain place for it.
    """
    tail = with_each(tail, prefix, "legacyDrawing", lambda _old: b"")
    if not identifier:
        return tail
    markup = f'<{prefix.decode()}legacyDrawing xmlns:r="{_KINDS}" r:id="{identifier}"/>'.encode()
    return with_element(tail, prefix, "legacyDrawing", markup)


def _before_end(part: bytes, end: bytes, addition: str) -> bytes | None:
    head, tag, tail = part.rpartition(end)
    return head + addition.encode() + tag + tail if tag else None
