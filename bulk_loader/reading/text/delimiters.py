"""Which character parts the cells of a text file, and how its cells are quoted."""

from __future__ import annotations

import csv
import io
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from bulk_loader.errors import SourceError
from bulk_loader.model import RESULT_COLUMNS
from bulk_loader.reading.headers import filled_width, find_header

if TYPE_CHECKING:
    from collections.abc import Sequence

# Where two fit equally well, the one that is rarer in text comes first.
CANDIDATES = ("\t", ";", "|", ",")

SAMPLE_ROWS = 300
# A hand-made file may break a quote under its true delimiter too, so this only tips the scales.
DISTRUST = 0.5
_QUOTING_ROWS = 20

# Excel's own hint, which it does not show as a row: `sep=;`
_SEP_LINE = re.compile(r'"?sep=(.)"?[\r\n]*', re.IGNORECASE)

# Beside each other, quoted or not.
_RESULTS_HEADER = re.compile(f'{RESULT_COLUMNS[0]}"?([^"\\w])"?{RESULT_COLUMNS[1]}')

# What a shell makes hard to type.
_SPELLED = {"\\t": "\t", "tab": "\t"}


def sep_line_delimiter(line: str) -> str | None:
    """The delimiter that a line `sep=;` declares; None for any other line."""
    found = _SEP_LINE.fullmatch(line)
    return found[1] if found else None


def chosen_delimiter(text: str) -> str:
    """The user's delimiter as one character.

    Raises:
        SourceError: it can't part cells.
    """
    delimiter = _SPELLED.get(text.lower(), text)
    if len(delimiter) != 1 or delimiter in '"\r\n\0':
        raise SourceError(
            f'"{text}" can\'t be a delimiter.',
            "It has to be one character, and neither a quote nor a line end.",
            "Give one such as ; or , or | or tab, or leave it to be found.",
        )
    return delimiter


def find_delimiter(lines: Sequence[str]) -> str:
    """The candidate under which the first lines make the widest and most even table.

    A results file tells it by the columns that were added. One column without any delimiter is
    a table too; it counts as parted by a comma.
    """
    if found := next(filter(None, map(_RESULTS_HEADER.search, lines)), None):
        return found[1]
    tables = {delimiter: parsed(lines, delimiter) for delimiter in CANDIDATES}
    scores = {
        delimiter: _score(rows) * _trust(lines, delimiter) for delimiter, rows in tables.items()
    }
    best = max(CANDIDATES, key=lambda delimiter: scores[delimiter])
    if _has_lines_above(tables[best]):
        # Such as commas in the cells of a list whose header has none.
        whole = [delimiter for delimiter in CANDIDATES if _is_whole(tables[delimiter])]
        best = max(whole or [best], key=lambda delimiter: scores[delimiter])
    return best if _width(tables[best]) > 1 or scores[best] > scores[","] else ","


def parsed(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """The rows of a few lines, whatever is wrong with them."""
    rows: list[list[str]] = []
    with suppress(csv.Error):  # a cell beyond the limit, which reading names
        rows.extend(csv.reader(lines, delimiter=delimiter))
    return rows


def has_all_quoted(lines: Sequence[str], delimiter: str) -> bool:
    """Whether the first rows read as a writer leaves them that quotes every cell."""
    rows = [row for row in parsed(lines, delimiter) if row][:_QUOTING_ROWS]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="").writerows(rows)
    found = "".join(line.rstrip("\r\n") for line in lines)
    return bool(rows) and found.startswith(text.getvalue().replace("\r", "").replace("\n", ""))


def _trust(lines: Sequence[str], delimiter: str) -> float:
    """Little where text follows a closing quote: then it is another character that parts cells."""
    try:
        for _ in csv.reader(lines, delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        # A quoted cell may go on behind the lines that were taken for a sample.
        return 1.0 if "unexpected end" in str(error) else DISTRUST
    return 1.0


def _score(rows: list[list[str]]) -> float:
    """Evenness, squared since an uneven table is hardly one, by the width of the header.

    A header that the delimiter does not part speaks against it, however even the rows are.
    """
    width = _width(rows)
    below = [_evenness(row, width) for row in rows[1:] if any(row)]
    evenness = sum(below) / len(below) if below else 1.0
    return evenness**2 * (width - 0.9)


def _has_lines_above(rows: list[list[str]]) -> bool:
    """Whether the first row with any text would be a title, and the header stands below."""
    first = next((number for number, row in enumerate(rows, start=1) if filled_width(row)), None)
    return find_header(enumerate(rows, start=1)) != first


def _is_whole(rows: list[list[str]]) -> bool:
    """Whether it is a table of several columns from the first line on, without a cell too few."""
    widths = {len(row) for row in rows if row}
    return len(widths) == 1 and min(widths) > 1


def _width(rows: list[list[str]]) -> int:
    header = find_header(enumerate(rows, start=1))
    return max(len(rows[header - 1]), 1) if header else 1


def _evenness(row: list[str], width: int) -> float:
    if len(row) < width:
        return len(row) / width
    return 1.0 if filled_width(row) <= width else 0.0
