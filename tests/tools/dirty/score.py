"""How this program and others read the odd files of this folder.

    python -m tests.tools.dirty.score

The others are installed into `.rivals/` at the first run. Writes the table to `SCORE.md`.
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bulk_loader.errors import LoaderError
from bulk_loader.reading import HiddenRows, ReadingOptions, open_leads
from tests.tools.dirty.corpus import (
    FOLDER,
    OUR_OWN,
    Case,
    Seen,
    Verdict,
    count_cells,
    damaged_places,
    filled,
    judge,
    load_cases,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

RIVALS = FOLDER.parents[2] / ".rivals"
PACKAGES = ("pandas", "openpyxl", "xlrd", "pyxlsb", "odfpy", "csvkit")

_TEXTS = (".csv", ".txt", ".tsv")


@dataclass(frozen=True, slots=True)
class Column:
    """What one reader made of the files that are of its kinds."""

    name: str
    version: str
    cases: Sequence[Case]
    seen: Sequence[Seen]


def read_ourselves(case: Case) -> Seen:
    """What this program makes of a file."""
    options = dict(case.options)
    if "hidden" in options:
        options["hidden"] = HiddenRows(options["hidden"])
    try:
        table = open_leads(case.path, ReadingOptions(**options))
        batches = list(table.batches())
    except LoaderError as error:
        return Seen(error=frozenset({type(error).__name__}))
    numbers = [int(number) for batch in batches for number in batch.frame.index]
    rows = [cells for batch in batches for cells in batch.frame.to_numpy().tolist()]
    damages = [(damage.row, damage.column or "") for batch in batches for damage in batch.damages]
    return Seen(rows, damaged_places(damages, numbers, table.source.columns))


def our_column(cases: Sequence[Case]) -> Column:
    """This program."""
    return Column("this program", "", cases, [read_ourselves(case) for case in cases])


def columns(cases: Sequence[Case]) -> list[Column]:
    """This program, and what people use instead."""
    python, modules = _python(), _node_modules()
    script = str(FOLDER / "rivals" / "python_readers.py")
    cases = [case for case in cases if case.path.stem not in OUR_OWN]
    texts = [case for case in cases if case.path.suffix in _TEXTS]
    newman = ["node", str(FOLDER / "rivals" / "newman_reader.js"), str(modules)]
    return [
        our_column(cases),
        _asked("pandas, as it comes", [python, script, "pandas_defaults"], cases),
        _asked("pandas, `dtype=str`", [python, script, "pandas_text"], cases),
        _asked("csvkit's `in2csv`", [python, script, "in2csv"], cases),
        _asked("Newman (text files only)", newman, texts),
    ]


def _asked(name: str, command: Sequence[str], cases: Sequence[Case]) -> Column:
    lines = (json.dumps({"path": str(case.path), "options": case.options}) for case in cases)
    ended = subprocess.run(
        command, input="\n".join(lines), capture_output=True, text=True, check=True
    )
    # Not splitlines: a cell may hold a line separator.
    first, *answers = map(json.loads, ended.stdout.rstrip("\n").split("\n"))
    seen = [
        Seen(filled(answer["rows"])) if "rows" in answer else Seen(error=frozenset(answer["kinds"]))
        for answer in answers
    ]
    return Column(name, first["version"], cases, seen)


def table(found: Sequence[Column]) -> str:
    """The score in Markdown."""
    head = "| reader | files | right | silently wrong | refused though readable | crashed "
    head += "| cells exact | named as damaged | wrong | unread |"
    lines = [head, "|---|" + "---:|" * 9]
    for column in found:
        pairs = list(zip(column.cases, column.seen, strict=True))
        verdicts = Counter(judge(case, seen) for case, seen in pairs)
        cells = sum((count_cells(case, seen) for case, seen in pairs), Counter[str]())
        counts = [*(verdicts[verdict] for verdict in Verdict)]
        counts += [cells[kind] for kind in ("exact", "named", "wrong", "unread")]
        figures = " | ".join(f"{count:,}" for count in (len(pairs), *counts))
        lines.append(f"| {column.name} | {figures} |")
    return "\n".join(lines)


def report(found: Sequence[Column]) -> str:
    """All of `SCORE.md`."""
    today = datetime.now(UTC).date().isoformat()
    versions = ", ".join(dict.fromkeys(column.version for column in found[1:]))
    wrong, crashed = (_listed(found, of) for of in (Verdict.SILENTLY_WRONG, Verdict.CRASHED))
    return f"""# Who reads the odd files as a person sees them

{today}, Python {platform.python_version()}, {versions}. Made by `make corpus`.

{table(found)}

*Right*: every lead is there, with every cell as a person sees it or named as damaged; or the file
is refused where it must not be read. *Silently wrong*: rows came out with no word of warning, and
some differ. *Crashed*: an error that speaks of the program and not of the file, or no end in 30 s.
Rows are compared in order and cells by position, so that names of columns count for nothing; an
empty cell may be anything that means empty, a day may have the time 00:00:00, and truth values any
capitals. Each reader is told what the file's user says (sheet, header row, encoding, delimiter).
Phone numbers have a leading zero throughout, as they have in real lists. Cells of files that have
to be refused are not counted.

## Silently wrong, file by file

{wrong}

## Crashed

{crashed}
"""


def _listed(found: Sequence[Column], verdict: Verdict) -> str:
    """The files of one verdict, a line for each reader."""
    lines = []
    for column in found:
        pairs = zip(column.cases, column.seen, strict=True)
        names = [case.path.name for case, seen in pairs if judge(case, seen) is verdict]
        lines.append(f"- {column.name}: {', '.join(names) or 'none'}")
    return "\n".join(lines)


def _python() -> str:
    """The Python of an environment with the other readers."""
    python, ready = RIVALS / "venv" / "bin" / "python", RIVALS / "venv" / ".ready"
    if not ready.exists():
        RIVALS.mkdir(exist_ok=True)
        (RIVALS / ".gitignore").write_text("*\n")
        _run(sys.executable, "-m", "venv", str(RIVALS / "venv"))
        quietly = ("--quiet", "--disable-pip-version-check")
        _run(str(python), "-m", "pip", "install", *quietly, *PACKAGES)
        ready.touch()
    return str(python)


def _node_modules() -> Path:
    modules = RIVALS / "node_modules"
    if not (modules / "newman").exists():
        _run("npm", "install", "--silent", "--no-fund", "--prefix", str(RIVALS), "newman")
    return modules


def _run(*command: str) -> None:
    subprocess.run(command, check=True)


def main() -> None:
    """Print the table and write the report."""
    found = columns(load_cases())
    (FOLDER / "SCORE.md").write_text(report(found), "utf-8")
    sys.stdout.write(f"{table(found)}\n")


if __name__ == "__main__":
    main()
