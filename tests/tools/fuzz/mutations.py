"""Files are made odd: bytes, text and the parts of archives, each from a seed."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

    Mutation = Callable[["Mutator", bytes], bytes]

# Bytes that mean something to a reader of text.
TEXT_TOKENS = (
    b'"', b'""', b"'", b",", b";", b"\t", b"|", b"\n", b"\r", b"\r\n", b"\0", b"\x1a", b"\\",
    b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff", b"\xc3", b"\xc2\xa0", b"\xe2\x80\x8f",
    b"sep=;\n", b"=1+1", b"'=1", b"#example", b"dialer_result", b"dialer_status", b"dialer_error",
    b"0991234567", b"5.21551E+12", b"\n\n\n", b"\xf0\x9f\x98\x80", b"\xed\xa0\x80", b" ",
)  # fmt: skip

# Bytes that mean something to a reader of workbooks.
XML_TOKENS = (
    b"<", b">", b"/>", b"&", b"&amp;", b"&#0;", b"&#x10FFFF;", b"&#10;", b"&nope;", b"<!--", b"-->",
    b"<![CDATA[", b"]]>", b"<!DOCTYPE x>", b'<?xml version="1.0" encoding="UTF-16"?>', b"<row/>",
    b"<row>", b"</row>", b'<row r="7">', b"<c/>", b"<c>", b"</c>", b'<c r="B2" t="s">', b"<v>1</v>",
    b"<v/>", b"<f>A1</f>", b"<is><t>x</t></is>", b' hidden="1"', b' r="ZZ9"', b' t="e"', b' s="9"',
    b' xml:space="preserve"', b"<t>", b"<si>", b"</si>", b"</sheetData>", b"\xff", b"\0", b"_x0000_",
    b"_xD800_", b'<mergeCell ref="A1:B9"/>', b"<table:table-row>", b"<text:p>", b"<table:table-cell/>",
    b'<text:s text:c="131072"/>', b'<col min="1" max="16384" hidden="1"/>', b'<mergeCell ref="A2:XFD9"/>',
    b' table:number-rows-repeated="9000000"', b' table:number-columns-repeated="16384"', b"<?x <cols>?>",
)  # fmt: skip

NUMBERS = (
    b"0", b"-1", b"1", b"00", b"255", b"65536", b"1048577", b"2147483648", b"1e999", b"-1e308",
    b"1e-320", b"nan", b"", b"18446744073709551616", b"9" * 40, b"0.1", b"2958466", b"\xd9\xa1",
)  # fmt: skip

# Enough to tell what takes the square of it.
MANY = 20_000

BOMB_BYTES = 120_000_000
# One bomb takes as long as a hundred other cases.
BOMB_SHARE = 0.002

# A bomb is let alone: what is measured here is the reader.
MAX_MUTATED_BYTES = 20_000_000

_NUMBER = re.compile(rb"-?\d+")
_ATTRIBUTE = re.compile(rb'="([^"]{0,200})"')


@dataclass(frozen=True, slots=True)
class Mutator:
    """Makes one odd file of a whole one.

    Attributes:
        chance: where all of its decisions come from.
        others: files of the corpus, to take pieces from.
    """

    chance: random.Random
    others: Sequence[bytes]

    def mutate(self, data: bytes) -> bytes:
        """The file with one to four faults, inside its archive where it is one."""
        for _ in range(self.chance.choice((1, 1, 1, 2, 4))):
            if len(data) > MAX_MUTATED_BYTES:
                break
            if data[:2] == b"PK" and self.chance.random() < 0.95:
                data = self._repacked(data)
            else:
                data = self._mutated(data, TEXT_TOKENS)
        return data

    def _repacked(self, data: bytes) -> bytes:
        """The archive with one part changed, taken out, doubled or blown up."""
        parts = _parts(data)
        if not parts or sum(map(len, parts.values())) > MAX_MUTATED_BYTES:
            return self._mutated(data, TEXT_TOKENS)
        name = self.chance.choice(list(parts))
        roll = self.chance.random()
        if roll < BOMB_SHARE:
            parts[name] = parts[name] + b" " * BOMB_BYTES
        elif roll < 0.05:
            del parts[name]
        elif roll < 0.1:
            parts[name] = parts[self.chance.choice(list(parts))]
        elif roll < 0.2 and (other := _parts(self.chance.choice(self.others))):
            parts[name] = other.get(name) or self.chance.choice(list(other.values()))
        else:
            parts[name] = self._mutated(parts[name], XML_TOKENS)
        return _packed(parts)

    def _mutated(self, data: bytes, tokens: Sequence[bytes]) -> bytes:
        mutation = self.chance.choice(MUTATIONS)
        return mutation(self, data) if mutation else self._with_token(data, tokens)

    def _with_token(self, data: bytes, tokens: Sequence[bytes]) -> bytes:
        place, token = self._place(data), self.chance.choice(tokens)
        end = place + self.chance.choice((0, 0, 1, len(token)))
        return data[:place] + token * self.chance.choice((1, 1, 1, 2, 40, MANY)) + data[end:]

    def _place(self, data: bytes) -> int:
        return self.chance.randrange(len(data) + 1)

    def _piece(self, data: bytes) -> tuple[int, int]:
        begin = self._place(data)
        return begin, min(len(data), begin + self.chance.choice((1, 2, 8, 60, 400)))


def _flip(mutator: Mutator, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(mutator.chance.choice((1, 1, 4, 16)) if data else 0):
        changed[mutator.chance.randrange(len(data))] ^= 1 << mutator.chance.randrange(8)
    return bytes(changed)


def _truncate(mutator: Mutator, data: bytes) -> bytes:
    return data[: mutator._place(data)]


def _cut_out(mutator: Mutator, data: bytes) -> bytes:
    begin, end = mutator._piece(data)
    return data[:begin] + data[end:]


def _repeat(mutator: Mutator, data: bytes) -> bytes:
    begin, end = mutator._piece(data)
    return data[:end] + data[begin:end] * mutator.chance.choice((1, 1, 3, 200)) + data[end:]


def _move(mutator: Mutator, data: bytes) -> bytes:
    begin, end = mutator._piece(data)
    piece, rest = data[begin:end], data[:begin] + data[end:]
    place = mutator._place(rest)
    return rest[:place] + piece + rest[place:]


def _splice(mutator: Mutator, data: bytes) -> bytes:
    other = mutator.chance.choice(mutator.others)
    return data[: mutator._place(data)] + other[mutator._place(other) :]


def _number(mutator: Mutator, data: bytes) -> bytes:
    number = _NUMBER.search(data, mutator._place(data))
    if number is None:
        return _flip(mutator, data)
    return data[: number.start()] + mutator.chance.choice(NUMBERS) + data[number.end() :]


def _attribute(mutator: Mutator, data: bytes) -> bytes:
    """The value of one attribute in the place of another's."""
    given = _ATTRIBUTE.search(data, mutator._place(data))
    taken = _ATTRIBUTE.search(data, mutator._place(data))
    if given is None or taken is None:
        return _number(mutator, data)
    return data[: given.start(1)] + taken[1] + data[given.end(1) :]


# None stands for a token that means something to the reader.
MUTATIONS: Sequence[Mutation | None] = (
    _flip, _truncate, _cut_out, _repeat, _move, _splice, _number, _number, _attribute, None, None,
    None,
)  # fmt: skip


def _parts(data: bytes) -> dict[str, bytes]:
    """What is in an archive; nothing where it is broken already."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, RuntimeError):
        return {}


def _packed(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
