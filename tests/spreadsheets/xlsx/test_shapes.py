"""Rows of one shape: matched as a whole, and never otherwise than read cell by cell."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bulk_loader.reading.headers import filled_width
from bulk_loader.spreadsheets.blocks import rows_of, stored_width
from bulk_loader.spreadsheets.cells import FORMULA_WITHOUT_VALUE, UNREADABLE_CELL, Damage, Damaged
from bulk_loader.spreadsheets.limits import Limits
from bulk_loader.spreadsheets.markup import MarkupError, UnusualMarkupError
from bulk_loader.spreadsheets.references import column_letters, column_position
from bulk_loader.spreadsheets.serials import Calendar
from bulk_loader.spreadsheets.xlsx.cell_reader import CellReader
from bulk_loader.spreadsheets.xlsx.rows import CELL
from bulk_loader.spreadsheets.xlsx.shapes import FEWEST_ROWS, RowShape
from bulk_loader.spreadsheets.xlsx.styles import Styles

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
    "><f>A1</f><v></v></c>",
    "><f>A1</f><v/></c>",
    '><f t="shared" si="0"/><v xml:space="preserve"></v></c>',
    "><is><r><t>{}</t></r></is></c>",
)
VALUES = ("0", "1", "2", "4", "99", "-1", "1.5", " ", "a&amp;b", "#x", "_x0023_ y", "991234567")

cells = st.tuples(st.sampled_from(ATTRIBUTES), st.sampled_from(BODIES), st.sampled_from(VALUES))
rows = st.dictionaries(st.sampled_from("ABCDE"), cells, min_size=1, max_size=5)


def reader() -> CellReader:
    """One that has seen no row yet."""
    return CellReader(STRINGS, STYLES, recalculates=False, limits=Limits())


def markup(number: int, row: dict[str, tuple[str, str, str]], attributes: str = "") -> str:
    """A row as `plain_pieces` gives it, its cells in the order given."""
    written = "".join(
        f'<c r="{letters}{number}"{others}{body.format(value)}'
        for letters, (others, body, value) in row.items()
    )
    return f'<row r="{number}" spans="1:5"{attributes}>{written}</row>'


ToldRow: TypeAlias = tuple[int, bool, list[tuple[str, Damage | None]]]
"""Its number, whether it is hidden, and its cells with what is wrong with each."""


def told(one: CellReader, piece: str) -> list[ToldRow | str]:
    """Rows with any text, with their damages; last the error, where there is one."""
    rows: list[ToldRow | str] = []
    try:
        for block in one.blocks(piece):
            texts = list(rows_of(block, stored_width(block)))
            for place, number in enumerate(block.numbers):
                cells = [
                    (text, text.damage if isinstance(text, Damaged) else None)
                    for text in texts[place][: filled_width(texts[place])]
                ]
                if cells:
                    rows.append((number, place in block.hidden, cells))
    except MarkupError as error:
        rows.append(str(error))
    except UnusualMarkupError:
        rows.append("left to the parser")
    return rows


def told_rows(one: CellReader, piece: str) -> list[ToldRow]:
    """The same of what is read without an error."""
    found = told(one, piece)
    rows = [row for row in found if not isinstance(row, str)]
    assert rows == found
    return rows


HIDDEN = ("", ' hidden="1"', ' hidden="0"', " hidden='1'")


@given(st.lists(st.tuples(rows, st.sampled_from(HIDDEN)), min_size=1, max_size=8))
@example([({"A": (' t="s"', "><v>{}</v></c>", "2"), "B": ("", "><v>{}</v></c>", "1")}, "")] * 2)
def test_a_learned_reader_never_differs(
    sheet: list[tuple[dict[str, tuple[str, str, str]], str]],
) -> None:
    """Whatever rows stand around it, each reads as it does alone and by a reader that knows none."""
    written = [markup(number, row, attributes) for number, (row, attributes) in enumerate(sheet, 1)]
    alone: list[ToldRow | str] = []
    for row in written:
        alone += told(reader(), row)
        if alone and isinstance(alone[-1], str):
            break
    learned = reader()
    for between in ("", "\n"):
        together = told(learned, between.join(written))
        # A sheet of which one row is left to the parser is left to it as a whole.
        is_left = alone[-1:] == ["left to the parser"]
        assert together[-1:] == alone[-1:] if is_left else together == alone


@pytest.mark.parametrize("letters", ["XFE", "ZZZZZ"])
def test_a_cell_without_contents_may_stand_beyond_the_limit(letters: str) -> None:
    """Some programs write a format for every column that they know; it is no column of the list."""
    one = reader()
    for number in (1, 2):
        row = (
            f'<row r="{number}"><c r="A{number}"><v>5</v></c><c r="{letters}{number}" s="1"/></row>'
        )
        assert told(one, row) == [(number, False, [("5", None)])]


def test_an_index_of_any_length_is_no_crash() -> None:
    """A number that points nowhere makes a damaged cell, however many digits it has."""
    for digits in ("99", "9" * 5000):
        row = f'<row r="1"><c r="A1" t="s"><v>{digits}</v></c></row>'
        ((_, _, cells),) = told_rows(reader(), row)
        assert cells == [(digits, UNREADABLE_CELL)]
    far = "9" * 5000
    for cell, text in (
        (f'<c r="A1" s="{far}"><v>5</v></c>', "5"),
        (f'<c r="A1" t="str"><v>&#{far};</v></c>', f"&#{far};"),
    ):
        assert told(reader(), f'<row r="1">{cell}</row>') == [(1, False, [(text, None)])]


def test_a_row_inside_a_row_is_broken() -> None:
    """The cells of two rows never become one lead."""
    row = '<row r="1"><c r="A1"><v>1</v></c><row r="2"><c r="B2"><v>2</v></c></row>'
    assert "its XML is broken" in str(told(reader(), row))


def test_strange_end_tags_of_rows_join_nothing() -> None:
    """Every row of such a sheet is left to the parser, else one would vanish in another."""
    piece = '<row r="1"><c r="A1"><v>1</v></c></row ><row r="2"><c r="A2"><v>2</v></c></row>'
    assert told(reader(), piece) == ["left to the parser"]


@pytest.mark.parametrize("between", ["", "\n "])
def test_cells_before_a_row_are_left_to_the_parser(between: str) -> None:
    """A row whose end tag is missing is not dropped for the next one, whatever came before."""
    row = '<row r="{0}"><c r="A{0}"><v>{0}</v></c>'
    piece = "".join([row.format(1), "</row>", between, row.format(2), row.format(3), "</row>"])
    for first in ("", f"{row.format(9)}</row>"):
        assert "its XML is broken" in str(told(reader(), first + piece))


def test_empty_rows_are_none() -> None:
    """Rows with a format only are passed by, learned or not, and reach no further than others."""
    one = reader()
    empty = '<row r="{0}" s="1"><c r="A{0}" s="1"/><c r="XFD{0}" s="1"/></row>'
    row = '<row r="{0}"><c r="A{0}" s="1"><v>5</v></c><c r="XFD{0}" s="1"/></row>'
    piece = "".join((row if at % 40 else empty).format(at) for at in range(100))
    blocks = list(one.blocks(piece))
    numbers = [number for block in blocks for number in block.numbers]
    assert numbers == [at for at in range(100) if at % 40]
    assert max(stored_width(block) for block in blocks) == 1


def test_rows_without_cells_stand_between_others() -> None:
    """They are passed by, closed at once or not, and none of them takes the cells of the next."""
    one = reader()
    piece = "".join(
        f'<row r="{at}"><c r="A{at}"><v>{at}</v></c></row><row r="{at + 1}" s="1"/>\n'
        f'<row r="{at + 2}"></row>'
        for at in (1, 4, 7)
    )
    assert told(one, piece) == [(at, False, [(str(at), None)]) for at in (1, 4, 7)]


def test_cells_too_long_are_named_in_any_row() -> None:
    """Rows before it that were in order don't let one pass."""
    limits = replace(Limits(), max_cell_length=5)
    one = CellReader(STRINGS, STYLES, recalculates=False, limits=limits)
    rows = [markup(at, {"A": ("", "><v>{}</v></c>", "1" * at)}) for at in range(1, 9)]
    assert len(told(one, "".join(rows[:5]))) == 5
    assert "longer than any cell" in str(told(one, "".join(rows[3:])))


