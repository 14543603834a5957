from __future__ import annotations

import pytest

from bulk_loader.spreadsheets.xlsx.edit.looks import Look, with_conditional_look, with_looks
from bulk_loader.spreadsheets.xlsx.edit.sheet_part import UneditableError

STYLES = (
    b'<styleSheet><fonts count="1"><font><sz val="10"/><name val="Arial"/></font></fonts><fills count="2"><fill/><fill/></fills>'
    b'<cellXfs count="1"><xf numFmtId="0"/></cellXfs></styleSheet>'
)
LOOKS = (Look("FF00FF00"), Look("FFFF0000"))


def test_formats_are_added_behind_those_that_are_there() -> None:
    """Their numbers go on where the others end, and the counts tell of them."""
    styles, first = with_looks(STYLES, LOOKS)

    assert first == 1
    assert b'<fills count="4">' in styles
    assert b'<cellXfs count="3">' in styles
    assert styles.count(b'fillId="2"') == styles.count(b'fillId="3"') == 1


def test_formats_are_added_once() -> None:
    """A workbook that is written again and again does not grow."""
    once, first = with_looks(STYLES, LOOKS)
    assert with_looks(once, LOOKS) == (once, first)


def test_styles_that_are_not_understood_stay() -> None:
    """A comment could hold what looks like a format."""
    with pytest.raises(UneditableError):
        with_looks(STYLES + b"<!-- -->", LOOKS)


@pytest.mark.parametrize(
    "styles", [b"<?x <fills>?>" + STYLES, STYLES.replace(b"</fills>", b""), b"<fills/><cellXfs/>"]
)
def test_groups_that_do_not_end_are_not_understood(styles: bytes) -> None:
    """Neither is what only a parser can tell from a group."""
    with pytest.raises(UneditableError):
        with_looks(styles, LOOKS)


def test_a_declaration_is_no_instruction() -> None:
    """Every program writes it."""
    declared = b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?>\n' + STYLES
    assert with_looks(declared, LOOKS)[1] == 1


def test_letters_are_bold_in_the_font_of_the_workbook() -> None:
    """Only their colour is ours; a long text is wrapped."""
    styles, first = with_looks(STYLES, [Look("FF00FF00", "FF112233", is_wrapped=True)])

    font = b'<font><b/><sz val="10"/><color rgb="FF112233"/><name val="Arial"/></font>'
    assert font in styles
    assert b'fontId="1" fillId="2"' in styles
    assert b'<alignment wrapText="1"/></xf>' in styles
    assert first == 1


@pytest.mark.parametrize(
    "group", [b"", b"<dxfs/>", b'<dxfs count="0"/>', b'<dxfs count="0"></dxfs>']
)
def test_a_conditional_look_finds_its_place(group: bytes) -> None:
    """Behind the names of the cell formats, whether the workbook has such looks or none."""
    own = STYLES.replace(b"</styleSheet>", b"<cellStyles></cellStyles>" + group + b"</styleSheet>")
    styles, number = with_conditional_look(own, Look("FF00FF00", "FF112233"))

    assert number == 0
    assert styles.index(b"</cellStyles>") < styles.index(b"<dxfs") < styles.index(b"</styleSheet>")
    assert styles.count(b"<dxf>") == styles.count(b"<dxfs") == styles.count(b"</dxfs>") == 1
    assert with_conditional_look(styles, Look("FF00FF00", "FF112233")) == (styles, 0)
    assert with_conditional_look(styles, Look("FF0000FF"))[1] == 1
