"""What a measurement says: sections of Markdown, kept in one file with the machine's kind."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_TITLE = "# How fast, in how much memory\n\nWritten by `make bench`.\n"


@dataclass(frozen=True, slots=True)
class Section:
    """One measurement.

    Attributes:
        before: what was done and how, a paragraph.
        header: of the table's columns.
        after: what else is to be said.
        chart: an SVG to stand beside the document; "" for none.
    """

    title: str
    before: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    after: str = ""
    chart: str = ""

    def markdown(self, machine: str) -> str:
        """The section as it stands in the file."""
        parts = [f"## {self.title}", machine, self.before, table(self.header, self.rows)]
        return "\n\n".join([*parts, self.after] if self.after else parts) + "\n"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table whose columns stand below each other; all but the first to the right."""
    cells = [list(header), *map(list, rows)]
    widths = [max(3, *(len(row[column]) for row in cells)) for column in range(len(header))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    padded = [
        [row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]
        for row in (cells[0], rule, *cells[1:])
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in padded)


def machine_kind() -> str:
    """The day, the processors, the system and the versions that matter; nothing that tells whose."""
    versions = f"Python {platform.python_version()}, pandas {version('pandas')}"
    return (
        f"{datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores ({processor()}), "
        f"{_memory_gb():.0f} GB, {system()}, {versions}, SQLite {sqlite3.sqlite_version}; "
        f"load before it {os.getloadavg()[0]:.1f}."
    )


def processor() -> str:
    """The model, or at least the architecture."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        text = ""
    found = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return found[1].strip() if found else platform.machine()


def system() -> str:
    """The distribution where it says its name."""
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.system()


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9


def with_section(document: str, section: Section, machine: str) -> str:
    """The document with this section in the place of the one with the same title, else at its end."""
    parts = re.split(r"^(?=## )", document or _TITLE, flags=re.MULTILINE)
    new = section.markdown(machine)
    heading = f"## {section.title}\n"
    kept = [new if part.startswith(heading) else f"{part.rstrip()}\n" for part in parts]
    return "\n".join(kept if new in kept else [*kept, new])
