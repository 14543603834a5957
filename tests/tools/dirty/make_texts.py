"""Writes the odd text files of this folder, and what a person sees in each, beside it.

Run `python tests/tools/dirty/make_texts.py`; the ones named `csv_libreoffice_…` need `soffice`. What is
expected is written by hand, never taken from the reader.
"""

from __future__ import annotations

import gzip
import io
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parents[2]))

from tests.spreadsheets.raw_workbooks import RawWorkbook, row  # noqa: E402
from tests.tools.dirty.make_workbooks import GOOD, NAME, PHONE, expect  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Unpack

    from tests.tools.dirty.make_workbooks import Expected

HEADER = f"{PHONE},{NAME}\n"
EVA = ["0987654321", "Eva"]
BOTH = {2: GOOD, 3: EVA}
TWO = f"{HEADER}0991234567,Ana\n0987654321,Eva\n"

# Names that no other list of encodings writes with the same bytes.
SPANISH = f"{HEADER}0991234567,Íñigo Muñoz\n0987654321,Zoé Güell\n0981112223,María Peña\n"
SPANISH_ROWS = {
    2: ["0991234567", "Íñigo Muñoz"],
    3: ["0987654321", "Zoé Güell"],
    4: ["0981112223", "María Peña"],
}


def file(
    name: str, content: str | bytes, rows: dict[int, list[str]] | None = None,
    suffix: str = "csv", **more: Unpack[Expected],
) -> None:  # fmt: skip
    """A file as it stands, and what is expected of it."""
    data = content.encode() if isinstance(content, str) else content
    (FOLDER / f"csv_{name}.{suffix}").write_bytes(data)
    expect(f"csv_{name}", rows, **more)


def cell(name: str, written: str, shown: str, **more: Unpack[Expected]) -> None:
    """A file whose only oddity is the name in row 2, beside a plain lead."""
    content = f"{HEADER}0991234567,{written}\n0987654321,Eva\n"
    file(name, content, {2: [GOOD[0], shown], 3: EVA}, **more)


def phone(name: str, written: str, shown: str | None = None) -> None:
    """A file whose only oddity is the phone in row 2, which is for screening to judge."""
    rows = {2: [written if shown is None else shown, "Ana"], 3: EVA}
    file(f"phone_{name}", f"{HEADER}{written},Ana\n0987654321,Eva\n", rows)


