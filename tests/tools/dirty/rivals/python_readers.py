"""Reads files with what people use instead, in an environment of its own.

Gets the name of a reader as its argument and one JSON object a line, with `path` and `options`;
answers one a line: `{"rows": [[...]]}`, below the header, or `{"error": "KindOfError"}`.
"""

from __future__ import annotations

import csv
import io
import json
import logging
import os
import signal
import sys
import warnings
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pandas as pd
from csvkit.utilities.in2csv import In2CSV

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_SECONDS = 30
_WORKBOOKS = (".xlsx", ".xls", ".xlsb", ".ods", ".fods")


def pandas_defaults(path: str, options: dict[str, Any]) -> list[list[str]]:
    """`read_csv` or `read_excel` as they come, and `str` of each cell."""
    return _pandas(path, options)


def pandas_text(path: str, options: dict[str, Any]) -> list[list[str]]:
    """The same, told to read everything as text."""
    return _pandas(path, options, dtype=str)


def _pandas(path: str, options: dict[str, Any], **more: object) -> list[list[str]]:
    row = options.get("header_row", 1)
    more["header"] = row - 1 if row else None
    if path.endswith(_WORKBOOKS):
        frame = pd.read_excel(path, sheet_name=options.get("sheet", 0), **more)
    else:
        said = {"sep": options.get("delimiter", ","), "encoding": options.get("encoding", "utf-8")}
        frame = pd.read_csv(path, **said, **more)
    return [["" if pd.isna(cell) else str(cell) for cell in row] for row in frame.to_numpy()]


def in2csv(path: str, options: dict[str, Any]) -> list[list[str]]:
    """What `in2csv FILE` prints."""
    row = options.get("header_row", 1)
    flags = ["--skip-lines", str(row - 1)] if row > 1 else ["--no-header-row"] * (not row)
    for option in ("sheet", "encoding", "delimiter"):
        if option in options:
            flags += [f"--{option}", options[option]]
    printed = io.StringIO()
    In2CSV([*flags, path], output_file=printed).run()
    return list(csv.reader(io.StringIO(printed.getvalue())))[1:]


READERS: dict[str, Callable[[str, dict[str, Any]], list[list[str]]]] = {
    "pandas_defaults": pandas_defaults,
    "pandas_text": pandas_text,
    "in2csv": in2csv,
}


def answer(read: Callable[[str, dict[str, Any]], list[list[str]]], line: str) -> dict[str, object]:
    """What a reader makes of one file."""
    signal.alarm(MAX_SECONDS)
    try:
        return {"rows": read(**json.loads(line))}
    except BaseException as error:  # noqa: BLE001 (SystemExit is how a command refuses)
        return {
            "error": type(error).__name__,
            "kinds": [kind.__name__ for kind in type(error).__mro__],
        }
    finally:
        signal.alarm(0)


def _stop(*_details: object) -> None:
    raise TimeoutError


def main() -> None:
    """Answer every line; the first one has the versions."""
    signal.signal(signal.SIGALRM, _stop)
    warnings.simplefilter("ignore")
    logging.disable()
    # xlrd holds on to the standard output that it met when it was imported.
    said = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
    read = READERS[sys.argv[1]]
    package = "csvkit" if read is in2csv else "pandas"
    said.write(json.dumps({"version": f"{package} {version(package)}"}) + "\n")
    for line in sys.stdin:
        said.write(json.dumps(answer(read, line)) + "\n")


if __name__ == "__main__":
    main()
