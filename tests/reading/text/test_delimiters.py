"""Delimiters, as this program finds them and as another one does that was written for nothing else."""

from __future__ import annotations

import csv
import io

import pytest
from clevercsv.detect import Detector
from hypothesis import given, settings
from hypothesis import strategies as st

from bulk_loader.reading.text.delimiters import CANDIDATES, find_delimiter, parsed

Table = list[list[str]]


def ours(text: str) -> Table:
    """The cells under the delimiter that this program finds."""
    lines = text.splitlines(keepends=True)
    return parsed(lines, find_delimiter(lines))


def by_clevercsv(text: str) -> str | None:
    """The delimiter that it finds; empty for one column, None for no opinion."""
    found = Detector().detect(text, delimiters=list(CANDIDATES))
    return found.delimiter if found else None


@pytest.mark.parametrize(
    "text",
    [
        "name\tnote\nLi; Wei\ta, b, c\n",
        "name\tnote\tamount\nPaz, Ana\tcall back, please\t1.234,50\n",
        "amount;paid;due\n0,5;1.234,50;12,5\n1,234.50;7;0,5\n",
        "amount|note\n0,5|a, b, c\n12,5|a, b, c\n",
    ],
)
def test_signs_in_the_cells_part_none_where_the_header_has_another(text: str) -> None:
    """Commas in every lead are no delimiter where the whole table, header and all, has one."""
    table = ours(text)
    assert {len(row) for row in table} == {len(table[0])}
    assert len(table[0]) > 1


CELLS = {
    "name": ("Ana", "Bo", "Paz, Ana", "Li; Wei", "A|B", "O'Neil"),
    "phone": ("0991234567", "+593 99 123 4567", "(099) 123-4567", "099-123-4567"),
    "email": ("ana@example.com", "bo.li@example.org", ""),
    "amount": ("1.234,50", "12,5", "1,234.50", "7"),
    "date": ("2026-03-04", "04/03/2026", "4.3.2026 15:30"),
    "note": ("", "call back, please", "yes; no", "line one\nline two", 'say "hi"', "a, b, c"),
}


@st.composite
def lists(draw: st.DrawFn) -> tuple[str, Table, str]:
    """A list of leads as a CSV writer leaves it, with its cells and its delimiter."""
    columns = draw(st.lists(st.sampled_from(sorted(CELLS)), min_size=2, max_size=5))
    header = [f"{column} {at}" for at, column in enumerate(columns)]
    cells = st.tuples(*(st.sampled_from(CELLS[column]) for column in columns)).map(list)
    rows = [header, *draw(st.lists(cells, min_size=1, max_size=8))]
    delimiter = draw(st.sampled_from(CANDIDATES))
    text = io.StringIO()
    dialect = csv.unix_dialect if draw(st.booleans()) else csv.excel
    csv.writer(text, dialect, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue(), rows, delimiter


@settings(derandomize=True, deadline=None, max_examples=200)
@given(lists())
def test_finds_the_delimiter_that_others_find(found: tuple[str, Table, str]) -> None:
    """Both read the list as it was written, but where clevercsv lets a header be parted by none.

    It gives the header no more weight than a lead, so that a sign which stands in the cells of
    every lead can win; and it says nothing of a list in which two signs do equally well.
    """
    text, rows, delimiter = found
    other = by_clevercsv(text)
    assert ours(text) == rows
    assert other in {delimiter, "", None} or other not in text.partition("\n")[0]


def test_clevercsv_lets_a_header_be_parted_by_none() -> None:
    """The difference that is listed is there; where it is mended, it goes from the list."""
    assert by_clevercsv("note\tname\n" + "call back, please\tPaz, Ana\n" * 3) == ","
