"""The rows of a sheet, as markup in one dialect of XML, streamed in bounded memory.

Nearly every program writes a sheet in the same plain dialect, in which a row can be cut out
and its cells found by one pattern, several times faster than through a parser. Whatever is
written in another way (prefixes, comments, rich text, cells without references) is rewritten
into that dialect through a parser, so that there is one way to understand a row.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from bulk_loader.spreadsheets.markup import (
    MAX_ELEMENT_BYTES,
    PLAIN_PROLOG,
    MarkupError,
    UnusualMarkupError,
    Walker,
    is_on,
    plain_text,
)
from bulk_loader.spreadsheets.xlsx.rewriting import END_OF_ROW, Surroundings, any_pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CELL = re.compile(
    r'<c r="([A-Z]+)[0-9]+"([^<>]*?)(?:/>|>'
    r'(<f(?:\s[^<>]*)?(?:/>|>[^<]*</f>)(?:<v(?: xml:space="preserve")?(?: ?/>|></v>)(?=</c>))?)?'
    r'(?:<v(?: xml:space="preserve")?>([^<]*)</v>|<v ?/>'
    r'|<is><t(?: xml:space="preserve")?>([^<]*)</t></is>)?</c>)'
)
"""A cell in the plain dialect: letters, other attributes, formula, value, text inside.

A value that is empty stands with its formula, which tells it from one that is not there.
"""

Cell: TypeAlias = tuple[str, str, str, str, str]

_TEXT_RESULT = 't="str"'
_ENDS_WITH_VALUE = re.compile(r"(?:</v>|<v[^<>]*/>)\Z")

_ROW = re.compile(r'<row r="([0-9]{1,9})"([^<>]*)>')
_HIDDEN = re.compile(r'\shidden="([^"]*)"')
_EMPTY_ROWS = re.compile(rb"(?:\s*+<row[^<>]*+(?<=/)>)++")
_HEAD = re.compile(PLAIN_PROLOG + rb"<worksheet\s")

# What stands before the rows is short: widths of columns, views.
_MAX_HEAD_BYTES = 1_048_576


def all_cells(markup: str) -> list[Cell]:
    """The cells that a row lists, in the order of the file."""
    cells: list[Cell] = CELL.findall(markup)
    # A row inside a row is broken markup, as the parser will say.
    if len(cells) == markup.count("<c") and markup.count("<row") == 1:
        return cells
    return rewritten_cells(markup)


def rewritten_cells(markup: str) -> list[Cell]:
    """The cells of a row in any dialect, with their attributes in the plain one."""
    pieces = any_pieces([f"{markup}{END_OF_ROW}".encode()], Surroundings())
    return [cell for piece in pieces for cell in CELL.findall(piece)]


def is_empty_result(attributes: str, formula: str) -> bool:
    """Whether a formula without a value has the empty text for its result.

    Excel and LibreOffice store that as `<v></v>` of the type `str`. No `<v>` at all is a result that
    was never computed, and so is an empty one of a number, as openpyxl writes it for every formula.
    """
    return _TEXT_RESULT in attributes and bool(_ENDS_WITH_VALUE.search(formula))


def plain_pieces(chunks: Iterable[bytes], surroundings: Surroundings) -> Iterator[str]:
    """The markup of the rows of a sheet in the plain dialect, some whole rows at a time.

    Rows that have a format only may be missing.

    Args:
        surroundings: filled in as the sheet is read; complete at the end.

    Raises:
        UnusualMarkupError: the sheet is not in the plain dialect; start again with `any_pieces`.
        MarkupError: it is broken, cut short or not to be trusted.
    """
    walker = Walker(surroundings.note)
    waiting, is_in_rows, is_after_rows = b"", False, False
    for chunk in chunks:
        if is_after_rows:
            walker.feed(chunk)
            continue
        waiting += chunk
        if not is_in_rows:
            begin = _begin_of_rows(waiting)
            if begin == 0:
                continue
            walker.feed(waiting[:begin])
            waiting, is_in_rows = waiting[begin:], True
        end = waiting.find(b"</sheetData")
        if end >= 0:
            walker.feed(waiting[end:])
            waiting, is_after_rows = waiting[:end], True
        cut = waiting.rfind(END_OF_ROW.encode()) + len(END_OF_ROW)
        if cut >= len(END_OF_ROW):
            yield plain_text(waiting[:cut])
            waiting = waiting[cut:]
        waiting = _without_empty_rows(waiting)
    if not is_after_rows or waiting.strip():
        raise UnusualMarkupError
    walker.close()


def _begin_of_rows(head: bytes) -> int:
    """Where the rows begin; 0 while that has not been read yet."""
    begin = head.find(b"<sheetData>") + len(b"<sheetData>")
    if begin >= len(b"<sheetData>"):
        if not _HEAD.match(head) or b"<!" in head[:begin]:
            raise UnusualMarkupError
        return begin
    if len(head) > _MAX_HEAD_BYTES:
        raise UnusualMarkupError
    return 0


def _without_empty_rows(waiting: bytes) -> bytes:
    """What is left of an unfinished piece without rows that have only a format.

    Such rows come in their millions, where somebody has formatted whole columns.
    """
    if len(waiting) > MAX_ELEMENT_BYTES:
        raise MarkupError("a single row of it takes many megabytes")
    empty = _EMPTY_ROWS.match(waiting)
    return waiting[empty.end() :] if empty else waiting


def cut_row(piece: str, at: int) -> tuple[int, bool, str, int]:
    """The next row of a piece, to be read cell by cell.

    Returns:
        The row's number, whether it is hidden, its markup without the end tag, and where in the
        piece the next row begins. A row without cells has an empty markup.

    Raises:
        UnusualMarkupError: the row is not in the plain dialect.
    """
    end = piece.find(END_OF_ROW, at)
    markup = piece[at:end].lstrip()
    following = end + len(END_OF_ROW)
    if end < 0 or "</row" in markup:  # `</row >` would join two rows
        raise UnusualMarkupError
    # Without end tags there are cells with a format only, unless these are written strangely.
    if "</c>" not in markup and any(content in markup for content in ("<v", "<f", "<is")):
        raise UnusualMarkupError
    if "<c" not in markup:
        return 0, False, "", following
    head = _ROW.match(markup)
    if head is None or head[2].endswith("/"):  # rows without cells stand before it
        head = _ROW.match(markup, markup.rfind("<row"))
    if head is None or "<c" in markup[: head.start()]:
        raise UnusualMarkupError
    return int(head[1]), is_hidden(head[2]), markup[head.start() :], following


@lru_cache(256)  # rows have few attributes, and mostly the same
def is_hidden(attributes: str) -> bool:
    """Whether a row with these attributes is hidden.

    Raises:
        UnusualMarkupError: they are written in a way that only a parser understands.
    """
    if "hidden" not in attributes:
        return False
    match = _HIDDEN.search(attributes)
    if match is None:
        raise UnusualMarkupError
    return is_on(match[1])