def encodings() -> None:
    """Bytes that become letters in many ways."""
    mark = "\ufeff"
    file("utf8_mark", mark + TWO, BOTH)
    file("utf8_mark_before_quote", mark + f'"{PHONE}","{NAME}"\n"0991234567","Ana"\n', {2: GOOD})
    file("utf16_le", (mark + SPANISH).encode("utf-16-le"), SPANISH_ROWS, notes=["UTF-16"])
    file("utf16_be", (mark + SPANISH).encode("utf-16-be"), SPANISH_ROWS, notes=["UTF-16"])
    file("utf16_le_unmarked", SPANISH.encode("utf-16-le"), SPANISH_ROWS, notes=["UTF-16"])
    file("utf16_be_unmarked", SPANISH.encode("utf-16-be"), SPANISH_ROWS, notes=["UTF-16"])
    file(
        "utf16_tabs_named_txt", (mark + SPANISH.replace(",", "\t")).encode("utf-16-le"),
        SPANISH_ROWS, "txt",
    )  # fmt: skip
    french = f"{HEADER}0991234567,François Lefèvre\n0987654321,Hélène Bérard\n"
    french_rows = {2: [GOOD[0], "François Lefèvre"], 3: [EVA[0], "Hélène Bérard"]}
    file("dos_french", french.encode("cp850"), french_rows, notes=["CP850"])
    danish = f"{HEADER}0991234567,Søren Kjær\n0987654321,Åse Nørgaard\n"
    danish_rows = {2: [GOOD[0], "Søren Kjær"], 3: [EVA[0], "Åse Nørgaard"]}
    file("mac_danish", danish.encode("mac-roman"), danish_rows, notes=["Mac Roman"])
    file("utf32", (mark + SPANISH).encode("utf-32-le"), SPANISH_ROWS)
    file("windows_1252", SPANISH.encode("cp1252"), SPANISH_ROWS, notes=["Windows-1252"])
    signs = f"{HEADER}0991234567,“Café” – 5 €\n0987654321,O’Neill\n"  # noqa: RUF001
    rows = {2: ["0991234567", "“Café” – 5 €"], 3: ["0987654321", "O’Neill"]}  # noqa: RUF001
    file("windows_1252_signs", signs.encode("cp1252"), rows)
    file("dos", SPANISH.encode("cp850"), SPANISH_ROWS, options={"encoding": "cp850"})
    file("mac_roman", SPANISH.encode("mac-roman"), SPANISH_ROWS, options={"encoding": "mac-roman"})
    cyrillic = [
        "Иванов Сергей Петрович", "Кузнецова Мария Ивановна", "Смирнов Алексей Николаевич",
        "Попова Екатерина Дмитриевна", "Соколов Михаил Андреевич", "Лебедева Ольга Сергеевна",
    ]  # fmt: skip
    lines = "".join(f"099123456{place},{name}\n" for place, name in enumerate(cyrillic))
    file(
        "windows_1251", (HEADER + lines).encode("cp1251"),
        {place + 2: [f"099123456{place}", name] for place, name in enumerate(cyrillic)},
    )  # fmt: skip
    file(
        "shift_jis", f"{HEADER}0312345678,山田太郎\n".encode("shift-jis"),
        {2: ["0312345678", "山田太郎"]}, options={"encoding": "shift-jis"},
    )  # fmt: skip
    file(
        "mac_roman_unsaid", f"{HEADER}0991234567,José Muñoz\n0987654321,Eva\n".encode("mac-roman"),
        {2: ["0991234567", "José Muñoz"], 3: EVA}, notes=["Mac Roman"],
    )  # fmt: skip
    file(
        "dos_german", f"{HEADER}0991234567,Käthe Weiß\n0987654321,Eva\n".encode("cp850"),
        {2: ["0991234567", "Käthe Weiß"], 3: EVA}, notes=["CP850"],
    )  # fmt: skip
    czech = f"{HEADER}0991234567,Jana Kučera\n0987654321,Eva\n".encode("cp1250")
    file("encoding_unsure", czech, error='"Kuèera" in Windows-1252')
    file(
        "encoding_chosen", czech, {2: ["0991234567", "Jana Kučera"], 3: EVA},
        options={"encoding": "cp1250"},
    )  # fmt: skip
    mixed = SPANISH.encode() + "0912345678,José Muñoz\n".encode("cp1252")
    file("two_encodings", mixed, error="Row 5 holds the byte 0xE9")
    file("emoji", f"{HEADER}0991234567,Ana 📞\n", {2: ["0991234567", "Ana 📞"]})
    file("end_mark_of_dos", TWO + "\x1a", BOTH)
    file("encoding_unknown", TWO, options={"encoding": "utf-9"}, error='no encoding named "utf-9"')


def delimiters() -> None:
    """Characters between cells."""
    file("semicolons", TWO.replace(",", ";"), BOTH)
    file("tabs", TWO.replace(",", "\t"), BOTH, "tsv")
    file("pipes", TWO.replace(",", "|"), BOTH, "txt")
    file("declared", "sep=;\n" + TWO.replace(",", ";"), BOTH)
    file(
        "declared_against_the_look",
        "sep=;\na,b;c\n1,2;3\n",
        {2: ["1,2", "3"]},
        columns=("a,b", "c"),
    )
    file("declared_tab", "sep=\t\r\n" + TWO.replace(",", "\t"), BOTH)
    file("chosen", TWO.replace(",", "~"), BOTH, options={"delimiter": "~"})
    decimal = f"{PHONE};monto\n0991234567;1,50\n0987654321;2,75\n"
    rows = {2: ["0991234567", "1,50"], 3: ["0987654321", "2,75"]}
    file("decimal_commas", decimal, rows, columns=(PHONE, "monto"))
    cell("semicolons_in_cells", "Ana; hermana de Eva; viuda", "Ana; hermana de Eva; viuda")
    file("one_column", f"{PHONE}\n0991234567\n", {2: ["0991234567"]}, columns=(PHONE,))
    cell("delimiter_in_quotes", '"Pérez, Ana"', "Pérez, Ana")
    cell("header_and_list_of_numbers", "0991234567|0987654321|0981", "0991234567|0987654321|0981")


