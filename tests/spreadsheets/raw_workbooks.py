"""Excel workbooks written part by part, so that a test can put anything into them."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELATIONS = "application/vnd.openxmlformats-package.relationships+xml"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class RawWorkbook:
    """A workbook with one sheet, `Leads`, and whatever else is asked for.

    Attributes:
        rows: the markup inside `sheetData`.
        formats: codes of number formats; style 1 has the first one, style 2 the second.
        strings: shared texts; markup where it begins with `<`.
        before: markup of the sheet before its rows; `after`: behind them.
        workbook: markup of the workbook part behind its sheets; `properties`: before them.
        replaced: parts by name, instead of the usual ones; None leaves a part out.
    """

    rows: str
    formats: Sequence[str] = ()
    strings: Sequence[str] = ()
    before: str = ""
    after: str = ""
    properties: str = ""
    workbook: str = ""
    sheets: Sequence[str] = ("Leads",)
    replaced: Mapping[str, str | bytes | None] = field(default_factory=dict)

    def write(self, path: Path) -> Path:
        """Write it, always with the same bytes."""
        parts = {**self._parts(), **self.replaced}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                if content is not None:
                    entry = zipfile.ZipInfo(name, _LONG_AGO)
                    entry.compress_type = zipfile.ZIP_DEFLATED
                    archive.writestr(entry, content)
        return path

    def _parts(self) -> dict[str, str | bytes]:
        kinds = ["styles", "sharedStrings", *["worksheet" for _ in self.sheets]]
        names = ["styles.xml", "sharedStrings.xml"]
        names += [f"worksheets/sheet{at}.xml" for at, _ in enumerate(self.sheets, 1)]
        links = "".join(
            f'<Relationship Id="r{at}" Type="{_OFFICE}/{kind}" Target="{name}"/>'
            for at, (kind, name) in enumerate(zip(kinds, names, strict=True))
        )
        listed = "".join(
            f'<sheet name={quoteattr(name)} sheetId="{at}" r:id="r{at + 1}"/>'
            for at, name in enumerate(self.sheets, 1)
        )
        formats = "".join(
            f'<numFmt numFmtId="{at}" formatCode={quoteattr(code)}/>'
            for at, code in enumerate(self.formats, 170)
        )
        styles = "".join(f'<xf numFmtId="{at}"/>' for at in range(170, 170 + len(self.formats)))
        items = "".join(
            text if text.startswith("<") else f'<si><t xml:space="preserve">{escape(text)}</t></si>'
            for text in self.strings
        )
        types = "".join(
            f'<Override PartName="/xl/{name}" ContentType="{_KIND}.{kind}+xml"/>'
            for kind, name in zip(kinds, names, strict=True)
        )
        return {
            "[Content_Types].xml": (
                '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
                '<Default Extension="xml" ContentType="application/xml"/>'
                f'<Default Extension="rels" ContentType="{_RELATIONS}"/>'
                f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
                f"{types}</Types>"
            ),
            "_rels/.rels": (
                f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" '
                f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
            ),
            "xl/workbook.xml": (
                f'{_DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}">{self.properties}'
                f"<sheets>{listed}</sheets>{self.workbook}</workbook>"
            ),
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{links}</Relationships>',
            "xl/styles.xml": (
                f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts>'
                f'<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>'
                f'<cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>'
            ),
            "xl/sharedStrings.xml": f'{_DECLARATION}<sst xmlns="{MAIN}">{items}</sst>',
            "xl/worksheets/sheet1.xml": sheet(self.rows, self.before, self.after),
            **{f"xl/worksheets/sheet{at}.xml": sheet("") for at in range(2, len(self.sheets) + 1)},
        }


def sheet(rows: str, before: str = "", after: str = "") -> str:
    """The part of a sheet."""
    return (
        f'{_DECLARATION}<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>'
        f"{after}</worksheet>"
    )


def row(number: int, *cells: str, attributes: str = "") -> str:
    """A row; a cell is markup, or else text that is put inside."""
    markup = "".join(
        cell if cell.startswith("<") else text(f"{chr(ord('A') + at)}{number}", cell)
        for at, cell in enumerate(cells)
    )
    return f'<row r="{number}"{attributes}>{markup}</row>'


def text(reference: str, value: str) -> str:
    """A cell with its text inside."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def number(reference: str, value: str | float, style: int = 0) -> str:
    """A cell with a number."""
    return f'<c r="{reference}" s="{style}"><v>{value}</v></c>'
