from __future__ import annotations

from collections import deque
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from bulk_loader.errors import SourceError
from bulk_loader.spreadsheets.limits import Limits
from bulk_loader.spreadsheets.package import Package

if TYPE_CHECKING:
    from pathlib import Path

RELATIONS = b"""<Relationships>
<Relationship Id="a" Type="x/worksheet" Target="worksheets\\sheet1.xml"/>
<Relationship Id="b" Type="x/styles" Target="/xl/../xl/styles.xml"/>
<Relationship Id="c" Type="x/hyperlink" Target="https://example.org" TargetMode="External"/>
</Relationships>"""


def packed(path: Path, **parts: bytes) -> Path:
    """A package of these parts; `__` in a name is a slash."""
    with ZipFile(path / "leads.xlsx", "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(f"{name.replace('__', '/')}.xml", content)
    return path / "leads.xlsx"


def test_finds_parts_however_they_are_written(tmp_path: Path) -> None:
    """Some writers use other letter cases than their references, or back slashes."""
    with Package(packed(tmp_path, XL__Styles=b"<a/>"), Limits()) as package:
        assert package.has("xl/styles.xml")
        assert package.has("\\xl\\styles.xml")
        assert b"".join(package.chunks("xl/styles.xml")) == b"<a/>"
        assert [entry.filename for entry in package.entries] == ["XL/Styles.xml"]
        assert package.size("xl/styles.xml") == 4


def test_tells_what_a_part_refers_to(tmp_path: Path) -> None:
    """By identifier the kind and the name, relative to its folder; what is outside is no part."""
    path = tmp_path / "leads.xlsx"
    with ZipFile(path, "w") as archive:
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
    with Package(path, Limits()) as package:
        assert package.references("xl/workbook.xml") == {
            "a": ("worksheet", "xl/worksheets/sheet1.xml"),
            "b": ("styles", "xl/styles.xml"),
        }
        assert package.references("xl/other.xml") == {}


@pytest.mark.parametrize(
    ("limits", "why"),
    [
        ({"max_parts": 1}, "2 parts"),
        ({"max_unpacked_bytes": 9_999}, "more than 9,999 bytes"),
        ({"max_compression_ratio": 3, "ratio_applies_above_bytes": 99}, "more than 3 times"),
    ],
)
def test_counts_what_is_really_unpacked(tmp_path: Path, limits: dict[str, int], why: str) -> None:
    """What passes a limit is refused, and the limit is named."""
    path = packed(tmp_path, a=b"<a/>", b=b" " * 10_000)
    with (
        pytest.raises(SourceError, match="can't be read as a workbook") as caught,
        Package(path, replace(Limits(), **limits)) as package,
    ):
        deque(chain(package.chunks("a.xml"), package.chunks("b.xml")), maxlen=0)
    assert why in caught.value.why


def test_says_which_part_is_missing_or_broken(tmp_path: Path) -> None:
    """With its name, so that somebody can look."""
    with Package(packed(tmp_path, a=b"<a>"), Limits()) as package:
        with pytest.raises(SourceError, match=r"a\.xml can't be read: its XML is broken"):
            package.walk("a.xml", lambda *_: None)
        with pytest.raises(SourceError, match=r"b\.xml is missing"):
            package.walk("b.xml", lambda *_: None)
