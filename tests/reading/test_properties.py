from __future__ import annotations

import csv
import io
import random
import tempfile
from pathlib import Path
from typing import Literal, TypeAlias

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bulk_loader.errors import SourceError
from bulk_loader.model import RESULT_COLUMNS
from bulk_loader.reading import Limits, ReadingOptions, open_leads

Quoting: TypeAlias = Literal[0, 1]
"""`csv.QUOTE_MINIMAL` or `csv.QUOTE_ALL`."""

# What any program may put into a cell; a NUL is a damage of its own, and lone surrogates are no text.
cells = st.text(
    alphabet=st.characters(exclude_characters="\0\x1a", exclude_categories=["Cs"])
    | st.sampled_from("\"',;|\t\r\n =0 "),
    max_size=8,
)
tables = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=5)
)


@example(
    table=[["", "\t"], ["", "0\t"], ["", ""]],
    delimiter=",",
    style=(csv.QUOTE_ALL, "\r\n"),
    codec="utf-8",
)
@given(
    table=tables,
    delimiter=st.sampled_from(",;\t|"),
    # Before Python 3.13 the module csv leaves a line end unquoted that is not its own.
    style=st.sampled_from(
        [
            (csv.QUOTE_MINIMAL, "\r\n"),
            (csv.QUOTE_ALL, "\r\n"),
            (csv.QUOTE_ALL, "\n"),
            (csv.QUOTE_ALL, "\r"),
        ]
    ),
    codec=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
)
def test_what_a_writer_wrote_is_read_back(
    table: list[list[str]], delimiter: str, style: tuple[Quoting, str], codec: str
) -> None:
    """Every cell of every lead comes out as it went in, whatever the dialect."""
    assume(any("".join(row).strip() for row in table))
    assume(not any(row[0].lower().startswith("#example") for row in table))
    letters = "".join(cell for row in table for cell in row)
    assume(20 * sum(letter < " " for letter in letters) <= len(letters))  # else it is no text
    assume(not any(_is_parted_by(other, table) for other in ",;\t|" if other != delimiter))
    header = [f"column {number}" for number in range(len(table[0]))]
    text = io.StringIO(newline="")
    quoting, line_end = style
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=line_end)
    writer.writerows([header, *table])
    found = read(text.getvalue().encode(codec))
    numbered = {number: row for number, row in enumerate(table, start=2) if "".join(row).strip()}
    assert found == numbered


def _is_parted_by(other: str, table: list[list[str]]) -> bool:
    """Every row has more cells by another delimiter, below a header that then is a title.

    Such a file reads either way, and it is asked for with --delimiter.
    """
    return all(sum(cell.count(other) for cell in row) > 1 for row in table)


def read(content: bytes) -> dict[int, list[str]]:
    """All leads of a file with this content, none of them damaged."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "leads.csv"
        path.write_bytes(content)
        opened = open_leads(path, ReadingOptions())
        batches = list(opened.batches(2))
        assert not any(batch.damages for batch in batches)
        assert sum(len(batch.frame) for batch in batches) == opened.source.leads
        return {
            int(str(number)): row.tolist()
            for batch in batches
            for number, row in batch.frame.iterrows()
        }


CLEAN = (
    b'phone,name,notes\n0991234567,Ana,"two\nlines"\n0991234568,"Luis ""L""",x\n',
    "\ufeffteléfono;nombre;\r\n0991234567;Muñoz;\r\n".encode("utf-16"),
    "teléfono;nombre\r\n0991234567;Muñoz\r\n0991234568;Peña\r\n".encode("cp1252"),
    b"sep=|\r\nphone|name\r\n0991234567|Ana\r\n",
    b"P;0991234567;name=Ana;M=0=098447120;1;\nP;0991234568;;;;\n",
    f"phone,{','.join(RESULT_COLUMNS)}\n'=1,0,invalid,x\n".encode(),
)
BREAKING = (b"\0", b'"', b"\xff", b"\n", b"\r", b",", b";", b"\x1a", b"\xef\xbb\xbf", b"PK\x03\x04")


@pytest.mark.parametrize("seed", range(60))
def test_broken_bytes_make_clean_reads_or_clean_errors(seed: int, tmp_path: Path) -> None:
    """Whatever happens to a file, no lead is lost between the survey and the batches."""
    chance = random.Random(seed)
    path = tmp_path / "leads.csv"
    limits = Limits(max_columns=50, max_cell_length=131_072)
    for _ in range(25):
        path.write_bytes(mutated(chance, chance.choice(CLEAN)))
        try:
            table = open_leads(path, ReadingOptions(limits=limits))
        except SourceError:
            continue
        width = len(table.source.columns)
        assert len(set(table.source.columns)) == width
        batches = list(table.batches(3))
        assert sum(len(batch.frame) for batch in batches) == table.source.leads
        assert all(batch.frame.shape[1] == width for batch in batches)
        known = [number for number, _ in table.records()]
        assert known == list(range(1, len(known) + 1))
        assert {row for batch in batches for row in batch.frame.index} <= set(known)
        assert all(
            problem.row in batch.frame.index for batch in batches for problem in batch.damages
        )


def mutated(chance: random.Random, content: bytes) -> bytes:
    """The content with a few bytes changed, put in, doubled, or cut away."""
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(content) + 1)
        end = min(start + chance.choice([0, 1, 1, 4, 20]), len(content))
        put = chance.choice(
            [b"", chance.choice(BREAKING), chance.randbytes(2), content[start:end] * 2]
        )
        content = content[:start] + put + content[end:]
        if chance.random() < 0.1:
            content = content[: chance.randrange(len(content) + 1)]
    return content