def quotes() -> None:
    """Quotes, and what stands in them."""
    file("all_quoted", f'"{PHONE}","{NAME}"\n"0991234567","Ana"\n', {2: GOOD})
    cell("quote_doubled", '"Ana ""la Jefa"" Ruiz"', 'Ana "la Jefa" Ruiz')
    cell("quote_inside", 'Ana "la Jefa" Ruiz', 'Ana "la Jefa" Ruiz')
    cell("quote_of_inches", '5" de tubo', '5" de tubo')
    cell("quotes_empty", '""', "")
    cell("quotes_single", "'Ana'", "'Ana'")
    cell("line_end_in_quotes", '"Ana\nRuiz"', "Ana\nRuiz")
    file("crlf_in_quotes", f'{HEADER}0991234567,"Ana\r\nRuiz"\r\n', {2: [GOOD[0], "Ana\r\nRuiz"]})
    file(
        "lines_in_quoted_header", f'"{PHONE}\nmóvil",{NAME}\n0991234567,Ana\n', {2: GOOD},
        columns=(f"{PHONE} móvil", NAME),
    )  # fmt: skip
    cell("space_before_quote", ' "Ana"', ' "Ana"')
    file(
        "space_before_quote_and_delimiter", f'{HEADER}0991234567, "Pérez, Ana"\n0987654321,Eva\n',
        {2: ["0991234567", ' "Pérez'], 3: EVA}, damages={2: {"": "too_many_cells"}},
    )  # fmt: skip
    file(
        "text_behind_quote", f'{HEADER}0991234567,"Ana" Ruiz\n0987654321,Eva\n',
        {2: ['0991234567,"Ana" Ruiz', ""], 3: EVA}, damages={2: {"": "text_after_quote"}},
    )  # fmt: skip
    file(
        "quote_with_backslash", f'{HEADER}0991234567,"Ana \\"la Jefa\\" Ruiz"\n0987654321,Eva\n',
        {2: ['0991234567,"Ana \\"la Jefa\\" Ruiz"', ""], 3: EVA},
        damages={2: {"": "text_after_quote"}},
    )  # fmt: skip
    cell("backslash_n", r"\N", r"\N")
    file(
        "quote_unclosed", f'{HEADER}0991234567,"Ana\n0987654321,Eva\n', error="Row 2 opens a quote"
    )
    file(
        "quote_unclosed_closed_by_another",
        f'{HEADER}0991234567,"Ana\n0987654321,Eva\n0981112223,"Luz"\n', error="Row 2",
    )  # fmt: skip


def lines() -> None:
    """Line ends and blank lines."""
    file("crlf", TWO.replace("\n", "\r\n"), BOTH)
    file("old_mac", TWO.replace("\n", "\r"), BOTH)
    file("mixed_line_ends", f"{PHONE},{NAME}\r\n0991234567,Ana\n0987654321,Eva\r\n", BOTH)
    file("no_last_line_end", TWO.rstrip("\n"), BOTH)
    file("blank_lines", f"{HEADER}\n0991234567,Ana\n\n\n0987654321,Eva\n\n", {3: GOOD, 6: EVA})
    file("blank_lines_above", "\n\n" + TWO, {4: GOOD, 5: EVA}, notes=["row 3"])
    file("delimiters_only", f"{TWO},\n,\n", BOTH)
    file("white_space_only", f"{TWO}   ,\u00a0\n", BOTH)
    file(
        "line_separator_in_cell",
        f"{HEADER}0991234567,Ana\u2028Ruiz\n",
        {2: [GOOD[0], "Ana\u2028Ruiz"]},
    )
    file("form_feed_in_cell", f"{HEADER}0991234567,Ana\x0cRuiz\n", {2: [GOOD[0], "Ana\x0cRuiz"]})


