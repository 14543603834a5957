from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import SourceError
from bulk_loader.model import TextDialect
from bulk_loader.reading import Limits, ReadingOptions
from bulk_loader.reading.text.opened import TextTable, open_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulk_loader.model import Problem

    Opener = Callable[..., TextTable]


@pytest.fixture
def opened(tmp_path: Path) -> Opener:
    """Opens a text file with the given content."""

    def open_content(content: str | bytes, **said: object) -> TextTable:
        path = tmp_path / "leads.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return open_text(path, "digest", ReadingOptions(**said))  # type: ignore[arg-type]

    return open_content


def leads(table: TextTable) -> dict[int, list[str]]:
    """Cells of all leads by row number."""
    return {
        int(str(number)): row.tolist()
        for batch in table.batches(2)
        for number, row in batch.frame.iterrows()
    }


def damages(table: TextTable) -> list[Problem]:
    """All damages, in order."""
    return [problem for batch in table.batches(2) for problem in batch.damages]


def test_source_says_what_was_found(opened: Opener) -> None:
    """All that is decided about a file is known when it is opened."""
    source = opened("phone,name\r\n099,Ana\r\n098,Luis\r\n").source
    assert source.columns == ("phone", "name")
    assert (source.leads, source.header_row, source.sheet) == (2, 1, None)
    assert source.dialect == TextDialect(line_end="\r\n")
    assert source.path.is_absolute()
    assert source.notes == ()


def test_cells_are_not_changed(opened: Opener) -> None:
    """White space, leading zeros, quotes and line ends inside a cell stay as they stand."""
    table = opened('phone,name\n 0099 ,"Ana ""la"" Vega\r\nQuito, ""2"""\n5" pipe,x\n')
    assert leads(table) == {
        2: [" 0099 ", 'Ana "la" Vega\r\nQuito, "2"'],
        3: ['5" pipe', "x"],
    }


def test_row_numbers_are_those_of_the_spreadsheet_program(opened: Opener) -> None:
    """Blank lines count, line ends inside quotes do not."""
    table = opened('phone,name\n\n1,"a\nb"\n\n\n2,c\n')
    assert list(leads(table)) == [3, 6]
    assert [number for number, cells in table.records() if not cells] == [2, 4, 5]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found(opened: Opener, delimiter: str) -> None:
    """The usual delimiters are told by the shape of the table."""
    lines = ["phone,name", "099,Ana María", "098,Luis"]
    table = opened("\n".join(line.replace(",", delimiter) for line in lines))
    assert table.source.dialect is not None
    assert table.source.dialect.delimiter == delimiter
    assert leads(table)[2] == ["099", "Ana María"]


@pytest.mark.parametrize(
    ("content", "delimiter"),
    [
        ("id;price;name\n1;2,5;a, b\n2;3,7;c\n", ";"),
        ("name\nPérez, Ana\nGómez, Luis\n", ","),
        ("name;phone\n" + "Pérez, Ana;099\n" * 3, ";"),
        ("phone\n099\n", ","),
        ("a,b,c\n1,2\n1,2,3\n1,2\n", ","),
    ],
)
def test_delimiter_inside_cells_does_not_mislead(
    opened: Opener, content: str, delimiter: str
) -> None:
    """Commas in names and amounts do not part a table that another character parts."""
    table = opened(content)
    widths = {len(cells) for _, cells in table.records()}
    assert table.source.dialect is not None
    assert table.source.dialect.delimiter == delimiter or widths == {1}


@pytest.mark.parametrize("said", ["|", "tab", "\\t"])
def test_the_users_delimiter_wins(opened: Opener, said: str) -> None:
    """What the user says is taken, also where another would fit."""
    character = "|" if said == "|" else "\t"
    table = opened(f"a,b,c{character}d\n1,2,3{character}4\n", delimiter=said)
    assert table.source.columns == ("a,b,c", "d")


@pytest.mark.parametrize("said", ["", ";;", '"', "\n"])
def test_impossible_delimiter_is_refused(opened: Opener, said: str) -> None:
    """A delimiter that can't part cells is named before anything is read."""
    with pytest.raises(SourceError, match="can't be a delimiter"):
        opened("a,b\n1,2\n", delimiter=said)


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=;"])
def test_sep_line_declares_the_delimiter_and_is_no_row(opened: Opener, line: str) -> None:
    """Excel shows no row for it, so the header below it is row 1."""
    table = opened(f"{line}\r\na,x;b\r\n1;2\r\n")
    assert table.source.columns == ("a,x", "b")
    assert leads(table) == {2: ["1", "2"]}
    assert next(table.records()) == (1, ["a,x", "b"])
    assert table.source.dialect == TextDialect(delimiter=";", line_end="\r\n", has_sep_line=True)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_all_line_ends_are_known(opened: Opener, end: str) -> None:
    """Files of Windows, Linux and old Macs read alike."""
    table = opened(end.join(["a,b", "1,2", "3,4", ""]))
    assert leads(table) == {2: ["1", "2"], 3: ["3", "4"]}
    assert table.source.dialect is not None
    assert table.source.dialect.line_end == end


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_at_the_seams_of_blocks_make_no_rows(opened: Opener, end: str) -> None:
    """A file longer than what is read at once has no row more or less."""
    line = "099123456,Ana" + end
    table = opened("phone,name" + end + line * 100_003)
    assert table.source.leads == 100_003
    assert sum(len(batch.frame) for batch in table.batches(50_000)) == 100_003


