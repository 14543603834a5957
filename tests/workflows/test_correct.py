"""What is typed into cells, and what the copy then says."""

from __future__ import annotations

import csv
import string
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bulk_loader.formulas import is_dangerous
from bulk_loader.reading import ReadingOptions, open_leads
from bulk_loader.workflows.correct import RefusedTextsError, correct

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from bulk_loader.settings import Settings

    Make = Callable[..., Settings]
    Texts = Mapping[int, Mapping[int, str]]

HEADER = ["phone", "name", "note"]

# All letters that a person can type, and what a file or a page may trip over.
LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn"))
TYPED = st.text(
    st.one_of(LETTERS, st.sampled_from("\"',;\t\n_x0041_=+-@<>& 0123456789")), max_size=12
)
CELLS = st.text(st.one_of(LETTERS, st.sampled_from("\"',;\n ")), max_size=8)
ROWS = st.lists(
    st.tuples(st.text(string.digits, min_size=7, max_size=12), CELLS, CELLS), min_size=1
)


def read(path: Path, settings: Settings) -> list[list[str]]:
    """The leads as they are read."""
    options = ReadingOptions(
        header_row=settings.header_row, delimiter=settings.delimiter, encoding=settings.encoding
    )
    table = open_leads(path, options)
    return [row for batch in table.batches() for row in batch.frame.to_numpy().tolist()]


def with_texts(rows: Sequence[Sequence[str]], texts: Texts) -> list[list[str]]:
    """Rows from the second one on, with other texts."""
    return [
        [texts.get(number, {}).get(at, cell) for at, cell in enumerate(row)]
        for number, row in enumerate(rows, 2)
    ]


@st.composite
def edits(draw: st.DrawFn, rows: int) -> Texts:
    """Texts for some cells; the first of each row is never blank, so that it stays a lead."""
    places = st.dictionaries(st.integers(0, 2), TYPED, min_size=1)
    chosen = draw(st.dictionaries(st.integers(2, rows + 1), places, min_size=1))
    return {
        row: {at: f"0{text}" if at == 0 else text for at, text in sorted(of_row.items())}
        for row, of_row in sorted(chosen.items())
    }


@given(
    st.data(), ROWS, st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans()
)
@examples(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_text_reads_exactly_as_it_was_typed(  # noqa: PLR0917 - what a file differs in
    settings: Make,
    tmp_path: Path,
    data: st.DataObject,
    rows: list[tuple[str, str, str]],
    delimiter: str,
    line_end: str,
    quotes_all: bool,
) -> None:
    """In these cells, and all others as before; a formula is refused, and then nothing is written."""
    texts = data.draw(edits(len(rows)))
    encoding = data.draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
    quoting = csv.QUOTE_ALL if quotes_all else csv.QUOTE_MINIMAL
    path, copy = tmp_path / "leads.csv", tmp_path / "copy"
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator=line_end, quoting=quoting)
        writer.writerows([HEADER, *rows])
    told = settings(header_row=1, delimiter="tab" if delimiter == "\t" else delimiter)
    before, content = read(path, told), path.read_bytes()
    copy.unlink(missing_ok=True)
    if any(is_dangerous(text) for of_row in texts.values() for text in of_row.values()):
        with pytest.raises(RefusedTextsError):
            correct(path, told, texts, copy)
        assert not copy.exists()
        return
    correct(path, told, texts, copy)
    assert path.read_bytes() == content
    assert read(copy, told) == with_texts(before, texts)


@given(st.data(), ROWS)
@examples(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_workbook_reads_exactly_as_it_was_typed(
    settings: Make, tmp_path: Path, data: st.DataObject, rows: list[tuple[str, str, str]]
) -> None:
    """Zeros, signs, digits of any number and what looks like a formula stay the text that they are."""
    texts = data.draw(edits(len(rows)))
    path, copy = tmp_path / "leads.xlsx", tmp_path / "copy"
    book = openpyxl.Workbook()
    for row in (HEADER, *rows):
        book.active.append([None] * 3)  # type: ignore[union-attr]
        for at, cell in enumerate(row, 1):
            if cell.isprintable():
                written = book.active.cell(book.active.max_row, at, cell)  # type: ignore[union-attr]
                written.data_type = "s"
    book.save(path)
    before, content = read(path, settings()), path.read_bytes()
    correct(path, settings(), texts, copy)
    assert path.read_bytes() == content
    assert read(copy, settings()) == with_texts(before, texts)
