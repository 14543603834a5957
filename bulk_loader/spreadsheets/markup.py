"""XML from outside, read without trusting it: no document types, no entities, bounded depth."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sized

OnStart: TypeAlias = "Callable[[str, dict[str, str], list[str]], None]"
OnText: TypeAlias = "Callable[[str, list[str]], None]"

# Parts of a workbook nest about ten deep; charts, which are not read, some twenty.
MAX_DEPTH = 64

# One row or text, as markup; Excel's widest row of numbers takes about 1 MB.
MAX_ELEMENT_BYTES = 16_777_216

# A parser looks at an unfinished tag or comment anew with all that comes, so that long ones cost
# the square of their length. The longest tags of real workbooks have some kilobytes.
_MAX_TAG_BYTES = 2_097_152

# Excel takes 65,490 cell formats, and far fewer of anything else.
_MOST_LISTED = 100_000

PLAIN_PROLOG = (
    rb"(?:\xef\xbb\xbf)?+\s*+"
    rb"(?:<\?xml(?:(?!encoding)[^<>?])*+(?:encoding=[\"'][uU][tT][fF]-8[\"'][^<>?]*+)?+\?>)?+\s*+"
)
"""A pattern for what stands before the root of a part written in UTF-8."""

# Python refuses to read numbers of thousands of digits.
_REFERENCE = re.compile(r"&(?:#([0-9]{1,20})|#x([0-9a-fA-F]{1,20})|(amp|lt|gt|quot|apos));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_LAST_CHARACTER = 0x10FFFF


class MarkupError(Exception):
    """XML that is broken, cut short or not to be trusted; the message is a clause for a user."""


class UnusualMarkupError(Exception):
    """XML that only the exact way can read; not an error of the file."""


class Walker:
    """Walks through one XML part and tells of each element as it begins.

    Args:
        on_start: gets the local name, the attributes as written, and the local names of the
            elements around it, the outermost first.
        on_text: gets each text, and the local names of the elements around it.
    """

    def __init__(self, on_start: OnStart, on_text: OnText | None = None) -> None:
        self._on_start = on_start
        self._around: list[str] = []
        self._parser = SafeParser(
            self._start,
            self._end,
            None if on_text is None else lambda text: on_text(text, self._around),
        )

    def feed(self, chunk: bytes) -> None:
        """Walk through the next bytes.

        Raises:
            MarkupError: they are not well-formed, or not to be trusted.
        """
        self._parser.feed(chunk)

    def close(self) -> None:
        """Nothing follows.

        Raises:
            MarkupError: the part is cut short.
        """
        self._parser.close()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = local_name(name)
        self._on_start(local, attributes, self._around)
        self._around.append(local)
        check_depth(len(self._around))

    def _end(self, _name: str) -> None:
        self._around.pop()


def walk(chunks: Iterable[bytes], on_start: OnStart, on_text: OnText | None = None) -> None:
    """Tell of each element of a whole part, and of its texts; see `Walker`.

    Raises:
        MarkupError: the part is broken, cut short or not to be trusted.
    """
    walker = Walker(on_start, on_text)
    for chunk in chunks:
        walker.feed(chunk)
    walker.close()


class SafeParser:
    """A parser that refuses document types, and with them every entity of the file's own.

    Args:
        on_start: gets the name and the attributes of each element, as written.
        on_end: gets the name.
        on_text: gets each text.

    Raises:
        MarkupError: from every method, where the bytes are not well-formed or not to be trusted.
    """

    def __init__(
        self,
        on_start: Callable[[str, dict[str, str]], object],
        on_end: Callable[[str], object],
        on_text: Callable[[str], object] | None,
    ) -> None:
        self._fed = 0
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = _refuse_document_type
        self._parser.StartElementHandler = on_start
        self._parser.EndElementHandler = on_end
        if on_text is not None:
            self._parser.CharacterDataHandler = on_text

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""
        self._parse(chunk, is_final=False)
        self._fed += len(chunk)
        if self._fed - self._parser.CurrentByteIndex > _MAX_TAG_BYTES:
            raise MarkupError("a single tag of its XML takes megabytes")

    def close(self) -> None:
        """Nothing follows."""
        self._parse(b"", is_final=True)

    def _parse(self, chunk: bytes, *, is_final: bool) -> None:
        try:
            self._parser.Parse(chunk, is_final)
        except (expat.ExpatError, LookupError, ValueError) as error:
            # Besides its own error: an encoding that Python does not know, or not for text.
            raise MarkupError(f"its XML is broken ({error})") from error


def check_depth(depth: int) -> None:
    """Refuse elements inside elements without end."""
    if depth > MAX_DEPTH:
        raise MarkupError(f"its XML is nested more than {MAX_DEPTH} deep")


def require_few(listed: Sized, noun: str) -> None:
    """Refuse lists without end of what a workbook has some thousands of at most."""
    if len(listed) > _MOST_LISTED:
        raise MarkupError(f"it lists more than {_MOST_LISTED:,} {noun}")


def local_name(name: str) -> str:
    """A name without its prefix: `x:row` is `row`."""
    return name.rpartition(":")[2]


def is_on(value: str | None) -> bool:
    """A truth value as attributes have it."""
    return value in {"1", "true", "on"}


def plain_text(markup: bytes) -> str:
    """Markup as text, with the line ends that a parser gives.

    Raises:
        UnusualMarkupError: it has comments, CDATA or processing instructions, or is no UTF-8.
    """
    if b"<!" in markup or b"<?" in markup:
        raise UnusualMarkupError
    try:
        text = markup.decode()
    except UnicodeDecodeError as error:
        raise UnusualMarkupError from error
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def unescaped(text: str) -> str:
    """The text behind `&amp;` and its like."""
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if name:
        return _NAMED[name]
    number = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(number) if number <= _LAST_CHARACTER else match[0]


def _refuse_document_type(*_details: object) -> None:
    raise MarkupError("its XML has a document type, which no spreadsheet program writes")