@pytest.mark.parametrize(
    ("content", "quotes_all"),
    [
        ('"a","b"\n"1",""\n', True),
        ('"a","b"\r\n"x\r\ny","2"\r\n', True),
        ('"a","b"\n"1",2\n', False),
        ("a,b\n1,2\n", False),
    ],
)
def test_quoting_of_every_cell_is_noticed(opened: Opener, content: str, quotes_all: bool) -> None:
    """The results file can be quoted as its source is."""
    dialect = opened(content).source.dialect
    assert dialect is not None
    assert dialect.quotes_all is quotes_all


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le"])
def test_byte_order_mark_is_no_part_of_the_header(opened: Opener, codec: str) -> None:
    """The first column has its name without the mark, and the dialect knows of it."""
    table = opened(("\ufefftelefono;año\n099;2026\n").encode(codec))
    assert table.source.columns == ("telefono", "año")
    assert table.source.dialect == TextDialect(codec, has_bom=True, delimiter=";")


def test_windows_1252_reads_right_and_is_said(opened: Opener) -> None:
    """A Spanish export comes out with its letters."""
    table = opened("teléfono;nombre\n099;Muñoz\n".encode("cp1252"))
    assert leads(table) == {2: ["099", "Muñoz"]}
    assert "Windows-1252" in table.source.notes[0]


def test_undecodable_byte_is_named_by_its_row(opened: Opener) -> None:
    """A broken file says where it is broken, far down as well."""
    good = "José,099\n".encode()
    with pytest.raises(SourceError, match=r"Row 40002 holds the byte 0xF1.* UTF-8") as caught:
        opened(b"name,phone\n" + good * 40_000 + b"Mu\xf1oz,098\n" + good)
    assert "--encoding" in caught.value.remedy


def test_text_cut_in_the_middle_of_a_letter_is_named(opened: Opener) -> None:
    """A file that breaks off inside a character is not read as if it were whole."""
    with pytest.raises(SourceError, match="Row 3 holds the byte"):
        opened("name\nJosé\nJosé".encode()[:-1], encoding="utf-8")


def test_title_above_the_header_is_said(opened: Opener) -> None:
    """The place of the header is found, said, and can be overruled."""
    content = "Customers of May\n\nphone,name,city\n0991234567,Ana,Quito\n"
    table = opened(content)
    assert (table.source.header_row, leads(table)) == (3, {4: ["0991234567", "Ana", "Quito"]})
    assert "row 3" in table.source.notes[0]
    assert opened(content, header_row=1).source.columns == ("Customers of May",)


def test_header_row_0_names_columns_by_letter(opened: Opener) -> None:
    """A file without a header is read from its first row when the user says so."""
    table = opened("\n099,Ana\n098,Luis\n", header_row=0)
    assert table.source.columns == ("[A]", "[B]")
    assert leads(table) == {2: ["099", "Ana"], 3: ["098", "Luis"]}


@pytest.mark.parametrize(("row", "why"), [(9, "ends above"), (2, "blank")])
def test_header_row_that_is_none_is_refused(opened: Opener, row: int, why: str) -> None:
    """A wrong row number is named instead of reading nonsense."""
    with pytest.raises(SourceError, match=f"no header in row {row}") as caught:
        opened("a,b\n\n1,2\n", header_row=row)
    assert why in caught.value.why


def test_trailing_delimiter_on_every_row_makes_no_column(opened: Opener) -> None:
    """Columns without a name and without a text are none."""
    table = opened("a;b;\n1;2;\n3;4;\n")
    assert table.source.columns == ("a", "b")
    assert leads(table) == {2: ["1", "2"], 3: ["3", "4"]}
    assert damages(table) == []


def test_nameless_column_with_data_is_named_by_its_letter(opened: Opener) -> None:
    """A column that holds anything is there, also where its header is empty."""
    table = opened("a;b;\n1;2;\n3;4;x\n")
    assert table.source.columns == ("a", "b", "[C]")
    assert leads(table)[3] == ["3", "4", "x"]


