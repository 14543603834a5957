"""OpenDocument spreadsheets (.ods), streamed from their own XML: every cell as it was shown."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulk_loader.model import FileFormat, Source
from bulk_loader.reading.blocks import blocks_of
from bulk_loader.reading.headers import labels
from bulk_loader.reading.markup import unescaped
from bulk_loader.reading.merges import merges_below
from bulk_loader.reading.ods_rows import TableReader
from bulk_loader.reading.sheet_outline import look_through, other_sheets, unknown_sheet
from bulk_loader.reading.sheet_table import SheetTable
from bulk_loader.reading.xlsx_package import Package

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from bulk_loader.reading.blocks import Block
    from bulk_loader.reading.limits import Limits
    from bulk_loader.reading.options import ReadingOptions

_CONTENT = "content.xml"
_SETTINGS = "settings.xml"
_ACTIVE = re.compile(rb'config:name="ActiveTable"[^<>]*>([^<]*)<')
_MANIFEST = "META-INF/manifest.xml"


@dataclass(frozen=True, slots=True)
class OdsSheet:
    """Where the rows of a sheet are.

    Attributes:
        readers: the last one to have read the sheet, alone.
    """

    path: Path
    limits: Limits
    name: str
    readers: list[TableReader] = field(default_factory=list)

    def blocks(self) -> Generator[Block, None, None]:
        """All rows with contents.

        Raises:
            SourceError: the file is broken, or passes a limit.
        """
        reader = TableReader(self.name, self.limits)
        self.readers[:] = [reader]
        with (
            Package(self.path, self.limits) as package,
            package.translated(f"the part {_CONTENT}"),
            closing(package.chunks(_CONTENT)) as chunks,
        ):
            yield from blocks_of(reader.rows(chunks))


def open_ods(path: Path, digest: str, options: ReadingOptions) -> SheetTable:
    """Look through a whole sheet of a spreadsheet.

    Raises:
        SourceError: the file is no spreadsheet, is broken, or must not be sent without the
            user's word on its hidden rows.
    """
    with Package(path, options.limits) as package:
        _check_unprotected(package)
        tables = _tables(package)
        name = _chosen(package, tables, options.sheet)
    sheet = OdsSheet(path, options.limits, name)
    outline = look_through(sheet, options.header_row, options.limits)
    (reader,) = sheet.readers
    merges = merges_below(reader.merges, outline.header_row)
    others = [other for other, has_data in tables.items() if has_data and other != name]
    source = Source(
        path=path.absolute(),
        format=FileFormat.ODS,
        digest=digest,
        columns=labels(outline.header, outline.width),
        leads=outline.leads_under(options.hidden),
        header_row=outline.header_row,
        sheet=name,
        notes=(
            *other_sheets(name, others),
            *outline.decisions(merges, reader.hidden_columns, options.hidden),
        ),
    )
    return SheetTable(source, sheet, merges, options.hidden)


def _tables(package: Package) -> dict[str, bool]:
    """Names of the sheets, and whether each has any contents."""
    reader = TableReader(None, package.limits)
    with package.translated(f"the part {_CONTENT}"), closing(package.chunks(_CONTENT)) as chunks:
        for _ in reader.rows(chunks):
            pass
    return reader.tables


def _chosen(package: Package, tables: dict[str, bool], name: str | None) -> str:
    if not tables:
        raise package.refused("it has no sheet")
    if name is None:
        active = _active(package)
        return active if active in tables else next(iter(tables))
    if name not in tables:
        raise unknown_sheet(name, list(tables))
    return name


def _active(package: Package) -> str | None:
    """Name of the sheet that was in front when the file was saved."""
    if not package.has(_SETTINGS):
        return None
    match = _ACTIVE.search(b"".join(package.chunks(_SETTINGS)))
    return unescaped(match[1].decode("utf-8", "replace")) if match else None


def _check_unprotected(package: Package) -> None:
    is_protected = False

    def on_start(name: str, _attributes: dict[str, str], _around: list[str]) -> None:
        nonlocal is_protected
        is_protected = is_protected or name == "encryption-data"

    if package.has(_MANIFEST):
        package.walk(_MANIFEST, on_start)
    if is_protected:
        raise package.refused(
            "it is protected with a password",
            "Open it in a spreadsheet program, take the password off, and save it.",
        )
