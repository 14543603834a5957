"""A sheet in any dialect of XML, rewritten through a parser into the plain one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from bulk_loader.spreadsheets.markup import (
    MarkupError,
    SafeParser,
    check_depth,
    is_on,
    local_name,
)
from bulk_loader.spreadsheets.merges import MAX_MERGES
from bulk_loader.spreadsheets.references import (
    MAX_COLUMNS,
    ColumnSet,
    column_letters,
    column_position,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

# Excel's last cell is XFD1048576; what lies beyond is left to the limits.
_REFERENCE = re.compile(r"[A-Z]{1,4}[0-9]{1,9}")
_NUMBER = re.compile(r"[0-9]{1,9}")
_WORD = re.compile(r"\w+", re.ASCII)
_DIGITS = "0123456789"

END_OF_ROW = "</row>"
"""Behind every row in the plain dialect; a row without cells that is closed at once has none."""


@dataclass(slots=True)
class Surroundings:
    """What a sheet says besides its rows.

    Attributes:
        merges: references such as `A2:A5`.
        hidden_columns: those that nobody sees.
    """

    merges: list[str] = field(default_factory=list)
    hidden_columns: ColumnSet = field(default_factory=ColumnSet)

    def clear(self) -> None:
        """Forget all, before the sheet is read anew."""
        self.merges.clear()
        self.hidden_columns.clear()

    def note(self, name: str, attributes: dict[str, str], around: list[str]) -> None:
        """Take in an element, as `markup.Walker` tells of it."""
        if name == "mergeCell" and around[-1:] == ["mergeCells"]:
            self.merges.append(attributes.get("ref", "").upper())
            if len(self.merges) > MAX_MERGES:
                raise MarkupError(f"more than {MAX_MERGES:,} groups of cells in it are merged")
        elif name == "col" and is_on(attributes.get("hidden")):
            first, last = (int(attributes.get(key, "1")) - 1 for key in ("min", "max"))
            self.hidden_columns.add(first, last)


def any_pieces(chunks: Iterable[bytes], surroundings: Surroundings) -> Iterator[str]:
    """The rows of a sheet in any dialect of XML, rewritten into the plain one, some at a time.

    Raises:
        MarkupError: the sheet is broken, cut short or not to be trusted.
    """
    rewriter = _Rewriter(surroundings)
    for chunk in chunks:
        yield rewriter.feed(chunk)
    rewriter.close()


class _Rewriter:
    """Turns the events of a parser into rows of the plain dialect."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._note = surroundings.note
        self._around: list[str] = []
        self._rows: list[str] = []
        self._number = 0
        self._is_hidden = False
        self._position = -1
        self._cells: list[str] = []
        self._cell = ""
        self._texts: dict[str, list[str]] = {}
        self._parser = SafeParser(self._start, self._end, self._text)

    def feed(self, chunk: bytes) -> str:
        """The rows with contents that these bytes complete."""
        self._parser.feed(chunk)
        rows, self._rows = self._rows, []
        return "".join(rows)

    def close(self) -> None:
        """Nothing follows."""
        self._parser.close()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = local_name(name)
        parent = self._around[-1] if self._around else "sheetData"
        if local == "row" and parent == "sheetData":
            self._number = _row_number(attributes.get("r"), self._number + 1)
            self._is_hidden = is_on(attributes.get("hidden"))
            self._position = -1
            self._cells = []
        elif local == "c" and parent == "row":
            self._begin_cell(attributes)
        elif parent == "c":
            self._texts[local] = []
        elif not (self._around and "row" in self._around):
            self._note(local, attributes, self._around)
        self._around.append(local)
        check_depth(len(self._around))

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        given = attributes.get("r")
        if given is not None:
            given = given.upper()  # other programs take small letters too
        if given is not None and not _REFERENCE.fullmatch(given):
            raise MarkupError(f"it has a cell with the reference {given[:20]}")
        self._position = (
            self._position + 1 if given is None else column_position(given.rstrip(_DIGITS))
        )
        reference = f"{column_letters(self._position)}{self._number}"
        others = ""
        for name in "st":
            value = attributes.get(name)
            if value is not None and not _WORD.fullmatch(value):
                raise MarkupError(f"its cell {reference} has the attribute {name}={value[:20]}")
            others += "" if value is None else f' {name}="{value}"'
        self._cell = f'<c r="{reference}"{others}'
        self._texts = {}

    def _text(self, text: str) -> None:
        around = self._around
        if around[-1] in {"v", "f"} and around[-2:-1] == ["c"]:
            self._texts[around[-1]].append(text)
        elif around[-1] == "t" and "is" in self._texts and "rPh" not in around:
            self._texts["is"].append(text)

    def _end(self, _name: str) -> None:
        local = self._around.pop()
        parent = self._around[-1] if self._around else "sheetData"
        if local == "c" and parent == "row":
            if self._texts:
                self._cells.append(f"{self._cell}>{self._contents()}</c>")
                if len(self._cells) > MAX_COLUMNS:
                    raise MarkupError(f"one of its rows has more than {MAX_COLUMNS:,} cells")
        elif local == "row" and parent == "sheetData" and self._cells:
            hidden = ' hidden="1"' if self._is_hidden else ""
            head = f'<row r="{self._number}"{hidden}>'
            self._rows.append(f"{head}{''.join(self._cells)}{END_OF_ROW}")

    def _contents(self) -> str:
        wrap: dict[str, Callable[[str], str]] = {
            "f": "<f>{}</f>".format,
            "v": "<v>{}</v>".format,
            "is": "<is><t>{}</t></is>".format,
        }
        texts = {name: _escaped("".join(texts)) for name, texts in self._texts.items()}
        # One of value and text inside: a cell with both is broken, and its value counts.
        names = ("f", "v") if "v" in texts else ("f", "is")
        return "".join(wrap[name](texts[name]) for name in names if name in texts)


def _row_number(given: str | None, following: int) -> int:
    if given is None:
        return following
    if not _NUMBER.fullmatch(given):
        raise MarkupError(f"it has a row with the number {given[:20]}")
    return int(given)


def _escaped(text: str) -> str:
    return escape(text, {"\r": "&#13;"})
