"""Rows of one shape: matched as a whole, and never otherwise than read cell by cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bulk_loader.reading.cells import Damaged
from bulk_loader.reading.headers import column_letter
from bulk_loader.reading.limits import Limits
from bulk_loader.reading.markup import MarkupError, UnusualMarkupError
from bulk_loader.reading.merges import position_of
from bulk_loader.reading.serials import Calendar
from bulk_loader.reading.xlsx_cells import CellReader
from bulk_loader.reading.xlsx_rewriting import Surroundings
from bulk_loader.reading.xlsx_rows import CELL, plain_rows
from bulk_loader.reading.xlsx_shapes import RowShape
from bulk_loader.reading.xlsx_styles import Styles

if TYPE_CHECKING:
    from collections.abc import Sequence

STRINGS = ("099123456", "no", " ", "#example", "ñandú & co")
STYLES = Styles([0, 170, 14, 171], {170: "000000000", 171: "0;-0;0;\\+@"}, Calendar.FROM_1900)

ATTRIBUTES = (
    "",
    ' s="1"',
    ' t="s"',
    ' s="3" t="s"',
    ' t="str"',
    ' t="inlineStr"',
    ' t="b"',
    ' t="e"',
)
BODIES = (
    "/>",
    "></c>",
    "><v></v></c>",
    "><v/></c>",
    "><v>{}</v></c>",
    '><v xml:space="preserve">{}</v></c>',
    "><is><t>{}</t></is></c>",
    '><is><t xml:space="preserve">{}</t></is></c>',
    "><f>A1</f><v>{}</v></c>",
    "><f>A1</f></c>",
    "><is><r><t>{}</t></r></is></c>",
)
VALUES = ("0", "1", "2", "4", "99", "-1", "1.5", " ", "a&amp;b", "#x", "_x0023_ y", "991234567")

cells = st.tuples(st.sampled_from(ATTRIBUTES), st.sampled_from(BODIES), st.sampled_from(VALUES))
rows = st.dictionaries(st.sampled_from("ABCDE"), cells, min_size=1, max_size=5)


def reader() -> CellReader:
    """One that has seen no row yet."""
    return CellReader(STRINGS, STYLES, recalculates=False, limits=Limits())


def markup(number: int, row: dict[str, tuple[str, str, str]]) -> str:
    """A row as `plain_rows` cuts it out, its cells in the order given."""
    written = "".join(
        f'<c r="{letters}{number}"{attributes}{body.format(value)}'
        for letters, (attributes, body, value) in row.items()
    )
    return f'<row r="{number}" spans="1:5">{written}'


def told(one: CellReader, row: str, width: int) -> object:
    """Texts with their damages, and the outline; or the error."""
    try:
        outline = one.outline(row)
        texts = [
            (text, text.damage if isinstance(text, Damaged) else None)
            for text in one.texts(row, width)
        ]
    except MarkupError as error:
        return str(error)
    return outline, texts


@given(st.lists(rows, min_size=1, max_size=8), st.integers(0, 6))
@example([{"A": (' t="s"', "><v>{}</v></c>", "2"), "B": ("", "><v>{}</v></c>", "1")}] * 2, 2)
def test_a_learned_reader_never_differs(
    sheet: list[dict[str, tuple[str, str, str]]], width: int
) -> None:
    """Whatever rows came before, each reads as it does by a reader that knows none."""
    learned = reader()
    for number, row in enumerate(sheet, 1):
        fresh = told(reader(), markup(number, row), width)
        assert told(learned, markup(number, row), width) == fresh
        assert told(learned, markup(number, row), width) == fresh


@pytest.mark.parametrize("letters", ["XFE", "ZZZZZ"])
def test_a_cell_without_contents_may_stand_beyond_the_limit(letters: str) -> None:
    """Some programs write a format for every column that they know; it is no column of the list."""
    one = reader()
    for number in (1, 2):
        row = f'<row r="{number}"><c r="A{number}"><v>5</v></c><c r="{letters}{number}" s="1"/>'
        assert one.outline(row) == (1, True)
        assert one.texts(row, 1) == ["5"]


def test_an_index_of_any_length_is_no_crash() -> None:
    """A number that points nowhere makes a damaged cell, however many digits it has."""
    for digits in ("99", "9" * 5000):
        (text,) = reader().texts(f'<row r="1"><c r="A1" t="s"><v>{digits}</v></c>', 1)
        assert isinstance(text, Damaged)
    far = "9" * 5000
    assert reader().texts(f'<row r="1"><c r="A1" s="{far}"><v>5</v></c>', 1) == ["5"]
    assert reader().texts(f'<row r="1"><c r="A1" t="str"><v>&#{far};</v></c>', 1) == [f"&#{far};"]


def test_a_row_inside_a_row_is_broken() -> None:
    """The cells of two rows never become one lead."""
    row = '<row r="1"><c r="A1"><v>1</v></c><row r="2"><c r="B2"><v>2</v></c>'
    assert "its XML is broken" in str(told(reader(), row, 2))


def test_strange_end_tags_of_rows_join_nothing() -> None:
    """Every row of such a sheet is left to the parser, else one would vanish in another."""
    sheet = (
        '<worksheet xmlns="a"><sheetData><row r="1"><c r="A1"><v>1</v></c></row >'
        '<row r="2"><c r="A2"><v>2</v></c></row></sheetData></worksheet>'
    )
    with pytest.raises(UnusualMarkupError):
        list(plain_rows([sheet.encode()], Surroundings()))


def lesson(shape: RowShape, row: str) -> None:
    """Let the shape learn a row."""
    shape.learn(row, CELL.findall(row))


def shape() -> RowShape:
    """One without lessons, that shows values in capitals."""
    return RowShape("ABCDE".index, lambda _attributes: str.upper)


def values(known: RowShape, row: str) -> Sequence[str | None] | None:
    """What the shape finds in a row."""
    match = known.match(row)
    return None if match is None else match.groups()


PLAIN = '<row r="1"><c r="A1" t="s"><v>7</v></c><c r="C1" t="s"><v>8</v></c>'


def test_rows_of_one_shape_are_matched_as_a_whole() -> None:
    """Other rows with the same columns, or fewer, need no lesson."""
    known = shape()
    assert values(known, PLAIN) is None
    lesson(known, PLAIN)
    assert values(known, PLAIN.replace("1", "20").replace("7", "")) == ("", "8")
    assert values(known, '<row r="5"><c r="C5" t="s"><v>9</v></c>') == (None, "9")
    assert [position for position, _ in known.groups] == [0, 2]


@pytest.mark.parametrize(
    "row",
    [
        PLAIN.replace('t="s"', 't="e"'),
        PLAIN.replace("C1", "D1"),
        PLAIN + '<c r="D1"/>',
        PLAIN.replace("<v>7</v>", "<f>B1</f><v>7</v>"),
        PLAIN.replace("</c><c", "</c> <c"),
    ],
)
def test_what_was_never_seen_is_not_matched(row: str) -> None:
    """A row that has anything else is left to be read cell by cell."""
    known = shape()
    lesson(known, PLAIN)
    assert values(known, row) is None


def test_a_lesson_widens_the_shape() -> None:
    """A column may be written in several ways, and what was known stays known."""
    known = shape()
    lesson(known, PLAIN)
    other = PLAIN.replace('C1" t="s"', 'C1" s="4"')
    lesson(known, other)
    assert values(known, other) == ("7", None, "8")
    assert values(known, PLAIN) == ("7", "8", None)


def test_formulas_and_cells_out_of_order_teach_nothing() -> None:
    """They are read cell by cell, always."""
    for row in (
        PLAIN.replace("<v>7</v>", "<f>B1</f><v>7</v>"),
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c>',
        PLAIN.replace("</c><c", "</c> <c"),
    ):
        known = shape()
        lesson(known, row)
        assert values(known, row) is None


def test_a_row_with_endless_markup_teaches_nothing() -> None:
    """Neither does it make a pattern, which would take far longer than to read the row."""
    wide = "".join(f'<c r="{column_letter(at)}1"><v>1</v></c>' for at in range(16_384))
    for cells_of_row in (wide, f'<c r="A1" x="{"a" * 200_000}"><v>1</v></c>'):
        known = RowShape(position_of, lambda _attributes: str)
        lesson(known, f'<row r="1">{cells_of_row}')
        assert not known.groups
        assert values(known, f'<row r="1">{cells_of_row}') is None


def test_rows_with_formulas_use_no_lesson_up() -> None:
    """However many of them come first, a row without is learned."""
    known = shape()
    for _ in range(5_000):
        lesson(known, PLAIN.replace("<v>7</v>", "<f>B1</f><v>7</v>"))
    lesson(known, PLAIN)
    assert values(known, PLAIN) == ("7", "8")


def test_learning_ends() -> None:
    """A sheet whose rows are all unlike each other does not make ever longer patterns."""
    known = shape()
    for style in range(500):
        lesson(known, f'<row r="1"><c r="A1" s="{style}"><v>1</v></c>')
    assert 1 < len(known.groups) < 100
    assert values(known, '<row r="1"><c r="A1" s="499"><v>1</v></c>') is None
