from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulk_loader.model import Status, TextDialect
from bulk_loader.results import ResultRow, write_results
from bulk_loader.results.edition import OF_A_RUN
from bulk_loader.results.rows import Accounting
from bulk_loader.results.text import write_text
from tests.results.examples import (
    damaged_rows,
    leads_of,
    opened,
    result,
    results_in,
    some_results,
    table_of,
)

CsvFile = Callable[..., Path]


def written(path: Path, *results: ResultRow) -> str:
    """The results file of a text file, as text."""
    report = write_results(opened(path), results, path.with_name("out.csv"))
    return report.path.read_bytes().decode()


def test_puts_the_results_at_the_right(csv_file: CsvFile) -> None:
    """The user's cells come first, then result, status and error."""
    path = csv_file("phone,name\n0991234567,Mario\n099,Luigi\n")

    text = written(path, result(2), ResultRow(3, Status.INVALID, "too short"))

    assert text == (
        "phone,name,dialer_result,dialer_status,dialer_error\n"
        "0991234567,Mario,1,accepted,\n"
        "099,Luigi,0,invalid,too short\n"
    )


def test_keeps_blank_rows_and_titles(csv_file: CsvFile) -> None:
    """Every row keeps its number: titles and blank lines stay, rows of delimiters are filled."""
    path = csv_file("Leads of March\n\nphone;name;town\n\n099;Mario;Quito\n;;\n098;Luigi;Lima\n")

    text = written(path, result(5), result(7))

    assert text.splitlines() == [
        "Leads of March",
        "",
        "phone;name;town;dialer_result;dialer_status;dialer_error",
        "",
        "099;Mario;Quito;1;accepted;",
        ";;;;;",
        "098;Luigi;Lima;1;accepted;",
    ]


def test_a_trailing_delimiter_in_the_header_makes_no_column(csv_file: CsvFile) -> None:
    """The warning behind a short row does not make the whole rows look short as well."""
    path = csv_file("phone,name,\n0991234567,Mario\n099\n")
    write_results(opened(path), [result(2), ResultRow(3, Status.INVALID, "short")], path)
    assert path.read_text().splitlines()[0] == "phone,name,dialer_result,dialer_status,dialer_error"
    assert damaged_rows(opened(path)) == {3}


def test_rows_shortened_by_excel_are_filled_up(csv_file: CsvFile) -> None:
    """What is known to be empty is written as empty: no row of the results is damaged."""
    full = "".join(f"09912345{at:02},Ana,x\n" for at in range(2, 17))
    short = "".join(f"09912345{at:02},Ana\n" for at in range(17, 33))
    path = csv_file(f"phone,name,note\n{full}{short}")
    rows = (ResultRow(at, Status.INVALID, "bad") for at in range(2, 33))
    write_results(opened(path), rows, path)
    assert path.read_text().splitlines()[20] == "0991234521,Ana,,0,invalid,bad"
    assert damaged_rows(opened(path)) == set()


def test_a_wide_encoding_gets_a_mark(csv_file: CsvFile) -> None:
    """UTF-16 that was told by its bytes alone is told for sure the next time."""
    path = csv_file("phone,name\n0991234567,Mario\n", "utf-16-le")
    write_results(opened(path), [result(2)], path)
    assert path.read_bytes().startswith(b"\xff\xfe")
    assert leads_of(opened(path)) == [(2, ["0991234567", "Mario"])]


def test_a_text_in_a_formula_is_read_back(csv_file: CsvFile) -> None:
    """Such a cell reads as its text in the results file too, where it is no live formula."""
    path = csv_file('phone,name\n="0991234567",Mario\n')
    before = leads_of(opened(path))
    write_results(opened(path), [result(2)], path)
    assert "'=" in path.read_text()
    assert leads_of(opened(path)) == before == [(2, ["0991234567", "Mario"])]


def test_fills_up_gaps_between_rows(tmp_path: Path) -> None:
    """A reader that leaves out blank rows does not shift the ones after them."""
    table = table_of(tmp_path / "a", [(1, ["phone", "name"]), (4, ["099", "Mario"])], leads=1)
    file = io.BytesIO()

    write_text(table, Accounting([result(4)], 1), file)

    assert file.getvalue().decode().split("\n")[1:4] == ["", "", "099,Mario,1,accepted,"]


def test_writes_many_rows_in_their_order(tmp_path: Path) -> None:
    """Rows are written in blocks, and none is lost at a border."""
    rows = [(number, [str(number), "x"]) for number in range(1, 513)]
    file = io.BytesIO()

    results = [result(number) for number in range(2, 513)]
    write_text(table_of(tmp_path / "a", rows, 511), Accounting(results, 511), file)

    lines = file.getvalue().decode().splitlines()
    assert [line.split(",")[0] for line in lines] == [str(number) for number in range(1, 513)]