def test_placeholders_of_formulas_are_not_taken_for_values() -> None:
    """Where the stored results are to be computed anew, a zero is none, in a learned row too."""
    row = '<row r="{0}"><c r="A{0}"><f>B1</f><v>{1}</v></c></row>'
    piece = "".join(row.format(at, value) for at, value in enumerate("57050", 1))
    known = CellReader(STRINGS, STYLES, recalculates=True, limits=Limits())
    shown = [cells[0] for _, _, cells in told_rows(known, piece)]
    without = ("=B1", FORMULA_WITHOUT_VALUE)
    assert shown == [("5", None), ("7", None), without, ("5", None), without]
    kept = [cells[0] for _, _, cells in told_rows(reader(), piece)]
    assert kept == [(value, None) for value in "57050"]


def lesson(shape: RowShape, row: str) -> None:
    """Let the shape learn a row."""
    shape.learn(row, CELL.findall(row))


def shape(*, trusts_zeros: bool = True) -> RowShape:
    """One without lessons, that shows values in capitals."""
    look = str.upper
    return RowShape("ABCDE".index, lambda _attributes: look, 100, trusts_zeros=trusts_zeros)


def texts(known: RowShape, row: str, width: int = 4) -> list[str] | None:
    """What the shape finds in a row; None where it is not of this shape."""
    piece = f"{row}</row>"
    block, end = known.run(piece, 0)
    if block is None:
        assert end == 0
        return None
    assert end == len(piece)
    (found,) = rows_of(block, width)
    return found