def rows() -> None:
    """Rows with other cells than the header."""
    file(
        "too_many_cells", f"{HEADER}0991234567,Pérez, Ana\n0987654321,Eva\n",
        {2: ["0991234567", "Pérez"], 3: EVA}, damages={2: {"": "too_many_cells"}},
    )  # fmt: skip
    file(
        "too_few_cells", f"{HEADER}0991234567\n0987654321,Eva\n",
        {2: ["0991234567", ""], 3: EVA}, damages={2: {"": "too_few_cells"}},
    )  # fmt: skip
    file("trailing_delimiter", TWO.replace("\n", ",\n"), BOTH)
    file("trailing_delimiter_below", f"{HEADER}0991234567,Ana,\n0987654321,Eva,\n", BOTH)
    file(
        "nul", f"{HEADER}0991234567,A\0na\n0987654321,Eva\n", {2: ["0991234567", "A\0na"], 3: EVA},
        damages={2: {"": "nul_character"}},
    )  # fmt: skip
    full = f"{PHONE},{NAME},ciudad\n" + "".join(
        f"09912345{at:02},Ana,Quito\n" for at in range(2, 17)
    )
    short = "".join(f"09912345{at:02},Ana\n" for at in range(17, 33))
    both = {at: [f"09912345{at:02}", "Ana", "Quito" if at < 17 else ""] for at in range(2, 33)}
    file(
        "short_blocks_of_excel", full + short, both, columns=(PHONE, NAME, "ciudad"),
        notes=["blocks of 16"],
    )  # fmt: skip
    wide = f"{HEADER}0991234567,{'x' * 40_000}\n"
    file("cell_of_40000_characters", wide, {2: ["0991234567", "x" * 40_000]})
    file("cell_beyond_the_limit", f"{HEADER}0991234567,{'x' * 140_000}\n", error="Row 2")


def headers() -> None:
    """Where the header stands, if there is one."""
    wide = f"{PHONE},{NAME},agente,ciudad,monto"
    columns = (PHONE, NAME, "agente", "ciudad", "monto")
    file(
        "title_above", f"Leads de marzo\n\n{wide}\n0991234567,Ana,7,Quito,10\n",
        {4: [*GOOD, "7", "Quito", "10"]}, columns=columns, notes=["row 3"],
    )  # fmt: skip
    said = "header is row"
    file("title_above_two_columns", f"Leads de marzo\n{TWO}", {3: GOOD, 4: EVA}, notes=[said])
    file(
        "titles_above_two_columns",
        f"Leads\nFecha:;27/03/2026\n\n{TWO.replace(',', ';')}",
        {5: GOOD, 6: EVA},
    )
    file("title_above_one_column", f"Leads\n{PHONE}\n0991234567\n", {3: GOOD[:1]}, columns=(PHONE,))
    file(
        "titles_as_wide_as_the_table", f"Leads,,,,\nFecha:,marzo,,,\n{wide}\n0991234567,Ana,7,Quito,10\n",
        {4: [*GOOD, "7", "Quito", "10"]}, columns=columns, notes=["row 3"],
    )  # fmt: skip
    file(
        "header_chosen",
        f"a,b\n{TWO}",
        {3: GOOD, 4: EVA},
        options={"header_row": 2},
        notes=["row 2"],
    )
    file(
        "header_repeated", f"{PHONE},{NAME},{PHONE}\n0991234567,Ana,0987654321\n",
        {2: [*GOOD, "0987654321"]}, columns=(f"{PHONE} [A]", NAME, f"{PHONE} [C]"),
    )  # fmt: skip
    file(
        "header_with_gap", f"{PHONE},,{NAME}\n0991234567,x,Ana\n", {2: [GOOD[0], "x", GOOD[1]]},
        columns=(PHONE, "[B]", NAME),
    )  # fmt: skip
    file("header_padded", f" {PHONE} ,\u00a0{NAME}\n0991234567,Ana\n", {2: GOOD})
    file(
        "no_header", "0991234567,Ana\n0987654321,Eva\n", {1: GOOD, 2: EVA}, columns=("[A]", "[B]"),
        options={"header_row": 0},
    )  # fmt: skip
    file(
        "no_header_unsaid", "0991234567,Ana\n0987654321,Eva\n", {2: EVA}, columns=tuple(GOOD),
        notes=["reads like a lead"],
    )  # fmt: skip
    vendor = ("campaign", "destination", "data", "alternatives", "priority", "agent")
    file(
        "vendor_list",
        "POWER<-;0991234567;name=Mario:idcustomer=7;M=0=098447120:H=1=26001234;9999;\n"
        "POWER<-;0987654321;name=Eva;;1;1001\n",
        {
            1: ["POWER<-", "0991234567", "name=Mario:idcustomer=7", "098447120:26001234", "9999", ""],
            2: ["POWER<-", "0987654321", "name=Eva", "", "1", "1001"],
        },
        "txt", columns=vendor, notes=["own format", "Priorities"],
    )  # fmt: skip
    file("only_header", HEADER, error="no leads")
    file("only_blank_lines", "\n\n \n", error="no text")
    file("example_row", f"{HEADER}#example 0991,x\n0991234567,Ana\n", {3: GOOD})
    file("hash_in_a_name", f"{HEADER}#1 0991234567,Ana\n", {2: ["#1 0991234567", "Ana"]})


