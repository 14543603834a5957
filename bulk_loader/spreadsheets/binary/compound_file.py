"""The container of .xls files: a small file system inside a file (Microsoft's [MS-CFB])."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SIGNATURE = bytes.fromhex("D0CF11E0A1B11AE1")
_HEADER_BYTES = 512
_ENTRY_BYTES = 128
_LAST_REGULAR = 0xFFFFFFFA
_IN_HEADER = 109  # places of the allocation table that the header lists itself
_STREAM, _ROOT = 2, 5


class CompoundFileError(Exception):
    """The container is broken, or what is in it; the message is a clause for a user."""

    def __init__(self, why: str = "its inner directory is broken or cut short") -> None:
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    kind: int
    start: int
    size: int


class CompoundFile:
    """A container whose streams can be taken out.

    Raises:
        CompoundFileError: it is none, or broken.
    """

    def __init__(self, content: bytes) -> None:
        if not content.startswith(SIGNATURE) or len(content) < _HEADER_BYTES:
            raise CompoundFileError
        self._content = content
        shift, self._small_shift = struct.unpack_from("<HH", content, 30)
        if shift not in {9, 12} or self._small_shift > shift:
            raise CompoundFileError
        self._sector = 1 << shift
        directory, self._small_below = struct.unpack_from("<I4xI", content, 48)
        small_table = struct.unpack_from("<I", content, 60)[0]
        self._table = self._numbers(self._table_sectors())
        self._entries = self._read_entries(self._chained(directory))
        self._small_table = self._numbers(self._chain(small_table))
        root = next((entry for entry in self._entries if entry.kind == _ROOT), None)
        self._small = self._chained(root.start) if root else b""

    def stream(self, *names: str) -> bytes | None:
        """The bytes of the first stream of one of these names; None where there is none."""
        for name in names:
            for entry in self._entries:
                if entry.kind == _STREAM and entry.name.casefold() == name.casefold():
                    return self._bytes_of(entry)
        return None

    def _bytes_of(self, entry: _Entry) -> bytes:
        if entry.size >= self._small_below:
            return self._chained(entry.start)[: entry.size]
        size = 1 << self._small_shift
        places = _chain(entry.start, self._small_table)
        return b"".join(self._small[at * size : (at + 1) * size] for at in places)[: entry.size]

    def _table_sectors(self) -> list[int]:
        """The sectors that hold the allocation table."""
        sectors = list(struct.unpack_from(f"<{_IN_HEADER}I", self._content, 76))
        further = struct.unpack_from("<I", self._content, 68)[0]
        seen: set[int] = set()
        while further <= _LAST_REGULAR and further not in seen:
            seen.add(further)
            *listed, further = self._numbers([further])
            sectors += listed
            if len(sectors) > len(self._content) // self._sector + _IN_HEADER:
                raise CompoundFileError  # the same ones again and again
        return [sector for sector in sectors if sector <= _LAST_REGULAR]

    def _chain(self, start: int) -> list[int]:
        return _chain(start, self._table)

    def _chained(self, start: int) -> bytes:
        return b"".join(map(self._sector_bytes, self._chain(start)))

    def _numbers(self, sectors: Sequence[int]) -> list[int]:
        joined = b"".join(map(self._sector_bytes, sectors))
        return list(struct.unpack(f"<{len(joined) // 4}I", joined[: len(joined) // 4 * 4]))

    def _sector_bytes(self, sector: int) -> bytes:
        begin = (sector + 1) * self._sector
        if begin >= len(self._content):
            raise CompoundFileError
        return self._content[begin : begin + self._sector]

    def _read_entries(self, directory: bytes) -> list[_Entry]:
        entries = []
        for at in range(0, len(directory) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
            length, kind = struct.unpack_from("<HB", directory, at + 64)
            start, size = struct.unpack_from("<II", directory, at + 116)
            name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            entries.append(_Entry(name, kind, start, size))
        return entries


def _chain(start: int, table: Sequence[int]) -> list[int]:
    """The places of a stream, one after the other."""
    places: list[int] = []
    while start <= _LAST_REGULAR:
        if start >= len(table) or len(places) > len(table):
            raise CompoundFileError
        places.append(start)
        start = table[start]
    return places
