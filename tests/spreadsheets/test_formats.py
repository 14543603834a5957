from __future__ import annotations

from itertools import permutations

from bulk_loader.model import FileFormat
from bulk_loader.spreadsheets.formats import FORMATS, WORKBOOKS


def test_every_format_has_an_entry() -> None:
    """The registry is total, so that no format is read or written as another one."""
    assert set(FORMATS) == set(FileFormat)
    assert all(entry.name is name for name, entry in FORMATS.items())


def test_no_two_formats_are_told_by_the_same_mark() -> None:
    """Not even in part, so that the order of the entries does not matter."""
    for one, other in permutations(WORKBOOKS, 2):
        if one.container is other.container:
            assert not any(mark in longer for mark in one.marks for longer in other.marks)


def test_a_suffix_promises_one_format() -> None:
    """What a name promises is clear, and every results file keeps such a name."""
    suffixes = [suffix for entry in FORMATS.values() for suffix in entry.suffixes]
    assert len(suffixes) == len(set(suffixes))
    assert {suffix for entry in FORMATS.values() for suffix in entry.results_suffixes} <= set(
        suffixes
    )