def test_rows_of_another_width_are_named(opened: Opener) -> None:
    """Cells too few or too many damage their row and no other."""
    table = opened("a,b,c\n1,2\n1,2,3\n1,2,3,4\n")
    assert [(found.code, found.row) for found in damages(table)] == [
        ("too_few_cells", 2),
        ("too_many_cells", 4),
    ]
    assert table.source.leads == 3


def test_text_behind_a_closing_quote_is_named(opened: Opener) -> None:
    """What stands behind a quote is never dropped in silence: the line is kept as one cell."""
    table = opened('a,b\n"x"y,2\n3,4\n')
    (found,) = damages(table)
    assert (found.code, found.row, found.column) == ("text_after_quote", 2, None)
    assert leads(table) == {2: ['"x"y,2', ""], 3: ["3", "4"]}
    assert [cells for _, cells in table.records()] == [["a", "b"], ['"x"y,2'], ["3", "4"]]


def test_damage_above_the_header_matters_to_no_lead(opened: Opener) -> None:
    """A title with a stray quote does not damage the first lead."""
    table = opened('"x"y\na,b,c\n3,4,5\n')
    assert damages(table) == []
    assert (table.source.columns, table.source.leads) == (("a", "b", "c"), 1)


@pytest.mark.parametrize(("header", "what"), [('"a"x,b', "closing quote"), ("a\0,b", "NUL")])
def test_damaged_header_is_refused(opened: Opener, header: str, what: str) -> None:
    """Where the names of the columns are in doubt, nothing is sent."""
    with pytest.raises(SourceError, match=f"The header in row 1 .*{what}"):
        opened(f"{header}\n1,2\n3,4\n")


def test_width_without_a_header_is_the_one_of_the_first_whole_row(opened: Opener) -> None:
    """A damaged first row does not make all others too wide."""
    table = opened('"1"x,2\n3,4\n', header_row=0)
    assert table.source.columns == ("[A]", "[B]")
    assert [(found.code, found.row) for found in damages(table)] == [("text_after_quote", 1)]


def test_only_damaged_rows_make_no_table(opened: Opener) -> None:
    """Where no row is whole, there are no columns."""
    assert opened('"1"x,2\n', header_row=0).source.columns == ()


@pytest.mark.parametrize(
    "content",
    [
        'a,b\n1,2\n"x,2\n3,4\n',
        'a,b\n1,2\n"x',
        'a,b\n1,2\n3,"x\n4,"y",5\n',
        'a,b\n1,2\n"x,2\n3,"\n4,5\n',
    ],
)
def test_unclosed_quote_is_named_by_the_row_where_it_opens(opened: Opener, content: str) -> None:
    """A quote that swallows rows stops everything: nobody knows which leads are in it."""
    with pytest.raises(SourceError, match="Row 3"):
        opened(content)


def test_unclosed_quote_in_a_long_file_is_found_in_bounded_memory(opened: Opener) -> None:
    """A quote that is never closed does not make one cell of the whole file."""
    with pytest.raises(SourceError, match="Row 2 of the file is longer than"):
        opened('a,b\n1,"x\n' + "3,4\n" * 200_000)


def test_nul_is_named_by_its_row(opened: Opener) -> None:
    """A character that no text has damages its row and no other."""
    table = opened("phone,name\n0991234567,Ana\n0991\x0034567,Luis\n0991234568,Eva\n")
    (found,) = damages(table)
    assert (found.code, found.row) == ("nul_character", 3)


def test_end_mark_of_dos_is_no_lead(opened: Opener) -> None:
    """The last character of old files is not a row."""
    assert list(leads(opened("a,b\n1,2\n\x1a"))) == [2]


def test_too_many_columns_are_refused(opened: Opener) -> None:
    """A table wider than any sheet is no list of leads."""
    with pytest.raises(SourceError, match=r"Row 1 has 1,000,000 cells"):
        opened("," * 999_999 + "\n1\n")


def test_too_many_rows_are_refused(opened: Opener) -> None:
    """The limit of rows is a setting that holds."""
    with pytest.raises(SourceError, match="Row 4"):
        opened("a\n1\n2\n3\n", limits=Limits(max_rows=3))


def test_one_gigantic_line_is_refused(opened: Opener) -> None:
    """A file without line ends is not held in memory."""
    with pytest.raises(SourceError, match="longer than 4,194,304 characters"):
        opened("x" * 6_000_000)


def test_one_gigantic_row_of_many_lines_is_refused(opened: Opener) -> None:
    """A row that never ends is not held in memory."""
    with pytest.raises(SourceError, match="longer than 1,000 characters"):
        opened("a\n" + '"\n",' * 400, limits=Limits(max_row_length=1000))


