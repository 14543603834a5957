"""Notes of our own at cells of a sheet, known again by how they begin.

A note stands in two parts: its text in one of comments, its yellow box in one of VML, which Excel
still wants (ECMA-376 part 1, 18.7, and part 4, 8.2). What people have written there stays.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bulk_loader.spreadsheets.references import column_letters, column_position
from bulk_loader.spreadsheets.xlsx.edit.cell_markup import escaped_text

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_AUTHOR = "bulk-loader"
_BEGIN = f"{_AUTHOR}:\n"

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NO_COMMENTS = (
    f'{_DECLARATION}<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<authors></authors><commentList></commentList></comments>"
).encode()
_NAMESPACES = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_NO_BOXES = (
    f'<xml {_NAMESPACES}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/>'
    "</o:shapelayout></xml>"
).encode()
_SHAPE_TYPE = (
    f'<v:shapetype {_NAMESPACES} id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)

_COMMENT = re.compile(
    rb'<((?:[\w.-]++:)?)comment\s[^<>]*?\bref="([A-Z]{1,3})(\d{1,7})"[^<>]*+>'
    rb"((?:(?!</?+\1comment[\s>]).)*+)</\1comment>",
    re.DOTALL,
)
_TAGS = re.compile(rb"<[^<>]*+>")
_AUTHOR_NAME = re.compile(rb"<(?:[\w.-]++:)?author(?:/|\s[^<>]*+)?>([^<>]*+)")
_SHAPE = re.compile(rb"<((?:[\w.-]++:)?shape)\s(?:(?!</?+\1[\s>]).)*+</\1>", re.DOTALL)
_ROW = re.compile(rb"[<:]Row>\s*+(\d{1,9})\s*+<")
_COLUMN = re.compile(rb"[<:]Column>\s*+(\d{1,9})\s*+<")
_END_OF_AUTHORS = re.compile(rb"</((?:[\w.-]++:)?)authors\s*+>")
_END_OF_COMMENTS = re.compile(rb"</((?:[\w.-]++:)?)commentList\s*+>")
_END_OF_BOXES = re.compile(rb"</()xml\s*+>")
_TAG_NAME = re.compile(r"<(/?)(?=\w)")
_SHAPE_NUMBER = re.compile(rb"_s(\d{1,9})\"")
_FIRST_SHAPE = 1025  # as Excel numbers them
_HEIGHT_ROWS = 6


class ForeignNotesError(Exception):
    """What stands at the sheet can't be added to for certain."""


class Note(NamedTuple):
    """What is said at one cell; the column counts from 0, the row from 1."""

    row: int
    column: int
    text: str


class NoteParts(NamedTuple):
    """The texts and the boxes of a sheet's notes."""

    comments: bytes = _NO_COMMENTS
    boxes: bytes = _NO_BOXES

    @property
    def is_empty(self) -> bool:
        """Nothing is said at any cell."""
        return _COMMENT.search(self.comments) is None


def with_notes(parts: NoteParts, notes: Sequence[Note]) -> NoteParts:
    """The parts with these notes in place of those of ours; a cell with a note of its own keeps that.

    Raises:
        ForeignNotesError: they are not as spreadsheet programs write them.
    """
    if not notes and f"{_AUTHOR}:".encode() not in parts.comments:
        return parts
    comments, ours, others = _without_ours(parts.comments)
    boxes = _SHAPE.sub(lambda box: b"" if _cell_of(box[0]) in ours else box[0], parts.boxes)
    added = [note for note in notes if (note.row, note.column) not in others]
    return NoteParts(_with_texts(comments, added), _with_boxes(boxes, added))


def _without_ours(comments: bytes) -> tuple[bytes, Collection[object], Collection[object]]:
    """The texts of others, the cells with ours, and the cells with theirs."""
    ours: set[tuple[int, int]] = set()
    others: set[tuple[int, int]] = set()

    def kept(comment: re.Match[bytes]) -> bytes:
        is_ours = _TAGS.sub(b"", comment[4]).strip().startswith(f"{_AUTHOR}:".encode())
        cell = int(comment[3]), column_position(comment[2].decode())
        (ours if is_ours else others).add(cell)
        return b"" if is_ours else comment[0]

    return _COMMENT.sub(kept, comments), ours, others


def _cell_of(box: bytes) -> tuple[int, int] | None:
    row, column = _ROW.search(box), _COLUMN.search(box)
    return (int(row[1]) + 1, int(column[1])) if row and column else None


def _with_texts(comments: bytes, notes: Sequence[Note]) -> bytes:
    if not notes:
        return comments
    authors = [name[1].decode("utf-8", "replace") for name in _AUTHOR_NAME.finditer(comments)]
    if _AUTHOR not in authors:
        added = f"<author>{_AUTHOR}</author>"
        comments = _before_end(comments, _END_OF_AUTHORS, added)
        authors.append(_AUTHOR)
    number = authors.index(_AUTHOR)
    texts = "".join(
        f'<comment ref="{column_letters(note.column)}{note.row}" authorId="{number}"><text><r>'
        f'<t xml:space="preserve">{escaped_text(_BEGIN + note.text)}</t></r></text></comment>'
        for note in notes
    )
    return _before_end(comments, _END_OF_COMMENTS, texts)


def _with_boxes(boxes: bytes, notes: Sequence[Note]) -> bytes:
    if not notes:
        return boxes
    first = max([_FIRST_SHAPE - 1, *map(int, _SHAPE_NUMBER.findall(boxes))]) + 1
    shapes = "".join(
        # The part may know these names by other prefixes.
        f'<v:shape {_NAMESPACES} id="_x0000_s{number}" type="#_x0000_t202" '
        'style="position:absolute;width:220pt;height:80pt;visibility:hidden" '
        'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
        '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"/>'
        f'<x:ClientData ObjectType="Note"><x:Anchor>{_anchor(note)}</x:Anchor>'
        f"<x:AutoFill>False</x:AutoFill><x:Row>{note.row - 1}</x:Row>"
        f"<x:Column>{note.column}</x:Column></x:ClientData></v:shape>"
        for number, note in enumerate(notes, first)
    )
    kind = "" if b'id="_x0000_t202"' in boxes else _SHAPE_TYPE
    return _before_end(boxes, _END_OF_BOXES, kind + shapes)


def _anchor(note: Note) -> str:
    """Where the box is: from the cell at the right, some rows high and three columns wide."""
    top = max(note.row - 2, 0)
    return f"{note.column + 1}, 12, {top}, 8, {note.column + 4}, 12, {top + _HEIGHT_ROWS}, 8"


def _before_end(part: bytes, end_tag: re.Pattern[bytes], addition: str) -> bytes:
    """The part with more elements at the end of one, written as those around them."""
    end = end_tag.search(part)
    if end is None:
        raise ForeignNotesError
    written = _TAG_NAME.sub(rf"<\1{end[1].decode()}", addition) if end[1] else addition
    return part[: end.start()] + written.encode() + part[end.start() :]
