from __future__ import annotations

from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from bulk_loader.spreadsheets.xlsx.edit.properties import (
    CONTENT_TYPES,
    PART,
    RELATIONS,
    read_property,
    with_property,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

EMPTY = {CONTENT_TYPES: b"<Types></Types>", RELATIONS: b"<Relationships></Relationships>"}


def packed(path: Path, parts: Mapping[str, bytes]) -> Path:
    """A package of these parts."""
    with ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_what_was_written_is_read(tmp_path: Path) -> None:
    """Also where a property of ours is exchanged, and others stand beside it."""
    first = EMPTY | with_property(EMPTY, "one <&>")
    foreign = b'<property pid="7" name="x"><vt:lpwstr>x</vt:lpwstr></property></Properties>'
    first[PART] = first[PART].replace(b"</Properties>", foreign)
    second = first | with_property(first, "two")

    assert read_property(packed(tmp_path / "1.xlsx", first)) == "one <&>"
    assert read_property(packed(tmp_path / "2.xlsx", second)) == "two"
    assert second[PART].count(b'name="bulk-loader"') == 1
    assert b'name="x"' in second[PART]
    assert b'pid="8"' in second[PART]


@pytest.mark.parametrize(
    "part",
    [
        b"",
        b"<Properties>",
        b"<!DOCTYPE a><Properties/>",
        b'<Properties><property name="other">x</property></Properties>',
        b'<Properties><a><property name="bulk-loader">x</property></a></Properties>',
        b"<Properties>" + b" " * (3 << 20) + b"</Properties>",
    ],
)
def test_what_is_not_ours_is_none(tmp_path: Path, part: bytes) -> None:
    """A part that is broken, huge, not to be trusted, or of others has no value of ours."""
    parts = EMPTY | with_property(EMPTY, "value") | {PART: part}
    assert read_property(packed(tmp_path / "1.xlsx", parts)) is None


def test_what_is_no_workbook_has_no_property(tmp_path: Path) -> None:
    """A text file, a package without properties, and no file at all."""
    text = tmp_path / "leads.csv"
    text.write_bytes(b"phone\n")
    assert read_property(text) is None
    assert read_property(packed(tmp_path / "1.xlsx", EMPTY)) is None
    assert read_property(tmp_path / "none.xlsx") is None


def test_a_package_that_is_not_understood_stays() -> None:
    """Where there is no place for it, nothing is changed."""
    assert with_property({**EMPTY, RELATIONS: b"<x:Relationships/>"}, "value") == {}


def test_only_our_property_is_exchanged() -> None:
    """Those of others stay, also where a quote of theirs holds our name."""
    others = b'<property pid="4" name="a > b"><x/></property><property pid="5" name="c name="/>'
    part = b'<Properties>%b<property pid="9" name="bulk-loader"><x>old</x></property></Properties>'
    changed = with_property({**EMPTY, PART: part % others}, "new")[PART]
    assert changed.startswith(b"<Properties>" + others + b"<property ")
    assert changed.count(b'name="bulk-loader"') == 1
    assert b"old" not in changed
    assert b'pid="6"' in changed
