"""The bytes of a text file become lines, decoded strictly and in bounded memory."""

from __future__ import annotations

import codecs
import io
from typing import TYPE_CHECKING

from bulk_loader.errors import SourceError
from bulk_loader.reading.text.encodings import BLOCK_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bulk_loader.reading.text.encodings import Encoding

# Programs of the DOS age end a text with it.
END_OF_TEXT = "\x1a"


def read_lines(path: Path, encoding: Encoding, max_length: int) -> Iterator[str]:
    r"""The lines of a file with their ends, which are `\n`, `\r\n` or `\r`.

    The built-in text files are not used, as they hold a line of any length in memory.

    Raises:
        SourceError: a line has more than `max_length` characters.
        UnicodeError: the next line holds a byte that the encoding has not.
    """
    decoder = codecs.getincrementaldecoder(encoding.codec)("strict")
    rest = ""
    with path.open("rb") as stream:
        stream.seek(len(encoding.mark))
        while block := stream.read(BLOCK_BYTES):
            try:
                text = rest + decoder.decode(block)
            except UnicodeDecodeError as error:
                yield from _whole_lines(rest + _before(error, encoding.codec))
                raise
            # A `\r` at the very end may be the first half of `\r\n`.
            cut = text.rfind("\n") + 1 or text.rfind("\r", 0, -1) + 1
            yield from io.StringIO(text[:cut], newline="")
            rest = text[cut:]
            if len(rest) > max_length:
                raise too_long_error(max_length)
        rest += decoder.decode(b"", final=True)
    if rest != END_OF_TEXT:
        yield from io.StringIO(rest, newline="")


def too_long_error(max_length: int, row: int | None = None) -> SourceError:
    """For text that goes on and on without the end of a row."""
    where = "A row of the file" if row is None else f"Row {row} of the file"
    return SourceError(
        f"{where} is longer than {max_length:,} characters.",
        "Such a file is no list of leads, or a quote is opened in it that is never closed.",
        "Open the file in a spreadsheet program, look at it, and save it anew as CSV.",
    )


def _before(error: UnicodeDecodeError, codec: str) -> str:
    return error.object[: error.start].decode(codec, "ignore")


def _whole_lines(text: str) -> Iterator[str]:
    for line in io.StringIO(text, newline=""):
        if line.endswith(("\n", "\r")):
            yield line