def names_and_packings() -> None:
    """Files that are not what their name says, and files in files."""
    file("named_xls", TWO, BOTH, "xls", notes=["is text (CSV) by its content"])
    file("tabs_named_xls", TWO.replace(",", "\t"), BOTH, "xls", notes=["is text (CSV)"])
    html = "<html><body><table><tr><td>telefono</td></tr><tr><td>0991234567</td></tr></table>"
    file("html_named_xls", html, suffix="xls", error="a web page (HTML)")
    xml = '<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
    table = "<table><tr><td>telefono</td></tr><tr><td>0991234567</td></tr></table>"
    web = "a web page"
    file("html_div_named_xls", f"<div>\r\n<b>Leads</b>{table}</div>", suffix="xls", error=web)
    file("html_below_a_warning", f"\n\nWarning: no index\n{table}", suffix="xls", error=web)
    mail = "MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary=x\r\n\r\n"
    file("mhtml_named_xls", f"{mail}--x\r\n{table}", suffix="xls", error="a web archive")
    file("xml_named_xls", xml, suffix="xls", error="the XML of Excel 2003")
    file("pdf_named_csv", b"%PDF-1.7\n%\xe2\xe3\n", error="a PDF document")
    file("json_named_csv", '[{"telefono": "0991234567"}]', error="JSON")
    file("empty", "", error="is empty")
    book = RawWorkbook(row(1, PHONE, NAME) + row(2, *GOOD)).write(
        FOLDER / "csv_workbook_named_csv.csv"
    )
    file("workbook_named_csv", book.read_bytes(), {2: GOOD}, notes=["workbook of the kind .xlsx"])
    file("gzip", gzip.compress(TWO.encode(), mtime=0), BOTH, "csv.gz", notes=["unpacked from"])
    file(
        "gzip_cut_short",
        gzip.compress(TWO.encode(), mtime=0)[:-12],
        suffix="csv.gz",
        error="damaged",
    )
    file("zip", packed({"leads.csv": TWO}), BOTH, "zip", notes=["The list is leads.csv"])
    mac = {"leads.csv": TWO, "__MACOSX/._leads.csv": "x", "folder/": ""}
    file("zip_of_a_mac", packed(mac), BOTH, "zip", notes=["The list is leads.csv"])
    file("zip_of_two", packed({"a.csv": TWO, "b.csv": TWO}), suffix="zip", error="holds 2 files")
    inner = packed({"leads.csv": TWO})
    file("zip_in_zip", packed({"leads.zip": inner}), suffix="zip", error="holds an archive")


def phones() -> None:
    """What happens to phone numbers on their way; nothing of it is mended while reading."""
    phone("scientific", "5.21551E+12")
    phone("scientific_with_comma", '"5,21551E+12"', "5,21551E+12")
    phone("decimal_point", "991234567.0")
    phone("plus", "+593991234567")
    phone("leading_zeros", "0000123")
    phone("twenty_digits", "12345678901234567890")
    phone("spaces_and_signs", "+593 (99) 123-45.67")
    phone("nbsp", "099\u00a0123\u00a04567")
    phone("soft_hyphens", "099\u00ad123\u00ad4567")
    phone("bidi_marks", "\u202a+593991234567\u202c")
    phone("zero_width", "099\u200b1234567\ufeff")
    phone("full_width", "０９９１２３４５６７")  # noqa: RUF001
    phone("arabic_digits", "٠٩٩١٢٣٤٥٦٧")
    phone("apostrophe", "'0991234567")
    phone("tel", "tel:+593-99-123-4567")
    phone("two_numbers", "0991234567 / 0987654321")
    phone("no_number", "no tiene")
    phone("not_available", "NA")
    phone("truth", "TRUE")
    phone("infinity", "inf")
    phone("date", "2026-03-04")
    phone("underscores", "099_123_4567")
    phone("padded", "  0991234567  ")
    phone("formula_of_text", '="0991234567"', "0991234567")
    phone("formula_of_text_quoted", '"=""0991234567"""', "0991234567")
    phone("formula", "=0991234567+1")


