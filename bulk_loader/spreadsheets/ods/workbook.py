"""OpenDocument spreadsheets (.ods), streamed from their own XML: every cell as it was shown."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from bulk_loader.model import FileFormat
from bulk_loader.spreadsheets.blocks import blocks_of
from bulk_loader.spreadsheets.ods.flat import opened
from bulk_loader.spreadsheets.ods.rows import TableReader
from bulk_loader.spreadsheets.workbooks import unknown_sheet

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from pathlib import Path

    from bulk_loader.spreadsheets.blocks import Block
    from bulk_loader.spreadsheets.limits import Limits
    from bulk_loader.spreadsheets.package import Parts
    from bulk_loader.spreadsheets.workbooks import Sheet

_CONTENT = "content.xml"
_SETTINGS = "settings.xml"
_LONGEST_NAME = 10_000  # characters of a sheet's; programs allow far fewer
_MANIFEST = "META-INF/manifest.xml"


@dataclass(slots=True)
class OdsSheet:
    """Where the rows of a sheet are."""

    path: Path
    limits: Limits
    name: str
    _reader: TableReader | None = None

    def blocks(self) -> Generator[Block, None, None]:
        """All rows with contents."""
        with (
            opened(self.path, self.limits) as package,
            package.translated(_CONTENT),
            closing(package.chunks(_CONTENT)) as chunks,
        ):
            self._reader = reader = TableReader(self.name, package.spender)
            yield from blocks_of(reader.rows(chunks))

    @property
    def merges(self) -> Sequence[str]:
        """References of merged cells."""
        return self._reader.merges if self._reader else ()

    @property
    def hidden_columns(self) -> Sequence[int]:
        """Positions of hidden columns."""
        return self._reader.hidden_columns.positions if self._reader else ()


@dataclass(frozen=True, slots=True)
class OdsWorkbook:
    """A spreadsheet whose tables are known.

    Attributes:
        tables: whether each has any contents, by name.
        active: the one that was in front when the file was saved.
    """

    path: Path
    limits: Limits
    tables: Mapping[str, bool]
    active: str
    format: FileFormat = FileFormat.ODS
    notes: tuple[str, ...] = ()

    @classmethod
    def open(cls, path: Path, limits: Limits) -> Self:
        """Look through all tables.

        Raises:
            SourceError: the file is no spreadsheet, is protected, or broken.
        """
        with opened(path, limits) as package:
            _check_unprotected(package)
            tables = _tables(package)
            if not tables:
                raise package.refused("it has no sheet")
            active = _active(package)
        return cls(path, limits, tables, active if active in tables else next(iter(tables)))

    def sheet(self, name: str | None) -> OdsSheet:
        """The sheet of that name, else the active one."""
        if name is not None and name not in self.tables:
            raise unknown_sheet(name, list(self.tables))
        return OdsSheet(self.path, self.limits, name or self.active)

    def others(self, sheet: Sheet) -> list[str]:
        """Names of the other sheets with any contents."""
        return [name for name, has_data in self.tables.items() if has_data and name != sheet.name]


def _tables(package: Parts) -> dict[str, bool]:
    """Names of the sheets, and whether each has any contents."""
    reader = TableReader(None, package.spender)
    with package.translated(_CONTENT), closing(package.chunks(_CONTENT)) as chunks:
        for _ in reader.rows(chunks):
            pass
    return reader.tables


def _active(package: Parts) -> str | None:
    """Name of the sheet that was in front when the file was saved."""
    if not package.has(_SETTINGS):
        return None
    names: list[str] = []
    is_name = False

    def on_start(_name: str, attributes: dict[str, str], _around: list[str]) -> None:
        nonlocal is_name
        is_name = not names and attributes.get("config:name") == "ActiveTable"

    def on_text(text: str, around: list[str]) -> None:
        if is_name and around[-1:] == ["config-item"] and sum(map(len, names)) < _LONGEST_NAME:
            names.append(text)

    package.walk(_SETTINGS, on_start, on_text)
    return "".join(names) or None


def _check_unprotected(package: Parts) -> None:
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
