"""What LibreOffice shows in the cells of a workbook: each sheet as CSV, by a process of its own."""

from __future__ import annotations

import csv
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

Rows = list[list[str]]

SECONDS_A_FILE = 60.0
FILES_AT_ONCE = 16
"""A start takes longer than most files."""

# Commas, double quotes, UTF-8, from the first row, as shown, no formulas, every sheet into a file of
# its own. Source: "Filter Options for CSV" of LibreOffice's help.
_AS_SHOWN = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1"


@dataclass(frozen=True, slots=True)
class LibreOffice:
    """A LibreOffice with settings of its own.

    Attributes:
        command: the program.
        place: a folder for its settings, and for what it makes of the files.
    """

    command: str
    place: Path
    seconds_a_file: float = SECONDS_A_FILE

    def sheets_of(self, paths: Sequence[Path]) -> Iterator[tuple[Path, Mapping[str, Rows] | None]]:
        """The cells of all sheets by their names; None for what it can't open in time."""
        for begin in range(0, len(paths), FILES_AT_ONCE):
            some = paths[begin : begin + FILES_AT_ONCE]
            made = self._converted(some)
            for at, path in enumerate(some):
                # What came after a file that held all others up gets a second chance alone.
                yield path, made.get(at) or self._converted([path]).get(0)

    def _converted(self, paths: Sequence[Path]) -> Mapping[int, Mapping[str, Rows]]:
        shutil.rmtree(self.place / "in", ignore_errors=True)
        shutil.rmtree(self.place / "out", ignore_errors=True)
        (self.place / "in").mkdir(parents=True)
        # Names without signs that mean something to it, and as many as there are files.
        copies = [self.place / "in" / f"{at}{path.suffix}" for at, path in enumerate(paths)]
        for path, copy in zip(paths, copies, strict=True):
            shutil.copyfile(path, copy)
        self._run(["--convert-to", _AS_SHOWN, "--outdir", str(self.place / "out"), *map(str, copies)],
                  self.seconds_a_file * len(paths))  # fmt: skip
        return _by_file((self.place / "out").glob("*.csv"))

    def _run(self, arguments: Sequence[str], seconds: float) -> None:
        profile = (self.place / "profile").absolute().as_uri()
        process = subprocess.Popen(
            [self.command, f"-env:UserInstallation={profile}", "--headless", *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            # What is named soffice starts the program itself as its child.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _by_file(made: Iterable[Path]) -> dict[int, dict[str, Rows]]:
    csv.field_size_limit(sys.maxsize)
    sheets: dict[int, dict[str, Rows]] = {}
    for path in sorted(made):
        number, _, sheet = path.stem.partition("-")
        with path.open(newline="", encoding="utf-8") as file:
            sheets.setdefault(int(number), {})[sheet] = list(csv.reader(file))
    return sheets
