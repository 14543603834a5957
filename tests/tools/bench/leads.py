"""Files of leads for the measurements, eight columns wide and as long as wished."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

COLUMNS = ("campaign", "phone", "name", "id", "city", "note", "agent", "email")

DATA = "idcustomer={id}:name={name}"
"""The template for `data` of every upload."""


def rows(count: int) -> Iterator[list[str]]:
    """Leads whose numbers are all different; every tenth city needs an escape."""
    for number in range(count):
        city = "Paysandú" if number % 10 == 0 else "Montevideo"
        yield [
            "POWER<-", f"099{number:07}", f"Customer {number}", str(number), city,
            "asked for a call", str(100 + number % 40), f"customer{number}@example.com",
        ]  # fmt: skip


def write_csv(path: Path, count: int) -> None:
    """UTF-8 with commas, as most programs export it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows(count))


def write_workbook(path: Path, count: int) -> None:
    """A sheet with the phone as text and the id as a number, without holding it in memory."""
    import xlsxwriter  # noqa: PLC0415 - a CSV needs none

    with xlsxwriter.Workbook(path, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet("leads")
        sheet.write_row(0, 0, COLUMNS)
        for number, row in enumerate(rows(count), 1):
            sheet.write_row(number, 0, [*row[:3], int(row[3]), *row[4:]])


def main() -> None:
    """Write the file of the first argument, whose extension says which kind, with so many leads."""
    path, count = Path(sys.argv[1]), int(sys.argv[2])
    unfinished = path.with_name(f"unfinished-{path.name}")
    write = write_workbook if path.suffix == ".xlsx" else write_csv
    write(unfinished, count)
    unfinished.rename(path)


if __name__ == "__main__":
    main()
