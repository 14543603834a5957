"""A workbook is copied part by part, and some cells of one of its sheets hold another text."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from bulk_loader.spreadsheets.package import Package
from bulk_loader.spreadsheets.references import MAX_COLUMNS
from bulk_loader.spreadsheets.xlsx.edit.calc_chain import find_calc_chain, without_calc_chain
from bulk_loader.spreadsheets.xlsx.edit.copying import COMPRESSION_LEVEL, LARGE_BYTES
from bulk_loader.spreadsheets.xlsx.edit.first_sheet import relations_of_book
from bulk_loader.spreadsheets.xlsx.edit.looks import with_text_formats
from bulk_loader.spreadsheets.xlsx.edit.note_links import CONTENT_TYPES
from bulk_loader.spreadsheets.xlsx.edit.parts import certainly, find_parts, read_part
from bulk_loader.spreadsheets.xlsx.edit.sheet_part import SheetPart
from bulk_loader.spreadsheets.xlsx.edit.sheet_use import use_of
from bulk_loader.spreadsheets.xlsx.edit.single_cells import (
    has_formula,
    standing_cells,
    style_of,
    with_texts,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from bulk_loader.spreadsheets.limits import Limits
    from bulk_loader.spreadsheets.xlsx.edit.parts import Parts
    from bulk_loader.spreadsheets.xlsx.edit.single_cells import CellMarkup, NewTexts

# The last column, of which nothing is asked: only the sheet as a whole is looked through.
_BEYOND = MAX_COLUMNS - 1


def write_with_texts(
    path: Path, sheet: str, texts: NewTexts, file: BinaryIO, limits: Limits
) -> None:
    """Copy a workbook with other texts in some cells of a sheet.

    Each of these cells keeps its look, and is for text from then on, so that a spreadsheet program
    neither computes nor shortens it. All other cells, and all other parts but the order of the
    computing, are those of the workbook; so is which sheet is in front.

    Args:
        texts: one at least; of rows that the sheet lists.
        limits: on what the parts unpack to.

    Raises:
        UneditableError: it can't be done with certainty.
        SharedFormulaError: other cells have their formula from one of these.
    """
    with certainly():
        package = Package(path, limits)
    with package:
        parts = find_parts(package, sheet)
        with _pass(package, parts) as part:
            use_of(part, min(texts), _BEYOND, (_BEYOND,))
        with _pass(package, parts) as part:
            standing = standing_cells(part, texts)
        changed, styles = _formatted(package, parts, texts, standing)
        dropped = ""
        if any(map(has_formula, standing.values())):
            dropped = _drop_calc_chain(package, parts, changed)
        with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=COMPRESSION_LEVEL) as target:
            for entry in package.entries:
                name = entry.filename
                if name in changed:
                    target.writestr(name, changed[name])
                elif name == parts.sheet:
                    with _pass(package, parts) as part:
                        _write(target, package, name, with_texts(part, texts, styles))
                elif name.lower() != dropped and not entry.is_dir():
                    with certainly(), closing(package.chunks(name)) as chunks:
                        _write(target, package, name, chunks)


@contextmanager
def _pass(package: Package, parts: Parts) -> Iterator[SheetPart]:
    """One pass over the sheet, with a budget of its own, as it has when it is read."""
    with (
        certainly(),
        Package(package.path, package.limits) as opened,
        closing(opened.chunks(parts.sheet)) as chunks,
    ):
        yield SheetPart(chunks)


def _formatted(
    package: Package, parts: Parts, texts: NewTexts, standing: CellMarkup
) -> tuple[dict[str, bytes], Mapping[tuple[int, int], int]]:
    """The parts that change for it, and the cell formats of the new cells."""
    places = [(row, position) for row, of_row in texts.items() for position in of_row]
    kept = {place: style_of(standing.get(place, b"")) for place in places}
    styles, numbers = with_text_formats(read_part(package, parts.styles), kept.values())
    return {parts.styles: styles}, {place: numbers[style] for place, style in kept.items()}


def _drop_calc_chain(package: Package, parts: Parts, changed: dict[str, bytes]) -> str:
    """Name of the part that goes, in small letters; "" for none."""
    with certainly():
        chain = find_calc_chain(package.references(parts.workbook))
    if chain is None:
        return ""
    names = relations_of_book(parts.workbook), CONTENT_TYPES
    relations, types = (read_part(package, name) for name in names)
    without = without_calc_chain(relations, types, chain)
    changed.update(zip(names, without, strict=True))
    return chain.part.lower()


def _write(target: ZipFile, package: Package, name: str, blocks: Iterable[bytes]) -> None:
    with target.open(name, "w", force_zip64=package.size(name) > LARGE_BYTES) as part:
        for block in blocks:
            part.write(block)
