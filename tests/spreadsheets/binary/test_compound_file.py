from __future__ import annotations

import struct
from pathlib import Path

import pytest

from bulk_loader.spreadsheets.binary.compound_file import CompoundFile, CompoundFileError
from tests.support.costly_files import compound_file

CORPUS = Path(__file__).parents[2] / "tools" / "dirty"


@pytest.mark.parametrize("content", [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 600])
def test_a_broken_container_is_no_compound_file(content: bytes) -> None:
    """Garbage is refused."""
    with pytest.raises(CompoundFileError, match="broken or cut short"):
        CompoundFile(content)


def test_streams_are_found_by_name() -> None:
    """The workbook's stream is there in whatever capitals, and another is not."""
    container = CompoundFile((CORPUS / "libreoffice_xls.xls").read_bytes())
    assert container.stream("Nope") is None
    stream = container.stream("Nope", "WORKBOOK")
    assert stream is not None
    assert stream[:2] == b"\x09\x08"


def test_a_container_that_lists_its_sectors_again_and_again_is_refused() -> None:
    """Its table would be far longer than the file."""
    content = bytearray(compound_file(bytes(4096)))
    content[76 : 76 + 4 * 109] = bytes(4 * 109)  # all of them the first sector
    CompoundFile(bytes(content))
    content[68:72] = struct.pack("<I", 2)  # further ones in a sector that is full of the same
    with pytest.raises(CompoundFileError):
        CompoundFile(bytes(content))