@pytest.mark.parametrize(
    "content",
    [
        'sep=;\r\n"phone";"name"\r\n"099";"Mu\u00f1oz"\r\n',
        "phone\tname\r099\tMario\r",
        '"phone"|"name"\n"099"|"a\r\nb"\n',
        "phone;name;\r\n099;Mario;\r\n",
    ],
    ids=["sep and quotes", "tabs and CR", "bars and breaks in cells", "trailing delimiter"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_writes_in_the_dialect_of_the_input(csv_file: CsvFile, content: str, encoding: str) -> None:
    """Encoding, byte order mark, delimiter, quotes, line ends and a line sep= stay as they were."""
    path = csv_file(content, encoding)
    table = opened(path)

    write_results(table, some_results(table), path.with_name("out.csv"))
    again = opened(path.with_name("out.csv"))

    assert again.source.dialect == table.source.dialect
    assert leads_of(again) == leads_of(table)


def test_quotes_a_bare_line_break_whatever_the_line_end(tmp_path: Path) -> None:
    """A CR inside a cell does not end the row where rows end in LF."""
    rows = [(1, ["phone", "name"]), (2, ["099", "a\rb"])]
    file = io.BytesIO()

    write_text(table_of(tmp_path / "a", rows, 1), Accounting([result(2)], 1), file)

    assert list(csv.reader(io.StringIO(file.getvalue().decode(), newline="")))[1][1] == "a\rb"


def test_guards_every_cell_against_formulas(csv_file: CsvFile) -> None:
    """No cell of any row runs as a formula, and read back it is what it was."""
    path = csv_file('+title\n\n=A1,name,town\n"=1+1",\'=2,\n+59899123456,-5,\n@sum,"\t=3",-2+3\n')
    table = opened(path)

    write_results(table, some_results(table), path.with_name("out.csv"))
    again = opened(path.with_name("out.csv"))

    with path.with_name("out.csv").open(newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert [cell for cell in cells if cell[:1] in set("=@\t")] == []
    assert "+59899123456" in cells
    assert leads_of(again) == leads_of(table)
    assert again.source.columns[:3] == table.source.columns


def test_keeps_a_row_damaged_that_has_too_few_cells(csv_file: CsvFile) -> None:
    """The result stands in its place, and retry still refuses the row until it is corrected."""
    path = csv_file("phone,name,town\n099\n098,Luigi,Lima\n")

    text = written(path, result(2, Status.INVALID), result(3))
    again = opened(path.with_name("out.csv"))

    assert text.splitlines()[1].endswith(",only 1 of 3 cells: correct the row and empty this cell")
    assert damaged_rows(again) == {2}
    assert {row: cells[1] for row, cells in results_in(again).items()} == {
        2: "invalid",
        3: "accepted",
    }


def test_fills_up_short_rows_that_are_whole(csv_file: CsvFile) -> None:
    """Rows that Excel wrote without their empty last cells are leads, and stay sendable."""
    full = "".join(f"09{number},Mario,Quito\n" for number in range(100, 115))
    short = "".join(f"09{number},Luigi\n" for number in range(200, 216))
    table = opened(csv_file(f"phone,name,town\n{full}{short}"))
    results = [result(number, Status.UNSENT) for number in range(2, 33)]

    report = write_results(table, results, table.source.path.with_name("out.csv"))
    again = opened(report.path)

    assert damaged_rows(table) == damaged_rows(again) == set()
    assert leads_of(again) == leads_of(table)
    assert results_in(again)[32][1] == "unsent"


def test_keeps_a_row_damaged_that_has_too_many_cells(csv_file: CsvFile) -> None:
    """The cells too many stand behind the result; nothing of the row is lost."""
    path = csv_file("phone,name\n099,Mario,Calle 5,Quito\n098,Luigi\n")

    text = written(path, ResultRow(2, Status.INVALID, "too many"), result(3))

    assert text.splitlines()[1] == "099,Mario,0,invalid,too many,Calle 5,Quito"
    assert damaged_rows(opened(path.with_name("out.csv"))) == {2}


def test_overwrites_the_columns_of_an_earlier_results_file(csv_file: CsvFile) -> None:
    """A retry changes the three columns where they stand, wherever the user moved them."""
    path = csv_file(
        "dialer_status,phone,dialer_error,dialer_result\nunsent,099,=why,0\nunsent,098,x,0,more\n"
        ",,,\n"
    )

    text = written(path, result(2), ResultRow(3, Status.REJECTED, "no"))

    assert text == (
        "dialer_status,phone,dialer_error,dialer_result\n"
        "accepted,099,,1\nrejected,098,no,0,more\n,,,\n"
    )


def test_writes_an_error_on_one_line(csv_file: CsvFile) -> None:
    """A line break in an error does not make a damaged row look as if a quote were lost."""
    path = csv_file("phone,name\n099,Mario\n098,Luigi,more\n")

    text = written(path, result(2), ResultRow(3, Status.INVALID, "two\n  lines"))

    assert text.splitlines()[2] == "098,Luigi,0,invalid,two lines,more"


def test_adds_what_is_missing_of_the_three_columns(csv_file: CsvFile) -> None:
    """Where the user deleted one of the columns, only that one is added."""
    path = csv_file("phone,dialer_status,dialer_result\n099,unsent,0\n,,\n")

    assert written(path, ResultRow(2, Status.REJECTED, "no")) == (
        "phone,dialer_status,dialer_result,dialer_error\n099,rejected,0,no\n,,,\n"
    )


def test_writes_a_header_for_a_list_without_one(csv_file: CsvFile) -> None:
    """The vendor's list gets a header of its labels, and a note that rows are one further down."""
    path = csv_file("POWER<-;0991234567;name=Mario;M=0=098447120;9999;\n")
    table = opened(path)

    report = write_results(table, [result(1)], path.with_name("out.csv"))

    assert report.path.read_text().splitlines() == [
        (
            "campaign;destination;data;alternatives;priority;agent;"
            "dialer_result;dialer_status;dialer_error"
        ),
        "POWER<-;0991234567;name=Mario;M=0=098447120;9999;;1;accepted;",
    ]
    assert report.notes == (
        (
            "The list has no header, and its results file has one, so that it can be read again: "
            "a row has a number one higher there."
        ),
    )


def test_writes_an_error_in_letters_that_the_encoding_has(csv_file: CsvFile) -> None:
    """A character that the encoding lacks is folded, and the user's own cells are untouched."""
    path = csv_file("phone;name\n099;Mu\u00f1oz\u2026\n", "cp1252")
    folded = "\u201cA\u0144a\u201d \u2026 \u6f22 \u2013 it\u2019s"
    ascii_table = table_of(
        path, [(1, ["phone"]), (2, ["099"])], 1, columns=("phone",), dialect=TextDialect("ascii")
    )
    file = io.BytesIO()

    write_text(ascii_table, Accounting([ResultRow(2, Status.REJECTED, folded)], 1), file)
    write_results(opened(path), [ResultRow(2, Status.REJECTED, folded)], path)

    assert file.getvalue().decode("ascii").splitlines()[1] == (
        '099,0,rejected,"""Ana"" ... _ - it\'s"'
    )
    assert path.read_text("cp1252").splitlines()[1] == (
        "099;Mu\u00f1oz\u2026;0;rejected;\u201cAna\u201d \u2026 _ \u2013 it\u2019s"
    )


# A file with many of these is refused as binary.
CONTROLS = "".join(chr(code) for code in range(32) if chr(code) not in "\t\n\v\f\r")
any_text = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=f"{CONTROLS}\ufeff"), max_size=8
)
one_line = any_text.map(lambda text: " ".join(text.split()))
fitting_rows = st.lists(st.tuples(any_text, any_text), min_size=1, max_size=6)
ragged_rows = st.lists(st.lists(one_line, max_size=4), min_size=1, max_size=6)


@settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60
)
@given(
    rows=fitting_rows | ragged_rows,
    quotes_all=st.booleans(),
    line_end=st.sampled_from(["\n", "\r\n"]),
    delimiter=st.sampled_from(",;\t|"),
)
def test_what_was_written_reads_as_before(
    tmp_path: Path, rows: list[list[str]], quotes_all: bool, line_end: str, delimiter: str
) -> None:
    """For any rows in any dialect the leads and their damages stay, through two writings."""
    path = tmp_path / "leads.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(
            file,
            delimiter=delimiter,
            lineterminator=line_end,
            quoting=csv.QUOTE_ALL if quotes_all else csv.QUOTE_MINIMAL,
        )
        writer.writerows([["phone", "name", "town"], ["099", "Mario", "Quito"]])
        writer.writerows(["098 55", *row] for row in rows)
    table = opened(path, delimiter)

    write_results(table, some_results(table), tmp_path / "once.csv")
    once = opened(tmp_path / "once.csv", delimiter)
    write_results(once, some_results(once, shift=1), tmp_path / "twice.csv")
    twice = opened(tmp_path / "twice.csv", delimiter)

    assert leads_of(table) == leads_of(once) == leads_of(twice)
    assert damaged_rows(table) == damaged_rows(once) == damaged_rows(twice)
    assert once.source.columns == twice.source.columns
    assert results_in(twice) == {
        row.row: OF_A_RUN.cells(row) for row in some_results(twice, shift=1)
    }
