from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import SourceError
from bulk_loader.reading.text.encodings import find_encoding

if TYPE_CHECKING:
    from pathlib import Path

# ruff: noqa: RUF001 (letters that look alike are what this is about)
SPANISH = "nombre;teléfono\nJosé Muñoz;099\nMaría Peña;098\nRaúl Gómez;097\n¿Ángel O’Brien?;096\n"
PORTUGUESE = "nome;endereço\nJoão Conceição;São Paulo\nÂngela;Praça da Sé\nANTÔNIO CONCEIÇÃO;x\n"
RUSSIAN = "имя;телефон\nИван Петров;7495\nМария Иванова;7812\n"


def written(folder: Path, content: bytes) -> Path:
    """A file with this content."""
    path = folder / "leads.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("mark", "codec"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_byte_order_mark_decides(tmp_path: Path, mark: bytes, codec: str) -> None:
    """A file that says its encoding is believed."""
    found = find_encoding(written(tmp_path, mark + SPANISH.encode(codec)), None)
    assert (found.codec, found.mark) == (codec, mark)


def test_plain_utf_8_needs_no_word(tmp_path: Path) -> None:
    """The normal case makes no noise."""
    found = find_encoding(written(tmp_path, SPANISH.encode()), None)
    assert (found.codec, found.mark, found.notes) == ("utf-8", b"", ())


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_told_without_a_mark(tmp_path: Path, codec: str) -> None:
    """Every second byte of Western text in UTF-16 is NUL."""
    found = find_encoding(written(tmp_path, SPANISH.encode(codec)), None)
    assert found.codec == codec
    assert "UTF-16" in found.notes[0]


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (SPANISH, "cp1252"),
        (PORTUGUESE, "cp1252"),
        (SPANISH.replace("’", "'"), "cp850"),
        (SPANISH, "mac-roman"),
        (RUSSIAN, "cp1251"),
    ],
)
def test_eight_bit_letters_read_right(tmp_path: Path, text: str, codec: str) -> None:
    """Names in the usual 8-bit encodings come out as they were written, and it is said."""
    path = written(tmp_path, text.encode(codec))
    found = find_encoding(path, None)
    assert path.read_bytes().decode(found.codec) == text
    assert "--encoding" in found.notes[0]


def test_one_western_letter_is_enough(tmp_path: Path) -> None:
    """A single name far down decides as well as many."""
    content = b"name;phone\n" + b"Ana;099\n" * 200_000 + "Muñoz;098\n".encode("cp1252")
    assert find_encoding(written(tmp_path, content), None).codec == "cp1252"


def test_nearly_utf_8_stays_utf_8(tmp_path: Path) -> None:
    """One broken byte does not turn all names of a file into nonsense."""
    content = SPANISH.encode() * 10 + "Muñoz;1\n".encode("cp1252")
    assert find_encoding(written(tmp_path, content), None).codec == "utf-8"


@pytest.mark.parametrize(
    ("said", "content", "codec", "mark"),
    [
        ("latin-1", "ñ".encode("cp1252"), "iso8859-1", b""),
        ("utf-8-sig", b"a", "utf-8", b""),
        ("UTF-8", codecs.BOM_UTF8 + b"a", "utf-8", codecs.BOM_UTF8),
        ("utf-16", codecs.BOM_UTF16_BE + b"\0a", "utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-16", b"a\0", "utf-16-le", b""),
        ("cp1252", codecs.BOM_UTF8 + b"a", "cp1252", b""),
    ],
)
def test_the_users_word_wins(
    tmp_path: Path, said: str, content: bytes, codec: str, mark: bytes
) -> None:
    """What the user says is taken, with the byte order mark that belongs to it."""
    found = find_encoding(written(tmp_path, content), said)
    assert (found.codec, found.mark) == (codec, mark)


@pytest.mark.parametrize("said", ["klingon", "base64", "undefined", "a\0b"])
def test_unknown_encoding_is_refused(tmp_path: Path, said: str) -> None:
    """A word that names no encoding of text stops before anything is read."""
    with pytest.raises(SourceError, match="no encoding named"):
        find_encoding(written(tmp_path, b"a"), said)