PLAIN = '<row r="1"><c r="A1" t="s"><v>a</v></c><c r="C1" t="s"><v>b</v></c>'
FORMULA = PLAIN.replace("<v>a</v>", "<f>B1</f><v>a</v>")


def test_rows_of_one_shape_are_matched_as_a_whole() -> None:
    """Other rows with the same columns need no lesson."""
    known = shape()
    assert texts(known, PLAIN) is None
    lesson(known, PLAIN)
    assert texts(known, PLAIN.replace("1", "20").replace("a", "")) == ["", "", "B", ""]
    assert texts(known, PLAIN.replace("<row", '<row r="1" s="1"/> <row')) == ["A", "", "B", ""]


def test_rows_follow_each_other_up_to_one_of_another_shape() -> None:
    """A block tells where it ends, so that no row is skipped or read twice."""
    known = shape()
    lesson(known, PLAIN)
    for many in (2, FEWEST_ROWS - 1, FEWEST_ROWS, 100):
        rows = "\n".join(f"{PLAIN.replace('1', str(at))}</row>" for at in range(many))
        for rest in ("", "\n", f"{FORMULA}</row>"):
            block, end = known.run(rows + rest, 0)
            assert block is not None
            assert list(block.numbers) == list(range(many))
            assert (rows + rest)[end:].strip() == rest.strip()
            assert known.run(rows + rest, end) == (None, end)


@pytest.mark.parametrize(
    "row",
    [
        PLAIN.replace('t="s"', 't="e"'),
        PLAIN.replace("C1", "D1"),
        PLAIN + '<c r="D1"/>',
        FORMULA,
        PLAIN.replace("</c><c", "</c> <c"),
        PLAIN.replace("<v>a</v>", f"<v>{'a' * 101}</v>"),
        PLAIN.replace('r="1">', 'r="1"/>'),
    ],
)
def test_what_was_never_seen_is_not_matched(row: str) -> None:
    """A row that has anything else is left to be read cell by cell."""
    known = shape()
    lesson(known, PLAIN)
    assert texts(known, row) is None


def test_a_lesson_widens_the_shape() -> None:
    """A column may be written in several ways or missing, and what was known stays known."""
    known = shape()
    lesson(known, PLAIN)
    other = PLAIN.replace('C1" t="s"', 'C1" s="4"')
    short = '<row r="5"><c r="C5" t="s"><v>c</v></c><c r="D5"/>'
    assert texts(known, short.replace('<c r="D5"/>', "")) is None
    lesson(known, other)
    lesson(known, short)
    assert texts(known, other) == ["A", "", "B", ""]
    assert texts(known, PLAIN) == ["A", "", "B", ""]
    assert texts(known, short) == ["", "", "C", ""]
    block, _ = known.run(f"{other}</row>{short}</row>{PLAIN}</row>", 0)
    assert block is not None
    assert list(block.column(2)) == ["B", "C", "B"]