def results_files() -> None:
    """Results files: what the guard against formulas added is taken off again."""
    added = ("dialer_result", "dialer_status", "dialer_error")
    columns = (PHONE, NAME, *added)
    content = (
        f"{PHONE},{NAME},{','.join(added)}\n0991234567,'=1+1,0,rejected,\n"
        "+593991234567,''=x,0,invalid,no\n0987654321,'Ana,1,accepted,\n"
        "'+593987654321,'-5,0,invalid,no\n'0912345678,''+5,0,invalid,no\n"
    )
    file(
        "results_guarded", content,
        {
            2: ["0991234567", "=1+1", "0", "rejected", ""],
            3: ["+593991234567", "'=x", "0", "invalid", "no"],
            4: ["0987654321", "'Ana", "1", "accepted", ""],
            5: ["+593987654321", "-5", "0", "invalid", "no"],
            6: ["0912345678", "'+5", "0", "invalid", "no"],
        },
        columns=columns,
    )  # fmt: skip
    lists = f"{PHONE};{';'.join(added)}\n0991,0992,0993,0994;0;rejected;\n0981,0982,0983,0984;0;unsent;a, b, c, d\n"
    file(
        "results_with_lists", lists,
        {
            2: ["0991,0992,0993,0994", "0", "rejected", ""],
            3: ["0981,0982,0983,0984", "0", "unsent", "a, b, c, d"],
        },
        columns=(PHONE, *added),
    )  # fmt: skip
    file(
        "formulas_of_a_user", f"{HEADER}0991234567,=1+1\n0987654321,@SUM(A1)\n",
        {2: ["0991234567", "=1+1"], 3: ["0987654321", "@SUM(A1)"]},
    )  # fmt: skip


def packed(members: Mapping[str, str | bytes]) -> bytes:
    """A `.zip` whose bytes are the same at every run."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as writing:
        for name, content in members.items():
            writing.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
    return archive.getvalue()


# Separator, quote and character set, by LibreOffice's numbers; then: first line, formats of
# columns, language, quote all, cells as shown. Source: its page "Filter Options for CSV".
_SAVED = {
    "commas": "44,34,76,1,,0,false,true",
    "semicolons_1252": "59,34,1,1,,0,false,true",
    "tabs_utf16": "9,34,65535,1,,0,false,true",
    "all_quoted": "44,34,76,1,,0,true,true",
}


def libreoffice_made() -> None:
    """The sheet of `libreoffice.fods.xml`, saved as text in several ways, cells as shown."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "leads.fods"
        source.write_text((FOLDER / "libreoffice.fods.xml").read_text("utf-8"), "utf-8")
        for name, options in _SAVED.items():
            kind = f"csv:Text - txt - csv (StarCalc):{options}"
            subprocess.run(
                ["soffice", "--headless", "--convert-to", kind, "--outdir", folder, source],
                check=True, capture_output=True,
            )  # fmt: skip
            file(
                f"libreoffice_{name}", (Path(folder) / "leads.csv").read_bytes(),
                {
                    2: ["0991234567", "Muñoz & Cía", "04/03/2026", "50%", "2"],
                    6: ["0987654321", "Ana", "", "1", "#N/A"],
                    7: ["0911111111", "Hidden", "", "", ""],
                },
                columns=(PHONE, NAME, "fecha", "parte", "suma"),
            )  # fmt: skip


def main() -> None:
    """Write all of them."""
    makers: list[Callable[[], None]] = [
        encodings, delimiters, quotes, lines, rows, headers, names_and_packings, phones,
        results_files,
    ]  # fmt: skip
    for make in makers:
        make()
    if shutil.which("soffice"):
        libreoffice_made()


if __name__ == "__main__":
    main()
