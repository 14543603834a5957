from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from bulk_loader.model import Status
from bulk_loader.results.shades import LOOKS, status_styles

if TYPE_CHECKING:
    from bulk_loader.spreadsheets.xlsx.edit.looks import Look


def look_of(status: Status) -> Look:
    """Of result and status."""
    return LOOKS[status_styles(0)[status].short]


def luminance(shade: str) -> float:
    """How light a colour is to every eye, from 0 to 1 (WCAG 2.2, relative luminance)."""
    parts = [int(shade[at : at + 2], 16) / 255 for at in (2, 4, 6)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """How well one can be read on the other; 4.5 and more is enough for a text."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_every_status_has_looks() -> None:
    """A new status is not left without a colour, and the looks are all in use."""
    styles = status_styles(5)
    assert set(styles) == set(Status)
    assert {number for pair in styles.values() for number in pair} == set(range(5, 5 + len(LOOKS)))


def test_what_is_to_be_corrected_is_told_apart_without_hues() -> None:
    """Accepted, rejected, invalid and unknown differ in lightness, or in bold letters."""
    statuses = (Status.ACCEPTED, Status.REJECTED, Status.INVALID)
    for one, other in combinations(map(look_of, statuses), 2):
        is_bold_only_once = (one.ink is None) != (other.ink is None)
        assert contrast(one.shade, other.shade) > 3 or is_bold_only_once
    assert contrast(look_of(Status.REJECTED).shade, look_of(Status.INVALID).shade) > 3


def test_every_text_can_be_read_on_its_ground() -> None:
    """Letters stand out, and long sentences always stand on a light ground, wrapped."""
    for look in LOOKS:
        assert contrast(look.ink or "FF000000", look.shade) >= 4.5
    for _, long in status_styles(0).values():
        assert LOOKS[long].is_wrapped
        assert luminance(LOOKS[long].shade) > 0.5