def test_one_missing_cell_teaches_that_any_may_be_missing() -> None:
    """Else a wide list with gaps here and there would use up all lessons."""
    known = RowShape(column_position, lambda _attributes: str, 100)
    cells = [f'<c r="{column_letters(at)}1"><v>{at}</v></c>' for at in range(60)]
    lesson(known, f'<row r="1">{"".join(cells)}')
    lesson(known, f'<row r="1">{"".join(cells[1:])}')
    for gap in range(60):
        row = f'<row r="1">{"".join(cells[:gap] + cells[gap + 1 :])}'
        expected = ["" if at == gap else str(at) for at in range(60)]
        assert texts(known, row, 60) == expected


def test_a_wide_header_does_not_keep_its_rows_from_being_learned() -> None:
    """Where the forms of both are too many, those of the last row stand alone."""
    known = RowShape(column_position, lambda _attributes: str, 100)
    columns = [column_letters(at) for at in range(400)]
    lesson(known, f'<row r="1">{"".join(f"""<c r="{c}1" t="s"><v>1</v></c>""" for c in columns)}')
    row = f'<row r="2">{"".join(f"""<c r="{c}2"><v>7</v></c>""" for c in columns)}'
    lesson(known, row)
    assert texts(known, row, 400) == ["7"] * 400


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B1" t="s"><v></v></c>',
        '<c r="B1"><v/></c>',
        '<c r="B1" t="inlineStr"><is><t></t></is></c>',
        '<c r="B1" t="str"><f>A1</f><v></v></c>',
        '<c r="B1" t="str"><f>A1</f><v/></c>',
    ],
)
def test_cells_that_hold_nothing_are_learned(cell: str) -> None:
    """However nothing is written, a list full of it is matched row by row."""
    row = f'<row r="1"><c r="A1"><v>a</v></c>{cell}'
    known = shape()
    lesson(known, row)
    assert texts(known, row) == ["A", "", "", ""]


def test_stored_results_of_formulas_are_values() -> None:
    """Where they can be trusted; a formula without one is read cell by cell."""
    known = shape()
    lesson(known, FORMULA)
    shared = FORMULA.replace("<f>B1</f>", '<f t="shared" si="0"/>')
    assert texts(known, FORMULA) == texts(known, shared) == ["A", "", "B", ""]
    assert texts(known, FORMULA.replace("<v>a</v>", "<v></v>")) is None
    wary = shape(trusts_zeros=False)
    lesson(wary, FORMULA)
    assert texts(wary, FORMULA) == ["A", "", "B", ""]
    assert texts(wary, FORMULA.replace("<v>a</v>", "<v>0</v>")) is None


@pytest.mark.parametrize(
    "row",
    [
        FORMULA.replace("<v>a</v>", ""),
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c>',
        PLAIN.replace("</c><c", "</c> <c"),
    ],
)
def test_strange_rows_teach_nothing(row: str) -> None:
    """Cells out of order, and what no form tells, are read cell by cell, always."""
    known = shape()
    lesson(known, row)
    assert texts(known, row) is None
    lesson(known, PLAIN)
    assert texts(known, PLAIN) == ["A", "", "B", ""]


def test_a_row_with_endless_markup_teaches_nothing() -> None:
    """Neither does it make a pattern, which would take far longer than to read the row."""
    wide = "".join(f'<c r="{column_letters(at)}1"><v>1</v></c>' for at in range(16_384))
    many = "".join(f'<c r="{column_letters(at)}1"><v>1</v></c>' for at in range(600))
    for cells_of_row in (wide, many, f'<c r="A1" x="{"a" * 200_000}"><v>1</v></c>'):
        known = RowShape(column_position, lambda _attributes: str, 100)
        lesson(known, f'<row r="1">{cells_of_row}')
        assert texts(known, f'<row r="1">{cells_of_row}') is None


def test_strange_rows_use_no_lesson_up() -> None:
    """However many of them come first, a row of the list is learned."""
    known = shape()
    for _ in range(5_000):
        lesson(known, FORMULA.replace("<v>a</v>", ""))
    lesson(known, PLAIN)
    assert texts(known, PLAIN) == ["A", "", "B", ""]


def test_learning_ends() -> None:
    """A sheet whose rows are all unlike each other does not make ever longer patterns."""
    known = shape()
    rows = [f'<row r="1"><c r="A1" s="{style}"><v>1</v></c>' for style in range(500)]
    for row in rows:
        lesson(known, row)
    assert 1 < sum(texts(known, row) is not None for row in rows) < 100
