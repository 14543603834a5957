"""The stream of an .xls: records of a kind and a length, and the texts in them.

Source: Microsoft's [MS-XLS]; for Excel 5 and 95, whose records are nearly the same, OpenOffice's
"Documentation of the Microsoft Excel File Format".
"""

from __future__ import annotations

import codecs
import struct
from typing import TYPE_CHECKING

from bulk_loader.spreadsheets.binary.compound_file import CompoundFileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BOF, EOF, CONTINUE = 0x0809, 0x000A, 0x003C

_WIDE, _EXTENDED, _RICH = 1, 4, 8  # flags of a text of Excel 97 and later
_HEAD_OF_TABLE = 8  # bytes: how many texts there are, twice

# Code pages that Python knows under another name. [MS-XLS], 2.4.52.
_CODE_PAGES = {
    367: "ascii",
    1200: "utf-16-le",
    10000: "mac_roman",
    32768: "mac_roman",
    32769: "cp1252",
}


def records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of one part of a workbook, without those of charts inside."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + length]
        at += 4 + length
        if kind == BOF:
            depth += 1
        elif kind == EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, body


class Texts:
    """Reads texts as the version of the workbook has them.

    Attributes:
        is_narrow: they are bytes of a code page, as before Excel 97; later ones say of themselves
            whether a character takes one byte or two, and their code page means nothing.
        encoding: of narrow ones.
    """

    def __init__(self, *, is_narrow: bool) -> None:
        self.is_narrow = is_narrow
        self.encoding = "cp1252"

    def use_code_page(self, number: int) -> None:
        """Read what follows in this code page.

        Raises:
            CompoundFileError: it is none that is known here.
        """
        name = _CODE_PAGES.get(number, f"cp{number}")
        try:
            self.encoding = codecs.lookup(name).name
        except LookupError as error:
            if self.is_narrow:
                raise CompoundFileError(f"its code page {number} is not known here") from error

    def text(self, bodies: Sequence[bytes], at: int, count_bytes: int) -> str:
        """The text at a place of a record, after its length in one or two bytes.

        Args:
            bodies: of the record, and of those that continue it.

        Raises:
            CompoundFileError: it is cut short.
        """
        count = int.from_bytes(bodies[0][at : at + count_bytes], "little")
        if not self.is_narrow:
            pieces = _Pieces(bodies, at + count_bytes)
            return pieces.characters(count, pieces.number(1))
        content = b"".join(bodies)[at + count_bytes :][:count]
        if len(content) < count:
            raise CompoundFileError("a text is cut short")
        return content.decode(self.encoding, "replace")


def shared_texts(bodies: Sequence[bytes]) -> Iterator[str]:
    """The texts of a table that is spread over several records, as far as they are there."""
    pieces = _Pieces(bodies, _HEAD_OF_TABLE)
    while not pieces.is_at_end:
        try:
            count, flags = pieces.number(2), pieces.number(1)
            runs = pieces.number(2) if flags & _RICH else 0
            further = pieces.number(4) if flags & _EXTENDED else 0
            text = pieces.characters(count, flags)
            pieces.skip(4 * runs + further)
        except CompoundFileError:
            return  # a cell that asks for one of the rest is named as damaged
        yield text


class _Pieces:
    """A long record in its pieces; text that goes on in another one says anew how wide it is."""

    def __init__(self, bodies: Sequence[bytes], at: int) -> None:
        self._bodies = bodies
        self._place = 0
        self._at = at

    @property
    def is_at_end(self) -> bool:
        """Whether nothing follows."""
        while self._place < len(self._bodies) and self._at >= len(self._bodies[self._place]):
            self._at -= len(self._bodies[self._place])
            self._place += 1
        return self._place >= len(self._bodies)

    def number(self, size: int) -> int:
        """A number of so many bytes."""
        return int.from_bytes(bytes(self._byte() for _ in range(size)), "little")

    def skip(self, count: int) -> None:
        """Pass over so many bytes."""
        self._at += count

    def characters(self, count: int, flags: int) -> str:
        """A text of so many characters."""
        found: list[str] = []
        while count:
            if self.is_at_end:
                raise CompoundFileError("a text is cut short")
            if found:
                flags = self._byte()
            body, size = self._bodies[self._place], 1 + (flags & _WIDE)
            content = body[self._at : self._at + count * size]
            if len(content) < size:
                raise CompoundFileError("a text is cut short")
            # Surrogates, as a pair may be cut in two.
            encoding = "utf-16-le" if flags & _WIDE else "latin-1"
            found.append(content[: len(content) // size * size].decode(encoding, "surrogatepass"))
            self._at += len(content)
            count -= len(content) // size
        whole = "".join(found).encode("utf-16-le", "surrogatepass")
        return whole.decode("utf-16-le", "replace")

    def _byte(self) -> int:
        if self.is_at_end:
            raise CompoundFileError("a text is cut short")
        self._at += 1
        return self._bodies[self._place][self._at - 1]
