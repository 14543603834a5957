from __future__ import annotations

import pytest

from bulk_loader.spreadsheets.xlsx.edit.fills import with_fills
from bulk_loader.spreadsheets.xlsx.edit.sheet_part import UneditableError

STYLES = (
    b'<styleSheet><fills count="2"><fill/><fill/></fills>'
    b'<cellXfs count="1"><xf numFmtId="0"/></cellXfs></styleSheet>'
)
SHADES = ("FF00FF00", "FFFF0000")


def test_formats_are_added_behind_those_that_are_there() -> None:
    """Their numbers go on where the others end, and the counts tell of them."""
    styles, first = with_fills(STYLES, SHADES)

    assert first == 1
    assert b'<fills count="4">' in styles
    assert b'<cellXfs count="3">' in styles
    assert styles.count(b'fillId="2"') == styles.count(b'fillId="3"') == 1


def test_formats_are_added_once() -> None:
    """A workbook that is written again and again does not grow."""
    once, first = with_fills(STYLES, SHADES)
    assert with_fills(once, SHADES) == (once, first)


def test_styles_that_are_not_understood_stay() -> None:
    """A comment could hold what looks like a format."""
    with pytest.raises(UneditableError):
        with_fills(STYLES + b"<!-- -->", SHADES)


@pytest.mark.parametrize(
    "styles", [b"<?x <fills>?>" + STYLES, STYLES.replace(b"</fills>", b""), b"<fills/><cellXfs/>"]
)
def test_groups_that_do_not_end_are_not_understood(styles: bytes) -> None:
    """Neither is what only a parser can tell from a group."""
    with pytest.raises(UneditableError):
        with_fills(styles, SHADES)


def test_a_declaration_is_no_instruction() -> None:
    """Every program writes it."""
    declared = b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?>\n' + STYLES
    assert with_fills(declared, SHADES)[1] == 1