def test_too_long_cell_is_named(opened: Opener) -> None:
    """A cell beyond all measure is named by its row."""
    with pytest.raises(SourceError, match="Row 2 of the file is longer than 131,072"):
        opened("a,b\n1," + "x" * 200_000 + "\n")


def test_results_file_reads_without_the_guard(opened: Opener) -> None:
    """What the guard against formulas added is taken off, and only in a results file."""
    header = "'=name,phone,dialer_result,dialer_status,dialer_error\n"
    table = opened(header + "'=1+1,099,0,unsent,'-x\n")
    assert table.source.columns[0] == "=name"
    assert leads(table)[2] == ["=1+1", "099", "0", "unsent", "-x"]
    assert [cells[0] for _, cells in table.records()] == ["=name", "=1+1"]
    assert leads(opened("name,phone\n'=1+1,099\n"))[2] == ["'=1+1", "099"]


def test_vendor_list_is_recognised(opened: Opener) -> None:
    """The dialer's own list file needs no header and no map, and what it loses is said."""
    table = opened(
        "POWER<-;0991234567;name=Mario:idcustomer=7;M=0=098447120:H=1=26001234;9999;\n"
        "POWER<-;0991234568;;;;101\n"
    )
    assert table.source.columns == (
        "campaign", "destination", "data", "alternatives", "priority", "agent",
    )  # fmt: skip
    assert table.source.header_row == 0
    assert leads(table) == {
        1: ["POWER<-", "0991234567", "name=Mario:idcustomer=7", "098447120:26001234", "9999", ""],
        2: ["POWER<-", "0991234568", "", "", "", "101"],
    }
    assert any("Priorities" in note for note in table.source.notes)
    assert next(table.records())[1][3] == "M=0=098447120:H=1=26001234"


@pytest.mark.parametrize(
    ("ending", "agent"),
    [("9999", ""), ("9999;", ""), ("9999;101", "101"), ("9999;ana.b-1@x;", "ana.b-1@x")],
)
def test_the_agent_of_a_vendor_list_is_optional_with_its_semicolon(
    opened: Opener, ending: str, agent: str
) -> None:
    """Rows with and without it stand in one list, and none of them is short of a cell."""
    plain = "POWER->;0991234567;;P=0=098447120:U=1=26001234:W=2=26001235"
    table = opened(f"{plain};{ending}\n{plain};1\n{plain};1;102;\n")
    read = leads(table)
    assert [cells[5] for cells in read.values()] == [agent, "", "102"]
    assert {cells[3] for cells in read.values()} == {"098447120:26001234:26001235"}
    assert [len(cells) for _, cells in table.records()][1] == 6
    assert not any(batch.damages for batch in table.batches())


def test_a_row_of_a_vendor_list_that_is_cut_short_is_damaged(opened: Opener) -> None:
    """Only the agent may be left out."""
    table = opened("P<-;0991234567;a=b;;1\n" * 40 + "P<-;0991234567;a=b\n")
    (batch,) = table.batches()
    assert [damage.row for damage in batch.damages] == [41]


@pytest.mark.parametrize(
    "content", ["Ana;0991234567;;;5\nLuz;0991234568;;;7\n", "P<-;0991234567;a=b;;\n"]
)
def test_five_columns_alone_are_no_vendor_list(opened: Opener, content: str) -> None:
    """Names with numbers and an age are not read as campaigns; a list of theirs has priorities."""
    assert opened(content).source.columns[0] != "campaign"


def test_results_of_a_vendor_list_read_alike(opened: Opener) -> None:
    """A retry sends the alternatives as the first upload did."""
    table = opened(
        "campaign;destination;data;alternatives;priority;agent;dialer_result;dialer_status;dialer_error\n"
        "P;0991234567;;M=0=098447120;;;0;rejected;\n"
    )
    assert leads(table)[2][3] == "098447120"


@pytest.mark.parametrize(
    "content",
    [
        "campaign;phone;data;alternatives;priority;agent\nP;0991234567;;;1;\n",
        "P;0991234567;;;1;\nP;nobody;;;1;\n",
        "P;0991234567;a=b\nP;0991234567;a=b\n",
        "P;0991234567;;;1;;x\nP;0991234567;;;1;;\n",
    ],
)
def test_other_tables_are_no_vendor_list(opened: Opener, content: str) -> None:
    """Only a file that fits in every row is read without a header."""
    assert opened(content).source.header_row == 1


def test_tables_can_be_read_again(opened: Opener) -> None:
    """Every pass begins at the start of the file."""
    table = opened("a,b\n1,2\n")
    assert leads(table) == leads(table)
    assert list(table.records()) == list(table.records())


def test_mark_alone_is_no_list(opened: Opener) -> None:
    """A file with nothing but a byte order mark has no header."""
    with pytest.raises(SourceError, match="no text"):
        opened(codecs.BOM_UTF8)
