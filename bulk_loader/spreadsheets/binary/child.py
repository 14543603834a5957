"""The program of a process of its own, in which a library reads a workbook of binary records.

A file of a kilobyte can name cells so far apart that the library asks for all memory there is, and
then it ends the whole process without a word. So that process is this one, with bounds that the
system keeps where it can. It imports nothing of this package, so that it starts quickly.

Arguments: the file, bytes of memory, seconds of computing, what is wanted, and the places of the sheets, from 0.
"""

from __future__ import annotations

import pickle
import sys
from typing import TYPE_CHECKING, Any

import python_calamine

if TYPE_CHECKING:
    from collections.abc import Iterator

try:
    import resource
except ImportError:  # Windows has no such bounds
    resource = None  # type: ignore[assignment]

VALUE, END, PASSWORD, BROKEN = "value", "end", "password", "broken"
"""What an answer is; all are pairs of one of these, and what belongs to it."""

# Rows that are handed over together: some hundreds of kilobytes.
_MOST_CELLS = 50_000
_MOST_ROWS = 1000


def main() -> None:
    """Answer by standard output, pickled, one after the other."""
    path, most_bytes, most_seconds, wanted, *places = sys.argv[1:]
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (int(most_bytes), int(most_bytes)))
        resource.setrlimit(resource.RLIMIT_CPU, (int(most_seconds), int(most_seconds)))
    try:
        with python_calamine.CalamineWorkbook.from_path(path) as workbook:
            sheets = (workbook.get_sheet_by_index(int(place)) for place in places)
            for answer in _WANTED[wanted](workbook, sheets):
                _say(VALUE, answer)
        _say(END, None)
    except python_calamine.PasswordError:
        _say(PASSWORD, None)
    except (python_calamine.CalamineError, MemoryError) as error:
        _say(BROKEN, str(error) or "too much memory is needed")
    except BaseException as error:
        # A panic of the library's Rust code is no Exception, and its class can't be imported.
        if type(error).__name__ != "PanicException":
            raise
        _say(BROKEN, str(error))


def _say(kind: str, content: object) -> None:
    pickle.dump((kind, content), sys.stdout.buffer)
    sys.stdout.buffer.flush()


def _sheets(workbook: Any, _sheets: Iterator[Any]) -> Iterator[tuple[str, bool, bool]]:
    """Of each sheet its name, whether it has cells, and whether it is shown."""
    for sheet in workbook.sheets_metadata:
        has_cells = sheet.typ is python_calamine.SheetTypeEnum.WorkSheet
        is_visible = sheet.visible is python_calamine.SheetVisibleEnum.Visible
        yield sheet.name, has_cells, is_visible


def _filled(_workbook: Any, sheets: Iterator[Any]) -> Iterator[bool]:
    for sheet in sheets:
        yield sheet.start is not None


def _merges(_workbook: Any, sheets: Iterator[Any]) -> Iterator[Any]:
    yield from next(sheets).merged_cell_ranges or []


def _rows(_workbook: Any, sheets: Iterator[Any]) -> Iterator[Any]:
    """The width of a sheet and its first filled column; then rows with contents, some at a time."""
    sheet = next(sheets)
    yield sheet.total_width, (sheet.start[1] if sheet.start else 0)
    rows: list[tuple[int, list[Any]]] = []
    cells = 0
    for number, values in enumerate(sheet.iter_rows(), start=1):
        if values.count("") == len(values):
            continue
        rows.append((number, values))
        cells += len(values)
        if cells > _MOST_CELLS or len(rows) == _MOST_ROWS:
            yield rows
            rows, cells = [], 0
    yield rows


_WANTED = {"sheets": _sheets, "filled": _filled, "merges": _merges, "rows": _rows}


if __name__ == "__main__":
    main()
