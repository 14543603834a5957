"""In which encoding a text file is written."""

from __future__ import annotations

import codecs
import re
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_loader.errors import SourceError
from bulk_loader.reading.text.letters import differing_words, readings

if TYPE_CHECKING:
    from pathlib import Path

BLOCK_BYTES = 1 << 20

# The longer marks first: the one of UTF-32 begins with the one of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Names that people know better than Python's.
_KNOWN_AS = {
    "cp850": "CP850 (DOS)",
    "mac-roman": "Mac Roman",
    "cp1250": "Windows-1250 (Central European)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "cp1252": "Windows-1252 (Western European)",
    "cp1254": "Windows-1254 (Turkish)",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-8": "UTF-8",
}

# Scripts of which no language is known here; what is detected in them is taken.
_OTHER_SCRIPTS = re.compile(r"[\u0370-\u03ff\u0590-\u06ff\u0e00-\u0e7f\u3040-\u30ff\u3400-\ud7a3]")

# Enough to tell an encoding by, and soon looked through.
_SAMPLE_RUNS = 2000
_SAMPLE_BYTES = 20_000  # beyond ASCII; all letters of a Russian list are
_PLACE = re.compile(rb"[\x80-\xff][\x00-\xff]{0,9}")
_ASCII = bytes(range(0x80))
_FEWEST_OF_A_SCRIPT = 10
_LETTERS = bytes({*range(0x80, 0x100), *string.ascii_letters.encode()})
_CONTEXT_BYTES = 30

# Letters of an 8-bit text seldom look like UTF-8 by chance. Where some do, the file was put together
# from two encodings, and reading it as the other one would send MuÃ±oz for Muñoz in silence.
_MIXED_SHARE = 0.05
# What the lists are written in; two letters of an older code page are one of another script by chance.
_LATIN_OR_CYRILLIC = re.compile(r"[\u00a0-\u017f\u0400-\u045f\u2010-\u203a\u20ac\u2122]+")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the bytes of a text file become characters.

    Attributes:
        codec: name of a Python codec that knows no byte order mark.
        mark: the byte order mark to step over; may be empty.
        notes: what was decided, where it is not plain UTF-8.
    """

    codec: str
    mark: bytes = b""
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The encoding's name as people know it."""
        return _KNOWN_AS.get(self.codec, self.codec)


def find_encoding(path: Path, chosen: str | None) -> Encoding:
    """The encoding of a file: the user's word, a byte order mark, UTF-8, or what fits the letters.

    Raises:
        SourceError: the chosen encoding is unknown, or none fits.
    """
    with path.open("rb") as stream:
        start = stream.read(BLOCK_BYTES)
    marked = _marked(start)
    if chosen is not None:
        return _chosen(chosen, marked)
    if marked is not None:
        return marked
    if (wide := unmarked_utf_16(start)) is not None:
        return wide
    if _is_utf_8(path):
        return Encoding("utf-8")
    return _eight_bit(path)


def _marked(start: bytes) -> Encoding | None:
    for mark, codec in _MARKS:
        if start.startswith(mark):
            return Encoding(codec, mark, () if codec == "utf-8" else (_note(codec, "its mark"),))
    return None


def _chosen(name: str, marked: Encoding | None) -> Encoding:
    try:
        "".encode(name)
        codec = codecs.lookup(name).name
    except (LookupError, UnicodeError, ValueError) as error:
        raise SourceError(
            f'There is no encoding named "{name}".',
            remedy="Take one such as utf-8, utf-16, windows-1252 or cp850, or leave it to be found.",
        ) from error
    if marked is not None and marked.codec.startswith(codec.removesuffix("-sig")):
        return Encoding(marked.codec, marked.mark)
    unmarked = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
    return Encoding(unmarked.get(codec, codec))


def unmarked_utf_16(start: bytes) -> Encoding | None:
    """UTF-16 shows by its NUL bytes: every second byte of Western text is one."""
    head = start[:4096]
    half = max(len(head) // 2, 1)
    even, odd = head[0::2].count(0) / half, head[1::2].count(0) / half
    for codec, filled, empty in (("utf-16-le", even, odd), ("utf-16-be", odd, even)):
        if empty > 0.6 and filled < 0.1:  # noqa: PLR2004 (Western text has about 1.0 and 0.0)
            return Encoding(codec, notes=(_note(codec, "its bytes"),))
    return None


def _is_utf_8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as stream:
            while block := stream.read(BLOCK_BYTES):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _eight_bit(path: Path) -> Encoding:
    sample = _beyond_ascii(path)
    runs = re.findall(rb"[\x80-\xff]+", b"\n".join(sample))
    if sum(map(_is_utf_8_text, runs)) > _MIXED_SHARE * len(runs):
        return Encoding(
            "utf-8"
        )  # with bytes in another encoding, which reading names by their rows
    codec = _by_letters(sample)
    return Encoding(codec, notes=(_note(codec, "its letters"),))


def _note(codec: str, evidence: str) -> str:
    name = Encoding(codec).name
    return f"The text is read as {name}, by {evidence}; --encoding names another."


def _beyond_ascii(path: Path) -> list[bytes]:
    """The first places of the file that are not ASCII, with a little around them."""
    found: list[bytes] = []
    high = 0
    with path.open("rb") as stream:
        while block := stream.read(BLOCK_BYTES):
            for run in _PLACE.finditer(block):
                place = block[max(run.start() - _CONTEXT_BYTES, 0) : run.end() + _CONTEXT_BYTES]
                high += len(place.translate(None, _ASCII))
                found.append(place)
                if len(found) >= _SAMPLE_RUNS or high >= _SAMPLE_BYTES:
                    return found
    return found


def _by_letters(sample: list[bytes]) -> str:
    """The one encoding in which the letters stand as some language has them.

    Raises:
        SourceError: there are several that read differently, or none.
    """
    found = readings(b"\n".join(map(_whole_words, sample)))
    if len(found) == 1:
        return found[0].codec
    if found:
        first, second, *_ = found
        words = differing_words(first.text, second.text)
        raise SourceError(
            f'It is not sure in which encoding the text is written: "{words[0]}" in '
            f'{Encoding(first.codec).name}, or "{words[1]}" in {Encoding(second.codec).name}.',
            "Nothing in the file tells, and both are letters that names are written with.",
            f"Name the one that is right: --encoding {first.codec}, or --encoding {second.codec}.",
        )
    return _detected(b"\n".join(sample))


def _whole_words(place: bytes) -> bytes:
    """A place of the file without the words that are cut at its ends."""
    inner = place.strip(_LETTERS)
    return place if inner.isascii() else inner


def _detected(sample: bytes) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415 (slow to import, seldom needed)

    best = from_bytes(sample).best()
    # A few bytes are letters of some East Asian encoding by chance.
    if best is not None and len(_OTHER_SCRIPTS.findall(str(best))) >= _FEWEST_OF_A_SCRIPT:
        return codecs.lookup(best.encoding).name
    raise SourceError(
        "It can't be told in which encoding the text is written.",
        "Its letters beyond ASCII fit no language that is known here.",
        "Save it as CSV UTF-8, or name its encoding, such as --encoding cp1250.",
    )


def _is_utf_8_text(run: bytes) -> bool:
    try:
        return bool(_LATIN_OR_CYRILLIC.fullmatch(run.decode("utf-8")))
    except UnicodeDecodeError:
        return False
